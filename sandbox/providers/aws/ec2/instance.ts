import {
    DescribeImagesCommand,
    ModifyInstanceAttributeCommand,
    RunInstancesCommand,
    TerminateInstancesCommand,
    type _InstanceType as InstanceType,
    type BlockDeviceMapping,
    type InstanceNetworkInterfaceSpecification,
    type RunInstancesCommandInput,
    type TagSpecification,
    type VolumeType,
} from "@aws-sdk/client-ec2";
import type { InstanceArgs, InstanceState } from "@pulumi/aws/ec2/instance";

import { done, pending, retryWhile, waitFor } from "../../server/clock";
import { boolean, integer, list, map, objectOf, oneOf, set, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { defaultTags, type InstanceInputs } from "./instance-inputs";
import { readInstance } from "./instance-read";
import { describeInstance, untilInstanceIs } from "./instance-support";
import { updateInstance } from "./instance-update";
import { ec2, tagEc2, tagSpecifications } from "./support";

/** The official provider's patience, in seconds. */
const DELETE_TIMEOUT_SECONDS = 1200;
/** How long an instance profile that was just made may stay unknown to EC2, in seconds; the official provider's. */
const PROPAGATION_SECONDS = 120;

/** On-demand instances in a VPC; disks besides the root volume are volumes of their own, attached to it. */
export const instance = resource<InstanceArgs, InstanceState>({
    noun: "EC2 Instance",
    properties: {
        ami: string({ computed: true, forceNew: true }),
        associatePublicIpAddress: boolean({ computed: true, forceNew: true }),
        availabilityZone: string({ computed: true, forceNew: true }),
        disableApiStop: boolean({ computed: true }),
        disableApiTermination: boolean({ computed: true }),
        ebsOptimized: boolean({ computed: true, forceNew: true }),
        forceDestroy: boolean({ default: false }),
        iamInstanceProfile: string(),
        instanceInitiatedShutdownBehavior: string({ computed: true, validate: oneOf("stop", "terminate") }),
        instanceType: string({ computed: true }),
        maintenanceOptions: objectOf(
            { autoRecovery: string({ computed: true, validate: oneOf("default", "disabled") }) },
            { computed: true },
        ),
        metadataOptions: objectOf(
            {
                httpEndpoint: string({ computed: true, validate: oneOf("disabled", "enabled") }),
                httpProtocolIpv6: string({ computed: true, validate: oneOf("disabled", "enabled") }),
                httpPutResponseHopLimit: integer({ computed: true }),
                httpTokens: string({ computed: true, validate: oneOf("optional", "required") }),
                instanceMetadataTags: string({ computed: true, validate: oneOf("disabled", "enabled") }),
            },
            { computed: true },
        ),
        monitoring: boolean({ computed: true }),
        networkInterfaces: list({ computed: true, forceNew: true, same: sameInterfaces }),
        primaryNetworkInterface: objectOf(
            { networkInterfaceId: string({ required: true, forceNew: true }) },
            { computed: true, outputs: ["deleteOnTermination"] },
        ),
        privateDnsNameOptions: objectOf(
            {
                enableResourceNameDnsARecord: boolean({ computed: true }),
                enableResourceNameDnsAaaaRecord: boolean({ computed: true }),
                hostnameType: string({
                    computed: true,
                    forceNew: true,
                    validate: oneOf("ip-name", "resource-name"),
                }),
            },
            { computed: true },
        ),
        privateIp: string({ computed: true, forceNew: true }),
        rootBlockDevice: objectOf(
            {
                deleteOnTermination: boolean({ computed: true }),
                encrypted: boolean({ computed: true, forceNew: true }),
                iops: integer({ computed: true }),
                kmsKeyId: string({ computed: true, forceNew: true }),
                tags: map(),
                throughput: integer({ computed: true }),
                volumeSize: integer({ computed: true }),
                volumeType: string({
                    computed: true,
                    validate: oneOf("gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"),
                }),
            },
            { computed: true, outputs: ["deviceName", "tagsAll", "volumeId"] },
        ),
        sourceDestCheck: boolean({ computed: true }),
        subnetId: string({ computed: true, forceNew: true }),
        userData: string(),
        userDataBase64: string(),
        userDataReplaceOnChange: boolean({ default: false }),
        volumeTags: map(),
        vpcSecurityGroupIds: set({ computed: true }),
    },
    recomputed: { instanceType: ["publicIp", "publicDns"], volumeTags: ["rootBlockDevice"] },
    check: checkInstance,
    replaces: (changed, _olds, { userDataReplaceOnChange }) =>
        userDataReplaceOnChange
            ? (["userData", "userDataBase64"] as const).filter((name) => changed.has(name))
            : [],
    async create(inputs, context) {
        const input = await runInput(inputs as RunInputs, context);
        // EC2 sees a new instance profile, and the role in it, later than IAM.
        const isUnknownYet = (error: unknown) =>
            /Invalid IAM Instance Profile|has no associated IAM Roles/.test(String(error));
        const patience = { ...context, timeoutSeconds: PROPAGATION_SECONDS };
        const { Instances } = await retryWhile(isUnknownYet, patience, () =>
            ec2(context).send(new RunInstancesCommand(input)),
        );
        return Instances![0]!.InstanceId!;
    },
    async settle(id, inputs, context) {
        await untilInstanceIs(["running", "stopped"], id, context);
        if (inputs.sourceDestCheck === false && !inputs.primaryNetworkInterface) {
            const command = new ModifyInstanceAttributeCommand({
                InstanceId: id,
                SourceDestCheck: { Value: false },
            });
            await ec2(context).send(command);
        }
    },
    read: (id, context, known) => readInstance(id, context, known),
    update: (id, news, { olds, changed }, context) =>
        updateInstance(id, { news, olds, changed } as Parameters<typeof updateInstance>[1], context),
    tag: tagEc2,
    async delete(id, { forceDestroy, disableApiStop, disableApiTermination }, context) {
        if (forceDestroy && disableApiTermination) await allow(id, "DisableApiTermination", context);
        if (forceDestroy && disableApiStop) await allow(id, "DisableApiStop", context);
        await ec2(context).send(new TerminateInstancesCommand({ InstanceIds: [id] }));
        // Its interface, volumes and security groups are in use until it has ended.
        const patience = { timeoutSeconds: DELETE_TIMEOUT_SECONDS, ...context };
        await waitFor(`EC2 Instance (${id}) to be terminated`, patience, async () => {
            const state = (await describeInstance(id, context))?.State?.Name;
            return state === undefined || state === "terminated" ? done(true) : pending(state);
        });
    },
});

type RunInputs = InstanceInputs & {
    ami?: string;
    associatePublicIpAddress?: boolean;
    availabilityZone?: string;
    disableApiStop?: boolean;
    disableApiTermination?: boolean;
    ebsOptimized?: boolean;
    iamInstanceProfile?: string;
    instanceInitiatedShutdownBehavior?: string;
    instanceType?: string;
    maintenanceOptions?: { autoRecovery?: string };
    metadataOptions?: Record<string, string | number>;
    monitoring?: boolean;
    privateDnsNameOptions?: Record<string, unknown>;
    privateIp?: string;
    subnetId?: string;
    vpcSecurityGroupIds?: string[];
};

type Check = NonNullable<Parameters<typeof resource<InstanceArgs, InstanceState>>[0]["check"]>;

/** Combinations that EC2 refuses, and those that say two things at once. */
function checkInstance(...[inputs, isUnknown]: Parameters<Check>): string[] {
    const isGiven = (name: keyof InstanceArgs) => isUnknown(name) || inputs[name] !== undefined;
    const conflicts: [keyof InstanceArgs, readonly (keyof InstanceArgs)[]][] = [
        [
            "primaryNetworkInterface",
            [
                "associatePublicIpAddress",
                "networkInterfaces",
                "privateIp",
                "sourceDestCheck",
                "subnetId",
                "vpcSecurityGroupIds",
            ],
        ],
        ["networkInterfaces", ["associatePublicIpAddress", "privateIp", "subnetId", "vpcSecurityGroupIds"]],
        ["userData", ["userDataBase64"]],
    ];
    const root = inputs.rootBlockDevice;
    return [
        ...(["ami", "instanceType"] as const)
            .filter((name) => !isGiven(name))
            .map(
                (name) =>
                    `Missing required argument: "${name}" is required; launch templates are not implemented`,
            ),
        ...conflicts.flatMap(([name, others]) =>
            isGiven(name) ? others.filter(isGiven).map((other) => `"${name}": conflicts with ${other}`) : [],
        ),
        ...(root?.tags && isGiven("volumeTags") ? ['"volumeTags": conflicts with rootBlockDevice.tags'] : []),
        ...(root?.kmsKeyId && !root.encrypted
            ? ['"rootBlockDevice.kmsKeyId": rootBlockDevice.encrypted must be true']
            : []),
    ];
}

async function runInput(inputs: RunInputs, context: AwsContext): Promise<RunInstancesCommandInput> {
    const { userData, userDataBase64, metadataOptions: metadata } = inputs;
    const nics = interfaces(inputs);
    return {
        MinCount: 1,
        MaxCount: 1,
        ImageId: inputs.ami,
        InstanceType: inputs.instanceType as InstanceType,
        BlockDeviceMappings: await blockDevices(inputs, context),
        DisableApiStop: inputs.disableApiStop,
        DisableApiTermination: inputs.disableApiTermination,
        EbsOptimized: inputs.ebsOptimized,
        IamInstanceProfile: inputs.iamInstanceProfile ? { Name: inputs.iamInstanceProfile } : undefined,
        InstanceInitiatedShutdownBehavior:
            inputs.instanceInitiatedShutdownBehavior as RunInstancesCommandInput["InstanceInitiatedShutdownBehavior"],
        MaintenanceOptions: inputs.maintenanceOptions && {
            AutoRecovery: inputs.maintenanceOptions.autoRecovery as "default" | "disabled",
        },
        MetadataOptions: metadata && {
            HttpEndpoint: metadata.httpEndpoint as "enabled",
            HttpProtocolIpv6: metadata.httpProtocolIpv6 as "enabled",
            HttpPutResponseHopLimit: metadata.httpPutResponseHopLimit as number,
            HttpTokens: metadata.httpTokens as "required",
            InstanceMetadataTags: metadata.instanceMetadataTags as "enabled",
        },
        Monitoring: inputs.monitoring === undefined ? undefined : { Enabled: inputs.monitoring },
        NetworkInterfaces: nics,
        Placement: inputs.availabilityZone ? { AvailabilityZone: inputs.availabilityZone } : undefined,
        PrivateDnsNameOptions: inputs.privateDnsNameOptions && {
            EnableResourceNameDnsARecord: inputs.privateDnsNameOptions
                .enableResourceNameDnsARecord as boolean,
            EnableResourceNameDnsAAAARecord: inputs.privateDnsNameOptions
                .enableResourceNameDnsAaaaRecord as boolean,
            HostnameType: inputs.privateDnsNameOptions.hostnameType as "ip-name",
        },
        PrivateIpAddress: nics ? undefined : inputs.privateIp,
        SecurityGroupIds: nics ? undefined : inputs.vpcSecurityGroupIds,
        SubnetId: nics ? undefined : inputs.subnetId,
        TagSpecifications: [
            ...(tagSpecifications("instance", context) ?? []),
            ...volumeTagSpecification(inputs, context),
        ],
        UserData:
            userDataBase64 ?? (userData === undefined ? undefined : Buffer.from(userData).toString("base64")),
    };
}

/** Interfaces that there are, or one that EC2 is to make with or without a public address; else EC2's own choice. */
function interfaces(inputs: RunInputs): InstanceNetworkInterfaceSpecification[] | undefined {
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
    { ami = "", rootBlockDevice: root }: RunInputs,
    context: AwsContext,
): Promise<BlockDeviceMapping[] | undefined> {
    if (!root) return undefined;
    const { Images } = await ec2(context).send(new DescribeImagesCommand({ ImageIds: [ami] }));
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

function volumeTagSpecification(inputs: RunInputs, context: AwsContext): TagSpecification[] {
    const own = inputs.volumeTags ?? inputs.rootBlockDevice?.tags ?? {};
    const tags = { ...defaultTags(inputs, context), ...own };
    return tagSpecifications("volume", { ...context, tags }) ?? [];
}

/** Interfaces are the same ones at the same places; what is left out of one is EC2's choice. */
function sameInterfaces(a: unknown, b: unknown): boolean {
    const keys = (value: unknown) =>
        ((value ?? []) as NonNullable<InstanceInputs["networkInterfaces"]>)
            .map((nic) => [nic.deviceIndex, nic.networkInterfaceId, nic.deleteOnTermination ?? false].join())
            .sort()
            .join(" ");
    return keys(a) === keys(b);
}

const allow = (InstanceId: string, what: "DisableApiStop" | "DisableApiTermination", context: AwsContext) =>
    ec2(context).send(new ModifyInstanceAttributeCommand({ InstanceId, [what]: { Value: false } }));
