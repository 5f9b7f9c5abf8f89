import * as fs from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import type { Log } from "../system/cache";
import { processIdentity } from "../system/process-identity";
import type { StatePaths } from "./state";

/** A stack in the sandbox's file backend. */
export interface BackendStack {
    readonly project: string;
    readonly stack: string;
    /** The name by which Pulumi knows it from any folder. */
    readonly qualifiedName: string;
    /** How many resources its state holds, without the stack itself and the providers. */
    readonly resources: number;
    /** Whether a killed engine left operations of which nobody knows whether they were done. */
    readonly isInterrupted: boolean;
    /** Whether its state holds nothing to destroy, not even an interrupted creation. */
    readonly isEmpty: boolean;
}

interface StackFile {
    readonly checkpoint?: {
        readonly latest?: {
            readonly resources?: readonly { readonly type: string }[];
            readonly pending_operations?: readonly unknown[];
        };
    };
}

/** The organization of every stack in a file backend. */
const ORGANIZATION = "organization";

function readJson(file: string): unknown {
    return JSON.parse(fs.readFileSync(file, "utf8"));
}

const isOwnResource = ({ type }: { readonly type: string }): boolean =>
    type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:");

function listFolder(folder: string): string[] {
    return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

/** Every stack in the backend, of every project. */
export function backendStacks(paths: StatePaths): BackendStack[] {
    const folder = path.join(paths.backend, ".pulumi", "stacks");
    return listFolder(folder).flatMap((project) =>
        listFolder(path.join(folder, project))
            .filter((file) => file.endsWith(".json"))
            .map((file) => {
                const stack = file.slice(0, -".json".length);
                const latest = (readJson(path.join(folder, project, file)) as StackFile).checkpoint?.latest;
                const resources = latest?.resources ?? [];
                const isInterrupted = (latest?.pending_operations ?? []).length > 0;
                return {
                    project,
                    stack,
                    qualifiedName: [ORGANIZATION, project, stack].join("/"),
                    resources: resources.filter(isOwnResource).length,
                    isInterrupted,
                    isEmpty: resources.length === 0 && !isInterrupted,
                };
            }),
    );
}

/** Who holds a lock; nothing is known of one that is just being written or removed. */
function readLock(file: string): { readonly pid?: number; readonly hostname?: string } {
    try {
        return readJson(file) as { pid?: number; hostname?: string };
    } catch {
        return {};
    }
}

/**
 * Removes the locks of engines that were killed. Pulumi cannot know that they are dead and asks for `pulumi cancel`; a
 * lock names its process and machine, so here it can be known.
 */
export function removeDeadLocks(paths: StatePaths, log: Log): void {
    const folder = path.join(paths.backend, ".pulumi", "locks");
    if (!fs.existsSync(folder)) {
        return;
    }
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        const file = path.join(folder, name);
        if (name.endsWith(".json")) {
            const holder = readLock(file);
            if (holder.hostname === hostname() && holder.pid !== undefined && !processIdentity(holder.pid)) {
                fs.rmSync(file, { force: true });
                log(
                    `Removed the lock of an engine that was killed (process ${String(holder.pid)}, ${path.dirname(name)}).`,
                );
            }
        }
    }
}

/** Puts the backend aside, so that the next command starts with an empty one; gives its new path. */
export function archiveBackend(paths: StatePaths, now: Date): string {
    const archive = `${paths.backend}.${now.toISOString().replaceAll(/[:.]/g, "-")}`;
    fs.renameSync(paths.backend, archive);
    return archive;
}
