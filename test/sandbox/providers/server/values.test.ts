import assert from "node:assert/strict";

import fc from "fast-check";

import {
    fromStruct,
    hasUnknowns,
    isZero,
    ownProperties,
    sameMembers,
    toStruct,
    UNKNOWN,
    unwrapSecrets,
} from "../../../../sandbox/providers/server/values";

describe("property values", () => {
    it("are unknown when a part of them is", () => {
        for (const value of [UNKNOWN, [1, UNKNOWN], { a: { b: [UNKNOWN] } }]) assert.ok(hasUnknowns(value));
        for (const value of [undefined, null, "", [], { a: 1 }]) assert.ok(!hasUnknowns(value));
    });

    it("say nothing when they are empty", () => {
        for (const value of [undefined, null, false, 0, "", [], {}]) assert.ok(isZero(value));
        for (const value of [true, 1, "x", [0], { a: undefined }]) assert.ok(!isZero(value));
    });

    it("travel unchanged, but for what is undefined", () => {
        fc.assert(
            fc.property(fc.json(), (text) => {
                const value = JSON.parse(text) as unknown;
                assert.deepEqual(fromStruct(toStruct({ value })), { value });
            }),
        );
        assert.deepEqual(fromStruct(toStruct({ a: undefined, b: { c: undefined } })), { b: {} });
        assert.deepEqual(fromStruct(undefined), {});
    });

    it("have members in no order where they are sets", () => {
        const lists = fc
            .uniqueArray(fc.string())
            .chain((list) =>
                fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
            );
        fc.assert(fc.property(lists, ([a, b]) => sameMembers(a, b)));
        assert.ok(!sameMembers(["a"], ["a", "a"]));
        assert.ok(!sameMembers(["a"], UNKNOWN));
    });

    it("lose what is no property", () => {
        assert.deepEqual(ownProperties({ a: 1, b: null, c: undefined, __defaults: [] }), { a: 1 });
    });

    it("come out of the wrapping of secrets", () => {
        const wrapped = {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            value: ["s3cret"],
        };
        assert.deepEqual(unwrapSecrets({ key: wrapped, list: [wrapped], plain: 1 }), {
            key: ["s3cret"],
            list: [["s3cret"]],
            plain: 1,
        });
    });
});
