import type { CoveredLines } from "./coverage";

/** What the worker is asked: to run test files, and for `cover` to say which lines of which sources they ran. */
export interface Request {
    readonly kind: "cover" | "run";
    readonly tests: readonly string[];
}

export interface TestRun {
    /** The first test that failed, and how; undefined when all passed. */
    readonly failure: string | undefined;
    readonly seconds: number;
}

export interface Reply extends TestRun {
    readonly covered: CoveredLines;
}
