import type { Verdict } from "../matrix";
import type { ExplanationCode } from "./explanations";

/** The answer to one flow. */
export interface FlowVerdict {
    /** The flow's id. */
    readonly id: string;
    readonly verdict: Verdict;
    /** The components on the way, the source first, up to the one that drops or delivers. */
    readonly path: readonly Hop[];
    /**
     * UNREACHABLE: every setting that stands in the way for certain, then what could not be decided. With all of them changed, the
     * flow passes. UNKNOWN: what could not be decided, then what may stand in the way. REACHABLE: none.
     */
    readonly explanations: readonly Explanation[];
    /** What does not stop the flow, but costs money, fails sooner or works otherwise than meant. */
    readonly warnings: readonly Explanation[];
    /** UNKNOWN: why. UNREACHABLE, when an end has several members: how many pairs fail, and one of them. */
    readonly reason?: string;
}

export type HopType =
    | "network-interface"
    | "security-group"
    | "network-acl"
    | "subnet"
    | "route-table"
    | "internet-gateway"
    | "egress-only-internet-gateway"
    | "nat-gateway"
    | "vpc-endpoint"
    | "vpc-peering-connection"
    | "address";

/** One component on the way, and the rule of it that let the flow pass. */
export interface Hop {
    readonly component: string;
    readonly type: HopType;
    readonly direction?: Direction;
    readonly rule?: string | number;
}

/** Out of, or into, the interface or subnet that the rule belongs to, as AWS says it. */
export type Direction = "egress" | "ingress";

export interface Explanation {
    readonly code: ExplanationCode;
    /** Id of the resource whose setting it is. */
    readonly component: string;
    readonly direction?: Direction;
    /** "return" when it is the answer that is stopped; `direction` then is the answer's. Absent on the way there. */
    readonly leg?: "return";
    /** The rule's number, the security group rule's id, or the route's destination. */
    readonly rule?: string | number;
    /** Other resources that take part, such as the interface that carries the group. */
    readonly related?: readonly string[];
    /** A sentence for people. */
    readonly message: string;
}
