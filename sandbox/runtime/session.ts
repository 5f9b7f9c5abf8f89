import * as fs from "node:fs";
import { archiveBackend, backendStacks, removeDeadLocks } from "./backend";
import { cacheFolder, type Log } from "../system/cache";
import {
    CONTROL_PLANE_SERVER,
    type ControlPlaneTools,
    endpointOf,
    findControlPlane,
    instanceAt,
    recordedPort,
    startControlPlane,
} from "./control-plane";
import { type Engine, ENGINE_VARIABLE, findEngine } from "../engine";
import { cachedEngine } from "../engine/cached";
import { controlPlaneEnvironment } from "./environment";
import { isAlive, type ProcessIdentity } from "../system/process-identity";
import { engineProcesses, orphans, stopProcess } from "./processes";
import type { ControlPlaneRecord, State, StatePaths } from "./state";
import { bringVenv } from "./venv";

/** What the steps of a start share. */
export interface Session {
    readonly paths: StatePaths;
    /** The state that an earlier command left. */
    readonly previous: State | undefined;
    /** The user's environment. */
    readonly env: NodeJS.ProcessEnv;
    readonly log: Log;
    readonly signal?: AbortSignal;
}

/** The engine to use; that of the previous command when it is still the right one, which saves asking for its version. */
export async function chooseEngine({ previous, env, log, signal }: Session): Promise<Engine> {
    const known = previous?.engine;
    if (known !== undefined && env[ENGINE_VARIABLE] === undefined && fs.existsSync(known.pulumi)) {
        const cached = cachedEngine(cacheFolder(env), ["download", "build"]);
        if (known.source === "path" || cached?.pulumi === known.pulumi) {
            return known;
        }
    }
    return findEngine({ log, env, ...(signal && { signal }) });
}

/** A control plane that runs and answers, recorded by an earlier command or not. */
async function runningControlPlane({
    paths,
    previous,
    log,
}: Session): Promise<ControlPlaneRecord | undefined> {
    const recorded = previous?.controlPlane;
    if (recorded !== undefined && isAlive(recorded)) {
        if ((await instanceAt(endpointOf(recorded))) === recorded.instance) {
            return recorded;
        }
        log(`The AWS stand-in (process ${String(recorded.pid)}) does not answer; it is started anew.`);
        return undefined;
    }
    if (recorded !== undefined) {
        log(`The AWS stand-in that the state file names (process ${String(recorded.pid)}) has ended.`);
    }
    const found = findControlPlane(paths);
    const port = found === undefined ? undefined : recordedPort(paths);
    const instance = port === undefined ? undefined : await instanceAt(endpointOf({ port }));
    if (found !== undefined && port !== undefined && instance !== undefined) {
        log(`Found the AWS stand-in of a command that was cut off (process ${String(found.pid)}).`);
        return { ...found, port, instance };
    }
    return undefined;
}

/** The processes of the control plane that may still live: the recorded one and the one that left its id. */
function controlPlaneProcesses(paths: StatePaths, state: State | undefined): ProcessIdentity[] {
    const candidates = [findControlPlane(paths), state?.controlPlane];
    const living = candidates.filter((candidate) => candidate !== undefined && isAlive(candidate));
    return living.filter(
        (process, index) => living.findIndex((other) => other?.pid === process?.pid) === index,
    ) as ProcessIdentity[];
}

/** Reuses the control plane that runs, or starts one. */
export async function bringControlPlane(
    session: Session,
    tools?: ControlPlaneTools,
): Promise<ControlPlaneRecord> {
    const { paths, previous, env, log, signal } = session;
    const running = await runningControlPlane(session);
    if (running !== undefined) {
        return running;
    }
    for (const process of controlPlaneProcesses(paths, previous)) {
        await stopProcess(process);
    }
    const used = tools ?? {
        python: await bringVenv({ log, env, ...(signal && { signal }) }),
        server: CONTROL_PLANE_SERVER,
    };
    return startControlPlane(paths, used, controlPlaneEnvironment(env), log, signal);
}

/**
 * The control plane holds everything in memory. When it is a new one and stacks still have resources in their state,
 * these resources are gone and their state means nothing: it is put aside.
 */
export function matchBackend({ paths, previous, log }: Session, instance: string): void {
    const known = previous?.backendInstance;
    if (known === undefined || known === instance || !fs.existsSync(paths.backend)) {
        return;
    }
    const stacks = backendStacks(paths).filter((stack) => !stack.isEmpty);
    if (stacks.length === 0) {
        return;
    }
    const names = stacks.map((stack) => `${stack.stack} (${String(stack.resources)} resources)`).join(", ");
    const archive = archiveBackend(paths, new Date());
    log(`The AWS stand-in is a new one, and the old one's resources went with it: ${names}.`);
    log(`Their state was moved to ${archive}; the sandbox starts clean.`);
}

/** Ends what engines left behind that were killed, and their locks. */
export async function clearKilledEngines({ paths, log }: Pick<Session, "paths" | "log">): Promise<void> {
    for (const orphan of orphans(engineProcesses(paths.folder))) {
        log(`Stopping process ${String(orphan.pid)}, left behind by an engine that was killed.`);
        await stopProcess(orphan);
    }
    removeDeadLocks(paths, log);
}

/** Everything of this sandbox that runs. */
export function livingProcesses(paths: StatePaths, state: State | undefined): ProcessIdentity[] {
    return [...controlPlaneProcesses(paths, state), ...engineProcesses(paths.folder)];
}
