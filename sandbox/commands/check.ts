import * as fs from "node:fs";
import * as path from "node:path";
import { type CommandResult, runCommand } from "../system/command";
import { REPOSITORY } from "../runtime/plugins";
import { bringVenv } from "../runtime/venv";
import type { Command, CommandContext } from "./context";

/** One of the checks, with the exit code and the output of its tools. */
export interface Check {
    readonly name: string;
    readonly run: (context: CommandContext) => Promise<CommandResult>;
}

/** A check by a tool in the node modules. */
const byNode = (name: string, script: string, ...args: string[]): Check => ({
    name,
    run: (context) =>
        runIn(context, process.execPath, [path.join(REPOSITORY, "node_modules", script), ...args]),
});

const CHECKS: readonly Check[] = [
    byNode("lint", "eslint/bin/eslint.js", "."),
    byNode("types", "typescript/bin/tsc", "--noEmit"),
    byNode("format", "prettier/bin/prettier.cjs", "--check", "."),
    { name: "Python and shell scripts", run: checkScripts },
];

/** `npm run check`. */
export const check: Command = (_args, context) => runChecks(CHECKS, context);

/** Runs all checks side by side and to their end, so that one run shows all there is to do; gives the exit code. */
export async function runChecks(checks: readonly Check[], context: CommandContext): Promise<number> {
    const { log, print, signal } = context;
    log(`Checking ${checks.map(({ name }) => name).join(", ")} ...`);
    const results = await Promise.all(
        checks.map(async ({ name, run }) => {
            const { code, stdout, stderr } = await run(context);
            const output = `${stdout}${stderr}`.trim();
            if (code !== 0) print(`\n${name}:\n${output}\n`);
            return { name, code };
        }),
    );
    signal.throwIfAborted();
    const failed = results.filter(({ code }) => code !== 0).map(({ name }) => name);
    log(failed.length === 0 ? "All checks pass." : `Failed: ${failed.join(", ")}.`);
    return failed.length === 0 ? 0 : 1;
}

function runIn({ signal }: CommandContext, command: string, args: readonly string[]): Promise<CommandResult> {
    return runCommand(command, args, { cwd: REPOSITORY, env: process.env, signal });
}

/** Lint and format of the Python code, and the shell scripts that the components ship; each to its end. */
async function checkScripts(context: CommandContext): Promise<CommandResult> {
    const run = await checker(context);
    const results = [
        await run("ruff", "check", "--no-cache", "."),
        await run("ruff", "format", "--check", "--no-cache", "."),
        await run("shellcheck", ...shellScripts()),
    ];
    return {
        code: results.find(({ code }) => code !== 0)?.code ?? 0,
        stdout: results.map(({ stdout }) => stdout).join(""),
        stderr: results.map(({ stderr }) => stderr).join(""),
    };
}

/** Runs a checker that is a Python package. They have a Python environment of their own: no sandbox needs them. */
async function checker(
    context: CommandContext,
): Promise<(name: string, ...args: string[]) => Promise<CommandResult>> {
    const { log, signal } = context;
    const requirements = path.join(REPOSITORY, "sandbox", "moto", "requirements-check.txt");
    const python = await bringVenv({ log, signal, requirements, what: "ruff and ShellCheck" });
    return (name, ...args) => runIn(context, path.join(path.dirname(python), name), args);
}

function shellScripts(): string[] {
    return fs
        .readdirSync(path.join(REPOSITORY, "components"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".sh"))
        .sort()
        .map((file) => path.join("components", file));
}
