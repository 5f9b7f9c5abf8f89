import { type Code, type Explanation, type ExplanationId, MESSAGES, type Severity } from "../messages";
import type { SnapshotKind } from "../snapshot/types";
import { explanation, type ExplanationDetails, explanationKey } from "./explanations";
import type { Model } from "./model";
import type { Hop } from "./types";

/** What an explanation is in one case: `possible` stops the flow only if something unknown before it turns out one way. */
export type Weight = Severity | "possible";

/** What the analysis finds while it follows one pair of ends: the hops up to the first block, and every explanation. */
export class Trace {
    readonly hops: Hop[] = [];
    private readonly found = new Map<string, { weight: Weight; explanation: Explanation }>();
    private stopped = false;
    private doubtful = false;

    hop(component: string, type: Hop["type"], details: Omit<Hop, "component" | "type"> = {}): void {
        if (!this.stopped) this.hops.push({ component, type, ...details });
    }

    add<Id extends ExplanationId>(id: Id, component: string, ...details: ExplanationDetails<Id>): void {
        this.addAs(MESSAGES[id].severity, id, component, ...details);
    }

    /** Adds an explanation that is less severe here than the catalogue says. */
    warn<Id extends ExplanationId>(id: Id, component: string, ...details: ExplanationDetails<Id>): void {
        this.addAs("warning", id, component, ...details);
    }

    private addAs<Id extends ExplanationId>(
        severity: Severity,
        id: Id,
        component: string,
        ...details: ExplanationDetails<Id>
    ): void {
        const one: Explanation = explanation(id, component, ...details);
        const key = explanationKey(one);
        if (!this.found.has(key)) this.found.set(key, { weight: this.weightOf(severity), explanation: one });
        // Replies are followed after the request, whose path is known by then.
        if (severity !== "warning" && one.leg === undefined) this.stopped = true;
    }

    /**
     * To be called before anything is concluded from a kind: one that could not be read leaves the flow undecided.
     *
     * @returns whether all of them were read.
     */
    need(model: Model, ...kinds: SnapshotKind[]): boolean {
        const missing = kinds.flatMap((kind) => model.missingPermission(kind) ?? []);
        for (const { action, kind } of missing)
            this.add("PERMISSION_MISSING", action, { args: { consequence: { of: "kind", kind } } });
        if (kinds.some((kind) => !model.isReadOrLocal(kind))) this.doubt();
        return missing.length === 0;
    }

    /** From here on the path depends on something unknown: what would stop the flow is no longer certain to. */
    doubt(): void {
        this.doubtful = true;
    }

    private weightOf(weight: Weight): Weight {
        return weight === "error" && this.doubtful ? "possible" : weight;
    }

    /** Removes an explanation for which there is a better one; returns how many there were. */
    drop(code: Code, component: string): number {
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

    /** Adds what another trace found, its hops after those of this one. */
    append(other: Trace, weight: (own: Weight) => Weight = (own) => own): void {
        if (!this.stopped) this.hops.push(...other.hops);
        for (const [key, one] of other.found)
            if (!this.found.has(key))
                this.found.set(key, { ...one, weight: this.weightOf(weight(one.weight)) });
        this.stopped ||= other.stopped;
        this.doubtful ||= other.doubtful;
    }
}
