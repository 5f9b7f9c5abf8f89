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

const CHECKS = [
    { name: "types", args: [tool("typescript", "bin", "tsc"), "--noEmit"] },
    { name: "lint", args: [tool("eslint", "bin", "eslint.js"), "."] },
    { name: "format", args: [tool("prettier", "bin", "prettier.cjs"), "--check", "."] },
];

/** `npm run check`: types, lint and format. All are run, so that one run shows all there is to do. */
export const check: Command = async (_args, { log, signal }) => {
    const failed: string[] = [];
    for (const { name, args } of CHECKS) {
        log(`Checking ${name} ...`);
        if ((await runNode(args)) !== 0) {
            failed.push(name);
        }
        signal.throwIfAborted();
    }
    log(failed.length === 0 ? "All checks pass." : `Failed: ${failed.join(", ")}.`);
    return failed.length === 0 ? 0 : 1;
};
