import type { SnapshotKind } from "../snapshot/types";
import {
    type ExplanationCode,
    type ExplanationDetails,
    explanation,
    explanationKey,
    EXPLANATIONS,
    type Severity,
} from "./explanations";
import type { Model } from "./model";
import type { Explanation, Hop } from "./types";

/** What is found while one pair of ends is followed: the hops as far as the first block, and everything that is the matter. */
export class Trace {
    readonly hops: Hop[] = [];
    private readonly found = new Map<string, { severity: Severity; explanation: Explanation }>();
    private stopped = false;

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
        if (!this.found.has(key)) this.found.set(key, { severity, explanation: one });
        // Answers are judged after the way there, which stays as it was.
        if (severity !== "warning" && details.leg === undefined) this.stopped = true;
    }

    /** To be called before anything is concluded from a kind: one that could not be read leaves the flow undecided. */
    need(model: Model, ...kinds: SnapshotKind[]): void {
        for (const kind of kinds) {
            const missing = model.missingPermission(kind);
            if (missing !== undefined) this.add("X_PERMISSION_MISSING", missing.action, { args: { kind } });
        }
    }

    /** Takes back what another explanation says better; returns how many there were. */
    drop(code: ExplanationCode, component: string): number {
        const before = this.found.size;
        for (const [key, { explanation: one }] of this.found)
            if (one.code === code && one.component === component) this.found.delete(key);
        return before - this.found.size;
    }

    of(severity: Severity): Explanation[] {
        return [...this.found.values()].flatMap((one) =>
            one.severity === severity ? [one.explanation] : [],
        );
    }

    get isBlocked(): boolean {
        return [...this.found.values()].some(({ severity }) => severity !== "warning");
    }

    /** Takes over what another trace found, its hops after those that are there. */
    append(other: Trace, severity: (own: Severity) => Severity = (own) => own): void {
        if (!this.stopped) this.hops.push(...other.hops);
        for (const [key, one] of other.found)
            if (!this.found.has(key)) this.found.set(key, { ...one, severity: severity(one.severity) });
        this.stopped ||= other.stopped;
    }
}
