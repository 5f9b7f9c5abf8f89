import { z } from "zod";

import { type FieldFacts, fieldFacts, plainSchemas } from "../../components/schema/fields";

/** One field of a schema, as its documentation and its tests see it. */
export interface Field {
    /** "neptune.bulkLoad.sources[].prefix" */
    readonly path: string;
    /** The modes in which there is the field, where its object has a mode. */
    readonly mode: string | undefined;
    /** The schema without default and `optional`. */
    readonly schema: z.ZodType;
    readonly facts: FieldFacts | undefined;
    readonly required: boolean;
    /** The default that the schema fills in. */
    readonly default: unknown;
    /** The fields inside of it, if it is an object or a list of objects. */
    readonly fields: readonly Field[];
}

/** All fields of an object, in their order. */
export function fieldsOf(shape: z.ZodRawShape, prefix = "", mode?: string): Field[] {
    return Object.entries(shape)
        .filter(([key]) => !(mode !== undefined && key === "mode"))
        .map(([key, schema]) => fieldOf(schema as z.ZodType, `${prefix}${key}`, mode));
}

/** A list of fields with those inside of them. */
export function flat(fields: readonly Field[]): Field[] {
    return fields.flatMap((field) => [field, ...flat(field.fields)]);
}

function fieldOf(given: z.ZodType, path: string, mode: string | undefined): Field {
    let schema: z.ZodType = given;
    let facts = fieldFacts.get(schema);
    let required = true;
    let preset: unknown;
    for (;;) {
        if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
            required = false;
            preset = schema.def.defaultValue;
        } else if (schema instanceof z.ZodOptional) required = false;
        else if (schema instanceof z.ZodPipe) {
            schema = schema.out as z.ZodType;
            continue;
        } else break;
        schema = schema.unwrap() as z.ZodType;
        facts ??= fieldFacts.get(schema);
    }
    return {
        path,
        mode,
        schema,
        facts: fieldFacts.get(plainOf(schema)) ?? facts,
        required,
        default: preset,
        fields: inside(schema, path),
    };
}

const plainOf = (schema: z.ZodType) => plainSchemas.get(schema) ?? schema;

function inside(given: z.ZodType, path: string): Field[] {
    const schema = plainOf(given);
    if (schema instanceof z.ZodReadonly) return inside(schema.unwrap() as z.ZodType, path);
    if (schema instanceof z.ZodObject) return fieldsOf(schema.shape, `${path}.`);
    if (schema instanceof z.ZodArray) return inside(schema.element as z.ZodType, `${path}[]`);
    if (schema instanceof z.ZodDiscriminatedUnion) {
        const discriminator = schema.def.discriminator;
        return (schema.options as z.ZodObject[]).flatMap((option) => {
            const literal = option.shape[discriminator] as z.ZodLiteral<string>;
            return fieldsOf(option.shape, `${path}.`, literal.value);
        });
    }
    return [];
}
