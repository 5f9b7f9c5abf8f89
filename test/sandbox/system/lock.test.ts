import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { withLock } from "../../../sandbox/system/lock";
import { processIdentity } from "../../../sandbox/system/process-identity";
import { removeTemporaryFolders, temporaryFolder } from "../runtime/support";

const LOCK_MODULE = path.resolve(__dirname, "../../../sandbox/system/lock.js");

const read = (file: string): string => fs.readFileSync(file, "utf8");

describe("lock", () => {
    after(removeTemporaryFolders);

    it("lets one process in at a time, even when all of them find the lock of a dead one", async () => {
        const folder = temporaryFolder();
        const [lock, counter] = [path.join(folder, "lock"), path.join(folder, "counter")];
        fs.writeFileSync(counter, "0");
        fs.writeFileSync(lock, JSON.stringify({ pid: process.pid, startTime: "long ago" }));
        // Reading, waiting and writing loses increments as soon as two do it at once.
        const code = `
            const fs = require("node:fs"), { withLock } = require(${JSON.stringify(LOCK_MODULE)});
            withLock(${JSON.stringify(lock)}, {}, async () => {
                const value = Number(fs.readFileSync(${JSON.stringify(counter)}, "utf8"));
                await new Promise((resolve) => setTimeout(resolve, 60));
                fs.writeFileSync(${JSON.stringify(counter)}, String(value + 1));
            });`;
        const processes = 5;
        await Promise.all(
            Array.from({ length: processes }, () => promisify(execFile)(process.execPath, ["-e", code])),
        );
        assert.equal(read(counter), String(processes));
        assert.deepEqual(fs.readdirSync(folder), ["counter"], "nothing is left of the lock");
    });

    it("waits for a living holder, says so once, and goes on when it is killed", async () => {
        const lock = path.join(temporaryFolder(), "lock");
        const code = `require(${JSON.stringify(LOCK_MODULE)}).withLock(${JSON.stringify(lock)}, {}, () => {
            console.log("in"); return new Promise((resolve) => setTimeout(resolve, 60000)); });`;
        const holder = spawn(process.execPath, ["-e", code]);
        await once(holder.stdout, "data");
        const waited: (number | undefined)[] = [];
        const onWait = (pid?: number): void => {
            waited.push(pid);
            setTimeout(() => holder.kill("SIGKILL"), 250);
        };
        assert.equal(await withLock(lock, { onWait }, async () => "mine"), "mine");
        assert.deepEqual(waited, [holder.pid]);
    });

    it("is released when the action fails", async () => {
        const lock = path.join(temporaryFolder(), "lock");
        await assert.rejects(
            withLock(lock, {}, async () => {
                throw new Error("no luck");
            }),
            /no luck/,
        );
        assert.equal(fs.existsSync(lock), false);
    });

    it("takes over a lock file that was damaged", async () => {
        const lock = path.join(temporaryFolder(), "lock");
        fs.writeFileSync(lock, "{");
        assert.equal(
            await withLock(lock, {}, async () => read(lock)),
            JSON.stringify(processIdentity(process.pid)),
        );
    });

    it("ends the wait on a signal", async () => {
        const lock = path.join(temporaryFolder(), "lock");
        fs.writeFileSync(lock, JSON.stringify(processIdentity(process.pid)));
        const controller = new AbortController();
        const onWait = (): void => controller.abort(new Error("enough"));
        await assert.rejects(
            withLock(lock, { onWait, signal: controller.signal }, async () => undefined),
            /enough/,
        );
        assert.deepEqual(fs.readdirSync(path.dirname(lock)), ["lock"], "the holder keeps it");
    });
});
