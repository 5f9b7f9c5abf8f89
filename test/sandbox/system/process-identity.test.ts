import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processIdentity } from "../../../sandbox/system/process-identity";

describe("process identity", () => {
    it("names a living process, the same each time", () => {
        const own = processIdentity(process.pid);
        assert.ok(own);
        assert.deepEqual(own, processIdentity(process.pid));
        assert.equal(isAlive(own), true);
    });

    it("does not take a process with a reused id for the old one", () => {
        assert.equal(isAlive({ pid: process.pid, startTime: "another time" }), false);
    });

    it("is gone when the process has ended", async () => {
        const child = spawn("sleep", ["60"]);
        const identity = processIdentity(child.pid ?? 0);
        assert.ok(identity);
        child.kill("SIGKILL");
        await once(child, "exit");
        assert.equal(isAlive(identity), false);
        assert.equal(processIdentity(identity.pid), undefined);
    });

    it("counts a zombie as ended", async () => {
        // The parent replaces itself by a program that never asks for its child's exit code.
        const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
        const [chunk] = (await once(parent.stdout, "data")) as [Buffer];
        const zombie = Number(chunk.toString());
        try {
            await sleep(200);
            assert.doesNotThrow(() => process.kill(zombie, 0), "the kernel still knows the zombie's id");
            assert.equal(processIdentity(zombie), undefined);
        } finally {
            parent.kill("SIGKILL");
        }
    });
});
