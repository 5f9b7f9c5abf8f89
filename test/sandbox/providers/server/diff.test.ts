import assert from "node:assert/strict";

import { changedInputs, diffResource, type DiffRequest } from "../../../../sandbox/providers/server/diff";
import {
    boolean,
    integer,
    json,
    map,
    objectOf,
    set,
    string,
} from "../../../../sandbox/providers/server/property";
import type { AnyResource } from "../../../../sandbox/providers/server/resource";
import { UNKNOWN, type PropertyMap } from "../../../../sandbox/providers/server/values";

const spec: AnyResource<unknown> = {
    noun: "Thing",
    properties: {
        size: integer({ default: 1 }),
        zone: string({ computed: true, forceNew: true }),
        policy: json(),
        members: set(),
        note: string(),
        tier: string(),
        secret: boolean(),
    },
    replaces: (changed, olds) => (changed.has("tier") && olds.tier === "gold" ? ["tier"] : []),
    create: async () => "id",
    read: async () => ({}),
    tag: async () => {},
    delete: async () => {},
};

const OLD_INPUTS = { size: 1, policy: '{"a":1}', members: ["x", "y"], tags: { Name: "n" } };
const OLD_STATE = { ...OLD_INPUTS, zone: "a", region: "r", note: "", tagsAll: { Name: "n", Project: "p" } };

function diff(news: PropertyMap, more: Partial<DiffRequest> = {}) {
    return diffResource(spec, {
        oldInputs: OLD_INPUTS,
        oldState: OLD_STATE,
        news,
        ignoreChanges: [],
        region: "r",
        tagSettings: { defaults: { Project: "p" }, ignoredKeys: [], ignoredPrefixes: [] },
        ...more,
    });
}

/** Path to kind, with an exclamation mark for replacements. */
function paths(news: PropertyMap, more: Partial<DiffRequest> = {}): Record<string, string> {
    const { differences } = diff(news, more);
    return Object.fromEntries(
        differences.map(({ path, kind, replace }) => [path, replace ? `${kind}!` : kind]),
    );
}

describe("a diff", () => {
    it("is empty for the same inputs, and for equivalent ones", () => {
        assert.deepEqual(paths(OLD_INPUTS), {});
        assert.deepEqual(
            paths({ ...OLD_INPUTS, policy: '{ "a": 1 }', members: ["y", "x"], note: "", secret: false }),
            {},
        );
        assert.deepEqual(paths({ ...OLD_INPUTS, __defaults: ["size"], zone: null }), {});
    });

    it("says what is added, taken out and changed", () => {
        const news = { ...OLD_INPUTS, members: undefined, size: 2, note: "x", tags: { Owner: "o" } };
        assert.deepEqual(paths(news), {
            size: "update",
            note: "add",
            members: "delete",
            "tags.Name": "delete",
            "tags.Owner": "add",
        });
        assert.deepEqual(diff(news).changed.sort(), ["members", "note", "size", "tags"]);
    });

    it("knows keys that every object seems to have", () => {
        assert.deepEqual(paths({ ...OLD_INPUTS, tags: { Name: "n", constructor: "me" } }), {
            "tags.constructor": "add",
        });
    });

    it("does not count it when AWS's own choice is now asked for, or is asked for no more", () => {
        assert.deepEqual(paths({ ...OLD_INPUTS, zone: "a" }), {});
        assert.deepEqual(paths(OLD_INPUTS, { oldInputs: { ...OLD_INPUTS, zone: "a" } }), {});
        assert.deepEqual(paths({ ...OLD_INPUTS, zone: "b" }), { zone: "update!" });
    });

    it("counts an unknown value as a change, and as a replacement where a change is one", () => {
        const news = { ...OLD_INPUTS, zone: UNKNOWN, members: ["x", UNKNOWN], tags: UNKNOWN };
        assert.deepEqual(paths(news), { zone: "update!", members: "update", tags: "update" });
        assert.deepEqual(diff(news).replaces, ["zone"]);
        assert.deepEqual(paths({ ...OLD_INPUTS, tags: { Name: UNKNOWN } }), { "tags.Name": "update" });
    });

    it("replaces by what a value was, where the type says so", () => {
        const from = (tier: string) => ({ oldInputs: { ...OLD_INPUTS, tier } });
        assert.deepEqual(paths({ ...OLD_INPUTS, tier: "lead" }, from("gold")), { tier: "update!" });
        assert.deepEqual(paths({ ...OLD_INPUTS, tier: "gold" }, from("lead")), { tier: "update" });
    });

    it("leaves out what is to be ignored", () => {
        const news = { ...OLD_INPUTS, size: 2, zone: "b", tags: { Name: "m", Owner: "o" } };
        assert.deepEqual(paths(news, { ignoreChanges: ["zone", "tags.Name"] }), {
            size: "update",
            "tags.Owner": "add",
        });
        assert.deepEqual(diff(news, { ignoreChanges: ["zone"] }).replaces, []);
        assert.deepEqual(paths(news, { ignoreChanges: ["size", "zone", "tags[*]"] }), {});
    });

    it("follows the provider's region and default tags", () => {
        assert.deepEqual(paths(OLD_INPUTS, { region: "other" }), { region: "update!" });
        assert.deepEqual(paths(OLD_INPUTS, { region: "other", ignoreChanges: ["region"] }), {});
        const tagSettings = { defaults: { Stage: "s" }, ignoredKeys: [], ignoredPrefixes: [] };
        assert.deepEqual(paths(OLD_INPUTS, { tagSettings }), {
            "tagsAll.Project": "delete",
            "tagsAll.Stage": "add",
        });
        assert.deepEqual(paths(OLD_INPUTS, { tagSettings, ignoreChanges: ["tagsAll"] }), {});
    });

    it("deletes first only for a replacement, where the type asks for it", () => {
        const first = { ...spec, deleteBeforeReplace: true };
        const request = {
            oldInputs: OLD_INPUTS,
            oldState: OLD_STATE,
            ignoreChanges: [],
            region: "r",
            tagSettings: { defaults: { Project: "p" }, ignoredKeys: [], ignoredPrefixes: [] },
        };
        const asked = (news: PropertyMap) => diffResource(first, { ...request, news }).deleteBeforeReplace;
        assert.equal(asked({ ...OLD_INPUTS, zone: "b" }), true);
        assert.equal(asked({ ...OLD_INPUTS, size: 2 }), false);
    });
});

