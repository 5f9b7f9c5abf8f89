import { analyzeStage } from "../diagnose/stages";
import type { FlowResult } from "../diagnose/view";
import { type Ec2, PermissionMissingError } from "../aws/ec2";
import { errorText } from "../aws/errors";
import type { NetworkIntent } from "../intent";
import { distinct, type Finding, finding, findingKey, isError, MESSAGES, type Stage } from "../messages";
import type { Snapshot } from "../snapshot/types";
import { applyEdit } from "./apply";
import { type Applied, describeEdit, type Edit, recordRepair, type Repair } from "./edits";
import { refusal } from "./gate";
import { type PlannedEdit, planRepairs } from "./plan";

/** Reports only, or mends what may be mended without asking (class A). */
export type Mode = "validate" | "fix";

export type StageVerdict = "healthy" | "repaired" | "failed";

/** Where the snapshots of a run come from. */
export interface SnapshotSource {
    /** A snapshot that other checks of the run may have taken. */
    shared(): Promise<{ snapshot: Snapshot; shared: boolean }>;
    /** A snapshot that is taken now. */
    fresh(): Promise<Snapshot>;
    /** To be told of every write. */
    written(): void;
}

export interface StageRun {
    stage: Stage;
    mode: Mode;
    intent: NetworkIntent;
    ec2: Ec2;
    snapshots: SnapshotSource;
}

export interface StageResult {
    verdict: StageVerdict;
    /** What is wrong now. */
    findings: Finding[];
    /** What was wrong at first and is not any more. */
    mended: Finding[];
    repairs: Repair[];
    flows: FlowResult[];
}

interface Look {
    snapshot: Snapshot;
    findings: Finding[];
    flows: FlowResult[];
}

/** More would be a fight with somebody who changes the network at the same time. */
const MOST_ROUNDS = 2;

/** AWS may show the old state for some seconds after a write: four more looks, 15 seconds in all. */
const VERIFY_WAITS_SECONDS = [1, 2, 4, 8];

const LONGEST_TRANSIENT_WAIT_SECONDS = 15;

/**
 * Judges a stage and, in mode fix, mends it: look, plan, pass the gate, apply, look again; at most two rounds; a round that
 * mended nothing is undone. Never throws after the first write, so that what was done is always recorded.
 */
export async function runStage(run: StageRun): Promise<StageResult> {
    const repairs: Repair[] = [];
    let look: Look | undefined;
    let seenFirst: Finding[] = [];
    const result = (problems: readonly Finding[]) => stageResult(seenFirst, look, problems, repairs);
    try {
        look = await firstLook(run);
        seenFirst = look.findings;
        const problems: Finding[] = [];
        for (let round = 1; run.mode === "fix" && round <= MOST_ROUNDS; round++) {
            const next = await repairRound(run, look, repairs, problems);
            if (next === undefined) break;
            look = next;
        }
        // A repair that was refused or failed does not matter once nothing is wrong any more.
        return result(look.findings.some(isError) ? problems : []);
    } catch (error) {
        return result([incomplete(run, error)]);
    }
}

function stageResult(
    seenFirst: readonly Finding[],
    look: Look | undefined,
    problems: readonly Finding[],
    repairs: Repair[],
): StageResult {
    const findings = distinct([...(look?.findings ?? []), ...problems]);
    const left = new Set(findings.map(findingKey));
    const mended = repairs.length > 0 ? seenFirst.filter((one) => !left.has(findingKey(one))) : [];
    const verdict = findings.some(isError) ? "failed" : repairs.length > 0 ? "repaired" : "healthy";
    return { verdict, findings, mended, repairs, flows: look?.flows ?? [] };
}

function incomplete({ intent }: StageRun, error: unknown): Finding {
    return error instanceof PermissionMissingError
        ? finding("PERMISSION_MISSING", error.action, { consequence: "the check could not go on" })
        : finding("CHECK_INCOMPLETE", intent.vpcId, { error: errorText(error) });
}

function judge({ stage, intent }: StageRun, snapshot: Snapshot): Look {
    return { snapshot, ...analyzeStage(stage, snapshot, intent) };
}

