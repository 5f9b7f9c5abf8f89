import { Session } from "node:inspector/promises";
import type { Profiler } from "node:inspector";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";

/** The lines of each source file that have run, by the file's path. */
export type CoveredLines = Readonly<Record<string, readonly number[]>>;

/** The engine's own count of what runs, block by block. */
export class Coverage {
    private readonly session = new Session();

    async start(): Promise<void> {
        this.session.connect();
        await this.session.post("Profiler.enable");
        await this.session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    }

    /**
     * The lines that ran since the last call.
     *
     * @param compiled what was compiled of each source file, with its source map at the end.
     */
    async take(compiled: ReadonlyMap<string, string>): Promise<CoveredLines> {
        const { result } = await this.session.post("Profiler.takePreciseCoverage");
        const lines = new Map<string, Set<number>>();
        for (const { url, functions } of result) {
            const file = url.replace(/^file:\/\//, "");
            const code = compiled.get(file);
            if (code === undefined) continue;
            const covered = lines.get(file) ?? new Set();
            for (const line of coveredLines(code, functions)) covered.add(line);
            lines.set(file, covered);
        }
        return Object.fromEntries([...lines].map(([file, covered]) => [file, [...covered]]));
    }
}

function coveredLines(code: string, functions: readonly Profiler.FunctionCoverage[]): Set<number> {
    const hasRun = paint(
        code.length,
        functions.flatMap(({ ranges }) => ranges),
    );
    const starts = lineStarts(code);
    const covered = new Set<number>();
    eachMapping(sourceMap(code), ({ generatedLine, generatedColumn, originalLine }) => {
        const offset = (starts[generatedLine - 1] ?? 0) + generatedColumn;
        if (originalLine !== null && hasRun[offset] === 1) covered.add(originalLine);
    });
    return covered;
}

/** Ranges are nested: of those that hold an offset the innermost decides. */
function paint(length: number, ranges: readonly Profiler.CoverageRange[]): Uint8Array {
    const hasRun = new Uint8Array(length);
    const outermostFirst = [...ranges].sort(
        (one, other) => one.startOffset - other.startOffset || other.endOffset - one.endOffset,
    );
    for (const { startOffset, endOffset, count } of outermostFirst)
        hasRun.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    return hasRun;
}

function lineStarts(code: string): number[] {
    const starts = [0];
    for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
    return starts;
}

function sourceMap(code: string): TraceMap {
    const marker = "sourceMappingURL=data:application/json;charset=utf-8;base64,";
    const at = code.lastIndexOf(marker);
    if (at < 0) throw new Error("compiled code has no source map");
    return new TraceMap(Buffer.from(code.slice(at + marker.length), "base64").toString("utf8"));
}
