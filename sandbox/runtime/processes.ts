import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processIdentity, type ProcessIdentity } from "../system/process-identity";

/** How long a process has to end by itself, in milliseconds. */
const GRACE_MS = 5_000;
const POLL_MS = 50;

/** The command line of a process, arguments separated by spaces; empty when it is gone. */
export function commandLine(pid: number): string {
    try {
        return fs.readFileSync(`/proc/${String(pid)}/cmdline`, "utf8").replaceAll("\0", " ");
    } catch {
        // No /proc here, or no such process.
    }
    try {
        return execFileSync("ps", ["-o", "args=", "-p", String(pid)], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        });
    } catch {
        return "";
    }
}

function sendToGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
    try {
        process.kill(-pid, signal);
        return true;
    } catch {
        return false;
    }
}

function send(pid: number, signal: NodeJS.Signals): void {
    if (!sendToGroup(pid, signal)) {
        try {
            process.kill(pid, signal);
        } catch {
            // It has ended meanwhile, which is what we want.
        }
    }
}

async function waitForEnd(identity: ProcessIdentity, milliseconds: number): Promise<boolean> {
    const deadline = Date.now() + milliseconds;
    while (isAlive(identity)) {
        if (Date.now() > deadline) {
            return false;
        }
        await sleep(POLL_MS);
    }
    return true;
}

/**
 * Ends a process and its process group: SIGTERM, and SIGKILL for what is left after `graceMs`.
 *
 * @returns whether the process is gone.
 */
export async function stopProcess(identity: ProcessIdentity, graceMs: number = GRACE_MS): Promise<boolean> {
    if (!isAlive(identity)) {
        return true;
    }
    send(identity.pid, "SIGTERM");
    if (!(await waitForEnd(identity, graceMs))) {
        send(identity.pid, "SIGKILL");
    } else {
        // The leader is gone; members of its group that ignored SIGTERM are not waited for a second time.
        sendToGroup(identity.pid, "SIGKILL");
    }
    return waitForEnd(identity, GRACE_MS);
}

/** The environment variable by which the processes of an engine run are known. */
export const ENGINE_PROCESS_VARIABLE = "PULSAR_LAB_ENGINE_PROCESS";

/** A process of an engine run: the engine itself, its language host, a provider, the program. */
export interface EngineProcess extends ProcessIdentity {
    /** The id of the engine (`pulumi`) that it belongs to; its own for the engine. */
    readonly engine: number;
}

/** Every readable process with its environment, on Linux. */
function* environmentsFromProc(): Generator<{ pid: number; environment: string }> {
    for (const entry of fs.readdirSync("/proc")) {
        if (/^\d+$/.test(entry)) {
            try {
                yield { pid: Number(entry), environment: fs.readFileSync(`/proc/${entry}/environ`, "utf8") };
            } catch {
                // Another user's, or gone meanwhile.
            }
        }
    }
}

/** The same where there is no /proc (macOS): `ps -E` adds the environment to the command, separated by spaces. */
function* environmentsFromPs(): Generator<{ pid: number; environment: string }> {
    const lines = execFileSync("ps", ["-xwwE", "-o", "pid=,command="], {
        encoding: "utf8",
        maxBuffer: 1 << 26,
    });
    for (const line of lines.split("\n")) {
        const [, pid, environment] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
        if (pid !== undefined && environment !== undefined) {
            yield { pid: Number(pid), environment };
        }
    }
}

/**
 * The living processes of the engine runs of the sandbox in `stateFolder`. The engine starts its plugins itself and does
 * not say which; when it is killed they live on (measured: the language host for minutes). The wrapper around `pulumi`
 * sets a variable that all of them inherit and nothing else has, so they are found without guessing by name.
 */
export function engineProcesses(stateFolder: string): EngineProcess[] {
    const prefix = `${ENGINE_PROCESS_VARIABLE}=${stateFolder}:`;
    const found: EngineProcess[] = [];
    for (const { pid, environment } of fs.existsSync("/proc/self/environ")
        ? environmentsFromProc()
        : environmentsFromPs()) {
        const start = environment.indexOf(prefix);
        const engine = start < 0 ? NaN : Number.parseInt(environment.slice(start + prefix.length), 10);
        const identity = Number.isNaN(engine) ? undefined : processIdentity(pid);
        if (identity !== undefined) {
            found.push({ ...identity, engine });
        }
    }
    return found;
}

/** Those whose engine has ended without taking them along. */
export function orphans(processes: readonly EngineProcess[]): EngineProcess[] {
    const living = new Set(processes.map((process) => process.pid));
    return processes.filter((process) => !living.has(process.engine));
}
