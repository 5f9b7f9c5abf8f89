import type { PropertyKind } from "../server/property";
import type { SdkProperties, SdkProperty } from "../server/sdk-schema";
import { isObject, isZero, type PropertyMap } from "../server/values";

/**
 * Members of the API by the SDK's names, where they differ by more than upper and lower case. A path leads through objects
 * and lists (`Groups.GroupId`); it is for answers alone.
 */
export type Names = Readonly<Record<string, string>>;

/** How the SDK gives what an answer leaves out. An object that is left out stays so. */
const ZERO: Readonly<Record<PropertyKind, () => unknown>> = {
    string: () => "",
    json: () => "",
    integer: () => 0,
    number: () => 0,
    boolean: () => false,
    list: () => [],
    set: () => [],
    map: () => ({}),
    object: () => undefined,
};
export const zeroOf = (kind: PropertyKind): unknown => ZERO[kind]();

/** How a type's answers differ from the SDK's form. Both records are for members of nested objects too. */
export interface Reading {
    names?: Names | undefined;
    /** What AWS means where it leaves something out. @default "", 0, false, [] */
    otherwise?: PropertyMap | undefined;
}

/** What an answer of the API says of properties of the SDK, with `defaults` for those that it leaves out. */
export function fromApi(
    found: object,
    properties: SdkProperties,
    reading: Reading = {},
    defaults: PropertyMap = {},
): PropertyMap {
    const { names = {}, otherwise = {} } = reading;
    const members = new Map(
        Object.entries(found).map(([name, value]) => [name.toLowerCase(), value as unknown]),
    );
    const values = Object.entries(properties).map(([name, property]) => {
        const path = names[name];
        const value = path === undefined ? members.get(name.toLowerCase()) : at(found, path.split("."));
        const absent = otherwise[name] ?? defaults[name] ?? zeroOf(property.kind);
        return [name, converted(value, property, reading) ?? absent] as const;
    });
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function at(value: unknown, path: readonly string[]): unknown {
    const [step, ...rest] = path;
    if (step === undefined) return value;
    if (Array.isArray(value)) return value.flatMap((member) => at(member, path) ?? []);
    return isObject(value) ? at(value[step], rest) : undefined;
}

/** A value of the API as the SDK gives it; undefined when there is none. */
function converted(value: unknown, { kind, members }: SdkProperty, reading: Reading): unknown {
    if (value === undefined || value === null) return undefined;
    const nested = (member: unknown) =>
        members && isObject(member) ? fromApi(member, members, reading) : member;
    // Functions give lists where the API has one object.
    if (kind === "list") return [value].flat().map(nested);
    // A path through a list leads to many values; a property that is no list has the first.
    const [one] = Array.isArray(value) && kind !== "map" ? (value as unknown[]) : [value];
    if (one === undefined) return undefined;
    switch (kind) {
        case "string":
            return one instanceof Date ? one.toISOString().replace(/\.\d+Z$/, "Z") : `${one as string}`;
        case "number":
            return Number(one);
        case "boolean":
            // Attributes of SNS are texts.
            return one === true || one === "true";
        case "map":
            return Array.isArray(one) ? mapOf(one as Pair[]) : one;
        default:
            return nested(one);
    }
}

/** Inputs as the API names them: with a capital letter, or as `names` says. What says nothing is left out. */
export function toApi(inputs: PropertyMap, names: Names = {}, properties: SdkProperties = {}): PropertyMap {
    const renamed = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(renamed);
        return isObject(value) ? toApi(value, names) : value;
    };
    const members = Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null);
    return Object.fromEntries(
        members.map(([name, value]) => [
            apiName(name, names),
            properties[name]?.kind === "map" ? value : renamed(value),
        ]),
    );
}

function apiName(name: string, names: Names): string {
    const given = names[name];
    return given === undefined || given.includes(".") ? name.charAt(0).toUpperCase() + name.slice(1) : given;
}

/** A tag or dimension in the list form of the API. */
export interface Pair {
    Key?: string;
    Name?: string;
    TagKey?: string;
    Value?: string;
    TagValue?: string;
}

/** From the API's list form. */
export const mapOf = (pairs: readonly Pair[] = []): Record<string, string> =>
    Object.fromEntries(
        pairs.map((it) => [it.Key ?? it.TagKey ?? it.Name ?? "", it.Value ?? it.TagValue ?? ""]),
    );

/** Tags in the API's list form. */
export const tagList = (tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] =>
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Without what the API does not take in a creation: lists and texts with nothing in them. */
export const withoutEmpty = (inputs: PropertyMap): PropertyMap =>
    Object.fromEntries(
        Object.entries(inputs).filter(([, value]) => value === false || value === 0 || !isZero(value)),
    );
