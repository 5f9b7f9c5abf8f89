import type { IpPermission, SecurityGroup } from "@aws-sdk/client-ec2";

import { isNotFound } from "../../server/errors";
import type { AwsContext } from "../context";
import { filters } from "./support";

/** Protocols by number, as far as EC2 has names for them; -1 is all of them. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
    "1": "icmp",
    "6": "tcp",
    "17": "udp",
    "58": "icmpv6",
    all: "-1",
};

/** The form in which EC2 gives a protocol. */
export function protocolName(protocol: string): string {
    const name = protocol.toLowerCase();
    return PROTOCOL_NAMES[name] ?? name;
}

/** What is wrong with a protocol. */
export function protocolProblem(value: unknown, name: string): string | undefined {
    const protocol = protocolName(String(value));
    const isNumber = /^\d{1,3}$/.test(protocol) && Number(protocol) <= 255;
    return isNumber || ["-1", "tcp", "udp", "icmp", "icmpv6"].includes(protocol)
        ? undefined
        : `expected ${name} to be tcp, udp, icmp, icmpv6, all, -1 or a number, got ${String(value)}`;
}

/** What is wrong with the description of a rule: EC2's character set, which has no quotes. */
export function descriptionProblem(value: unknown, name: string): string | undefined {
    return /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(String(value))
        ? undefined
        : `${name} must have at most 255 characters from "A-Za-z0-9 ._-:/()#,@[]+=&;{}!$*", got ${JSON.stringify(value)}`;
}

/** One security group; throws EC2's error when there is none. */
export async function describeSecurityGroup(
    id: string,
    { aws }: AwsContext,
): Promise<SecurityGroup | undefined> {
    return (await aws.ec2.describeSecurityGroups({ GroupIds: [id] })).SecurityGroups?.[0];
}

/** A source or destination of a permission. */
export interface Peer {
    kind: "cidrBlocks" | "ipv6CidrBlocks" | "prefixListIds" | "securityGroups";
    value: string | undefined;
    description: string;
}

/** All that a permission allows traffic from or to; AWS has a rule for each. */
export function peersOf({ IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }: IpPermission): Peer[] {
    const peers = <Member extends { Description?: string | undefined }>(
        kind: Peer["kind"],
        members: readonly Member[] = [],
        valueOf: (member: Member) => string | undefined,
    ) => members.map((it) => ({ kind, value: valueOf(it), description: it.Description ?? "" }));
    return [
        ...peers("cidrBlocks", IpRanges, ({ CidrIp }) => CidrIp),
        ...peers("ipv6CidrBlocks", Ipv6Ranges, ({ CidrIpv6 }) => CidrIpv6),
        ...peers("prefixListIds", PrefixListIds, ({ PrefixListId }) => PrefixListId),
        ...peers("securityGroups", UserIdGroupPairs, ({ GroupId }) => GroupId),
    ];
}

/** The rules of a group in the SDK's form: peers with the same description are one rule. */
export function inlineRules(groupId: string, permissions: readonly IpPermission[] = []) {
    return permissions.flatMap((permission) => {
        const peers = peersOf(permission);
        return [...new Set(peers.map(({ description }) => description))].sort().map((description) => {
            const of = (kind: Peer["kind"]) =>
                peers
                    .filter((peer) => peer.kind === kind && peer.description === description)
                    .map(({ value = "" }) => value);
            return {
                cidrBlocks: of("cidrBlocks"),
                description,
                fromPort: permission.FromPort ?? 0,
                ipv6CidrBlocks: of("ipv6CidrBlocks"),
                prefixListIds: of("prefixListIds"),
                protocol: permission.IpProtocol ?? "",
                securityGroups: of("securityGroups").filter((id) => id !== groupId),
                self: of("securityGroups").includes(groupId),
                toPort: permission.ToPort ?? 0,
            };
        });
    });
}

/** Takes every rule out of a group. */
export async function revokeAllRules(groupId: string, { aws }: AwsContext): Promise<void> {
    const Filters = filters({ "group-id": groupId });
    const { SecurityGroupRules = [] } = await aws.ec2.describeSecurityGroupRules({ Filters });
    for (const { IsEgress, SecurityGroupRuleId } of SecurityGroupRules) {
        const rule = { GroupId: groupId, SecurityGroupRuleIds: [SecurityGroupRuleId!] };
        try {
            if (IsEgress) await aws.ec2.revokeSecurityGroupEgress(rule);
            else await aws.ec2.revokeSecurityGroupIngress(rule);
        } catch (error) {
            if (!isNotFound(error)) throw error;
        }
    }
}
