import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import type { Log } from "../system/cache";
import { SandboxError } from "../system/errors";
import { encryptionSalt, sameContent, toSandboxStackFile } from "./stack-file";
import { type StatePaths, writeAtomically } from "./state";

/**
 * The mirror of the project: the folder in which the sandbox runs Pulumi. Pulumi writes into the project's stack files
 * (the passphrase's salt at `stack init`, config at `config set`), and nothing tracked may be written. So the mirror
 * has links to everything in the project, but copies of the Pulumi files. Node follows the links, so the
 * program's modules are those of the project itself.
 */

/** Version control, and the usual place of the sandbox itself. */
const LEFT_OUT = new Set([".git", ".sandbox"]);

const isPulumiFile = (name: string): boolean => /^Pulumi(\..+)?\.ya?ml$/.test(name);
const isStackFile = (name: string): boolean => /^Pulumi\..+\.ya?ml$/.test(name);

function listPulumiFiles(folder: string): string[] {
    return fs.existsSync(folder) ? fs.readdirSync(folder).filter(isPulumiFile) : [];
}

/** The stacks that the project brings: those with a stack file. */
export function projectStacks(project: string): string[] {
    return listPulumiFiles(project)
        .filter(isStackFile)
        .map((name) => name.replace(/^Pulumi\.(.+)\.ya?ml$/, "$1"))
        .sort();
}

/** The name of the project in its Pulumi.yaml. */
export function projectName(project: string): string {
    const file = path.join(project, "Pulumi.yaml");
    const parsed: unknown = parse(fs.readFileSync(file, "utf8"));
    const name = (parsed as { name?: unknown } | null)?.name;
    if (typeof name !== "string" || name === "") {
        throw new SandboxError(`${file} has no name.`);
    }
    return name;
}

function readIfThere(file: string): string | undefined {
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

function mirrorLinks(project: string, mirror: string): void {
    const names = fs.readdirSync(project).filter((name) => !LEFT_OUT.has(name) && !isPulumiFile(name));
    for (const name of fs.readdirSync(mirror)) {
        const file = path.join(mirror, name);
        // Only links are ours to remove: a file may be a result of the user's command.
        if (!isPulumiFile(name) && !names.includes(name) && fs.lstatSync(file).isSymbolicLink()) {
            fs.unlinkSync(file);
        }
    }
    for (const name of names) {
        const link = path.join(mirror, name);
        const target = path.join(project, name);
        const current = fs.lstatSync(link, { throwIfNoEntry: false });
        if (current?.isSymbolicLink() === true && fs.readlinkSync(link) !== target) {
            fs.unlinkSync(link);
        }
        if (!fs.existsSync(link)) {
            fs.rmSync(link, { force: true });
            fs.symlinkSync(target, link);
        }
    }
}

/** Brings one Pulumi file up to date, if the project's has changed since the mirror took it. */
function mirrorPulumiFile(name: string, project: string, paths: StatePaths, log: Log): void {
    const source = fs.readFileSync(path.join(project, name), "utf8");
    const copy = path.join(paths.project, name);
    const taken = path.join(paths.projectSources, name);
    const before = readIfThere(copy);
    const takenBefore = readIfThere(taken);
    if (before !== undefined && takenBefore === source) {
        return;
    }
    if (!isStackFile(name)) {
        writeAtomically(copy, source);
    } else {
        const salt = before === undefined ? undefined : encryptionSalt(before);
        const { text, secrets } = toSandboxStackFile(source, salt);
        const asTaken =
            takenBefore === undefined ? undefined : toSandboxStackFile(takenBefore, undefined).text;
        if (before !== undefined && asTaken !== undefined && !sameContent(before, asTaken)) {
            log(`${name} has changed in the project: config that was set in the sandbox only is dropped.`);
        }
        for (const key of secrets) {
            log(
                `${name}: ${key} is encrypted for another secrets provider, so the sandbox leaves it out. ` +
                    `Set one for the sandbox: npm run sandbox -- pulumi config set --secret ${key}`,
            );
        }
        writeAtomically(copy, text);
    }
    writeAtomically(taken, source);
}

/** Brings the mirror up to date with the project; what changed to the user's surprise goes to `log`. */
export function refreshProject(project: string, paths: StatePaths, log: Log): void {
    if (!fs.existsSync(path.join(project, "Pulumi.yaml"))) {
        throw new SandboxError(
            `${project} has no Pulumi.yaml, so there is nothing that the sandbox could run.`,
        );
    }
    fs.mkdirSync(paths.project, { recursive: true });
    fs.mkdirSync(paths.projectSources, { recursive: true });
    mirrorLinks(project, paths.project);
    const names = listPulumiFiles(project);
    for (const name of names) {
        mirrorPulumiFile(name, project, paths, log);
    }
    // A stack file that the project has removed; one that only the sandbox has (stack init) was never taken.
    for (const name of listPulumiFiles(paths.projectSources).filter((taken) => !names.includes(taken))) {
        fs.rmSync(path.join(paths.project, name), { force: true });
        fs.rmSync(path.join(paths.projectSources, name));
    }
}
