import type { Clock } from "../../lib/clock";
import type { Snapshot } from "./types";

/**
 * How long one snapshot serves. The stages of a run follow each other within seconds; a later command starts a process of
 * its own, with an empty cache.
 */
const LIFETIME_MILLISECONDS = 15_000;

interface Entry {
    takenAt: number;
    snapshot: Promise<Snapshot>;
}

/**
 * The snapshot that all checks of a run share. No repair is planned by a shared snapshot: where it shows something wrong, a fresh one is
 * taken first (see `repair/observation.ts`), because Pulumi itself may have changed the network since.
 */
export class SnapshotCache {
    private readonly entries = new Map<string, Entry>();

    constructor(private readonly clock: Clock) {}

    /** The snapshot of the key. `take` takes one, unless there is a recent one already. */
    get(key: string, take: () => Promise<Snapshot>): { snapshot: Promise<Snapshot>; shared: boolean } {
        const known = this.entries.get(key);
        if (known !== undefined && this.clock.now() - known.takenAt < LIFETIME_MILLISECONDS)
            return { snapshot: known.snapshot, shared: true };
        const entry = { takenAt: this.clock.now(), snapshot: take() };
        this.entries.set(key, entry);
        // A failed snapshot is not kept. The caller gets the error from its own promise.
        entry.snapshot.catch(() => {
            if (this.entries.get(key) === entry) this.entries.delete(key);
        });
        return { snapshot: entry.snapshot, shared: false };
    }

    /** Has to be called before a fresh snapshot and after every write. */
    invalidate(key: string): void {
        this.entries.delete(key);
    }
}
