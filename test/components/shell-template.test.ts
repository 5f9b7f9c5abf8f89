import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import fc from "fast-check";

import { ShellTemplate, shellWord } from "../../components/shell-template";

describe("a shell template", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "shell-template-"));
    after(() => rmSync(folder, { recursive: true }));
    const template = (...lines: string[]) => {
        const file = path.join(folder, "script.sh");
        writeFileSync(file, lines.join("\n"));
        return new ShellTemplate(file);
    };

    it("takes its values as they are, each place of each, and none that a value brings", () => {
        const script = template("a @ONE@ b @TWO_WORDS@", "@ONE@ @one@ user@ONE me@x@y");
        assert.equal(
            script.render({ ONE: "$& '@TWO_WORDS@'", TWO_WORDS: "" }),
            "a $& '@TWO_WORDS@' b \n$& '@TWO_WORDS@' @one@ user@ONE me@x@y",
        );
    });

    it("has the parts of the values that are given, also of the empty ones, and leaves out the others", () => {
        const script = template(
            "#if A",
            "a",
            "  #if B",
            "  both",
            "  #end",
            "#end",
            "#unless A",
            "not a",
            "#end",
            "#ifs",
        );
        const cases: [Record<string, string | undefined>, string][] = [
            [{ A: "", B: "x" }, "a\n  both\n#ifs"],
            [{ A: "x" }, "a\n#ifs"],
            [{ B: "x" }, "not a\n#ifs"],
            [{ A: undefined }, "not a\n#ifs"],
        ];
        for (const [values, text] of cases) assert.equal(script.render(values), text);
    });

    it("keeps comments, and leaves out notes and directives", () => {
        const script = template(
            "# shown",
            "## a note",
            "  ## a note",
            "# shellcheck disable=SC1",
            "x ## shown",
        );
        assert.equal(script.render({}), "# shown\nx ## shown");
    });

    it("refuses a value that is missing, and a part that has one end only", () => {
        assert.throws(() => template("@A@").render({}), /script\.sh: there is no value for @A@$/);
        assert.equal(template("#if A", "@A@", "#end", "x").render({}), "x");
        assert.throws(() => template("#if A").render({}), /script\.sh: #if or #unless without #end$/);
        assert.throws(() => template("#if A", "#end", "#end").render({}), /#end without a beginning$/);
    });
});

describe("a word of the shell", () => {
    it("is for the shell the text itself", () => {
        const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
        fc.assert(
            fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
                const command = `printf '%s\\0' ${texts.map(shellWord).join(" ")}`;
                const shown = execFileSync("bash", ["-c", command], { encoding: "utf8" });
                assert.deepEqual(shown.split("\0").slice(0, -1), texts);
            }),
            { numRuns: 20 },
        );
    });
});
