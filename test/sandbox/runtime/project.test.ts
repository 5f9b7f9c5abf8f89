import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectName, projectStacks, refreshProject } from "../../../sandbox/runtime/project";
import { type StatePaths, statePaths } from "../../../sandbox/runtime/state";
import { recordingLog, removeTemporaryFolders, temporaryFolder, writeFiles } from "./support";

const read = (...parts: string[]): string => fs.readFileSync(path.join(...parts), "utf8");

interface Setup {
    readonly project: string;
    readonly paths: StatePaths;
    /** Refreshes the mirror; gives the notices. */
    readonly refresh: () => string[];
}

function setup(): Setup {
    const project = temporaryFolder();
    writeFiles(project, {
        "Pulumi.yaml": "name: lab\nruntime: nodejs\n",
        "Pulumi.dev.yaml": "config:\n  lab:size: 1\n",
        "Pulumi.lab.yaml": "config:\n  lab:size: 3\n",
        "index.ts": "",
        "components/network.ts": "",
        ".gitignore": "",
        ".git/HEAD": "",
        ".sandbox/state.json": "",
    });
    const paths = statePaths(temporaryFolder());
    const refresh = (): string[] => {
        const { lines, log } = recordingLog();
        refreshProject(project, paths, log);
        return lines;
    };
    return { project, paths, refresh };
}

describe("project mirror", () => {
    after(removeTemporaryFolders);

    it("has links to everything but copies of the Pulumi files, and neither .git nor the sandbox itself", () => {
        const { project, paths, refresh } = setup();
        assert.deepEqual(refresh(), []);
        const isLink = (name: string): boolean =>
            fs.lstatSync(path.join(paths.project, name)).isSymbolicLink();
        const names = fs.readdirSync(paths.project).sort();
        assert.deepEqual(names, [
            ".gitignore",
            "Pulumi.dev.yaml",
            "Pulumi.lab.yaml",
            "Pulumi.yaml",
            "components",
            "index.ts",
        ]);
        assert.deepEqual(names.filter(isLink), [".gitignore", "components", "index.ts"]);
        assert.equal(fs.realpathSync(path.join(paths.project, "index.ts")), path.join(project, "index.ts"));
    });

    it("keeps the salt and config that Pulumi wrote, as long as the project's file stays", () => {
        const { project, paths, refresh } = setup();
        refresh();
        const sandboxed = "config:\n  lab:size: 2\nencryptionsalt: v1:salt\n";
        fs.writeFileSync(path.join(paths.project, "Pulumi.dev.yaml"), sandboxed);
        assert.deepEqual(refresh(), []);
        assert.equal(read(paths.project, "Pulumi.dev.yaml"), sandboxed);
        assert.equal(
            read(project, "Pulumi.dev.yaml"),
            "config:\n  lab:size: 1\n",
            "the project's is not written",
        );
    });

    it("takes a changed stack file with the salt kept, and says when sandbox-only config goes", () => {
        const { project, paths, refresh } = setup();
        refresh();
        fs.appendFileSync(path.join(paths.project, "Pulumi.dev.yaml"), "encryptionsalt: v1:salt\n");
        fs.writeFileSync(path.join(project, "Pulumi.dev.yaml"), "config:\n  lab:size: 7\n");
        assert.deepEqual(refresh(), [], "nothing but the salt was the sandbox's own");
        assert.equal(
            read(paths.project, "Pulumi.dev.yaml"),
            "config:\n  lab:size: 7\nencryptionsalt: v1:salt\n",
        );

        fs.writeFileSync(
            path.join(paths.project, "Pulumi.dev.yaml"),
            "config:\n  lab:size: 8\nencryptionsalt: v1:salt\n",
        );
        fs.writeFileSync(path.join(project, "Pulumi.dev.yaml"), "config:\n  lab:size: 9\n");
        assert.deepEqual(refresh(), [
            "Pulumi.dev.yaml has changed in the project: config that was set in the sandbox only is dropped.",
        ]);
        assert.equal(
            read(paths.project, "Pulumi.dev.yaml"),
            "config:\n  lab:size: 9\nencryptionsalt: v1:salt\n",
        );
    });

    it("names the secrets that it must leave out", () => {
        const { project, refresh } = setup();
        fs.writeFileSync(path.join(project, "Pulumi.dev.yaml"), "config:\n  lab:token:\n    secure: v1:x\n");
        const notices = refresh();
        assert.equal(notices.length, 1);
        assert.match(notices[0] ?? "", /lab:token is encrypted .* pulumi config set --secret lab:token$/);
        assert.deepEqual(refresh(), [], "once");
    });

    it("follows what is added, removed and replaced", () => {
        const { project, paths, refresh } = setup();
        refresh();
        writeFiles(project, { "checks/matrix.ts": "", "Pulumi.new.yaml": "config: {}\n" });
        fs.rmSync(path.join(project, "components"), { recursive: true });
        fs.rmSync(path.join(project, "Pulumi.lab.yaml"));
        fs.writeFileSync(path.join(paths.project, "Pulumi.mine.yaml"), "a stack of the sandbox alone");
        fs.writeFileSync(path.join(paths.project, "plan.json"), "a result of the user's command");
        refresh();
        assert.deepEqual(fs.readdirSync(paths.project).sort(), [
            ".gitignore",
            "Pulumi.dev.yaml",
            "Pulumi.mine.yaml",
            "Pulumi.new.yaml",
            "Pulumi.yaml",
            "checks",
            "index.ts",
            "plan.json",
        ]);
    });

    it("knows the project's name and stacks", () => {
        const { project } = setup();
        assert.equal(projectName(project), "lab");
        assert.deepEqual(projectStacks(project), ["dev", "lab"]);
    });

    const names: [text: string, name: string][] = [
        ["name: lab", "lab"],
        ['"name": "lab" # ours', "lab"],
        ["{ runtime: nodejs, name: lab }", "lab"],
        ["description: |\n  name: no\nname: lab", "lab"],
    ];
    for (const [text, name] of names)
        it(`reads the project name of ${JSON.stringify(text)}`, () => {
            const project = temporaryFolder();
            writeFiles(project, { "Pulumi.yaml": `${text}\n` });
            assert.equal(projectName(project), name);
        });

    for (const text of ["", "runtime: nodejs", 'name: ""', "name: [lab]"])
        it(`refuses the project file ${JSON.stringify(text)}, which has no name`, () => {
            const project = temporaryFolder();
            writeFiles(project, { "Pulumi.yaml": text });
            assert.throws(() => projectName(project), /Pulumi\.yaml has no name/);
        });

    it("refuses a folder without a Pulumi.yaml", () => {
        const folder = temporaryFolder();
        assert.throws(
            () => refreshProject(folder, statePaths(temporaryFolder()), () => undefined),
            /has no Pulumi\.yaml/,
        );
    });
});
