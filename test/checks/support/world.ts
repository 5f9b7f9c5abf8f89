import type { NetworkIntent } from "../../../checks/intent";
import { type Stage, STAGES } from "../../../checks/messages";
import type { CheckInputs, CheckOutputs } from "../../../checks/provider/check-inputs";
import { packIntent } from "../../../checks/provider/packed-intent";
import { type Journal, NO_JOURNAL } from "../../../checks/repair/journal";
import { StageCheck } from "../../../checks/provider/stage-check";
import { FakeClock } from "../../support/fake-clock";
import type { Snapshot } from "../../../checks/snapshot/types";
import type { FakeEc2 } from "./fake-ec2";
import { FakeStudio } from "./fake-studio";

export function checkInputs(
    stage: Stage,
    intent: NetworkIntent,
    changes: Partial<CheckInputs> = {},
): CheckInputs {
    return {
        stage,
        region: intent.region,
        vpcId: intent.vpcId,
        mode: "fix",
        timeoutSeconds: 300,
        onFailure: "warn",
        intent: packIntent(stage, intent),
        validates: "",
        ...changes,
    };
}

/** A provider process over a network in memory. */
export function provider(
    ec2: FakeEc2,
    clock = new FakeClock(),
    journal: Journal = NO_JOURNAL,
): { check: StageCheck; clock: FakeClock; log: string[] } {
    const log: string[] = [];
    const check = new StageCheck({
        connect: (settings) => ec2.connect(settings),
        clock,
        log: (text) => log.push(text),
        journal: () => journal,
        connectStudio: async (settings) => new FakeStudio(ec2).connect(settings),
        observe: async () => structuredClone(ec2.observations),
    });
    return { check, clock, log };
}

/** All stages one after the other, as an update runs them; failures are reported, not thrown. */
export async function runAll(
    ec2: FakeEc2,
    intent: NetworkIntent,
    changes: Partial<CheckInputs> = {},
): Promise<CheckOutputs[]> {
    const { check } = provider(ec2);
    const results: CheckOutputs[] = [];
    for (const stage of STAGES) results.push((await check.create(checkInputs(stage, intent, changes))).outs);
    return results;
}

const ASSOCIATION_IDS = ["RouteTableAssociationId", "NetworkAclAssociationId"];

/** The network without the ids of associations, which AWS gives anew each time, and without the order of lists. */
export function comparable(snapshot: Snapshot): unknown {
    const sorted = (value: unknown): unknown => {
        if (Array.isArray(value))
            return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        if (typeof value !== "object" || value === null) return value;
        const entries = Object.entries(value).filter(
            ([key, item]) => item !== undefined && !ASSOCIATION_IDS.includes(key),
        );
        return Object.fromEntries(
            entries
                .map(([key, item]) => [key, sorted(item)])
                .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
        );
    };
    return sorted(snapshot);
}
