import { crc32 } from "node:zlib";

import type { IpPermission } from "@aws-sdk/client-ec2";
import type { Unwrap } from "@pulumi/pulumi";
import type { SecurityGroupRuleArgs, SecurityGroupRuleState } from "@pulumi/aws/ec2/securityGroupRule";

import { cidr, each, oneOf } from "../../server/property";
import { isZero } from "../../server/values";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { when } from "../rules";
import {
    describeSecurityGroup,
    descriptionProblem,
    peersOf,
    protocolName,
    protocolProblem,
} from "./security-group-rules";
import { filters } from "./support";

type Rule = Partial<Unwrap<SecurityGroupRuleState>>;

const SOURCES = ["cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "self", "sourceSecurityGroupId"] as const;
type Source = (typeof SOURCES)[number];

/** What there is of a rule: its description, and AWS's id where AWS has one rule for it. */
interface Found {
    description: string;
    securityGroupRuleId: string;
}

/**
 * Rules that are known by their content, as the official provider knows them: the id is a checksum of it, and a read looks
 * for a rule of the same content. A rule that was revoked and authorized again is therefore the same rule.
 */
export const securityGroupRule = resource<SecurityGroupRuleArgs, SecurityGroupRuleState, Found>(
    "ec2/securityGroupRule:SecurityGroupRule",
    {
        noun: "EC2 Security Group Rule",
        fixed: [...SOURCES, "fromPort", "protocol", "securityGroupId", "toPort", "type"],
        inputs: {
            cidrBlocks: { kind: "list", validate: each(cidr()) },
            description: { validate: descriptionProblem },
            ipv6CidrBlocks: { kind: "list" },
            prefixListIds: { kind: "list" },
            protocol: {
                validate: protocolProblem,
                same: (a, b) => protocolName(String(a)) === protocolName(String(b)),
            },
            self: { default: false },
            type: { validate: oneOf("ingress", "egress") },
        },
        // Two rules of the same content cannot be; one of a changed description would be the same to AWS.
        deleteBeforeReplace: true,
        rules: [
            (inputs, isGiven) => {
                const given = SOURCES.filter(
                    (name) => isGiven(name) && (!(name in inputs) || !isZero(inputs[name])),
                );
                const conflict = (one: Source, ...others: Source[]) =>
                    given.includes(one) && others.some((other) => given.includes(other));
                return [
                    ...when(given.length === 0, `one of [${SOURCES.join(", ")}] must be set`),
                    ...when(
                        conflict("sourceSecurityGroupId", "cidrBlocks", "ipv6CidrBlocks", "self"),
                        '"sourceSecurityGroupId": conflicts with cidrBlocks, ipv6CidrBlocks and self',
                    ),
                    ...when(
                        conflict("self", "cidrBlocks", "ipv6CidrBlocks"),
                        '"self": conflicts with cidrBlocks and ipv6CidrBlocks',
                    ),
                ];
            },
            portProblems,
        ],
        async import(id) {
            const known = parseImportId(id);
            return { id: ruleId(known), known };
        },
        find: (_id, context, known) => find(known, context),
        outputs(found, _id, _context, known) {
            const { FromPort = 0, ToPort = 0, IpProtocol } = permission(known);
            const { self = false, sourceSecurityGroupId = "" } = known;
            const ports = { fromPort: FromPort, toPort: ToPort, protocol: IpProtocol };
            return { ...known, ...ports, self, sourceSecurityGroupId, ...found };
        },
        async create(inputs, { aws }) {
            const IpPermissions = [permission(inputs, inputs.description)];
            const request = { GroupId: inputs.securityGroupId, IpPermissions };
            if (inputs.type === "ingress") await aws.ec2.authorizeSecurityGroupIngress(request);
            else await aws.ec2.authorizeSecurityGroupEgress(request);
            return ruleId(inputs);
        },
        ready: { state: () => "found", good: ["found"], seconds: 300, says: "to show up" },
        async update(_id, news, _change, { aws }) {
            const IpPermissions = [permission(news, news.description ?? "")];
            const request = { GroupId: news.securityGroupId, IpPermissions };
            if (news.type === "ingress") await aws.ec2.updateSecurityGroupRuleDescriptionsIngress(request);
            else await aws.ec2.updateSecurityGroupRuleDescriptionsEgress(request);
        },
        async delete(_id, state, { aws }) {
            const request = { GroupId: state.securityGroupId, IpPermissions: [permission(state)] };
            if (state.type === "ingress") await aws.ec2.revokeSecurityGroupIngress(request);
            else await aws.ec2.revokeSecurityGroupEgress(request);
        },
    },
);

/** The rule in EC2's form. */
function permission(rule: Rule, Description?: string): IpPermission {
    const IpProtocol = protocolName(rule.protocol ?? "");
    const described = Description === undefined ? {} : { Description };
    const [source = "", owner] = (rule.sourceSecurityGroupId ?? "").split("/").reverse();
    const groups = [
        ...(rule.self ? [{ GroupId: rule.securityGroupId, ...described }] : []),
        ...(source && !(rule.self && source === rule.securityGroupId)
            ? [{ GroupId: source, ...(owner ? { UserId: owner } : {}), ...described }]
            : []),
    ];
    return {
        IpProtocol,
        // EC2 takes no ports with all protocols.
        ...(IpProtocol === "-1" ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort }),
        ...members("IpRanges", rule.cidrBlocks, (CidrIp) => ({ CidrIp, ...described })),
        ...members("Ipv6Ranges", rule.ipv6CidrBlocks, (CidrIpv6) => ({ CidrIpv6, ...described })),
        ...members("PrefixListIds", rule.prefixListIds, (PrefixListId) => ({ PrefixListId, ...described })),
        ...(groups.length > 0 ? { UserIdGroupPairs: groups } : {}),
    };
}

