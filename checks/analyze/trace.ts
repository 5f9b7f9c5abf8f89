import type { SnapshotKind } from "../snapshot/types";
import {
    type ExplanationCode,
    type ExplanationDetails,
    explanation,
    explanationKey,
    EXPLANATIONS,
    type Severity,
    type Weight,
} from "./explanations";
import type { Model } from "./model";
import type { Explanation, Hop } from "./types";

/** What is found while one pair of ends is followed: the hops as far as the first block, and everything that is the matter. */
export class Trace {
    readonly hops: Hop[] = [];
    private readonly found = new Map<string, { weight: Weight; explanation: Explanation }>();
    private stopped = false;
    private doubtful = false;

    hop(component: string, type: Hop["type"], details: Omit<Hop, "component" | "type"> = {}): void {
        if (!this.stopped) this.hops.push({ component, type, ...details });
    }

    /** Adds an explanation, with the severity that the catalogue gives its code unless this case is milder. */
    add(
        code: ExplanationCode,
        component: string,
        details: ExplanationDetails = {},
        severity: Severity = EXPLANATIONS[code].severity,
    ): void {
        const one = explanation(code, component, details);
        const key = explanationKey(one);
        if (!this.found.has(key)) this.found.set(key, { weight: this.weightOf(severity), explanation: one });
        // Answers are judged after the way there, which stays as it was.
        if (severity !== "warning" && details.leg === undefined) this.stopped = true;
    }

    /**
     * To be called before anything is concluded from a kind: one that could not be read leaves the flow undecided.
     *
     * @returns whether all of them were read.
     */
    need(model: Model, ...kinds: SnapshotKind[]): boolean {
        const missing = kinds.flatMap((kind) => model.missingPermission(kind) ?? []);
        for (const { action, kind } of missing) this.add("X_PERMISSION_MISSING", action, { args: { kind } });
        if (kinds.some((kind) => !model.isReadOrLocal(kind))) this.doubt();
        return missing.length === 0;
    }

    /** From here on the way depends on something unknown: what would stop the flow is no longer certain to. */
    doubt(): void {
        this.doubtful = true;
    }

    private weightOf(severity: Weight): Weight {
        return severity === "blocking" && this.doubtful ? "possible" : severity;
    }

    /** Takes back what another explanation says better; returns how many there were. */
    drop(code: ExplanationCode, component: string): number {
        const before = this.found.size;
        for (const [key, { explanation: one }] of this.found)
            if (one.code === code && one.component === component) this.found.delete(key);
        return before - this.found.size;
    }

    of(weight: Weight): Explanation[] {
        return [...this.found.values()].flatMap((one) => (one.weight === weight ? [one.explanation] : []));
    }

    get isBlocked(): boolean {
        return [...this.found.values()].some(({ weight }) => weight !== "warning");
    }

    /** Takes over what another trace found, its hops after those that are there. */
    append(other: Trace, weight: (own: Weight) => Weight = (own) => own): void {
        if (!this.stopped) this.hops.push(...other.hops);
        for (const [key, one] of other.found)
            if (!this.found.has(key))
                this.found.set(key, { ...one, weight: this.weightOf(weight(one.weight)) });
        this.stopped ||= other.stopped;
        this.doubtful ||= other.doubtful;
    }
}
