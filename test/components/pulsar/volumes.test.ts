import assert from "node:assert/strict";

import { subnetOf } from "../../../components/pulsar/node";
import { volumeProblems } from "../../../components/pulsar/volumes";

describe("a Pulsar volume", () => {
    const cases: [string, Parameters<typeof volumeProblems>[1], string[]][] = [
        ["the baseline at any size", { sizeGib: 1 }, []],
        ["all that gp3 offers", { sizeGib: 200, iops: 80000, throughputMibps: 2000 }, []],
        ["500 iops for each GiB", { sizeGib: 10, iops: 5000 }, []],
        ["more", { sizeGib: 10, iops: 5001 }, ["v.iops"]],
        ["a quarter of iops as throughput", { sizeGib: 10, iops: 4000, throughputMibps: 1000 }, []],
        ["more than that", { sizeGib: 10, throughputMibps: 751 }, ["v.throughputMibps"]],
        [
            "numbers out of range",
            { sizeGib: 0, iops: 1, throughputMibps: 1 },
            ["v.sizeGib", "v.iops", "v.throughputMibps"],
        ],
        ["a broken number", { sizeGib: 1.5 }, ["v.sizeGib"]],
    ];
    for (const [what, volume, keys] of cases) {
        it(`${keys.length === 0 ? "takes" : "refuses"} ${what}`, () => {
            assert.deepEqual(
                volumeProblems("v", volume).map(({ key }) => key),
                keys,
            );
        });
    }
});

describe("the subnet of a Pulsar node", () => {
    it("is the one of its zone, and its lack is said", () => {
        assert.equal(subnetOf("b", ["a", "b"], ["s-a", "s-b"]), "s-b");
        assert.throws(
            () => subnetOf("c", ["a", "b"], ["s-a", "s-b"]),
            /no subnet in c: subnetIds has 2 entries/,
        );
        assert.throws(() => subnetOf("b", ["a", "b"], ["s-a"]), /no subnet in b: subnetIds has 1 entries/);
    });
});
