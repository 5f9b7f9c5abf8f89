import assert from "node:assert/strict";

import { done, pending, retryWhile, waitFor } from "../../../../sandbox/providers/server/clock";
import { FakeClock } from "../../../support/fake-clock";

describe("waitFor", () => {
    it("asks at once, and then with growing pauses up to ten seconds", async () => {
        const clock = new FakeClock(0, 0.5);
        let asked = 0;
        const answer = await waitFor("it", { clock, timeoutSeconds: 600 }, async () =>
            ++asked > 10 ? done("yes") : pending("no"),
        );
        assert.equal(answer, "yes");
        // Half to all of each pause, by chance; here three quarters.
        const pauses = [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000];
        assert.deepEqual(
            clock.sleeps,
            pauses.map((pause) => pause * 0.75),
        );
    });

    it("gives up in time, and says how far things were", async () => {
        const clock = new FakeClock(0, 0.5);
        await assert.rejects(
            waitFor("it", { clock, timeoutSeconds: 30 }, async () => pending("almost")),
            { message: "timeout while waiting for it (last state: almost, timeout: 30s)" },
        );
        assert.ok(clock.now() <= 30_000 && clock.now() > 20_000);
    });

    it("stops when it is cancelled", async () => {
        const clock = new FakeClock(0, 0.5);
        const cancellation = new AbortController();
        const asking = waitFor("it", { clock, timeoutSeconds: 30, signal: cancellation.signal }, async () => {
            cancellation.abort();
            return pending("no");
        });
        await assert.rejects(asking, { message: "cancelled while waiting for it" });
        assert.equal(clock.sleeps.length, 1);
    });
});

describe("retryWhile", () => {
    const passing = new Error("passing");

    it("tries again while the error is one that passes", async () => {
        const clock = new FakeClock(0, 0.5);
        let tries = 0;
        const result = await retryWhile(
            (error) => error === passing,
            { clock, timeoutSeconds: 30 },
            async () => {
                if (++tries < 4) throw passing;
                return tries;
            },
        );
        assert.equal(result, 4);
        assert.equal(clock.sleeps.length, 3);
    });

    it("throws any other error at once", async () => {
        const clock = new FakeClock(0, 0.5);
        const other = new Error("other");
        const failing = retryWhile(
            (error) => error === passing,
            { clock, timeoutSeconds: 30 },
            async () => {
                throw other;
            },
        );
        await assert.rejects(failing, other);
        assert.deepEqual(clock.sleeps, []);
    });

    it("throws the last error when the time is up", async () => {
        const clock = new FakeClock(0, 0.5);
        const failing = retryWhile(
            () => true,
            { clock, timeoutSeconds: 30 },
            async () => {
                throw passing;
            },
        );
        await assert.rejects(failing, passing);
    });
});
