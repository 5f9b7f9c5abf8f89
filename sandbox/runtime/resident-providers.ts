import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import type { Socket } from "node:net";
import { SandboxError } from "../system/errors";
import { pluginFile, STAND_INS } from "./plugins";
import { ENGINE_PROCESS_VARIABLE } from "./processes";
import type { StatePaths } from "./state";

/** By this variable the engine attaches to providers that run, in place of starting its own: `aws:40123,awsx:40124`. */
const ATTACH_VARIABLE = "PULUMI_DEBUG_PROVIDERS";

/** A provider wants an address of an engine when it starts; by `Attach` each engine then says its own. */
const NO_ENGINE = "127.0.0.1:1";

/** Marks the process as one of the sandbox's, like those of an engine run; it is its own engine (see processes.ts). */
const MARK_AND_RUN = `export ${ENGINE_PROCESS_VARIABLE}="$0:$$"; exec "$@"`;

/**
 * Starts the provider stand-ins so that they go on between commands: to start them takes a second of processor time and more for
 * each command. They end with the sandbox, and with this process.
 *
 * @returns the environment by which an engine attaches to them.
 */
export async function startResidentProviders(
    paths: StatePaths,
    env: NodeJS.ProcessEnv,
): Promise<NodeJS.ProcessEnv> {
    const ports = await Promise.all(
        STAND_INS.map(
            async (name) => `${name}:${await start(pluginFile(paths, "resource", name), paths, env)}`,
        ),
    );
    return { [ATTACH_VARIABLE]: ports.join(",") };
}

async function start(plugin: string, paths: StatePaths, env: NodeJS.ProcessEnv): Promise<string> {
    const log = path.join(paths.folder, `${path.basename(plugin)}.log`);
    const output = fs.openSync(log, "a");
    const child = spawn("/bin/sh", ["-c", MARK_AND_RUN, paths.folder, plugin, NO_ENGINE], {
        cwd: paths.project,
        env,
        stdio: ["ignore", "pipe", output],
    });
    fs.closeSync(output);
    const port = await Promise.race([firstLine(child), once(child, "exit").then(() => undefined)]);
    if (port === undefined) {
        throw new SandboxError(`The provider ${plugin} ended at once: see ${log}.`);
    }
    // What this process waits for is its own work, not the end of the providers.
    child.unref();
    (child.stdout as Socket).unref();
    return port;
}

/** The port, which a provider says first. */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
    const lines = createInterface({ input: stdout as Socket });
    const [line] = (await once(lines, "line")) as [string];
    return line.trim();
}
