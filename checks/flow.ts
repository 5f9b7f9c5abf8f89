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

/** Out of, or into, the interface or subnet that a rule belongs to, as AWS says it. */
export type Direction = "egress" | "ingress";

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

/** A connection from a security group to another one, or to a service. */
export interface GroupFlow {
    /** The group of the client. */
    readonly sourceGroupId: string;
    /** A group of the same VPC, or a service: the short name of one with a gateway endpoint, or "internet". */
    readonly destination: { readonly securityGroupId: string } | { readonly service: string };
    readonly protocol: "tcp" | "udp";
    readonly ports: PortRange;
}

/** A {@link GroupFlow} that is meant to be possible, under a name for the answer. */
export interface NamedGroupFlow extends GroupFlow {
    readonly id: string;
}

/** A flow that the program declares: it creates the rules for it, and a repair may create the same rules again. */
export interface FlowIntent extends GroupFlow {
    /** The name of the client's role, for people: "broker". */
    readonly from: string;
    /** The name of the role or service that the client connects to: "zookeeper", "s3". */
    readonly to: string;
    /** The description of both rules. A repair's rule has the same one, so that Pulumi finds it as its own. */
    readonly description: string;
}

/** The flow's name for people, unique in a network: "broker to zookeeper tcp 2181". */
export function flowId({ from, to, protocol, ports }: FlowIntent): string {
    return `${from} to ${to} ${protocol} ${rangeText(ports)}`;
}

export function withFlowId(flow: FlowIntent): FlowIntent & NamedGroupFlow {
    return { ...flow, id: flowId(flow) };
}

/** "443", "8192-65535" */
export function rangeText({ from, to }: PortRange): string {
    return from === to ? String(from) : `${from}-${to}`;
}
