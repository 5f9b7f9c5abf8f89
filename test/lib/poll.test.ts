import assert from "node:assert/strict";

import { Deadline } from "../../lib/clock";
import { poll } from "../../lib/poll";
import { FakeClock } from "../support/fake-clock";

const BACKOFF = { firstMilliseconds: 500, longestMilliseconds: 2000 };

describe("polling", () => {
    it("looks at once, then with growing pauses, until there is something", async () => {
        const clock = new FakeClock();
        let looks = 0;
        const found = await poll(new Deadline(clock, 60), BACKOFF, async () =>
            (looks += 1) > 4 ? looks : undefined,
        );
        assert.equal(found, 5);
        assert.deepEqual(clock.sleeps, [500, 1000, 2000, 2000]);
    });

    it("waits at least half of each pause", async () => {
        const clock = new FakeClock(undefined, 0);
        let looks = 0;
        await poll(new Deadline(clock, 60), BACKOFF, async () => ((looks += 1) > 2 ? looks : undefined));
        assert.deepEqual(clock.sleeps, [250, 500]);
    });

    it("ends at the deadline without an answer", async () => {
        const clock = new FakeClock();
        const start = clock.now();
        assert.equal(await poll(new Deadline(clock, 3), BACKOFF, async () => undefined), undefined);
        assert.equal(clock.now() - start, 3000);
    });

    it("passes on what the look throws", async () => {
        const look = async () => Promise.reject(new Error("no"));
        await assert.rejects(poll(new Deadline(new FakeClock(), 3), BACKOFF, look), /no/);
    });
});
