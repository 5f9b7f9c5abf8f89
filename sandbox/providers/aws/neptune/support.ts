import {
    AddTagsToResourceCommand,
    ListTagsForResourceCommand,
    NeptuneClient,
    RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-neptune";

import type { TagChange } from "../../server/tags";
import type { AwsContext } from "../context";

export const neptune = (context: AwsContext): NeptuneClient => context.client(NeptuneClient);

/** The tags of a new thing, as its creation takes them. */
export const newTags = ({ tags }: AwsContext) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** All tags of a thing by its ARN; Neptune's ARNs are those of RDS. */
export async function tagsOf(
    ResourceName: string | undefined,
    context: AwsContext,
): Promise<Record<string, string>> {
    const { TagList } = await neptune(context).send(new ListTagsForResourceCommand({ ResourceName }));
    return Object.fromEntries((TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Puts and removes tags of a thing whose state has its ARN. */
export async function tagNeptune(
    _id: string,
    { put, remove }: TagChange,
    context: AwsContext,
    { arn: ResourceName }: { arn?: string | undefined },
): Promise<void> {
    if (remove.length > 0) {
        const command = new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: [...remove] });
        await neptune(context).send(command);
    }
    const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) await neptune(context).send(new AddTagsToResourceCommand({ ResourceName, Tags }));
}

/** Identifiers of clusters and instances. */
export function identifier(value: unknown, name: string): string | undefined {
    const given = String(value);
    if (/^[a-z](-?[0-9a-z])*$/.test(given) && given.length <= 63) return undefined;
    return `invalid value for ${name} (1 to 63 lower-case letters, digits and single hyphens, a letter first): ${given}`;
}
