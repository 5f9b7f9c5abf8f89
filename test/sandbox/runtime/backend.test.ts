import assert from "node:assert/strict";
import * as fs from "node:fs";
import { hostname } from "node:os";
import * as path from "node:path";
import { archiveBackend, backendStacks, removeDeadLocks } from "../../../sandbox/runtime/backend";
import { type StatePaths, statePaths } from "../../../sandbox/runtime/state";
import { recordingLog, removeTemporaryFolders, temporaryFolder, writeFiles } from "./support";

/** No process has this id: it is above the largest that Linux gives out. */
const DEAD = 2 ** 22 + 1;

function backend(files: Readonly<Record<string, unknown>>): StatePaths {
    const paths = statePaths(temporaryFolder());
    const texts = Object.entries(files).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
    ]);
    writeFiles(path.join(paths.backend, ".pulumi"), Object.fromEntries(texts) as Record<string, string>);
    return paths;
}

const resources = (...types: string[]) => ({
    checkpoint: { latest: { resources: types.map((type) => ({ type })) } },
});

describe("backend", () => {
    after(removeTemporaryFolders);

    it("knows every stack of every project, and how much it holds", () => {
        const paths = backend({
            "stacks/lab/dev.json": resources(
                "pulumi:pulumi:Stack",
                "pulumi:providers:aws",
                "aws:ec2/vpc:Vpc",
            ),
            "stacks/lab/dev.json.bak": "not a stack",
            "stacks/lab/lab.json": { checkpoint: { latest: {} } },
            "stacks/other/dev.json": { checkpoint: { latest: { pending_operations: [{}] } } },
        });
        assert.deepEqual(
            backendStacks(paths).map((stack) => [
                stack.qualifiedName,
                stack.resources,
                stack.isInterrupted,
                stack.isEmpty,
            ]),
            [
                ["organization/lab/dev", 1, false, false],
                ["organization/lab/lab", 0, false, true],
                ["organization/other/dev", 0, true, false],
            ],
        );
        assert.deepEqual(backendStacks(statePaths(temporaryFolder())), []);
    });

    it("removes the lock of a dead process of this machine, and no other", () => {
        const locks = {
            "locks/organization/lab/dev/dead.json": { pid: DEAD, hostname: hostname() },
            "locks/organization/lab/dev/alive.json": { pid: process.pid, hostname: hostname() },
            "locks/organization/lab/lab/elsewhere.json": { pid: DEAD, hostname: `not-${hostname()}` },
            "locks/organization/lab/lab/unfinished.json": "{",
        };
        const paths = backend(locks);
        const { lines, log } = recordingLog();
        removeDeadLocks(paths, log);
        const left = Object.keys(locks).filter((name) =>
            fs.existsSync(path.join(paths.backend, ".pulumi", name)),
        );
        assert.deepEqual(left, Object.keys(locks).slice(1));
        assert.equal(lines.length, 1);
        assert.match(lines[0] ?? "", /killed \(process 4194305, organization\/lab\/dev\)/);
    });

    it("is put aside under a name of its own", () => {
        const paths = backend({ "stacks/lab/dev.json": resources() });
        const archive = archiveBackend(paths, new Date("2030-01-02T03:04:05.678Z"));
        assert.equal(archive, `${paths.backend}.2030-01-02T03-04-05-678Z`);
        assert.ok(fs.existsSync(path.join(archive, ".pulumi", "stacks", "lab", "dev.json")));
        assert.deepEqual(backendStacks(paths), []);
    });
});
