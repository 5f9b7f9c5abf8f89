import { z } from "zod";

import { SERVICE_MODES } from "../../stacks/schema/service";
import { stackFields } from "../../stacks/schema/fields";
import { FieldComments } from "./field-comments";
import { type Field, fieldsOf, flat } from "./schema-fields";

/** What the documentation says of a stack's configuration, made from its schema and the comments there. */

/** A field with its comment. */
export interface Documented extends Field {
    readonly meaning: string;
    /** The text of `@default`. */
    readonly defaultText: string | undefined;
}

/** Every field of a stack's configuration. Takes seconds: call it once. */
export function documentedFields(): Documented[] {
    const comments = new FieldComments("stacks/schema/fields.ts", "LabConfig");
    // What chooses one of several objects is named with the fields that come with the choice.
    const fields = flat(fieldsOf(stackFields)).filter(({ schema }) => !(schema instanceof z.ZodLiteral));
    return fields.map((field) => {
        const comment = comments.of(field.path, field.mode);
        return { ...field, meaning: comment?.text ?? "", defaultText: comment?.default };
    });
}

const isTop = ({ path }: Field) => !path.includes(".");
const topOf = ({ path }: Field) => path.split(".")[0] ?? "";

/** The page docs/configuration.md. */
export function configurationPage(fields: readonly Documented[]): string {
    const sections = fields.filter(isTop).map((top) => {
        const inside = fields.filter((field) => !isTop(field) && topOf(field) === top.path);
        if (inside.length === 0) return [`## ${top.path}`, "", table([top])].join("\n");
        const modes = [...new Set(inside.filter((field) => depth(field) === 2).map(({ mode }) => mode))];
        const tables = modes.flatMap((mode) => [
            ...(mode === undefined ? [] : [`\`mode: ${mode}\``, ""]),
            table(inside.filter((field) => modeOf(field, inside) === mode)),
            "",
        ]);
        const off = top.default !== undefined && modes.includes("adopt") ? ` ${SERVICE_TEXT}` : "";
        return [`## ${top.path}`, "", `${top.meaning}${off}`, "", ...tables].join("\n").trimEnd();
    });
    return `${[HEAD, ...sections].join("\n\n")}\n`;
}

const SERVICE_TEXT = `Its \`mode\` is one of ${SERVICE_MODES.map((mode) => `\`${mode}\``).join(", ")}; the default is \`off\`.`;

const HEAD = `# Configuration

Each key of a stack's configuration, under the namespace of the project (\`pulsar-lab:neptune\`); the region is \`aws:region\`. This page is
made from the schemas (\`stacks/schema/\`, \`components/*/schema.ts\`). \`UPDATE_DOCS=1 npm test -- test/stacks/configuration-docs.test.ts\`
writes it again.

Everything is checked before anything is created. One error lists all that is wrong: the key, its value, what is allowed and what to do.`;

const depth = ({ path }: Field) => path.split(".").length;

/** The mode of a field or of the field that it is inside of. */
function modeOf(field: Field, fields: readonly Field[]): string | undefined {
    if (depth(field) === 2) return field.mode;
    const owner = field.path.split(".").slice(0, 2).join(".").replace(/\[\]$/, "");
    return fields.find(({ path }) => path === owner)?.mode;
}

function table(fields: readonly Documented[]): string {
    return [
        "| key | type | allowed | default | what it is |",
        "| --- | --- | --- | --- | --- |",
        ...fields.map((field) =>
            row([
                `\`${shortName(field)}\``,
                field.facts?.type ?? "",
                field.facts?.allowed ?? "",
                field.required ? "required" : (field.defaultText ?? ""),
                field.meaning,
            ]),
        ),
    ].join("\n");
}

const shortName = (field: Field) => {
    const kind = depth(field) > 2 && field.mode !== undefined ? ` (${field.mode})` : "";
    return `${isTop(field) ? field.path : field.path.slice(topOf(field).length + 1)}${kind}`;
};

const row = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

/** The short table of the README. */
export function readmeTable(fields: readonly Documented[]): string {
    return [
        "| key | what it is | fields |",
        "| --- | --- | --- |",
        row(["`aws:region`", "The region of the stack. Required.", ""]),
        ...fields.filter(isTop).map((top) => {
            const names = fieldNames(top, fields).map((name) => `\`${name}\``);
            return row([
                `\`${top.path}\``,
                `${top.meaning}${top.required ? " Required." : ""}`,
                names.join(", "),
            ]);
        }),
    ].join("\n");
}

/** Names of the fields right inside of a key, each once. */
function fieldNames(top: Field, fields: readonly Field[]): string[] {
    const inside = fields.filter((field) => topOf(field) === top.path && depth(field) === 2);
    const names = inside.map(({ path }) => path.slice(top.path.length + 1));
    return [...new Set([...(inside.some(({ mode }) => mode !== undefined) ? ["mode"] : []), ...names])];
}

/** The `config` of Pulumi.yaml: what Pulumi can say of a key. */
export function pulumiConfig(fields: readonly Documented[]): Record<string, object> {
    return Object.fromEntries(
        fields.filter(isTop).map((top) => {
            const names = fieldNames(top, fields);
            return [
                top.path,
                {
                    type: typeOf(top, names.length > 0),
                    description: [
                        top.meaning.replaceAll("`", ""),
                        ...(names.length > 0 ? [`Fields: ${names.join(", ")}`] : []),
                    ].join(" "),
                    ...(top.required ? {} : { default: top.schema.parse(top.default) }),
                },
            ];
        }),
    );
}

function typeOf({ default: preset }: Field, hasFields: boolean): string {
    if (hasFields || typeof preset === "object") return "object";
    return typeof preset === "boolean" ? "boolean" : "string";
}
