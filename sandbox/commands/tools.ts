import * as fs from "node:fs";
import * as path from "node:path";
import { passThrough } from "../system/command";
import { findEngine } from "../engine";
import { REPOSITORY, TYPESCRIPT } from "../runtime/plugins";
import { bringVenv } from "../runtime/venv";
import type { Command, CommandContext } from "./context";

/** A tool in the node modules, as a script for Node. */
const tool = (...parts: string[]): string => path.join(REPOSITORY, "node_modules", ...parts);

const runNode = (args: readonly string[]): Promise<number> =>
    passThrough(process.execPath, args, { cwd: REPOSITORY, env: process.env });

/** Brings what tests and benchmarks need to start sandboxes of their own. */
async function prepare({ log, signal }: CommandContext): Promise<void> {
    await findEngine({ log, signal });
    await bringVenv({ log, signal });
}

const EVERY_TEST = "test/**/*.test.ts";

/** `npm test`: every test, or those that the arguments name to mocha. */
export const test: Command = async (args, context) => {
    await prepare(context);
    const named = args.some((argument) => argument.includes(".test.ts"));
    return runNode([tool("mocha", "bin", "mocha.js"), ...args, ...(named ? [] : [EVERY_TEST])]);
};

/** `npm run bench`. */
export const bench: Command = async (args, context) => {
    await prepare(context);
    return runNode([...TYPESCRIPT, path.join(REPOSITORY, "bench", "index.ts"), ...args]);
};

const CHECKS: readonly {
    readonly name: string;
    readonly run: (context: CommandContext) => Promise<number>;
}[] = [
    { name: "types", run: () => runNode([tool("typescript", "bin", "tsc"), "--noEmit"]) },
    { name: "lint", run: () => runNode([tool("eslint", "bin", "eslint.js"), "."]) },
    { name: "format", run: () => runNode([tool("prettier", "bin", "prettier.cjs"), "--check", "."]) },
    { name: "Python", run: runRuff },
    { name: "shell scripts", run: runShellCheck },
];

/** Runs a checker that is a Python package. They have a Python environment of their own: no sandbox needs them. */
async function runChecker(
    { log, signal }: CommandContext,
    name: string,
    args: readonly string[],
): Promise<number> {
    const requirements = path.join(REPOSITORY, "sandbox", "moto", "requirements-check.txt");
    const python = await bringVenv({ log, signal, requirements, what: "ruff and ShellCheck" });
    return passThrough(path.join(path.dirname(python), name), args, { cwd: REPOSITORY, env: process.env });
}

/** Lint and format of the Python code. */
async function runRuff(context: CommandContext): Promise<number> {
    const ruff = (...args: string[]) => runChecker(context, "ruff", [...args, "."]);
    return (await ruff("check", "--no-cache")) || (await ruff("format", "--check", "--no-cache"));
}

/** The shell scripts that the components ship. */
async function runShellCheck(context: CommandContext): Promise<number> {
    const files = fs.readdirSync(path.join(REPOSITORY, "components"), { recursive: true, encoding: "utf8" });
    const scripts = files.filter((file) => file.endsWith(".sh")).sort();
    return runChecker(
        context,
        "shellcheck",
        scripts.map((file) => path.join("components", file)),
    );
}

/** `npm run check`: types, lint, format, Python and shell scripts. All are run, so that one run shows all there is to do. */
export const check: Command = async (_args, context) => {
    const { log, signal } = context;
    const failed: string[] = [];
    for (const { name, run } of CHECKS) {
        log(`Checking ${name} ...`);
        if ((await run(context)) !== 0) {
            failed.push(name);
        }
        signal.throwIfAborted();
    }
    log(failed.length === 0 ? "All checks pass." : `Failed: ${failed.join(", ")}.`);
    return failed.length === 0 ? 0 : 1;
};
