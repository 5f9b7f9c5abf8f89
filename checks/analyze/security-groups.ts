import type { IpPermission, SecurityGroupRule } from "@aws-sdk/client-ec2";

import { type Block, contains, cut, type IpRange, parseBlock, subtract } from "../../lib/addresses/ip";
import type { Direction } from "../flow";
import type { Snapshot } from "../snapshot/types";
import { prefixListBlocks, readPrefixLists } from "./routes";
import type { SemanticRule } from "./semantics";
import { isIcmp, protocolNumber, type Traffic } from "./traffic";

/** One rule of a security group: a protocol, ports, and one kind of peer. */
export interface CompiledRule {
    /** The id of the security group rule; without one, where the rule stands in the group's permissions. */
    readonly id: string;
    /** IANA's number, or -1 for all. */
    readonly protocol: number;
    /** The first and last port; for ICMP type and code, -1 for all. */
    readonly from: number;
    readonly to: number;
    /** The peers by address; empty for a reference. */
    readonly blocks: readonly Block[];
    /** The referenced group. */
    readonly reference?: string;
    /** A prefix list whose entries the snapshot lacks: whom the rule admits is not known. */
    readonly unreadPrefixList?: string;
}

export interface Group {
    readonly id: string;
    readonly ingress: readonly CompiledRule[];
    readonly egress: readonly CompiledRule[];
}

/** The other end as the groups see it. */
export interface Peer {
    readonly ranges: readonly IpRange[];
    /** Its groups; empty for what no reference can mean. */
    readonly groups: readonly string[];
    /** Its groups are not known: it is in a network that the snapshot does not have. */
    readonly mayHave?: (groupId: string) => boolean;
}

export type Admission =
    | { readonly admitted: true; readonly groupId: string; readonly rule: string }
    | {
          readonly admitted: false;
          readonly hasRules: boolean;
          /** Prefix lists and groups by which a rule may admit the traffic after all. */
          readonly unread: readonly string[];
      };

type Follows = (rule: SemanticRule) => boolean;

/**
 * The rules of all groups. DescribeSecurityGroups repeats what DescribeSecurityGroupRules lists, and a snapshot may have
 * either or both: the rules are the union. Rules add up, so that one that is there twice counts as one.
 */
export function compileGroups(snapshot: Snapshot): Map<string, Group> {
    const groups = new Map<string, { id: string; ingress: CompiledRule[]; egress: CompiledRule[] }>();
    const groupOf = (id: string) => {
        const known = groups.get(id) ?? { id, ingress: [], egress: [] };
        groups.set(id, known);
        return known;
    };
    const read = readPrefixLists(snapshot);
    for (const rule of snapshot.SecurityGroupRules ?? []) {
        if (rule.GroupId === undefined) continue;
        const own = groupOf(rule.GroupId)[rule.IsEgress === true ? "egress" : "ingress"];
        own.push(fromRule(snapshot, rule, read));
    }
    for (const { GroupId, IpPermissions, IpPermissionsEgress } of snapshot.SecurityGroups ?? []) {
        if (GroupId === undefined) continue;
        const group = groupOf(GroupId);
        const add = (rules: CompiledRule[], permissions: readonly IpPermission[] | undefined, name: string) =>
            permissions?.forEach((permission, index) =>
                rules.push(...fromPermission(snapshot, permission, `${name}[${index}]`, read)),
            );
        add(group.ingress, IpPermissions, "IpPermissions");
        add(group.egress, IpPermissionsEgress, "IpPermissionsEgress");
    }
    return groups;
}

function fromRule(
    snapshot: Snapshot,
    rule: SecurityGroupRule,
    read: ReadonlySet<string | undefined>,
): CompiledRule {
    const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo } = rule;
    const isUnread = PrefixListId !== undefined && !read.has(PrefixListId);
    const written = CidrIpv4 ?? CidrIpv6;
    const listed = PrefixListId === undefined ? [] : prefixListBlocks(snapshot, PrefixListId);
    return {
        id: rule.SecurityGroupRuleId ?? "unnamed rule",
        ...portsOf(rule.IpProtocol, rule.FromPort, rule.ToPort),
        blocks: written === undefined ? listed : [parseBlock(written), ...listed],
        ...(ReferencedGroupInfo?.GroupId === undefined ? {} : { reference: ReferencedGroupInfo.GroupId }),
        ...(isUnread ? { unreadPrefixList: PrefixListId } : {}),
    };
}

function fromPermission(
    snapshot: Snapshot,
    permission: IpPermission,
    id: string,
    read: ReadonlySet<string | undefined>,
): CompiledRule[] {
    const common = { id, ...portsOf(permission.IpProtocol, permission.FromPort, permission.ToPort) };
    const blocks = [
        ...(permission.IpRanges ?? []).flatMap(({ CidrIp }) =>
            CidrIp === undefined ? [] : [parseBlock(CidrIp)],
        ),
        ...(permission.Ipv6Ranges ?? []).flatMap(({ CidrIpv6 }) =>
            CidrIpv6 === undefined ? [] : [parseBlock(CidrIpv6)],
        ),
        ...(permission.PrefixListIds ?? []).flatMap(({ PrefixListId }) =>
            PrefixListId === undefined ? [] : prefixListBlocks(snapshot, PrefixListId),
        ),
    ];
    const unread = (permission.PrefixListIds ?? []).flatMap(({ PrefixListId }) =>
        PrefixListId === undefined || read.has(PrefixListId) ? [] : PrefixListId,
    );
    const references = (permission.UserIdGroupPairs ?? []).flatMap(({ GroupId }) => GroupId ?? []);
    return [
        ...(blocks.length === 0 ? [] : [{ ...common, blocks }]),
        ...references.map((reference) => ({ ...common, blocks: [], reference })),
        ...unread.map((unreadPrefixList) => ({ ...common, blocks: [], unreadPrefixList })),
    ];
}

