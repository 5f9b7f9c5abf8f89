import * as assert from "node:assert/strict";
import {
    AssociateKmsKeyCommand,
    CloudWatchLogsClient,
    CreateLogGroupCommand,
    DeleteLogGroupCommand,
    DescribeLogGroupsCommand,
    DisassociateKmsKeyCommand,
    ListTagsForResourceCommand,
    PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
    CreateFlowLogsCommand,
    type CreateFlowLogsCommandInput,
    DeleteFlowLogsCommand,
    DescribeFlowLogsCommand,
} from "@aws-sdk/client-ec2";
import {
    CreateRoleCommand,
    DeleteRoleCommand,
    DeleteRolePolicyCommand,
    GetRoleCommand,
    GetRolePolicyCommand,
    IAMClient,
    PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
    CreateKeyCommand,
    DescribeKeyCommand,
    DisableKeyCommand,
    EnableKeyRotationCommand,
    GetKeyPolicyCommand,
    GetKeyRotationStatusCommand,
    KMSClient,
    ListResourceTagsCommand,
    PutKeyPolicyCommand,
    ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { clientSettings, given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

const ACCOUNT = "123456789012";
const groupArn = (name: string): string => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;
const ROOT = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
};
const LOGS = {
    Effect: "Allow",
    Principal: { Service: `logs.${REGION}.amazonaws.com` },
    Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
    Resource: "*",
};
const onlyFor = (name: string) => ({
    ...LOGS,
    Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": groupArn(name) } },
});
const policy = (...Statement: object[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

describe("sandbox/moto KMS keys and log groups", () => {
    let kms: KMSClient;
    let logs: CloudWatchLogsClient;
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        const settings = await clientSettings();
        [kms, logs] = [new KMSClient(settings), new CloudWatchLogsClient(settings)];
    });

    async function createKey(Policy: string): Promise<{ KeyId: string; Arn: string }> {
        const { KeyMetadata } = await kms.send(
            new CreateKeyCommand({ Policy, Tags: [{ TagKey: "a", TagValue: "b" }] }),
        );
        return { KeyId: given(KeyMetadata?.KeyId), Arn: given(KeyMetadata?.Arn) };
    }

    const describeGroup = async (logGroupNamePrefix: string) =>
        (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }))).logGroups?.[0];

    it("keys have policy, rotation, tags, and a date of deletion", async () => {
        const { KeyId } = await createKey(policy(ROOT));
        assert.deepEqual((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags, [
            { TagKey: "a", TagValue: "b" },
        ]);
        await kms.send(new EnableKeyRotationCommand({ KeyId }));
        assert.equal((await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled, true);
        const Policy = policy(ROOT, LOGS);
        await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy }));
        assert.equal(
            (await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }))).Policy,
            Policy,
        );
        await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
        assert.equal(KeyMetadata?.KeyState, "PendingDeletion");
        assert.ok(given(KeyMetadata?.DeletionDate) > new Date());
    });

    it("a group takes a key whose policy lets the service use it for this group", async () => {
        const name = "/sandbox/allowed";
        const { Arn: kmsKeyId } = await createKey(policy(ROOT, onlyFor(name)));
        await logs.send(new CreateLogGroupCommand({ logGroupName: name, kmsKeyId, tags: { Name: "x" } }));
        await logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: 30 }));
        const group = await describeGroup(name);
        assert.equal(group?.kmsKeyId, kmsKeyId);
        assert.equal(group?.retentionInDays, 30);
        assert.equal(group?.arn, `${groupArn(name)}:*`);
        const resourceArn = groupArn(name);
        assert.deepEqual((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, {
            Name: "x",
        });
        await logs.send(new DisassociateKmsKeyCommand({ logGroupName: name }));
        assert.equal((await describeGroup(name))?.kmsKeyId, undefined);
        await logs.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId }));
        assert.equal((await describeGroup(name))?.kmsKeyId, kmsKeyId);
    });

    for (const [why, keyPolicy] of [
        ["names the account only", policy(ROOT)],
        ["is for another group", policy(ROOT, onlyFor("/sandbox/another"))],
        [
            "is for another region's service",
            policy(ROOT, { ...LOGS, Principal: { Service: "logs.eu-west-1.amazonaws.com" } }),
        ],
        ["lets the service encrypt only", policy(ROOT, { ...LOGS, Action: "kms:Encrypt*" })],
        ["denies it again", policy(ROOT, LOGS, { ...LOGS, Effect: "Deny", Action: "kms:Decrypt" })],
    ] as const) {
        it(`a group does not take a key whose policy ${why}`, async () => {
            const logGroupName = "/sandbox/refused";
            const { Arn: kmsKeyId } = await createKey(keyPolicy);
            const message = new RegExp(`is not allowed to be used with Arn '${groupArn(logGroupName)}'`);
            await refused(
                logs.send(new CreateLogGroupCommand({ logGroupName, kmsKeyId })),
                "AccessDeniedException",
                message,
            );
            assert.equal(await describeGroup(logGroupName), undefined);
            await logs.send(new CreateLogGroupCommand({ logGroupName }));
            await refused(
                logs.send(new AssociateKmsKeyCommand({ logGroupName, kmsKeyId })),
                "AccessDeniedException",
                message,
            );
            await logs.send(new DeleteLogGroupCommand({ logGroupName }));
        });
    }

    it("a group does not take a key that is disabled, missing, or named by its id", async () => {
        const { KeyId, Arn } = await createKey(policy(ROOT, LOGS));
        await kms.send(new DisableKeyCommand({ KeyId }));
        const create = (kmsKeyId: string) =>
            logs.send(new CreateLogGroupCommand({ logGroupName: "/sandbox/no", kmsKeyId }));
        await refused(create(Arn), "AccessDeniedException");
        await refused(
            create(Arn.replace(KeyId, "00000000-0000-0000-0000-000000000000")),
            "AccessDeniedException",
        );
        await refused(create(KeyId), "InvalidParameterException");
    });

    it("a group that is created again has none of the old one's tags", async () => {
        const logGroupName = "/sandbox/again";
        await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { old: "1" } }));
        await logs.send(new DeleteLogGroupCommand({ logGroupName }));
        await logs.send(new CreateLogGroupCommand({ logGroupName }));
        const resourceArn = groupArn(logGroupName);
        assert.deepEqual((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags, {});
    });
});

