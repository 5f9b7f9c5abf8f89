import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with an argument or a configuration value. */
export interface Problem {
    /** Path of the value, in the reader's terms: `cidrBlock`, `natGateways`. */
    readonly key: string;
    /** The value as it was given; `undefined` when it is missing. */
    readonly value: unknown;
    /** What is allowed, and, where it is not plain from that, what to do. */
    readonly allowed: string;
}

/** One line about one problem: the key, the value and what is allowed. */
export function describeProblem({ key, value, allowed }: Problem): string {
    return value === undefined
        ? `${key} is missing: ${allowed}`
        : `${key}: ${show(value)} is not allowed: ${allowed}`;
}

/**
 * The problem with an argument that names an existing resource which could not be read; pure.
 *
 * @param what such as "the id of a VPC".
 * @param error why, in AWS's words: the resource does not exist, or the credentials may not read it.
 */
export function missingProblem(key: string, value: string, what: string, error: unknown): Problem {
    const why = error instanceof Error ? error.message : String(error);
    const allowed = `${what} that exists in the region of the stack, and that the credentials may describe (${why})`;
    return { key, value, allowed };
}

/**
 * Refuses a component's arguments if anything is wrong with them, with one error that lists every problem.
 *
 * @throws {pulumi.ResourceError} that names the component; Pulumi prints it without a stack trace.
 */
export function assertNoProblems(
    component: pulumi.ComponentResource,
    name: string,
    problems: readonly Problem[],
): void {
    if (problems.length === 0) return;
    throw new pulumi.ResourceError(
        wrongArguments(component.constructor.name, name, problems),
        component,
        true,
    );
}

/** The text of the one error about the arguments of a component. */
export function wrongArguments(component: string, name: string, problems: readonly Problem[]): string {
    const lines = problems.map((problem) => `  - ${describeProblem(problem)}`);
    return [`${component} "${name}" has arguments that cannot work:`, ...lines].join("\n");
}

function show(value: unknown): string {
    const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
    return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
