import type { Verdict } from "../matrix";
import type { Direction } from "../flow";
import type { Explanation } from "../messages";

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
    /** UNREACHABLE, when an end has several members: how many pairs of them cannot connect. `path` is that of one of these. */
    readonly pairs?: { readonly unreachable: number; readonly all: number };
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
