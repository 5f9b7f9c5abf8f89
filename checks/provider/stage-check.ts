import { EC2Client } from "@aws-sdk/client-ec2";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";

import { type Clock, Deadline, systemClock } from "../../lib/clock";
import { type DeadlineSettings, settingsWithin } from "../../lib/aws/clients";
import { Ec2 } from "../../lib/aws/ec2";
import { observe, sdkClients } from "../observe";
import { Studio } from "../../lib/aws/studio";
import { failure } from "../../lib/dynamic/failure";
import { packMatrix } from "../matrix";
import type { NetworkIntent } from "../intent";
import { type Finding, isError, type Stage, STAGES } from "../messages";
import { renderFinding, renderFixed } from "../render";
import type { Observations } from "../observations";
import { describeEdit } from "../repair/edits";
import { fileJournal, type Journal } from "../repair/journal";
import { removeLeftover } from "../repair/leftover";
import type { Repair } from "../repair/record";
import { runStage } from "../repair/run";
import type { SnapshotSource, StageResult } from "../repair/stage-run";
import { SnapshotCache } from "../snapshot/cache";
import { takeSnapshot } from "../snapshot/take";
import {
    type CheckDiff,
    type CheckInputs,
    type CheckOutputs,
    diffInputs,
    inputFailures,
} from "./check-inputs";
import { isPackedIntent, unpackIntent } from "./packed-intent";

/** What a check depends on; tests pass a network in memory, a clock that does not wait and a log of their own. */
export interface CheckDependencies {
    connect(settings: DeadlineSettings): EC2Client;
    /** Connects to SageMaker; called when a domain is to be changed. */
    connectStudio(settings: DeadlineSettings): Promise<SageMakerClient>;
    clock: Clock;
    log(text: string): void;
    /** Opens a journal; the path is relative to the program's folder. */
    journal(path: string): Journal;
    /** Reads what a stage needs outside of EC2. */
    observe(stage: Stage, intent: NetworkIntent, deadline: Deadline): Promise<Observations>;
}

/** Undoing what a repair left behind is two calls. */
const DELETE_TIMEOUT_SECONDS = 120;

/**
 * The methods of the dynamic provider behind every check. Check and diff are pure; create and update run the stage; read judges
 * without writing; delete takes away what a repair made and Pulumi does not know.
 */
export class StageCheck {
    private readonly cache: SnapshotCache;
    /** What each stage of a network found when it was last run: a stage that is not good is run again with those after it. */
    private readonly found = new Map<string, Map<Stage, readonly Finding[]>>();

    constructor(private readonly dependencies: CheckDependencies) {
        this.cache = new SnapshotCache(dependencies.clock);
    }

    async check(_olds: unknown, news: Record<string, unknown>) {
        return { inputs: news, failures: inputFailures(news) };
    }

    async diff(_id: string, olds: Partial<CheckOutputs>, news: CheckInputs): Promise<CheckDiff> {
        return diffInputs(olds, news);
    }

    async create(inputs: CheckInputs): Promise<{ id: string; outs: CheckOutputs }> {
        const id = `${inputs.vpcId}/${inputs.stage}`;
        return { id, outs: await this.run(id, inputs, []) };
    }

    async update(
        id: string,
        olds: Partial<CheckOutputs>,
        news: CheckInputs,
    ): Promise<{ outs: CheckOutputs }> {
        return { outs: await this.run(id, news, await this.carryOver(olds, news)) };
    }

