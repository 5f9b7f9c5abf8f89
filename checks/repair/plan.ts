import type { Diagnosis } from "../diagnose/diagnosis";
import { type Finding, MESSAGES, type Repairer } from "../messages";
import { type Edit, editCost } from "./edits";

/** An edit and the findings that it cures; several findings may have one remedy. */
export interface PlannedEdit {
    edit: Edit;
    cures: Finding[];
}

/**
 * The edits that cure what a check may repair by itself; pure. Each finding is about one wrong setting, so one edit for each finding, the
 * cheapest that cures it, is the minimal and cheapest set: without any one of them its finding stays. No search over sets is needed,
 * because no edit cures two settings; `test/checks/repair/minimal.test.ts` proves it for the plans of all rows.
 */
export function planRepairs(findings: readonly Diagnosis[]): PlannedEdit[] {
    return plan(findings, "automatic");
}

/** What a check would do about findings of class P, if the configuration allowed it. */
export function planProposals(findings: readonly Diagnosis[]): PlannedEdit[] {
    return plan(findings, "proposed");
}

/** Cheap edits come first: those that only add, then those that overwrite, then those that remove. Equal ones keep the order of the findings. */
function plan(findings: readonly Diagnosis[], repairer: Repairer): PlannedEdit[] {
    const remedied = findings
        .filter(({ id }) => MESSAGES[id].repairer === repairer)
        .flatMap((one) => {
            const edit = cheapest(one.remedies ?? []);
            return edit === undefined ? [] : [{ edit, one }];
        })
        .sort((a, b) => editCost(a.edit) - editCost(b.edit));
    const planned = new Map<string, PlannedEdit>();
    for (const { edit: wanted, one } of remedied) {
        const edit = withFreeNumber(wanted, [...planned.values()]);
        const key = JSON.stringify(edit);
        const known = planned.get(key);
        if (known === undefined) planned.set(key, { edit, cures: [one] });
        else known.cures.push(one);
    }
    return [...planned.values()];
}

/** The first of equals. */
function cheapest(edits: readonly Edit[]): Edit | undefined {
    return [...edits].sort((a, b) => editCost(a) - editCost(b))[0];
}

/** Two entries that one round creates must not take the same number. */
function withFreeNumber(edit: Edit, earlier: readonly PlannedEdit[]): Edit {
    if (edit.action !== "CreateNetworkAclEntry") return edit;
    const taken = earlier.flatMap(({ edit: other }) =>
        other.action === edit.action &&
        other.networkAclId === edit.networkAclId &&
        other.entry.egress === edit.entry.egress
            ? [other.entry.ruleNumber]
            : [],
    );
    const ruleNumber = Math.max(edit.entry.ruleNumber, ...taken.map((number) => number + 1));
    return { ...edit, entry: { ...edit.entry, ruleNumber } };
}
