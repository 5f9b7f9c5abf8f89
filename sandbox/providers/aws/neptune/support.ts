import {
    AddTagsToResourceCommand,
    ListTagsForResourceCommand,
    NeptuneClient,
    type Parameter,
    RemoveTagsFromResourceCommand,
} from "@aws-sdk/client-neptune";

import { oneOf, type Property, set, text } from "../../server/property";
import type { TagChange } from "../../server/tags";
import { isObject } from "../../server/values";
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

/** Names of parameter groups of either kind. */
export const groupName = text(
    255,
    /^[a-z](-?[0-9a-z])*$/,
    "only lower-case letters, digits and single hyphens, a letter first",
);

/** A parameter of a group, as the SDK has it. */
export interface GroupParameter {
    applyMethod?: string;
    name: string;
    value: string;
}

const DEFAULT_APPLY_METHOD = "pending-reboot";
const applyMethod = oneOf("immediate", DEFAULT_APPLY_METHOD);

/** The parameters of a group of either kind, in any order. */
export const parameters: Property = set({
    validate: (value, name) =>
        (value as unknown[]).map((item, index) => parameterProblem(item, `${name}[${index}]`)).find(Boolean),
    same: (a, b) => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)),
});

function parameterProblem(item: unknown, name: string): string | undefined {
    if (!isObject(item)) return `expected ${name} to be an object`;
    const lacks = ["name", "value"].find((key) => typeof item[key] !== "string");
    if (lacks !== undefined) return `expected ${name}.${lacks} to be a string`;
    return item.applyMethod === undefined ? undefined : applyMethod(item.applyMethod, `${name}.applyMethod`);
}

function canonical(value: unknown): string[] {
    const items = (value ?? []) as GroupParameter[];
    return items
        .map((item) => [item.name, item.value, item.applyMethod ?? DEFAULT_APPLY_METHOD].join("\n"))
        .sort();
}

/** As the API takes them. */
export const toApi = (items: readonly GroupParameter[]): Parameter[] =>
    items.map((item) => ({
        ParameterName: item.name,
        ParameterValue: item.value,
        ApplyMethod: (item.applyMethod ?? DEFAULT_APPLY_METHOD) as Parameter["ApplyMethod"],
    }));

/** As the SDK has them, in a stable order. */
export const fromApi = (found: readonly Parameter[] | undefined): Required<GroupParameter>[] =>
    (found ?? [])
        .map(({ ParameterName = "", ParameterValue = "", ApplyMethod = DEFAULT_APPLY_METHOD }) => ({
            applyMethod: ApplyMethod,
            name: ParameterName,
            value: ParameterValue,
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Those of `items` that are not, with the same value and method, among `others`. */
export function without(
    items: readonly GroupParameter[] | undefined,
    others: readonly GroupParameter[] | undefined,
): GroupParameter[] {
    const known = new Set(canonical(others));
    return (items ?? []).filter((item) => !known.has(canonical([item])[0] ?? ""));
}
