import { DescribeImagesCommand, type EbsBlockDevice, type Image } from "@aws-sdk/client-ec2";
import type { GetAmiArgs, GetAmiResult } from "@pulumi/aws/ec2/getAmi";

import { fn } from "../resource";
import { ec2, ec2Arn, filters, tagFilters, tagsFrom } from "./support";

export const getAmi = fn<GetAmiArgs, GetAmiResult>({
    args: [
        "allowUnsafeFilter",
        "executableUsers",
        "filters",
        "includeDeprecated",
        "mostRecent",
        "nameRegex",
        "owners",
        "tags",
    ],
    async invoke(args, context) {
        const { Images = [] } = await ec2(context).send(
            new DescribeImagesCommand({
                ExecutableUsers: args.executableUsers,
                Filters: filters(tagFilters(args.tags), args.filters),
                IncludeDeprecated: args.includeDeprecated,
                Owners: args.owners,
            }),
        );
        const pattern = args.nameRegex === undefined ? undefined : new RegExp(args.nameRegex);
        const found = newestFirst(Images.filter(({ Name = "" }) => pattern?.test(Name) ?? true));
        const [image, ...others] = found;
        if (!image)
            throw new Error(
                "Your query returned no results. Please change your search criteria and try again.",
            );
        if (others.length > 0 && !args.mostRecent)
            throw new Error(
                "Your query returned more than one result. Please try a more specific search criteria, or set " +
                    "`mostRecent` attribute to true.",
            );
        const root = image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName);
        const id = image.ImageId ?? "";
        return {
            ...args,
            architecture: image.Architecture,
            arn: ec2Arn(context, undefined, `image/${id}`),
            blockDeviceMappings: (image.BlockDeviceMappings ?? []).map((mapping) => ({
                deviceName: mapping.DeviceName ?? "",
                ebs: mapping.Ebs ? ebsTexts(mapping.Ebs) : {},
                noDevice: mapping.NoDevice ?? "",
                virtualName: mapping.VirtualName ?? "",
            })),
            bootMode: image.BootMode ?? "",
            creationDate: image.CreationDate,
            deprecationTime: image.DeprecationTime ?? "",
            description: image.Description ?? "",
            enaSupport: image.EnaSupport ?? false,
            hypervisor: image.Hypervisor ?? "",
            id,
            imageId: id,
            imageLocation: image.ImageLocation ?? "",
            imageOwnerAlias: image.ImageOwnerAlias ?? "",
            imageType: image.ImageType,
            imdsSupport: image.ImdsSupport ?? "",
            kernelId: image.KernelId ?? "",
            lastLaunchedTime: image.LastLaunchedTime ?? "",
            name: image.Name,
            ownerId: image.OwnerId,
            platform: image.Platform ?? "",
            platformDetails: image.PlatformDetails ?? "",
            productCodes: (image.ProductCodes ?? []).map(({ ProductCodeId, ProductCodeType }) => ({
                productCodeId: ProductCodeId ?? "",
                productCodeType: ProductCodeType ?? "",
            })),
            public: image.Public ?? false,
            ramdiskId: image.RamdiskId ?? "",
            region: context.region,
            rootDeviceName: image.RootDeviceName ?? "",
            rootDeviceType: image.RootDeviceType,
            rootSnapshotId: root?.Ebs?.SnapshotId ?? "",
            sriovNetSupport: image.SriovNetSupport ?? "",
            state: image.State,
            stateReason: {
                code: image.StateReason?.Code ?? "UNSET",
                message: image.StateReason?.Message ?? "UNSET",
            },
            tags: tagsFrom(image.Tags),
            tpmSupport: image.TpmSupport ?? "",
            usageOperation: image.UsageOperation ?? "",
            virtualizationType: image.VirtualizationType,
        };
    },
});

const newestFirst = (images: Image[]): Image[] =>
    [...images].sort((a, b) => Date.parse(b.CreationDate ?? "") - Date.parse(a.CreationDate ?? ""));

/** The official provider gives the numbers of a device as texts. */
function ebsTexts(ebs: EbsBlockDevice): Record<string, string> {
    return {
        delete_on_termination: String(ebs.DeleteOnTermination ?? false),
        encrypted: String(ebs.Encrypted ?? false),
        iops: String(ebs.Iops ?? 0),
        snapshot_id: ebs.SnapshotId ?? "",
        throughput: String(ebs.Throughput ?? 0),
        volume_initialization_rate: String(ebs.VolumeInitializationRate ?? 0),
        volume_size: String(ebs.VolumeSize ?? 0),
        volume_type: ebs.VolumeType ?? "",
    };
}
