import assert from "node:assert/strict";

import fc from "fast-check";

import { isWithin, memberPath, parsePath } from "../../../../sandbox/providers/server/property-path";

describe("property paths", () => {
    it("are taken apart", () => {
        assert.deepEqual(parsePath("tags.Name"), ["tags", "Name"]);
        assert.deepEqual(parsePath('tags["a.b"].c'), ["tags", "a.b", "c"]);
        assert.deepEqual(parsePath("rules[0].port"), ["rules", "0", "port"]);
        assert.deepEqual(parsePath("rules[*]"), ["rules", "*"]);
    });

    it("of members can be read again, whatever the key", () => {
        fc.assert(
            fc.property(fc.string({ minLength: 1 }), (key) => {
                assert.deepEqual(parsePath(memberPath("tags", key)), ["tags", key]);
            }),
        );
    });

    it("lie within others", () => {
        assert.ok(isWithin("tags.Name", ["tags"]));
        assert.ok(isWithin("tags.Name", ['tags["Name"]']));
        assert.ok(isWithin("rules[3].port", ["rules[*].port"]));
        assert.ok(!isWithin("tags", ["tags.Name"]));
        assert.ok(!isWithin("tagsAll.Name", ["tags"]));
    });
});
