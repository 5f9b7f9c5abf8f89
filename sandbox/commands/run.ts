import { passThrough } from "../system/command";
import { SandboxError } from "../system/errors";
import { Sandbox } from "../index";
import { REPOSITORY } from "../runtime/plugins";
import type { Command } from "./context";

/** The folder that the user stands in: `npm run` changes to the repository and says where it came from. */
export function userFolder(env: NodeJS.ProcessEnv, cwd: string): string {
    return env.npm_lifecycle_event === "sandbox" && cwd === REPOSITORY ? (env.INIT_CWD ?? cwd) : cwd;
}

/** `npm run sandbox -- <command...>`: any command in the sandbox's environment. */
export const run: Command = async (args, { log, signal }) => {
    const [command, ...rest] = args;
    if (command === undefined) {
        throw new SandboxError(
            "npm run sandbox needs a command, like: npm run sandbox -- pulumi preview --stack dev, " +
                "or npm run sandbox -- bash for a shell.",
        );
    }
    const sandbox = await Sandbox.start({ log, signal });
    try {
        return await passThrough(command, rest, {
            cwd: userFolder(process.env, process.cwd()),
            env: sandbox.env,
        });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            log(`Error: ${command}: command not found`);
            return 127;
        }
        throw error;
    }
};
