import assert from "node:assert/strict";

import { OpenSearchLogPolicy } from "../../../components/opensearch/log-policy";
import { Recorder, settled, valueOf } from "../../support/mocks";

const TYPE = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const ARGS = { policyName: "opensearch", accountId: "123456789012", region: "us-east-1" };

for (const preview of [false, true]) {
    describe(`OpenSearchLogPolicy (${preview ? "preview" : "update"})`, () => {
        it("lets every domain of the account and region write, and no other account's", async () => {
            const recorder = await Recorder.install(preview);
            const policy = new OpenSearchLogPolicy("logs", { ...ARGS, partition: "aws-cn" });
            await settled();
            const { inputs, deleteBeforeReplace } = recorder.get(TYPE, "logs-policy");
            assert.equal(inputs.policyName, "opensearch");
            assert.equal(deleteBeforeReplace, true);
            const { Statement } = JSON.parse(inputs.policyDocument as string) as {
                Statement: Record<string, unknown>[];
            };
            assert.equal(Statement.length, 1);
            assert.equal(
                Statement[0]?.Resource,
                "arn:aws-cn:logs:us-east-1:123456789012:log-group:/aws/opensearch/*",
            );
            assert.deepEqual(Statement[0]?.Condition, {
                StringEquals: { "aws:SourceAccount": "123456789012" },
                ArnLike: { "aws:SourceArn": "arn:aws-cn:es:us-east-1:123456789012:domain/*" },
            });
            if (!preview) assert.equal(await valueOf(policy.policyName), "logs-policy_id");
        });
    });
}

describe("OpenSearchLogPolicy arguments", () => {
    it("refuse a name with a space", async () => {
        const recorder = await Recorder.install();
        assert.throws(
            () => new OpenSearchLogPolicy("logs", { ...ARGS, policyName: "my policy" }),
            /- policyName: "my policy" is not allowed: 1 to 255 letters/,
        );
        await settled();
        assert.deepEqual(recorder.ofType(TYPE), []);
    });
});
