import {
    CreateTagsCommand,
    DeleteTagsCommand,
    EC2Client,
    type Filter,
    type ResourceType,
    type Tag,
    type TagSpecification,
} from "@aws-sdk/client-ec2";

import type { TagChange, Tags } from "../../server/tags";
import { regionalArn, type AwsContext } from "../context";

/** The EC2 client of an operation. */
export const ec2 = (context: AwsContext): EC2Client => context.client(EC2Client);

/** Tags that a thing is made with; undefined where there are none, because EC2 takes no empty list. */
export function tagSpecifications(type: ResourceType, { tags }: AwsContext): TagSpecification[] | undefined {
    const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    return list.length > 0 ? [{ ResourceType: type, Tags: list }] : undefined;
}

/** Tags from EC2's list form. */
export function tagsFrom(list: Tag[] | undefined): Tags {
    return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** Puts and removes tags of any EC2 thing. */
export async function tagEc2(id: string, { put, remove }: TagChange, context: AwsContext): Promise<void> {
    if (remove.length > 0) {
        const command = new DeleteTagsCommand({ Resources: [id], Tags: remove.map((Key) => ({ Key })) });
        await ec2(context).send(command);
    }
    const tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
    if (tags.length > 0) await ec2(context).send(new CreateTagsCommand({ Resources: [id], Tags: tags }));
}

/** The ARN of an EC2 thing. */
export const ec2Arn = (context: AwsContext, owner: string | undefined, thing: string): string =>
    regionalArn(context, "ec2", owner, thing);

/** Filters from names to single values, and from a function's `filters` argument. */
export function filters(
    byName: Readonly<Record<string, string | undefined>>,
    given: readonly { name: string; values: string[] }[] = [],
): Filter[] | undefined {
    const list = [
        ...Object.entries(byName).flatMap(([Name, value]) =>
            value === undefined ? [] : [{ Name, Values: [value] }],
        ),
        ...given.map(({ name, values }) => ({ Name: name, Values: values })),
    ];
    return list.length > 0 ? list : undefined;
}

/** An error by which EC2 says that something does not exist, for calls that answer with an empty list instead. */
export function notFound(code: string, message: string): Error {
    return Object.assign(new Error(message), { name: code });
}

/** Filters for tags of a function's `tags` argument. */
export const tagFilters = (tags: Tags | undefined): Record<string, string> =>
    Object.fromEntries(Object.entries(tags ?? {}).map(([key, value]) => [`tag:${key}`, value]));

/** The one thing that a lookup found; it refuses to choose. */
export function single<Thing>(found: readonly Thing[] | undefined, noun: string): Thing {
    const [first, ...others] = found ?? [];
    if (first === undefined) throw new Error(`no matching ${noun} found`);
    if (others.length > 0)
        throw new Error(`multiple ${noun}s matched; use additional constraints to reduce them to one`);
    return first;
}
