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
];

/** Lint and format of the Python code. ruff has a Python environment of its own: no sandbox needs it. */
async function runRuff({ log, signal }: CommandContext): Promise<number> {
    const requirements = path.join(REPOSITORY, "sandbox", "moto", "requirements-check.txt");
    const python = await bringVenv({ log, signal, requirements, what: "ruff" });
    const ruff = (...args: string[]): Promise<number> =>
        passThrough(path.join(path.dirname(python), "ruff"), [...args, "."], {
            cwd: REPOSITORY,
            env: process.env,
        });
    return (await ruff("check", "--no-cache")) || (await ruff("format", "--check", "--no-cache"));
}

/** `npm run check`: types, lint and format. All are run, so that one run shows all there is to do. */
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
