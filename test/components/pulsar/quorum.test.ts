import fc from "fast-check";
import assert from "node:assert/strict";

import { DEFAULT_QUORUM, quorumProblems, quorumWarning } from "../../../components/pulsar/quorum";

describe("the quorum of a Pulsar cluster", () => {
    it("works exactly when ack <= write <= ensemble <= bookies", () => {
        const count = fc.integer({ min: 1, max: 8 });
        fc.assert(
            fc.property(count, count, count, count, (ensemble, write, ack, bookies) => {
                const works = ack <= write && write <= ensemble && ensemble <= bookies;
                return (quorumProblems({ ensemble, write, ack }, bookies).length === 0) === works;
            }),
        );
    });

    it("says each thing that is wrong", () => {
        const keys = (ensemble: number, write: number, ack: number, bookies = 3) =>
            quorumProblems({ ensemble, write, ack }, bookies).map(({ key }) => key);
        assert.deepEqual(keys(3, 4, 5, 2), ["quorum.ack", "quorum.write", "quorum.ensemble"]);
    });

    it("loses neither messages nor writes with one of three bookies by default", () => {
        assert.deepEqual(quorumProblems(DEFAULT_QUORUM, 3), []);
        assert.equal(quorumWarning(DEFAULT_QUORUM, 3), undefined);
    });

    it("warns of what works and gives something up", () => {
        assert.match(quorumWarning({ ensemble: 1, write: 1, ack: 1 }, 1) ?? "", /^quorum\.ack is 1/);
        assert.match(
            quorumWarning({ ensemble: 3, write: 3, ack: 2 }, 3) ?? "",
            /^quorum\.write equals the number of bookies, 3/,
        );
    });
});
