import assert from "node:assert/strict";

import { subnetOf } from "../../../components/pulsar/node";

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
