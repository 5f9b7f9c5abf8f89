import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";

import { testFiles } from "../../../sandbox/commands/tools";
import { REPOSITORY } from "../../../sandbox/runtime/plugins";

describe("npm test", () => {
    it("runs every file of tests once, and begins with the longest", () => {
        const files = testFiles();
        const args = ["ls-files", "--cached", "--others", "--exclude-standard", "test/*.test.ts"];
        const tracked = execFileSync("git", args, { cwd: REPOSITORY, encoding: "utf8" }).trim().split("\n");
        assert.deepEqual([...files].sort(), [...new Set(tracked)].sort());
        assert.match(files[0] ?? "", /^test\/sandbox\/program\//);
    });
});
