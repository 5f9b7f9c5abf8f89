import type { DescribeSecretResponse, GetSecretValueResponse } from "@aws-sdk/client-secrets-manager";
import type { SecretArgs, SecretState } from "@pulumi/aws/secretsmanager/secret";
import type { SecretVersionArgs, SecretVersionState } from "@pulumi/aws/secretsmanager/secretVersion";

import { text } from "../server/property";
import { tagList } from "./api";
import type { AwsContext } from "./context";
import { isError, propagated } from "./propagation";
import { resource } from "./resource";
import { needs } from "./rules";
import { idParts } from "./text";

/** Secrets of one region; their values are versions. */
export const secret = resource<SecretArgs, SecretState, DescribeSecretResponse>(
    "secretsmanager/secret:Secret",
    {
        noun: "Secrets Manager Secret",
        fixed: ["name"],
        plain: ["kmsKeyId"],
        remembered: ["forceOverwriteReplicaSecret", "recoveryWindowInDays"],
        inputs: {
            description: { validate: text(2048) },
            forceOverwriteReplicaSecret: { default: false },
            name: { validate: text(512, /^[\w/+=.@-]+$/, "must match [\\w/+=.@-]") },
            policy: { kind: "json" },
            recoveryWindowInDays: { default: 30, validate: recoveryWindow },
            replicas: { computed: false },
        },
        only: { replicas: [] },
        autoname: { property: "name", maxLength: 512 },
        find: (id, { aws }) => aws.secrets.describeSecret({ SecretId: id }),
        // A secret that waits for its deletion counts as deleted; until then it can only be restored.
        isGone: ({ DeletedDate }) => DeletedDate !== undefined,
        outputs: async (_found, id, { aws }) => ({
            policy: (await aws.secrets.getResourcePolicy({ SecretId: id })).ResourcePolicy ?? "",
        }),
        async create({ forceOverwriteReplicaSecret }, context, request) {
            const Tags = tagList(context.tags);
            const more = { ForceOverwriteReplicaSecret: forceOverwriteReplicaSecret, Tags };
            // A secret that was deleted without a window may hold its name for a moment.
            const holdsName = isError("InvalidRequest", /scheduled for deletion/);
            return (
                await propagated(context, holdsName, () => context.aws.secrets.createSecret(request(more)))
            ).ARN;
        },
        async settle(id, { policy }, context) {
            if (policy) await putPolicy(id, policy, context);
        },
        async update(SecretId, { description = "", kmsKeyId = "", policy }, { changed }, context) {
            const { secrets } = context.aws;
            if (changed.has("description") || changed.has("kmsKeyId"))
                await secrets.updateSecret({ SecretId, Description: description, KmsKeyId: kmsKeyId });
            if (!changed.has("policy")) return;
            if (policy) await putPolicy(SecretId, policy, context);
            else await secrets.deleteResourcePolicy({ SecretId });
        },
        tags: {
            put: ({ id }, Tags, { aws }) => aws.secrets.tagResource({ SecretId: id, Tags }),
            remove: ({ id }, TagKeys, { aws }) => aws.secrets.untagResource({ SecretId: id, TagKeys }),
        },
        async delete(SecretId, { recoveryWindowInDays: days = 30 }, { aws }) {
            const window = days === 0 ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: days };
            try {
                await aws.secrets.deleteSecret({ SecretId, ...window });
            } catch (error) {
                if (!isError("InvalidRequest", /marked (as )?deleted/)(error)) throw error;
            }
        },
    },
);

function recoveryWindow(value: unknown, name: string): string | undefined {
    const days = Number(value);
    return days === 0 || (days >= 7 && days <= 30)
        ? undefined
        : `expected ${name} to be 0 or in the range (7 - 30), got ${String(value)}`;
}

const putPolicy = (SecretId: string, ResourcePolicy: string, context: AwsContext) =>
    propagated(context, isError("MalformedPolicyDocument", /unsupported principal/), () =>
        context.aws.secrets.putResourcePolicy({ SecretId, ResourcePolicy }),
    );

const CURRENT = "AWSCURRENT";

const versionParts = idParts(/^([^|]+)\|([^|]+)$/, "SECRETARN|VERSIONID", "secretId", "versionId");

/** Values of a secret in text form. The last one stays until its secret is deleted, as with the official provider. */
export const secretVersion = resource<SecretVersionArgs, SecretVersionState, GetSecretValueResponse>(
    "secretsmanager/secretVersion:SecretVersion",
    {
        noun: "Secrets Manager Secret Version",
        fixed: ["secretId", "secretString"],
        plain: ["versionStages"],
        inputs: { secretString: { validate: text(65_536) } },
        rules: [needs("secretString", "; other kinds of values are not implemented")],
        names: { secretArn: "ARN" },
        find: valueOf,
        outputs: ({ VersionStages = [] }, id, _context, known) => ({
            // Given by name or by ARN: it stays as it was given.
            secretId: known.secretId ?? versionParts(id).secretId,
            versionStages: [...VersionStages].sort(),
        }),
        async create(_inputs, { aws }, request) {
            const { ARN, VersionId } = await aws.secrets.putSecretValue(request());
            return `${ARN}|${VersionId}`;
        },
        async update(id, { versionStages = [] }, { olds }, context) {
            const { secretId, versionId } = versionParts(id);
            const present = olds.versionStages ?? [];
            const { VersionIdsToStages = {} } = await context.aws.secrets.describeSecret({
                SecretId: secretId,
            });
            const holderOf = (stage: string) =>
                Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0];
            for (const stage of versionStages.filter((name) => !present.includes(name)))
                await moveStage(secretId, stage, { to: versionId, from: holderOf(stage) }, context);
            // The current version can only be followed by another, never left without one.
            for (const stage of present.filter((name) => !versionStages.includes(name) && name !== CURRENT))
                await moveStage(secretId, stage, { from: versionId }, context);
        },
        async delete(id, _state, context) {
            const { secretId, versionId } = versionParts(id);
            const { VersionStages = [] } = (await valueOf(id, context)) ?? {};
            for (const stage of VersionStages.filter((name) => name !== CURRENT))
                await moveStage(secretId, stage, { from: versionId }, context);
        },
    },
);

/** A version's value; undefined when its secret waits for its deletion. */
async function valueOf(id: string, { aws }: AwsContext): Promise<GetSecretValueResponse | undefined> {
    const { secretId: SecretId, versionId: VersionId } = versionParts(id);
    try {
        return await aws.secrets.getSecretValue({ SecretId, VersionId });
    } catch (error) {
        if (isError("InvalidRequest", /marked (for|as)? ?delet/)(error)) return undefined;
        throw error;
    }
}

const moveStage = (
    SecretId: string,
    VersionStage: string,
    { to, from }: { to?: string; from?: string | undefined },
    { aws }: AwsContext,
) =>
    aws.secrets.updateSecretVersionStage({
        SecretId,
        VersionStage,
        MoveToVersionId: to,
        RemoveFromVersionId: from,
    });
