import type {
    BlockDeviceMapping,
    Instance,
    InstanceNetworkInterfaceSpecification,
    RunInstancesRequest,
    VolumeType,
} from "@aws-sdk/client-ec2";
import type { InstanceArgs, InstanceState } from "@pulumi/aws/ec2/instance";

import { oneOf } from "../../server/property";
import type { AwsContext } from "../context";
import { VOLUME_TYPES } from "../ebs";
import { propagated } from "../propagation";
import { resource } from "../resource";
import { conflicts, needs, when } from "../rules";
import { words } from "../text";
import { INSTANCE_DEFAULTS, INSTANCE_NAMES, instanceOutputs } from "./instance-read";
import { defaultTags, describeInstance, type Inputs } from "./instance-support";
import { updateInstance } from "./instance-update";
import { ec2Tags, tagSpecifications } from "./support";

const onOrOff = { validate: oneOf("disabled", "enabled") };

/** On-demand instances in a VPC; disks besides the root volume are volumes of their own, attached to it. */
export const instance = resource<InstanceArgs, InstanceState, Instance>("ec2/instance:Instance", {
    noun: "EC2 Instance",
    fixed: words(
        "ami associatePublicIpAddress availabilityZone ebsOptimized networkInterfaces privateIp subnetId",
    ),
    plain: words(
        "disableApiStop disableApiTermination instanceType monitoring userData volumeTags vpcSecurityGroupIds",
    ),
    remembered: ["forceDestroy", "userDataReplaceOnChange"],
    inputs: {
        forceDestroy: { default: false },
        iamInstanceProfile: { computed: false },
        instanceInitiatedShutdownBehavior: { validate: oneOf("stop", "terminate") },
        maintenanceOptions: { members: { autoRecovery: { validate: oneOf("default", "disabled") } } },
        metadataOptions: {
            members: {
                httpEndpoint: onOrOff,
                httpProtocolIpv6: onOrOff,
                httpPutResponseHopLimit: {},
                httpTokens: { validate: oneOf("optional", "required") },
                instanceMetadataTags: onOrOff,
            },
        },
        networkInterfaces: { kind: "list", same: sameInterfaces },
        primaryNetworkInterface: { members: { networkInterfaceId: { required: true, forceNew: true } } },
        privateDnsNameOptions: {
            members: {
                enableResourceNameDnsARecord: {},
                enableResourceNameDnsAaaaRecord: {},
                hostnameType: { forceNew: true, validate: oneOf("ip-name", "resource-name") },
            },
        },
        rootBlockDevice: {
            members: {
                deleteOnTermination: {},
                encrypted: { forceNew: true },
                iops: {},
                kmsKeyId: { forceNew: true },
                tags: { computed: false },
                throughput: {},
                volumeSize: {},
                volumeType: { validate: oneOf(...VOLUME_TYPES) },
            },
        },
        sourceDestCheck: { computed: true },
        userDataBase64: { computed: false },
        userDataReplaceOnChange: { default: false },
    },
    recomputed: { instanceType: ["publicIp", "publicDns"], volumeTags: ["rootBlockDevice"] },
    rules: [
        needs(["ami", "instanceType"], "; launch templates are not implemented"),
        conflicts(
            "primaryNetworkInterface",
            ...words(
                "associatePublicIpAddress networkInterfaces privateIp sourceDestCheck subnetId vpcSecurityGroupIds",
            ),
        ),
        conflicts(
            "networkInterfaces",
            ...words("associatePublicIpAddress privateIp subnetId vpcSecurityGroupIds"),
        ),
        conflicts("userData", "userDataBase64"),
        ({ rootBlockDevice: root }, isGiven) => [
            ...when(
                root?.tags !== undefined && isGiven("volumeTags"),
                '"volumeTags": conflicts with rootBlockDevice.tags',
            ),
            ...when(
                root?.kmsKeyId !== undefined && !root.encrypted,
                '"rootBlockDevice.kmsKeyId": rootBlockDevice.encrypted must be true',
            ),
        ],
    ],
    replaces: (changed, _olds, { userDataReplaceOnChange }) =>
        userDataReplaceOnChange
            ? (["userData", "userDataBase64"] as const).filter((name) => changed.has(name))
            : [],
    names: INSTANCE_NAMES,
    otherwise: INSTANCE_DEFAULTS,
    find: describeInstance,
    isGone: ({ State }) => State?.Name === "terminated",
    outputs: instanceOutputs,
    async create(inputs, context, request) {
        const input = await runInput(inputs, context);
        const { Instances } = await propagated(
            context,
            // EC2 sees a new instance profile, and the role in it, later than IAM.
            (error) => /Invalid IAM Instance Profile|has no associated IAM Roles/.test(String(error)),
            () => context.aws.ec2.runInstances(request(input)),
        );
        return Instances?.[0]?.InstanceId;
    },
    ready: {
        state: ({ State }) => State?.Name,
        good: ["running", "stopped"],
        bad: ["terminated", "shutting-down"],
        why: ({ StateReason }) => StateReason?.Message,
        seconds: 600,
        says: "to be running or stopped",
    },
    async settle(id, { sourceDestCheck, primaryNetworkInterface }, { aws }) {
        if (sourceDestCheck === false && !primaryNetworkInterface)
            await aws.ec2.modifyInstanceAttribute({ InstanceId: id, SourceDestCheck: { Value: false } });
    },
    update: (id, news, { olds, changed }, context) => updateInstance(id, { news, olds, changed }, context),
    tags: ec2Tags,
    async delete(id, { forceDestroy, disableApiStop, disableApiTermination }, { aws }) {
        const allow = (what: "DisableApiStop" | "DisableApiTermination") =>
            aws.ec2.modifyInstanceAttribute({ InstanceId: id, [what]: { Value: false } });
        if (forceDestroy && disableApiTermination) await allow("DisableApiTermination");
        if (forceDestroy && disableApiStop) await allow("DisableApiStop");
        await aws.ec2.terminateInstances({ InstanceIds: [id] });
    },
    // Its interface, volumes and security groups are in use until it has ended.
    removal: { seconds: 1200, says: "to be terminated" },
});

