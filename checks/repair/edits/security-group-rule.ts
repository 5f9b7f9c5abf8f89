import {
    AuthorizeSecurityGroupEgressCommand,
    AuthorizeSecurityGroupIngressCommand,
    DescribeSecurityGroupsCommand,
    type IpPermission,
    paginateDescribeSecurityGroupRules,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type SecurityGroupRule,
} from "@aws-sdk/client-ec2";

import type { Ec2 } from "../../../lib/aws/ec2";
import { type GroupRule, peerText, portsText } from "../../rule";
import type { Snapshot } from "../../snapshot/types";
import type { EditKind } from "./kind";

/** A rule of a security group. */
export type SecurityGroupRuleEdit =
    | {
          action: "AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupIngress";
          rule: GroupRule & { direction: "ingress" };
      }
    | {
          action: "AuthorizeSecurityGroupEgress" | "RevokeSecurityGroupEgress";
          rule: GroupRule & { direction: "egress" };
      };

/** A rule by addresses admits everything that has one of them: it is only made when the configuration allows it. */
const BY_ADDRESS_COST = 10;

const NO_RULE = "no rule";

export const securityGroupRule: EditKind<SecurityGroupRuleEdit> = {
    costs: {
        AuthorizeSecurityGroupEgress: 1,
        AuthorizeSecurityGroupIngress: 1,
        RevokeSecurityGroupIngress: 4,
        RevokeSecurityGroupEgress: Infinity,
    },
    extraCost: ({ action, rule }) =>
        action === "AuthorizeSecurityGroupIngress" && !("securityGroupId" in rule.peer) ? BY_ADDRESS_COST : 0,

    describe: ({ rule }) =>
        `${portsText(rule)} of ${rule.groupId} ${rule.direction === "ingress" ? "from" : "to"} ${peerText(rule.peer)}`,

    touches: ({ rule }) => [rule.groupId],

    async read({ rule }, { ec2 }, region) {
        const GroupIds = [rule.groupId];
        const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds }));
        return { region, SecurityGroups };
    },

    current: ({ rule }, network) => ({ text: hasRule(rule, network) ? portsText(rule) : NO_RULE }),

    wanted: (edit) => (isAuthorize(edit) ? portsText(edit.rule) : NO_RULE),

    async assertAllowed({ action, rule }, { ec2 }) {
        if (action === "RevokeSecurityGroupIngress") await assertUnowned(ec2, rule);
    },

    async apply({ action, rule }, { ec2 }) {
        const input = permissionInput(rule);
        switch (action) {
            case "AuthorizeSecurityGroupIngress":
                await ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
                return {};
            case "RevokeSecurityGroupIngress":
                await ec2.send(new RevokeSecurityGroupIngressCommand(input));
                return {};
            case "AuthorizeSecurityGroupEgress":
                await ec2.send(new AuthorizeSecurityGroupEgressCommand(input));
                return {};
            case "RevokeSecurityGroupEgress":
                await ec2.send(new RevokeSecurityGroupEgressCommand(input));
                return {};
        }
    },

    undo(edit) {
        switch (edit.action) {
            case "AuthorizeSecurityGroupIngress":
                return { ...edit, action: "RevokeSecurityGroupIngress" };
            case "AuthorizeSecurityGroupEgress":
                return { ...edit, action: "RevokeSecurityGroupEgress" };
            case "RevokeSecurityGroupIngress":
                return { ...edit, action: "AuthorizeSecurityGroupIngress" };
            // Only undoes.
            case "RevokeSecurityGroupEgress":
                return undefined;
        }
    },
};

/** What the edit would remove belongs to another program. */
export class OwnedElsewhereError extends Error {
    constructor(what: string, tags: readonly string[]) {
        super(`${what} carries the tags ${tags.join(", ")}, so another program manages it`);
        this.name = "OwnedElsewhereError";
    }
}

/**
 * AWS keeps no owner of a rule of a security group. A rule that a program created as a resource of its own
 * (`aws.vpc.SecurityGroupIngressRule`, CloudFormation) usually carries tags; one that was opened in the console carries none.
 *
 * @throws {OwnedElsewhereError} when the rule carries tags.
 */
async function assertUnowned(ec2: Ec2, rule: GroupRule): Promise<void> {
    const Filters = [{ Name: "group-id", Values: [rule.groupId] }];
    const rules = await ec2.list(
        "DescribeSecurityGroupRules",
        (client, options) => paginateDescribeSecurityGroupRules({ client }, { Filters }, options),
        (page) => page.SecurityGroupRules,
    );
    const found = rules.find((one) => isRule(one, rule));
    const tags = (found?.Tags ?? []).map(({ Key = "", Value = "" }) => `${Key}=${Value}`);
    if (tags.length > 0)
        throw new OwnedElsewhereError(`rule ${found?.SecurityGroupRuleId ?? ""} of ${rule.groupId}`, tags);
}

function isRule(one: SecurityGroupRule, { protocol, ports, peer }: GroupRule): boolean {
    // DescribeSecurityGroupRules answers -1 for the ports of a protocol that has none.
    const [from, to] = [one.FromPort, one.ToPort].map((port) => (port === -1 ? undefined : port));
    return (
        one.IsEgress !== true &&
        one.IpProtocol === protocol &&
        from === ports?.from &&
        to === ports?.to &&
        (one.CidrIpv4 ?? one.CidrIpv6) === peerText(peer)
    );
}

function isAuthorize({ action }: SecurityGroupRuleEdit): boolean {
    return action === "AuthorizeSecurityGroupIngress" || action === "AuthorizeSecurityGroupEgress";
}

function hasRule(rule: GroupRule, { SecurityGroups = [] }: Snapshot): boolean {
    const group = SecurityGroups.find(({ GroupId }) => GroupId === rule.groupId);
    const permissions = rule.direction === "ingress" ? group?.IpPermissions : group?.IpPermissionsEgress;
    return (permissions ?? []).some(
        (one) =>
            one.IpProtocol === rule.protocol &&
            one.FromPort === rule.ports?.from &&
            one.ToPort === rule.ports?.to &&
            peersOf(one).includes(peerText(rule.peer)),
    );
}

function peersOf(permission: IpPermission): (string | undefined)[] {
    return [
        ...(permission.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
        ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
        ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
        ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
    ];
}

/** Exactly the program's rule, so that Pulumi finds it again by its content. */
function permissionInput(rule: GroupRule): { GroupId: string; IpPermissions: IpPermission[] } {
    const { groupId: GroupId, protocol: IpProtocol, ports, peer, description } = rule;
    const about = description === undefined ? {} : { Description: description };
    const port = ports === undefined ? {} : { FromPort: ports.from, ToPort: ports.to };
    const content: IpPermission =
        "securityGroupId" in peer
            ? { UserIdGroupPairs: [{ GroupId: peer.securityGroupId, ...about }] }
            : "prefixListId" in peer
              ? { PrefixListIds: [{ PrefixListId: peer.prefixListId, ...about }] }
              : "cidr" in peer
                ? { IpRanges: [{ CidrIp: peer.cidr, ...about }] }
                : { Ipv6Ranges: [{ CidrIpv6: peer.ipv6Cidr, ...about }] };
    return { GroupId, IpPermissions: [{ IpProtocol, ...port, ...content }] };
}
