import * as path from "node:path";
import { cacheFolder, type Log } from "../system/cache";
import { type CommandRunner, runCommand } from "../system/command";
import { messageOf, SandboxError } from "../system/errors";
import { withLock } from "../system/lock";
import { buildEngine } from "./build";
import { addToCache, cachedEngine, enginesFolder, type Origin } from "./cached";
import { downloadEngine, type DownloadOptions } from "./download";
import { engineOnPath } from "./on-path";
import { type Engine, ENGINE_SOURCES, type EngineSource } from "./engine";
import { cliModule } from "./version";

export { type Engine, ENGINE_SOURCES, type EngineSource } from "./engine";

export interface FindEngineOptions {
    readonly log: Log;
    /** @default the process's own: PATH, XDG_CACHE_HOME, HOME, PULSAR_LAB_ENGINE and what Go reads. */
    readonly env?: NodeJS.ProcessEnv;
    /** Starts commands; tests give their own. @default real processes */
    readonly run?: CommandRunner;
    readonly download?: Omit<DownloadOptions, "signal">;
    readonly signal?: AbortSignal;
}

/** The variable that allows one source only, for machines without a network and for tests. */
export const ENGINE_VARIABLE = "PULSAR_LAB_ENGINE";

function forcedSource(env: NodeJS.ProcessEnv): EngineSource | undefined {
    const value = env[ENGINE_VARIABLE];
    if (value === undefined || value === "") {
        return undefined;
    }
    const source = ENGINE_SOURCES.find((candidate) => candidate === value);
    if (source === undefined) {
        throw new SandboxError(
            `${ENGINE_VARIABLE} is ${JSON.stringify(value)}; allowed are ${ENGINE_SOURCES.join(", ")}, or nothing to try all.`,
        );
    }
    return source;
}

function nothingFound(failures: readonly string[]): SandboxError {
    const { version, go } = cliModule();
    return new SandboxError(
        [
            "The Pulumi engine could neither be found nor made:",
            ...failures.map((failure) => `  - ${failure}`),
            `Install Pulumi ${version} (https://www.pulumi.com/docs/iac/download-install/), ` +
                `or Go ${go} or newer (https://go.dev/dl/) so that it can be built, and run the command again.`,
        ].join("\n"),
    );
}

/**
 * Finds the Pulumi engine, or makes one: a fitting `pulumi` on PATH, the user's cache, the official download, a build
 * with Go. What is downloaded or built goes to the cache, once per user and version: behind a lock, and visible only
 * when it is whole.
 *
 * @throws SandboxError that says for each source why it gave none, and what to install.
 */
export async function findEngine(options: FindEngineOptions): Promise<Engine> {
    const { log, signal, env = process.env, run = runCommand } = options;
    const forced = forcedSource(env);
    const allowed = (source: EngineSource): boolean => forced === undefined || forced === source;
    const failures: string[] = [];

    if (allowed("path")) {
        const engine = await engineOnPath(env, run);
        if (typeof engine !== "string") {
            return engine;
        }
        failures.push(`PATH: ${engine}`);
    }

    const cache = cacheFolder(env);
    // An engine in the cache is as good as making it again, so it also answers when its origin is forced.
    const origins = (["download", "build"] as const).filter((origin) => allowed(origin) || allowed("cache"));
    const cached = cachedEngine(cache, origins);
    if (cached !== undefined) {
        return cached;
    }
    if (forced === "cache") {
        failures.push(`cache: ${enginesFolder(cache)} holds no engine of this version`);
    }
    if (!allowed("download") && !allowed("build")) {
        throw nothingFound(failures);
    }

    const makers: Record<Origin, (folder: string) => Promise<void>> = {
        download: (folder) =>
            downloadEngine(cliModule().version, folder, run, log, {
                ...options.download,
                ...(signal && { signal }),
            }),
        build: (folder) => buildEngine(folder, run, log, env, signal),
    };
    const onWait = (pid?: number): void =>
        log(`Waiting for process ${String(pid)}, which brings the Pulumi engine ...`);
    return withLock(
        path.join(enginesFolder(cache), "lock"),
        { onWait, ...(signal && { signal }) },
        async () => {
            const arrived = cachedEngine(cache, origins);
            if (arrived !== undefined) {
                return arrived;
            }
            for (const origin of ["download", "build"] as const) {
                if (allowed(origin)) {
                    try {
                        return await addToCache(cache, origin, run, makers[origin]);
                    } catch (error) {
                        signal?.throwIfAborted();
                        const failure = `${origin}: ${messageOf(error)}`;
                        failures.push(failure);
                        log(`No Pulumi engine by ${failure}`);
                    }
                }
            }
            throw nothingFound(failures);
        },
    );
}
