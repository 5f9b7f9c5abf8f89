import { analyzeStage } from "../diagnose/stages";
import type { FlowResult } from "../diagnose/view";
import { type Ec2, PermissionMissingError } from "../../lib/aws/ec2";
import { errorText } from "../../lib/aws/errors";
import type { Studio } from "../../lib/aws/studio";
import type { NetworkIntent } from "../intent";
import { distinct, type Finding, finding, findingKey, isError, MESSAGES, type Stage } from "../messages";
import type { Observations, ObservedNetwork } from "../observations";
import type { Snapshot } from "../snapshot/types";
import { applyEdit, describeEdit, type Edit } from "./edits";
import type { Applied } from "./edits/kind";
import { refusal } from "./gate";
import { openedSince } from "./opened";
import { recordRepair, type Repair } from "./record";
import { completed, type Journal, type JournalLine, NO_JOURNAL, PENDING_ID, unfinished } from "./journal";
import { OwnedElsewhereError } from "./edits/security-group-rule";
import { appliedEarlier, assertInEffect, assertUnchanged, ChangedMeanwhileError } from "./unchanged";
import { type PlannedEdit, planProposals, planRepairs } from "./plan";

/** Reports only; mends what may be mended without asking (class A); or also the repairs of class P that are allowed by name. */
export type Mode = "validate" | "fix" | "fix-proposed";

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
    /** @default none: a domain of SageMaker is only reported */
    studio?: Studio;
    snapshots: SnapshotSource;
    /**
     * The messages of class P whose repair is allowed, in mode fix-proposed.
     * @default none
     */
    allowedRepairs?: readonly string[];
    /**
     * Where each edit is written down before and after it is made.
     * @default nowhere
     */
    journal?: Journal;
    /**
     * Reads what the stage needs outside of EC2; asked at each look.
     * @default nothing is read
     */
    observe?: () => Promise<Observations>;
    /**
     * What the stages before this one found in the same run. What stands in the way of this stage's flows is told by it, and
     * mended by them.
     * @default none
     */
    earlier?: readonly Finding[];
}

export interface StageResult {
    verdict: StageVerdict;
    /** What is wrong now. */
    findings: Finding[];
    /** What was wrong at first and is not any more. */
    mended: Finding[];
    repairs: Repair[];
    /** Edits that would help and need a person's leave. */
    proposals: PlannedEdit[];
    flows: FlowResult[];
}

interface Look {
    snapshot: ObservedNetwork;
    findings: Finding[];
    flows: FlowResult[];
    /** Those of the findings that are for an earlier stage to mend. */
    borrowed?: Finding[];
}

/** What this stage may mend. */
function ownFindings({ findings, borrowed = [] }: Look): Finding[] {
    return findings.filter((one) => !borrowed.includes(one));
}

/** More would be a fight with somebody who changes the network at the same time. */
const MOST_ROUNDS = 2;

/** AWS may show the old state for some seconds after a write: four more looks, 15 seconds in all. */
const VERIFY_WAITS_SECONDS = [1, 2, 4, 8];

const LONGEST_TRANSIENT_WAIT_SECONDS = 15;

/**
 * Judges a stage and, in mode fix, mends it: look, plan, pass the gate, apply, look again; at most two rounds; a round that
 * mended nothing, or opened what is not declared, is undone. Never throws after the first write, so that what was done is always recorded.
 */
export async function runStage(run: StageRun): Promise<StageResult> {
    const repairs: Repair[] = [];
    let look: Look | undefined;
    let seenFirst: Finding[] = [];
    const problems: Finding[] = [];
    const result = () => stageResult(run, seenFirst, look, problems, repairs);
    try {
        look = await firstLook(run);
        seenFirst = look.findings;
        if (run.mode !== "validate") takeUp(run, look, repairs, problems);
        for (let round = 1; run.mode !== "validate" && round <= MOST_ROUNDS; round++) {
            const next = await repairRound(run, look, repairs, problems);
            if (next === undefined) break;
            look = next.look;
            if (next.isLast) break;
        }
        // A repair that was refused or failed does not matter once nothing is wrong any more.
        if (!look.findings.some(isError)) problems.splice(0, problems.length, ...problems.filter(isWarning));
    } catch (error) {
        problems.push(incomplete(run, error));
    }
    if (repairs.length > 0) endJournal(run, problems);
    return result();
}

