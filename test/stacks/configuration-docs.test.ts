import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { parseDocument, visit } from "yaml";

import {
    configurationPage,
    type Documented,
    documentedFields,
    pulumiConfig,
    readmeTable,
} from "../support/configuration-docs";

const ROOT = path.join(__dirname, "../..");
const MARKS = ["<!-- configuration -->", "<!-- /configuration -->"] as const;

/** Holds a file to the text that the schemas give; UPDATE_DOCS=1 writes it. */
async function holds(name: string, make: (current: string) => string): Promise<void> {
    const file = path.join(ROOT, name);
    const current = readFileSync(file, "utf8");
    const config = await prettier.resolveConfig(file);
    const made = await prettier.format(make(current), { ...config, filepath: file });
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, made);
    else
        assert.equal(
            current,
            made,
            `${name} is not what the schemas say; UPDATE_DOCS=1 npm test -- test/stacks/configuration-docs.test.ts writes it`,
        );
}

/** Whether the comment of a field begins with its default; the roles of Pulsar share comments, which name the default of each. */
function says({ path: key, defaultText = "" }: Documented, value: string): boolean {
    const words = defaultText.split(/[ ,:;]+/);
    return /^pulsar\.(zookeeper|bookkeeper|broker|client|proxy)\./.test(key)
        ? words.includes(value.replaceAll('"', ""))
        : defaultText === value || [", ", ": ", " "].some((end) => defaultText.startsWith(value + end));
}

describe("the documentation of the configuration", function () {
    this.timeout(120_000);
    let fields: Documented[];
    before(() => {
        fields = documentedFields();
    });

    it("says of each field what it is", () => {
        assert.deepEqual(
            fields.filter(({ meaning }) => meaning === "").map(({ path: key }) => key),
            [],
        );
    });

    it("has the defaults of the schemas, and says what happens without the other fields", () => {
        for (const field of fields) {
            const { path: key, required, default: preset, defaultText } = field;
            if (required) assert.equal(defaultText, undefined, `${key} has no default: it is required`);
            else if (preset === undefined) assert.ok(defaultText, `${key} has no @default`);
            else if (field.fields.length === 0)
                assert.ok(
                    says(field, JSON.stringify(preset)) ||
                        (Array.isArray(preset) && preset.length > 0 && says(field, preset.join(", "))),
                    `the default of ${key} is ${JSON.stringify(preset)}; its comment says ${defaultText}`,
                );
        }
    });

    it("is docs/configuration.md", () => holds("docs/configuration.md", () => configurationPage(fields)));

    it("is, in short, the README's table", () =>
        holds("README.md", (current) => {
            const [before, rest] = current.split(MARKS[0]);
            const after = rest?.split(MARKS[1])[1];
            assert.ok(after, `README.md lacks the marks ${MARKS.join(" and ")}`);
            return `${before}${MARKS[0]}\n\n${readmeTable(fields)}\n\n${MARKS[1]}${after}`;
        }));

    it("is, as far as Pulumi can say it, in Pulumi.yaml", () =>
        holds("Pulumi.yaml", (current) => {
            const document = parseDocument(current);
            document.set("config", document.createNode(pulumiConfig(fields)));
            // A YAML reader of version 1.1 takes a bare `off` for `false`.
            visit(document, {
                Scalar: (_, node) => void (node.value === "off" && (node.type = "QUOTE_DOUBLE")),
            });
            return document.toString({ lineWidth: 0 });
        }));
});
