/**
 * Runs test files again and again in one process, in a copy of the repository: starting a process and loading the SDKs takes longer
 * than most tests. It answers each request with one reply and ends when its parent does.
 */
import path from "node:path";
import Mocha from "mocha";

import { CompileCache, unloadModules } from "./compiler";
import { Coverage } from "./coverage";
import type { Reply, Request, TestRun } from "./protocol";

/** A mutant that keeps a promise from ever settling costs as much as this. */
const TEST_TIMEOUT_MS = 20_000;

const root = process.cwd();
const cache = new CompileCache();
const coverage = new Coverage();

async function runTests(files: readonly string[]): Promise<TestRun> {
    unloadModules(root + path.sep);
    const begun = performance.now();
    const mocha = new SynchronousMocha({ bail: true, timeout: TEST_TIMEOUT_MS, reporter: Silent });
    for (const file of files) mocha.addFile(path.join(root, file));
    let failure: string | undefined;
    try {
        mocha.load();
        await new Promise<void>((resolve) => {
            const runner = mocha.run(() => resolve());
            runner.on("fail", (test, error: Error) => {
                failure ??= `${test.fullTitle()}: ${error.message}`;
            });
        });
    } catch (error) {
        failure = `while loading: ${String(error)}`;
    }
    mocha.dispose();
    return { failure, seconds: (performance.now() - begun) / 1000 };
}

class Silent extends Mocha.reporters.Base {}

/** Loads files by `require`, whose modules can be unloaded again. */
class SynchronousMocha extends Mocha {
    load(): void {
        this.loadFiles();
    }
}

async function answer(request: Request): Promise<Reply> {
    if (request.kind === "run") return { ...(await runTests(request.tests)), covered: {} };
    // What ran before is not this file's.
    await coverage.take(cache.compiled);
    const run = await runTests(request.tests);
    return { ...run, covered: await coverage.take(cache.compiled) };
}

async function main(): Promise<void> {
    cache.install();
    await coverage.start();
    // What an ended test leaves behind must not end the process: the next mutant is not to blame.
    for (const event of ["uncaughtException", "unhandledRejection"] as const)
        process.on(event, () => undefined);
    process.on("message", (request: Request) => {
        void answer(request).then((reply) => process.send?.(reply));
    });
    process.on("disconnect", () => process.exit());
    process.send?.("ready");
}

void main();
