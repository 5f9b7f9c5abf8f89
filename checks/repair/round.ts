import { PermissionMissingError } from "../../lib/aws/ec2";
import { errorText } from "../../lib/aws/errors";
import { type Finding, finding, isError } from "../messages";
import { describeEdit } from "./edits";
import { OwnedElsewhereError } from "./edits/security-group-rule";
import { type Permit, refusal } from "./gate";
import { type MadeRepair, makeRepair } from "./make-repair";
import { type Observation, observeAfter, observeNow, ownFindings } from "./observation";
import { openedSince } from "./opened";
import { type PlannedEdit, planProposals, planRepairs } from "./plan";
import type { RepairLog } from "./repair-log";
import type { StageRun } from "./stage-run";
import { assertUnchanged, ChangedMeanwhileError } from "./unchanged";
import { undoOpening, undoRound } from "./undo";

/** What is observed after a round. */
export interface Round {
    observation: Observation;
    /** The round opened something and was undone: another one would do the same. */
    isLast: boolean;
}

/**
 * Plans, makes and verifies repairs. A round that fixed nothing, or that opened what is not declared, is undone.
 *
 * @returns nothing when there was nothing to repair, or nothing that helped.
 */
export async function repairRound(
    run: StageRun,
    before: Observation,
    log: RepairLog,
): Promise<Round | undefined> {
    const { made, applied, isOutdated } = await makePlanned(run, before, log);
    // Nothing was written, and the plan is outdated: the next round plans for what is there now.
    if (applied.length === 0)
        return isOutdated ? { observation: await observeNow(run), isLast: false } : undefined;

    const after = await observeAfter(run, applied);
    const opened = openedSince(run.stage, before, after, run.intent);
    if (opened.length > 0)
        return { observation: await undoOpening(run, before, made, opened, log), isLast: true };
    if (isBetter(after, before)) return { observation: after, isLast: false };
    await undoRound(run, made, log);
    return undefined;
}

interface MadeRound {
    /** What this run repaired, in order. */
    made: MadeRepair[];
    /** The edits that are in effect, whether this run or something else made them. */
    applied: PlannedEdit[];
    /** Whether a setting had changed since the plan was made. */
    isOutdated: boolean;
}

async function makePlanned(run: StageRun, before: Observation, log: RepairLog): Promise<MadeRound> {
    const round: MadeRound = { made: [], applied: [], isOutdated: false };
    for (const { planned, permit } of plan(run, before)) {
        const { edit } = planned;
        const reason = refusal(edit, run.intent, before.snapshot, permit);
        if (reason !== undefined) {
            const about = { edit: describeEdit(edit), reason };
            log.problems.push(finding("REPAIR_REFUSED", run.intent.vpcId, about));
            continue;
        }
        try {
            await assertUnchanged(edit, run, before.snapshot);
            const made = await makeRepair(run, planned, before.snapshot, log);
            round.applied.push(planned);
            if (made !== undefined) round.made.push(made);
        } catch (error) {
            round.isOutdated ||= error instanceof ChangedMeanwhileError;
            log.problems.push(failure(planned, error));
        }
    }
    return round;
}

function plan(run: StageRun, before: Observation): { planned: PlannedEdit; permit: Permit }[] {
    const { mode, allowedRepairs = [] } = run;
    const own = ownFindings(before);
    const allowed = mode === "fix-proposed" ? own.filter(({ id }) => allowedRepairs.includes(id)) : [];
    const withPermit = (permit: Permit) => (planned: PlannedEdit) => ({ planned, permit });
    return [
        ...planRepairs(own).map(withPermit("automatic")),
        ...planProposals(allowed).map(withPermit("proposed")),
    ];
}

/** Fewer errors, or as many errors and fewer warnings: some repairs of class P fix a warning. */
function isBetter(after: Observation, before: Observation): boolean {
    const errors = ({ findings }: Observation) => findings.filter(isError).length;
    const more = errors(after) - errors(before);
    return more < 0 || (more === 0 && after.findings.length < before.findings.length);
}

function failure({ edit }: PlannedEdit, error: unknown): Finding {
    const about = { edit: describeEdit(edit) };
    if (error instanceof OwnedElsewhereError)
        return finding("REPAIR_REFUSED", edit.action, { ...about, reason: error.message });
    return error instanceof PermissionMissingError
        ? finding("PERMISSION_MISSING", error.action, { consequence: { of: "repair", edit: about.edit } })
        : finding("REPAIR_FAILED", edit.action, { ...about, error: errorText(error) });
}
