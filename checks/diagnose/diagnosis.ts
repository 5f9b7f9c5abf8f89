import type { Finding } from "../messages";
import type { Edit } from "../repair/edits";

/** A finding, and what would cure it. */
export type Diagnosis = Finding & {
    /** Each of these edits alone would cure it; the first is the nearest. Absent when no edit does. */
    readonly remedies?: readonly Edit[];
};

/** @param edits nothing where the setting that an edit needs is not known. */
export function withRemedies(one: Finding, ...edits: readonly (Edit | undefined)[]): Diagnosis {
    const remedies = edits.filter((edit) => edit !== undefined);
    return remedies.length === 0 ? one : { ...one, remedies };
}

/** What is kept of a finding: an edit is made at once or never. */
export function withoutRemedies({ remedies: _, ...one }: Diagnosis): Finding {
    return one;
}
