import {
    CreateSecretCommand,
    DeleteResourcePolicyCommand,
    SecretsManagerClient,
    UpdateSecretCommand,
    UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";

import { policy, type Scenario, type Surroundings, tagged } from "../scenario";
import { given } from "../support";

export const SECRETS_MANAGER_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:secretsmanager/secret:Secret",
        inputs: async (around) => ({
            description: "a token",
            kmsKeyId: await around.keyId(),
            policy: policy("secretsmanager:GetSecretValue"),
            recoveryWindowInDays: 7,
            ...tagged("token"),
        }),
        update: async (around) => ({
            description: "a token of a client",
            kmsKeyId: await around.keyId(),
            policy: policy("secretsmanager:DescribeSecret"),
            recoveryWindowInDays: 0,
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ name: "given/name" }), replaces: ["name"] },
        drift: {
            inject: async (around, { id }) => {
                const client = around.client(SecretsManagerClient);
                await client.send(new UpdateSecretCommand({ SecretId: id, Description: "by hand" }));
                await client.send(new DeleteResourcePolicyCommand({ SecretId: id }));
            },
            shows: ["description", "policy"],
        },
        notImported: ["forceOverwriteReplicaSecret", "recoveryWindowInDays"],
    },
    {
        token: "aws:secretsmanager/secretVersion:SecretVersion",
        inputs: async (around) => ({ secretId: await secretArn(around), secretString: "hidden" }),
        outputs: { versionStages: ["AWSCURRENT"], hasSecretStringWo: false },
        update: async () => ({ versionStages: ["AWSCURRENT", "LAB"] }),
        replace: { inputs: async () => ({ secretString: "other" }), replaces: ["secretString"] },
        survives: true,
    },
    {
        token: "aws:secretsmanager/secretVersion:SecretVersion",
        inputs: async (around) => ({
            secretId: await secretArn(around, "first"),
            secretString: "hidden",
            versionStages: ["NEXT"],
        }),
        outputs: { versionStages: ["NEXT"] },
        drift: {
            inject: (around, { state, inputs }) =>
                around.client(SecretsManagerClient).send(
                    new UpdateSecretVersionStageCommand({
                        SecretId: inputs.secretId as string,
                        VersionStage: "BY_HAND",
                        MoveToVersionId: state.versionId as string,
                    }),
                ),
            shows: ["versionStages"],
        },
        survives: true,
    },
];

let secrets = 0;
async function secretArn(around: Surroundings, SecretString?: string): Promise<string> {
    const command = new CreateSecretCommand({ Name: `secret-${secrets++}`, SecretString });
    return given((await around.client(SecretsManagerClient).send(command)).ARN);
}
