import { crc32 } from "node:zlib";

import {
    AuthorizeSecurityGroupEgressCommand,
    AuthorizeSecurityGroupIngressCommand,
    DescribeSecurityGroupRulesCommand,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    UpdateSecurityGroupRuleDescriptionsEgressCommand,
    UpdateSecurityGroupRuleDescriptionsIngressCommand,
    type IpPermission,
} from "@aws-sdk/client-ec2";
import type { Unwrap } from "@pulumi/pulumi";
import type { SecurityGroupRuleArgs, SecurityGroupRuleState } from "@pulumi/aws/ec2/securityGroupRule";

import { done, pending, waitFor } from "../../server/clock";
import { boolean, cidr, each, integer, list, oneOf, string } from "../../server/property";
import { isZero } from "../../server/values";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import {
    describeSecurityGroup,
    descriptionProblem,
    protocolName,
    protocolProblem,
} from "./security-group-rules";
import { ec2, filters } from "./support";

type Rule = Partial<Unwrap<SecurityGroupRuleState>>;

const SOURCES = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "self", "sourceSecurityGroupId"] as const;

/**
 * Rules that are known by their content, as the official provider knows them: the id is a checksum of it, and a read looks
 * for a rule of the same content. A rule that was revoked and put back by somebody else is therefore the same rule.
 */
export const securityGroupRule = resource<SecurityGroupRuleArgs, SecurityGroupRuleState>({
    noun: "EC2 Security Group Rule",
    properties: {
        cidrBlocks: list({ forceNew: true, validate: each(cidr()) }),
        description: string({ validate: descriptionProblem }),
        fromPort: integer({ required: true, forceNew: true }),
        ipv6CidrBlocks: list({ forceNew: true }),
        prefixListIds: list({ forceNew: true }),
        protocol: string({
            required: true,
            forceNew: true,
            validate: protocolProblem,
            same: (a, b) => protocolName(String(a)) === protocolName(String(b)),
        }),
        securityGroupId: string({ required: true, forceNew: true }),
        self: boolean({ default: false, forceNew: true }),
        sourceSecurityGroupId: string({ computed: true, forceNew: true }),
        toPort: integer({ required: true, forceNew: true }),
        type: string({ required: true, forceNew: true, validate: oneOf("ingress", "egress") }),
    },
    // Two rules of the same content cannot be; one of a changed description would be the same to AWS.
    deleteBeforeReplace: true,
    check(inputs, isUnknown) {
        const given = SOURCES.filter((name) => !isZero(inputs[name]) || isUnknown(name));
        const conflicts = (a: (typeof SOURCES)[number], ...others: (typeof SOURCES)[number][]) =>
            given.includes(a) && others.some((other) => given.includes(other));
        return [
            ...(given.length === 0 ? [`one of [${SOURCES.join(", ")}] must be set`] : []),
            ...(conflicts("sourceSecurityGroupId", "cidrBlocks", "ipv6CidrBlocks", "self")
                ? ['"sourceSecurityGroupId": conflicts with cidrBlocks, ipv6CidrBlocks and self']
                : []),
            ...(conflicts("self", "cidrBlocks", "ipv6CidrBlocks")
                ? ['"self": conflicts with cidrBlocks and ipv6CidrBlocks']
                : []),
            ...portProblems(inputs),
        ];
    },
    async import(id) {
        const known = parseImportId(id);
        return { id: ruleId(known), known };
    },
    async create(inputs, context) {
        const command = {
            GroupId: inputs.securityGroupId,
            IpPermissions: [permission(inputs, inputs.description)],
        };
        if (inputs.type === "ingress")
            await ec2(context).send(new AuthorizeSecurityGroupIngressCommand(command));
        else await ec2(context).send(new AuthorizeSecurityGroupEgressCommand(command));
        return ruleId(inputs);
    },
    async settle(id, inputs, context) {
        await waitFor(
            `EC2 Security Group Rule (${id}) to show up`,
            { timeoutSeconds: 300, ...context },
            async () => ((await find(inputs, context)) ? done(true) : pending("not found")),
        );
    },
    async read(_id, context, known) {
        const found = await find(known, context);
        if (!found) return undefined;
        const { FromPort, ToPort, IpProtocol } = permission(known);
        return {
            cidrBlocks: known.cidrBlocks,
            description: found.description,
            fromPort: FromPort ?? 0,
            ipv6CidrBlocks: known.ipv6CidrBlocks,
            prefixListIds: known.prefixListIds,
            protocol: IpProtocol,
            securityGroupId: known.securityGroupId,
            securityGroupRuleId: found.ruleId,
            self: known.self ?? false,
            sourceSecurityGroupId: known.sourceSecurityGroupId ?? "",
            toPort: ToPort ?? 0,
            type: known.type,
        };
    },
    async update(_id, news, _change, context) {
        const command = {
            GroupId: news.securityGroupId,
            IpPermissions: [permission(news, news.description ?? "")],
        };
        if (news.type === "ingress") {
            await ec2(context).send(new UpdateSecurityGroupRuleDescriptionsIngressCommand(command));
        } else {
            await ec2(context).send(new UpdateSecurityGroupRuleDescriptionsEgressCommand(command));
        }
    },
    async delete(_id, state, context) {
        const command = { GroupId: state.securityGroupId, IpPermissions: [permission(state)] };
        if (state.type === "ingress") await ec2(context).send(new RevokeSecurityGroupIngressCommand(command));
        else await ec2(context).send(new RevokeSecurityGroupEgressCommand(command));
    },
});

