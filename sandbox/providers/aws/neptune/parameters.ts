import type { Parameter } from "@aws-sdk/client-neptune";

import { oneOf, type Property, set, string, text } from "../../server/property";
import { isObject } from "../../server/values";

/** Names of parameter groups of either kind. */
const groupName = text(
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
const parameters: Property = set({
    validate: (value, name) =>
        (value as unknown[]).map((item, index) => parameterProblem(item, `${name}[${index}]`)).find(Boolean),
    same: (a, b) => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)),
});

/** What groups of both kinds are declared with. */
export const parameterGroupInputs = {
    properties: {
        description: string({ default: "Managed by Pulumi", forceNew: true }),
        family: string({ required: true, forceNew: true }),
        name: string({ computed: true, forceNew: true, validate: groupName }),
        parameters,
    },
    autoname: { property: "name", maxLength: 255 },
} as const;

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

/** Those that somebody has set, as the SDK has them, in a stable order: there are many that nobody has. */
export async function userParameters(
    pages: AsyncIterable<{ readonly Parameters?: readonly Parameter[] | undefined }>,
): Promise<Required<GroupParameter>[]> {
    const found: Parameter[] = [];
    for await (const page of pages) found.push(...(page.Parameters ?? []));
    return found
        .map(({ ParameterName = "", ParameterValue = "", ApplyMethod = DEFAULT_APPLY_METHOD }) => ({
            applyMethod: ApplyMethod,
            name: ParameterName,
            value: ParameterValue,
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those of `items` that are not, with the same value and method, among `others`. */
export function without(
    items: readonly GroupParameter[] | undefined,
    others: readonly GroupParameter[] | undefined,
): GroupParameter[] {
    const known = new Set(canonical(others));
    return (items ?? []).filter((item) => !known.has(canonical([item])[0] ?? ""));
}
