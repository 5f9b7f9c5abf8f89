import { readFileSync } from "node:fs";

/** How often the log is looked at, in milliseconds: the precision of what is measured. */
const POLL_MS = 10;

/** One step of an update, from its beginning to its end. */
export interface Operation {
    readonly op: string;
    readonly type: string;
    readonly custom: boolean;
    /** Seconds from the beginning of the update. */
    readonly begun: number;
    readonly seconds: number;
}

interface StepMetadata {
    readonly op: string;
    readonly urn: string;
    readonly type: string;
    readonly new?: { readonly custom?: boolean };
}

interface EngineEvent {
    readonly resourcePreEvent?: { readonly metadata: StepMetadata };
    readonly resOutputsEvent?: { readonly metadata: StepMetadata };
}

/**
 * Follows the engine's event log, a JSON object a line. The engine stamps its events with whole seconds, so that each is
 * timed when it appears.
 */
export class EventLog {
    private readonly operations: Operation[] = [];
    private readonly begun = new Map<string, number>();
    private readonly start = performance.now();
    private linesRead = 0;
    private readonly timer: NodeJS.Timeout;

    constructor(private readonly file: string) {
        this.timer = setInterval(() => this.read(), POLL_MS);
    }

    /** Ends the following and gives all steps. */
    finish(): readonly Operation[] {
        clearInterval(this.timer);
        this.read();
        return this.operations;
    }

    private read(): void {
        const lines = readFileSync(this.file, "utf8").split("\n");
        // The last line is empty, or not whole yet.
        for (const line of lines.slice(this.linesRead, -1)) this.take(JSON.parse(line) as EngineEvent);
        this.linesRead = Math.max(this.linesRead, lines.length - 1);
    }

    private take({ resourcePreEvent, resOutputsEvent }: EngineEvent): void {
        const now = performance.now();
        if (resourcePreEvent) this.begun.set(resourcePreEvent.metadata.urn, now);
        const done = resOutputsEvent?.metadata;
        if (!done) return;
        const begun = this.begun.get(done.urn) ?? now;
        this.operations.push({
            op: done.op,
            type: done.type,
            custom: done.new?.custom ?? false,
            begun: (begun - this.start) / 1000,
            seconds: (now - begun) / 1000,
        });
    }
}

/** Busy seconds and number of operations of each type, the longest first; a component only waits for its children. */
export function timeByType(
    operations: readonly Operation[],
): { type: string; seconds: number; count: number }[] {
    const totals = new Map<string, { seconds: number; count: number }>();
    for (const { type, seconds } of operations.filter(({ custom }) => custom)) {
        const total = totals.get(type) ?? { seconds: 0, count: 0 };
        totals.set(type, { seconds: total.seconds + seconds, count: total.count + 1 });
    }
    return [...totals]
        .map(([type, total]) => ({ type, ...total }))
        .sort((one, other) => other.seconds - one.seconds);
}
