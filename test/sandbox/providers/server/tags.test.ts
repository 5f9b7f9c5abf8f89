import assert from "node:assert/strict";

import fc from "fast-check";

import {
    splitTags,
    tagChange,
    wantedTags,
    type TagSettings,
} from "../../../../sandbox/providers/server/tags";
import { UNKNOWN } from "../../../../sandbox/providers/server/values";

const NONE: TagSettings = { defaults: {}, ignoredKeys: [], ignoredPrefixes: [] };
const key = fc.string({ minLength: 1 }).filter((text) => !text.startsWith("aws:") && text !== "__proto__");
const tags = fc.dictionary(key, fc.string(), { noNullPrototype: true });

describe("tags", () => {
    it("of a resource go over the defaults", () => {
        const settings = { ...NONE, defaults: { Owner: "nobody", Project: "lab" } };
        assert.deepEqual(wantedTags(settings, { Owner: "me" }), { Owner: "me", Project: "lab" });
        assert.deepEqual(wantedTags(settings, undefined), settings.defaults);
        assert.equal(wantedTags(settings, UNKNOWN), UNKNOWN);
    });

    it("come back as they were given, whatever the defaults", () => {
        fc.assert(
            fc.property(tags, tags, (defaults, own) => {
                const settings = { ...NONE, defaults };
                const all = wantedTags(settings, own) as Record<string, string>;
                assert.deepEqual({ ...splitTags(settings, all, own) }, { tags: own, tagsAll: all });
            }),
        );
    });

    it("that were not given and are not there stay out", () => {
        assert.deepEqual(splitTags(NONE, {}, undefined), { tags: undefined, tagsAll: {} });
        assert.deepEqual(splitTags(NONE, {}, {}), { tags: {}, tagsAll: {} });
    });

    it("that others own are not seen", () => {
        const settings = { ...NONE, ignoredKeys: ["Cost"], ignoredPrefixes: ["team:"] };
        const actual = { Cost: "1", "team:x": "y", "aws:cloudformation:stack": "s", Name: "n" };
        assert.deepEqual(splitTags(settings, actual, undefined), {
            tags: { Name: "n" },
            tagsAll: { Name: "n" },
        });
    });

    it("become the wanted ones by a change, which touches no more than it must", () => {
        fc.assert(
            fc.property(tags, tags, (from, to) => {
                const { put, remove } = tagChange(from, to);
                const result = { ...from, ...put };
                for (const gone of remove) delete result[gone];
                assert.deepEqual(result, to);
                for (const [name, value] of Object.entries(put)) assert.notEqual(from[name], value);
            }),
        );
    });
});