/** The rule in EC2's form. */
function permission(rule: Rule, description?: string): IpPermission {
    const protocol = protocolName(rule.protocol ?? "");
    const described = description === undefined ? {} : { Description: description };
    const [owner, sourceId] = rule.sourceSecurityGroupId?.includes("/")
        ? rule.sourceSecurityGroupId.split("/")
        : [undefined, rule.sourceSecurityGroupId];
    const groups = [
        ...(rule.self ? [{ GroupId: rule.securityGroupId, ...described }] : []),
        ...(sourceId && !(rule.self && sourceId === rule.securityGroupId)
            ? [{ GroupId: sourceId, ...(owner ? { UserId: owner } : {}), ...described }]
            : []),
    ];
    return {
        IpProtocol: protocol,
        // EC2 takes no ports with all protocols.
        ...(protocol === "-1" ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort }),
        ...members("IpRanges", rule.cidrBlocks, (CidrIp) => ({ CidrIp, ...described })),
        ...members("Ipv6Ranges", rule.ipv6CidrBlocks, (CidrIpv6) => ({ CidrIpv6, ...described })),
        ...members("PrefixListIds", rule.prefixListIds, (PrefixListId) => ({ PrefixListId, ...described })),
        ...(groups.length > 0 ? { UserIdGroupPairs: groups } : {}),
    };
}

function members<Member>(key: string, values: string[] | undefined, make: (value: string) => Member) {
    return values && values.length > 0 ? { [key]: values.map(make) } : {};
}

/** The official provider's id: a checksum over the rule in a canonical form. */
export function ruleId(rule: Rule): string {
    const {
        FromPort = 0,
        ToPort = 0,
        IpProtocol,
        IpRanges,
        Ipv6Ranges,
        PrefixListIds,
        UserIdGroupPairs,
    } = permission(rule);
    const sorted = (values: (string | undefined)[] | undefined) =>
        (values ?? []).map((value) => value ?? "").sort();
    const parts = [
        rule.securityGroupId,
        ...(FromPort > 0 ? [FromPort] : []),
        ...(ToPort > 0 ? [ToPort] : []),
        IpProtocol,
        rule.type,
        ...sorted(IpRanges?.map(({ CidrIp }) => CidrIp)),
        ...sorted(Ipv6Ranges?.map(({ CidrIpv6 }) => CidrIpv6)),
        ...sorted(PrefixListIds?.map(({ PrefixListId }) => PrefixListId)),
        // The second, empty part is the group's name, which groups outside a VPC went by.
        ...sorted(UserIdGroupPairs?.map(({ GroupId }) => GroupId)).flatMap((id) => [id, ""]),
    ];
    return `sgrule-${crc32(parts.map((part) => `${part}-`).join(""))}`;
}

