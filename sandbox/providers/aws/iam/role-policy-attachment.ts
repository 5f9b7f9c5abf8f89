import {
    AttachRolePolicyCommand,
    DetachRolePolicyCommand,
    IAMClient,
    paginateListAttachedRolePolicies,
} from "@aws-sdk/client-iam";
import type {
    RolePolicyAttachmentArgs,
    RolePolicyAttachmentState,
} from "@pulumi/aws/iam/rolePolicyAttachment";

import { arn, string } from "../../server/property";
import { resource } from "../resource";

export const rolePolicyAttachment = resource<RolePolicyAttachmentArgs, RolePolicyAttachmentState>({
    noun: "IAM Role Policy Attachment",
    properties: {
        policyArn: string({ required: true, forceNew: true, validate: arn }),
        role: string({ required: true, forceNew: true }),
    },
    regional: false,
    async create(inputs, context) {
        const { role, policyArn } = inputs as { role: string; policyArn: string };
        const command = new AttachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn });
        await context.client(IAMClient).send(command);
        return `${role}/${policyArn}`;
    },
    async read(id, context) {
        const { role, policyArn } = parseId(id);
        const pages = paginateListAttachedRolePolicies(
            { client: context.client(IAMClient) },
            { RoleName: role },
        );
        for await (const { AttachedPolicies = [] } of pages) {
            if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn)) return { policyArn, role };
        }
        return undefined;
    },
    async delete(id, _state, context) {
        const { role, policyArn } = parseId(id);
        const command = new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn });
        await context.client(IAMClient).send(command);
    },
});

/** Takes `<role name>/<policy ARN>` apart; a role's name has no slash. */
function parseId(id: string): { role: string; policyArn: string } {
    const slash = id.indexOf("/");
    if (slash < 1) throw new Error(`unexpected format for ID (${id}), expected ROLENAME/POLICYARN`);
    return { role: id.slice(0, slash), policyArn: id.slice(slash + 1) };
}
