import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import {
    CloudWatchLogsClient,
    CreateLogGroupCommand,
    DeleteLogGroupCommand,
    DescribeLogGroupsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
    AuthorizeSecurityGroupIngressCommand,
    CreateFlowLogsCommand,
    CreateVpcEndpointCommand,
    DeleteFlowLogsCommand,
    DeleteNatGatewayCommand,
    DeleteSecurityGroupCommand,
    DeleteSubnetCommand,
    DeleteVpcCommand,
    DeleteVpcEndpointsCommand,
    DescribeVpcsCommand,
    DeleteInternetGatewayCommand,
    DetachInternetGatewayCommand,
    EC2Client,
    ReleaseAddressCommand,
    RunInstancesCommand,
    TerminateInstancesCommand,
    StartVpcEndpointServicePrivateDnsVerificationCommand,
} from "@aws-sdk/client-ec2";
import {
    CreateInstanceProfileCommand,
    CreatePolicyCommand,
    CreateRoleCommand,
    DeleteInstanceProfileCommand,
    DeletePolicyCommand,
    DeleteRoleCommand,
    IAMClient,
    ListRolesCommand,
} from "@aws-sdk/client-iam";
import {
    CreateAliasCommand,
    CreateKeyCommand,
    DeleteAliasCommand,
    KMSClient,
    ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import {
    CreateSecretCommand,
    DeleteSecretCommand,
    SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { resourcesAt, type SandboxResource } from "../../../sandbox/runtime/control-plane";
import { given, Network, refused, REGION } from "./support/network";
import { type Server, startServer, START_TIMEOUT_MS } from "./support/server";

interface Call {
    readonly time: string;
    readonly service: string;
    readonly action: string;
    readonly region: string;
    readonly userAgent: string;
    readonly status: number;
}

describe("sandbox/moto server", () => {
    let server: Server;
    let settings: ReturnType<typeof settingsOf>;
    const settingsOf = ({ endpoint }: Server) => ({
        endpoint,
        region: REGION,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
        maxAttempts: 1,
    });

    beforeEach(async function () {
        this.timeout(START_TIMEOUT_MS);
        server = await startServer();
        settings = settingsOf(server);
    });

    afterEach(() => server.stop());

    const get = async (page: string) => {
        const response = await fetch(`${server.endpoint}${page}`);
        return { status: response.status, body: await response.json() };
    };
    const calls = (): Call[] =>
        fs
            .readFileSync(server.requestLog, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line) as Call);

    it("tells which instance it is, and ends at once on SIGTERM", async function () {
        this.timeout(START_TIMEOUT_MS);
        const first = (await get("/_sandbox/health")).body as { instance: string };
        assert.deepEqual((await get("/_sandbox/health")).body, first);
        assert.match(first.instance, /^[0-9a-f-]{36}$/);
        assert.equal((await get("/_sandbox/nothing")).status, 404);
        assert.equal(server.pid, server.process.pid);

        const another = await startServer();
        const response = await fetch(`${another.endpoint}/_sandbox/health`);
        assert.notDeepEqual(await response.json(), first);
        const started = Date.now();
        await another.stop();
        assert.equal(another.process.exitCode, 0);
        assert.ok(Date.now() - started < 1000, `it took ${String(Date.now() - started)} ms`);
    });

    it("logs each call of each protocol when it has answered", async () => {
        await new EC2Client(settings).send(new DescribeVpcsCommand({}));
        const logs = new CloudWatchLogsClient({ ...settings, region: "eu-west-1" });
        await logs.send(new DescribeLogGroupsCommand({}));
        await new STSClient(settings).send(new GetCallerIdentityCommand({}));
        await refused(
            new EC2Client(settings).send(new DeleteVpcCommand({ VpcId: "vpc-0" })),
            "InvalidVpcID.NotFound",
        );
        await get("/_sandbox/health");
        await fetch(`${server.endpoint}/some-bucket?list-type=2`, { method: "PUT" });
        assert.deepEqual(
            calls().map((call) => [call.service, call.action, call.region, call.status]),
            [
                ["ec2", "DescribeVpcs", REGION, 200],
                ["logs", "DescribeLogGroups", "eu-west-1", 200],
                ["sts", "GetCallerIdentity", REGION, 200],
                ["ec2", "DeleteVpc", REGION, 400],
                ["", "PUT /some-bucket", "", 200],
            ],
        );
        for (const call of calls().slice(0, 4)) {
            assert.match(call.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
            assert.match(call.userAgent, /aws-sdk-js/);
        }
    });

    it("answers what moto does not have by an error that a client can read", async () => {
        const ServiceId = "vpce-svc-0";
        await refused(
            new EC2Client(settings).send(
                new StartVpcEndpointServicePrivateDnsVerificationCommand({ ServiceId }),
            ),
            "NotImplemented",
            /the sandbox's AWS does not have this/,
        );
        assert.equal(calls()[0]?.status, 501);
    });

    it("lists zones, secrets and policies that are left, and no secret that waits for its deletion", async () => {
        const types = async () => (await resourcesAt(server.endpoint)).map(({ type }) => type);
        const iam = new IAMClient(settings);
        const secrets = new SecretsManagerClient(settings);
        const zones = new Route53Client(settings);
        const document = JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        });
        const { Policy } = await iam.send(
            new CreatePolicyCommand({ PolicyName: "policy", PolicyDocument: document }),
        );
        await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "profile" }));
        const { HostedZone } = await zones.send(
            new CreateHostedZoneCommand({ Name: "lab.example", CallerReference: "one" }),
        );
        await secrets.send(new CreateSecretCommand({ Name: "secret", SecretString: "hidden" }));
        assert.deepEqual((await types()).sort(), [
            "hosted-zone",
            "instance-profile",
            "managed-policy",
            "secret",
        ]);
        await secrets.send(new DeleteSecretCommand({ SecretId: "secret", RecoveryWindowInDays: 7 }));
        await zones.send(new DeleteHostedZoneCommand({ Id: HostedZone?.Id }));
        await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName: "profile" }));
        await iam.send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }));
        assert.deepEqual(await types(), []);
    });

    it("lists what exists beyond a fresh account, of any service, until it is deleted", async function () {
        this.timeout(30_000);
        const list = (): Promise<SandboxResource[]> => resourcesAt(server.endpoint);
        const types = async () => {
            const counts: Record<string, number> = {};
            for (const { service, type, region } of await list()) {
                const key = `${service} ${type}${region === REGION || region === "aws" ? "" : ` ${region}`}`;
                counts[key] = (counts[key] ?? 0) + 1;
            }
            return counts;
        };
        const iam = new IAMClient(settings);
        const kms = new KMSClient(settings);
        const logs = new CloudWatchLogsClient({ ...settings, region: "eu-west-1" });
        assert.deepEqual(await list(), []);
        await iam.send(new ListRolesCommand({}));
        await logs.send(new DescribeLogGroupsCommand({}));
        const ec2 = new EC2Client(settings);
        await ec2.send(new DescribeVpcsCommand({}));
        assert.deepEqual(await list(), [], "a fresh account has its default VPCs and managed policies");

        const network = await Network.create({ ec2 });
        const igw = await network.internetGateway();
        const subnet = await network.subnet("10.0.0.0/24");
        const address = await network.address();
        const nat = given((await network.natGateway(subnet, address)).NatGatewayId);
        await network.describeNatGateway(nat);
        const group = await network.securityGroup("group");
        const rule = { IpProtocol: "tcp", FromPort: 1, ToPort: 1, IpRanges: [{ CidrIp: "10.0.0.0/8" }] };
        await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: [rule] }));
        const gateway = { VpcId: network.vpcId, ServiceName: `com.amazonaws.${REGION}.s3` };
        const { VpcEndpoint } = await ec2.send(new CreateVpcEndpointCommand(gateway));
        const { Instances } = await ec2.send(
            new RunInstancesCommand({ ImageId: "ami-12c6146b", MinCount: 1, MaxCount: 1, SubnetId: subnet }),
        );
        await logs.send(new CreateLogGroupCommand({ logGroupName: "group" }));
        const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
        const role = await iam.send(
            new CreateRoleCommand({ RoleName: "role", AssumeRolePolicyDocument: trust }),
        );
        const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
        const KeyId = given(KeyMetadata?.KeyId);
        await kms.send(new CreateAliasCommand({ AliasName: "alias/key", TargetKeyId: KeyId }));
        const { FlowLogIds } = await ec2.send(
            new CreateFlowLogsCommand({
                ResourceType: "VPC",
                ResourceIds: [network.vpcId],
                TrafficType: "ALL",
                LogGroupName: "group",
                DeliverLogsPermissionArn: role.Role?.Arn,
            }),
        );
        assert.deepEqual(await types(), {
            "ec2 elastic-ip": 1,
            "ec2 flow-log": 1,
            "ec2 instance": 1,
            "ec2 internet-gateway": 1,
            "ec2 nat-gateway": 1,
            "ec2 network-acl": 1,
            "ec2 network-interface": 2,
            "ec2 route-table": 1,
            "ec2 security-group": 2,
            // Of the VPC's default group and of the other one: egress each, and one ingress each.
            "ec2 security-group-rule": 4,
            "ec2 subnet": 1,
            "ec2 volume": 1,
            "ec2 vpc": 1,
            "ec2 vpc-endpoint": 1,
            "iam role": 1,
            "kms alias": 1,
            "kms key": 1,
            "logs log-group eu-west-1": 1,
        });
        const ids = (await list()).map((resource) => resource.id);
        for (const id of [
            network.vpcId,
            igw,
            subnet,
            nat,
            address,
            group,
            KeyId,
            "alias/key",
            role.Role?.Arn,
        ]) {
            assert.ok(ids.includes(given(id)), `${String(id)} is not in ${ids.join(", ")}`);
        }

        await ec2.send(new TerminateInstancesCommand({ InstanceIds: [given(Instances?.[0]?.InstanceId)] }));
        await ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: given(FlowLogIds) }));
        await ec2.send(
            new DeleteVpcEndpointsCommand({ VpcEndpointIds: [given(VpcEndpoint?.VpcEndpointId)] }),
        );
        await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: nat }));
        await ec2.send(new ReleaseAddressCommand({ AllocationId: address }));
        await ec2.send(new DeleteSubnetCommand({ SubnetId: subnet }));
        await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: igw, VpcId: network.vpcId }));
        await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: igw }));
        await ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }));
        await ec2.send(new DeleteVpcCommand({ VpcId: network.vpcId }));
        await logs.send(new DeleteLogGroupCommand({ logGroupName: "group" }));
        await iam.send(new DeleteRoleCommand({ RoleName: "role" }));
        await kms.send(new DeleteAliasCommand({ AliasName: "alias/key" }));
        await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
        assert.deepEqual(await list(), []);
    });
});
