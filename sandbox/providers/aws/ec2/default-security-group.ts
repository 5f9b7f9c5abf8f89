import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import type {
    DefaultSecurityGroupArgs,
    DefaultSecurityGroupState,
} from "@pulumi/aws/ec2/defaultSecurityGroup";

import { boolean, only, string } from "../../server/property";
import { resource } from "../resource";
import { securityGroup } from "./security-group";
import { revokeAllRules } from "./security-group-rules";
import { ec2, filters, notFound, tagEc2 } from "./support";

/** Takes over the group that AWS makes with every VPC, and empties it; there is nothing to create or to delete. */
export const defaultSecurityGroup = resource<DefaultSecurityGroupArgs, DefaultSecurityGroupState>({
    noun: "EC2 Default Security Group",
    properties: {
        // Not computed, unlike those of other groups: a rule that appears in this one is drift, and is taken out again.
        egress: only("set", [], "use aws.ec2.SecurityGroupRule"),
        ingress: only("set", [], "use aws.ec2.SecurityGroupRule"),
        revokeRulesOnDelete: boolean({ default: false }),
        vpcId: string({ computed: true, forceNew: true }),
    },
    async create({ vpcId }, context) {
        const byName = {
            "group-name": "default",
            ...(vpcId ? { "vpc-id": vpcId } : { description: "default group" }),
        };
        const command = new DescribeSecurityGroupsCommand({ Filters: filters(byName) });
        const found = (await ec2(context).send(command)).SecurityGroups?.[0];
        if (!found)
            throw notFound(
                "InvalidGroup.NotFound",
                `${vpcId ?? "the default VPC"} has no default security group`,
            );
        return found.GroupId!;
    },
    settle: (id, _inputs, context) => revokeAllRules(id, context),
    read: async (id, context) => securityGroup.read(id, context, {}),
    async update(id, _news, { changed }, context) {
        if (changed.has("ingress") || changed.has("egress")) await revokeAllRules(id, context);
    },
    tag: tagEc2,
    // AWS deletes it with its VPC, and nobody else can.
    async delete() {},
});