describe("sandbox/moto flow logs", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("deliver to a log group by a role, whichever way the group is named", async () => {
        const settings = await clientSettings();
        const [iam, logs] = [new IAMClient(settings), new CloudWatchLogsClient(settings)];
        const RoleName = "flow-logs";
        const trust = {
            Effect: "Allow",
            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
            Action: "sts:AssumeRole",
        };
        const AssumeRolePolicyDocument = policy(trust);
        const Tags = [{ Key: "Name", Value: "flow logs" }];
        const created = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Tags }));
        const PolicyDocument = policy({ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" });
        await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "deliver", PolicyDocument }));
        const inline = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: "deliver" }));
        assert.equal(decodeURIComponent(given(inline.PolicyDocument)), PolicyDocument);
        assert.deepEqual((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Tags, Tags);
        const LogGroupName = "/sandbox/flow-logs";
        await logs.send(new CreateLogGroupCommand({ logGroupName: LogGroupName }));

        const network = await Network.create();
        const { ec2 } = network;
        const common: CreateFlowLogsCommandInput = {
            ResourceType: "VPC",
            ResourceIds: [network.vpcId],
            TrafficType: "ALL",
            DeliverLogsPermissionArn: created.Role?.Arn,
            TagSpecifications: [{ ResourceType: "vpc-flow-log", Tags }],
        };
        const Filter = [{ Name: "resource-id", Values: [network.vpcId] }];
        for (const destination of [{ LogGroupName }, { LogDestination: groupArn(LogGroupName) }]) {
            const { FlowLogIds, Unsuccessful } = await ec2.send(
                new CreateFlowLogsCommand({ ...common, ...destination }),
            );
            assert.deepEqual(Unsuccessful, []);
            const { FlowLogs } = await ec2.send(new DescribeFlowLogsCommand({ Filter }));
            assert.equal(FlowLogs?.length, 1);
            const flowLog = given(FlowLogs?.[0]);
            assert.equal(flowLog.FlowLogStatus, "ACTIVE");
            assert.equal(flowLog.DeliverLogsStatus, "SUCCESS");
            assert.equal(flowLog.LogGroupName, LogGroupName);
            assert.equal(flowLog.LogDestination, groupArn(LogGroupName));
            assert.equal(flowLog.LogDestinationType, "cloud-watch-logs");
            assert.equal(flowLog.DeliverLogsPermissionArn, created.Role?.Arn);
            assert.deepEqual(flowLog.Tags, Tags);
            await ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: given(FlowLogIds) }));
        }
        assert.deepEqual((await ec2.send(new DescribeFlowLogsCommand({ Filter }))).FlowLogs, []);
        const elsewhere = { ...common, LogDestination: "arn:aws:s3:::bucket" };
        await refused(ec2.send(new CreateFlowLogsCommand(elsewhere)), "InvalidParameter");

        await refused(iam.send(new DeleteRoleCommand({ RoleName })), "DeleteConflictException");
        await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "deliver" }));
        await iam.send(new DeleteRoleCommand({ RoleName }));
    });
});