function isWarning(one: Finding): boolean {
    return !isError(one);
}

function stageResult(
    { intent }: StageRun,
    seenFirst: readonly Finding[],
    look: Look | undefined,
    problems: readonly Finding[],
    repairs: Repair[],
): StageResult {
    const findings = distinct([...(look?.findings ?? []), ...problems]);
    const left = new Set(findings.map(findingKey));
    const mended = repairs.length > 0 ? seenFirst.filter((one) => !left.has(findingKey(one))) : [];
    const verdict = findings.some(isError) ? "failed" : repairs.length > 0 ? "repaired" : "healthy";
    const proposals =
        look === undefined
            ? []
            : planProposals(ownFindings(look), intent, look.snapshot).filter(
                  ({ edit }) => refusal(edit, intent, look.snapshot, "proposed") === undefined,
              );
    return { verdict, findings, mended, repairs, proposals, flows: look?.flows ?? [] };
}

function journalLine<T extends object>({ intent, stage, ec2 }: StageRun, event: T) {
    return { at: ec2.now().toISOString(), vpcId: intent.vpcId, stage, ...event };
}

/** Puts what a cut-off run did on record again. An edit that it began and that is not in effect is planned anew like any other. */
function takeUp(run: StageRun, { snapshot }: Look, repairs: Repair[], problems: Finding[]): void {
    const { intent, stage, journal = NO_JOURNAL } = run;
    const left = unfinished(journal.read(), intent.vpcId, stage);
    const resumed = (what: string, outcome: string) =>
        problems.push(finding("REPAIR_RESUMED", intent.vpcId, { edit: what, outcome }));
    for (const repair of left.done) {
        repairs.push(repair);
        resumed(repair.what, "it had made");
    }
    for (const { edit, what, repair } of left.begun) {
        const applied = appliedEarlier(edit, snapshot);
        if (applied !== undefined) repairs.push(completed(repair, applied));
        else journal.write(journalLine(run, { event: "failed", what, error: "not in effect" }));
        resumed(what, applied === undefined ? "is not in effect" : "is in effect");
    }
}

function endJournal(run: StageRun, problems: Finding[]): void {
    try {
        run.journal?.write(journalLine(run, { event: "end" }));
    } catch (error) {
        problems.push(unwritable(error));
    }
}

function unwritable(error: unknown): Finding {
    return finding("JOURNAL_UNREADABLE", "of the repairs", { error: errorText(error) });
}

function incomplete({ intent }: StageRun, error: unknown): Finding {
    return error instanceof PermissionMissingError
        ? finding("PERMISSION_MISSING", error.action, { consequence: "the check could not go on" })
        : finding("CHECK_INCOMPLETE", intent.vpcId, { error: errorText(error) });
}

async function judge({ stage, intent, observe, earlier }: StageRun, snapshot: Snapshot): Promise<Look> {
    const observations = await observe?.();
    const seen: ObservedNetwork = observations === undefined ? snapshot : { ...snapshot, observations };
    return { snapshot: seen, ...analyzeStage(stage, snapshot, intent, observations, earlier) };
}

async function firstLook(run: StageRun): Promise<Look> {
    const { snapshot, shared } = await run.snapshots.shared();
    let look = await judge(run, snapshot);
    // Nobody acts on a snapshot that is not of this moment: Pulumi itself may have mended the network since.
    if (shared && look.findings.length > 0) look = await judge(run, await run.snapshots.fresh());
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
        look = await judge(run, await run.snapshots.fresh());
    }
    return look;
}

