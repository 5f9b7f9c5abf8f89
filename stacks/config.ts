import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { toProblems } from "../components/schema/problems";
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
    const named = (problem: Problem) => ({ ...problem, key: `${project}:${problem.key}` });
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
    problems.push(...toProblems(result.error, given, shape).map(named));

    const config = result.success && region !== undefined ? { ...result.data, region } : undefined;
    // Only of fields that are right one by one can it be said whether they are right together.
    if (config !== undefined && problems.length === 0)
        problems.push(...combinationProblems(config, { project, stack }).map(named));

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
