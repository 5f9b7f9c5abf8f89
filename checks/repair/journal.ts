import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { Edit } from "./edits";
import type { Applied } from "./edits/kind";
import type { Repair } from "./record";

/**
 * The journal of the repairs of one VPC: a line of JSON before each edit and one after it. A run that is stopped before its outputs are
 * stored leaves it behind, and the next run records again what it finds there.
 */
export type JournalLine = { at: string; vpcId: string; stage: string } & JournalEvent;

export type JournalEvent =
    /** The repair as it will be recorded, with {@link PENDING_ID} for the ids that AWS is going to give. */
    | { event: "begin"; what: string; edit: Edit; repair: Repair }
    | { event: "done"; what: string; repair: Repair }
    /** The edit was not made, or something else had made it already. */
    | { event: "failed"; what: string; error: string }
    | { event: "undone"; what: string }
    /** The run is over and its outputs are on their way into Pulumi's state: nothing before this line is unfinished. */
    | { event: "end" };

export interface Journal {
    read(): JournalLine[];
    /** @throws when the line could not be written. */
    write(line: JournalLine): void;
}

/** No journal: what a stopped run did is only seen in the network. */
export const NO_JOURNAL: Journal = { read: () => [], write: () => undefined };

/** A journal in a file. Each line is on the disk before the edit that it announces. */
export function fileJournal(path: string): Journal {
    const file = resolve(path);
    return {
        read() {
            if (!existsSync(file)) return [];
            const lines = readFileSync(file, "utf8").split("\n");
            return lines.flatMap((line) => parsed(line) ?? []);
        },
        write(line) {
            mkdirSync(dirname(file), { recursive: true });
            const descriptor = openSync(file, "a");
            try {
                // The line before may be half a line, of a run that was killed.
                appendFileSync(descriptor, `\n${JSON.stringify(line)}\n`);
                fsyncSync(descriptor);
            } finally {
                closeSync(descriptor);
            }
        },
    };
}

/** The last line of a run that was killed may be half a line. */
function parsed(text: string): JournalLine | undefined {
    try {
        return text === "" ? undefined : (JSON.parse(text) as JournalLine);
    } catch {
        return undefined;
    }
}

/** What a stopped run of a stage left: repairs that it finished, and edits that it began and of which nothing more is known. */
export interface Unfinished {
    done: Repair[];
    begun: { edit: Edit; repair: Repair }[];
}

export function unfinished(lines: readonly JournalLine[], vpcId: string, stage: string): Unfinished {
    const own = lines.filter((line) => line.vpcId === vpcId && line.stage === stage);
    const last = own.map(({ event }) => event).lastIndexOf("end");
    const left: Unfinished = { done: [], begun: [] };
    for (const line of own.slice(last + 1)) {
        if (line.event === "end") continue;
        if (line.event === "begin") {
            left.begun.push({ edit: line.edit, repair: line.repair });
            continue;
        }
        left.begun = left.begun.filter(({ repair }) => repair.what !== line.what);
        if (line.event === "done") left.done.push(line.repair);
        if (line.event === "undone") left.done = left.done.filter(({ what }) => what !== line.what);
    }
    return left;
}

/** Stands for the id of an association that AWS has not given yet. */
export const PENDING_ID = "pending";

/** The repair of an edit that was begun, with the id that AWS gave. */
export function completed({ undo, leftover, ...repair }: Repair, { associationId = "" }: Applied): Repair {
    const withId = <T extends object>(item: T): T =>
        "associationId" in item && item.associationId === PENDING_ID ? { ...item, associationId } : item;
    return {
        ...repair,
        ...(undo === undefined ? {} : { undo: withId(undo) }),
        ...(leftover === undefined ? {} : { leftover: withId(leftover) }),
    };
}
