import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { testsThatLoad } from "./imports";
import { applyMutant, type Mutant } from "./mutations";
import type { Selection } from "./selection";
import { WorkerTimeout, type Workspace } from "./workspace";

/** The fast tests: no engine and no kernel. */
const FAST_TESTS = /^test\/(?:(?:lib|checks|components|stacks|operations)\/.*|index)\.test\.ts$/;
/** How much longer than without a mutant its tests may take, for an endless loop ends by this alone. */
const SLOWDOWN = 5;
const PATIENCE_SECONDS = 30;
/** For the first run of a test file in a new worker, which loads the SDKs. */
const FIRST_RUN_SECONDS = 900;
/** A worker that is replaced now and then takes what tests leave in memory with it. */
const MUTANTS_PER_WORKER = 100;

/** What became of a mutant. */
export interface Verdict {
    readonly mutant: Mutant;
    /** `killed`: a test failed. `timeout`: the tests did not end. `survived`: all passed. `uncovered`: no test runs the line. */
    readonly outcome: "killed" | "timeout" | "survived" | "uncovered";
    /** The test that failed, and how. */
    readonly failure?: string;
}

export interface Result {
    readonly selection: Omit<Selection, "mutants">;
    readonly verdicts: readonly Verdict[];
}

interface TestFile {
    readonly file: string;
    readonly seconds: number;
    /** Lines by source file, relative to the repository. */
    readonly covered: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Runs, for each mutant, the test files that run its lines, until one fails. */
export class MutationRun {
    private tests: readonly TestFile[] = [];
    private asked = 0;

    constructor(
        private readonly workspace: Workspace,
        private readonly log: (line: string) => void,
    ) {}

    /** @throws when a test fails without any mutant. */
    async run(selections: readonly Selection[]): Promise<Result[]> {
        await this.coverTests(selections);
        const results: Result[] = [];
        for (const { mutants, ...selection } of selections) {
            const verdicts: Verdict[] = [];
            for (const mutant of mutants) {
                const verdict = await this.judge(mutant);
                verdicts.push(verdict);
                this.log(`${verdicts.length}/${mutants.length} ${describeVerdict(verdict)}`);
            }
            results.push({ selection, verdicts });
        }
        return results;
    }

    private async coverTests(selections: readonly Selection[]): Promise<void> {
        const { root, files } = this.workspace;
        const sources = new Set(selections.flatMap(({ mutants }) => mutants.map(({ file }) => file)));
        const tests: TestFile[] = [];
        const fast = files.filter((file) => FAST_TESTS.test(file));
        for (const file of testsThatLoad(root, fast, sources)) {
            const { failure, seconds, covered } = await this.workspace.ask(
                { kind: "cover", tests: [file] },
                FIRST_RUN_SECONDS,
            );
            if (failure !== undefined) throw new Error(`${file} fails without a mutant: ${failure}`);
            const relative = Object.entries(covered).map(
                ([source, lines]) => [path.relative(root, source), new Set(lines)] as const,
            );
            tests.push({ file, seconds, covered: new Map(relative) });
            this.log(`${file} passes in ${seconds.toFixed(1)} s`);
        }
        this.tests = tests;
    }

    private async judge(mutant: Mutant): Promise<Verdict> {
        const tests = this.testsOf(mutant);
        if (tests.length === 0) return { mutant, outcome: "uncovered" };
        if (++this.asked % MUTANTS_PER_WORKER === 0) this.workspace.stopWorker();
        const file = path.join(this.workspace.root, mutant.file);
        const source = await readFile(file, "utf8");
        const usual = tests.reduce((sum, { seconds }) => sum + seconds, 0);
        try {
            await writeFile(file, applyMutant(source, mutant));
            const { failure } = await this.workspace.ask(
                { kind: "run", tests: tests.map((test) => test.file) },
                usual * SLOWDOWN + PATIENCE_SECONDS,
            );
            return failure === undefined
                ? { mutant, outcome: "survived" }
                : { mutant, outcome: "killed", failure };
        } catch (error) {
            if (error instanceof WorkerTimeout) return { mutant, outcome: "timeout" };
            throw error;
        } finally {
            await writeFile(file, source);
        }
    }

    /** The tests of the file itself first, then the fastest: most mutants are noticed by one of these. */
    private testsOf({ file, line, before }: Mutant): TestFile[] {
        const lines = before.split("\n").map((_, index) => line + index);
        const stem = file.replace(/\.ts$/, "");
        const distance = (test: TestFile) => (test.file.startsWith(`test/${stem}`) ? 0 : test.seconds);
        return this.tests
            .filter(({ covered }) => lines.some((each) => covered.get(file)?.has(each)))
            .sort((one, other) => distance(one) - distance(other));
    }
}

function describeVerdict({ mutant, outcome, failure = "" }: Verdict): string {
    return `${outcome} ${describeMutant(mutant)}${failure === "" ? "" : `  [${oneLine(failure)}]`}`;
}

/** File, line, and what became of what. */
export function describeMutant({ file, line, column, before, after }: Mutant): string {
    return `${file}:${line}:${column}  ${oneLine(before)} -> ${oneLine(after)}`;
}

const LONGEST = 100;

function oneLine(text: string): string {
    const line = text.replace(/\s+/g, " ");
    return line.length > LONGEST ? `${line.slice(0, LONGEST)} ...` : line;
}
