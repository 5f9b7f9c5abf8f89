import assert from "node:assert/strict";

import fc from "fast-check";

import {
    isHealthy,
    type MatrixEntry,
    packMatrix,
    renderMatrix,
    unpackMatrix,
    type Verdict,
} from "../../checks/matrix";

const entry = (from: string, to: string, expected: Verdict, verdict: Verdict, via = ""): MatrixEntry => ({
    from,
    to,
    expected,
    verdict,
    via,
});

describe("matrix", () => {
    it("shows without colour what is reached and whether that is intended", () => {
        const text = renderMatrix([
            entry("private us-east-1a", "internet", "REACHABLE", "REACHABLE", "nat-1"),
            entry("private us-east-1a", "s3", "REACHABLE", "UNREACHABLE"),
            entry("private us-east-1a", "ssm", "REACHABLE", "UNKNOWN"),
            entry("isolated us-east-1a", "internet", "UNREACHABLE", "UNREACHABLE"),
            entry("isolated us-east-1a", "s3", "UNREACHABLE", "REACHABLE", "vpce-1"),
        ]);
        assert.equal(
            text,
            [
                "from \\ to            internet   s3              ssm",
                "-------------------  ---------  --------------  ----------",
                "private us-east-1a   reachable  !! UNREACHABLE  ?? UNKNOWN",
                "isolated us-east-1a  closed     !! OPEN         -",
                "",
                "reachable: reachable, as intended",
                "closed: unreachable, as intended",
                "!! UNREACHABLE: unreachable, but meant to be reachable",
                "!! OPEN: reachable, but not meant to be",
                "?? UNKNOWN: not known: something could not be read",
            ].join("\n"),
        );
        assert.equal(renderMatrix([]), "No connection was checked.");
    });

    it("is healthy when every verdict is the intended one; unknown is not", () => {
        assert.ok(
            isHealthy([
                entry("a", "b", "REACHABLE", "REACHABLE"),
                entry("a", "c", "UNREACHABLE", "UNREACHABLE"),
            ]),
        );
        for (const verdict of ["UNREACHABLE", "UNKNOWN"] as const)
            assert.ok(!isHealthy([entry("a", "b", "REACHABLE", verdict)]));
        assert.ok(!isHealthy([entry("a", "b", "UNREACHABLE", "REACHABLE")]));
    });

    it("is the same after packing", () => {
        const verdict = fc.constantFrom<Verdict>("REACHABLE", "UNREACHABLE", "UNKNOWN");
        const entries = fc.uniqueArray(
            fc.record({
                from: fc.constantFrom("private us-east-1a", "public us-east-1a", "isolated us-east-1b"),
                to: fc.constantFrom("internet", "s3", "ssm"),
                expected: verdict,
                verdict,
                via: fc.constantFrom("", "nat-1", "igw-1", "vpce-1"),
            }),
            { selector: (one) => `${one.from} ${one.to}` },
        );
        const sorted = (all: MatrixEntry[]) =>
            all.map((one) => JSON.stringify([one.from, one.to, one.expected, one.verdict, one.via])).sort();
        fc.assert(
            fc.property(entries, (all) =>
                assert.deepEqual(sorted(unpackMatrix(packMatrix(all))), sorted(all)),
            ),
        );
    });

    it("refuses a packed cell that it did not write", () => {
        assert.throws(
            () => unpackMatrix({ to: ["s3"], via: [""], rows: [["a", "RX0"]] }),
            /"X" is not a verdict/,
        );
    });
});
