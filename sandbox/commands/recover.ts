import * as path from "node:path";
import { backendStacks } from "../runtime/backend";
import type { Log } from "../system/cache";
import { passThrough } from "../system/command";
import type { Sandbox } from "../index";
import { REPOSITORY } from "../runtime/plugins";
import { statePaths } from "../runtime/state";

/** The CLI of the project, which knows how to find what its own resources have become. */
const CLI = path.join(REPOSITORY, "operations", "lab.js");

/**
 * Takes into the state what a killed engine has created and not recorded, in the stacks of the sandbox's project:
 * otherwise the next update creates it again and a destroy leaves it behind. Says so when that fails; what follows
 * then shows what is wrong.
 *
 * @param stack this stack alone.
 */
export async function recoverInterrupted(sandbox: Sandbox, log: Log, stack?: string): Promise<void> {
    const interrupted = backendStacks(statePaths(sandbox.dir)).filter(
        (candidate) =>
            candidate.isInterrupted &&
            candidate.project === sandbox.projectName &&
            (stack === undefined || candidate.stack === stack),
    );
    for (const { stack: name } of interrupted) {
        log(`The last update of the stack ${name} was killed; looking for what it created ...`);
        const args = [CLI, "recover", "--stack", name];
        const code = await passThrough(process.execPath, args, { cwd: sandbox.projectDir, env: sandbox.env });
        if (code !== 0) {
            log(`The stack ${name} could not be recovered (exit code ${String(code)}).`);
        }
    }
}
