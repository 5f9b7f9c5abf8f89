import { EC2Client, paginateDescribeVolumes } from "@aws-sdk/client-ec2";

import { collect, type Finders, onlyOne, text, wantedTags } from "../finder";

export const finders: Finders = {
    "aws:ebs/volume:Volume": async (inputs, aws, known) => {
        const Filters = [
            { Name: "status", Values: ["creating", "available", "in-use"] },
            ...wantedTags(inputs).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
        ];
        const pages = paginateDescribeVolumes({ client: aws.client(EC2Client) }, { Filters });
        const found = (await collect(pages, ({ Volumes }) => Volumes)).map(({ VolumeId }) => text(VolumeId));
        return onlyOne(found.filter((id) => !known.has(id)));
    },
};
