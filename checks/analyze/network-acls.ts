import type { NetworkAcl, NetworkAclEntry } from "@aws-sdk/client-ec2";

import { type Block, contains, cut, type IpRange, overlaps, parseBlock } from "../../lib/addresses/ip";
import type { Direction } from "../flow";
import type { Snapshot } from "../snapshot/types";
import type { SemanticRule } from "./semantics";
import { isIcmp, protocolNumber, type Traffic } from "./traffic";

/** One entry of a network ACL. */
export interface CompiledEntry {
    readonly number: number;
    readonly allows: boolean;
    /** IANA's number, or -1 for all. */
    readonly protocol: number;
    readonly from: number;
    readonly to: number;
    /** ICMP's type and code, -1 for all. */
    readonly icmp: { readonly type: number; readonly code: number };
    readonly block: Block;
}

/** A network ACL, its entries in the order in which they are looked at. */
export interface Acl {
    readonly id: string;
    readonly ingress: readonly CompiledEntry[];
    readonly egress: readonly CompiledEntry[];
}

/** The number of the entry that stands last in every network ACL and denies everything. */
export const DEFAULT_DENY = 32_767;

export type AclAnswer =
    | { readonly allowed: true; readonly rule: number }
    /** `rule` denies; `partly`: some ports pass for the same addresses. */
    | { readonly allowed: false; readonly rule: number; readonly partly: boolean };

/** Addresses that meet the same entries, and what becomes of each of the traffic's ports there. */
export interface AclPiece {
    readonly remote: IpRange;
    /** By the first port of each range of ports that meets the same entries. */
    readonly ports: readonly AclPorts[];
}

export interface AclPorts {
    readonly from: number;
    /** The entries that match, in the order in which they are looked at; the first decides, and none means that it is denied. */
    readonly matching: readonly CompiledEntry[];
    readonly allows: boolean;
    readonly rule: number;
}

/** By subnet, and under "default of VPC" the VPC's default one where it does not list its subnets. */
export function compileAcls(snapshot: Snapshot): Map<string, Acl> {
    const acls = new Map<string, Acl>();
    for (const item of snapshot.NetworkAcls ?? []) {
        const acl = compileAcl(item);
        for (const { SubnetId } of item.Associations ?? [])
            if (SubnetId !== undefined) acls.set(SubnetId, acl);
        // AWS lists the subnets of a default one too: a subnet that none lists has one that the snapshot lacks.
        if (item.IsDefault === true && (item.Associations ?? []).length === 0)
            acls.set(`default of ${item.VpcId}`, acl);
    }
    return acls;
}

export function compileAcl(item: NetworkAcl): Acl {
    const entries = (item.Entries ?? [])
        .flatMap(compileEntry)
        .sort((a, b) => a.entry.number - b.entry.number);
    const of = (isEgress: boolean) =>
        entries.filter((one) => one.isEgress === isEgress).map(({ entry }) => entry);
    return { id: item.NetworkAclId ?? "unnamed network ACL", ingress: of(false), egress: of(true) };
}

function compileEntry(item: NetworkAclEntry): { isEgress: boolean; entry: CompiledEntry }[] {
    const destination = item.CidrBlock ?? item.Ipv6CidrBlock;
    if (destination === undefined) return [];
    const entry = {
        number: item.RuleNumber ?? DEFAULT_DENY,
        allows: item.RuleAction === "allow",
        protocol: protocolNumber(item.Protocol),
        from: item.PortRange?.From ?? 0,
        to: item.PortRange?.To ?? 65_535,
        icmp: { type: item.IcmpTypeCode?.Type ?? -1, code: item.IcmpTypeCode?.Code ?? -1 },
        block: parseBlock(destination),
    };
    return [{ isEgress: item.Egress === true, entry }];
}

/** What the ACL says to the traffic with all of the remote addresses, on all ports. The first piece that is denied answers for all. */
export function aclAnswer(
    acl: Acl,
    direction: Direction,
    traffic: Traffic,
    remotes: readonly IpRange[],
    follows: (rule: SemanticRule) => boolean,
): AclAnswer {
    let allowedBy: number | undefined;
    for (const { ports } of aclPieces(acl, direction, traffic, remotes, follows)) {
        const answer = portsAnswer(ports, follows);
        if (!answer.allowed) return answer;
        allowedBy ??= answer.rule;
    }
    return { allowed: true, rule: allowedBy ?? DEFAULT_DENY };
}

/** Cuts addresses and ports where any entry begins or ends: within a piece one entry decides. One after the other, on demand. */
export function* aclPieces(
    acl: Acl,
    direction: Direction,
    traffic: Traffic,
    remotes: readonly IpRange[],
    follows: (rule: SemanticRule) => boolean,
): Generator<AclPiece> {
    const entries = acl[direction].filter((entry) => concerns(entry, traffic, follows));
    for (const remote of remotes) {
        const relevant = entries.filter(({ block }) => overlaps(block, remote));
        const pieces = cut(
            remote,
            relevant.map(({ block }) => block),
        );
        for (const piece of pieces) {
            const here = relevant.filter(({ block }) => contains(block, piece));
            yield { remote: piece, ports: portVerdicts(here, traffic, follows) };
        }
    }
}

function portVerdicts(
    entries: readonly CompiledEntry[],
    traffic: Traffic,
    follows: (rule: SemanticRule) => boolean,
): AclPorts[] {
    return portPieces(entries, traffic).map((from) => {
        const matching = entries.filter(
            (entry) => isIcmp(traffic.protocol) || (entry.from <= from && from <= entry.to),
        );
        const first = follows("nacl-first-match-wins") ? matching[0] : matching.at(-1);
        return {
            from,
            matching,
            allows: first?.allows ?? !follows("nacl-default-deny"),
            rule: first?.number ?? DEFAULT_DENY,
        };
    });
}

function portsAnswer(verdicts: readonly AclPorts[], follows: (rule: SemanticRule) => boolean): AclAnswer {
    const denied = verdicts.find(({ allows }) => !allows);
    const allowed = verdicts.find(({ allows }) => allows);
    if (denied === undefined || (allowed !== undefined && !follows("nacl-whole-ephemeral-range")))
        return { allowed: true, rule: allowed?.rule ?? DEFAULT_DENY };
    return { allowed: false, rule: denied.rule, partly: allowed !== undefined };
}

function concerns(entry: CompiledEntry, traffic: Traffic, follows: (rule: SemanticRule) => boolean): boolean {
    if (entry.protocol === -1) return true;
    if (entry.protocol !== traffic.protocol && follows("nacl-protocol-before-ports")) return false;
    if (isIcmp(entry.protocol))
        return (
            (entry.icmp.type === -1 || entry.icmp.type === traffic.from) &&
            (entry.icmp.code === -1 || entry.icmp.code === 0)
        );
    return entry.from <= traffic.to && traffic.from <= entry.to;
}

/** The first port of each piece between the edges of the entries. */
function portPieces(entries: readonly CompiledEntry[], { protocol, from, to }: Traffic): number[] {
    if (isIcmp(protocol) || from === to) return [from];
    const starts = new Set([from]);
    for (const entry of entries) {
        if (entry.from > from && entry.from <= to) starts.add(entry.from);
        if (entry.to + 1 > from && entry.to + 1 <= to) starts.add(entry.to + 1);
    }
    return [...starts].sort((a, b) => a - b);
}
