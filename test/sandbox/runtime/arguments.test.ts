import assert from "node:assert/strict";
import { parseOptions } from "../../../sandbox/runtime/arguments";

const parse = (...args: string[]) => parseOptions("start", args, { stack: "value", force: "flag" });

describe("command arguments", () => {
    it("reads options in both forms, and flags", () => {
        assert.deepEqual(parse(), {});
        assert.deepEqual(parse("--stack", "lab", "--force"), { stack: "lab", force: "" });
        assert.deepEqual(parse("--stack=lab"), { stack: "lab" });
    });

    const refused: [string[], RegExp][] = [
        [["lab"], /npm start does not know "lab": it takes only --stack <stack>, --force\./],
        [["--stak", "lab"], /does not know "--stak"/],
        [["--stack"], /--stack needs a value/],
        [["--stack="], /--stack needs a value/],
        [["--force=yes"], /does not know "--force=yes"/],
        [["--constructor"], /does not know "--constructor"/],
    ];
    for (const [args, expected] of refused) {
        it(`refuses ${args.join(" ")}`, () => {
            assert.throws(() => parse(...args), expected);
        });
    }

    it("says when a command takes none", () => {
        assert.throws(
            () => parseOptions("check", ["x"], {}),
            /npm check does not know "x": it takes no arguments\./,
        );
    });
});
