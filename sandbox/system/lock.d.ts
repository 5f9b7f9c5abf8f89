export interface LockOptions {
    /** Called once, when another process holds the lock: with its id, if known. */
    readonly onWait?: (pid: number | undefined) => void;
    /** Ends the wait: `withLock` then rejects with the signal's reason. */
    readonly signal?: AbortSignal;
}

/**
 * Runs `action` while this process alone holds the lock at path `file` (its folder is made when missing). Waits for
 * a living holder as long as it takes; takes the lock over from a dead one. Not re-entrant.
 */
export function withLock<T>(file: string, options: LockOptions, action: () => Promise<T>): Promise<T>;
