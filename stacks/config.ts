import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { object, text } from "../components/schema/fields";
import { problemsOf, together, toProblems } from "../components/schema/problems";
import { describeProblem, type Problem } from "../components/validation";
import { combinations, type StackPlace } from "./schema/combinations";
import { type LabConfig, stackFields } from "./schema/fields";

export type { LabConfig };

/** What a stack's configuration is read from. */
export interface RawConfig {
    /** Name of the project: the namespace of its keys. */
    readonly project: string;
    /** Name of the stack, for messages. */
    readonly stack: string;
    /** Every configuration value of the stack as Pulumi gives it: `namespace:key` to text, objects as JSON. */
    readonly values: Readonly<Record<string, string>>;
}

const regionSchema = object({
    "aws:region": text("the name of an AWS region, such as us-east-1", /^[a-z]{2}(-[a-z]+)+-\d$/),
});

/**
 * Checks a stack's configuration and fills in the defaults. Pure.
 *
 * @throws {pulumi.RunError} one error that lists everything that is wrong, each with key, value and what is allowed.
 */
export function parseConfig({ project, stack, values }: RawConfig): LabConfig {
    const region = values["aws:region"];
    const problems = problemsOf(regionSchema, { "aws:region": region });
    // Without a region nothing can be said about zones, and so about what is in them.
    const place = region === undefined || problems.length > 0 ? undefined : { project, stack, region };

    const schema = stackSchema(place);
    const given = valuesOf(project, values);
    const result = schema.safeParse(given);
    for (const problem of toProblems(result.error, given, schema))
        problems.push({ ...problem, key: `${project}:${problem.key}` });
    if (result.success && place !== undefined) return { ...result.data, region: place.region };
    throw new pulumi.RunError(refusal(stack, problems));
}

/** Reads the configuration of the running stack: the one place of the program that does. */
export function readConfig(): LabConfig {
    return parseConfig({
        project: pulumi.getProject(),
        stack: pulumi.getStack(),
        values: pulumi.runtime.allConfig(),
    });
}

function stackSchema(place: StackPlace | undefined) {
    const fields = z.strictObject(stackFields);
    if (place === undefined) return fields;
    type Fields = z.output<typeof fields>;
    return fields.check(...combinations.map((rule) => together<Fields>((config) => rule(config, place))));
}

/** The values of the project's keys. */
function valuesOf(project: string, values: RawConfig["values"]): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(values)
            .filter(([key]) => key.startsWith(`${project}:`))
            .map(([key, value]) => {
                const field = key.slice(project.length + 1);
                return [field, TEXT_FIELDS.includes(field) ? value : decode(value)];
            }),
    );
}

/** Fields that are a plain text: Pulumi gives them as they are, and everything else as JSON. */
const TEXT_FIELDS: readonly string[] = ["owner"];

function decode(json: string): unknown {
    try {
        return JSON.parse(json) as unknown;
    } catch {
        return json;
    }
}

function refusal(stack: string, problems: readonly Problem[]): string {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    return [
        `The configuration of stack "${stack}" (Pulumi.${stack}.yaml) has ${count}; nothing was created:`,
        ...problems.map((problem) => `  - ${describeProblem(problem)}`),
    ].join("\n");
}
