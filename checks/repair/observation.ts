import { analyzeStage } from "../diagnose/stages";
import type { Diagnosis } from "../diagnose/diagnosis";
import type { Analysis } from "../diagnose/view";
import { findingKey, MESSAGES } from "../messages";
import type { ObservedNetwork } from "../observations";
import type { Snapshot } from "../snapshot/types";
import type { PlannedEdit } from "./plan";
import type { StageRun } from "./stage-run";

/** The network at one moment, and what the analysis says of it. */
export interface Observation extends Analysis {
    snapshot: ObservedNetwork;
}

/** AWS may show the old state for some seconds after a write: four more observations, 15 seconds in all. */
const VERIFY_WAITS_SECONDS = [1, 2, 4, 8];

const LONGEST_TRANSIENT_WAIT_SECONDS = 15;

/** What this stage may repair: the findings without those that an earlier stage repairs. */
export function ownFindings({ findings, borrowed = [] }: Observation): Diagnosis[] {
    return findings.filter((one) => !borrowed.includes(one));
}

/** The network as it is now. */
export async function observeNow(run: StageRun): Promise<Observation> {
    return analyze(run, await run.snapshots.fresh());
}

/** The network at the start of a run. Where another check has just taken a snapshot, it is used as long as it shows nothing wrong. */
export async function observeFirst(run: StageRun): Promise<Observation> {
    const { snapshot, shared } = await run.snapshots.shared();
    const first = await analyze(run, snapshot);
    // A finding in a shared snapshot may be outdated: Pulumi itself may have changed the network since.
    const isOutdated = shared && first.findings.length > 0;
    return waitOut(run, isOutdated ? await observeNow(run) : first);
}

/** Observes until what was repaired is seen to be fixed, or has had enough time to be. */
export async function observeAfter(run: StageRun, applied: readonly PlannedEdit[]): Promise<Observation> {
    const repaired = new Set(applied.flatMap(({ cures }) => cures).map(findingKey));
    let observation = await observeNow(run);
    for (const seconds of VERIFY_WAITS_SECONDS) {
        if (!observation.findings.some((one) => repaired.has(findingKey(one)))) break;
        await run.ec2.deadline.sleep(seconds * 1000);
        observation = await observeNow(run);
    }
    return waitOut(run, observation);
}

/** Waits until nothing is pending any more, or the time is over. */
async function waitOut(run: StageRun, first: Observation): Promise<Observation> {
    let observation = first;
    let seconds = 1;
    while (observation.findings.some(({ id }) => MESSAGES[id].transient === true)) {
        if (run.ec2.deadline.remainingMilliseconds() <= seconds * 1000) break;
        await run.ec2.deadline.sleep(seconds * 1000);
        seconds = Math.min(seconds * 2, LONGEST_TRANSIENT_WAIT_SECONDS);
        observation = await observeNow(run);
    }
    return observation;
}

async function analyze(
    { stage, intent, observe, earlier }: StageRun,
    snapshot: Snapshot,
): Promise<Observation> {
    const observations = await observe?.();
    return {
        snapshot: observations === undefined ? snapshot : { ...snapshot, observations },
        ...analyzeStage(stage, snapshot, intent, observations, earlier),
    };
}