const members = <Member>(key: string, values: string[] = [], make: (value: string) => Member) =>
    values.length > 0 ? { [key]: values.map(make) } : {};

/** The official provider's id: a checksum over the rule in a canonical form. */
export function ruleId(rule: Rule): string {
    const wanted = permission(rule);
    const { FromPort = 0, ToPort = 0, IpProtocol } = wanted;
    const sorted = (kind: string) =>
        peersOf(wanted)
            .filter((peer) => peer.kind === kind)
            .map(({ value = "" }) => value)
            .sort();
    const parts = [
        rule.securityGroupId,
        ...(FromPort > 0 ? [FromPort] : []),
        ...(ToPort > 0 ? [ToPort] : []),
        IpProtocol,
        rule.type,
        ...sorted("cidrBlocks"),
        ...sorted("ipv6CidrBlocks"),
        ...sorted("prefixListIds"),
        // The second, empty part is the group's name, which groups outside a VPC went by.
        ...sorted("securityGroups").flatMap((id) => [id, ""]),
    ];
    return `sgrule-${crc32(parts.map((part) => `${part}-`).join(""))}`;
}

/** Looks among a group's rules for those that the content comes to: AWS has one for each peer. */
async function find(rule: Rule, context: AwsContext): Promise<Found | undefined> {
    const group = await describeSecurityGroup(rule.securityGroupId ?? "", context);
    const wanted = permission(rule);
    const present = (rule.type === "ingress" ? group?.IpPermissions : group?.IpPermissionsEgress) ?? [];
    const peers = present.filter((candidate) => isSameTraffic(candidate, wanted)).flatMap(peersOf);
    const mine = peersOf(wanted).map(({ value }) => peers.find((peer) => peer.value === value));
    if (mine.length === 0 || mine.includes(undefined)) return undefined;
    return {
        description: mine.map((peer) => peer?.description).find(Boolean) ?? "",
        securityGroupRuleId: mine.length === 1 ? await awsRuleId(rule, wanted, context) : "",
    };
}

type Traffic = Pick<IpPermission, "IpProtocol" | "FromPort" | "ToPort">;

/** All protocols have no ports, or -1. */
const isSameTraffic = (a: Traffic, b: Traffic): boolean =>
    a.IpProtocol === b.IpProtocol &&
    (a.IpProtocol === "-1" || (a.FromPort === b.FromPort && a.ToPort === b.ToPort));

/** The id that AWS gives a rule; a rule with several peers is several to AWS, and so has none. */
async function awsRuleId(rule: Rule, wanted: IpPermission, { aws }: AwsContext): Promise<string> {
    const Filters = filters({ "group-id": rule.securityGroupId });
    const { SecurityGroupRules = [] } = await aws.ec2.describeSecurityGroupRules({ Filters });
    const [peer] = peersOf(wanted);
    const found = SecurityGroupRules.find(
        (it) =>
            it.IsEgress === (rule.type === "egress") &&
            isSameTraffic(it, wanted) &&
            (it.CidrIpv4 ?? it.CidrIpv6 ?? it.PrefixListId ?? it.ReferencedGroupInfo?.GroupId) ===
                peer?.value,
    );
    return found?.SecurityGroupRuleId ?? "";
}

function portProblems({ protocol, fromPort, toPort }: Rule): string[] {
    if (protocol === undefined || fromPort === undefined || toPort === undefined) return [];
    if (!["tcp", "udp"].includes(protocolName(protocol))) return [];
    const valid = (port: number) => port >= 0 && port <= 65535;
    if (!valid(fromPort) || !valid(toPort)) {
        return [`expected fromPort and toPort to be in the range (0 - 65535), got ${fromPort} and ${toPort}`];
    }
    return when(fromPort > toPort, `fromPort (${fromPort}) must not be greater than toPort (${toPort})`);
}

/** Takes `GROUP_TYPE_PROTOCOL_FROM_TO_SOURCE[_SOURCE]*` apart, the official provider's import id. */
export function parseImportId(id: string): Rule {
    const [securityGroupId = "", type = "", protocol = "", from = "", to = "", ...sources] = id.split("_");
    if (!securityGroupId.startsWith("sg-") || !/^(in|e)gress$/.test(type) || sources.length === 0) {
        throw new Error(
            `unexpected format for ID (${id}), expected SECURITYGROUPID_TYPE_PROTOCOL_FROMPORT_TOPORT_SOURCE[_SOURCE]*`,
        );
    }
    const pick = (mark: string) => {
        const picked = sources.filter((source) => source.includes(mark));
        return picked.length > 0 ? picked : undefined;
    };
    return {
        securityGroupId,
        type,
        protocol: protocolName(protocol),
        fromPort: Number(from),
        toPort: Number(to),
        self: sources.includes("self"),
        cidrBlocks: pick("."),
        ipv6CidrBlocks: pick(":"),
        prefixListIds: pick("pl-"),
        sourceSecurityGroupId: sources.find((source) => source.includes("sg-")),
    };
}
