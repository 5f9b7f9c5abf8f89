import * as assert from "node:assert/strict";
import {
    AttachVolumeCommand,
    CreateNetworkInterfaceCommand,
    CreateVolumeCommand,
    DeleteNetworkInterfaceCommand,
    DeleteVolumeCommand,
    DescribeImagesCommand,
    DescribeInstanceAttributeCommand,
    DescribeInstancesCommand,
    DescribeNetworkInterfacesCommand,
    DescribeSnapshotsCommand,
    DescribeVolumesCommand,
    DetachVolumeCommand,
    EC2Client,
    type Instance,
    ModifyInstanceAttributeCommand,
    ModifyInstanceMetadataOptionsCommand,
    ModifyVolumeCommand,
    RunInstancesCommand,
    type RunInstancesCommandInput,
    StopInstancesCommand,
    TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { clientSettings, given, Network, refused, REGION } from "./support/network";
import { START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto instances", function () {
    this.timeout(START_TIMEOUT_MS);
    let network: Network;
    let ec2: EC2Client;
    let subnetId: string;
    let ImageId: string;

    before(async () => {
        network = await Network.create();
        ec2 = network.ec2;
        subnetId = await network.subnet("10.0.0.0/24", `${REGION}b`);
        ImageId = given((await images({ architecture: "x86_64" }))[0]?.ImageId);
    });

    const images = async (filters: Record<string, string>, region = REGION) => {
        const client = region === REGION ? ec2 : new EC2Client(await clientSettings(region));
        const Filters = Object.entries(filters).map(([Name, value]) => ({ Name, Values: [value] }));
        return given((await client.send(new DescribeImagesCommand({ Owners: ["self"], Filters }))).Images);
    };
    const run = async (input: Partial<RunInstancesCommandInput>): Promise<Instance> => {
        const command = new RunInstancesCommand({
            ImageId,
            InstanceType: "m5.large",
            MinCount: 1,
            MaxCount: 1,
            ...input,
        });
        return given((await ec2.send(command)).Instances?.[0]);
    };
    const describe_ = async ({ InstanceId }: Instance): Promise<Instance> => {
        const command = new DescribeInstancesCommand({ InstanceIds: [given(InstanceId)] });
        return given((await ec2.send(command)).Reservations?.[0]?.Instances?.[0]);
    };
    const terminate = ({ InstanceId }: Instance) =>
        ec2.send(new TerminateInstancesCommand({ InstanceIds: [given(InstanceId)] }));
    const newInterface = async () => {
        const Groups = [await network.securityGroup(`group-${Math.random()}`)];
        const command = new CreateNetworkInterfaceCommand({ SubnetId: subnetId, Groups });
        return given((await ec2.send(command)).NetworkInterface);
    };
    const interface_ = async (id: string) => {
        const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] });
        return given((await ec2.send(command)).NetworkInterfaces?.[0]);
    };
    const newVolume = async (more: object = {}) => {
        const command = new CreateVolumeCommand({ AvailabilityZone: `${REGION}b`, Size: 10, ...more });
        return given((await ec2.send(command)).VolumeId);
    };
    const volume = async (VolumeId: string | undefined) => {
        const command = new DescribeVolumesCommand({ VolumeIds: [given(VolumeId)] });
        return given((await ec2.send(command)).Volumes?.[0]);
    };

    it("have the account's image of Pulsar for each architecture, in every region, found by its tags", async () => {
        const wanted = { "tag:PulsarVersion": "4.0.7", "tag:Validated": "true", state: "available" };
        for (const region of [REGION, "eu-west-1"]) {
            for (const architecture of ["x86_64", "arm64"]) {
                const [image, ...others] = await images({ ...wanted, architecture }, region);
                assert.deepEqual(others, []);
                assert.match(given(image?.Name), /^pulsar-4\.0\.7-/);
                assert.equal(image?.OwnerId, "123456789012");
            }
        }
        const [image] = await images({ architecture: "x86_64" });
        const root = given(image?.BlockDeviceMappings?.[0]);
        assert.equal(root.DeviceName, image?.RootDeviceName);
        const command = new DescribeSnapshotsCommand({ SnapshotIds: [given(root.Ebs?.SnapshotId)] });
        assert.equal((await ec2.send(command)).Snapshots?.[0]?.VolumeSize, root.Ebs?.VolumeSize);
        assert.deepEqual(await images({ ...wanted, "tag:PulsarVersion": "4.0.6" }), []);
        await refused(run({ ImageId: "ami-00000000000000000", SubnetId: subnetId }), "InvalidAMIID.NotFound");
    });

    it("are pending when they are launched, run when they are next looked at, and end", async () => {
        const instance = await run({ SubnetId: subnetId });
        assert.equal(instance.State?.Name, "pending");
        assert.equal((await describe_(instance)).State?.Name, "running");
        const { TerminatingInstances } = await terminate(instance);
        assert.equal(TerminatingInstances?.[0]?.CurrentState?.Name, "shutting-down");
        const ended = await describe_(instance);
        assert.equal(ended.State?.Name, "terminated");
        assert.deepEqual(ended.NetworkInterfaces, []);
        await terminate(instance);
    });

    it("use the interface that they are given, with its zone, address and groups, and leave it behind", async () => {
        const eni = await newInterface();
        const NetworkInterfaceId = given(eni.NetworkInterfaceId);
        const NetworkInterfaces = [{ DeviceIndex: 0, NetworkInterfaceId }];
        const instance = await describe_(await run({ NetworkInterfaces }));
        assert.equal(instance.PrivateIpAddress, eni.PrivateIpAddress);
        assert.equal(instance.Placement?.AvailabilityZone, `${REGION}b`);
        assert.equal(instance.SubnetId, subnetId);
        assert.deepEqual(
            instance.SecurityGroups?.map(({ GroupId }) => GroupId),
            eni.Groups?.map(({ GroupId }) => GroupId),
        );
        assert.equal(instance.NetworkInterfaces?.length, 1);
        assert.equal((await interface_(NetworkInterfaceId)).Attachment?.DeleteOnTermination, false);
        await refused(
            ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId })),
            "InvalidParameterValue",
            /currently in use/,
        );
        await refused(run({ NetworkInterfaces }), "InvalidNetworkInterface.InUse");
        await terminate(instance);
        const left = await interface_(NetworkInterfaceId);
        assert.equal(left.Status, "available");
        assert.equal(left.Attachment, undefined);
        const next = await describe_(await run({ NetworkInterfaces }));
        assert.equal(next.PrivateIpAddress, eni.PrivateIpAddress);
        await terminate(next);
        await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    });

    it("have the root volume of their image, changed by what the launch says", async () => {
        const kms = new KMSClient(await clientSettings());
        const key = given((await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
        const Ebs = {
            Encrypted: true,
            KmsKeyId: key,
            VolumeType: "gp3",
            Throughput: 250,
            Iops: 4000,
        } as const;
        const instance = await describe_(
            await run({
                SubnetId: subnetId,
                BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs }],
                TagSpecifications: [{ ResourceType: "volume", Tags: [{ Key: "Name", Value: "root" }] }],
            }),
        );
        const [mapping, ...others] = given(instance.BlockDeviceMappings);
        assert.deepEqual(others, []);
        assert.equal(mapping?.Ebs?.DeleteOnTermination, true);
        const root = await volume(mapping?.Ebs?.VolumeId);
        assert.equal(root.Size, 20);
        assert.deepEqual([root.Encrypted, root.KmsKeyId], [true, key]);
        assert.deepEqual([root.Iops, root.Throughput], [4000, 250]);
        assert.deepEqual(root.Tags, [{ Key: "Name", Value: "root" }]);
        await terminate(instance);
        await refused(volume(root.VolumeId), "InvalidVolume.NotFound");
        const bad = [{ DeviceName: "/dev/xvda", Ebs: { ...Ebs, KmsKeyId: "no-such-key" } }];
        await refused(
            run({ SubnetId: subnetId, BlockDeviceMappings: bad }),
            "InvalidParameterValue",
            /no-such-key/,
        );
    });

    it("attach volumes of their zone, once, which stay when they end", async () => {
        const instance = await describe_(await run({ SubnetId: subnetId }));
        const attach = (VolumeId: string, Device: string) =>
            ec2.send(new AttachVolumeCommand({ VolumeId, Device, InstanceId: instance.InstanceId }));
        const id = await newVolume();
        assert.equal((await attach(id, "/dev/sdf")).State, "attaching");
        const attached = await volume(id);
        assert.equal(attached.State, "in-use");
        assert.equal(attached.Attachments?.[0]?.State, "attached");
        await refused(attach(id, "/dev/sdg"), "VolumeInUse");
        await refused(attach(await newVolume(), "/dev/sdf"), "InvalidParameterValue", /already in use/);
        const elsewhere = await newVolume({ AvailabilityZone: `${REGION}a` });
        await refused(attach(elsewhere, "/dev/sdg"), "InvalidVolume.ZoneMismatch");
        await refused(ec2.send(new DeleteVolumeCommand({ VolumeId: id })), "VolumeInUse");
        await ec2.send(new DetachVolumeCommand({ VolumeId: id }));
        await attach(id, "/dev/sdf");
        await terminate(instance);
        assert.equal((await volume(id)).State, "available");
        await refused(attach(id, "/dev/sdf"), "IncorrectState");
        await ec2.send(new DeleteVolumeCommand({ VolumeId: id }));
    });

    it("have volumes as fast as their type, which grow and never shrink", async () => {
        const gp3 = await volume(await newVolume({ VolumeType: "gp3" }));
        assert.deepEqual([gp3.Iops, gp3.Throughput], [3000, 125]);
        const gp2 = await volume(await newVolume({ VolumeType: "gp2", Size: 100 }));
        assert.deepEqual([gp2.Iops, gp2.Throughput], [300, undefined]);
        const { VolumeId } = gp3;
        await refused(ec2.send(new ModifyVolumeCommand({ VolumeId, Size: 9 })), "InvalidParameterValue");
        await ec2.send(new ModifyVolumeCommand({ VolumeId, Size: 11 }));
        assert.equal((await volume(VolumeId)).Size, 11);
    });

    it("keep what a launch says, change what they may while they run, and nothing else by the way", async () => {
        const group = await network.securityGroup("kept");
        const instance = await describe_(
            await run({
                SubnetId: subnetId,
                SecurityGroupIds: [group],
                DisableApiTermination: true,
                UserData: Buffer.from("first").toString("base64"),
                MaintenanceOptions: { AutoRecovery: "disabled" },
                PrivateDnsNameOptions: { HostnameType: "resource-name" },
                MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1 },
            }),
        );
        const { InstanceId } = instance;
        assert.equal(instance.MaintenanceOptions?.AutoRecovery, "disabled");
        assert.equal(instance.PrivateDnsNameOptions?.HostnameType, "resource-name");
        await refused(terminate(instance), "OperationNotPermitted");
        const modify = (what: object) =>
            ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, ...what }));
        await modify({ InstanceInitiatedShutdownBehavior: { Value: "terminate" } });
        await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, HttpPutResponseHopLimit: 2 }));
        const changed = await describe_(instance);
        assert.deepEqual(
            changed.SecurityGroups?.map(({ GroupId }) => GroupId),
            [group],
        );
        assert.equal(changed.MetadataOptions?.HttpTokens, "required");
        assert.equal(changed.MetadataOptions?.HttpPutResponseHopLimit, 2);

        const data = { UserData: { Value: Buffer.from("second") } };
        await refused(modify(data), "IncorrectInstanceState");
        await ec2.send(new StopInstancesCommand({ InstanceIds: [given(InstanceId)] }));
        await modify(data);
        const command = new DescribeInstanceAttributeCommand({ InstanceId, Attribute: "userData" });
        const { UserData } = await ec2.send(command);
        assert.equal(Buffer.from(given(UserData?.Value), "base64").toString(), "second");
        await modify({ DisableApiTermination: { Value: false } });
        await terminate(instance);
    });
});
