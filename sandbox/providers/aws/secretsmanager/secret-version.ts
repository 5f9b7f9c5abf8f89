import {
    DescribeSecretCommand,
    GetSecretValueCommand,
    PutSecretValueCommand,
    SecretsManagerClient,
    UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { SecretVersionArgs, SecretVersionState } from "@pulumi/aws/secretsmanager/secretVersion";

import { errorCode } from "../../server/errors";
import { set, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

const CURRENT = "AWSCURRENT";

const secrets = (context: AwsContext) => context.client(SecretsManagerClient);

/** Values of a secret in text form. The last one stays until its secret is deleted, as with the official provider. */
export const secretVersion = resource<SecretVersionArgs, SecretVersionState>({
    noun: "Secrets Manager Secret Version",
    properties: {
        secretId: string({ required: true, forceNew: true }),
        secretString: string({ forceNew: true, validate: text(65_536) }),
        versionStages: set({ computed: true }),
    },
    check: ({ secretString }, isUnknown) =>
        secretString === undefined && !isUnknown("secretString")
            ? [
                  'Missing required argument: "secretString" is required; other kinds of values are not implemented',
              ]
            : [],
    async create(inputs, context) {
        const { ARN, VersionId } = await secrets(context).send(
            new PutSecretValueCommand({
                SecretId: inputs.secretId,
                SecretString: inputs.secretString,
                VersionStages: inputs.versionStages?.length ? inputs.versionStages : undefined,
            }),
        );
        return `${ARN}|${VersionId}`;
    },
    async read(id, context, known) {
        const { secretId, versionId } = parseId(id);
        const found = await valueOf(secretId, versionId, context);
        if (!found) return undefined;
        return {
            arn: found.ARN,
            hasSecretStringWo: false,
            secretArn: found.ARN,
            // Given by name or by ARN: it stays as it was given.
            secretId: known.secretId ?? secretId,
            secretString: found.SecretString ?? "",
            versionId: found.VersionId,
            versionStages: [...(found.VersionStages ?? [])].sort(),
        };
    },
    async update(id, { versionStages = [] }, { olds }, context) {
        const { secretId, versionId } = parseId(id);
        const present = olds.versionStages ?? [];
        const stagesOf = (await secrets(context).send(new DescribeSecretCommand({ SecretId: secretId })))
            .VersionIdsToStages;
        for (const stage of versionStages.filter((name) => !present.includes(name))) {
            const holder = Object.entries(stagesOf ?? {}).find(([, stages]) => stages.includes(stage))?.[0];
            await moveStage(secretId, stage, { to: versionId, from: holder }, context);
        }
        // The current version can only be followed by another, never left without one.
        for (const stage of present.filter((name) => !versionStages.includes(name) && name !== CURRENT)) {
            await moveStage(secretId, stage, { from: versionId }, context);
        }
    },
    async delete(id, _state, context) {
        const { secretId, versionId } = parseId(id);
        const found = await valueOf(secretId, versionId, context);
        for (const stage of (found?.VersionStages ?? []).filter((name) => name !== CURRENT)) {
            await moveStage(secretId, stage, { from: versionId }, context);
        }
    },
});

/** Takes `<secret ARN>|<version id>` apart. */
function parseId(id: string): { secretId: string; versionId: string } {
    const [secretId, versionId, ...rest] = id.split("|");
    if (!secretId || !versionId || rest.length > 0)
        throw new Error(`unexpected format for ID (${id}), expected SECRETARN|VERSIONID`);
    return { secretId, versionId };
}

/** A version's value; undefined when its secret waits for its deletion. */
async function valueOf(SecretId: string, VersionId: string, context: AwsContext) {
    try {
        return await secrets(context).send(new GetSecretValueCommand({ SecretId, VersionId }));
    } catch (error) {
        const isPending =
            errorCode(error).startsWith("InvalidRequest") && /marked (for|as)? ?delet/.test(String(error));
        if (isPending) return undefined;
        throw error;
    }
}

async function moveStage(
    SecretId: string,
    VersionStage: string,
    { to, from }: { to?: string; from?: string },
    context: AwsContext,
): Promise<void> {
    const input = { SecretId, VersionStage, MoveToVersionId: to, RemoveFromVersionId: from };
    await secrets(context).send(new UpdateSecretVersionStageCommand(input));
}
