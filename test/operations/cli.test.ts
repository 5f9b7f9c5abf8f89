import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";

const lab = (...args: string[]) =>
    spawnSync(
        process.execPath,
        ["-r", "ts-node/register/transpile-only", path.join(__dirname, "../../operations/cli.ts"), ...args],
        { encoding: "utf8" },
    );

describe("the lab command", function () {
    this.timeout(30_000);

    const misuses: [string[], string][] = [
        [[], "no command"],
        [["destroy-everything"], 'there is no command "destroy-everything"'],
        [["recover"], '"" is not understood'],
        [["recover", "dev"], '"dev" is not understood'],
        [["recover", "--stack", "dev", "--force"], '"--stack dev --force" is not understood'],
    ];
    for (const [args, message] of misuses) {
        it(`refuses ${JSON.stringify(args)} with one error and the usage`, () => {
            const { status, stdout, stderr } = lab(...args);
            assert.equal(status, 2);
            assert.equal(stdout, "");
            assert.ok(
                stderr.startsWith(`lab: ${message}\nUsage:\n  npm run lab -- recover --stack STACK\n`),
                stderr,
            );
        });
    }
});
