import { ModifyVolumeCommand } from "@aws-sdk/client-ec2";

import { type Scenario, tagged } from "../scenario";
import { REGION } from "../support";

export const EBS_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:ebs/volume:Volume",
        inputs: async (around) => ({
            availabilityZone: `${REGION}a`,
            size: 20,
            type: "gp3",
            iops: 3000,
            throughput: 125,
            encrypted: true,
            kmsKeyId: await around.keyArn(),
            ...tagged("journal"),
        }),
        outputs: { snapshotId: "", multiAttachEnabled: false },
        // A volume never shrinks, and the size is not taken back.
        update: async () => ({ iops: 4000, throughput: 250, finalSnapshot: true, ...tagged("renamed") }),
        replace: {
            inputs: async () => ({ availabilityZone: `${REGION}b`, encrypted: false, kmsKeyId: undefined }),
            replaces: ["availabilityZone", "encrypted"],
        },
        drift: {
            inject: ({ ec2 }, { id }) => ec2.send(new ModifyVolumeCommand({ VolumeId: id, Throughput: 200 })),
            shows: ["throughput"],
        },
        notImported: ["finalSnapshot"],
    },
    {
        token: "aws:ec2/volumeAttachment:VolumeAttachment",
        inputs: async (around) => ({
            deviceName: "/dev/sdf",
            instanceId: await around.instanceId(),
            volumeId: await around.volumeId(),
            stopInstanceBeforeDetaching: true,
        }),
        update: async () => ({ stopInstanceBeforeDetaching: false, forceDetach: true }),
        replace: {
            inputs: async (around) => ({ volumeId: await around.volumeId(), deviceName: "/dev/sdg" }),
            replaces: ["deviceName", "volumeId"],
        },
        importId: ({ inputs }) => [inputs.deviceName, inputs.volumeId, inputs.instanceId].join(":"),
        notImported: ["stopInstanceBeforeDetaching", "forceDetach", "skipDestroy"],
    },
];
