import {
    CloudWatchClient,
    DeleteAlarmsCommand,
    ListTagsForResourceCommand,
    TagResourceCommand,
    UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";

import type { TagChange, Tags } from "../../server/tags";
import type { AwsContext } from "../context";

export const cloudwatch = (context: AwsContext) => context.client(CloudWatchClient);

export const tagList = (tags: Readonly<Record<string, string>>) =>
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export async function alarmTags(ResourceARN: string, context: AwsContext): Promise<Tags> {
    const { Tags = [] } = await cloudwatch(context).send(new ListTagsForResourceCommand({ ResourceARN }));
    return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

export async function tagAlarm(
    _id: string,
    { put, remove }: TagChange,
    context: AwsContext,
    { arn: ResourceARN = "" }: { arn?: string },
): Promise<void> {
    if (remove.length > 0)
        await cloudwatch(context).send(new UntagResourceCommand({ ResourceARN, TagKeys: [...remove] }));
    if (Object.keys(put).length > 0)
        await cloudwatch(context).send(new TagResourceCommand({ ResourceARN, Tags: tagList(put) }));
}

export async function deleteAlarm(id: string, context: AwsContext): Promise<void> {
    await cloudwatch(context).send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
}
