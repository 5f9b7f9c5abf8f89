import type { IpPermission, SecurityGroup } from "@aws-sdk/client-ec2";
import type {
    DefaultSecurityGroupArgs,
    DefaultSecurityGroupState,
} from "@pulumi/aws/ec2/defaultSecurityGroup";
import type { GetSecurityGroupArgs, GetSecurityGroupResult } from "@pulumi/aws/ec2/getSecurityGroup";
import type { SecurityGroupArgs, SecurityGroupState } from "@pulumi/aws/ec2/securityGroup";

import { isNotFound } from "../../server/errors";
import { text } from "../../server/property";
import { fn, resource } from "../resource";
import { describeSecurityGroup, inlineRules, revokeAllRules } from "./security-group-rules";
import { ec2Arn, ec2Tags, filters, notFound, single, tagSpecifications } from "./support";

/** What AWS puts into every new group: everything may leave. */
const DEFAULT_EGRESS: IpPermission = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

/** Security groups whose rules are resources of their own. */
export const securityGroup = resource<SecurityGroupArgs, SecurityGroupState, SecurityGroup>(
    "ec2/securityGroup:SecurityGroup",
    {
        noun: "EC2 Security Group",
        fixed: ["description", "name", "vpcId"],
        remembered: ["revokeRulesOnDelete"],
        inputs: {
            description: { default: "Managed by Pulumi", validate: text(255) },
            name: { validate: text(255, /^(?!sg-)/, "cannot begin with sg-") },
            revokeRulesOnDelete: { default: false },
        },
        only: { egress: [], ingress: [] },
        instead: "use aws.ec2.SecurityGroupRule",
        autoname: { property: "name", maxLength: 255 },
        names: { name: "GroupName" },
        find: describeSecurityGroup,
        outputs: (found, id, context) => ({
            arn: ec2Arn(context, found.OwnerId, `security-group/${id}`),
            egress: inlineRules(id, found.IpPermissionsEgress),
            ingress: inlineRules(id, found.IpPermissions),
        }),
        async create({ name, description, vpcId }, context) {
            const { GroupId } = await context.aws.ec2.createSecurityGroup({
                GroupName: name,
                Description: description,
                VpcId: vpcId,
                TagSpecifications: tagSpecifications("security-group", context),
            });
            return GroupId;
        },
        async settle(id, _inputs, { aws }) {
            // As the official provider does: what may leave must be declared.
            try {
                await aws.ec2.revokeSecurityGroupEgress({ GroupId: id, IpPermissions: [DEFAULT_EGRESS] });
            } catch (error) {
                if (!isNotFound(error)) throw error;
            }
        },
        tags: ec2Tags,
        async delete(id, { revokeRulesOnDelete }, context) {
            if (revokeRulesOnDelete) await revokeAllRules(id, context);
            await context.aws.ec2.deleteSecurityGroup({ GroupId: id });
        },
    },
);

/** Takes over the group that AWS makes with every VPC, and empties it; there is nothing to create or to delete. */
export const defaultSecurityGroup = resource<
    DefaultSecurityGroupArgs,
    DefaultSecurityGroupState,
    SecurityGroup
>("ec2/defaultSecurityGroup:DefaultSecurityGroup", {
    noun: "EC2 Default Security Group",
    fixed: ["vpcId"],
    remembered: ["revokeRulesOnDelete"],
    inputs: {
        // Unlike in other groups, AWS's choice of rules is drift: a rule that appears here is taken out again.
        egress: { computed: false },
        ingress: { computed: false },
        revokeRulesOnDelete: { default: false },
    },
    only: { egress: [], ingress: [] },
    instead: "use aws.ec2.SecurityGroupRule",
    names: { name: "GroupName" },
    find: describeSecurityGroup,
    outputs: (found, id, context) => ({
        arn: ec2Arn(context, found.OwnerId, `security-group/${id}`),
        egress: inlineRules(id, found.IpPermissionsEgress),
        ingress: inlineRules(id, found.IpPermissions),
    }),
    async create({ vpcId }, { aws }) {
        const inVpc = vpcId ? { "vpc-id": vpcId } : { description: "default group" };
        const Filters = filters({ "group-name": "default", ...inVpc });
        const found = (await aws.ec2.describeSecurityGroups({ Filters })).SecurityGroups?.[0];
        if (found) return found.GroupId;
        throw notFound(
            "InvalidGroup.NotFound",
            `${vpcId ?? "the default VPC"} has no default security group`,
        );
    },
    settle: (id, _inputs, context) => revokeAllRules(id, context),
    update: (id, _news, _change, context) => revokeAllRules(id, context),
    tags: ec2Tags,
    // AWS deletes it with its VPC; no other call can.
    async delete() {},
});

export const getSecurityGroup = fn<GetSecurityGroupArgs, GetSecurityGroupResult>(
    "ec2/getSecurityGroup:getSecurityGroup",
    {
        args: ["filters", "id", "name", "tags", "vpcId"],
        names: { id: "GroupId", name: "GroupName" },
        async invoke(args, context) {
            const byName = { "group-name": args.name, "vpc-id": args.vpcId };
            const { SecurityGroups } = await context.aws.ec2.describeSecurityGroups({
                GroupIds: args.id ? [args.id] : undefined,
                Filters: filters(byName, args.tags, args.filters),
            });
            const found = single(SecurityGroups, "EC2 Security Group");
            const arn = ec2Arn(context, found.OwnerId, `security-group/${found.GroupId}`);
            return { found, outputs: { arn } };
        },
    },
);
