import {
    DescribeVolumesCommand,
    DescribeVolumesModificationsCommand,
    ModifyVolumeCommand,
    type ModifyVolumeCommandInput,
    type Volume,
} from "@aws-sdk/client-ec2";

import { done, pending, waitFor } from "../../server/clock";
import { isNotFound } from "../../server/errors";
import type { AwsContext } from "../context";
import { ec2 } from "../ec2/support";

/** The official provider's patience, in seconds. */
const TIMEOUT_SECONDS = 300;

/** A volume; undefined when it does not exist. */
export async function describeVolume(id: string, context: AwsContext): Promise<Volume | undefined> {
    try {
        const command = new DescribeVolumesCommand({ VolumeIds: [id] });
        return (await ec2(context).send(command)).Volumes?.[0];
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** Changes a volume while it is in use, and waits until it has its new size; what is left is optimising. */
export async function modifyVolume(
    id: string,
    change: Omit<ModifyVolumeCommandInput, "VolumeId">,
    context: AwsContext,
): Promise<void> {
    await ec2(context).send(new ModifyVolumeCommand({ VolumeId: id, ...change }));
    const patience = { timeoutSeconds: context.timeoutSeconds ?? TIMEOUT_SECONDS, ...context };
    await waitFor(`EBS Volume (${id}) to be modified`, patience, async () => {
        const command = new DescribeVolumesModificationsCommand({ VolumeIds: [id] });
        const modifications = (await ec2(context).send(command)).VolumesModifications ?? [];
        const latest = modifications.sort((a, b) => Number(b.StartTime) - Number(a.StartTime))[0];
        if (latest?.ModificationState === "failed")
            throw new Error(`unexpected state 'failed': ${latest.StatusMessage}`);
        const isOver =
            latest?.ModificationState === "optimizing" || latest?.ModificationState === "completed";
        return isOver ? done(true) : pending(latest?.ModificationState);
    });
}
