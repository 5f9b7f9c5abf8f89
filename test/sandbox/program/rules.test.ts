import assert from "node:assert/strict";

import { UNKNOWN } from "../../../sandbox/providers/server/values";
import { judge, RULES, type Verdict } from "./rules";
import { type Fixture, FIXTURES } from "./rules/fixtures";
import type { PlannedResource, StackFacts } from "./rules/resource";
import { canBeEncrypted } from "./rules/stores";
import { isTaggable } from "./rules/tags";

const FACTS: StackFacts = { project: "pulsar-lab", stack: "lab", owner: "data-platform", protectsData: true };

const resource = ({ type, right }: Fixture): PlannedResource => ({
    urn: `urn:pulumi:lab::pulsar-lab::${type}::it`,
    type,
    inputs: {},
    ...right,
});

/** A copy with one value changed; `undefined` leaves it out. */
function changed(value: unknown, [key = "", ...rest]: readonly string[], to: unknown): unknown {
    const { [key]: old, ...others } = (value ?? {}) as Record<string, unknown>;
    const replacement = rest.length === 0 ? to : changed(old, rest, to);
    return replacement === undefined ? others : { ...others, [key]: replacement };
}

const verdicts = (fixture: Fixture, path?: string, value?: unknown): Verdict[] => {
    const right = resource(fixture);
    const judged = path === undefined ? right : (changed(right, path.split("."), value) as PlannedResource);
    return judge([judged], FACTS).filter(({ rule }) => rule === fixture.rule);
};

describe("the rules for what a stack holds", () => {
    for (const { name } of RULES) {
        const fixtures = FIXTURES.filter(({ rule }) => rule === name);
        describe(name, () => {
            it("has something that breaks it", () => {
                assert.ok(fixtures.some(({ wrong }) => wrong.length > 0));
            });
            for (const fixture of fixtures) {
                it(`is held to by a right ${fixture.type}`, () => {
                    const { concerns } = RULES.find((rule) => rule.name === name) ?? {};
                    assert.ok(concerns?.(fixture.type), "the rule does not look at it");
                    assert.deepEqual(verdicts(fixture), []);
                });
                for (const [path, value] of fixture.wrong) {
                    it(`is broken by ${path}: ${JSON.stringify(value) ?? "nothing"}`, () => {
                        const found = verdicts(fixture, path, value);
                        assert.notDeepEqual(found, []);
                        assert.deepEqual(new Set(found.map(({ kind }) => kind)), new Set(["violation"]));
                    });
                }
                for (const path of fixture.unknown ?? []) {
                    it(`takes an unknown ${path} for no pass`, () => {
                        const found = verdicts(fixture, path, UNKNOWN);
                        assert.notDeepEqual(found, []);
                        assert.deepEqual(new Set(found.map(({ kind }) => kind)), new Set(["unknown"]));
                    });
                }
            }
        });
    }

    it("name each rule once, and every fixture has its rule", () => {
        const names = RULES.map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        assert.deepEqual(
            FIXTURES.filter(({ rule }) => !names.includes(rule)),
            [],
        );
    });

    it("ask less of a stack whose data may go", () => {
        const facts = { ...FACTS, protectsData: false };
        const volume = { urn: "u", type: "aws:ebs/volume:Volume", inputs: {} };
        const protection = (protect: boolean) =>
            judge([{ ...volume, protect }], facts).filter(({ property }) => property === "protect");
        assert.deepEqual(protection(false), []);
        assert.equal(protection(true).length, 1, "nobody could destroy such a stack");
        const logs = { ...volume, type: "aws:cloudwatch/logGroup:LogGroup", inputs: { retentionInDays: 30 } };
        assert.deepEqual(
            judge([logs], facts).filter(({ property }) => property === "retentionInDays"),
            [],
        );
    });

    it("know from the SDK what carries tags and what takes a key", () => {
        assert.deepEqual(
            ["aws:ec2/securityGroup:SecurityGroup", "aws:kms/alias:Alias", "aws:none/none:None"].map(
                isTaggable,
            ),
            [true, false, false],
        );
        assert.ok(canBeEncrypted("aws:efs/fileSystem:FileSystem"), "a store that no rule knows yet");
        const store = { urn: "u", type: "aws:efs/fileSystem:FileSystem", inputs: {} };
        assert.ok(
            judge([store], FACTS).some(({ text }) => text.includes("say where in ENCRYPTION")),
            "is not passed over",
        );
    });

    it("take a secret for no pass", () => {
        const secret = {
            "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
            ciphertext: "x",
        };
        const policy = { urn: "u", type: "aws:iam/rolePolicy:RolePolicy", inputs: { policy: secret } };
        assert.deepEqual(
            judge([policy], FACTS).map(({ kind }) => kind),
            ["unknown"],
        );
    });
});
