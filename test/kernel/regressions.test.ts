import { deepStrictEqual, ok } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Flow } from "../../checks/flow";
import type { Snapshot } from "../../checks/snapshot/types";
import { analysis } from "./campaign";
import { connects } from "./compare";
import type { Oracle } from "./oracle";
import { startOrSkip } from "./prerequisites";

/** A disagreement that there once was. */
interface Regression {
    /** What the analysis did not know. */
    readonly what: string;
    readonly flow: Flow;
    /** Whether the flow passes. */
    readonly connected: boolean;
    /** The analysis cannot say, and must not. */
    readonly isUnknown?: boolean;
    readonly snapshot: Snapshot;
}

const FOLDER = path.join(__dirname, "regressions");
const CASES = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => ({
        name: path.basename(name, ".json"),
        ...(JSON.parse(readFileSync(path.join(FOLDER, name), "utf8")) as Regression),
    }));

describe("Where the analysis and the kernel once disagreed", function () {
    this.timeout(30_000);

    it("has cases", () => {
        ok(CASES.length > 0);
    });

    for (const { name, what, snapshot, flow, connected, isUnknown } of CASES) {
        it(`the analysis: ${name}: ${what}`, () => {
            const verdict = isUnknown === true ? "UNKNOWN" : connected ? "REACHABLE" : "UNREACHABLE";
            deepStrictEqual(analysis(snapshot)(flow).verdict, verdict);
        });
    }

    describe("the kernel", () => {
        let oracle: Oracle | undefined;
        before(async function () {
            oracle = await startOrSkip(this);
        });
        after(async () => oracle?.stop());

        for (const { name, snapshot, flow, connected } of CASES) {
            it(name, async () => {
                ok(oracle !== undefined);
                deepStrictEqual(await connects(oracle, snapshot, flow), connected);
            });
        }
    });
});