/** @returns what is seen after the round; nothing when there was nothing to do, or nothing that helped. */
async function repairRound(
    run: StageRun,
    look: Look,
    repairs: Repair[],
    problems: Finding[],
): Promise<{ look: Look; isLast?: true } | undefined> {
    const allowed = run.mode === "fix-proposed" ? (run.allowedRepairs ?? []) : [];
    const own = ownFindings(look);
    const asked = own.filter(({ id }) => allowed.includes(id));
    const planned = [
        ...planRepairs(own, run.intent, look.snapshot).map((one) => ({
            one,
            permit: "automatic" as const,
        })),
        ...planProposals(asked, run.intent, look.snapshot).map((one) => ({
            one,
            permit: "proposed" as const,
        })),
    ];
    const mine: Made[] = [];
    const applied: PlannedEdit[] = [];
    let isOutdated = false;
    for (const { one, permit } of planned) {
        const reason = refusal(one.edit, run.intent, look.snapshot, permit);
        if (reason !== undefined) {
            const about = { edit: describeEdit(one.edit), reason };
            problems.push(finding("REPAIR_REFUSED", run.intent.vpcId, about));
            continue;
        }
        try {
            await assertUnchanged(one.edit, run, look.snapshot);
            const made = await applyAndRecord(run, one, look.snapshot);
            applied.push(one);
            if (made === undefined) continue;
            mine.push(made);
            repairs.push(made.repair);
        } catch (error) {
            isOutdated ||= error instanceof ChangedMeanwhileError;
            problems.push(failed(one, error));
        }
    }
    // Nothing was written, and what the plan was made for is no more: the next round plans by what is there.
    if (applied.length === 0)
        return isOutdated ? { look: await judge(run, await run.snapshots.fresh()) } : undefined;

    const next = await lookAfter(run, applied);
    const opened = openedSince(run.stage, look, next, run.intent);
    if (opened.length > 0) {
        const left = await undoOpening(run, look, mine, opened, repairs, problems);
        return { look: left, isLast: true };
    }
    if (isBetter(next, look)) return { look: next };
    for (const made of mine.reverse()) {
        const outcome = await undo(run, made, repairs);
        problems.push(finding("REPAIR_UNDONE", run.intent.vpcId, { edit: made.repair.what, outcome }));
    }
    return undefined;
}

/** A repair of this round, with what its undoing has to find still there. */
interface Made {
    edit: Edit;
    applied: Applied;
    repair: Repair;
}

/** What undoes a repair that only took something away: it would open again what the repair closed. */
const OPENS: readonly (Edit["action"] | undefined)[] = [
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "CreateRoute",
];

/**
 * Takes back the repairs of a round after which more is reachable than is declared. Which of them it was is not asked: all that add
 * something go, or all that there are.
 *
 * @returns what is seen then.
 */
async function undoOpening(
    run: StageRun,
    before: Look,
    mine: readonly Made[],
    opened: readonly string[],
    repairs: Repair[],
    problems: Finding[],
): Promise<Look> {
    const adding = mine.filter(({ repair }) => !OPENS.includes(repair.undo?.action));
    const outcomes: { repair: Repair; outcome: string }[] = [];
    for (const made of [...(adding.length > 0 ? adding : mine)].reverse())
        outcomes.push({ repair: made.repair, outcome: await undo(run, made, repairs) });
    const after = await judge(run, await run.snapshots.fresh());
    const left = openedSince(run.stage, before, after, run.intent);
    const still = left.length === 0 ? "" : `, and it is still open: ${namesOf(left)}`;
    for (const { repair, outcome } of outcomes) {
        const about = { edit: repair.what, opened: namesOf(opened), outcome: `${outcome}${still}` };
        problems.push(finding("REPAIR_OPENED_MORE", run.intent.vpcId, about));
    }
    return after;
}

/** So many are named. */
const MOST_NAMES = 3;

