import {
    DescribeInstanceAttributeCommand,
    type Instance,
    type InstanceAttributeName,
    type InstanceNetworkInterface,
} from "@aws-sdk/client-ec2";

import type { PropertyMap } from "../../server/values";
import type { AwsContext } from "../context";
import { describeVolume } from "../ebs/support";
import { defaultTags, type InstanceInputs } from "./instance-inputs";
import { describeInstance } from "./instance-support";
import { ec2, ec2Arn, tagsFrom } from "./support";

/** What an instance is like; undefined when it does not exist or has ended. */
export async function readInstance(
    id: string,
    context: AwsContext,
    known: InstanceInputs,
): Promise<PropertyMap | undefined> {
    const found = await describeInstance(id, context);
    // AWS shows an instance that was terminated for about an hour.
    if (!found || found.State?.Name === "terminated") return undefined;
    const nics = found.NetworkInterfaces ?? [];
    const primary = nics.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
    const metadata = found.MetadataOptions;
    const dns = found.PrivateDnsNameOptions;
    return {
        ami: found.ImageId,
        arn: ec2Arn(context, primary?.OwnerId ?? (await context.accountId()), `instance/${id}`),
        associatePublicIpAddress: primary?.Association?.PublicIp !== undefined,
        availabilityZone: found.Placement?.AvailabilityZone,
        ...(await attributes(id, known, context)),
        ...(await disks(found, known, context)),
        ebsOptimized: found.EbsOptimized ?? false,
        enclaveOptions: { enabled: found.EnclaveOptions?.Enabled ?? false },
        getPasswordData: false,
        hibernation: found.HibernationOptions?.Configured ?? false,
        hostId: found.Placement?.HostId ?? "",
        iamInstanceProfile: found.IamInstanceProfile?.Arn?.split("/").at(-1) ?? "",
        instanceLifecycle: found.InstanceLifecycle ?? "",
        instanceState: found.State?.Name,
        instanceType: found.InstanceType,
        ipv6AddressCount: 0,
        ipv6Addresses: [],
        keyName: found.KeyName ?? "",
        maintenanceOptions: { autoRecovery: found.MaintenanceOptions?.AutoRecovery ?? "default" },
        metadataOptions: {
            httpEndpoint: metadata?.HttpEndpoint,
            httpProtocolIpv6: metadata?.HttpProtocolIpv6 ?? "disabled",
            httpPutResponseHopLimit: metadata?.HttpPutResponseHopLimit,
            httpTokens: metadata?.HttpTokens,
            instanceMetadataTags: metadata?.InstanceMetadataTags ?? "disabled",
        },
        monitoring: /^(enabled|pending)$/.test(found.Monitoring?.State ?? ""),
        networkInterfaces: known.networkInterfaces?.length ? nics.map(givenInterface) : [],
        outpostArn: found.OutpostArn ?? "",
        passwordData: "",
        placementGroup: found.Placement?.GroupName ?? "",
        placementGroupId: found.Placement?.GroupId ?? "",
        placementPartitionNumber: found.Placement?.PartitionNumber ?? 0,
        primaryNetworkInterface: primary && {
            deleteOnTermination: primary.Attachment?.DeleteOnTermination ?? false,
            networkInterfaceId: primary.NetworkInterfaceId,
        },
        primaryNetworkInterfaceId: primary?.NetworkInterfaceId ?? "",
        privateDns: found.PrivateDnsName ?? "",
        privateDnsNameOptions: {
            enableResourceNameDnsARecord: dns?.EnableResourceNameDnsARecord ?? false,
            enableResourceNameDnsAaaaRecord: dns?.EnableResourceNameDnsAAAARecord ?? false,
            hostnameType: dns?.HostnameType ?? "ip-name",
        },
        privateIp: found.PrivateIpAddress,
        publicDns: found.PublicDnsName ?? "",
        publicIp: found.PublicIpAddress ?? "",
        secondaryPrivateIps: (primary?.PrivateIpAddresses ?? []).flatMap(({ Primary, PrivateIpAddress }) =>
            Primary ? [] : (PrivateIpAddress ?? []),
        ),
        securityGroups: [],
        sourceDestCheck: primary?.SourceDestCheck ?? found.SourceDestCheck ?? true,
        spotInstanceRequestId: found.SpotInstanceRequestId ?? "",
        subnetId: primary?.SubnetId ?? found.SubnetId ?? "",
        tags: tagsFrom(found.Tags),
        tenancy: found.Placement?.Tenancy ?? "default",
        vpcSecurityGroupIds: (found.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    };
}

function givenInterface({ Attachment, NetworkInterfaceId }: InstanceNetworkInterface) {
    return {
        deleteOnTermination: Attachment?.DeleteOnTermination ?? false,
        deviceIndex: Attachment?.DeviceIndex ?? 0,
        networkCardIndex: Attachment?.NetworkCardIndex ?? 0,
        networkInterfaceId: NetworkInterfaceId ?? "",
    };
}

/** What EC2 tells of an instance one at a time. */
async function attributes(id: string, known: InstanceInputs, context: AwsContext): Promise<PropertyMap> {
    const ask = (Attribute: InstanceAttributeName) =>
        ec2(context).send(new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute }));
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
async function disks(found: Instance, known: InstanceInputs, context: AwsContext): Promise<PropertyMap> {
    const mapping = found.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === found.RootDeviceName);
    const volume = mapping?.Ebs?.VolumeId && (await describeVolume(mapping.Ebs.VolumeId, context));
    if (!volume) return {};
    const tagsAll = tagsFrom(volume.Tags);
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
            deviceName: mapping.DeviceName,
            encrypted: volume.Encrypted ?? false,
            iops: volume.Iops ?? 0,
            kmsKeyId: volume.KmsKeyId ?? "",
            tags: volumeTags ? {} : own,
            tagsAll,
            throughput: volume.Throughput ?? 0,
            volumeId: volume.VolumeId,
            volumeSize: volume.Size,
            volumeType: volume.VolumeType,
        },
        ...(volumeTags ? { volumeTags: own } : {}),
    };
}
