import assert from "node:assert/strict";

import { type Check, runChecks } from "../../../sandbox/commands/check";

/** A check that ends so, after the others have begun. */
const ending = (name: string, code: number, stdout: string, stderr = ""): Check => ({
    name,
    run: async () => {
        await new Promise(setImmediate);
        return { code, stdout, stderr };
    },
});

async function run(...checks: Check[]): Promise<{ code: number; logged: string[]; printed: string[] }> {
    const [logged, printed]: [string[], string[]] = [[], []];
    const code = await runChecks(checks, {
        log: (line) => void logged.push(line),
        print: (line) => void printed.push(line),
        signal: new AbortController().signal,
    });
    return { code, logged, printed };
}

describe("npm run check", () => {
    it("says that all checks pass, and nothing of their output", async () => {
        const { code, logged, printed } = await run(ending("lint", 0, "fine"), ending("types", 0, ""));
        assert.deepEqual([code, printed], [0, []]);
        assert.deepEqual(logged, ["Checking lint, types ...", "All checks pass."]);
    });

    it("runs all checks although one fails, and shows what the failed ones have written", async () => {
        const checks = [
            ending("lint", 2, "a.ts: no\n", "1 problem"),
            ending("types", 0, ""),
            ending("format", 1, "b"),
        ];
        const { code, logged, printed } = await run(...checks);
        assert.equal(code, 1);
        assert.deepEqual(printed, ["\nlint:\na.ts: no\n1 problem\n", "\nformat:\nb\n"]);
        assert.equal(logged.at(-1), "Failed: lint, format.");
    });
});
