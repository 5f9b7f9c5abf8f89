import * as fs from "node:fs";
import * as path from "node:path";
import { parseOptions } from "../runtime/arguments";
import { type BackendStack, backendStacks } from "../runtime/backend";
import type { Log } from "../system/cache";
import { passThrough } from "../system/command";
import { SandboxError } from "../system/errors";
import { defaultFolder, Sandbox, sandboxProcesses, stopSandbox } from "../index";
import { removeState, statePaths } from "../runtime/state";
import type { Command } from "./context";
import { recoverInterrupted } from "./recover";

/** Stops what runs and says so; gives the exit code. */
async function stopProcesses(folder: string, print: Log, log: Log): Promise<number> {
    const left = await stopSandbox(folder);
    print(`${String(left.length)} processes left`);
    for (const { pid } of left) {
        log(`Process ${String(pid)} cannot be stopped.`);
    }
    return left.length === 0 ? 0 : 1;
}

/** `npm stop -- --force`: drops the sandbox with all that is in it. */
async function drop(folder: string, print: Log, log: Log): Promise<number> {
    const paths = statePaths(folder);
    if (!fs.existsSync(paths.state) && sandboxProcesses(folder).length === 0) {
        log(`There is no sandbox in ${folder}.`);
        return 0;
    }
    const code = await stopProcesses(folder, print, log);
    if (code === 0) {
        removeState(paths);
        log(`The sandbox in ${folder} was dropped, with its stacks.`);
    }
    return code;
}

/**
 * Destroys one stack from its state alone, without running a program. A stack of another project than the sandbox's is
 * destroyed from the root folder, where no Pulumi.yaml contradicts its name.
 */
async function destroy(sandbox: Sandbox, stack: BackendStack, isOwn: boolean): Promise<number> {
    const cwd = isOwn ? sandbox.projectDir : path.parse(sandbox.dir).root;
    const args = ["destroy", "--yes", "--skip-preview", "--stack", stack.qualifiedName];
    return passThrough("pulumi", args, { cwd, env: sandbox.env });
}

/** `npm stop`: destroys every stack, proves that nothing is left, and stops every process. */
export const stop: Command = async (args, { log, print, signal }) => {
    const options = parseOptions("stop", args, { force: "flag" });
    const folder = defaultFolder();
    if (options.force !== undefined) {
        return drop(folder, print, log);
    }
    const running = sandboxProcesses(folder, log);
    if (running.length === 0) {
        log("The sandbox is not running.");
        return 0;
    }
    const sandbox = await Sandbox.start({ log, signal });
    await recoverInterrupted(sandbox, log);
    const failed: string[] = [];
    for (const stack of backendStacks(statePaths(sandbox.dir)).filter((candidate) => !candidate.isEmpty)) {
        log(`Destroying the stack ${stack.stack} of ${stack.project} ...`);
        if ((await destroy(sandbox, stack, stack.project === sandbox.projectName)) !== 0) {
            failed.push(stack.qualifiedName);
        }
        signal.throwIfAborted();
    }
    const left = await sandbox.resources();
    print(`${String(left.length)} resources left`);
    if (failed.length > 0 || left.length > 0) {
        throw new SandboxError(
            [
                ...failed.map((name) => `The stack ${name} could not be destroyed.`),
                ...left.map(
                    ({ service, type, id, region }) => `Still there: ${service} ${type} ${id} (${region})`,
                ),
                "The sandbox keeps running, so that you can look into it (npm run sandbox -- <command>). " +
                    "To drop it with all that is in it: npm stop -- --force",
            ].join("\n"),
        );
    }
    return stopProcesses(folder, print, log);
};
