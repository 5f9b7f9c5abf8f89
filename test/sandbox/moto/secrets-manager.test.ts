import * as assert from "node:assert/strict";
import {
    CreateSecretCommand,
    DeleteSecretCommand,
    DescribeSecretCommand,
    SecretsManagerClient,
    UpdateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { clientSettings, refused } from "./support/network";
import { START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto Secrets Manager", () => {
    let client: SecretsManagerClient;

    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        client = new SecretsManagerClient(await clientSettings());
    });

    it("keeps the name of a secret that waits for its deletion, and frees it when there is no window", async () => {
        const Name = "lab/waiting";
        await client.send(new CreateSecretCommand({ Name, SecretString: "hidden" }));
        await client.send(new DeleteSecretCommand({ SecretId: Name, RecoveryWindowInDays: 7 }));
        assert.ok((await client.send(new DescribeSecretCommand({ SecretId: Name }))).DeletedDate);
        await refused(
            client.send(new CreateSecretCommand({ Name })),
            "InvalidRequestException",
            /already scheduled for deletion/,
        );
        await client.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
        await client.send(new CreateSecretCommand({ Name }));
        await client.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
    });

    it("takes a description away", async () => {
        const Name = "lab/described";
        await client.send(new CreateSecretCommand({ Name, Description: "a token" }));
        await client.send(new UpdateSecretCommand({ SecretId: Name, Description: "" }));
        const found = await client.send(new DescribeSecretCommand({ SecretId: Name }));
        assert.equal(found.Description, undefined);
        await client.send(new DeleteSecretCommand({ SecretId: Name, ForceDeleteWithoutRecovery: true }));
    });
});
