import { isIPv4 } from "node:net";
import { isDeepStrictEqual } from "node:util";

import { isObject, isZero, sameMembers } from "./values";

/**
 * What a value must look like; `set` is a list whose order means nothing, `json` a document in text form, `object` is one
 * value with parts, which may be properties themselves.
 */
export type PropertyKind =
    "string" | "integer" | "number" | "boolean" | "list" | "set" | "json" | "map" | "object";

/** How a property behaves apart from its kind. */
export interface PropertyTraits {
    /**
     * A resource cannot be without it.
     * @default false
     */
    required?: boolean;
    /**
     * AWS chooses a value where the program gives none, so taking it out of a program changes nothing.
     * @default false
     */
    computed?: boolean;
    /**
     * A change replaces the resource.
     * @default false
     */
    forceNew?: boolean;
    /**
     * The value where the program gives none.
     * @default none
     */
    default?: unknown;
    /**
     * What is wrong with a value of the right kind; undefined when nothing is. `name` is the property's.
     * @default everything is allowed
     */
    validate?: (value: unknown, name: string) => string | undefined;
    /**
     * Whether two values mean the same to AWS.
     * @default equal values; for sets in any order; for JSON equal documents
     */
    same?: (a: unknown, b: unknown) => boolean;
}

/** An input of a resource type. */
export interface Property extends PropertyTraits {
    kind: PropertyKind;
    /** What an object is made of. A member has no default of its own: the type gives it where it creates. */
    members?: Readonly<Record<string, Property>>;
    /** What else an object has once it exists. */
    outputs?: readonly string[];
}

/** Makes a property of a kind. */
const property =
    (kind: PropertyKind) =>
    (traits: PropertyTraits = {}): Property => ({ kind, ...traits });

export const string = property("string");
export const integer = property("integer");
export const number = property("number");
export const boolean = property("boolean");
export const list = property("list");
export const set = property("set");
export const json = property("json");
export const map = property("map");

/** An input with members. */
export const objectOf = (
    members: Readonly<Record<string, Property>>,
    { outputs = [], ...traits }: PropertyTraits & { outputs?: readonly string[] } = {},
): Property => ({ kind: "object", members, outputs, ...traits });

/** A property of which the stand-in does only one value, which is also what AWS takes where it is left out. */
export function only(kind: PropertyKind, value: unknown, instead = "leave it out"): Property {
    return {
        kind,
        validate: (given, name) =>
            isDeepStrictEqual(given, value) || (isZero(value) && isZero(given))
                ? undefined
                : `the sandbox's stand-in implements ${name} only as ${JSON.stringify(value)}; ${instead}`,
    };
}

/** Whether two values of a property are the same, taking a value that says nothing for an absent one. */
export function sameValue(definition: Property, a: unknown, b: unknown): boolean {
    if ((a === undefined && isZero(b)) || (b === undefined && isZero(a))) return true;
    if (definition.same) return definition.same(a, b);
    if (definition.kind === "set") return sameMembers(a, b);
    if (definition.kind === "json") return isDeepStrictEqual(parseJson(a), parseJson(b));
    return isDeepStrictEqual(a, b);
}

/** What is wrong with a known value; undefined when nothing is. */
export function valueProblem(definition: Property, name: string, value: unknown): string | undefined {
    if (!hasKind(definition.kind, value)) {
        const what =
            definition.kind === "json" ? "a valid JSON document" : `a value of type ${definition.kind}`;
        return `expected ${name} to be ${what}, got ${JSON.stringify(value)}`;
    }
    return definition.validate?.(value, name);
}

function hasKind(kind: PropertyKind, value: unknown): boolean {
    switch (kind) {
        case "string":
        case "number":
        case "boolean":
            return typeof value === kind;
        case "integer":
            return Number.isInteger(value);
        case "list":
        case "set":
            return Array.isArray(value);
        case "map":
        case "object":
            return isObject(value);
        case "json":
            return typeof value === "string" && isObject(parseJson(value));
    }
}

function parseJson(value: unknown): unknown {
    if (typeof value !== "string") return value;
    try {
        return JSON.parse(value);
    } catch {
        return value;
    }
}

/** Admits the listed values alone. */
export const oneOf =
    (...allowed: readonly (string | number)[]) =>
    (value: unknown, name: string): string | undefined =>
        allowed.includes(value as string)
            ? undefined
            : `expected ${name} to be one of [${allowed.join(", ")}], got ${String(value)}`;

/** Admits whole numbers from `min` to `max`. */
export const between =
    (min: number, max: number) =>
    (value: unknown, name: string): string | undefined =>
        Number(value) >= min && Number(value) <= max
            ? undefined
            : `expected ${name} to be in the range (${min} - ${max}), got ${String(value)}`;

/** Admits texts of at most `max` characters that match a pattern. */
export const text =
    (max: number, pattern = /^/, meaning = "") =>
    (value: unknown, name: string): string | undefined => {
        if (String(value).length > max) {
            return `expected length of ${name} to be at most ${max}, got ${String(value).length}`;
        }
        return pattern.test(String(value))
            ? undefined
            : `invalid value for ${name} (${meaning}): ${String(value)}`;
    };

/** Admits ARNs. */
export const arn = (value: unknown, name: string): string | undefined =>
    /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}|aws)?:.+$/.test(String(value))
        ? undefined
        : `"${name}" (${String(value)}) is an invalid ARN`;

/** Admits IPv4 CIDR blocks that name a network (no host bits), with a prefix length from `min` to `max`. */
export const cidr =
    (min = 0, max = 32) =>
    (value: unknown, name: string): string | undefined => {
        const [address = "", prefix = "", ...rest] = String(value).split("/");
        const length = Number(prefix);
        if (!isIPv4(address) || !/^\d{1,2}$/.test(prefix) || length > 32 || rest.length > 0) {
            return `"${name}" (${String(value)}) is not a valid IPv4 CIDR block`;
        }
        const number = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
        const network = number - (number % 2 ** (32 - length));
        if (network !== number) {
            const base = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".");
            return `"${name}" (${String(value)}) is not a network address; did you mean ${base}/${length}?`;
        }
        return length >= min && length <= max
            ? undefined
            : `expected "${name}" to have a network prefix from /${min} to /${max}, got ${String(value)}`;
    };

/** Admits lists each of whose members a validator admits. */
export const each =
    (validate: (value: unknown, name: string) => string | undefined) =>
    (value: unknown, name: string): string | undefined =>
        (value as unknown[]).map((member, index) => validate(member, `${name}[${index}]`)).find(Boolean);
