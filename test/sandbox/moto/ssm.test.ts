import * as assert from "node:assert/strict";
import {
    DescribeImagesCommand,
    RunInstancesCommand,
    StopInstancesCommand,
    TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
    AddRoleToInstanceProfileCommand,
    AttachRolePolicyCommand,
    CreateInstanceProfileCommand,
    CreateRoleCommand,
    IAMClient,
    PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { DescribeInstanceInformationCommand, SSMClient } from "@aws-sdk/client-ssm";
import { clientSettings, given, Network } from "./support/network";
import { START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto Systems Manager", function () {
    this.timeout(START_TIMEOUT_MS);

    it("manages instances whose role lets them register, online while they run", async () => {
        const settings = await clientSettings();
        const [iam, ssm] = [new IAMClient(settings), new SSMClient(settings)];
        const network = await Network.create();
        const { ec2 } = network;
        const SubnetId = await network.subnet("10.0.0.0/24");
        const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));

        const run = async (name: string) => {
            const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
            await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
            await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
            const profile = { InstanceProfileName: name, RoleName: name };
            await iam.send(new AddRoleToInstanceProfileCommand(profile));
            const command = new RunInstancesCommand({
                ImageId: Images?.[0]?.ImageId,
                InstanceType: "m5.large",
                MinCount: 1,
                MaxCount: 1,
                SubnetId,
                IamInstanceProfile: { Name: name },
            });
            return given((await ec2.send(command)).Instances?.[0]?.InstanceId);
        };
        const [attached, inline, none] = [
            await run("ssm-attached"),
            await run("ssm-inline"),
            await run("ssm-none"),
        ];
        const RoleName = "ssm-attached";
        const PolicyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
        await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
        for (const [name, action] of [
            ["ssm-inline", "ssm:UpdateInstanceInformation"],
            ["ssm-none", "s3:*"],
        ] as const) {
            const Statement = [{ Effect: "Allow", Action: [action], Resource: "*" }];
            const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
            await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "one", PolicyDocument }));
        }

        const pings = async (Values = [attached, inline, none]) => {
            const command = new DescribeInstanceInformationCommand({
                Filters: [{ Key: "InstanceIds", Values }],
            });
            const { InstanceInformationList = [] } = await ssm.send(command);
            return Object.fromEntries(
                InstanceInformationList.map(({ InstanceId, PingStatus }) => [given(InstanceId), PingStatus]),
            );
        };
        assert.deepEqual(await pings(), { [attached]: "Online", [inline]: "Online" });
        assert.deepEqual(await pings([none]), {});
        await ec2.send(new StopInstancesCommand({ InstanceIds: [inline] }));
        assert.deepEqual(await pings(), { [attached]: "Online", [inline]: "ConnectionLost" });
        await ec2.send(new TerminateInstancesCommand({ InstanceIds: [attached, inline, none] }));
        assert.deepEqual(await pings(), {});
    });
});
