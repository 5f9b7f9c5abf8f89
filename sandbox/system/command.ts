import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import * as fs from "node:fs";
import { constants } from "node:os";

/** What a finished command left. */
export interface CommandResult {
    /** The exit code; 128 + n when signal n ended the command. */
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

export interface CommandOptions {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** Ends the command (SIGTERM) when it fires. */
    readonly signal?: AbortSignal;
}

/** Runs a command to its end and keeps its output; rejects only when it cannot be started. */
export type CommandRunner = (
    command: string,
    args: readonly string[],
    options?: CommandOptions,
) => Promise<CommandResult>;

function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
    return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

export const runCommand: CommandRunner = (command, args, options = {}) =>
    new Promise((resolve, reject) => {
        const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
        let stdout = "";
        let stderr = "";
        child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
        child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
        child.on("error", reject);
        child.on("close", (code, signal) => resolve({ code: exitCode(code, signal), stdout, stderr }));
    });

/**
 * Whether Ctrl-C reaches the children by itself: a terminal sends SIGINT to the whole foreground group. Passing it on
 * as well would give the engine two, and by the second it gives up without saving what it did.
 */
function terminalDeliversInterrupts(): boolean {
    try {
        fs.closeSync(fs.openSync("/dev/tty", "r"));
        return true;
    } catch {
        return false;
    }
}

const FORWARDED: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];
const FROM_TERMINAL: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT"];

/**
 * Starts a child, waits for it and passes this process's signals on to it meanwhile; gives its exit code. It listens for
 * signals before the child is there: one that came in between would end this process and leave the child alone.
 */
function waitPassingSignals(start: () => ChildProcess): Promise<number> {
    return new Promise((resolve, reject) => {
        const handlers = FORWARDED.map((signal) => {
            const handler = (): void => {
                if (!FROM_TERMINAL.includes(signal) || !terminalDeliversInterrupts()) {
                    child.kill(signal);
                }
            };
            process.on(signal, handler);
            return { signal, handler };
        });
        const done = (): void => handlers.forEach(({ signal, handler }) => process.off(signal, handler));
        const child = start();
        child.on("error", (error) => {
            done();
            reject(error);
        });
        child.on("close", (code, signal) => {
            done();
            resolve(exitCode(code, signal));
        });
    });
}

/** Runs a command on this process's own stdin, stdout and stderr, with its signals; gives the exit code. */
export function passThrough(
    command: string,
    args: readonly string[],
    options: SpawnOptions = {},
): Promise<number> {
    return waitPassingSignals(() => spawn(command, args, { stdio: "inherit", ...options }));
}
