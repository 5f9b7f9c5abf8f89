/** One process: its id and when it started. */
export interface ProcessIdentity {
    readonly pid: number;
    /** Opaque: only equality means something. */
    readonly startTime: string;
}

/** The process that has this id now; `undefined` when there is none, or only a zombie. */
export function processIdentity(pid: number): ProcessIdentity | undefined;

/** Whether exactly this process still runs; false when its id has gone to another one. */
export function isAlive(identity: ProcessIdentity): boolean;