describe("the inputs that an update changes", () => {
    it("are those that differ from the state", () => {
        assert.deepEqual(changedInputs(spec, OLD_STATE, OLD_INPUTS), new Set());
        const news = { ...OLD_INPUTS, size: 2, tags: {} };
        assert.deepEqual(changedInputs(spec, OLD_STATE, news), new Set(["size", "tags"]));
    });
});

describe("a diff of an object", () => {
    const disk: AnyResource<unknown> = {
        ...spec,
        properties: {
            disk: objectOf(
                {
                    encrypted: boolean({ computed: true, forceNew: true }),
                    size: integer({ computed: true }),
                    tags: map(),
                },
                { computed: true, outputs: ["id"] },
            ),
        },
    };
    const remembered = { size: 8, tags: { a: "b" } };
    const differences = (disk_: unknown, old: PropertyMap = { disk: remembered }) => {
        const { differences: found, replaces } = diffResource(disk, {
            oldInputs: old,
            oldState: { disk: { ...remembered, encrypted: false, id: "d-1" }, region: "r" },
            news: { disk: disk_ },
            ignoreChanges: [],
            region: "r",
            tagSettings: { defaults: {}, ignoredKeys: [], ignoredPrefixes: [] },
        });
        const paths_ = found.map(({ path, kind, replace }) => `${path} ${kind}${replace ? "!" : ""}`);
        return { paths: paths_, replaces };
    };

    it("is of its members, and leaves out what AWS chooses", () => {
        assert.deepEqual(differences(remembered).paths, []);
        assert.deepEqual(differences({ tags: { a: "b" } }).paths, []);
        assert.deepEqual(differences(undefined).paths, []);
        assert.deepEqual(differences({ size: 9 }).paths, ["disk.size update", "disk.tags.a delete"]);
        assert.deepEqual(differences({ ...remembered, size: UNKNOWN }).paths, ["disk.size update"]);
        assert.deepEqual(differences(UNKNOWN).paths, ["disk update"]);
    });

    it("replaces for the members that force it, and says it of them alone", () => {
        assert.deepEqual(differences({ ...remembered, encrypted: false }), { paths: [], replaces: [] });
        assert.deepEqual(differences({ ...remembered, size: 9, encrypted: true }), {
            paths: ["disk.encrypted update!", "disk.size update"],
            replaces: ["disk"],
        });
    });

    it("of an update counts every member that the program gives", () => {
        const state = { disk: { encrypted: false, size: 8, tags: {}, id: "d-1" } };
        assert.deepEqual([...changedInputs(disk, state, { disk: { size: 8 } })], []);
        assert.deepEqual([...changedInputs(disk, state, { disk: { size: 9 } })], ["disk"]);
    });
});
