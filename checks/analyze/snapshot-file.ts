import { z } from "zod";

import type { Snapshot } from "../snapshot/types";
import { InputError, kindOf, parseJson } from "./input-error";
import { KINDS, SNAPSHOT } from "./snapshot-schema";

/**
 * Reads a snapshot as `lab snapshot` writes it or as `aws ec2 describe-*` prints it. Each mistake is one error that says where it is and
 * what is allowed. A field that the analysis looks at is never skipped because it has another type or a name that is nearly right.
 */

/** What the AWS CLI prints beside the items. */
const BESIDE = new Set(["NextToken", "ResponseMetadata", "$metadata", "note"]);

/** @throws {InputError} when the text is not a snapshot. */
export function parseSnapshot(content: string): Snapshot {
    const value = parseJson(content);
    if (typeof value !== "object" || value === null || Array.isArray(value))
        throw new InputError(`a snapshot is a JSON object, not ${kindOf(value)}`);
    const given = withoutReservations(withoutNulls(value) as Record<string, unknown>);
    const allowed = Object.keys(SNAPSHOT.shape);
    for (const key of Object.keys(given))
        if (!allowed.includes(key) && !BESIDE.has(key))
            throw new InputError(
                `${key} is no part of a snapshot${suggestion(key, allowed)}; its parts are ${allowed.join(", ")}`,
            );
    const result = SNAPSHOT.safeParse(given);
    if (!result.success) throw new InputError(describeIssue(result.error.issues[0], given));
    for (const [kind, of] of Object.entries(KINDS))
        for (const [index, one] of ((given[kind] ?? []) as Record<string, unknown>[]).entries())
            refuseNearNames(of, one, `${kind}[${index}]`);
    return given as unknown as Snapshot;
}

/** The AWS CLI writes null for what is absent in some versions. */
function withoutNulls(value: unknown): unknown {
    if (Array.isArray(value)) return value.filter((one) => one !== null).map(withoutNulls);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value).flatMap(([key, one]) => (one === null ? [] : [[key, withoutNulls(one)]])),
    );
}

/** DescribeInstances answers instances by reservation. */
function withoutReservations({ Reservations, ...rest }: Record<string, unknown>): Record<string, unknown> {
    if (Reservations === undefined) return rest;
    if (!Array.isArray(Reservations))
        throw new InputError(`Reservations must be an array, not ${kindOf(Reservations)}`);
    const reserved = Reservations.flatMap((one: { Instances?: unknown[] }) => one.Instances ?? []);
    return { ...rest, Instances: [...((rest.Instances ?? []) as unknown[]), ...reserved] };
}

/** An unknown field is AWS's own, unless its name is nearly that of one that is looked at and is missing here. */
function refuseNearNames(schema: z.ZodType, value: unknown, where: string): void {
    if (schema instanceof z.ZodOptional) {
        refuseNearNames(schema.unwrap() as z.ZodType, value, where);
        return;
    }
    if (schema instanceof z.ZodArray) {
        for (const [index, one] of ((value ?? []) as unknown[]).entries())
            refuseNearNames(schema.element as z.ZodType, one, `${where}[${index}]`);
        return;
    }
    if (!(schema instanceof z.ZodObject) || typeof value !== "object" || value === null) return;
    const shape = schema.shape as Record<string, z.ZodType>;
    const missing = Object.keys(shape).filter((key) => !Object.hasOwn(value, key));
    for (const [key, one] of Object.entries(value)) {
        const of = shape[key];
        if (of !== undefined) refuseNearNames(of, one, `${where}.${key}`);
        else {
            const near = suggestion(key, missing);
            if (near !== "") throw new InputError(`${where}.${key} is not known${near}`);
        }
    }
}

function suggestion(key: string, allowed: readonly string[]): string {
    const near = allowed.find((one) => one.toLowerCase() === key.toLowerCase() || distance(one, key) <= 1);
    return near === undefined ? "" : `: did you mean ${near}?`;
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
    if (Math.abs(a.length - b.length) > 1) return 2;
    let row = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (const [i, letter] of [...a].entries()) {
        const next = [i + 1];
        for (let j = 1; j <= b.length; j++)
            next.push(
                Math.min(
                    (row[j] ?? 0) + 1,
                    (next[j - 1] ?? 0) + 1,
                    (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1),
                ),
            );
        row = next;
    }
    return row[b.length] ?? 0;
}

const EXPECTED: Readonly<Record<string, string>> = {
    string: "a text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "an array",
    object: "an object",
    record: "an object",
};

function describeIssue(issue: z.core.$ZodIssue | undefined, given: unknown): string {
    const path = issue?.path ?? [];
    const where = path.map((key, index) =>
        typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`,
    );
    const value = path.reduce<unknown>(
        (at, key) =>
            typeof at === "object" && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined,
        given,
    );
    const name = where.join("");
    if (name === "region") return `region must be a text such as "us-east-1", not ${kindOf(value)}`;
    if (issue?.code === "invalid_type")
        return `${name} must be ${EXPECTED[issue.expected] ?? issue.expected}, not ${kindOf(value)}`;
    if (issue?.code === "invalid_value")
        return `${name} must be one of ${issue.values.map(String).join(", ")}, not ${JSON.stringify(value)}`;
    return `${name}: ${issue?.message ?? "is not allowed"}`;
}
