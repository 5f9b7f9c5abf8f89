import type { EbsBlockDevice, Image } from "@aws-sdk/client-ec2";
import type { GetAmiArgs, GetAmiResult } from "@pulumi/aws/ec2/getAmi";

import { fn } from "../resource";
import { words } from "../text";
import { ec2Arn, filters } from "./support";

export const getAmi = fn<GetAmiArgs, GetAmiResult>("ec2/getAmi:getAmi", {
    args: words(
        "allowUnsafeFilter executableUsers filters includeDeprecated mostRecent nameRegex owners tags",
    ),
    async invoke(args, context) {
        const { Images = [] } = await context.aws.ec2.describeImages({
            ExecutableUsers: args.executableUsers,
            Filters: filters({}, args.tags, args.filters),
            IncludeDeprecated: args.includeDeprecated,
            Owners: args.owners,
        });
        const pattern = args.nameRegex === undefined ? undefined : new RegExp(args.nameRegex);
        const matching = Images.filter(({ Name = "" }) => pattern?.test(Name) ?? true);
        const found = newest(matching, args.mostRecent === true);
        const { BlockDeviceMappings: devices = [], ImageId = "", StateReason: reason } = found;
        const root = devices.find(({ DeviceName }) => DeviceName === found.RootDeviceName);
        const outputs = {
            arn: ec2Arn(context, undefined, `image/${ImageId}`),
            blockDeviceMappings: devices.map(({ DeviceName = "", Ebs, NoDevice = "", VirtualName = "" }) => ({
                deviceName: DeviceName,
                ebs: Ebs ? ebsTexts(Ebs) : {},
                noDevice: NoDevice,
                virtualName: VirtualName,
            })),
            id: ImageId,
            rootSnapshotId: root?.Ebs?.SnapshotId ?? "",
            stateReason: { code: reason?.Code ?? "UNSET", message: reason?.Message ?? "UNSET" },
        };
        return { found, outputs };
    },
});

/** The newest image, where there may be several. */
function newest(images: readonly Image[], ofSeveral: boolean): Image {
    const created = ({ CreationDate = "" }: Image) => Date.parse(CreationDate);
    const [first, ...others] = [...images].sort((a, b) => created(b) - created(a));
    if (!first)
        throw new Error("Your query returned no results. Please change your search criteria and try again.");
    if (others.length > 0 && !ofSeveral)
        throw new Error(
            "Your query returned more than one result. Please try a more specific search criteria, or set " +
                "`mostRecent` attribute to true.",
        );
    return first;
}

/** The official provider gives the numbers of a device as texts. */
const ebsTexts = (ebs: EbsBlockDevice): Record<string, string> => ({
    delete_on_termination: String(ebs.DeleteOnTermination ?? false),
    encrypted: String(ebs.Encrypted ?? false),
    iops: String(ebs.Iops ?? 0),
    snapshot_id: ebs.SnapshotId ?? "",
    throughput: String(ebs.Throughput ?? 0),
    volume_initialization_rate: String(ebs.VolumeInitializationRate ?? 0),
    volume_size: String(ebs.VolumeSize ?? 0),
    volume_type: ebs.VolumeType ?? "",
});
