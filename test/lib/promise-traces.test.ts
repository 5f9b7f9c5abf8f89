import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import "../../lib/promise-traces";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the SDK leaves this function out of its declarations
const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable") as {
    debuggablePromise: (promise: Promise<unknown>, context: string) => Promise<unknown>;
};

/** The error of a promise that fails while the SDK follows it; the SDK hangs the promise on the error. */
async function failed(): Promise<{
    readonly promise?: { _debugStackTrace: string };
    readonly stack?: string;
}> {
    return debuggablePromise(Promise.reject(new Error("no")), "a test").then(
        () => assert.fail("it has to fail"),
        (error: object) => error,
    );
}

describe("promises of the Pulumi SDK", () => {
    // An SDK that follows its promises in another way would be slow again, and nothing else would say so.
    it("are followed without a stack trace", async () => {
        const { promise } = await failed();
        assert.equal(promise?._debugStackTrace, "Error");
    });

    it("leave errors their stack trace, by lines of TypeScript", async () => {
        const { stack } = await failed();
        const [, line] = /promise-traces\.test\.ts:(\d+):/.exec(stack ?? "") ?? [];
        const source = readFileSync(__filename, "utf8").split("\n");
        assert.match(source[Number(line) - 1] ?? "", /new Error\("no"\)/);
    });
});
