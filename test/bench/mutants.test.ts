import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { applyMutant, mutantsOf } from "../../bench/mutants/mutations";
import { MutationRun } from "../../bench/mutants/run";
import { select } from "../../bench/mutants/selection";
import { Workspace } from "../../bench/mutants/workspace";

/** All sources that differ from the given one by a mutant. */
const mutated = (source: string) => mutantsOf("a.ts", source).map((mutant) => applyMutant(source, mutant));

describe("mutants of a source", () => {
    const cases: [string, string[]][] = [
        ["a && b;", ["a || b;"]],
        ["a < 7;", ["a <= 7;", "a >= 7;", "a < 8;"]],
        ["a === b;", ["a !== b;"]],
        ["a + b;", ["a - b;"]],
        ["a + '!';", ['a + "";']],
        ["a ?? {};", ["a;", "({});"]],
        ["!a;", ["a;"]],
        ["a?.b;", ["a.b;"]],
        ["a?.[0];", ["a[0];", "a?.[1];"]],
        ["a?.(b);", ["a(b);"]],
        ["a.toString();", []],
        ["a.some(b);", ["a.every(b);"]],
        ["a.filter(b).sort();", ["a.filter(b);", "a.sort();"]],
        ["a ? b : c;", ["true ? b : c;", "false ? b : c;"]],
        ["if (a) b();", ["if (true) b();", "if (false) b();"]],
        ["const f = () => a;", ["const f = () => undefined;"]],
        ["function f() { g(); }", ["function f() {}"]],
        ["class A extends B { constructor() { super(); } }", []],
        ["f([1]);", ["f([]);", "f([2]);"]],
        ["f({ a: true });", ["f({});", "f({ a: false });"]],
        ["f({ 'a': b } as const);", ["f({} as const);"]],
        ["f(`a${b}`);", ["f(``);"]],
        ["/^a$/u;", ["/a$/u;", "/^a/u;"]],
        ["let a: 1 | 'b' | undefined;", []],
        ["import { a } from './b'; export * from './c'; type A = 'x'; interface B { c: 1 }", []],
    ];
    for (const [source, expected] of cases)
        it(`of ${source} are ${expected.join(" and ") || "none"}`, () => {
            assert.deepEqual(mutated(source).sort(), [...expected].sort());
        });

    it("say where they are", () => {
        const [mutant] = mutantsOf("a.ts", "f();\n  a || b;\n");
        assert.deepEqual([mutant?.line, mutant?.column, mutant?.before, mutant?.after], [2, 5, "||", "&&"]);
    });
});

describe("a run over mutants", function () {
    this.timeout(120_000);
    let repository: string;
    let workspace: Workspace;

    const FILES = {
        "tsconfig.json":
            '{ "compilerOptions": { "module": "node16", "target": "es2022", "sourceMap": true } }',
        "lib/sign.ts": `
export const sign = (a: number) => (a < 0 ? -1 : 1);
export const loop = (n: number) => { for (let i = 0; i < n; i++); return n; };
export const unused = () => 7;
`,
        "test/lib/sign.test.ts": `
import assert from "node:assert/strict";
import { loop, sign } from "../../lib/sign";
it("is right for 5 and -5", () => assert.deepEqual([sign(5), sign(-5)], [1, -1]));
it("ends", () => assert.equal(loop(2), 2));
`,
    };

    before(async () => {
        repository = await mkdtemp(path.join(tmpdir(), "pulsar-lab-mutants-test-"));
        for (const [name, text] of Object.entries(FILES)) {
            await mkdir(path.dirname(path.join(repository, name)), { recursive: true });
            await writeFile(path.join(repository, name), text);
        }
        execFileSync("git", ["init", "--quiet"], { cwd: repository });
        workspace = await Workspace.create(repository);
    });
    after(async () => {
        await workspace.remove();
        await rm(repository, { recursive: true });
    });

    it("tells which are noticed, and leaves the repository alone", async () => {
        const selection = select(workspace.root, workspace.files, "lib", { sample: Infinity, seed: 1 });
        const [result] = await new MutationRun(workspace, () => undefined).run([selection]);
        const outcomes = new Map(
            result?.verdicts.map(({ mutant, outcome }) => [
                `${mutant.line}: ${mutant.before} -> ${mutant.after}`,
                outcome,
            ]),
        );
        assert.equal(outcomes.get("2: < -> <="), "survived");
        assert.equal(outcomes.get("2: 0 -> 1"), "survived");
        assert.equal(outcomes.get("2: < -> >="), "killed");
        assert.equal(outcomes.get("2: -1 -> 1"), "killed");
        assert.equal(outcomes.get("4: 7 -> 8"), "survived");
        assert.equal(await readFile(path.join(repository, "lib/sign.ts"), "utf8"), FILES["lib/sign.ts"]);
        assert.equal(await readFile(path.join(workspace.root, "lib/sign.ts"), "utf8"), FILES["lib/sign.ts"]);
        assert.ok(!existsSync(path.join(repository, "node_modules")));
    });

    it("draws the same mutants for the same seed", () => {
        const draw = (seed: number) => select(workspace.root, workspace.files, "lib", { sample: 4, seed });
        assert.deepEqual(draw(1), draw(1));
        assert.notDeepEqual(draw(1), draw(2));
        assert.equal(draw(1).mutants.length, 4);
    });

    it("refuses a name that is no source", () => {
        assert.throws(
            () => select(workspace.root, workspace.files, "lob", { sample: 4, seed: 1 }),
            /lob: there is no such source/,
        );
    });
});
