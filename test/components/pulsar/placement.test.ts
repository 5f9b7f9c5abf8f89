import fc from "fast-check";
import assert from "node:assert/strict";

import { placeInstances, placementProblems } from "../../../components/pulsar/placement";

const ZONES = ["a", "b", "c", "d", "e"];
const zones = fc.integer({ min: 1, max: 5 }).map((count) => ZONES.slice(0, count));
const counts = fc.integer({ min: 0, max: 12 });

describe("placement of Pulsar instances", () => {
    it("is as even as it can be", () => {
        fc.assert(
            fc.property(counts, zones, (count, available) => {
                const placed = placeInstances(count, available);
                const tally = available.map((zone) => placed.filter((one) => one === zone).length);
                assert.equal(placed.length, count);
                assert.ok(Math.max(...tally) - Math.min(...tally) <= 1);
            }),
        );
    });

    it("moves nothing when an instance is added", () => {
        fc.assert(
            fc.property(counts, zones, (count, available) => {
                assert.deepEqual(
                    placeInstances(count + 1, available).slice(0, count),
                    placeInstances(count, available),
                );
            }),
        );
    });

    it("moves nothing that is named when zones are appended, and sends what is added to the emptiest", () => {
        fc.assert(
            fc.property(counts, zones, (count, available) => {
                const before = placeInstances(count, available);
                const after = placeInstances(count + 1, [...available, "new"], before);
                assert.deepEqual(after.slice(0, count), before);
                if (count > 0 && count >= available.length) assert.equal(after[count], "new");
            }),
        );
    });

    it("moves nothing at all while there are no more instances than zones", () => {
        fc.assert(
            fc.property(zones, (available) => {
                assert.deepEqual(placeInstances(available.length, [...available, "new"]), available);
            }),
        );
    });

    it("refuses a zone that the cluster does not have", () => {
        assert.deepEqual(placementProblems("broker.placement", ["a", "x"], ["a", "b"]), [
            { key: "broker.placement[1]", value: "x", allowed: "one of the availabilityZones a, b" },
        ]);
        assert.deepEqual(placementProblems("broker.placement", undefined, ["a"]), []);
    });
});
