import assert from "node:assert/strict";

import { FlowLogs } from "../../components/flow-logs";
import { logRetention } from "../../components/schema/aws";
import { problemsOf } from "../../components/schema/problems";
import { Recorder, settled } from "../support/mocks";

const ARGS = {
    vpcId: "vpc-1",
    accountId: "123456789012",
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    tags: { Owner: "me" },
};

for (const preview of [false, true]) {
    describe(`FlowLogs (${preview ? "preview" : "update"})`, () => {
        it("records all traffic, encrypted, for a year", async () => {
            const recorder = await Recorder.install(preview);
            new FlowLogs("logs", ARGS);
            await settled();
            const tags = { Owner: "me", Component: "network", Name: "logs" };
            assert.deepEqual(recorder.get("aws:cloudwatch/logGroup:LogGroup", "logs").inputs, {
                kmsKeyId: ARGS.kmsKeyArn,
                retentionInDays: 365,
                tags,
            });
            const flowLog = recorder.get("aws:ec2/flowLog:FlowLog", "logs").inputs;
            assert.equal(flowLog.trafficType, "ALL");
            assert.equal(flowLog.logDestinationType, "cloud-watch-logs");
            assert.equal(flowLog.maxAggregationInterval, 60);
            assert.deepEqual(flowLog.tags, tags);
        });

        it("takes another retention and interval, and lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new FlowLogs("one", { ...ARGS, retentionInDays: 7, maxAggregationIntervalSeconds: 600 });
            new FlowLogs("two", ARGS);
            await settled();
            assert.equal(recorder.get("aws:cloudwatch/logGroup:LogGroup", "one").inputs.retentionInDays, 7);
            assert.equal(recorder.get("aws:ec2/flowLog:FlowLog", "one").inputs.maxAggregationInterval, 600);
            assert.equal(new Set(recorder.names()).size, 10);
        });
    });
}

describe("FlowLogs permissions", () => {
    it("lets flow logs of this account alone take the role, and the role write to its log group alone", async () => {
        const recorder = await Recorder.install();
        new FlowLogs("logs", ARGS);
        await settled();
        const role = recorder.get("aws:iam/role:Role", "logs").inputs;
        assert.deepEqual(JSON.parse(role.assumeRolePolicy as string), {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                    Action: "sts:AssumeRole",
                    Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
                },
            ],
        });
        const group = "arn:aws:logs:us-east-1:123456789012:log-group:logs-1234567";
        const policy = recorder.get("aws:iam/rolePolicy:RolePolicy", "logs").inputs;
        assert.deepEqual(JSON.parse(policy.policy as string), {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    Resource: [group, `${group}:log-stream:*`],
                },
                {
                    Effect: "Allow",
                    Action: "logs:DescribeLogGroups",
                    Resource: "arn:aws:logs:us-east-1:123456789012:log-group:*",
                },
            ],
        });
    });
});

describe("FlowLogs arguments", () => {
    it("refuses a retention that CloudWatch Logs does not offer, before anything is made", async () => {
        const recorder = await Recorder.install();
        assert.throws(
            () => new FlowLogs("logs", { ...ARGS, retentionInDays: 31 }),
            /FlowLogs "logs" .*\n {2}- retentionInDays: 31 is not allowed: CloudWatch Logs keeps records for one of 1, 3, 5/,
        );
        await settled();
        assert.deepEqual(
            recorder.resources.filter((resource) => resource.type.startsWith("aws:")),
            [],
        );
    });

    it("knows the periods", () => {
        assert.deepEqual(problemsOf(logRetention(), 30), []);
        assert.equal(problemsOf(logRetention(), 0).length, 1);
    });
});
