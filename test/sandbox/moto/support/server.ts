import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CONTROL_PLANE_SERVER, endpointOf } from "../../../../sandbox/runtime/control-plane";
import { bringVenv } from "../../../../sandbox/runtime/venv";
import { atEnd } from "../../../support/root-hooks";

/** A control plane of a test's own, started as the sandbox starts it. */
export interface Server {
    readonly endpoint: string;
    readonly pid: number;
    readonly process: ChildProcess;
    /** The path of the request log. */
    readonly requestLog: string;
    stop(): Promise<void>;
}

/** Long enough to make the Python environment on a first run. */
export const START_TIMEOUT_MS = 180_000;

/** @param candidates commands for Python. @default those that the sandbox tries */
export async function startServer(candidates?: readonly string[]): Promise<Server> {
    const python = await bringVenv({ log: () => undefined, ...(candidates && { candidates }) });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "control-plane-"));
    const portFile = path.join(folder, "port.json");
    const requestLog = path.join(folder, "requests.jsonl");
    const child = spawn(
        python,
        [CONTROL_PLANE_SERVER, "--port-file", portFile, "--request-log", requestLog],
        {
            stdio: ["ignore", "ignore", "inherit"],
        },
    );
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    while (!fs.existsSync(portFile)) {
        if (child.exitCode !== null) {
            throw new Error(`the control plane ended with ${String(child.exitCode)}`);
        }
        await sleep(20);
    }
    const { port, pid } = JSON.parse(fs.readFileSync(portFile, "utf8")) as { port: number; pid: number };
    const stop = async (): Promise<void> => {
        child.kill("SIGTERM");
        await ended;
        fs.rmSync(folder, { recursive: true, force: true });
    };
    return { endpoint: endpointOf({ port }), pid, process: child, requestLog, stop };
}

let shared: Promise<Server> | undefined;

/** The one control plane that the tests of single behaviours share: each works on a VPC of its own. */
export function sharedServer(): Promise<Server> {
    if (shared === undefined) {
        const started = (shared = startServer());
        atEnd(async () => {
            shared = undefined;
            await (await started).stop();
        });
    }
    return shared;
}
