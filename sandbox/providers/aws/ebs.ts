import { createHash } from "node:crypto";

import type { ModifyVolumeRequest, Volume, VolumeAttachment } from "@aws-sdk/client-ec2";
import type { VolumeArgs, VolumeState } from "@pulumi/aws/ebs/volume";
import type { VolumeAttachmentArgs, VolumeAttachmentState } from "@pulumi/aws/ec2/volumeAttachment";

import { done, pending, waitFor } from "../server/clock";
import { orUndefined } from "../server/errors";
import { arn, oneOf } from "../server/property";
import type { AwsContext } from "./context";
import { describeInstance, untilInstanceIs } from "./ec2/instance-support";
import { ec2Arn, ec2Tags, tagSpecifications } from "./ec2/support";
import { resource } from "./resource";
import { when } from "./rules";
import { idParts } from "./text";

/** The official provider's patience, in seconds: for deletions and snapshots, and for all else. */
const DELETE_TIMEOUT_SECONDS = 600;
const TIMEOUT_SECONDS = 300;

export const VOLUME_TYPES = ["gp2", "gp3", "io1", "io2", "sc1", "st1", "standard"] as const;

export const volume = resource<VolumeArgs, VolumeState, Volume>("ebs/volume:Volume", {
    noun: "EBS Volume",
    fixed: ["availabilityZone", "encrypted", "kmsKeyId", "snapshotId"],
    plain: ["iops", "size", "throughput"],
    remembered: ["finalSnapshot"],
    inputs: {
        finalSnapshot: { default: false },
        kmsKeyId: { validate: arn },
        type: { validate: oneOf(...VOLUME_TYPES) },
    },
    recomputed: { type: ["iops", "throughput"] },
    rules: [
        (_inputs, isGiven) =>
            when(!isGiven("size") && !isGiven("snapshotId"), 'one of "size" and "snapshotId" must be set'),
        ({ type, throughput }, isGiven) =>
            when(
                throughput !== undefined && type !== "gp3" && (type !== undefined || !isGiven("type")),
                `'throughput' must not be set when 'type' is '${type ?? "gp2"}': it is for gp3`,
            ),
    ],
    names: { type: "VolumeType" },
    find: describeVolume,
    isGone: ({ State }) => State === "deleted",
    isLeaving: ({ State }) => State === "deleting",
    outputs: async (_found, id, context) => ({
        arn: ec2Arn(context, await context.accountId(), `volume/${id}`),
    }),
    async create(_inputs, context, request) {
        const TagSpecifications = tagSpecifications("volume", context);
        return (await context.aws.ec2.createVolume(request({ TagSpecifications }))).VolumeId;
    },
    ready: {
        state: ({ State }) => State,
        good: ["available", "in-use"],
        bad: ["error"],
        why: () => "its key may not be usable",
        seconds: TIMEOUT_SECONDS,
    },
    update(id, { iops, throughput }, { changed, request }, context) {
        // The numbers of another type are not this one's.
        const ofType = changed.has("type") ? { Iops: iops, Throughput: throughput } : {};
        return modifyVolume(id, request(ofType), context);
    },
    tags: ec2Tags,
    async delete(id, { finalSnapshot }, context) {
        if (finalSnapshot) await takeSnapshot(id, context);
        await context.aws.ec2.deleteVolume({ VolumeId: id });
    },
    removal: { seconds: DELETE_TIMEOUT_SECONDS },
});

async function takeSnapshot(VolumeId: string, context: AwsContext): Promise<void> {
    const { ec2 } = context.aws;
    const TagSpecifications = tagSpecifications("snapshot", context);
    const { SnapshotId = "" } = await ec2.createSnapshot({ VolumeId, TagSpecifications });
    const patience = { timeoutSeconds: DELETE_TIMEOUT_SECONDS, ...context };
    await waitFor(`EBS Snapshot (${SnapshotId}) of EBS Volume (${VolumeId})`, patience, async () => {
        const { Snapshots } = await ec2.describeSnapshots({ SnapshotIds: [SnapshotId] });
        const state = Snapshots?.[0]?.State;
        return state === "completed" ? done(true) : pending(state);
    });
}

