import type { GetRolePolicyResponse, InstanceProfile, Role } from "@aws-sdk/client-iam";
import type { InstanceProfileArgs, InstanceProfileState } from "@pulumi/aws/iam/instanceProfile";
import type { RoleArgs, RoleState } from "@pulumi/aws/iam/role";
import type { RolePolicyArgs, RolePolicyState } from "@pulumi/aws/iam/rolePolicy";

import { isNotFound } from "../server/errors";
import { arn, between, text } from "../server/property";
import { tagList } from "./api";
import type { AwsContext } from "./context";
import { isError, propagated } from "./propagation";
import { resource } from "./resource";
import { idParts } from "./text";

const nameOf = (length: number) => ({ validate: text(length, /^[\w+=,.@-]+$/, "must match [\\w+=,.@-]") });
const path = { default: "/", validate: text(512, /^\/(.*\/)?$/, "must begin and end with /") };

/** IAM gives documents in the form of URLs. */
const decoded = (document = ""): string => decodeURIComponent(document);

/** Roles whose policies are resources of their own. */
export const role = resource<RoleArgs, RoleState, Role>("iam/role:Role", {
    noun: "IAM Role",
    fixed: ["name", "path"],
    plain: ["assumeRolePolicy"],
    remembered: ["forceDetachPolicies"],
    inputs: {
        description: { validate: text(1000) },
        forceDetachPolicies: { default: false },
        maxSessionDuration: { default: 3600, validate: between(3600, 43200) },
        name: nameOf(64),
        path,
        permissionsBoundary: { validate: arn },
    },
    only: { inlinePolicies: [], managedPolicyArns: [] },
    instead: "use aws.iam.RolePolicy",
    autoname: { property: "name", maxLength: 64 },
    names: {
        name: "RoleName",
        permissionsBoundary: "PermissionsBoundary.PermissionsBoundaryArn",
        uniqueId: "RoleId",
    },
    find: async (id, { aws }) => (await aws.iam.getRole({ RoleName: id })).Role,
    outputs: async ({ AssumeRolePolicyDocument }, id, context) => ({
        assumeRolePolicy: decoded(AssumeRolePolicyDocument),
        managedPolicyArns: (await attachedPolicyArns(id, context)).sort(),
    }),
    async create({ name, assumeRolePolicy }, context, request) {
        const more = { AssumeRolePolicyDocument: assumeRolePolicy as string, Tags: tagList(context.tags) };
        await propagated(context, isUnknownPrincipal, () => context.aws.iam.createRole(request(more)));
        return name;
    },
    async update(id, news, { changed }, context) {
        const { iam } = context.aws;
        const { assumeRolePolicy, description = "", maxSessionDuration, permissionsBoundary } = news;
        const of = { RoleName: id };
        if (changed.has("assumeRolePolicy"))
            await propagated(context, isUnknownPrincipal, () =>
                iam.updateAssumeRolePolicy({ ...of, PolicyDocument: assumeRolePolicy as string }),
            );
        if (changed.has("description") || changed.has("maxSessionDuration"))
            await iam.updateRole({ ...of, Description: description, MaxSessionDuration: maxSessionDuration });
        if (!changed.has("permissionsBoundary")) return;
        if (permissionsBoundary)
            await iam.putRolePermissionsBoundary({ ...of, PermissionsBoundary: permissionsBoundary });
        else await iam.deleteRolePermissionsBoundary(of);
    },
    tags: {
        put: ({ id }, Tags, { aws }) => aws.iam.tagRole({ RoleName: id, Tags }),
        remove: ({ id }, TagKeys, { aws }) => aws.iam.untagRole({ RoleName: id, TagKeys }),
    },
    async delete(id, { forceDetachPolicies }, context) {
        await leaveInstanceProfiles(id, context);
        if (forceDetachPolicies) await removePolicies(id, context);
        await context.aws.iam.deleteRole({ RoleName: id });
    },
});

const isUnknownPrincipal = isError("MalformedPolicyDocument", /Invalid principal in policy/);

async function attachedPolicyArns(RoleName: string, { aws }: AwsContext): Promise<string[]> {
    const arns: string[] = [];
    for await (const { AttachedPolicies = [] } of aws.iam.paginateListAttachedRolePolicies({ RoleName }))
        arns.push(...AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []));
    return arns;
}

