import * as fs from "node:fs";
import * as path from "node:path";
import type { CommandRunner } from "../system/command";
import type { Engine } from "./engine";
import { fits, OLDEST_FITTING, parseVersion } from "./version";

/** In the folder that a sandbox puts on PATH: what is there is a wrapper around an engine, not one. */
export const SANDBOX_BIN_MARKER = ".pulsar-lab-sandbox";

function isExecutable(file: string): boolean {
    try {
        fs.accessSync(file, fs.constants.X_OK);
        return fs.statSync(file).isFile();
    } catch {
        return false;
    }
}

/** The first executable `name` on PATH that is not a sandbox's own wrapper. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | undefined {
    return (env.PATH ?? "")
        .split(path.delimiter)
        .filter((folder) => folder !== "" && !fs.existsSync(path.join(folder, SANDBOX_BIN_MARKER)))
        .map((folder) => path.join(folder, name))
        .find(isExecutable);
}

/**
 * The user's own Pulumi, if it fits. Its language host must lie beside it, as the official packages have it: the sandbox
 * has the engine ignore plugins on PATH, or a real AWS provider found there would go before the sandbox's.
 *
 * @returns the engine, or why there is none.
 */
export async function engineOnPath(env: NodeJS.ProcessEnv, run: CommandRunner): Promise<Engine | string> {
    const found = findOnPath("pulumi", env);
    if (found === undefined) {
        return "there is no pulumi on PATH";
    }
    const pulumi = fs.realpathSync(found);
    let output: string;
    try {
        output = (await run(pulumi, ["version"], { env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" } }))
            .stdout;
    } catch (error) {
        return `${found} cannot be run (${String(error)})`;
    }
    const version = parseVersion(output);
    if (version === undefined) {
        return `${found} does not say its version`;
    }
    if (!fits(version)) {
        return `${found} has version ${version.join(".")}, and ${OLDEST_FITTING.join(".")} or newer (below 4) is needed`;
    }
    if (!isExecutable(path.join(path.dirname(pulumi), "pulumi-language-nodejs"))) {
        return `${found} has no pulumi-language-nodejs beside it`;
    }
    return { source: "path", version: version.join("."), pulumi };
}
