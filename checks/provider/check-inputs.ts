import { isDeepStrictEqual } from "node:util";

import { hasUnknown } from "../../lib/dynamic/unknown";
import type { PackedMatrix } from "../matrix";
import { type Finding, PROPOSED_REPAIRS, type Stage, STAGES } from "../messages";
import type { Repair } from "../repair/record";
import type { Mode, StageVerdict } from "../repair/stage-run";
import { isPackedIntent, type PackedIntent, unpackIntent } from "./packed-intent";

export const MODES: readonly Mode[] = ["validate", "fix", "fix-proposed"];

/** What a failed check does to the deployment: it ends it, or it is only reported. */
export type OnFailure = "fail" | "warn";
export const ON_FAILURE: readonly OnFailure[] = ["fail", "warn"];

/** A check needs some seconds for its calls; an hour is longer than anything that passes by itself takes. */
export const TIMEOUT_SECONDS = { least: 10, most: 3600 } as const;

/** What decides about a run. */
interface CheckSettings {
    stage: Stage;
    region: string;
    vpcId: string;
    mode: Mode;
    timeoutSeconds: number;
    onFailure: OnFailure;
    intent: PackedIntent;
    /** Messages whose proposed repair is allowed, in mode fix-proposed. */
    allowedRepairs?: string[];
    /** The file of the journal, relative to the program's folder. */
    journal?: string;
    /** A new value runs the check again though nothing that it checks has changed. */
    runId?: string;
    /** When the stage before was run: a stage is run again after every run of what it relies on. */
    after?: string;
}

/** The inputs of one check, as the engine hands them over. */
export interface CheckInputs extends CheckSettings {
    /** What the stage checks, for whoever reads a preview. */
    validates: string;
}

/**
 * The outputs. They repeat the inputs that decide about a run, because Pulumi hands only outputs to diff, read and delete: the
 * intent itself rather than a hash of it, since read has to judge by it.
 */
export interface CheckOutputs extends CheckSettings {
    /** When the check was last run (ISO 8601, UTC); a refresh does not count, or it would make later stages look changed. */
    ranAt: string;
    verdict: StageVerdict;
    findings: Finding[];
    repairs: Repair[];
    matrix: PackedMatrix;
}

/** What is wrong with the inputs, in the engine's form. Unknown ones are judged when they are known. */
export function inputFailures(inputs: Record<string, unknown>): { property: string; reason: string }[] {
    const rules: Record<string, { holds: (value: unknown) => boolean; allowed: string }> = {
        stage: { holds: (value) => isOneOf(STAGES, value), allowed: `one of ${STAGES.join(", ")}` },
        mode: { holds: (value) => isOneOf(MODES, value), allowed: `one of ${MODES.join(", ")}` },
        onFailure: {
            holds: (value) => isOneOf(ON_FAILURE, value),
            allowed: `one of ${ON_FAILURE.join(", ")}`,
        },
        timeoutSeconds: {
            holds: isTimeout,
            allowed: `a whole number of seconds from ${TIMEOUT_SECONDS.least} to ${TIMEOUT_SECONDS.most}`,
        },
        allowedRepairs: {
            holds: (value) => value === undefined || isListOf(PROPOSED_REPAIRS, value),
            allowed: `a list of ${PROPOSED_REPAIRS.join(", ")}`,
        },
        journal: {
            holds: (value) => value === undefined || isText(value),
            allowed: "the path of a file, relative to the program's folder",
        },
        region: { holds: isText, allowed: "the name of an AWS region, such as us-east-1" },
        vpcId: { holds: isText, allowed: "the id of a VPC, such as vpc-0123456789abcdef0" },
        intent: { holds: (value) => isText(value), allowed: "the declared network, packed" },
    };
    return Object.entries(rules).flatMap(([property, { holds, allowed }]) => {
        const value = inputs[property];
        if (hasUnknown(value) || holds(value)) return [];
        const given = value === undefined ? "is missing" : `${JSON.stringify(value)} is not allowed`;
        return [{ property, reason: `${property} ${given}: it has to be ${allowed}` }];
    });
}

export function isTimeout(value: unknown): boolean {
    const { least, most } = TIMEOUT_SECONDS;
    return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

function isText(value: unknown): boolean {
    return typeof value === "string" && value !== "";
}

function isListOf(allowed: readonly string[], value: unknown): boolean {
    return Array.isArray(value) && value.every((item) => isOneOf(allowed, item));
}

function isOneOf(allowed: readonly string[], value: unknown): boolean {
    return typeof value === "string" && allowed.includes(value);
}

export interface CheckDiff {
    changes: boolean;
    replaces: string[];
}

/**
 * Whether the check has to run again: something that it checks or its settings changed, the stage before it was run, a run was
 * asked for, or the last known verdict is not good. Another VPC or region is another check, so that the old one is deleted
 * and cleans up after itself.
 */
export function diffInputs(old: Partial<CheckOutputs>, inputs: CheckInputs): CheckDiff {
    if (hasUnknown(inputs)) return { changes: true, replaces: [] };
    const replaces = (["stage", "region", "vpcId"] as const).filter((key) => old[key] !== inputs[key]);
    const settings = ["mode", "allowedRepairs", "timeoutSeconds", "onFailure", "after"] as const;
    const changed =
        settings.some((key) => !isDeepStrictEqual(old[key], inputs[key])) ||
        !sameIntent(old.intent, inputs.intent);
    const asked = inputs.runId !== undefined && inputs.runId !== old.runId;
    const good = old.verdict === "healthy" || old.verdict === "repaired";
    return { changes: replaces.length > 0 || changed || asked || !good, replaces };
}

/** Whether two packed intents hold the same. One that an earlier version stored is not the same as any other: the check runs again. */
function sameIntent(old: unknown, packed: PackedIntent): boolean {
    if (old === packed) return true;
    return isPackedIntent(old) && isDeepStrictEqual(unpackIntent("", "", old), unpackIntent("", "", packed));
}