function portsOf(protocolText: string | undefined, from: number | undefined, to: number | undefined) {
    const protocol = protocolNumber(protocolText);
    // Ports have a meaning for TCP, UDP and ICMP only; "-1" and all others are whole protocols.
    const hasPorts = protocol === 6 || protocol === 17;
    if (isIcmp(protocol)) return { protocol, from: from ?? -1, to: to ?? -1 };
    if (!hasPorts || from === undefined || from === -1) return { protocol, from: 0, to: 65_535 };
    return { protocol, from, to: to ?? from };
}

/**
 * Whether the groups on one interface admit the traffic, for all of the peer's addresses and all ports. Groups only allow;
 * their rules add up over all groups.
 */
export function admission(
    groups: readonly Group[],
    direction: Direction,
    traffic: Traffic,
    peer: Peer,
    follows: Follows,
): Admission {
    const counted = follows("sg-union-over-groups") ? groups : groups.slice(0, 1);
    let hasRules = false;
    let first: { groupId: string; rule: string } | undefined;
    const matching: CompiledRule[] = [];
    const unread = new Set<string>();
    for (const group of counted)
        for (const rule of group[direction]) {
            hasRules = true;
            if (!concerns(rule, traffic, follows)) continue;
            for (const id of unreadBy(rule, peer)) unread.add(id);
            if (!admitsSome(rule, peer, follows)) continue;
            if (coversPorts(rule, traffic) && coversPeer([rule], peer, follows))
                return { admitted: true, groupId: group.id, rule: rule.id };
            first ??= { groupId: group.id, rule: rule.id };
            matching.push(rule);
        }
    const refused = { admitted: false as const, hasRules, unread: [...unread] };
    if (first === undefined || !follows("sg-union-over-rules")) return refused;
    const all = portPieces(matching, traffic).every((piece) =>
        coversPeer(
            matching.filter((rule) => coversPorts(rule, piece)),
            peer,
            follows,
        ),
    );
    return all ? { admitted: true, ...first } : refused;
}

function concerns(rule: CompiledRule, traffic: Traffic, follows: Follows): boolean {
    if (rule.protocol === -1) return true;
    if (rule.protocol !== traffic.protocol && follows("sg-protocol-before-ports")) return false;
    if (isIcmp(rule.protocol)) return isIcmpType(rule, traffic);
    return rule.from <= traffic.to && traffic.from <= rule.to;
}

/** Type -1 is every type. The request's code is 0. */
function isIcmpType(rule: CompiledRule, traffic: Traffic): boolean {
    return rule.from === -1 || (rule.from === traffic.from && (rule.to === -1 || rule.to === 0));
}

function coversPorts(rule: CompiledRule, { from, to }: { from: number; to: number }): boolean {
    return isIcmp(rule.protocol) || (rule.from <= from && to <= rule.to);
}

/** What the rule admits by, and the snapshot does not tell: entries of a prefix list, members of a group elsewhere. */
function unreadBy({ unreadPrefixList, reference }: CompiledRule, { mayHave }: Peer): string[] {
    const isReference = reference !== undefined && mayHave?.(reference) === true;
    return [
        ...(unreadPrefixList === undefined ? [] : [unreadPrefixList]),
        ...(isReference ? [reference] : []),
    ];
}

function admitsSome(rule: CompiledRule, peer: Peer, follows: Follows): boolean {
    return rule.blocks.length > 0 || isMember(rule, peer, follows);
}

function isMember({ reference }: CompiledRule, { groups }: Peer, follows: Follows): boolean {
    return reference !== undefined && (groups.includes(reference) || !follows("sg-reference-by-membership"));
}

function coversPeer(rules: readonly CompiledRule[], peer: Peer, follows: Follows): boolean {
    if (rules.some((rule) => isMember(rule, peer, follows))) return true;
    const blocks = rules.length === 1 ? (rules[0]?.blocks ?? []) : rules.flatMap((rule) => rule.blocks);
    // A peer of no known address is none that a rule by address is known to admit.
    if (peer.ranges.length === 0) return false;
    return peer.ranges.every(
        (range) =>
            blocks.some((block) => contains(block, range)) ||
            (blocks.length > 1 && subtract(range, blocks).length === 0) ||
            // Without this rule an IPv6 peer would pass by any IPv4 rule.
            (!follows("families-are-independent") && blocks.some((block) => block.family !== range.family)),
    );
}

function portPieces(rules: readonly CompiledRule[], { from, to }: Traffic): { from: number; to: number }[] {
    const ports = (first: number, last: number): IpRange => ({ family: 4, first, last });
    return cut(
        ports(from, to),
        rules.map((rule) => ports(rule.from, rule.to)),
    ).map(({ first, last }) => ({ from: Number(first), to: Number(last) }));
}
