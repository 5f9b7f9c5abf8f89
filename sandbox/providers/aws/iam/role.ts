import {
    CreateRoleCommand,
    DeleteRoleCommand,
    DeleteRolePermissionsBoundaryCommand,
    DeleteRolePolicyCommand,
    DetachRolePolicyCommand,
    GetRoleCommand,
    IAMClient,
    ListInstanceProfilesForRoleCommand,
    paginateListAttachedRolePolicies,
    paginateListRolePolicies,
    PutRolePermissionsBoundaryCommand,
    RemoveRoleFromInstanceProfileCommand,
    TagRoleCommand,
    UntagRoleCommand,
    UpdateAssumeRolePolicyCommand,
    UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import type { RoleArgs, RoleState } from "@pulumi/aws/iam/role";

import { retryWhile } from "../../server/clock";
import { errorCode, isNotFound } from "../../server/errors";
import { arn, between, boolean, integer, json, only, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

/** How long a principal that was just made may stay unknown to IAM, in seconds; the official provider's. */
const PROPAGATION_SECONDS = 120;

const iam = (context: AwsContext) => context.client(IAMClient);

/** Roles whose policies are resources of their own. */
export const role = resource<RoleArgs, RoleState>({
    noun: "IAM Role",
    properties: {
        assumeRolePolicy: json({ required: true }),
        description: string({ validate: text(1000) }),
        forceDetachPolicies: boolean({ default: false }),
        inlinePolicies: { ...only("set", [], "use aws.iam.RolePolicy"), computed: true },
        managedPolicyArns: { ...only("set", [], "use aws.iam.RolePolicyAttachment"), computed: true },
        maxSessionDuration: integer({ default: 3600, validate: between(3600, 43200) }),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(64, /^[\w+=,.@-]+$/, "must match [\\w+=,.@-]"),
        }),
        path: string({
            default: "/",
            forceNew: true,
            validate: text(512, /^\/(.*\/)?$/, "must begin and end with /"),
        }),
        permissionsBoundary: string({ validate: arn }),
    },
    regional: false,
    autoname: { property: "name", maxLength: 64 },
    async create(inputs, context) {
        const command = new CreateRoleCommand({
            RoleName: inputs.name,
            AssumeRolePolicyDocument: inputs.assumeRolePolicy as string,
            Description: inputs.description,
            MaxSessionDuration: inputs.maxSessionDuration,
            Path: inputs.path,
            PermissionsBoundary: inputs.permissionsBoundary,
            Tags: Object.entries(context.tags).map(([Key, Value]) => ({ Key, Value })),
        });
        await retryWhile(principalUnknownYet, { ...context, timeoutSeconds: PROPAGATION_SECONDS }, () =>
            iam(context).send(command),
        );
        return inputs.name ?? "";
    },
    async read(id, context) {
        const { Role: found } = await iam(context).send(new GetRoleCommand({ RoleName: id }));
        if (!found) return undefined;
        return {
            arn: found.Arn,
            assumeRolePolicy: decodeURIComponent(found.AssumeRolePolicyDocument ?? ""),
            createDate: found.CreateDate?.toISOString().replace(".000Z", "Z"),
            description: found.Description ?? "",
            managedPolicyArns: (await attachedPolicyArns(id, context)).sort(),
            maxSessionDuration: found.MaxSessionDuration ?? 3600,
            name: found.RoleName,
            namePrefix: "",
            path: found.Path,
            permissionsBoundary: found.PermissionsBoundary?.PermissionsBoundaryArn ?? "",
            tags: Object.fromEntries((found.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
            uniqueId: found.RoleId,
        };
    },
    async update(id, news, { changed }, context) {
        const client = iam(context);
        if (changed.has("assumeRolePolicy")) {
            const command = new UpdateAssumeRolePolicyCommand({
                RoleName: id,
                PolicyDocument: news.assumeRolePolicy as string,
            });
            await retryWhile(principalUnknownYet, { ...context, timeoutSeconds: PROPAGATION_SECONDS }, () =>
                client.send(command),
            );
        }
        if (changed.has("description") || changed.has("maxSessionDuration")) {
            await client.send(
                new UpdateRoleCommand({
                    RoleName: id,
                    Description: news.description ?? "",
                    MaxSessionDuration: news.maxSessionDuration,
                }),
            );
        }
        if (changed.has("permissionsBoundary")) {
            if (news.permissionsBoundary) {
                const PermissionsBoundary = news.permissionsBoundary;
                await client.send(
                    new PutRolePermissionsBoundaryCommand({ RoleName: id, PermissionsBoundary }),
                );
            } else {
                await client.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: id }));
            }
        }
    },
    async tag(id, { put, remove }, context) {
        const tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
        if (remove.length > 0)
            await iam(context).send(new UntagRoleCommand({ RoleName: id, TagKeys: remove }));
        if (tags.length > 0) await iam(context).send(new TagRoleCommand({ RoleName: id, Tags: tags }));
    },
    async delete(id, { forceDetachPolicies }, context) {
        await leaveInstanceProfiles(id, context);
        if (forceDetachPolicies) await removePolicies(id, context);
        await iam(context).send(new DeleteRoleCommand({ RoleName: id }));
    },
});

function principalUnknownYet(error: unknown): boolean {
    return (
        errorCode(error).startsWith("MalformedPolicyDocument") &&
        /Invalid principal in policy/.test(String(error))
    );
}

async function attachedPolicyArns(role: string, context: AwsContext): Promise<string[]> {
    const arns: string[] = [];
    for await (const page of paginateListAttachedRolePolicies({ client: iam(context) }, { RoleName: role })) {
        arns.push(...(page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []));
    }
    return arns;
}

async function removePolicies(RoleName: string, context: AwsContext): Promise<void> {
    for (const PolicyArn of await attachedPolicyArns(RoleName, context)) {
        await iam(context).send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    }
    for await (const page of paginateListRolePolicies({ client: iam(context) }, { RoleName })) {
        for (const PolicyName of page.PolicyNames ?? []) {
            await iam(context).send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
        }
    }
}

/** A role in an instance profile cannot be deleted; the official provider takes it out too. */
async function leaveInstanceProfiles(RoleName: string, context: AwsContext): Promise<void> {
    const { InstanceProfiles = [] } = await iam(context).send(
        new ListInstanceProfilesForRoleCommand({ RoleName }),
    );
    for (const { InstanceProfileName } of InstanceProfiles) {
        try {
            await iam(context).send(
                new RemoveRoleFromInstanceProfileCommand({ RoleName, InstanceProfileName }),
            );
        } catch (error) {
            if (!isNotFound(error)) throw error;
        }
    }
}
