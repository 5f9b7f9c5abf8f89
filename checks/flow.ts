/** A connection to be judged: who opens it, to whom, on which port. */

/**
 * One end of a flow. A subnet stands for each address in it, a security group for each network interface that carries it, and
 * a service for what answers under its name: an AWS service by its short name ("ssm", "s3"), or "internet".
 */
export type FlowEnd =
    | { readonly eni: string }
    | { readonly instance: string }
    | { readonly subnet: string }
    | { readonly securityGroup: string }
    | { readonly ip: string }
    | { readonly service: string };

/** "icmp" has no ports. */
export type FlowProtocol = "tcp" | "udp" | "icmp";

/** Ports from `from` to `to`, both included. */
export interface PortRange {
    readonly from: number;
    readonly to: number;
}

/** A flow to be judged, whether it is intended or not. */
export interface Flow {
    /** Names the flow in the answer. */
    readonly id: string;
    readonly source: FlowEnd;
    readonly destination: FlowEnd;
    readonly protocol: FlowProtocol;
    /** The destination's port or ports, all of which must be reachable; absent for ICMP. */
    readonly port?: number | PortRange;
}

/** A flow that is meant to be possible: the program made the rules for it, and a repair may make them again. */
export interface FlowIntent {
    /** Unique in a network, and readable: "broker to zookeeper tcp 2181". */
    readonly id: string;
    /** The group of whoever opens the connection. */
    readonly sourceGroupId: string;
    /** A group of the same VPC, or a service: the short name of one with a gateway endpoint, or "internet". */
    readonly destination: { readonly securityGroupId: string } | { readonly service: string };
    readonly protocol: "tcp" | "udp";
    readonly ports: PortRange;
    /** The description of both rules, the program's and a repair's alike, so that either is the other's. */
    readonly description: string;
}
