import type { IpPermission, SecurityGroup } from "@aws-sdk/client-ec2";

import type { PortRange } from "../flow";
import { type Cidr, coverRange, parseCidr, rangeOf } from "../net/ipv4";
import type { Snapshot } from "../snapshot/types";
import { prefixListCidrs } from "../analyze/routes";

/** The other end of a connection, as a security group sees it. */
export interface Peer {
    /** The groups that the peer's network interface carries. */
    securityGroupIds: readonly string[];
    /** Where its private addresses lie: rules by address must cover all of it. Empty: no rule by address counts. */
    cidrs: readonly Cidr[];
}

export interface PortUse {
    protocol: "tcp" | "udp";
    ports: PortRange;
}

export function securityGroupById(snapshot: Snapshot, groupId: string): SecurityGroup | undefined {
    return snapshot.SecurityGroups?.find((group) => group.GroupId === groupId);
}

/**
 * Whether the groups on one network interface admit a connection, in or out. Groups only allow, and their rules add up, so
 * that one rule of one group is enough. Replies need no rule. Judged by the groups' IpPermissions, which repeat all rules.
 */
export function groupsAdmit(
    snapshot: Snapshot,
    groupIds: readonly string[],
    direction: "ingress" | "egress",
    peer: Peer,
    use: PortUse,
): boolean {
    const rules = groupIds.flatMap((groupId) => {
        const group = securityGroupById(snapshot, groupId);
        return (direction === "ingress" ? group?.IpPermissions : group?.IpPermissionsEgress) ?? [];
    });
    // Between two ports where any rule begins or ends all are alike, so that one answers for all of them.
    const begins = rules.flatMap((rule) => [rule.FromPort ?? 0, (rule.ToPort ?? 65_535) + 1]);
    const inside = begins.filter((port) => port > use.ports.from && port <= use.ports.to);
    return [use.ports.from, ...new Set(inside)].every((port) =>
        rulesAdmit(
            snapshot,
            rules.filter((rule) => coversPort(rule, use.protocol, port)),
            peer,
        ),
    );
}

function rulesAdmit(snapshot: Snapshot, rules: readonly IpPermission[], peer: Peer): boolean {
    const byReference = rules.some((rule) =>
        rule.UserIdGroupPairs?.some(
            ({ GroupId }) => GroupId !== undefined && peer.securityGroupIds.includes(GroupId),
        ),
    );
    if (byReference) return true;
    const blocks = rules.flatMap((rule) => ruleCidrs(snapshot, rule));
    return peer.cidrs.length > 0 && peer.cidrs.every((cidr) => coverRange(blocks, rangeOf(cidr)));
}

/** The protocol is matched before the ports; "-1" is every protocol on every port. */
function coversPort(rule: IpPermission, protocol: "tcp" | "udp", port: number): boolean {
    if (rule.IpProtocol === "-1") return true;
    const number = protocol === "tcp" ? "6" : "17";
    if (rule.IpProtocol !== protocol && rule.IpProtocol !== number) return false;
    const from = rule.FromPort ?? 0;
    const to = rule.ToPort ?? 65_535;
    return from <= port && port <= to;
}

function ruleCidrs(snapshot: Snapshot, rule: IpPermission): Cidr[] {
    const written = (rule.IpRanges ?? []).flatMap(({ CidrIp }) =>
        CidrIp === undefined ? [] : [parseCidr(CidrIp)],
    );
    const listed = (rule.PrefixListIds ?? []).flatMap(({ PrefixListId }) =>
        PrefixListId === undefined ? [] : prefixListCidrs(snapshot, PrefixListId),
    );
    return [...written, ...listed];
}
