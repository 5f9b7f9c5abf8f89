import assert from "node:assert/strict";

import fc from "fast-check";

import {
    arn,
    between,
    boolean,
    cidr,
    each,
    integer,
    json,
    list,
    map,
    oneOf,
    only,
    sameValue,
    set,
    string,
    text,
    valueProblem,
} from "../../../../sandbox/providers/server/property";

describe("properties", () => {
    it("take values of their kind alone", () => {
        const good: [ReturnType<typeof string>, unknown][] = [
            [string(), "x"],
            [integer(), 3],
            [boolean(), false],
            [list(), []],
            [set(), ["a"]],
            [map(), {}],
            [{ kind: "object" }, { part: { of: 1 } }],
            [json(), '{"a":1}'],
        ];
        for (const [definition, value] of good) assert.equal(valueProblem(definition, "p", value), undefined);
        const bad: [ReturnType<typeof string>, unknown, RegExp][] = [
            [string(), 1, /expected p to be a value of type string, got 1/],
            [integer(), 1.5, /of type integer, got 1.5/],
            [integer(), "443", /of type integer, got "443"/],
            [boolean(), "true", /of type boolean, got "true"/],
            [list(), "a", /of type list/],
            [map(), [], /of type map/],
            [{ kind: "object" }, "text", /of type object, got "text"/],
            [json(), "{", /a valid JSON document, got "{"/],
            [json(), '"text"', /a valid JSON document/],
        ];
        for (const [definition, value, problem] of bad)
            assert.match(valueProblem(definition, "p", value)!, problem);
    });

    it("are the same when they mean the same", () => {
        assert.ok(sameValue(set(), ["a", "b"], ["b", "a"]));
        assert.ok(!sameValue(list(), ["a", "b"], ["b", "a"]));
        assert.ok(sameValue(json(), '{"a":1,"b":2}', '{ "b": 2, "a": 1 }'));
        assert.ok(!sameValue(json(), '{"a":[1,2]}', '{"a":[2,1]}'));
        assert.ok(sameValue(string({ same: () => true }), "a", "b"));
    });

    it("that are absent are the same as empty ones, and no others", () => {
        for (const empty of ["", 0, false, [], {}]) {
            assert.ok(sameValue(string(), undefined, empty));
            assert.ok(sameValue(string(), empty, undefined));
        }
        assert.ok(!sameValue(boolean(), undefined, true));
        assert.ok(!sameValue(integer(), 0, ""));
    });

    it("can have one value only", () => {
        const off = only("boolean", false);
        assert.equal(valueProblem(off, "p", false), undefined);
        assert.match(valueProblem(off, "p", true)!, /implements p only as false; leave it out/);
        assert.match(
            valueProblem(only("set", [], "use the other"), "p", ["x"])!,
            /only as \[\]; use the other/,
        );
    });
});

describe("validators", () => {
    it("tell what they admit", () => {
        assert.equal(oneOf("a", "b")("a", "p"), undefined);
        assert.equal(oneOf("a", "b")("c", "p"), "expected p to be one of [a, b], got c");
        assert.equal(between(1, 3)(3, "p"), undefined);
        assert.equal(between(1, 3)(4, "p"), "expected p to be in the range (1 - 3), got 4");
        assert.equal(text(2)("abc", "p"), "expected length of p to be at most 2, got 3");
        assert.equal(text(9, /^a/, "begins with a")("b", "p"), "invalid value for p (begins with a): b");
        assert.equal(each(oneOf("a"))(["a", "b"], "p"), "expected p[1] to be one of [a], got b");
    });

    it("know ARNs", () => {
        for (const good of [
            "arn:aws:iam::123456789012:role/x",
            "arn:aws:logs:us-east-1:123456789012:log-group:/a/b:*",
            "arn:aws-us-gov:s3:::bucket/key",
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
        ]) {
            assert.equal(arn(good, "p"), undefined, good);
        }
        for (const bad of ["role/x", "arn:aws:iam", "arn:aws:iam::12:role/x"]) assert.ok(arn(bad, "p"), bad);
    });

    it("know networks by their base address", () => {
        const octet = fc.integer({ min: 0, max: 255 });
        fc.assert(
            fc.property(
                fc.tuple(octet, octet, octet, octet),
                fc.integer({ min: 0, max: 32 }),
                (octets, length) => {
                    const given = `${octets.join(".")}/${length}`;
                    const problem = cidr()(given, "p");
                    if (problem === undefined) return;
                    const suggested = /did you mean (.*)\?/.exec(problem)?.[1];
                    assert.ok(suggested?.endsWith(`/${length}`), problem);
                    assert.equal(cidr()(suggested, "p"), undefined);
                },
            ),
        );
        for (const bad of ["", "10.0.0.0", "10.0.0/8", "10.0.0.0/33", "10.0.0.0/8/8", "::/0"]) {
            assert.match(cidr()(bad, "p")!, /is not a valid IPv4 CIDR block/, bad);
        }
        assert.match(cidr(16, 28)("10.0.0.0/29", "p")!, /from \/16 to \/28/);
    });
});