async function firstLook(run: StageRun): Promise<Look> {
    const { snapshot, shared } = await run.snapshots.shared();
    let look = judge(run, snapshot);
    // Nobody acts on a snapshot that is not of this moment: Pulumi itself may have mended the network since.
    if (shared && look.findings.length > 0) look = judge(run, await run.snapshots.fresh());
    return waitOut(run, look);
}

/** What is pending passes by itself, or the time is over. */
async function waitOut(run: StageRun, first: Look): Promise<Look> {
    let look = first;
    let seconds = 1;
    while (look.findings.some(({ id }) => MESSAGES[id].transient === true)) {
        if (run.ec2.deadline.remainingMilliseconds() <= seconds * 1000) break;
        await run.ec2.wait(seconds * 1000);
        seconds = Math.min(seconds * 2, LONGEST_TRANSIENT_WAIT_SECONDS);
        look = judge(run, await run.snapshots.fresh());
    }
    return look;
}

/** @returns what is seen after the round; nothing when there was nothing to do, or nothing that helped. */
async function repairRound(
    run: StageRun,
    look: Look,
    repairs: Repair[],
    problems: Finding[],
): Promise<Look | undefined> {
    const planned = planRepairs(look.findings, run.intent, look.snapshot);
    const admitted: PlannedEdit[] = [];
    for (const one of planned) {
        const reason = refusal(one.edit, run.intent, look.snapshot);
        if (reason === undefined) admitted.push(one);
        else
            problems.push(
                finding("REPAIR_REFUSED", run.intent.vpcId, { edit: describeEdit(one.edit), reason }),
            );
    }
    const mine: Repair[] = [];
    const applied: PlannedEdit[] = [];
    for (const one of admitted) {
        try {
            const made = await applyAndTell(run, one.edit);
            applied.push(one);
            if (made === undefined) continue;
            const codes = [...new Set(one.mends.map(({ id }) => MESSAGES[id].code))];
            const repair = recordRepair({ edit: one.edit, codes }, look.snapshot, made, run.ec2.now());
            mine.push(repair);
            repairs.push(repair);
        } catch (error) {
            problems.push(failed(one, error));
        }
    }
    if (applied.length === 0) return undefined;

    const next = await lookAfter(run, applied);
    if (next.findings.filter(isError).length < look.findings.filter(isError).length) return next;
    for (const repair of mine.reverse()) problems.push(await undo(run, repair, repairs));
    return undefined;
}

/** Whatever the answer, the network may have changed. */
async function applyAndTell(run: StageRun, edit: Edit): Promise<Applied | undefined> {
    try {
        return await applyEdit(run.ec2, edit);
    } finally {
        run.snapshots.written();
    }
}

function failed({ edit }: PlannedEdit, error: unknown): Finding {
    const about = { edit: describeEdit(edit) };
    return error instanceof PermissionMissingError
        ? finding("PERMISSION_MISSING", error.action, {
              consequence: `the repair "${about.edit}" could not be made`,
          })
        : finding("REPAIR_FAILED", edit.action, { ...about, error: errorText(error) });
}

/** Looks until what was mended is seen to be mended, or long enough. */
async function lookAfter(run: StageRun, applied: readonly PlannedEdit[]): Promise<Look> {
    const mended = new Set(applied.flatMap(({ mends }) => mends).map(findingKey));
    let look = judge(run, await run.snapshots.fresh());
    for (const seconds of VERIFY_WAITS_SECONDS) {
        if (!look.findings.some((one) => mended.has(findingKey(one)))) break;
        await run.ec2.wait(seconds * 1000);
        look = judge(run, await run.snapshots.fresh());
    }
    return waitOut(run, look);
}

/** Takes one repair back and strikes it from the record; if that fails too, it stays on record. */
async function undo(run: StageRun, repair: Repair, repairs: Repair[]): Promise<Finding> {
    const about = (outcome: string) =>
        finding("REPAIR_UNDONE", run.intent.vpcId, { edit: repair.what, outcome });
    if (repair.undo === undefined) return about("left as it is, because AWS offers no way back");
    try {
        await applyAndTell(run, repair.undo);
        repairs.splice(repairs.indexOf(repair), 1);
        return about("undone");
    } catch (error) {
        return about(`left as it is, because undoing it failed: ${errorText(error)}`);
    }
}
