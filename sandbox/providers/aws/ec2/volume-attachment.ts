import { createHash } from "node:crypto";

import {
    AttachVolumeCommand,
    DetachVolumeCommand,
    StopInstancesCommand,
    type VolumeAttachment,
} from "@aws-sdk/client-ec2";
import type { VolumeAttachmentArgs, VolumeAttachmentState } from "@pulumi/aws/ec2/volumeAttachment";

import { done, pending, waitFor } from "../../server/clock";
import { boolean, string } from "../../server/property";
import type { AwsContext } from "../context";
import { describeVolume } from "../ebs/support";
import { resource } from "../resource";
import { describeInstance, untilInstanceIs } from "./instance-support";
import { ec2 } from "./support";

/** The official provider's patience, in seconds. */
const TIMEOUT_SECONDS = 300;

export const volumeAttachment = resource<VolumeAttachmentArgs, VolumeAttachmentState>({
    noun: "EBS Volume Attachment",
    properties: {
        deviceName: string({ required: true, forceNew: true }),
        forceDetach: boolean(),
        instanceId: string({ required: true, forceNew: true }),
        skipDestroy: boolean(),
        stopInstanceBeforeDetaching: boolean(),
        volumeId: string({ required: true, forceNew: true }),
    },
    async import(id) {
        const [deviceName, volumeId, instanceId, ...rest] = id.split(":");
        if (!deviceName || !volumeId || !instanceId || rest.length > 0)
            throw new Error(`unexpected format for ID (${id}), expected DEVICE_NAME:VOLUME_ID:INSTANCE_ID`);
        const known = { deviceName, volumeId, instanceId };
        return { id: idOf(known), known };
    },
    async create(inputs, context) {
        const { deviceName, volumeId, instanceId } = inputs as Place;
        // A volume that was attached by a former try is taken for what it is.
        if (!(await find({ deviceName, volumeId, instanceId }, context))) {
            await untilInstanceIs(["running", "stopped"], instanceId, context);
            const input = { Device: deviceName, InstanceId: instanceId, VolumeId: volumeId };
            await ec2(context).send(new AttachVolumeCommand(input));
        }
        return idOf({ deviceName, volumeId, instanceId });
    },
    async settle(_id, inputs, context) {
        const { volumeId, instanceId } = inputs as Place;
        const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
        await waitFor(`EBS Volume (${volumeId}) to be attached to ${instanceId}`, patience, async () => {
            const state = (await find(inputs, context))?.State;
            return state === "attached" ? done(true) : pending(state);
        });
    },
    async read(_id, context, known) {
        const { deviceName, volumeId, instanceId } = known;
        if (!deviceName || !volumeId || !instanceId) return undefined;
        const found = await find({ deviceName, volumeId, instanceId }, context);
        return found && { deviceName, volumeId, instanceId };
    },
    // What changes in place says how to detach, and is AWS's nothing.
    async update() {},
    async delete(_id, state, context) {
        const { deviceName, volumeId, instanceId } = state as Place;
        if (state.skipDestroy || !(await find({ deviceName, volumeId, instanceId }, context))) return;
        if (state.stopInstanceBeforeDetaching) await stop(instanceId, context);
        await ec2(context).send(
            new DetachVolumeCommand({
                Device: deviceName,
                Force: state.forceDetach,
                InstanceId: instanceId,
                VolumeId: volumeId,
            }),
        );
        const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
        await waitFor(`EBS Volume (${volumeId}) to be detached from ${instanceId}`, patience, async () => {
            const found = await find({ deviceName, volumeId, instanceId }, context);
            return found && found.State !== "detached" ? pending(found.State) : done(true);
        });
    },
});

interface Place {
    deviceName: string;
    volumeId: string;
    instanceId: string;
}

/** The attachment has no id in AWS. */
function idOf({ deviceName, volumeId, instanceId }: Place): string {
    const digest = createHash("sha256").update(`${deviceName}-${instanceId}-${volumeId}-`).digest();
    return `vai-${digest.readUInt32BE(0)}`;
}

async function find(
    { deviceName, volumeId, instanceId }: Place,
    context: AwsContext,
): Promise<VolumeAttachment | undefined> {
    const { Attachments = [] } = (await describeVolume(volumeId, context)) ?? {};
    return Attachments.find(
        ({ Device, InstanceId, State }) =>
            Device === deviceName && InstanceId === instanceId && State !== "detached",
    );
}

/** An instance that has ended, or is about to, needs no stop. */
async function stop(instanceId: string, context: AwsContext): Promise<void> {
    const state = (await describeInstance(instanceId, context))?.State?.Name;
    if (state === "pending" || state === "running") {
        await ec2(context).send(new StopInstancesCommand({ InstanceIds: [instanceId] }));
        await untilInstanceIs(["stopped"], instanceId, context);
    }
}
