import assert from "node:assert/strict";

import { EncryptionKey, keyPolicy } from "../../components/encryption";
import { Recorder, settled, valueOf } from "../support/mocks";

const ARGS = { description: "test", accountId: "123456789012", region: "eu-west-1" };

interface Statement {
    Sid: string;
    Principal: Record<string, string>;
    Action: string[];
    Resource: string;
    Condition?: Record<string, Record<string, string>>;
}

for (const preview of [false, true]) {
    describe(`EncryptionKey (${preview ? "preview" : "update"})`, () => {
        it("rotates, waits the longest before it is lost, and is tagged", async () => {
            const recorder = await Recorder.install(preview);
            const component = new EncryptionKey("lab", { ...ARGS, tags: { Owner: "me" } });
            await settled();
            const key = recorder.get("aws:kms/key:Key", "lab-key");
            assert.equal(key.inputs.enableKeyRotation, true);
            assert.equal(key.inputs.deletionWindowInDays, 30);
            assert.deepEqual(key.inputs.tags, { Owner: "me", Component: "encryption", Name: "lab-key" });
            if (!preview) {
                assert.equal(recorder.get("aws:kms/alias:Alias", "lab-key").inputs.targetKeyId, "lab-key_id");
                assert.equal(
                    await valueOf(component.keyArn),
                    "arn:aws:kms:us-east-1:123456789012:key/lab-key",
                );
            }
        });

        it("takes a shorter window when asked", async () => {
            const recorder = await Recorder.install(preview);
            new EncryptionKey("lab", { ...ARGS, deletionWindowInDays: 7 });
            await settled();
            assert.equal(recorder.get("aws:kms/key:Key", "lab-key").inputs.deletionWindowInDays, 7);
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new EncryptionKey("one", ARGS);
            new EncryptionKey("two", ARGS);
            await settled();
            assert.equal(new Set(recorder.names()).size, 6);
        });
    });
}

describe("EncryptionKey arguments", () => {
    for (const days of [6, 31, 7.5, NaN]) {
        it(`refuses a deletion window of ${days} days`, async () => {
            const recorder = await Recorder.install();
            assert.throws(() => new EncryptionKey("lab", { ...ARGS, deletionWindowInDays: days }), {
                message: `EncryptionKey "lab" has arguments that cannot work:\n  - deletionWindowInDays: ${days} is not allowed: a whole number of days from 7 to 30`,
            });
            await settled();
            assert.deepEqual(recorder.ofType("aws:kms/key:Key"), []);
        });
    }
});

describe("key policy", () => {
    const { Statement: statements } = keyPolicy({
        accountId: "123456789012",
        region: "eu-west-1",
        partition: "aws",
    }) as {
        Statement: Statement[];
    };

    it("names the account and the services that act for its region and account, and nobody else", () => {
        assert.deepEqual(
            statements.map((statement) => statement.Principal),
            [
                { AWS: "arn:aws:iam::123456789012:root" },
                { Service: "logs.eu-west-1.amazonaws.com" },
                { Service: "cloudwatch.amazonaws.com" },
                { Service: "budgets.amazonaws.com" },
            ],
        );
        assert.deepEqual(statements[1]?.Condition, {
            ArnLike: {
                "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*",
            },
        });
    });

    it("has no wildcard action, and the account keeps PutKeyPolicy so that it cannot lock itself out", () => {
        const actions = statements.flatMap((statement) => statement.Action);
        assert.deepEqual(
            actions.filter((action) => action.includes("*")),
            [],
        );
        assert.ok(statements[0]?.Action.includes("kms:PutKeyPolicy"));
    });

    it("lets CloudWatch Logs use the key and not administer it", () => {
        assert.deepEqual(
            (statements[1]?.Action ?? []).filter((action) =>
                /Put|Create|Delete|Schedule|Disable|Tag|Revoke/.test(action),
            ),
            [],
        );
    });

    it("lets alarms and budgets publish to encrypted topics, for this account alone, and nothing else", () => {
        const publishes = (Sid: string, Service: string, sourceArn: string) => ({
            Sid,
            Effect: "Allow",
            Principal: { Service },
            Action: ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
            Resource: "*",
            Condition: {
                StringEquals: { "aws:SourceAccount": "123456789012" },
                ArnLike: { "aws:SourceArn": sourceArn },
            },
        });
        assert.deepEqual(statements.slice(2), [
            publishes(
                "CloudWatchAlarmsPublishToEncryptedTopics",
                "cloudwatch.amazonaws.com",
                "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*",
            ),
            publishes(
                "BudgetsPublishToEncryptedTopics",
                "budgets.amazonaws.com",
                "arn:aws:budgets::123456789012:*",
            ),
        ]);
    });
});
