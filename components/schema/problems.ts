import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { assertNoProblems, type Problem } from "../validation";

/**
 * Checks a component's arguments by its schema and fills in the defaults. What may come from a resource stays as it is.
 *
 * @throws {pulumi.ResourceError} one error that lists everything that is wrong.
 */
export function validated<S extends z.ZodType>(
    component: pulumi.ComponentResource,
    name: string,
    schema: S,
    args: z.input<S>,
): z.output<S> {
    const result = schema.safeParse(args);
    assertNoProblems(component, name, toProblems(result.error, args, schema));
    return result.data as z.output<S>;
}

/** Everything that is wrong with a value, by its schema; pure. */
export function problemsOf<S extends z.ZodType>(schema: S, value: unknown): Problem[] {
    return toProblems(schema.safeParse(value).error, value, schema);
}

/** What is wrong with one argument of several: with one that a resource gave, once it is known. */
export function argumentProblems(schema: z.ZodObject, key: string, value: unknown): Problem[] {
    return problemsOf(z.object({ [key]: schema.shape[key] as z.ZodType }), { [key]: value });
}

/** A rule about one value, which may be an object or a list. A problem's key says where in it; it is empty for the value itself. */
export const judgedBy =
    <T>(rule: (value: T) => readonly Problem[]) =>
    (value: T, context: z.core.$RefinementCtx<T>): void =>
        report(rule(value), context);

/** A rule about several arguments. It has nothing to say once it reads one that was found to be wrong before. */
export function together<T extends object>(rule: (args: T) => readonly Problem[]): z.core.$ZodCheck<T> {
    return z.superRefine<T>(
        (args, context) => {
            const wrong = new Set<unknown>(context.issues.map(({ path }) => path?.[0]));
            const readable = new Proxy(args, {
                get(target, key) {
                    if (wrong.has(key)) throw new NotJudged();
                    return Reflect.get(target, key) as unknown;
                },
            });
            try {
                report(rule(readable), context);
            } catch (error) {
                if (!(error instanceof NotJudged)) throw error;
            }
        },
        { when: ({ value }) => typeof value === "object" && value !== null },
    );
}

function report(problems: readonly Problem[], context: z.core.$RefinementCtx<unknown>): void {
    for (const { key, value, allowed } of problems)
        context.addIssue({ code: "custom", message: allowed, path: pathOf(key), params: { value } });
}

/** A rule read an argument that was found to be wrong before. */
class NotJudged extends Error {}

/** What zod found, in the reader's terms. */
export function toProblems(error: z.ZodError | undefined, given: unknown, schema: z.ZodType): Problem[] {
    return (error?.issues ?? []).flatMap((issue): Problem[] => {
        if (issue.code === "unrecognized_keys") return unknownKeyProblems(issue, given, schema);
        const params: Record<string, unknown> = issue.code === "custom" ? (issue.params ?? {}) : {};
        const value = "value" in params ? params.value : valueAt(given, issue.path);
        return [{ key: keyOf(issue.path), value, allowed: issue.message }];
    });
}

function unknownKeyProblems(
    { path, keys }: z.core.$ZodIssueUnrecognizedKeys,
    given: unknown,
    schema: z.ZodType,
): Problem[] {
    const known = Object.keys(objectAt(schema, given, path)?.shape ?? {});
    return keys.map((name) => {
        const meant = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
        return {
            key: keyOf([...path, name]),
            value: valueAt(given, [...path, name]),
            allowed: `there is no such key; ${meant ? `you may mean ${meant}` : `there are ${known.join(", ")}`}`,
        };
    });
}

/** A path as text: "sources[1].prefix". */
function keyOf(path: readonly PropertyKey[]): string {
    return path
        .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
        .join("")
        .replace(/^\./, "");
}

/** "sources[1].prefix" as a path. */
function pathOf(key: string): PropertyKey[] {
    return key
        .split(/[.[\]]+/)
        .filter((part) => part !== "")
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
        value,
    );
}

/** The object schema at a path: below defaults, and of a choice of several the one that the value chose. */
function objectAt(schema: z.ZodType, given: unknown, path: readonly PropertyKey[]): z.ZodObject | undefined {
    let current = chosen(schema, given);
    let value = given;
    for (const part of path) {
        value = valueAt(value, [part]);
        if (current instanceof z.ZodArray) current = chosen(current.element, value);
        else if (current instanceof z.ZodObject) current = chosen(current.shape[String(part)], value);
        else return undefined;
    }
    return current instanceof z.ZodObject ? current : undefined;
}

function chosen(schema: unknown, value: unknown): unknown {
    if (
        schema instanceof z.ZodDefault ||
        schema instanceof z.ZodPrefault ||
        schema instanceof z.ZodOptional ||
        schema instanceof z.ZodReadonly
    )
        return chosen(schema.unwrap(), value);
    if (schema instanceof z.ZodPipe) return chosen(schema.out, value);
    if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
    const key = schema.def.discriminator;
    const choice = valueAt(value, [key]);
    const options = schema.options as z.ZodObject[];
    const fits = (option: z.ZodObject) => (option.shape[key] as z.ZodLiteral).value === choice;
    // A value that chooses nothing is judged as the first choice: so is a network without a mode.
    return options.find(fits) ?? options[0];
}
