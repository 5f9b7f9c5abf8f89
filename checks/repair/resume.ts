import { finding } from "../messages";
import type { ObservedNetwork } from "../observations";
import { completed } from "./journal";
import type { RepairLog } from "./repair-log";
import type { StageRun } from "./stage-run";
import { appliedEarlier } from "./unchanged";

/**
 * Records again what a run that was stopped had repaired. An edit that it had begun and that is not in effect is planned again like any
 * other.
 */
export function resume({ intent }: StageRun, network: ObservedNetwork, log: RepairLog): void {
    const { done, begun } = log.unfinished();
    const resumed = (edit: string, outcome: string) =>
        log.problems.push(finding("REPAIR_RESUMED", intent.vpcId, { edit, outcome }));
    for (const repair of done) {
        log.repairs.push(repair);
        resumed(repair.what, "it had made");
    }
    for (const { edit, repair } of begun) {
        const applied = appliedEarlier(edit, network);
        if (applied === undefined) log.failed(repair, "not in effect");
        else log.repairs.push(completed(repair, applied));
        resumed(repair.what, applied === undefined ? "is not in effect" : "is in effect");
    }
}
