import assert from "node:assert/strict";

import { experimentSchema } from "../../components/experiment";
import { problemsOf } from "../../components/schema/problems";
import { experimentIdAt, experimentProvider, settleExperiment } from "../../components/experiment-identity";

const FIRST = { startedAt: "2026-01-31T09:30:05.123Z", ttlHours: 72 };
const SETTLED = {
    experimentId: "exp-20260131-093005",
    createdAt: "2026-01-31T09:30:05Z",
    expiresAt: "2026-02-03T09:30:05Z",
};
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("an experiment", () => {
    it("is named after its first deployment, in UTC", () => {
        assert.equal(experimentIdAt("2026-12-01T23:59:59.999Z"), "exp-20261201-235959");
        assert.deepEqual(settleExperiment(FIRST, {}), SETTLED);
    });

    it("keeps id and beginning over later updates", () => {
        const later = { startedAt: "2026-02-01T00:00:00.000Z", ttlHours: 72 };
        assert.deepEqual(settleExperiment(later, SETTLED), SETTLED);
        assert.equal(experimentProvider.diff("id", SETTLED, settleExperiment(later, SETTLED)).changes, false);
    });

    it("is prolonged from its beginning on, by an update in place", () => {
        const longer = settleExperiment({ ...FIRST, ttlHours: 96 }, SETTLED);
        assert.deepEqual(longer, { ...SETTLED, expiresAt: "2026-02-04T09:30:05Z" });
        assert.deepEqual(experimentProvider.diff("id", SETTLED, longer), { changes: true, replaces: [] });
        assert.equal(settleExperiment({ startedAt: FIRST.startedAt }, SETTLED).expiresAt, "never");
    });

    it("takes a given id", () => {
        const given = settleExperiment({ ...FIRST, experimentId: "exp-20250101-000000" }, SETTLED);
        assert.equal(given.experimentId, "exp-20250101-000000");
    });

    it("is settled before anything is made, so that a preview knows it", () => {
        const { inputs } = experimentProvider.check({}, { ...FIRST });
        assert.deepEqual(inputs, SETTLED);
        assert.deepEqual(
            experimentProvider.check(SETTLED, { startedAt: "2027-01-01T00:00:00Z", ttlHours: 72 }).inputs,
            SETTLED,
        );
    });

    it("lets what is not known yet pass", () => {
        const news = { startedAt: UNKNOWN, ttlHours: 72 };
        assert.deepEqual(experimentProvider.check({}, news), { inputs: news, failures: [] });
    });

    it("is refused with an id or a time to live that cannot be", () => {
        const keys = (args: object) => problemsOf(experimentSchema, args).map(({ key }) => key);
        assert.deepEqual(keys({}), []);
        assert.deepEqual(keys({ experimentId: "exp-20260131-093000", ttlHours: 1 }), []);
        assert.deepEqual(keys({ experimentId: "mine", ttlHours: 0 }), ["experimentId", "ttlHours"]);
        assert.deepEqual(keys({ ttlHours: 8761 }), ["ttlHours"]);
        assert.deepEqual(keys({ ttlHours: 1.5 }), ["ttlHours"]);
    });
});
