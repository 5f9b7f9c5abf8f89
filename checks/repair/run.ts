import { PermissionMissingError } from "../../lib/aws/ec2";
import { errorText } from "../../lib/aws/errors";
import { withoutRemedies } from "../diagnose/diagnosis";
import { distinct, type Finding, finding, findingKey, isError } from "../messages";
import { refusal } from "./gate";
import { type Observation, observeFirst, ownFindings } from "./observation";
import { planProposals } from "./plan";
import { RepairLog } from "./repair-log";
import { resume } from "./resume";
import { repairRound } from "./round";
import type { StageResult, StageRun } from "./stage-run";

/** More would be a fight with something that changes the network at the same time. */
const MOST_ROUNDS = 2;

/**
 * Evaluates a stage and, unless it only validates, repairs it: observe, plan, pass the gate, apply, observe again, at most twice. It never
 * throws after the first write, so that what was done is always recorded.
 */
export async function runStage(run: StageRun): Promise<StageResult> {
    const log = new RepairLog(run);
    let first: Observation | undefined;
    let last: Observation | undefined;
    try {
        first = last = await observeFirst(run);
        if (run.mode !== "validate") {
            resume(run, first.snapshot, log);
            for (let round = 1; round <= MOST_ROUNDS; round++) {
                const next = await repairRound(run, last, log);
                if (next === undefined) break;
                last = next.observation;
                if (next.isLast) break;
            }
        }
        // A repair that was refused or failed does not matter once nothing is wrong any more.
        if (!last.findings.some(isError)) dropErrors(log.problems);
    } catch (error) {
        log.problems.push(incomplete(run, error));
    }
    log.end();
    return resultOf(run, first, last, log);
}

function dropErrors(problems: Finding[]): void {
    problems.splice(0, problems.length, ...problems.filter((one) => !isError(one)));
}

function resultOf(
    { intent }: StageRun,
    first: Observation | undefined,
    last: Observation | undefined,
    { repairs, problems }: RepairLog,
): StageResult {
    const findings = distinct([...(last?.findings ?? []), ...problems]).map(withoutRemedies);
    const left = new Set(findings.map(findingKey));
    const fixed =
        repairs.length > 0 ? (first?.findings ?? []).filter((one) => !left.has(findingKey(one))) : [];
    const verdict = findings.some(isError) ? "failed" : repairs.length > 0 ? "repaired" : "healthy";
    const proposals =
        last === undefined
            ? []
            : planProposals(ownFindings(last)).filter(
                  ({ edit }) => refusal(edit, intent, last.snapshot, "proposed") === undefined,
              );
    return { verdict, findings, fixed, repairs, proposals, flows: last?.flows ?? [] };
}

function incomplete({ intent }: StageRun, error: unknown): Finding {
    return error instanceof PermissionMissingError
        ? finding("PERMISSION_MISSING", error.action, { consequence: { of: "check" } })
        : finding("CHECK_INCOMPLETE", intent.vpcId, { error: errorText(error) });
}
