import { isDeepStrictEqual } from "node:util";

import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** Properties of a resource as they travel between the engine and a provider: plain JSON values. */
export type PropertyMap = Record<string, unknown>;

/** What the engine sends in place of a value that a preview cannot know yet, whatever the value's type. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key that marks an object as a special value, and the mark of a secret. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** Whether a value is unknown, or holds an unknown one somewhere. */
export function hasUnknowns(value: unknown): boolean {
    if (Array.isArray(value)) return value.some(hasUnknowns);
    if (isObject(value)) return Object.values(value).some(hasUnknowns);
    return value === UNKNOWN;
}

/** Whether a value is an object with properties: neither a list nor null. */
export function isObject(value: unknown): value is PropertyMap {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether a value says no more than leaving it out: AWS and the official provider take absent, false, 0, "" and empty
 * lists and maps for the same thing wherever a property has no default.
 */
export function isZero(value: unknown): boolean {
    if (Array.isArray(value)) return value.length === 0;
    if (isObject(value)) return Object.keys(value).length === 0;
    return value === undefined || value === null || value === false || value === 0 || value === "";
}

/** Whether two lists hold the same values, in whatever order. */
export function sameMembers(a: unknown, b: unknown): boolean {
    if (!Array.isArray(a) || !Array.isArray(b)) return isDeepStrictEqual(a, b);
    const sorted = (list: unknown[]) => list.map((value) => JSON.stringify(value)).sort();
    return isDeepStrictEqual(sorted(a), sorted(b));
}

/** Properties that matter to a comparison: without nulls and without the bookkeeping keys that begin with "__". */
export function ownProperties(map: PropertyMap): PropertyMap {
    return Object.fromEntries(
        Object.entries(map).filter(
            ([key, value]) => !key.startsWith("__") && value !== null && value !== undefined,
        ),
    );
}

/** Encodes properties for the wire; undefined values are left out. */
export function toStruct(map: PropertyMap): Struct {
    return Struct.fromJavaScript(
        JSON.parse(JSON.stringify(map)) as Parameters<typeof Struct.fromJavaScript>[0],
    );
}

/** Decodes properties from the wire. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
    return struct?.toJavaScript() ?? {};
}

/** The value under a secret's wrapping; the engine wraps secrets in a provider's own configuration. */
export function unwrapSecrets(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(unwrapSecrets);
    if (!isObject(value)) return value;
    if (value[SIGNATURE_KEY] === SECRET_SIGNATURE) return unwrapSecrets(value.value);
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, unwrapSecrets(member)]));
}
