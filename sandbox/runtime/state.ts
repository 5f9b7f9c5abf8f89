import * as fs from "node:fs";
import * as path from "node:path";
import type { Log } from "../system/cache";
import type { Engine } from "../engine";
import { messageOf } from "../system/errors";
import type { ProcessIdentity } from "../system/process-identity";

/** The control plane (moto) as it was started. */
export interface ControlPlaneRecord extends ProcessIdentity {
    readonly port: number;
    /** Chosen by the process at its start: another instance has none of the resources of this one. */
    readonly instance: string;
}

/** What a sandbox knows of itself between commands. */
export interface State {
    readonly version: 1;
    /** The project that the sandbox runs, an absolute path. */
    readonly project: string;
    readonly engine?: Engine;
    /** Absent while no control plane is meant to run. */
    readonly controlPlane?: ControlPlaneRecord;
    /** The instance of the control plane that holds the resources of the stacks in the backend. */
    readonly backendInstance?: string;
}

/** The folders and files of one sandbox, all under one folder. */
export interface StatePaths {
    readonly folder: string;
    readonly state: string;
    readonly lock: string;
    /** The folder of the control plane: its pid, port, log and recorded requests. */
    readonly controlPlane: string;
    readonly backend: string;
    readonly pulumiHome: string;
    readonly passphrase: string;
    /** Goes first on PATH. */
    readonly bin: string;
    /** The mirror of the project, see project.ts. */
    readonly project: string;
    /** The stack files of the project as the mirror took them. */
    readonly projectSources: string;
    /** An empty file in place of the user's AWS config and credentials. */
    readonly empty: string;
}

export function statePaths(folder: string): StatePaths {
    const at = (name: string): string => path.join(folder, name);
    return {
        folder,
        state: at("state.json"),
        lock: at("lock"),
        controlPlane: at("control-plane"),
        backend: at("backend"),
        pulumiHome: at("pulumi-home"),
        passphrase: at("passphrase"),
        bin: at("bin"),
        project: at("project"),
        projectSources: at("project-sources"),
        empty: at("empty"),
    };
}

/** Writes a file so that a reader sees the old content or the new one, never a part. */
export function writeAtomically(file: string, content: string, mode = 0o644): void {
    const temporary = `${file}.${String(process.pid)}.new`;
    fs.writeFileSync(temporary, content, { mode });
    fs.renameSync(temporary, file);
}

function isState(value: unknown): value is State {
    const state = value as Partial<State> | null;
    const controlPlane = state?.controlPlane;
    return (
        state?.version === 1 &&
        typeof state.project === "string" &&
        (controlPlane === undefined ||
            (Number.isInteger(controlPlane.pid) &&
                Number.isInteger(controlPlane.port) &&
                typeof controlPlane.startTime === "string" &&
                typeof controlPlane.instance === "string"))
    );
}

/** Reads the state; `undefined` when there is none. A damaged one is said, put aside and counts as none. */
export function readState(paths: StatePaths, log: Log): State | undefined {
    let text: string;
    try {
        text = fs.readFileSync(paths.state, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
    let reason = "it is not a state of this version";
    try {
        const value: unknown = JSON.parse(text);
        if (isState(value)) {
            return value;
        }
    } catch (error) {
        reason = messageOf(error);
    }
    const aside = `${paths.state}.damaged`;
    fs.renameSync(paths.state, aside);
    log(`The state file ${paths.state} cannot be used (${reason}); it was moved to ${aside}.`);
    return undefined;
}

export function writeState(paths: StatePaths, state: State): void {
    writeAtomically(paths.state, `${JSON.stringify(state, undefined, 2)}\n`);
}

/** Removes everything of a sandbox, and its folder unless the user keeps something else in it. */
export function removeState(paths: StatePaths): void {
    const { folder, ...own } = paths;
    const names = Object.values(own).map((file) => path.basename(file));
    for (const name of fs.readdirSync(folder)) {
        // With what was put aside: backend.<time>, state.json.damaged.
        if (names.some((known) => name === known || name.startsWith(`${known}.`))) {
            fs.rmSync(path.join(folder, name), { recursive: true });
        }
    }
    if (fs.readdirSync(folder).length === 0) {
        fs.rmdirSync(folder);
    }
}