/** Looks among a group's rules for those that the content comes to: AWS has one for each source. */
async function find(
    rule: Rule,
    context: AwsContext,
): Promise<{ description: string; ruleId: string } | undefined> {
    const group = await describeSecurityGroup(rule.securityGroupId ?? "", context);
    const wanted = permission(rule);
    const candidates = (rule.type === "ingress" ? group?.IpPermissions : group?.IpPermissionsEgress) ?? [];
    const sources = (candidate: IpPermission) => [
        ...(candidate.IpRanges ?? []).map(({ CidrIp, Description }) => ({ source: CidrIp, Description })),
        ...(candidate.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => ({
            source: CidrIpv6,
            Description,
        })),
        ...(candidate.PrefixListIds ?? []).map(({ PrefixListId, Description }) => ({
            source: PrefixListId,
            Description,
        })),
        ...(candidate.UserIdGroupPairs ?? []).map(({ GroupId, Description }) => ({
            source: GroupId,
            Description,
        })),
    ];
    const there = candidates
        .filter(
            ({ IpProtocol, FromPort, ToPort }) =>
                IpProtocol === wanted.IpProtocol &&
                (IpProtocol === "-1" || (FromPort === wanted.FromPort && ToPort === wanted.ToPort)),
        )
        .flatMap(sources);
    const mine = sources(wanted).map(({ source }) => there.find((candidate) => candidate.source === source));
    if (mine.length === 0 || mine.some((source) => source === undefined)) return undefined;
    const description = mine.map((source) => source?.Description).find(Boolean) ?? "";
    return { description, ruleId: mine.length === 1 ? await awsRuleId(rule, wanted, context) : "" };
}

/** The id that AWS gives a rule; a rule with several sources is several to AWS, and so has none. */
async function awsRuleId(rule: Rule, wanted: IpPermission, context: AwsContext): Promise<string> {
    const command = new DescribeSecurityGroupRulesCommand({
        Filters: filters({ "group-id": rule.securityGroupId }),
    });
    const { SecurityGroupRules = [] } = await ec2(context).send(command);
    const found = SecurityGroupRules.find(
        (candidate) =>
            candidate.IsEgress === (rule.type === "egress") &&
            candidate.IpProtocol === wanted.IpProtocol &&
            (wanted.FromPort === undefined ||
                (candidate.FromPort === wanted.FromPort && candidate.ToPort === wanted.ToPort)) &&
            candidate.CidrIpv4 === wanted.IpRanges?.[0]?.CidrIp &&
            candidate.CidrIpv6 === wanted.Ipv6Ranges?.[0]?.CidrIpv6 &&
            candidate.PrefixListId === wanted.PrefixListIds?.[0]?.PrefixListId &&
            candidate.ReferencedGroupInfo?.GroupId === wanted.UserIdGroupPairs?.[0]?.GroupId,
    );
    return found?.SecurityGroupRuleId ?? "";
}

function portProblems({ protocol, fromPort, toPort }: Rule): string[] {
    if (protocol === undefined || fromPort === undefined || toPort === undefined) return [];
    const name = protocolName(protocol);
    if (!["tcp", "udp", "6", "17"].includes(name)) return [];
    const valid = (port: number) => port >= 0 && port <= 65535;
    if (!valid(fromPort) || !valid(toPort)) {
        return [`expected fromPort and toPort to be in the range (0 - 65535), got ${fromPort} and ${toPort}`];
    }
    return fromPort > toPort ? [`fromPort (${fromPort}) must not be greater than toPort (${toPort})`] : [];
}

/** Takes `GROUP_TYPE_PROTOCOL_FROM_TO_SOURCE[_SOURCE]*` apart, the official provider's import id. */
export function parseImportId(id: string): Rule {
    const [securityGroupId = "", type = "", protocol = "", from = "", to = "", ...sources] = id.split("_");
    if (!securityGroupId.startsWith("sg-") || !/^(in|e)gress$/.test(type) || sources.length === 0) {
        throw new Error(
            `unexpected format for ID (${id}), expected SECURITYGROUPID_TYPE_PROTOCOL_FROMPORT_TOPORT_SOURCE[_SOURCE]*`,
        );
    }
    const pick = (test: (source: string) => boolean) => {
        const picked = sources.filter(test);
        return picked.length > 0 ? picked : undefined;
    };
    return {
        securityGroupId,
        type,
        protocol: protocolName(protocol),
        fromPort: Number(from),
        toPort: Number(to),
        self: sources.includes("self"),
        cidrBlocks: pick((source) => source.includes(".")),
        ipv6CidrBlocks: pick((source) => source.includes(":")),
        prefixListIds: pick((source) => source.startsWith("pl-")),
        sourceSecurityGroupId: sources.find((source) => source.includes("sg-")),
    };
}