/** A volume; undefined when it does not exist. */
export function describeVolume(id: string, { aws }: AwsContext): Promise<Volume | undefined> {
    return orUndefined(async () => (await aws.ec2.describeVolumes({ VolumeIds: [id] })).Volumes?.[0]);
}

/** Changes a volume while it is in use, and waits until it has its new size; what is left is optimising. */
export async function modifyVolume(
    VolumeId: string,
    change: Omit<ModifyVolumeRequest, "VolumeId">,
    context: AwsContext,
): Promise<void> {
    const { ec2 } = context.aws;
    await ec2.modifyVolume({ VolumeId, ...change });
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    await waitFor(`EBS Volume (${VolumeId}) to be modified`, patience, async () => {
        const { VolumesModifications = [] } = await ec2.describeVolumesModifications({
            VolumeIds: [VolumeId],
        });
        const latest = VolumesModifications.sort((a, b) => Number(b.StartTime) - Number(a.StartTime))[0];
        const state = latest?.ModificationState;
        if (state === "failed") throw new Error(`unexpected state 'failed': ${latest?.StatusMessage}`);
        return state === "optimizing" || state === "completed" ? done(true) : pending(state);
    });
}

interface Place {
    deviceName: string;
    volumeId: string;
    instanceId: string;
}

const attachmentParts = idParts(
    /^([^:]+):([^:]+):([^:]+)$/,
    "DEVICE_NAME:VOLUME_ID:INSTANCE_ID",
    "deviceName",
    "volumeId",
    "instanceId",
);

export const volumeAttachment = resource<VolumeAttachmentArgs, VolumeAttachmentState, VolumeAttachment>(
    "ec2/volumeAttachment:VolumeAttachment",
    {
        noun: "EBS Volume Attachment",
        fixed: ["deviceName", "instanceId", "volumeId"],
        remembered: ["forceDetach", "skipDestroy", "stopInstanceBeforeDetaching"],
        async import(id) {
            const known = attachmentParts(id);
            return { id: attachmentId(known), known };
        },
        names: { deviceName: "Device" },
        find: (_id, context, known) => findAttachment(known, context),
        async create(inputs, context, request) {
            const place = inputs as Place;
            // A volume that a former try attached is taken as it is.
            if (!(await findAttachment(place, context))) {
                await untilInstanceIs(["running", "stopped"], place.instanceId, context);
                await context.aws.ec2.attachVolume(request());
            }
            return attachmentId(place);
        },
        ready: {
            state: ({ State }) => State,
            good: ["attached"],
            seconds: TIMEOUT_SECONDS,
            says: "to be attached",
        },
        async delete(_id, state, context) {
            const { deviceName, volumeId, instanceId } = state as Place;
            if (state.skipDestroy || !(await findAttachment(state, context))) return;
            if (state.stopInstanceBeforeDetaching) await stopInstance(instanceId, context);
            await context.aws.ec2.detachVolume({
                Device: deviceName,
                Force: state.forceDetach,
                InstanceId: instanceId,
                VolumeId: volumeId,
            });
        },
        removal: { seconds: TIMEOUT_SECONDS, says: "to be detached" },
    },
);

/** The attachment has no id in AWS. */
function attachmentId({ deviceName, volumeId, instanceId }: Place): string {
    const digest = createHash("sha256").update(`${deviceName}-${instanceId}-${volumeId}-`).digest();
    return `vai-${digest.readUInt32BE(0)}`;
}

async function findAttachment(
    { deviceName, volumeId, instanceId }: Partial<Place>,
    context: AwsContext,
): Promise<VolumeAttachment | undefined> {
    if (!deviceName || !volumeId || !instanceId) return undefined;
    const { Attachments = [] } = (await describeVolume(volumeId, context)) ?? {};
    return Attachments.find(
        ({ Device, InstanceId, State }) =>
            Device === deviceName && InstanceId === instanceId && State !== "detached",
    );
}

/** An instance that has ended, or is about to, needs no stop. */
async function stopInstance(instanceId: string, context: AwsContext): Promise<void> {
    const state = (await describeInstance(instanceId, context))?.State?.Name;
    if (state !== "pending" && state !== "running") return;
    await context.aws.ec2.stopInstances({ InstanceIds: [instanceId] });
    await untilInstanceIs(["stopped"], instanceId, context);
}
