import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../system/cache";
import { SandboxError } from "../system/errors";
import { processIdentity, type ProcessIdentity } from "../system/process-identity";
import { commandLine, stopProcess } from "./processes";
import type { ControlPlaneRecord, StatePaths } from "./state";

/** The program that answers for AWS. */
export const CONTROL_PLANE_SERVER = path.join(__dirname, "..", "moto", "server.py");

/** How long it may take to listen, in milliseconds: 2 to 4 s are usual, more on a loaded machine. */
const START_MS = 90_000;
const POLL_MS = 50;
const REQUEST_MS = 10_000;

/** Something that exists in the sandbox's AWS beyond what a new account has. */
export interface SandboxResource {
    readonly service: string;
    readonly type: string;
    readonly id: string;
    readonly region: string;
}

/** How to run the control plane. */
export interface ControlPlaneTools {
    /** The absolute path of the interpreter. */
    readonly python: string;
    /** The absolute path of the server's script. */
    readonly server: string;
}

interface Files {
    readonly pid: string;
    readonly port: string;
    readonly requests: string;
    readonly log: string;
}

function filesOf(paths: StatePaths): Files {
    const at = (name: string): string => path.join(paths.controlPlane, name);
    return { pid: at("pid"), port: at("port.json"), requests: at("requests.jsonl"), log: at("server.log") };
}

/** The file of the API calls that the control plane has answered, one JSON object a line. */
export const requestLog = (paths: StatePaths): string => filesOf(paths).requests;

export const endpointOf = (record: { readonly port: number }): string =>
    `http://127.0.0.1:${String(record.port)}`;

async function getJson(endpoint: string, resource: string): Promise<unknown> {
    const response = await fetch(`${endpoint}${resource}`, { signal: AbortSignal.timeout(REQUEST_MS) });
    if (!response.ok) {
        throw new Error(`${endpoint}${resource} answered ${String(response.status)}`);
    }
    return response.json();
}

/** The instance that answers at `endpoint`; `undefined` when none does, or something else. */
export async function instanceAt(endpoint: string): Promise<string | undefined> {
    try {
        const health = (await getJson(endpoint, "/_sandbox/health")) as { instance?: unknown } | null;
        return typeof health?.instance === "string" ? health.instance : undefined;
    } catch {
        return undefined;
    }
}

/** Everything that exists in the sandbox's AWS beyond what a new account has. */
export async function resourcesAt(endpoint: string): Promise<SandboxResource[]> {
    return (await getJson(endpoint, "/_sandbox/resources")) as SandboxResource[];
}

/**
 * The living control plane of this sandbox, recorded or not: the process leaves its id before it does anything else, so
 * that even a starter killed between starting and recording it loses nothing. Its command line holds this sandbox's
 * folder, by which a process that has got the id of a dead one is told apart.
 */
export function findControlPlane(paths: StatePaths): ProcessIdentity | undefined {
    let pid: number;
    try {
        pid = Number.parseInt(fs.readFileSync(filesOf(paths).pid, "utf8"), 10);
    } catch {
        return undefined;
    }
    const identity = Number.isInteger(pid) && pid > 1 ? processIdentity(pid) : undefined;
    return identity !== undefined && commandLine(pid).includes(filesOf(paths).port) ? identity : undefined;
}

/** The port that the control plane has written since it was started last; it does so when it listens. */
export function recordedPort(paths: StatePaths): number | undefined {
    try {
        const { port } = JSON.parse(fs.readFileSync(filesOf(paths).port, "utf8")) as { port?: unknown };
        return Number.isInteger(port) ? (port as number) : undefined;
    } catch {
        return undefined;
    }
}

function tail(file: string): string {
    try {
        return fs.readFileSync(file, "utf8").trim().split("\n").slice(-15).join("\n");
    } catch {
        return "(it wrote nothing)";
    }
}

/** Leaves the shell's id, which is the server's: `exec` replaces the one by the other. */
const LEAVE_PID_AND_RUN = 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"';

/**
 * Starts a new control plane on a free port of 127.0.0.1 and waits until it answers. It goes on when this process ends.
 *
 * @throws SandboxError with the end of its log when it does not come up; then nothing of it is left.
 */
export async function startControlPlane(
    paths: StatePaths,
    tools: ControlPlaneTools,
    env: NodeJS.ProcessEnv,
    log: Log,
    signal?: AbortSignal,
): Promise<ControlPlaneRecord> {
    const files = filesOf(paths);
    fs.mkdirSync(paths.controlPlane, { recursive: true });
    fs.rmSync(files.port, { force: true });
    fs.rmSync(files.pid, { force: true });
    fs.rmSync(files.requests, { force: true });
    const output = fs.openSync(files.log, "w");
    const args = [
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--port-file",
        files.port,
        "--request-log",
        files.requests,
    ];
    log("Starting the AWS stand-in ...");
    // A session of its own, so that Ctrl-C in the terminal does not reach it.
    const child = spawn(
        "/bin/sh",
        ["-c", LEAVE_PID_AND_RUN, files.pid, tools.python, tools.server, ...args],
        {
            detached: true,
            env,
            stdio: ["ignore", output, output],
        },
    );
    fs.closeSync(output);
    let ended = false;
    child.on("exit", () => (ended = true));
    child.on("error", () => (ended = true));
    const identity = child.pid === undefined ? undefined : processIdentity(child.pid);
    try {
        if (identity !== undefined) {
            const deadline = Date.now() + START_MS;
            while (!ended && Date.now() < deadline) {
                signal?.throwIfAborted();
                const port = recordedPort(paths);
                const instance = port === undefined ? undefined : await instanceAt(endpointOf({ port }));
                if (port !== undefined && instance !== undefined) {
                    child.unref();
                    return { ...identity, port, instance };
                }
                await sleep(POLL_MS);
            }
        }
        const problem = ended ? "ended at once" : `did not answer within ${String(START_MS / 1000)} s`;
        throw new SandboxError(
            `The AWS stand-in ${problem}. The end of its log, ${files.log}:\n${tail(files.log)}`,
        );
    } catch (error) {
        if (identity !== undefined) {
            await stopProcess(identity);
        }
        throw error;
    }
}
