import type { Filter, ResourceType, TagSpecification } from "@aws-sdk/client-ec2";

import type { Tags } from "../../server/tags";
import { tagList } from "../api";
import { regionalArn, type AwsContext } from "../context";
import type { Tagging } from "../resource";

/** Tags that a thing is made with; undefined where there are none, because EC2 takes no empty list. */
export function tagSpecifications(type: ResourceType, { tags }: AwsContext): TagSpecification[] | undefined {
    const list = tagList(tags);
    return list.length > 0 ? [{ ResourceType: type, Tags: list }] : undefined;
}

/** Tags of any EC2 thing. */
export const ec2Tags: Tagging = {
    put: ({ id }, Tags, { aws }) => aws.ec2.createTags({ Resources: [id], Tags }),
    remove: ({ id }, keys, { aws }) =>
        aws.ec2.deleteTags({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }),
};

/** The ARN of an EC2 thing. */
export const ec2Arn = (context: AwsContext, owner: string | undefined, thing: string): string =>
    regionalArn(context, "ec2", owner, thing);

/** Filters from names to single values, from tags, and from a function's `filters` argument. */
export function filters(
    byName: Readonly<Record<string, string | boolean | undefined>>,
    tags: Tags = {},
    given: readonly { name: string; values: string[] }[] = [],
): Filter[] | undefined {
    const byTag = Object.entries(tags).map(([key, value]) => [`tag:${key}`, value] as const);
    const list = [
        ...[...Object.entries(byName), ...byTag].flatMap(([Name, value]) =>
            value === undefined ? [] : [{ Name, Values: [String(value)] }],
        ),
        ...given.map(({ name, values }) => ({ Name: name, Values: values })),
    ];
    return list.length > 0 ? list : undefined;
}

/** An error by which EC2 says that something does not exist, for calls that answer with an empty list instead. */
export function notFound(code: string, message: string): Error {
    return Object.assign(new Error(message), { name: code });
}

/** The one thing that a lookup found; it refuses to choose. */
export function single<Thing>(found: readonly Thing[] | undefined, noun: string): Thing {
    const [first, ...others] = found ?? [];
    if (first === undefined) throw new Error(`no matching ${noun} found`);
    if (others.length > 0)
        throw new Error(`multiple ${noun}s matched; use additional constraints to reduce them to one`);
    return first;
}
