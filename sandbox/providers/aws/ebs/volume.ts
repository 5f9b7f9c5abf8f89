import {
    CreateSnapshotCommand,
    CreateVolumeCommand,
    DeleteVolumeCommand,
    DescribeSnapshotsCommand,
    type VolumeType,
} from "@aws-sdk/client-ec2";
import type { VolumeArgs, VolumeState } from "@pulumi/aws/ebs/volume";

import { done, pending, waitFor } from "../../server/clock";
import { arn, boolean, integer, oneOf, string } from "../../server/property";
import { ec2, ec2Arn, tagEc2, tagsFrom, tagSpecifications } from "../ec2/support";
import { resource } from "../resource";
import { describeVolume, modifyVolume } from "./support";

/** The official provider's patience, in seconds. */
const CREATE_TIMEOUT_SECONDS = 300;
const DELETE_TIMEOUT_SECONDS = 600;

export const volume = resource<VolumeArgs, VolumeState>({
    noun: "EBS Volume",
    properties: {
        availabilityZone: string({ required: true, forceNew: true }),
        encrypted: boolean({ computed: true, forceNew: true }),
        finalSnapshot: boolean({ default: false }),
        iops: integer({ computed: true }),
        kmsKeyId: string({ computed: true, forceNew: true, validate: arn }),
        size: integer({ computed: true }),
        snapshotId: string({ computed: true, forceNew: true }),
        throughput: integer({ computed: true }),
        type: string({
            computed: true,
            validate: oneOf("gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"),
        }),
    },
    recomputed: { type: ["iops", "throughput"] },
    check: ({ size, snapshotId, type, throughput }, isUnknown) => [
        ...(size === undefined && snapshotId === undefined && !isUnknown("size") && !isUnknown("snapshotId")
            ? ['one of "size" and "snapshotId" must be set']
            : []),
        ...(throughput !== undefined && type !== "gp3" && !isUnknown("type")
            ? [`'throughput' must not be set when 'type' is '${type ?? "gp2"}': it is for gp3`]
            : []),
    ],
    async create(inputs, context) {
        const { VolumeId } = await ec2(context).send(
            new CreateVolumeCommand({
                AvailabilityZone: inputs.availabilityZone,
                Encrypted: inputs.encrypted,
                Iops: inputs.iops,
                KmsKeyId: inputs.kmsKeyId,
                Size: inputs.size,
                SnapshotId: inputs.snapshotId,
                TagSpecifications: tagSpecifications("volume", context),
                Throughput: inputs.throughput,
                VolumeType: inputs.type as VolumeType,
            }),
        );
        return VolumeId!;
    },
    async settle(id, _inputs, context) {
        const patience = { timeoutSeconds: CREATE_TIMEOUT_SECONDS, ...context };
        await waitFor(`EBS Volume (${id}) to become available`, patience, async () => {
            const state = (await describeVolume(id, context))?.State;
            if (state === "error") throw new Error("unexpected state 'error': its key may not be usable");
            return state === "available" || state === "in-use" ? done(true) : pending(state);
        });
    },
    async read(id, context) {
        const found = await describeVolume(id, context);
        if (!found || found.State === "deleting" || found.State === "deleted") return undefined;
        return {
            arn: ec2Arn(context, await context.accountId(), `volume/${id}`),
            availabilityZone: found.AvailabilityZone,
            createTime: found.CreateTime?.toISOString().replace(/\.\d+Z$/, "Z"),
            encrypted: found.Encrypted ?? false,
            iops: found.Iops ?? 0,
            kmsKeyId: found.KmsKeyId ?? "",
            multiAttachEnabled: found.MultiAttachEnabled ?? false,
            outpostArn: found.OutpostArn ?? "",
            size: found.Size,
            snapshotId: found.SnapshotId ?? "",
            tags: tagsFrom(found.Tags),
            throughput: found.Throughput ?? 0,
            type: found.VolumeType,
            volumeInitializationRate: 0,
        };
    },
    async update(id, news, { changed }, context) {
        if (!["iops", "size", "throughput", "type"].some((name) => changed.has(name))) return;
        await modifyVolume(
            id,
            {
                // The numbers of another type are not this one's.
                Iops: changed.has("iops") || changed.has("type") ? news.iops : undefined,
                Size: changed.has("size") ? news.size : undefined,
                Throughput: changed.has("throughput") || changed.has("type") ? news.throughput : undefined,
                VolumeType: changed.has("type") ? (news.type as VolumeType) : undefined,
            },
            context,
        );
    },
    tag: tagEc2,
    async delete(id, { finalSnapshot }, context) {
        const patience = { timeoutSeconds: DELETE_TIMEOUT_SECONDS, ...context };
        if (finalSnapshot) {
            const { SnapshotId } = await ec2(context).send(
                new CreateSnapshotCommand({
                    VolumeId: id,
                    TagSpecifications: tagSpecifications("snapshot", context),
                }),
            );
            await waitFor(`EBS Snapshot (${SnapshotId}) of EBS Volume (${id})`, patience, async () => {
                const command = new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId ?? ""] });
                const state = (await ec2(context).send(command)).Snapshots?.[0]?.State;
                return state === "completed" ? done(true) : pending(state);
            });
        }
        await ec2(context).send(new DeleteVolumeCommand({ VolumeId: id }));
        await waitFor(`EBS Volume (${id}) to be deleted`, patience, async () => {
            const state = (await describeVolume(id, context))?.State;
            return state === undefined || state === "deleted" ? done(true) : pending(state);
        });
    },
});
