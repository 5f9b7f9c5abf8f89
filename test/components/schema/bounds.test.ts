import assert from "node:assert/strict";
import { z } from "zod";

import { problemsOf } from "../../../components/schema/problems";
import { stackFields } from "../../../stacks/schema/fields";
import { type Field, fieldsOf, flat } from "../../support/schema-fields";

/** Values of no type that a field could have. */
const STRANGE: readonly unknown[] = [null, Symbol("strange")];

/** A list of as many elements, none of them twice. */
const listOf = (length: number) => Array.from({ length }, (_, index) => `element ${index}`);

/** The texts of the problems of the value itself, and not of what is inside of it. */
const refusals = ({ schema }: Field, value: unknown) =>
    problemsOf(schema, value)
        .filter(({ key }) => key === "")
        .map(({ allowed }) => allowed);

/** Every field of every schema, once. */
const FIELDS = flat(fieldsOf(stackFields));
const named = (field: Field) => `${field.path}${field.mode === undefined ? "" : ` (${field.mode})`}`;

describe("the bounds of the fields", () => {
    for (const field of FIELDS) {
        const { bounds, numbers, length } = field.facts ?? {};
        if (bounds !== undefined)
            it(`${named(field)}: ${bounds.least} to ${bounds.most}, on both sides of each bound`, () => {
                const { least, most, step } = bounds;
                for (const value of [least, least + step, most - step, most])
                    assert.deepEqual(refusals(field, value), [], `${value} is refused`);
                for (const value of [least - step, most + step, least + step / 2, NaN, Infinity])
                    assert.equal(refusals(field, value).length, 1, `${value} is accepted`);
            });
        if (numbers !== undefined)
            it(`${named(field)}: its numbers and none beside them`, () => {
                for (const number of numbers) {
                    assert.deepEqual(refusals(field, number), []);
                    for (const beside of [number - 1, number + 1, number + 0.5])
                        assert.equal(refusals(field, beside).length, numbers.includes(beside) ? 0 : 1);
                }
            });
        if (length !== undefined && (length.least > 0 || length.most < Infinity))
            it(`${named(field)}: ${length.least} to ${length.most} elements`, () => {
                const { least, most } = length;
                assert.deepEqual(refusals(field, listOf(least)), []);
                if (least > 0) assert.equal(refusals(field, listOf(least - 1)).length, 1);
                if (most === Infinity) return;
                assert.deepEqual(refusals(field, listOf(most)), []);
                assert.equal(refusals(field, listOf(most + 1)).length, 1);
            });
        if (field.schema instanceof z.ZodEnum)
            it(`${named(field)}: its texts and no other`, () => {
                const { options } = field.schema as z.ZodEnum;
                for (const option of options) assert.deepEqual(refusals(field, option), []);
                assert.equal(refusals(field, `${options[0]}x`).length, 1);
            });
        // What is no choice is refused by the object that offers it.
        if (field.schema instanceof z.ZodLiteral) continue;
        it(`${named(field)}: a value of another type is refused in the field's own words`, () => {
            for (const value of STRANGE) {
                const texts = refusals(field, value);
                assert.equal(texts.length, 1);
                assert.doesNotMatch(texts[0] ?? "", /^Invalid|expected/, "a text of zod");
            }
        });
    }

    it("are facts of every field", () => {
        const kinds = [z.ZodDiscriminatedUnion, z.ZodLiteral];
        assert.deepEqual(
            FIELDS.filter(({ facts, schema }) => !facts && !kinds.some((kind) => schema instanceof kind)).map(
                named,
            ),
            [],
        );
    });

    it("admit the defaults", () => {
        for (const field of FIELDS)
            if (field.default !== undefined)
                assert.deepEqual(problemsOf(field.schema, field.default), [], named(field));
    });
});
