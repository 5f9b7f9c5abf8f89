import {
    CreateSecretCommand,
    DeleteResourcePolicyCommand,
    DeleteSecretCommand,
    DescribeSecretCommand,
    GetResourcePolicyCommand,
    PutResourcePolicyCommand,
    SecretsManagerClient,
    TagResourceCommand,
    UntagResourceCommand,
    UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import type { SecretArgs, SecretState } from "@pulumi/aws/secretsmanager/secret";

import { retryWhile } from "../../server/clock";
import { errorCode } from "../../server/errors";
import { boolean, integer, json, only, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

/** How long a principal of a policy, or a name that was just freed, may take; the official provider's, in seconds. */
const PROPAGATION_SECONDS = 120;

const secrets = (context: AwsContext) => context.client(SecretsManagerClient);

/** Secrets of one region; their values are versions. */
export const secret = resource<SecretArgs, SecretState>({
    noun: "Secrets Manager Secret",
    properties: {
        description: string({ validate: text(2048) }),
        forceOverwriteReplicaSecret: boolean({ default: false }),
        kmsKeyId: string(),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(512, /^[\w/+=.@-]+$/, "must match [\\w/+=.@-]"),
        }),
        policy: json({ computed: true }),
        recoveryWindowInDays: integer({ default: 30, validate: recoveryWindow }),
        replicas: only("set", []),
    },
    autoname: { property: "name", maxLength: 512 },
    async create(inputs, context) {
        const command = new CreateSecretCommand({
            Name: inputs.name,
            Description: inputs.description,
            ForceOverwriteReplicaSecret: inputs.forceOverwriteReplicaSecret,
            KmsKeyId: inputs.kmsKeyId,
            Tags: Object.entries(context.tags).map(([Key, Value]) => ({ Key, Value })),
        });
        // A secret that was deleted without a window may hold its name for a moment.
        const holdsName = (error: unknown) =>
            errorCode(error).startsWith("InvalidRequest") && /scheduled for deletion/.test(String(error));
        const patience = { ...context, timeoutSeconds: PROPAGATION_SECONDS };
        const { ARN } = await retryWhile(holdsName, patience, () => secrets(context).send(command));
        return ARN!;
    },
    async settle(id, { policy }, context) {
        if (policy) await putPolicy(id, policy, context);
    },
    async read(id, context) {
        const found = await secrets(context).send(new DescribeSecretCommand({ SecretId: id }));
        // A secret that waits for its deletion counts as deleted; until then it can only be restored.
        if (found.DeletedDate) return undefined;
        const { ResourcePolicy } = await secrets(context).send(
            new GetResourcePolicyCommand({ SecretId: id }),
        );
        return {
            arn: found.ARN,
            description: found.Description ?? "",
            kmsKeyId: found.KmsKeyId ?? "",
            name: found.Name,
            namePrefix: "",
            policy: ResourcePolicy ?? "",
            replicas: [],
            tags: Object.fromEntries((found.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
        };
    },
    async update(id, news, { changed }, context) {
        if (changed.has("description") || changed.has("kmsKeyId")) {
            await secrets(context).send(
                new UpdateSecretCommand({
                    SecretId: id,
                    Description: news.description ?? "",
                    KmsKeyId: news.kmsKeyId ?? "",
                }),
            );
        }
        if (changed.has("policy") && news.policy) await putPolicy(id, news.policy, context);
        else if (changed.has("policy")) {
            await secrets(context).send(new DeleteResourcePolicyCommand({ SecretId: id }));
        }
    },
    async tag(id, { put, remove }, context) {
        const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
        if (remove.length > 0)
            await secrets(context).send(new UntagResourceCommand({ SecretId: id, TagKeys: remove }));
        if (Tags.length > 0) await secrets(context).send(new TagResourceCommand({ SecretId: id, Tags }));
    },
    async delete(id, { recoveryWindowInDays = 30 }, context) {
        const window =
            recoveryWindowInDays === 0
                ? { ForceDeleteWithoutRecovery: true }
                : { RecoveryWindowInDays: recoveryWindowInDays };
        try {
            await secrets(context).send(new DeleteSecretCommand({ SecretId: id, ...window }));
        } catch (error) {
            const isPending =
                errorCode(error).startsWith("InvalidRequest") && /marked (as )?deleted/.test(String(error));
            if (!isPending) throw error;
        }
    },
});

function recoveryWindow(value: unknown, name: string): string | undefined {
    const days = Number(value);
    return days === 0 || (days >= 7 && days <= 30)
        ? undefined
        : `expected ${name} to be 0 or in the range (7 - 30), got ${String(value)}`;
}

async function putPolicy(SecretId: string, ResourcePolicy: string, context: AwsContext): Promise<void> {
    const principalUnknownYet = (error: unknown) =>
        errorCode(error).startsWith("MalformedPolicyDocument") && /unsupported principal/.test(String(error));
    const patience = { ...context, timeoutSeconds: PROPAGATION_SECONDS };
    await retryWhile(principalUnknownYet, patience, () =>
        secrets(context).send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy })),
    );
}