async function removePolicies(RoleName: string, context: AwsContext): Promise<void> {
    const { iam } = context.aws;
    for (const PolicyArn of await attachedPolicyArns(RoleName, context))
        await iam.detachRolePolicy({ RoleName, PolicyArn });
    for await (const { PolicyNames = [] } of iam.paginateListRolePolicies({ RoleName }))
        for (const PolicyName of PolicyNames) await iam.deleteRolePolicy({ RoleName, PolicyName });
}

/** A role in an instance profile cannot be deleted; the official provider takes it out too. */
async function leaveInstanceProfiles(RoleName: string, { aws }: AwsContext): Promise<void> {
    const { InstanceProfiles = [] } = await aws.iam.listInstanceProfilesForRole({ RoleName });
    for (const { InstanceProfileName } of InstanceProfiles)
        await aws.iam
            .removeRoleFromInstanceProfile({ RoleName, InstanceProfileName })
            .catch((error: unknown) => {
                if (!isNotFound(error)) throw error;
            });
}

const policyParts = idParts(/^([^:]+):(.*)$/, "ROLENAME:POLICYNAME", "role", "name");

export const rolePolicy = resource<RolePolicyArgs, RolePolicyState, GetRolePolicyResponse>(
    "iam/rolePolicy:RolePolicy",
    {
        noun: "IAM Role Policy",
        fixed: ["name", "role"],
        inputs: { name: nameOf(128), policy: { validate: text(10240) } },
        autoname: { property: "name", maxLength: 128 },
        find(id, { aws }) {
            const { role: RoleName, name: PolicyName } = policyParts(id);
            return aws.iam.getRolePolicy({ RoleName, PolicyName });
        },
        outputs: ({ PolicyDocument }, id) => ({ ...policyParts(id), policy: decoded(PolicyDocument) }),
        async create({ role, name, policy }, context) {
            const id = `${role as string}:${name}`;
            await putPolicy(id, policy as string, context);
            return id;
        },
        update: (id, { policy }, _change, context) => putPolicy(id, policy as string, context),
        delete(id, _state, { aws }) {
            const { role: RoleName, name: PolicyName } = policyParts(id);
            return aws.iam.deleteRolePolicy({ RoleName, PolicyName });
        },
    },
);

function putPolicy(id: string, PolicyDocument: string, { aws }: AwsContext) {
    const { role: RoleName, name: PolicyName } = policyParts(id);
    return aws.iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument });
}

export const instanceProfile = resource<InstanceProfileArgs, InstanceProfileState, InstanceProfile>(
    "iam/instanceProfile:InstanceProfile",
    {
        noun: "IAM Instance Profile",
        fixed: ["name", "path"],
        plain: ["role"],
        inputs: { name: nameOf(128), path },
        autoname: { property: "name", maxLength: 128 },
        names: { name: "InstanceProfileName", role: "Roles.RoleName", uniqueId: "InstanceProfileId" },
        find: describeProfile,
        async create({ name }, { aws, tags }, request) {
            await aws.iam.createInstanceProfile(request({ Tags: tagList(tags) }));
            return name;
        },
        settle: (id, { role }, context) => putRole(id, role as string | undefined, context),
        update: (id, { role }, _change, context) => putRole(id, role as string | undefined, context),
        tags: {
            put: ({ id }, Tags, { aws }) => aws.iam.tagInstanceProfile({ InstanceProfileName: id, Tags }),
            remove: ({ id }, TagKeys, { aws }) =>
                aws.iam.untagInstanceProfile({ InstanceProfileName: id, TagKeys }),
        },
        async delete(id, _state, context) {
            // A profile with a role in it is not deleted.
            await putRole(id, undefined, context);
            await context.aws.iam.deleteInstanceProfile({ InstanceProfileName: id });
        },
    },
);

async function describeProfile(InstanceProfileName: string, { aws }: AwsContext) {
    return (await aws.iam.getInstanceProfile({ InstanceProfileName })).InstanceProfile;
}

/** Makes a role the profile's one role; undefined: it is to have none. */
async function putRole(InstanceProfileName: string, role: string | undefined, context: AwsContext) {
    const { iam } = context.aws;
    const { Roles = [] } = (await describeProfile(InstanceProfileName, context)) ?? {};
    const present = Roles.flatMap(({ RoleName }) => RoleName ?? []);
    for (const RoleName of present.filter((name) => name !== role))
        await iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName });
    if (!role || present.includes(role)) return;
    // A role that was just made is not known everywhere in IAM.
    await propagated(
        context,
        isNotFound,
        () => iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName: role }),
        context.timeoutSeconds,
    );
}
