import { EC2Client, paginateDescribeVolumes } from "@aws-sdk/client-ec2";

import { type Finders, onlyOne, text, wantedTags } from "../finder";

export const finders: Finders = {
    "aws:ebs/volume:Volume": async (inputs, aws, known) => {
        const Filters = [
            { Name: "status", Values: ["creating", "available", "in-use"] },
            ...wantedTags(inputs).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
        ];
        const found: string[] = [];
        for await (const { Volumes = [] } of paginateDescribeVolumes(
            { client: aws.client(EC2Client) },
            { Filters },
        )) {
            found.push(...Volumes.map(({ VolumeId }) => text(VolumeId)));
        }
        return onlyOne(found.filter((id) => !known.has(id)));
    },
};
