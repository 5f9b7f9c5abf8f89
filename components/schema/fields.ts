import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** What the documentation and the tests say of a field besides its default and its meaning. */
export interface FieldFacts {
    /** The kind of value: "whole number". */
    readonly type: string;
    /** The values that are allowed, where the type does not say it. */
    readonly allowed?: string;
    /** The smallest and the largest number, and the step between two of them. */
    readonly bounds?: { readonly least: number; readonly most: number; readonly step: number };
    /** All numbers that are allowed, where they are few. */
    readonly numbers?: readonly number[];
    /** How many elements a list may have. */
    readonly length?: { readonly least: number; readonly most: number };
}

/** The facts of each field that the functions below make. */
export const fieldFacts = z.registry<FieldFacts>();

/** For each field that a resource may give: the schema of its plain value. */
export const plainSchemas = new WeakMap<z.ZodType, z.ZodType>();

/** Gives a check its message. Each field has one: so each error says what is allowed. */
export const allowed = (text: string) => ({ error: text });

/** A text. It has to match the pattern or pass the test, if one is given. */
export function text(what: string, holds?: RegExp | ((value: string) => boolean)): z.ZodString {
    const field = z.string(allowed(what));
    const test = holds instanceof RegExp ? (value: string) => holds.test(value) : holds;
    return (test === undefined ? field : field.refine(test, allowed(what))).register(fieldFacts, {
        type: "text",
        allowed: what,
    });
}

/** A whole number within bounds, both included; `note` ends the text of its error: "; more need a higher quota". */
export function wholeNumber(least: number, most: number, unit?: string, note = ""): z.ZodInt {
    const of = unit === undefined ? "" : ` of ${unit}`;
    const error = allowed(`a whole number${of} from ${least} to ${most}${note}`);
    return z
        .int(error)
        .min(least, error)
        .max(most, error)
        .register(fieldFacts, {
            type: "whole number",
            allowed: `${least} to ${most}${unit === undefined ? "" : ` ${unit}`}${note}`,
            bounds: { least, most, step: 1 },
        });
}

/** A whole number without an upper bound. */
export function wholeNumberFrom(least: number, unit?: string): z.ZodInt {
    const what = `a whole number${unit === undefined ? "" : ` of ${unit}`}, at least ${least}`;
    const bounds = { least, most: Number.MAX_SAFE_INTEGER, step: 1 };
    return z
        .int(allowed(what))
        .min(least, allowed(what))
        .register(fieldFacts, { type: "whole number", allowed: `at least ${least}`, bounds });
}

/** A number greater than another. */
export function numberAbove(limit: number, unit: string): z.ZodNumber {
    const what = `a number of ${unit} above ${limit}`;
    return z
        .number(allowed(what))
        .gt(limit, allowed(what))
        .register(fieldFacts, { type: "number", allowed: what });
}

/** A number within bounds, both included, in steps such as 0.5. */
export function steppedNumber(least: number, most: number, step: number, unit: string): z.ZodNumber {
    const error = allowed(`${least} to ${most} ${unit} in steps of ${step}`);
    const fits = (value: number) => value >= least && value <= most && Number.isInteger(value / step);
    return z
        .number(error)
        .refine(fits, error)
        .register(fieldFacts, { type: "number", allowed: error.error, bounds: { least, most, step } });
}

/** One of a few numbers. */
export function oneOfNumbers(numbers: readonly number[], what: string, otherTypes = what): z.ZodNumber {
    return z
        .number(allowed(otherTypes))
        .refine((value) => numbers.includes(value), allowed(what))
        .register(fieldFacts, { type: "whole number", allowed: what, numbers });
}

/** One of a few texts; `why` explains why a certain other one is refused. */
export const oneOf = <const T extends string>(
    values: readonly T[],
    why: (value: unknown) => string | undefined = () => undefined,
) =>
    z
        .enum(values, { error: ({ input }) => why(input) ?? `one of ${values.join(", ")}` })
        .register(fieldFacts, { type: values.map((value) => `\`${value}\``).join(", ") });

/** Yes or no. */
export const flag = () =>
    z.boolean(allowed("true or false, without quotes")).register(fieldFacts, { type: "true, false" });

/** How long a list may be, and why; and why it may hold nothing twice, where it may not. */
export interface ListRules {
    readonly least?: number;
    readonly most?: number;
    readonly allowed?: string;
    readonly once?: string;
}

/** A list. Its elements are judged one by one. */
export function listOf<T extends z.ZodType>(element: T, what: string, rules: ListRules = {}) {
    const { least = 0, most = Infinity, once } = rules;
    return z
        .array(element, allowed(what))
        .refine((items) => items.length >= least && items.length <= most, allowed(rules.allowed ?? what))
        .superRefine((items, context) => {
            if (once === undefined) return;
            items.forEach((item, index) => {
                if (items.indexOf(item) < index)
                    context.addIssue({ code: "custom", message: once, path: [index] });
            });
        })
        .readonly()
        .register(fieldFacts, { type: "list", allowed: rules.allowed ?? what, length: { least, most } });
}

/** An object with these fields and no others. */
export const object = <const Shape extends z.ZodRawShape>(shape: Shape, what = "an object") =>
    z.strictObject(shape, allowed(what)).register(fieldFacts, { type: "object" });

/** Lists that resources give are not read-only. */
type Given<T> = T extends readonly (infer E)[] ? E[] : T;

/** A value that may come from a resource: it is judged where it is plain. */
export function fromResource<T extends z.ZodType>(plain: T) {
    const field = z.custom<pulumi.Input<Given<z.output<T>>>>().superRefine((value, context) => {
        if (pulumi.Output.isInstance(value) || value instanceof Promise) return;
        for (const { message, path } of plain.safeParse(value).error?.issues ?? [])
            context.addIssue({ code: "custom", message, path });
    });
    plainSchemas.set(field, plain);
    return field;
}
