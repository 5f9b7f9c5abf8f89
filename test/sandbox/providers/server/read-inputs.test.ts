import assert from "node:assert/strict";

import {
    boolean,
    integer,
    json,
    map,
    objectOf,
    set,
    string,
} from "../../../../sandbox/providers/server/property";
import { inputsFromState } from "../../../../sandbox/providers/server/read-inputs";
import type { AnyResource } from "../../../../sandbox/providers/server/resource";

const spec: AnyResource<unknown> = {
    noun: "Thing",
    properties: {
        name: string({ computed: true }),
        policy: json(),
        members: set(),
        note: string(),
        enabled: boolean({ default: true }),
        window: integer(),
    },
    regional: false,
    create: async () => "id",
    read: async () => ({}),
    tag: async () => {},
    delete: async () => {},
};

describe("the inputs of a resource that was read", () => {
    const olds = {
        policy: '{ "a": 1 }',
        members: ["x", "y"],
        enabled: true,
        window: 7,
        __defaults: ["enabled"],
    };
    const state = { name: "chosen", policy: '{"a":1}', members: ["y", "x"], note: "", enabled: true };

    it("are those of before when it is as it was, in the form that they had", () => {
        assert.deepEqual(inputsFromState(spec, state, olds), olds);
    });

    it("show what has changed of what the program had said, or left to a default", () => {
        const changed = { ...state, policy: '{"a":2}', enabled: false };
        assert.deepEqual(inputsFromState(spec, changed, olds), {
            ...olds,
            policy: '{"a":2}',
            enabled: false,
        });
    });

    it("show what is there now and was not asked for, but not what AWS chooses", () => {
        const changed = { ...state, note: "by hand", tags: { Intruder: "yes" }, name: "another" };
        assert.deepEqual(inputsFromState(spec, changed, olds), {
            ...olds,
            note: "by hand",
            tags: { Intruder: "yes" },
        });
    });

    it("lose what is gone", () => {
        const { policy, enabled, window, __defaults } = olds;
        const rest = { policy, enabled, window, __defaults };
        assert.deepEqual(inputsFromState(spec, { ...state, members: undefined }, olds), rest);
    });

    it("are all that say something when nothing was remembered", () => {
        assert.deepEqual(inputsFromState(spec, { ...state, enabled: false }, {}), {
            name: "chosen",
            policy: '{"a":1}',
            members: ["y", "x"],
            // It is not what it would be by default.
            enabled: false,
        });
    });

    it("are of an object its members that the program gave, and for an import all that say something", () => {
        const members = { size: integer({ computed: true }), zone: string({ computed: true }), tags: map() };
        const disk: AnyResource<unknown> = {
            ...spec,
            properties: { disk: objectOf(members, { computed: true, outputs: ["id"] }) },
        };
        const actual = { disk: { size: 9, zone: "a", tags: {}, id: "d-1" } };
        const old = { disk: { size: 8 }, __defaults: [] };
        assert.deepEqual(inputsFromState(disk, actual, old), { disk: { size: 9 }, __defaults: [] });
        const tagged = { disk: { ...actual.disk, tags: { a: "b" } } };
        const shown = { disk: { size: 9, tags: { a: "b" } }, __defaults: [] };
        assert.deepEqual(inputsFromState(disk, tagged, old), shown);
        assert.deepEqual(inputsFromState(disk, tagged, { __defaults: [] }), { __defaults: [] });
        assert.deepEqual(inputsFromState(disk, actual, {}), { disk: { size: 9, zone: "a" } });
    });
});