    /**
     * A refresh: what is true now, without a write. A check that was good stays as it is stored, so that a refresh of a sound
     * network shows no change; one that is not good any more is stored as failed, and the next update runs it again.
     *
     * @throws when the network could not be read: then nothing is known, and nothing is stored.
     */
    async read(id: string, stored: CheckOutputs): Promise<{ id: string; props: CheckOutputs }> {
        if (stored.intent === undefined)
            throw new Error(
                `A connectivity check cannot be imported: it is made by ConnectivityChecks, which knows what to check.`,
            );
        if (!isPackedIntent(stored.intent)) {
            // Nothing is known of what it has to hold: it stays as it is, and diff has the next update run it.
            this.dependencies.log(
                `Connectivity check "${stored.stage}" of ${stored.vpcId} was stored by an earlier version of this program. A refresh cannot judge it; the next \`pulumi up\` runs it again.`,
            );
            return { id, props: stored };
        }
        const seen = await this.judge({ ...stored, mode: "validate" }, "refresh");
        const unfinished = seen.findings.find((one) => one.id === "CHECK_INCOMPLETE");
        if (unfinished !== undefined) throw new Error(renderFinding(unfinished));
        if (seen.verdict === "failed")
            return {
                id,
                props: {
                    ...stored,
                    verdict: "failed",
                    findings: seen.findings,
                    matrix: packMatrix(seen.flows),
                },
            };
        const verdict = stored.verdict === "failed" ? "healthy" : stored.verdict;
        return { id, props: { ...stored, verdict, findings: seen.findings, matrix: packMatrix(seen.flows) } };
    }

    async delete(_id: string, stored: Partial<CheckOutputs>): Promise<void> {
        for (const repair of stored.repairs ?? []) await this.undoLeftover(stored.region, repair);
    }

    /** Runs the stage and turns a failure into the error that keeps the state and makes the next update try again. */
    private async run(id: string, inputs: CheckInputs, earlier: Repair[]): Promise<CheckOutputs> {
        const { stage, region, vpcId, mode, timeoutSeconds, onFailure, intent, runId, after } = inputs;
        const { allowedRepairs, journal } = inputs;
        // The first stage begins a run.
        if (stage === STAGES[0]) this.cache.invalidate(cacheKey(inputs, "update"));
        const result = await this.judge(inputs, "update", this.earlier(inputs));
        this.remember(inputs, result.findings);
        const outs: CheckOutputs = {
            stage,
            region,
            vpcId,
            mode,
            timeoutSeconds,
            onFailure,
            intent,
            ...(allowedRepairs === undefined ? {} : { allowedRepairs }),
            ...(journal === undefined ? {} : { journal }),
            ...(runId === undefined ? {} : { runId }),
            ...(after === undefined ? {} : { after }),
            ranAt: new Date(this.dependencies.clock.now()).toISOString(),
            verdict: result.verdict,
            findings: result.findings,
            repairs: [
                ...earlier.filter((repair) => !isSuperseded(repair, result.repairs)),
                ...result.repairs,
            ],
            matrix: packMatrix(result.flows),
        };
        const report = renderReport(inputs, result);
        if (result.verdict === "failed" && onFailure === "fail") throw failure(id, inputs, outs, report);
        if (result.verdict !== "healthy" || result.findings.length > 0) this.dependencies.log(report);
        return outs;
    }

    private earlier(inputs: CheckInputs): Finding[] {
        const found = this.found.get(cacheKey(inputs, "update"));
        return STAGES.slice(0, STAGES.indexOf(inputs.stage)).flatMap((stage) => found?.get(stage) ?? []);
    }

    private remember(inputs: CheckInputs, findings: readonly Finding[]): void {
        const key = cacheKey(inputs, "update");
        const found = this.found.get(key) ?? new Map<Stage, readonly Finding[]>();
        this.found.set(key, found.set(inputs.stage, findings));
    }

    private judge(
        inputs: CheckInputs | CheckOutputs,
        phase: Phase,
        earlier: readonly Finding[] = [],
    ): Promise<StageResult> {
        const { stage, region, vpcId, mode, timeoutSeconds } = inputs;
        const deadline = new Deadline(this.dependencies.clock, timeoutSeconds, "timeoutSeconds");
        const ec2 = this.connect(region, deadline);
        const key = cacheKey(inputs, phase);
        const take = () => takeSnapshot(ec2, region, vpcId);
        const snapshots: SnapshotSource = {
            shared: async () => {
                const { snapshot, shared } = this.cache.get(key, take);
                return { snapshot: await snapshot, shared };
            },
            fresh: () => {
                this.cache.invalidate(key);
                return this.cache.get(key, take).snapshot;
            },
            written: () => this.cache.invalidate(key),
        };
        const intent = unpackIntent(region, vpcId, inputs.intent);
        return runStage({
            stage,
            mode,
            intent,
            ec2,
            studio: new Studio(
                () => this.dependencies.connectStudio(settingsWithin(deadline, region)),
                deadline,
            ),
            snapshots,
            observe: () => this.dependencies.observe(stage, intent, deadline),
            allowedRepairs: inputs.allowedRepairs ?? [],
            earlier,
            ...(inputs.journal === undefined ? {} : { journal: this.dependencies.journal(inputs.journal) }),
        });
    }

