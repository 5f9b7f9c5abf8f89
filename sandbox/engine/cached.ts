import * as fs from "node:fs";
import * as path from "node:path";
import type { CommandRunner } from "../system/command";
import { SandboxError } from "../system/errors";
import type { Engine } from "./engine";
import { cliModule, engineKey, parseVersion } from "./version";

/** How an engine comes into the cache. */
export type Origin = "download" | "build";

/** Written last into a finished folder. */
const RECORD = "engine.json";

/** The folder of engines within the user's cache. */
export function enginesFolder(cache: string): string {
    return path.join(cache, "engine");
}

function folderOf(cache: string, origin: Origin): string {
    return path.join(enginesFolder(cache), `${engineKey()}-${origin}`);
}

/** The finished engine of one of these origins in the cache. */
export function cachedEngine(cache: string, origins: readonly Origin[]): Engine | undefined {
    const folder = origins
        .map((origin) => folderOf(cache, origin))
        .find((candidate) =>
            [RECORD, "pulumi", "pulumi-language-nodejs"].every((file) =>
                fs.existsSync(path.join(candidate, file)),
            ),
        );
    return folder === undefined
        ? undefined
        : { source: "cache", version: cliModule().version, pulumi: path.join(folder, "pulumi") };
}

/**
 * Makes an engine with `make`, which fills an empty folder, and puts it into the cache in one step once it has proven
 * to run. The caller holds the lock of the engines' folder.
 */
export async function addToCache(
    cache: string,
    origin: Origin,
    run: CommandRunner,
    make: (folder: string) => Promise<void>,
): Promise<Engine> {
    const folder = folderOf(cache, origin);
    const unfinished = `${folder}.unfinished.${String(process.pid)}`;
    // The lock is ours, so what is there was left by a process that died in the middle. Its compiler may still run, so
    // its folder is not used again.
    for (const entry of fs.existsSync(enginesFolder(cache)) ? fs.readdirSync(enginesFolder(cache)) : []) {
        if (entry.startsWith(path.basename(folder))) {
            fs.rmSync(path.join(enginesFolder(cache), entry), { recursive: true, force: true });
        }
    }
    fs.mkdirSync(unfinished, { recursive: true });
    const version = cliModule().version;
    try {
        await make(unfinished);
        const said = await run(path.join(unfinished, "pulumi"), ["version"]);
        if (said.code !== 0 || parseVersion(said.stdout)?.join(".") !== version) {
            throw new SandboxError(
                `the new engine does not run: pulumi version gave ${said.stdout.trim() || said.stderr.trim() || "nothing"}`,
            );
        }
        fs.writeFileSync(path.join(unfinished, RECORD), `${JSON.stringify({ origin, version })}\n`);
        fs.renameSync(unfinished, folder);
    } finally {
        fs.rmSync(unfinished, { recursive: true, force: true });
    }
    return { source: origin, version, pulumi: path.join(folder, "pulumi") };
}
