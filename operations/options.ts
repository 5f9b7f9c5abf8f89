import { parseArgs, type ParseArgsConfig } from "node:util";

import { UsageError } from "./errors";

/** The options of a command line, all of them with a value but those that are named as switches. */
export function options(
    args: readonly string[],
    names: readonly string[],
    switches: readonly string[] = [],
): { values: Partial<Record<string, string>>; on: ReadonlySet<string> } {
    const config: NonNullable<ParseArgsConfig["options"]> = {};
    for (const name of names) config[name] = { type: "string" };
    for (const name of switches) config[name] = { type: "boolean" };
    try {
        const { values } = parseArgs({ args: [...args], options: config, strict: true });
        const entries = Object.entries(values);
        return {
            values: Object.fromEntries(
                entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
            ),
            on: new Set(entries.flatMap(([name, value]) => (value === true ? [name] : []))),
        };
    } catch (error) {
        throw new UsageError((error as Error).message);
    }
}