    /** What earlier repairs left behind stays on record, unless its subnet left the network: then it goes with it. */
    private async carryOver(olds: Partial<CheckOutputs>, news: CheckInputs): Promise<Repair[]> {
        const { subnets } = unpackIntent(news.region, news.vpcId, news.intent);
        const kept: Repair[] = [];
        for (const repair of olds.repairs ?? []) {
            const { leftover } = repair;
            if (leftover === undefined) continue;
            const declared = subnets.some(
                (subnet) =>
                    subnet.subnetId === leftover.subnetId && subnet.routeTableId === leftover.routeTableId,
            );
            if (declared) kept.push(repair);
            else await this.undoLeftover(news.region, repair);
        }
        return kept;
    }

    private async undoLeftover(region: string | undefined, { leftover }: Repair): Promise<void> {
        if (leftover === undefined || region === undefined) return;
        const deadline = new Deadline(this.dependencies.clock, DELETE_TIMEOUT_SECONDS);
        const removed = await removeLeftover(this.connect(region, deadline), leftover);
        if (removed)
            this.dependencies.log(
                `Undid a repair: ${leftover.subnetId} is no longer associated with ${leftover.routeTableId}.`,
            );
    }

    private connect(region: string, deadline: Deadline): Ec2 {
        return new Ec2(this.dependencies.connect(settingsWithin(deadline, region)), deadline);
    }
}

/** A subnet has one association: a later repair of it means that the earlier one's is gone. */
function isSuperseded({ leftover }: Repair, later: readonly Repair[]): boolean {
    return later.some((repair) => repair.leftover?.subnetId === leftover?.subnetId);
}

/** One process serves the refresh and the update of a `pulumi up --refresh`, and Pulumi changes the network in between. */
type Phase = "refresh" | "update";

function cacheKey({ region, vpcId }: { region: string; vpcId: string }, phase: Phase): string {
    return `${phase} ${region} ${vpcId}`;
}

/** The whole report for people: what failed or was fixed, each finding in full. */
export function renderReport(
    { stage, vpcId, mode }: CheckInputs,
    { verdict, findings, fixed, repairs, proposals }: StageResult,
): string {
    const errors = findings.filter(isError).length;
    const about = `Connectivity check "${stage}" of ${vpcId} (mode ${mode})`;
    const head =
        verdict === "failed"
            ? `${about} failed: ${errors} ${errors === 1 ? "problem" : "problems"} found.`
            : `${about} is ${verdict}.`;
    const done = repairs.map((repair) => `Repaired: ${repair.what} (was ${repair.before}).`);
    const proposed = proposals.map(
        ({ edit, cures }) =>
            `Proposed: ${describeEdit(edit)} (checks.mode fix-proposed with ${cures[0]?.id ?? ""} in checks.allowedRepairs).`,
    );
    return [head, ...fixed.map(renderFixed), ...done, ...findings.map(renderFinding), ...proposed].join("\n");
}

/** Endpoint and credentials come from the environment, as for every tool that uses the AWS SDK. */
export const stageCheck = new StageCheck({
    connect: (settings) => new EC2Client(settings),
    clock: systemClock,
    log: (text) => console.log(text),
    journal: fileJournal,
    connectStudio: (settings) => sdkClients.studio(settings),
    observe: (stage, intent, deadline) => observe(stage, intent, { clients: sdkClients, deadline }),
});
