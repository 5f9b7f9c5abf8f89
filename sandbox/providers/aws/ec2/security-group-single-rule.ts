import {
    AuthorizeSecurityGroupEgressCommand,
    AuthorizeSecurityGroupIngressCommand,
    DescribeSecurityGroupRulesCommand,
    ModifySecurityGroupRulesCommand,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import type { Unwrap } from "@pulumi/pulumi";
import type {
    SecurityGroupIngressRuleArgs,
    SecurityGroupIngressRuleState,
} from "@pulumi/aws/vpc/securityGroupIngressRule";

import { between, cidr, integer, string } from "../../server/property";
import { resource } from "../resource";
import { descriptionProblem, protocolName, protocolProblem } from "./security-group-rules";
import { ec2, ec2Arn, tagEc2, tagsFrom, tagSpecifications } from "./support";

const SOURCES = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"] as const;

/** Rules with one source each, which AWS knows by an id. Both directions have the same properties. */
const singleRule = (direction: "Ingress" | "Egress") =>
    resource<SecurityGroupIngressRuleArgs, SecurityGroupIngressRuleState>({
        noun: `EC2 Security Group ${direction} Rule`,
        properties: {
            cidrIpv4: string({ validate: cidr() }),
            cidrIpv6: string(),
            description: string({ validate: descriptionProblem }),
            fromPort: integer({ validate: between(-1, 65535) }),
            ipProtocol: string({
                required: true,
                validate: protocolProblem,
                same: (a, b) => protocolName(String(a)) === protocolName(String(b)),
            }),
            prefixListId: string(),
            referencedSecurityGroupId: string(),
            securityGroupId: string({ required: true, forceNew: true }),
            toPort: integer({ validate: between(-1, 65535) }),
        },
        check(inputs, isUnknown) {
            const given = SOURCES.filter((name) => inputs[name] !== undefined || isUnknown(name));
            return given.length === 1
                ? []
                : [`exactly one of [${SOURCES.join(", ")}] must be set, got [${given.join(", ")}]`];
        },
        // AWS changes a source, but not what kind of source it is.
        replaces: (changed, olds, news) =>
            SOURCES.filter(
                (name) => changed.has(name) && (olds[name] === undefined || news[name] === undefined),
            ),
        async create(inputs, context) {
            const described = inputs.description === undefined ? {} : { Description: inputs.description };
            const request = {
                GroupId: inputs.securityGroupId,
                TagSpecifications: tagSpecifications("security-group-rule", context),
                IpPermissions: [
                    {
                        IpProtocol: protocolName(inputs.ipProtocol),
                        FromPort: inputs.fromPort,
                        ToPort: inputs.toPort,
                        ...(inputs.cidrIpv4 && { IpRanges: [{ CidrIp: inputs.cidrIpv4, ...described }] }),
                        ...(inputs.cidrIpv6 && { Ipv6Ranges: [{ CidrIpv6: inputs.cidrIpv6, ...described }] }),
                        ...(inputs.prefixListId && {
                            PrefixListIds: [{ PrefixListId: inputs.prefixListId, ...described }],
                        }),
                        ...(inputs.referencedSecurityGroupId && {
                            UserIdGroupPairs: [{ GroupId: inputs.referencedSecurityGroupId, ...described }],
                        }),
                    },
                ],
            };
            const { SecurityGroupRules } =
                direction === "Ingress"
                    ? await ec2(context).send(new AuthorizeSecurityGroupIngressCommand(request))
                    : await ec2(context).send(new AuthorizeSecurityGroupEgressCommand(request));
            return SecurityGroupRules![0]!.SecurityGroupRuleId!;
        },
        async read(id, context, known) {
            const command = new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] });
            const found = (await ec2(context).send(command)).SecurityGroupRules?.[0];
            if (!found) return undefined;
            // AWS says -1 where no port was given.
            const port = (actual: number | undefined, given: number | undefined) =>
                actual === -1 && given === undefined ? undefined : actual;
            return {
                arn: ec2Arn(context, found.GroupOwnerId, `security-group-rule/${id}`),
                cidrIpv4: found.CidrIpv4,
                cidrIpv6: found.CidrIpv6,
                description: found.Description === "" ? undefined : found.Description,
                fromPort: port(found.FromPort, known.fromPort),
                ipProtocol: found.IpProtocol,
                prefixListId: found.PrefixListId,
                referencedSecurityGroupId: found.ReferencedGroupInfo?.GroupId,
                securityGroupId: found.GroupId,
                securityGroupRuleId: id,
                tags: tagsFrom(found.Tags),
                toPort: port(found.ToPort, known.toPort),
            };
        },
        async update(id, news, _change, context) {
            await ec2(context).send(
                new ModifySecurityGroupRulesCommand({
                    GroupId: news.securityGroupId,
                    SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: ruleRequest(news) }],
                }),
            );
        },
        tag: tagEc2,
        async delete(id, { securityGroupId }, context) {
            const request = { GroupId: securityGroupId, SecurityGroupRuleIds: [id] };
            if (direction === "Ingress")
                await ec2(context).send(new RevokeSecurityGroupIngressCommand(request));
            else await ec2(context).send(new RevokeSecurityGroupEgressCommand(request));
        },
    });

function ruleRequest(inputs: Unwrap<SecurityGroupIngressRuleArgs>) {
    return {
        IpProtocol: protocolName(inputs.ipProtocol),
        FromPort: inputs.fromPort,
        ToPort: inputs.toPort,
        CidrIpv4: inputs.cidrIpv4,
        CidrIpv6: inputs.cidrIpv6,
        PrefixListId: inputs.prefixListId,
        ReferencedGroupId: inputs.referencedSecurityGroupId,
        Description: inputs.description,
    };
}

export const ingressRule = singleRule("Ingress");
export const egressRule = singleRule("Egress");
