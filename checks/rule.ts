import { type Direction, type FlowIntent, type PortRange, rangeText } from "./flow";

/** A rule of a security group as the program writes it: by its content, which is what Pulumi finds it again by. */
export interface GroupRule {
    direction: Direction;
    /** The group that has the rule. */
    groupId: string;
    /** "tcp", "udp", "-1" or a protocol's number, as DescribeSecurityGroups has it. */
    protocol: string;
    /** Absent where the protocol has no ports. */
    ports?: PortRange;
    peer: RulePeer;
    description?: string;
}

/** Whom a rule admits. */
export type RulePeer =
    { securityGroupId: string } | { prefixListId: string } | { cidr: string } | { ipv6Cidr: string };

/** The whole internet, as a rule names it. */
export const EVERYWHERE = "0.0.0.0/0";

/** The name of AWS's own list of the addresses of a service with a gateway endpoint. */
export function prefixListName(region: string, service: string): string {
    return `com.amazonaws.${region}.${service}`;
}

/**
 * The rules that a flow is made of: out of its source, and into its destination when that is a group.
 *
 * @param prefixListId Finds the prefix list of a service; nothing when there is none.
 */
export function rulesOf(
    flow: FlowIntent,
    prefixListId: (service: string) => string | undefined,
): { egress?: GroupRule; ingress?: GroupRule } {
    const { sourceGroupId, destination, protocol, ports, description } = flow;
    const common = { protocol, ports, description };
    const egress = (peer: RulePeer): GroupRule => ({
        direction: "egress",
        groupId: sourceGroupId,
        ...common,
        peer,
    });
    if ("securityGroupId" in destination)
        return {
            egress: egress(destination),
            ingress: {
                direction: "ingress",
                groupId: destination.securityGroupId,
                ...common,
                peer: { securityGroupId: sourceGroupId },
            },
        };
    if (destination.service === "internet") return { egress: egress({ cidr: EVERYWHERE }) };
    const list = prefixListId(destination.service);
    return list === undefined ? {} : { egress: egress({ prefixListId: list }) };
}

/** The peer as people and the AWS CLI name it. */
export function peerText(peer: RulePeer): string {
    if ("securityGroupId" in peer) return peer.securityGroupId;
    if ("prefixListId" in peer) return peer.prefixListId;
    return "cidr" in peer ? peer.cidr : peer.ipv6Cidr;
}

/** "TCP 443", "TCP 8192-65535", "all traffic". */
export function portsText({ protocol, ports }: Pick<GroupRule, "protocol" | "ports">): string {
    if (protocol === "-1") return "all traffic";
    const name = { "6": "TCP", "17": "UDP" }[protocol] ?? protocol.toUpperCase();
    if (ports === undefined) return name;
    return `${name} ${rangeText(ports)}`;
}

/** The rule as the AWS CLI takes it after `--ip-permissions`. */
export function permissionText({ protocol, ports, peer }: GroupRule): string {
    const port = ports === undefined ? "" : `,FromPort=${ports.from},ToPort=${ports.to}`;
    return `IpProtocol=${protocol}${port},${cliPeer(peer)}`;
}

function cliPeer(peer: RulePeer): string {
    if ("securityGroupId" in peer) return `UserIdGroupPairs=[{GroupId=${peer.securityGroupId}}]`;
    if ("prefixListId" in peer) return `PrefixListIds=[{PrefixListId=${peer.prefixListId}}]`;
    return "cidr" in peer ? `IpRanges=[{CidrIp=${peer.cidr}}]` : `Ipv6Ranges=[{CidrIpv6=${peer.ipv6Cidr}}]`;
}
