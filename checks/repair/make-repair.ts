import { errorText } from "../../lib/aws/errors";
import { MESSAGES } from "../messages";
import type { ObservedNetwork } from "../observations";
import { applyEdit, type Edit } from "./edits";
import type { Applied } from "./edits/kind";
import { PENDING_ID } from "./journal";
import type { PlannedEdit } from "./plan";
import { recordRepair, type Repair } from "./record";
import type { RepairLog } from "./repair-log";
import type { StageRun } from "./stage-run";

/** A repair of this run, with what its undo has to find still in effect. */
export interface MadeRepair {
    edit: Edit;
    applied: Applied;
    repair: Repair;
}

/**
 * Makes one planned edit and records it.
 *
 * @returns nothing when the edit had been made already by something else: then it is not ours to record or to undo.
 */
export async function makeRepair(
    run: StageRun,
    { edit, cures }: PlannedEdit,
    before: ObservedNetwork,
    log: RepairLog,
): Promise<MadeRepair | undefined> {
    const codes = [...new Set(cures.map(({ id }) => MESSAGES[id].code))];
    const recorded = (applied: Applied) => recordRepair({ edit, codes }, before, applied, run.ec2.now());
    const announced = recorded({ associationId: PENDING_ID });
    log.begin(edit, announced);
    try {
        const applied = await write(run, edit);
        if (applied === undefined) {
            log.failed(announced, "made already by something else");
            return undefined;
        }
        const repair = recorded(applied);
        log.done(repair);
        return { edit, applied, repair };
    } catch (error) {
        // A process that is killed here writes nothing: its next run finds the edit begun.
        log.failed(announced, errorText(error));
        throw error;
    }
}

/** Makes an edit. Whatever AWS answers, the network may have changed. */
export async function write(run: StageRun, edit: Edit): Promise<Applied | undefined> {
    try {
        return await applyEdit(edit, run);
    } finally {
        run.snapshots.written();
    }
}
