import type { Instance, InstanceAttributeName, InstanceNetworkInterface } from "@aws-sdk/client-ec2";

import { mapOf } from "../api";
import type { AwsContext } from "../context";
import { describeVolume } from "../ebs";
import { defaultTags, type State } from "./instance-support";
import { ec2Arn } from "./support";

/** Where an instance's description has what the SDK names otherwise. */
export const INSTANCE_NAMES = {
    ami: "ImageId",
    availabilityZone: "Placement.AvailabilityZone",
    enableResourceNameDnsAaaaRecord: "EnableResourceNameDnsAAAARecord",
    hibernation: "HibernationOptions.Configured",
    hostId: "Placement.HostId",
    instanceState: "State.Name",
    placementGroup: "Placement.GroupName",
    placementGroupId: "Placement.GroupId",
    placementPartitionNumber: "Placement.PartitionNumber",
    privateDns: "PrivateDnsName",
    privateIp: "PrivateIpAddress",
    publicDns: "PublicDnsName",
    publicIp: "PublicIpAddress",
    tenancy: "Placement.Tenancy",
};

/** What EC2 means by leaving something out of the description of an instance. */
export const INSTANCE_DEFAULTS = {
    autoRecovery: "default",
    enclaveOptions: { enabled: false },
    hostnameType: "ip-name",
    httpProtocolIpv6: "disabled",
    instanceMetadataTags: "disabled",
    tenancy: "default",
};

/** What of an instance is not in its description under its name. */
export async function instanceOutputs(
    found: Instance,
    id: string,
    context: AwsContext,
    known: State,
): Promise<State> {
    const nics = found.NetworkInterfaces ?? [];
    const primary = nics.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
    return {
        arn: ec2Arn(context, primary?.OwnerId ?? (await context.accountId()), `instance/${id}`),
        associatePublicIpAddress: primary?.Association?.PublicIp !== undefined,
        ...(await attributes(id, known, context)),
        ...(await disks(found, known, context)),
        iamInstanceProfile: found.IamInstanceProfile?.Arn?.split("/").at(-1) ?? "",
        monitoring: /^(enabled|pending)$/.test(found.Monitoring?.State ?? ""),
        networkInterfaces: known.networkInterfaces?.length ? nics.map(givenInterface) : [],
        primaryNetworkInterface: primary && {
            deleteOnTermination: primary.Attachment?.DeleteOnTermination ?? false,
            networkInterfaceId: primary.NetworkInterfaceId ?? "",
        },
        primaryNetworkInterfaceId: primary?.NetworkInterfaceId ?? "",
        secondaryPrivateIps: (primary?.PrivateIpAddresses ?? []).flatMap(({ Primary, PrivateIpAddress }) =>
            Primary ? [] : (PrivateIpAddress ?? []),
        ),
        // Groups by name are for instances outside of a VPC.
        securityGroups: [],
        sourceDestCheck: primary?.SourceDestCheck ?? found.SourceDestCheck ?? true,
        subnetId: primary?.SubnetId ?? found.SubnetId ?? "",
        vpcSecurityGroupIds: (found.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    };
}

const givenInterface = ({ Attachment, NetworkInterfaceId }: InstanceNetworkInterface) => ({
    deleteOnTermination: Attachment?.DeleteOnTermination ?? false,
    deviceIndex: Attachment?.DeviceIndex ?? 0,
    networkCardIndex: Attachment?.NetworkCardIndex ?? 0,
    networkInterfaceId: NetworkInterfaceId ?? "",
});

/** What EC2 gives one call at a time. */
async function attributes(InstanceId: string, known: State, { aws }: AwsContext): Promise<State> {
    const ask = (Attribute: InstanceAttributeName) =>
        aws.ec2.describeInstanceAttribute({ InstanceId, Attribute });
    const [stop, termination, shutdown, data] = await Promise.all([
        ask("disableApiStop"),
        ask("disableApiTermination"),
        ask("instanceInitiatedShutdownBehavior"),
        ask("userData"),
    ]);
    const encoded = data.UserData?.Value ?? "";
    // It shows in the form in which the program gives it.
    const userData = known.userDataBase64
        ? { userData: "", userDataBase64: encoded }
        : { userData: Buffer.from(encoded, "base64").toString(), userDataBase64: "" };
    return {
        disableApiStop: stop.DisableApiStop?.Value ?? false,
        disableApiTermination: termination.DisableApiTermination?.Value ?? false,
        instanceInitiatedShutdownBehavior: shutdown.InstanceInitiatedShutdownBehavior?.Value ?? "stop",
        ...userData,
    };
}

/** The root volume, and the tags of all volumes where the program gives them together. */
async function disks(found: Instance, known: State, context: AwsContext): Promise<State> {
    const mapping = found.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === found.RootDeviceName);
    const volume = mapping?.Ebs?.VolumeId && (await describeVolume(mapping.Ebs.VolumeId, context));
    if (!volume) return { rootBlockDevice: undefined };
    const tagsAll = mapOf(volume.Tags);
    const defaults = defaultTags(known, context);
    const own = Object.fromEntries(
        Object.entries(tagsAll).filter(
            ([key, value]) => defaults[key] !== value || known.rootBlockDevice?.tags?.[key] === value,
        ),
    );
    const { volumeTags } = known;
    return {
        rootBlockDevice: {
            deleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? false,
            deviceName: mapping.DeviceName ?? "",
            encrypted: volume.Encrypted ?? false,
            iops: volume.Iops ?? 0,
            kmsKeyId: volume.KmsKeyId ?? "",
            tags: volumeTags ? {} : own,
            tagsAll,
            throughput: volume.Throughput ?? 0,
            volumeId: volume.VolumeId ?? "",
            volumeSize: volume.Size ?? 0,
            volumeType: volume.VolumeType ?? "",
        },
        volumeTags: volumeTags && own,
    };
}
