import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { describeProblem, type Problem } from "../components/validation";
import { configSchema } from "./schema";
import { combinationProblems } from "./schema/combinations";

/** The configuration of a stack, checked and complete. */
export type LabConfig = z.output<ReturnType<typeof configSchema>> & {
    /** The region of the stack, from `aws:region`. */
    readonly region: string;
};

/** What a stack's configuration is read from. */
export interface RawConfig {
    /** Name of the project: the namespace of its keys. */
    readonly project: string;
    /** Name of the stack, for messages. */
    readonly stack: string;
    /** Every configuration value of the stack as Pulumi hands it over: `namespace:key` to text, objects as JSON. */
    readonly values: Readonly<Record<string, string>>;
}

/**
 * Checks a stack's configuration and fills in the defaults. Pure.
 *
 * @throws {pulumi.RunError} one error that lists everything that is wrong, each with key, value and what is allowed.
 */
export function parseConfig({ project, stack, values }: RawConfig): LabConfig {
    const problems: Problem[] = [];
    const region = values["aws:region"];
    if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
        problems.push({
            key: "aws:region",
            value: region,
            allowed: "the name of an AWS region, such as us-east-1",
        });
    }

    const given: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(values)) {
        if (!key.startsWith(`${project}:`)) continue;
        const field = key.slice(project.length + 1);
        given[field] = TEXT_FIELDS.includes(field) ? value : decode(value);
    }
    const shape = configSchema(region ?? "us-east-1");
    const result = shape.safeParse(given);
    for (const issue of result.error?.issues ?? [])
        problems.push(...toProblems(issue, given, project, shape));

    const config = result.success && region !== undefined ? { ...result.data, region } : undefined;
    // Only of fields that are right one by one can it be said whether they are right together.
    if (config !== undefined && problems.length === 0)
        for (const problem of combinationProblems(config, { project, stack }))
            problems.push({ ...problem, key: `${project}:${problem.key}` });

    if (problems.length > 0 || config === undefined) {
        throw new pulumi.RunError(
            [
                `The configuration of stack "${stack}" (Pulumi.${stack}.yaml) has ${count(problems.length)}; nothing was created:`,
                ...problems.map((problem) => `  - ${describeProblem(problem)}`),
            ].join("\n"),
        );
    }
    return config;
}

/** Reads the configuration of the running stack: the one place of the program that does. */
export function readConfig(): LabConfig {
    return parseConfig({
        project: pulumi.getProject(),
        stack: pulumi.getStack(),
        values: pulumi.runtime.allConfig(),
    });
}

const count = (problems: number) => (problems === 1 ? "1 problem" : `${problems} problems`);

/** Fields that are a plain text: Pulumi hands them over as they are, and everything else as JSON. */
const TEXT_FIELDS: readonly string[] = ["owner"];

function decode(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}

/** The problems that one issue of zod stands for, in the reader's terms. */
function toProblems(issue: z.core.$ZodIssue, given: unknown, project: string, shape: z.ZodType): Problem[] {
    const key = (path: readonly PropertyKey[]) =>
        `${project}:${path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("")}`.replace(
            ":.",
            ":",
        );
    if (issue.code === "unrecognized_keys") {
        const known = Object.keys(objectAt(shape, given, issue.path)?.shape ?? {});
        return issue.keys.map((name) => {
            const meant = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
            return {
                key: key([...issue.path, name]),
                value: valueAt(given, [...issue.path, name]),
                allowed: `there is no such key; ${meant ? `you may mean ${meant}` : `there are ${known.join(", ")}`}`,
            };
        });
    }
    return [{ key: key(issue.path), value: valueAt(given, issue.path), allowed: issue.message }];
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
        value,
    );
}

/** The object schema at a path: below defaults, and of a choice of several the one that the value chose. */
function objectAt(schema: z.ZodType, given: unknown, path: readonly PropertyKey[]): z.ZodObject | undefined {
    let current: unknown = schema;
    let value = given;
    for (const part of [undefined, ...path]) {
        if (part !== undefined) {
            if (current instanceof z.ZodArray) current = current.element;
            else if (current instanceof z.ZodObject) current = current.shape[String(part)];
            else return undefined;
            value = (value as Record<PropertyKey, unknown> | undefined)?.[part];
        }
        current = chosen(current, value);
    }
    return current instanceof z.ZodObject ? current : undefined;
}

function chosen(schema: unknown, value: unknown): unknown {
    if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
        return chosen(schema.unwrap(), value);
    if (schema instanceof z.ZodPipe) return chosen(schema.out, value);
    if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
    const key = schema.def.discriminator;
    const choice = (value as Record<string, unknown> | undefined)?.[key];
    const options = schema.options as z.ZodObject[];
    const fits = (option: z.ZodObject) => (option.shape[key] as z.ZodLiteral).value === choice;
    // What chooses nothing gets the first, which is what a network without a mode is.
    return options.find(fits) ?? options[0];
}
