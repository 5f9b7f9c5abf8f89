import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { runCommand } from "../../../sandbox/system/command";
import { TYPESCRIPT } from "../../../sandbox/runtime/plugins";

const MODULE = require.resolve("../../../sandbox/system/command");

/** A process that passes a command through and ends with its exit code; without a terminal of its own. */
function passing(command: string, ...args: string[]) {
    const code = `require(${JSON.stringify(MODULE)}).passThrough(${JSON.stringify(command)}, ${JSON.stringify(args)})
        .then((code) => { process.exitCode = code; });`;
    return spawn(process.execPath, [...TYPESCRIPT, "-e", code], {
        detached: true,
        stdio: ["pipe", "pipe", "inherit"],
    });
}

describe("command", () => {
    it("passes stdin, stdout and the exit code through", async () => {
        const child = passing("sh", "-c", "cat; exit 7");
        child.stdin?.end("hello");
        const [chunk] = (await once(child.stdout ?? child, "data")) as [Buffer];
        assert.equal(chunk.toString(), "hello");
        assert.deepEqual(await once(child, "close"), [7, null]);
    });

    for (const [signal, code] of [
        ["SIGINT", 130],
        ["SIGTERM", 143],
    ] as const) {
        it(`passes ${signal} on, once, and waits for the command to end by itself`, async () => {
            const child = passing(
                "sh",
                "-c",
                `trap 'echo got; sleep 0.3; exit ${String(code - 100)}' ${signal.slice(3)}
                echo ready; while true; do sleep 0.05; done`,
            );
            let output = "";
            child.stdout?.on("data", (chunk: Buffer) => {
                output += chunk.toString();
                if (output === "ready\n") {
                    child.kill(signal);
                }
            });
            assert.deepEqual(await once(child, "close"), [code - 100, null]);
            assert.equal(output, "ready\ngot\n");
        });

        it(`ends with ${String(code)} when ${signal} ends the command`, async () => {
            const child = passing(
                process.execPath,
                "-e",
                "console.log('ready'); setTimeout(() => {}, 60000)",
            );
            child.stdout?.once("data", () => child.kill(signal));
            assert.deepEqual(await once(child, "close"), [code, null]);
        });
    }

    it("keeps the output apart, and gives 128 + n for a signal", async () => {
        const result = await runCommand("sh", ["-c", "echo out; echo err >&2; kill -KILL $$"]);
        assert.deepEqual(result, { code: 137, stdout: "out\n", stderr: "err\n" });
    });

    it("says when the command is not there", async () => {
        await assert.rejects(runCommand("no-such-command", []), /ENOENT/);
    });
});
