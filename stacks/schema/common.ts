import { z } from "zod";

import type { Problem } from "../../components/validation";

/** Why a value is refused. Every field of the schema has one, so that each error says what is allowed. */
export const allowed = (text: string) => ({ error: text });

export const object = allowed("an object");

export const oneOf = <const T extends string>(values: readonly T[]) =>
    z.enum(values, allowed(`one of ${values.join(", ")}`));

export const wholeNumber = (min: number, max: number, unit: string) => {
    const error = allowed(`a whole number of ${unit} from ${min} to ${max}`);
    return z.int(error).min(min, error).max(max, error);
};

/** A number whose limits a component's rule knows. */
export const number = (what: string) => z.number(allowed(what));

export const flag = () => z.boolean(allowed("true or false, without quotes"));

export const text = (what: string) => z.string(allowed(what));

/** Lets a component's own rule judge a value; where in it, the rule's key says: `zookeeper.count`, `services[1]`. */
export const judgedBy =
    <T>(rule: (value: T) => readonly Problem[], at: readonly PropertyKey[] = []) =>
    (value: T, context: z.RefinementCtx): void => {
        for (const { key, allowed: message } of rule(value))
            context.addIssue({ code: "custom", message, path: [...at, ...pathOf(key)] });
    };

/** Lets a rule judge a single value, whose key it calls as the component does; of that only a place in a list counts. */
export const valueJudgedBy =
    <T>(rule: (value: T) => readonly Problem[]) =>
    (value: T, context: z.RefinementCtx): void => {
        for (const { key, allowed: message } of rule(value)) {
            const index = /\[(\d+)\]$/.exec(key)?.[1];
            context.addIssue({
                code: "custom",
                message,
                path: index === undefined ? [] : [Number(index)],
            });
        }
    };

/** "zookeeper.placement[1]" as a path. */
function pathOf(key: string): PropertyKey[] {
    return key
        .split(/[.[\]]+/)
        .filter((part) => part !== "")
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

export const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export const tagValue = z
    .string(allowed("a text in quotes"))
    .max(256, allowed("at most 256 characters"))
    .regex(TAG_TEXT, allowed("letters, digits, spaces and _ . : / = + - @"));
