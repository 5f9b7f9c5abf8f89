import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { CommandResult, CommandRunner } from "../../../sandbox/system/command";
import type { ControlPlaneTools } from "../../../sandbox/runtime/control-plane";
import { REPOSITORY } from "../../../sandbox/runtime/plugins";

const folders: string[] = [];

/** A new empty folder, without links in its path; {@link removeTemporaryFolders} removes it. */
export function temporaryFolder(): string {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), "pulsar-lab-test-")));
    folders.push(folder);
    return folder;
}

/** For `after`: removes the folders of this file's tests. */
export function removeTemporaryFolders(): void {
    for (const folder of folders.splice(0)) {
        fs.rmSync(folder, { recursive: true, force: true });
    }
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        fs.writeFileSync(path.join(folder, name), content);
    }
}

/** Takes the notices of what is tested. */
export function recordingLog(): { readonly lines: string[]; readonly log: (line: string) => void } {
    const lines: string[] = [];
    return { lines, log: (line) => void lines.push(line) };
}

export const FIXTURES = path.join(__dirname, "fixtures");

/** A control plane that starts in a moment and holds nothing. */
export const fakeControlPlane: ControlPlaneTools = {
    python: "python3",
    server: path.join(FIXTURES, "server.py"),
};

/** A small Pulumi project in a folder of its own: a dynamic resource whose code is a module of the program. */
export function tinyProject(): string {
    const folder = temporaryFolder();
    fs.symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"));
    writeFiles(folder, {
        "Pulumi.yaml": "name: tiny\nruntime: nodejs\n",
        "Pulumi.dev.yaml": 'config:\n  tiny:waitMs: "0"\n',
        "package.json": '{ "name": "tiny", "main": "index.ts" }\n',
        "tsconfig.json": fs.readFileSync(path.join(REPOSITORY, "tsconfig.json"), "utf8"),
        "index.ts": fs.readFileSync(path.join(FIXTURES, "program.ts"), "utf8"),
        "lib/provider.ts": fs.readFileSync(path.join(FIXTURES, "provider.ts"), "utf8"),
    });
    return folder;
}

/** A command of {@link fakeRunner}: matched by how the command line begins. */
export type FakeCommands = Readonly<
    Record<string, (args: readonly string[]) => Partial<CommandResult> | Promise<Partial<CommandResult>>>
>;

/** Runs nothing: answers by the beginning of the command line, and refuses what it does not know as not installed. */
export function fakeRunner(commands: FakeCommands): {
    readonly calls: string[];
    readonly run: CommandRunner;
} {
    const calls: string[] = [];
    const run: CommandRunner = async (command, args) => {
        const line = [path.basename(command), ...args].join(" ");
        calls.push(line);
        const known = Object.entries(commands).find(([beginning]) => line.startsWith(beginning));
        if (known === undefined) {
            throw Object.assign(new Error(`spawn ${command} ENOENT`), { code: "ENOENT" });
        }
        return { code: 0, stdout: "", stderr: "", ...(await known[1](args)) };
    };
    return { calls, run };
}