/** What EC2 takes in another form than the program gives it. */
async function runInput(inputs: Inputs, context: AwsContext): Promise<Partial<RunInstancesRequest>> {
    const { availabilityZone, iamInstanceProfile, monitoring, userData, userDataBase64 } = inputs;
    const nics = interfaces(inputs);
    const volumeTags = {
        ...defaultTags(inputs, context),
        ...(inputs.volumeTags ?? inputs.rootBlockDevice?.tags),
    };
    return {
        MinCount: 1,
        MaxCount: 1,
        ImageId: inputs.ami,
        BlockDeviceMappings: await blockDevices(inputs, context),
        IamInstanceProfile: iamInstanceProfile ? { Name: iamInstanceProfile as string } : undefined,
        Monitoring: monitoring === undefined ? undefined : { Enabled: monitoring },
        NetworkInterfaces: nics,
        Placement: availabilityZone ? { AvailabilityZone: availabilityZone } : undefined,
        PrivateIpAddress: nics ? undefined : inputs.privateIp,
        SecurityGroupIds: nics ? undefined : inputs.vpcSecurityGroupIds,
        SubnetId: nics ? undefined : inputs.subnetId,
        TagSpecifications: [
            ...(tagSpecifications("instance", context) ?? []),
            ...(tagSpecifications("volume", { ...context, tags: volumeTags }) ?? []),
        ],
        UserData: userDataBase64 ?? (userData && Buffer.from(userData).toString("base64")),
    };
}

/** Interfaces that there are, or one that EC2 is to make with or without a public address; else EC2's own choice. */
function interfaces(inputs: Inputs): InstanceNetworkInterfaceSpecification[] | undefined {
    const { primaryNetworkInterface: primary, networkInterfaces = [] } = inputs;
    if (primary) return [{ DeviceIndex: 0, NetworkInterfaceId: primary.networkInterfaceId }];
    if (networkInterfaces.length > 0) {
        return networkInterfaces.map((nic) => ({
            DeleteOnTermination: nic.deleteOnTermination ?? false,
            DeviceIndex: nic.deviceIndex,
            NetworkCardIndex: nic.networkCardIndex,
            NetworkInterfaceId: nic.networkInterfaceId,
        }));
    }
    if (inputs.associatePublicIpAddress === undefined) return undefined;
    return [
        {
            AssociatePublicIpAddress: inputs.associatePublicIpAddress,
            DeviceIndex: 0,
            Groups: inputs.vpcSecurityGroupIds,
            PrivateIpAddress: inputs.privateIp,
            SubnetId: inputs.subnetId,
        },
    ];
}

/** What the program says of the root volume, under the name that the image gives it. */
async function blockDevices(
    { ami = "", rootBlockDevice: root }: Inputs,
    { aws }: AwsContext,
): Promise<BlockDeviceMapping[] | undefined> {
    if (!root) return undefined;
    const { Images } = await aws.ec2.describeImages({ ImageIds: [ami] });
    return [
        {
            DeviceName: Images?.[0]?.RootDeviceName,
            Ebs: {
                DeleteOnTermination: root.deleteOnTermination ?? true,
                // EC2 takes the absence of encryption from the image and the account.
                Encrypted: root.encrypted === true ? true : undefined,
                Iops: root.iops,
                KmsKeyId: root.kmsKeyId,
                Throughput: root.throughput,
                VolumeSize: root.volumeSize,
                VolumeType: root.volumeType as VolumeType,
            },
        },
    ];
}

/** Interfaces are the same ones at the same places; what is left out of one is EC2's choice. */
function sameInterfaces(a: unknown, b: unknown): boolean {
    const keys = (value: unknown) =>
        ((value ?? []) as NonNullable<Inputs["networkInterfaces"]>)
            .map((nic) => [nic.deviceIndex, nic.networkInterfaceId, nic.deleteOnTermination ?? false].join())
            .sort()
            .join(" ");
    return keys(a) === keys(b);
}
