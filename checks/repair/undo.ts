import { errorText } from "../../lib/aws/errors";
import { finding } from "../messages";
import type { Edit } from "./edits";
import { type MadeRepair, write } from "./make-repair";
import { type Observation, observeNow } from "./observation";
import { openedSince } from "./opened";
import type { RepairLog } from "./repair-log";
import type { StageRun } from "./stage-run";
import { assertInEffect, ChangedMeanwhileError } from "./unchanged";

/** Undoes the repairs of a round that fixed nothing, the last one first. */
export async function undoRound(run: StageRun, made: readonly MadeRepair[], log: RepairLog): Promise<void> {
    for (const one of [...made].reverse()) {
        const outcome = await undo(run, one, log);
        log.problems.push(finding("REPAIR_UNDONE", run.intent.vpcId, { edit: one.repair.what, outcome }));
    }
}

/** Actions that open something. A repair that is undone by one of them has closed something, and stays. */
const OPENING: readonly (Edit["action"] | undefined)[] = [
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "CreateRoute",
];

/**
 * Undoes the repairs of a round after which more is reachable than declared. It does not look for the one that did it: it undoes all
 * that add something, or all of them when none does.
 *
 * @param opened What is reachable and not declared, for people.
 * @returns the network afterwards.
 */
export async function undoOpening(
    run: StageRun,
    before: Observation,
    made: readonly MadeRepair[],
    opened: readonly string[],
    log: RepairLog,
): Promise<Observation> {
    const adding = made.filter(({ repair }) => !OPENING.includes(repair.undo?.action));
    const outcomes: { what: string; outcome: string }[] = [];
    for (const one of [...(adding.length > 0 ? adding : made)].reverse())
        outcomes.push({ what: one.repair.what, outcome: await undo(run, one, log) });
    const after = await observeNow(run);
    const left = openedSince(run.stage, before, after, run.intent);
    const still = left.length === 0 ? "" : `, and it is still open: ${left.join(", ")}`;
    for (const { what, outcome } of outcomes) {
        const about = { edit: what, opened, outcome: `${outcome}${still}` };
        log.problems.push(finding("REPAIR_OPENED_MORE", run.intent.vpcId, about));
    }
    return after;
}

/**
 * Undoes one repair and removes it from the log. A repair whose setting has changed since is left as it is and removed as well: nothing
 * of it is there any more. A repair that cannot be undone stays in the log.
 *
 * @returns what became of it, for people.
 */
async function undo(run: StageRun, { edit, applied, repair }: MadeRepair, log: RepairLog): Promise<string> {
    if (repair.undo === undefined) return "left as it is, because AWS offers no way back";
    try {
        await assertInEffect(edit, run, applied, run.intent.region);
        await write(run, repair.undo);
        log.undone(repair);
        return "undone";
    } catch (error) {
        if (error instanceof ChangedMeanwhileError) {
            log.undone(repair);
            return `left as it is: ${error.message}`;
        }
        return `left as it is, because undoing it failed: ${errorText(error)}`;
    }
}
