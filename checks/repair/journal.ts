import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, closeSync, fsyncSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { Edit } from "./edits";
import type { Applied } from "./edits/kind";
import type { Repair } from "./record";

/**
 * The journal of the repairs of one VPC: a line of JSON before each edit and one after it. It is what a run that was cut off leaves
 * behind, when its outputs were never stored: the next run reads what was begun and puts it on record again.
 */
export type JournalLine = { at: string; vpcId: string; stage: string } &
    /** The repair as it will be recorded, but for the ids that AWS is about to give. */
    (
        | { event: "begin"; what: string; edit: Edit; repair: Repair }
        | { event: "done"; what: string; repair: Repair }
        /** The edit was not made, or was made already by somebody else. */
        | { event: "failed"; what: string; error: string }
        | { event: "undone"; what: string }
        /** The run ended and its outputs are on their way into the state: nothing before this line is anybody's concern. */
        | { event: "end" }
    );

export interface Journal {
    read(): JournalLine[];
    /** @throws when the line could not be written; then the edit must not be made. */
    write(line: JournalLine): void;
}

/** No journal: what a cut-off run did is only seen in the network. */
export const NO_JOURNAL: Journal = { read: () => [], write: () => undefined };

/** A journal in a file, each line on the disk before the edit that it announces. */
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

/** What a cut-off run of a stage left: edits that it finished, and the one of which it is not known. */
export interface Unfinished {
    done: Repair[];
    begun: { edit: Edit; what: string; repair: Repair }[];
}

export function unfinished(lines: readonly JournalLine[], vpcId: string, stage: string): Unfinished {
    const own = lines.filter((line) => line.vpcId === vpcId && line.stage === stage);
    const last = own.map(({ event }) => event).lastIndexOf("end");
    const left: Unfinished = { done: [], begun: [] };
    for (const line of own.slice(last + 1)) {
        if (line.event === "end") continue;
        if (line.event === "begin") {
            const { edit, what, repair } = line;
            left.begun.push({ edit, what, repair });
            continue;
        }
        left.begun = left.begun.filter(({ what }) => what !== line.what);
        if (line.event === "done") left.done.push(line.repair);
        if (line.event === "undone") left.done = left.done.filter(({ what }) => what !== line.what);
    }
    return left;
}

/** Stands for the id of an association that AWS has not given yet. */
export const PENDING_ID = "pending";

/** The repair of an edit that was begun, with the id that AWS gave. */
export function completed(repair: Repair, { associationId }: Applied): Repair {
    const text = JSON.stringify(repair).replaceAll(`"${PENDING_ID}"`, JSON.stringify(associationId ?? ""));
    return JSON.parse(text) as Repair;
}
