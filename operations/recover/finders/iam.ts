import {
    GetInstanceProfileCommand,
    GetRoleCommand,
    GetRolePolicyCommand,
    IAMClient,
    paginateListAttachedRolePolicies,
    paginateListPolicies,
    paginateListPolicyTags,
} from "@aws-sdk/client-iam";

import { collect, type Finders, isTagged, text, unlessMissing } from "../finder";

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
        const policies = await collect(
            paginateListPolicies({ client }, { Scope: "Local" }),
            (page) => page.Policies,
        );
        // A name is unique in the account, whatever its path.
        const PolicyArn = policies.find(({ PolicyName }) => PolicyName === inputs.name)?.Arn;
        if (PolicyArn === undefined) return undefined;
        const tags = await collect(paginateListPolicyTags({ client }, { PolicyArn }), ({ Tags }) => Tags);
        return isTagged(inputs, tags) ? PolicyArn : undefined;
    },
    "aws:iam/rolePolicy:RolePolicy": async ({ role, name }, aws) => {
        const command = new GetRolePolicyCommand({ RoleName: text(role), PolicyName: text(name) });
        const found = await unlessMissing(aws.client(IAMClient).send(command));
        return found && `${found.RoleName}:${found.PolicyName}`;
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": async ({ role, policyArn }, aws) => {
        const pages = paginateListAttachedRolePolicies(
            { client: aws.client(IAMClient) },
            { RoleName: text(role) },
        );
        const attached = await unlessMissing(collect(pages, ({ AttachedPolicies }) => AttachedPolicies));
        const exists = attached?.some(({ PolicyArn }) => PolicyArn === policyArn);
        return exists ? `${text(role)}/${text(policyArn)}` : undefined;
    },
};
