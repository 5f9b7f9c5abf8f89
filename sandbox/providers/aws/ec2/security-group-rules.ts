import {
    DescribeSecurityGroupRulesCommand,
    DescribeSecurityGroupsCommand,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type IpPermission,
    type SecurityGroup,
} from "@aws-sdk/client-ec2";

import { isNotFound } from "../../server/errors";
import type { AwsContext } from "../context";
import { ec2, filters } from "./support";

/** Protocols by number, as far as EC2 has names for them; -1 is all of them. */
const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
    "1": "icmp",
    "6": "tcp",
    "17": "udp",
    "58": "icmpv6",
    all: "-1",
};

/** The form in which EC2 tells a protocol. */
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
    context: AwsContext,
): Promise<SecurityGroup | undefined> {
    const command = new DescribeSecurityGroupsCommand({ GroupIds: [id] });
    return (await ec2(context).send(command)).SecurityGroups?.[0];
}

/** A rule of a group in the SDK's form. */
export interface InlineRule {
    cidrBlocks: string[];
    description: string;
    fromPort: number;
    ipv6CidrBlocks: string[];
    prefixListIds: string[];
    protocol: string;
    securityGroups: string[];
    self: boolean;
    toPort: number;
}

/** The rules of a group in the SDK's form: sources with the same description are one rule. */
export function inlineRules(groupId: string, permissions: IpPermission[] | undefined): InlineRule[] {
    return (permissions ?? []).flatMap((permission) => {
        const sources = [
            ...(permission.IpRanges ?? []).map((it) => ({
                key: "cidrBlocks" as const,
                value: it.CidrIp,
                ...it,
            })),
            ...(permission.Ipv6Ranges ?? []).map((it) => ({
                key: "ipv6CidrBlocks" as const,
                value: it.CidrIpv6,
                ...it,
            })),
            ...(permission.PrefixListIds ?? []).map((it) => ({
                key: "prefixListIds" as const,
                value: it.PrefixListId,
                ...it,
            })),
            ...(permission.UserIdGroupPairs ?? []).map((it) => ({
                key: "securityGroups" as const,
                value: it.GroupId,
                ...it,
            })),
        ];
        return [...new Set(sources.map(({ Description = "" }) => Description))].sort().map((description) => {
            const described = sources.filter(({ Description = "" }) => Description === description);
            const of = (key: (typeof sources)[number]["key"]) =>
                described.filter((source) => source.key === key).map(({ value = "" }) => value);
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
export async function revokeAllRules(groupId: string, context: AwsContext): Promise<void> {
    const command = new DescribeSecurityGroupRulesCommand({ Filters: filters({ "group-id": groupId }) });
    const { SecurityGroupRules = [] } = await ec2(context).send(command);
    for (const { IsEgress, SecurityGroupRuleId } of SecurityGroupRules) {
        const rule = { GroupId: groupId, SecurityGroupRuleIds: [SecurityGroupRuleId!] };
        try {
            if (IsEgress) await ec2(context).send(new RevokeSecurityGroupEgressCommand(rule));
            else await ec2(context).send(new RevokeSecurityGroupIngressCommand(rule));
        } catch (error) {
            if (!isNotFound(error)) throw error;
        }
    }
}
