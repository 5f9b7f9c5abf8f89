import { createHash } from "node:crypto";
import { homedir } from "node:os";
import * as path from "node:path";

/** Takes one notice for the user, a line without its end. */
export type Log = (line: string) => void;

/**
 * The folder of what is built once per user and shared by all clones: the engine and the Python environment.
 * Outside of the repository, by the XDG rules: `$XDG_CACHE_HOME/pulsar-lab`, or `~/.cache/pulsar-lab`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
    const xdg = env.XDG_CACHE_HOME;
    // A relative path is invalid by the XDG specification and to be ignored.
    const base = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(env.HOME ?? homedir(), ".cache");
    return path.join(base, "pulsar-lab");
}

/** A short name for contents: equal parts, equal key. */
export function contentKey(parts: readonly string[]): string {
    const hash = createHash("sha256");
    for (const part of parts) {
        hash.update(`${String(part.length)}:${part}`);
    }
    return hash.digest("hex").slice(0, 16);
}