function namesOf(opened: readonly string[]): string {
    const more = opened.length - MOST_NAMES;
    return opened.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Fewer errors, or as many and fewer warnings: some repairs of class P mend a warning. */
function isBetter(next: Look, before: Look): boolean {
    const errors = (look: Look) => look.findings.filter(isError).length;
    const fewer = errors(next) - errors(before);
    return fewer < 0 || (fewer === 0 && next.findings.length < before.findings.length);
}

/** The journal has the edit before AWS does: a run that is cut off between the two has told what it was about to do. */
async function applyAndRecord(
    run: StageRun,
    { edit, mends }: PlannedEdit,
    before: ObservedNetwork,
): Promise<Made | undefined> {
    const { journal = NO_JOURNAL } = run;
    const codes = [...new Set(mends.map(({ id }) => MESSAGES[id].code))];
    const what = describeEdit(edit);
    const write = (event: object) => journal.write(journalLine(run, event) as JournalLine);
    const at = run.ec2.now();
    const announced = recordRepair({ edit, codes }, before, { associationId: PENDING_ID }, at);
    write({ event: "begin", what, edit, repair: announced });
    try {
        const made = await applyAndTell(run, edit);
        if (made === undefined) {
            write({ event: "failed", what, error: "already done by somebody else" });
            return undefined;
        }
        const repair = recordRepair({ edit, codes }, before, made, run.ec2.now());
        write({ event: "done", what, repair });
        return { edit, applied: made, repair };
    } catch (error) {
        // A process that ends here writes nothing: its next run finds the edit begun.
        write({ event: "failed", what, error: errorText(error) });
        throw error;
    }
}

/** Whatever the answer, the network may have changed. */
async function applyAndTell(run: StageRun, edit: Edit): Promise<Applied | undefined> {
    try {
        return await applyEdit(edit, run);
    } finally {
        run.snapshots.written();
    }
}

function failed({ edit }: PlannedEdit, error: unknown): Finding {
    const about = { edit: describeEdit(edit) };
    if (error instanceof OwnedElsewhereError)
        return finding("REPAIR_REFUSED", edit.action, { ...about, reason: error.message });
    return error instanceof PermissionMissingError
        ? finding("PERMISSION_MISSING", error.action, {
              consequence: `the repair "${about.edit}" could not be made`,
          })
        : finding("REPAIR_FAILED", edit.action, { ...about, error: errorText(error) });
}

/** Looks until what was mended is seen to be mended, or long enough. */
async function lookAfter(run: StageRun, applied: readonly PlannedEdit[]): Promise<Look> {
    const mended = new Set(applied.flatMap(({ mends }) => mends).map(findingKey));
    let look = await judge(run, await run.snapshots.fresh());
    for (const seconds of VERIFY_WAITS_SECONDS) {
        if (!look.findings.some((one) => mended.has(findingKey(one)))) break;
        await run.ec2.wait(seconds * 1000);
        look = await judge(run, await run.snapshots.fresh());
    }
    return waitOut(run, look);
}

/**
 * Takes one repair back and strikes it from the record. So is one that somebody has changed since, which is left as it is: nothing of
 * the repair is there any more. If the undoing fails, it stays on record.
 *
 * @returns what became of it.
 */
async function undo(run: StageRun, { edit, applied, repair }: Made, repairs: Repair[]): Promise<string> {
    if (repair.undo === undefined) return "left as it is, because AWS offers no way back";
    const strike = () => {
        repairs.splice(repairs.indexOf(repair), 1);
        run.journal?.write(journalLine(run, { event: "undone", what: repair.what }));
    };
    try {
        await assertInEffect(edit, run, applied, run.intent.region);
        await applyAndTell(run, repair.undo);
        strike();
        return "undone";
    } catch (error) {
        if (error instanceof ChangedMeanwhileError) {
            strike();
            return `left as it is: ${error.message}`;
        }
        return `left as it is, because undoing it failed: ${errorText(error)}`;
    }
}
