import type { Log } from "../system/cache";

/** What every command gets. */
export interface CommandContext {
    /** Takes notices for the user; they go to stderr, so that stdout holds results only. */
    readonly log: Log;
    /** Takes results, for stdout. */
    readonly print: Log;
    /** Fires when the user wants to stop. */
    readonly signal: AbortSignal;
}

/** Runs a command of the npm scripts; gives its exit code. */
export type Command = (args: readonly string[], context: CommandContext) => Promise<number>;
