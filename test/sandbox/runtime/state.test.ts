import assert from "node:assert/strict";
import * as fs from "node:fs";
import { readState, type State, statePaths, writeState } from "../../../sandbox/runtime/state";
import { recordingLog, removeTemporaryFolders, temporaryFolder } from "./support";

describe("state file", () => {
    after(removeTemporaryFolders);

    it("gives back what was written, and leaves no other file", () => {
        const paths = statePaths(temporaryFolder());
        const controlPlane = { pid: 12, startTime: "then", port: 4566, instance: "one" };
        const state: State = { version: 1, project: "/somewhere", controlPlane, backendInstance: "one" };
        writeState(paths, state);
        const { lines, log } = recordingLog();
        assert.deepEqual(readState(paths, log), state);
        assert.deepEqual(fs.readdirSync(paths.folder), ["state.json"]);
        assert.deepEqual(lines, []);
    });

    it("is absent silently", () => {
        const { lines, log } = recordingLog();
        assert.equal(readState(statePaths(temporaryFolder()), log), undefined);
        assert.deepEqual(lines, []);
    });

    const damaged: [string, string, RegExp][] = [
        ["cut off", '{ "version": 1, "proj', /JSON/],
        ["of another version", '{ "version": 99, "project": "/" }', /not a state of this version/],
        [
            "without the ids of its processes",
            '{ "version": 1, "project": "/", "controlPlane": { "pid": "1" } }',
            /not a state/,
        ],
        ["null", "null", /not a state/],
    ];
    for (const [what, content, reason] of damaged) {
        it(`counts as absent when it is ${what}, which is said, and kept for a look`, () => {
            const paths = statePaths(temporaryFolder());
            fs.writeFileSync(paths.state, content);
            const { lines, log } = recordingLog();
            assert.equal(readState(paths, log), undefined);
            assert.equal(lines.length, 1);
            assert.match(lines[0] ?? "", reason);
            assert.equal(fs.readFileSync(`${paths.state}.damaged`, "utf8"), content);
        });
    }
});
