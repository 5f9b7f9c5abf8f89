import {
    CreatePolicyCommand,
    CreatePolicyVersionCommand,
    DeletePolicyCommand,
    DeletePolicyVersionCommand,
    GetPolicyCommand,
    GetPolicyVersionCommand,
    IAMClient,
    ListPolicyVersionsCommand,
    TagPolicyCommand,
    UntagPolicyCommand,
} from "@aws-sdk/client-iam";
import type { PolicyArgs, PolicyState } from "@pulumi/aws/iam/policy";

import { json, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

/** IAM keeps so many versions of a policy; a new one needs room. */
const VERSIONS = 5;

const iam = (context: AwsContext) => context.client(IAMClient);

export const policy = resource<PolicyArgs, PolicyState>({
    noun: "IAM Policy",
    properties: {
        description: string({ forceNew: true, validate: text(1000) }),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(128, /^[\w+=,.@-]+$/, "must match [\\w+=,.@-]"),
        }),
        path: string({
            default: "/",
            forceNew: true,
            validate: text(512, /^\/(.*\/)?$/, "must begin and end with /"),
        }),
        policy: json({ required: true, validate: text(6144) }),
    },
    regional: false,
    autoname: { property: "name", maxLength: 128 },
    async create(inputs, context) {
        const { Policy } = await iam(context).send(
            new CreatePolicyCommand({
                PolicyName: inputs.name,
                Description: inputs.description,
                Path: inputs.path,
                PolicyDocument: inputs.policy as string,
                Tags: Object.entries(context.tags).map(([Key, Value]) => ({ Key, Value })),
            }),
        );
        return Policy!.Arn!;
    },
    async read(id, context) {
        const { Policy: found } = await iam(context).send(new GetPolicyCommand({ PolicyArn: id }));
        if (!found) return undefined;
        const { PolicyVersion } = await iam(context).send(
            new GetPolicyVersionCommand({ PolicyArn: id, VersionId: found.DefaultVersionId }),
        );
        return {
            arn: found.Arn,
            attachmentCount: found.AttachmentCount ?? 0,
            description: found.Description ?? "",
            name: found.PolicyName,
            namePrefix: "",
            path: found.Path,
            policy: decodeURIComponent(PolicyVersion?.Document ?? ""),
            policyId: found.PolicyId,
            tags: Object.fromEntries((found.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
        };
    },
    async update(id, { policy: document }, _change, context) {
        const others = await otherVersions(id, context);
        const oldest = others.sort((a, b) => Number(a.CreateDate) - Number(b.CreateDate))[0];
        if (oldest && others.length >= VERSIONS - 1) {
            const input = { PolicyArn: id, VersionId: oldest.VersionId };
            await iam(context).send(new DeletePolicyVersionCommand(input));
        }
        const input = { PolicyArn: id, PolicyDocument: document as string, SetAsDefault: true };
        await iam(context).send(new CreatePolicyVersionCommand(input));
    },
    async tag(id, { put, remove }, context) {
        const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
        if (remove.length > 0)
            await iam(context).send(new UntagPolicyCommand({ PolicyArn: id, TagKeys: remove }));
        if (Tags.length > 0) await iam(context).send(new TagPolicyCommand({ PolicyArn: id, Tags }));
    },
    async delete(id, _state, context) {
        // Only the default version may be left.
        for (const { VersionId } of await otherVersions(id, context)) {
            await iam(context).send(new DeletePolicyVersionCommand({ PolicyArn: id, VersionId }));
        }
        await iam(context).send(new DeletePolicyCommand({ PolicyArn: id }));
    },
});

async function otherVersions(id: string, context: AwsContext) {
    const { Versions = [] } = await iam(context).send(new ListPolicyVersionsCommand({ PolicyArn: id }));
    return Versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion);
}
