import { constants } from "node:os";
import { breakNetwork } from "./commands/break";
import { check } from "./commands/check";
import type { Command } from "./commands/context";
import { run } from "./commands/run";
import { start } from "./commands/start";
import { stop } from "./commands/stop";
import { bench, test } from "./commands/tools";
import { SandboxError } from "./system/errors";

const COMMANDS: Readonly<Record<string, Command>> = {
    start,
    stop,
    run,
    break: breakNetwork,
    test,
    check,
    bench,
};

const USAGE = `Usage: node sandbox/bootstrap.js <command> [arguments]

  start [--stack <stack>]   deploy a stack (dev) in the sandbox and prove its connectivity    npm start
  stop [--force]            destroy every stack and stop the sandbox; or just drop it          npm stop
  run <command...>          run any command in the sandbox                    npm run sandbox -- <command...>
  break [row]               break the network behind Pulumi's back                       npm run break -- <row>
  test [mocha arguments]    run the tests                                                       npm test
  check                     types, lint and format                                         npm run check
  bench [arguments]         benchmarks                                                     npm run bench

Environment:
  PULSAR_LAB_SANDBOX_DIR    the folder of the sandbox's state; .sandbox in the repository
  PULSAR_LAB_ENGINE         use the Pulumi engine of this source alone: path, cache, download or build
  XDG_CACHE_HOME            where the engine and the Python environment are kept, once per user; ~/.cache`;

class Interruption extends Error {
    constructor(readonly signal: "SIGINT" | "SIGTERM") {
        super(`interrupted by ${signal}`);
    }
}

/** Runs a command of the npm scripts; gives the exit code: 128 + n when signal n ended it. */
export async function main(args: readonly string[]): Promise<number> {
    const [name, ...rest] = args;
    const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    const log = (line: string): void => void process.stderr.write(`${line}\n`);
    if (command === undefined) {
        const isHelp = name === undefined || ["help", "--help", "-h"].includes(name);
        log(isHelp ? USAGE : `Error: there is no command ${JSON.stringify(name)}.\n\n${USAGE}`);
        return isHelp ? 0 : 2;
    }
    const controller = new AbortController();
    const { signal } = controller;
    for (const interruption of ["SIGINT", "SIGTERM"] as const) {
        process.on(interruption, () => controller.abort(new Interruption(interruption)));
    }
    const print = (line: string): void => void process.stdout.write(`${line}\n`);
    try {
        return await command(rest, { log, print, signal });
    } catch (error) {
        const reason: unknown = signal.aborted ? signal.reason : undefined;
        if (reason instanceof Interruption) {
            log(`Stopped by ${reason.signal}.`);
            return 128 + constants.signals[reason.signal];
        }
        if (error instanceof SandboxError) {
            log(`Error: ${error.message}`);
            return 1;
        }
        throw error;
    }
}
