import type { ObservedNetwork } from "../observations";
import { describeEdit, type Edit, kindOf } from "./edits";
import type { Applied, Leftover } from "./edits/kind";

/** One repair, as it is kept in the outputs of the check. */
export interface Repair {
    what: string;
    /** The explanation codes of what it fixes. */
    codes: string[];
    before: string;
    after: string;
    /** ISO 8601, UTC. */
    at: string;
    /** The edit that restores what was before; absent when AWS offers none. */
    undo?: Edit;
    leftover?: Leftover;
}

/**
 * @param before The network as it was seen before the edit.
 * @param applied What AWS created.
 */
export function recordRepair(
    { edit, codes }: { edit: Edit; codes: string[] },
    before: ObservedNetwork,
    applied: Applied,
    at: Date,
): Repair {
    const kind = kindOf(edit);
    const undo = kind.undo(edit, before, applied);
    const leftover = kind.leftover?.(edit, applied);
    return {
        what: describeEdit(edit),
        codes,
        before: kind.current(edit, before).text,
        after: kind.wanted(edit),
        at: at.toISOString(),
        ...(undo === undefined ? {} : { undo }),
        ...(leftover === undefined ? {} : { leftover }),
    };
}
