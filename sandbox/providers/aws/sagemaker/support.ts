import {
    AddTagsCommand,
    DeleteTagsCommand,
    ListTagsCommand,
    SageMakerClient,
} from "@aws-sdk/client-sagemaker";

import { isNotFound } from "../../server/errors";
import { type Answer, done, pending } from "../../server/clock";
import { text } from "../../server/property";
import type { TagChange } from "../../server/tags";
import type { AwsContext } from "../context";

export const sagemaker = (context: AwsContext) => context.client(SageMakerClient);

/** Names of most things in SageMaker. */
export const validName = text(
    63,
    /^[0-9A-Za-z](-*[0-9A-Za-z]){0,62}$/,
    "Valid characters are a-z, A-Z, 0-9, and - (hyphen).",
);

export const tagList = (context: AwsContext) =>
    Object.entries(context.tags).map(([Key, Value]) => ({ Key, Value }));

export async function readTags(ResourceArn: string, context: AwsContext): Promise<Record<string, string>> {
    const { Tags = [] } = await sagemaker(context).send(new ListTagsCommand({ ResourceArn }));
    return Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

export async function changeTags(
    ResourceArn: string,
    { put, remove }: TagChange,
    context: AwsContext,
): Promise<void> {
    const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (remove.length > 0)
        await sagemaker(context).send(new DeleteTagsCommand({ ResourceArn, TagKeys: remove }));
    if (Tags.length > 0) await sagemaker(context).send(new AddTagsCommand({ ResourceArn, Tags }));
}

/** What of a thing's description says how far it is. */
export interface Stage {
    Status?: string;
    FailureReason?: string;
}

/** Whether a thing is in service. @throws why it never will be. */
export function inService({ Status, FailureReason }: Stage): Answer<undefined> {
    if (Status?.endsWith("ailed")) throw new Error(`unexpected state '${Status}': ${FailureReason ?? ""}`);
    return Status === "InService" ? done(undefined) : pending(Status);
}

/** Whether a thing that is being deleted is gone. @throws why it never will be. */
export async function gone(describe: () => Promise<Stage>): Promise<Answer<undefined>> {
    try {
        const { Status, FailureReason } = await describe();
        if (Status === "Delete_Failed")
            throw new Error(`unexpected state '${Status}': ${FailureReason ?? ""}`);
        return pending(Status);
    } catch (error) {
        if (isNotFound(error)) return done(undefined);
        throw error;
    }
}
