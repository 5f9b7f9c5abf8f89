import assert from "node:assert/strict";

import { AuthorizeSecurityGroupEgressCommand, DescribeVpcsCommand } from "@aws-sdk/client-ec2";

import { FakeClock } from "../../../support/fake-clock";
import { FaultyEndpoint } from "./faulty-endpoint";
import { policy, Surroundings } from "./scenario";
import { incomplete, Network, ProviderUnderTest, START_TIMEOUT_MS, type Remembered } from "./support";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

describe("operations that fail halfway", function () {
    this.timeout(START_TIMEOUT_MS);
    let faulty: FaultyEndpoint;
    let clock: FakeClock;
    let provider: ProviderUnderTest;
    let network: Network;

    before(async () => {
        network = await Network.create();
    });
    beforeEach(async () => {
        faulty = await FaultyEndpoint.start();
        clock = new FakeClock(0, 0.5);
        provider = await ProviderUnderTest.start({ endpoint: faulty.endpoint, clock });
    });
    afterEach(() => {
        provider.stop();
        faulty.stop();
    });

    /** Lets a creation fail after its first call, and gives what the engine remembers of it. */
    const failedCreation = async (token: string, inputs: Record<string, unknown>, operation: string) => {
        const checked = await provider.checked(token, "thing", inputs);
        faulty.fail(operation, "UnauthorizedOperation");
        const left = await incomplete(provider.createChecked(token, "thing", checked));
        assert.deepEqual(left.inputs, checked);
        assert.equal(left.reasons.length, 1);
        assert.match(left.reasons[0]!, new RegExp(`^creating .* \\(${left.id}\\): .*${operation} fails$`));
        assert.equal(left.properties.__unsettled, true);
        return { id: left.id, inputs: left.inputs, state: left.properties } satisfies Remembered;
    };

    const CREATIONS: {
        token: string;
        inputs: () => Promise<Record<string, unknown>>;
        operation: string;
        /** What the state lacks after the failure and has in the end. */
        property: string;
        failed: unknown;
        finished: (inputs: Record<string, unknown>) => unknown;
    }[] = [
        {
            token: VPC,
            inputs: async () => ({ cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }),
            operation: "ModifyVpcAttribute",
            property: "enableDnsHostnames",
            failed: false,
            finished: () => true,
        },
        {
            token: SUBNET,
            inputs: async () => ({
                vpcId: network.vpcId,
                cidrBlock: "10.0.1.0/24",
                mapPublicIpOnLaunch: true,
            }),
            operation: "ModifySubnetAttribute",
            property: "mapPublicIpOnLaunch",
            failed: false,
            finished: () => true,
        },
        {
            token: "aws:ec2/internetGateway:InternetGateway",
            inputs: async () => ({ vpcId: network.vpcId }),
            operation: "AttachInternetGateway",
            property: "vpcId",
            failed: "",
            finished: ({ vpcId }) => vpcId,
        },
        {
            token: "aws:kms/key:Key",
            inputs: async () => ({ enableKeyRotation: true }),
            operation: "EnableKeyRotation",
            property: "enableKeyRotation",
            failed: false,
            finished: () => true,
        },
        {
            token: "aws:cloudwatch/logGroup:LogGroup",
            inputs: async () => ({ retentionInDays: 7 }),
            operation: "PutRetentionPolicy",
            property: "retentionInDays",
            failed: 0,
            finished: () => 7,
        },
        {
            token: "aws:neptune/cluster:Cluster",
            inputs: async () => ({
                clusterIdentifier: "halfway",
                iamRoles: ["arn:aws:iam::123456789012:role/loader"],
                skipFinalSnapshot: true,
            }),
            operation: "AddRoleToDBCluster",
            property: "iamRoles",
            failed: [],
            finished: ({ iamRoles }) => iamRoles,
        },
        {
            token: "aws:neptune/clusterParameterGroup:ClusterParameterGroup",
            inputs: async () => ({
                family: "neptune1.4",
                parameters: [{ applyMethod: "pending-reboot", name: "neptune_enable_audit_log", value: "1" }],
            }),
            operation: "ModifyDBClusterParameterGroup",
            property: "parameters",
            failed: [],
            finished: ({ parameters }) => parameters,
        },
        {
            token: "aws:iam/instanceProfile:InstanceProfile",
            inputs: async () => ({ role: await (await Surroundings.create()).roleName() }),
            operation: "AddRoleToInstanceProfile",
            property: "role",
            failed: "",
            finished: ({ role }) => role,
        },
        {
            token: "aws:ec2/networkInterface:NetworkInterface",
            inputs: async () => ({
                subnetId: await network.subnet("10.0.60.0/24"),
                sourceDestCheck: false,
            }),
            operation: "ModifyNetworkInterfaceAttribute",
            property: "sourceDestCheck",
            failed: true,
            finished: () => false,
        },
        {
            token: "aws:ec2/instance:Instance",
            inputs: async () => ({
                ami: await (await Surroundings.create()).imageId(),
                instanceType: "m5.large",
                subnetId: await network.subnet("10.0.61.0/24"),
                sourceDestCheck: false,
            }),
            operation: "ModifyInstanceAttribute",
            property: "sourceDestCheck",
            failed: true,
            finished: () => false,
        },
        {
            token: "aws:secretsmanager/secret:Secret",
            inputs: async () => ({
                name: "halfway",
                policy: policy("secretsmanager:GetSecretValue"),
                recoveryWindowInDays: 0,
            }),
            operation: "PutResourcePolicy",
            property: "policy",
            failed: "",
            finished: (inputs) => inputs.policy,
        },
    ];
    for (const { token, inputs, operation, property, failed, finished } of CREATIONS) {
        it(`keep ${token} when ${operation} fails, and the next update finishes it`, async () => {
            const kept = await failedCreation(token, await inputs(), operation);
            assert.deepEqual(kept.state[property], failed);
            const refreshed = (await provider.refresh(token, kept))!;
            assert.equal(refreshed.state.__unsettled, true);
            for (const resumed of [refreshed, kept]) {
                const done = await provider.update(token, resumed, kept.inputs);
                assert.deepEqual(done.state[property], finished(kept.inputs));
                assert.equal(done.state.__unsettled, undefined);
            }
            await provider.delete(token, kept);
        });
    }

    it("keep a security group that still lets everything out, and the next update closes it", async () => {
        const kept = await failedCreation(GROUP, { vpcId: network.vpcId }, "RevokeSecurityGroupEgress");
        assert.equal((kept.state.egress as unknown[]).length, 1);
        const done = await provider.update(GROUP, kept, kept.inputs);
        assert.deepEqual(done.state.egress, []);

        // An update of a group that is whole leaves the rules of others alone.
        await network.ec2.send(
            new AuthorizeSecurityGroupEgressCommand({
                GroupId: kept.id,
                IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
            }),
        );
        const inputs = await provider.checked(
            GROUP,
            "thing",
            { vpcId: network.vpcId, tags: { A: "b" } },
            done.inputs,
        );
        const updated = await provider.update(GROUP, done, inputs);
        assert.equal((updated.state.egress as unknown[]).length, 1);
        await provider.delete(GROUP, updated);
    });

    it("keep what an update has done, and the next one does the rest", async () => {
        const first = { vpcId: network.vpcId, cidrBlock: "10.0.2.0/24" };
        const created = await provider.create(SUBNET, "thing", first);
        const changed = { ...first, mapPublicIpOnLaunch: true, tags: { Name: "new" } };
        const inputs = await provider.checked(SUBNET, "thing", changed, created.inputs);
        faulty.fail("CreateTags", "UnauthorizedOperation");
        const left = await incomplete(provider.update(SUBNET, created, inputs));
        assert.match(
            left.reasons[0]!,
            /^updating EC2 Subnet \(subnet-\w+\): UnauthorizedOperation: CreateTags fails$/,
        );
        assert.equal(left.properties.mapPublicIpOnLaunch, true);
        assert.deepEqual(left.properties.tagsAll, {});
        assert.equal(left.properties.__unsettled, undefined);

        faulty.operations.length = 0;
        const remembered = { id: left.id, inputs: left.inputs, state: left.properties };
        const done = await provider.update(SUBNET, remembered, inputs);
        assert.deepEqual(done.state.tags, { Name: "new" });
        assert.ok(!faulty.operations.includes("ModifySubnetAttribute"));
        await provider.delete(SUBNET, done);
    });

    it("leave nothing behind when the first call fails", async () => {
        const inputs = await provider.checked(VPC, "thing", { cidrBlock: "10.0.0.0/16" });
        faulty.fail("CreateVpc", "VpcLimitExceeded");
        await assert.rejects(provider.createChecked(VPC, "thing", inputs), {
            details: "creating EC2 VPC: VpcLimitExceeded: CreateVpc fails",
        });
    });

    it("keep a thing that does not show up in time", async () => {
        const inputs = await provider.checked("aws:ec2/eip:Eip", "thing", { domain: "vpc" });
        faulty.fail("DescribeAddresses", "InvalidAllocationID.NotFound", Infinity);
        const left = await incomplete(provider.createChecked("aws:ec2/eip:Eip", "thing", inputs));
        assert.match(left.reasons[0]!, /timeout while waiting for EC2 EIP \(eipalloc-\w+\) to show up/);
        assert.ok(clock.now() > 100_000 && clock.now() <= 120_000, `${clock.now()}`);
    });

    it("wait for a thing that AWS does not show at once", async () => {
        const inputs = await provider.checked("aws:ec2/eip:Eip", "thing", { domain: "vpc" });
        faulty.fail("DescribeAddresses", "InvalidAllocationID.NotFound", 2);
        const created = await provider.createChecked("aws:ec2/eip:Eip", "thing", inputs);
        assert.ok(created.state.publicIp);
        assert.equal(clock.sleeps.length, 2);
        await provider.delete("aws:ec2/eip:Eip", created);
    });

    it("delete again what something else still uses", async () => {
        const created = await provider.create(VPC, "thing", { cidrBlock: "10.0.0.0/16" });
        faulty.fail("DeleteVpc", "DependencyViolation", 3);
        await provider.delete(VPC, created);
        assert.equal(clock.sleeps.length, 3);
        assert.ok(clock.sleeps.every((sleep, i) => i === 0 || sleep > clock.sleeps[i - 1]!));
        const { Vpcs } = await network.ec2.send(new DescribeVpcsCommand({}));
        assert.ok(!Vpcs?.some(({ VpcId }) => VpcId === created.id));
    });

    it("give up on a deletion in the end, and say why", async () => {
        const created = await provider.create(VPC, "thing", { cidrBlock: "10.0.0.0/16" });
        faulty.fail("DeleteVpc", "DependencyViolation", Infinity);
        await assert.rejects(provider.delete(VPC, created), {
            details: `deleting EC2 VPC (${created.id}): DependencyViolation: DeleteVpc fails`,
        });
        assert.ok(clock.now() > 280_000 && clock.now() <= 300_000, `${clock.now()}`);
    });

    it("do not try again what will not pass", async () => {
        const created = await provider.create(VPC, "thing", { cidrBlock: "10.0.0.0/16" });
        faulty.fail("DeleteVpc", "UnauthorizedOperation");
        await assert.rejects(provider.delete(VPC, created), {
            details: /UnauthorizedOperation: DeleteVpc fails/,
        });
        assert.deepEqual(clock.sleeps, []);
        await provider.delete(VPC, created);
    });

    it("carry AWS's own code and message", async () => {
        const inputs = { vpcId: network.vpcId, cidrBlock: "10.0.3.0/24" };
        const created = await provider.create(SUBNET, "thing", inputs);
        await assert.rejects(provider.create(SUBNET, "other", inputs), {
            details:
                /^creating EC2 Subnet: InvalidSubnet\.Conflict: The CIDR .* conflicts with another subnet/,
        });
        await assert.rejects(
            provider.create("aws:iam/rolePolicy:RolePolicy", "policy", rolePolicyOf("nobody")),
            {
                details: /^creating IAM Role Policy: NoSuchEntity(Exception)?: /,
            },
        );
        await provider.delete(SUBNET, created);
    });

    it("tell that there is nothing at the endpoint", async () => {
        const created = await provider.create(VPC, "thing", { cidrBlock: "10.0.0.0/16" });
        faulty.stop();
        await assert.rejects(provider.refresh(VPC, created), {
            details: /^reading EC2 VPC \(vpc-\w+\): .*ECONNREFUSED/,
        });
    });
});

function rolePolicyOf(role: string): Record<string, unknown> {
    return { role, policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) };
}
