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

/** How many files of tests run side by side. An engine run keeps one core busy, and two thirds of a second one. */
const LANES = 2;

/** Where the longest files are: they are begun first, so that the lanes end together. */
const LONGEST_FIRST = ["test/sandbox/program/", "test/checks/campaign/", "test/sandbox/", "test/"];

/** Every file of tests, in the order in which they are begun. */
export function testFiles(): string[] {
    const rank = (file: string): number => LONGEST_FIRST.findIndex((prefix) => file.startsWith(prefix));
    return fs
        .readdirSync(path.join(REPOSITORY, "test"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".test.ts"))
        .map((file) => `test/${file}`)
        .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}

/** `npm test`: every test, or those that the arguments name to mocha, one after the other. */
export const test: Command = async (args, context) => {
    await prepare(context);
    const named = args.some((argument) => argument.includes(".test.ts"));
    const all = ["--parallel", "--jobs", String(LANES), ...testFiles()];
    return runNode([tool("mocha", "bin", "mocha.js"), ...args, ...(named ? [] : all)]);
};

/** `npm run bench`. */
export const bench: Command = async (args, context) => {
    await prepare(context);
    return runNode([...TYPESCRIPT, path.join(REPOSITORY, "bench", "index.ts"), ...args]);
};
