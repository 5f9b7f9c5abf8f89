import {
    GetInstanceProfileCommand,
    GetRoleCommand,
    GetRolePolicyCommand,
    IAMClient,
    ListPolicyTagsCommand,
    paginateListAttachedRolePolicies,
    paginateListPolicies,
} from "@aws-sdk/client-iam";

import { type Finders, isTagged, text, unlessMissing } from "../finder";

export const finders: Finders = {
    "aws:iam/role:Role": async (inputs, aws) => {
        const command = new GetRoleCommand({ RoleName: text(inputs.name) });
        const found = await unlessMissing(aws.client(IAMClient).send(command));
        return found?.Role && isTagged(inputs, found.Role.Tags) ? found.Role.RoleName : undefined;
    },
    "aws:iam/instanceProfile:InstanceProfile": async (inputs, aws) => {
        const command = new GetInstanceProfileCommand({ InstanceProfileName: text(inputs.name) });
        const found = await unlessMissing(aws.client(IAMClient).send(command));
        const profile = found?.InstanceProfile;
        return profile && isTagged(inputs, profile.Tags) ? profile.InstanceProfileName : undefined;
    },
    "aws:iam/policy:Policy": async (inputs, aws) => {
        const client = aws.client(IAMClient);
        const pages = paginateListPolicies({ client }, { Scope: "Local" });
        for await (const { Policies = [] } of pages) {
            // A name is one in the whole account, whatever its path.
            const found = Policies.find(({ PolicyName }) => PolicyName === inputs.name);
            if (!found) continue;
            const { Tags } = await client.send(new ListPolicyTagsCommand({ PolicyArn: found.Arn }));
            return isTagged(inputs, Tags) ? found.Arn : undefined;
        }
        return undefined;
    },
    "aws:iam/rolePolicy:RolePolicy": async ({ role, name }, aws) => {
        const command = new GetRolePolicyCommand({ RoleName: text(role), PolicyName: text(name) });
        const found = await unlessMissing(aws.client(IAMClient).send(command));
        return found && `${found.RoleName}:${found.PolicyName}`;
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": async ({ role, policyArn }, aws) => {
        const attached = async () => {
            const pages = paginateListAttachedRolePolicies(
                { client: aws.client(IAMClient) },
                { RoleName: text(role) },
            );
            for await (const { AttachedPolicies = [] } of pages) {
                if (AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn)) return true;
            }
            return false;
        };
        return (await unlessMissing(attached())) ? `${text(role)}/${text(policyArn)}` : undefined;
    },
};
