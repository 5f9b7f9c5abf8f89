import {
    CreateSecurityGroupCommand,
    DeleteSecurityGroupCommand,
    RevokeSecurityGroupEgressCommand,
    type IpPermission,
} from "@aws-sdk/client-ec2";
import type { SecurityGroupArgs, SecurityGroupState } from "@pulumi/aws/ec2/securityGroup";

import { isNotFound } from "../../server/errors";
import { boolean, only, string, text } from "../../server/property";
import { resource } from "../resource";
import { describeSecurityGroup, inlineRules, revokeAllRules } from "./security-group-rules";
import { ec2, ec2Arn, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** What AWS puts into every new group: everything may leave. */
const DEFAULT_EGRESS: IpPermission = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

/** Security groups whose rules are resources of their own. */
export const securityGroup = resource<SecurityGroupArgs, SecurityGroupState>({
    noun: "EC2 Security Group",
    properties: {
        description: string({ default: "Managed by Pulumi", forceNew: true, validate: text(255) }),
        egress: { ...only("set", [], "use aws.ec2.SecurityGroupRule"), computed: true },
        ingress: { ...only("set", [], "use aws.ec2.SecurityGroupRule"), computed: true },
        name: string({
            computed: true,
            forceNew: true,
            validate: text(255, /^(?!sg-)/, "cannot begin with sg-"),
        }),
        revokeRulesOnDelete: boolean({ default: false }),
        vpcId: string({ computed: true, forceNew: true }),
    },
    autoname: { property: "name", maxLength: 255 },
    async create(inputs, context) {
        const { GroupId } = await ec2(context).send(
            new CreateSecurityGroupCommand({
                GroupName: inputs.name,
                Description: inputs.description,
                VpcId: inputs.vpcId,
                TagSpecifications: tagSpecifications("security-group", context),
            }),
        );
        return GroupId!;
    },
    async settle(id, _inputs, context) {
        // As the official provider does: what may leave is to be said, not to be had unasked.
        try {
            const command = new RevokeSecurityGroupEgressCommand({
                GroupId: id,
                IpPermissions: [DEFAULT_EGRESS],
            });
            await ec2(context).send(command);
        } catch (error) {
            if (!isNotFound(error)) throw error;
        }
    },
    async read(id, context) {
        const found = await describeSecurityGroup(id, context);
        return (
            found && {
                arn: ec2Arn(context, found.OwnerId, `security-group/${id}`),
                description: found.Description,
                egress: inlineRules(id, found.IpPermissionsEgress),
                ingress: inlineRules(id, found.IpPermissions),
                name: found.GroupName,
                namePrefix: "",
                ownerId: found.OwnerId,
                tags: tagsFrom(found.Tags),
                vpcId: found.VpcId ?? "",
            }
        );
    },
    // Only how it is deleted can change in place.
    async update() {},
    tag: tagEc2,
    async delete(id, state, context) {
        if (state.revokeRulesOnDelete) await revokeAllRules(id, context);
        await ec2(context).send(new DeleteSecurityGroupCommand({ GroupId: id }));
    },
});
