import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** A stack's state can be larger than the default of 1 MiB. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Runs the Pulumi CLI that is on the PATH.
 *
 * @returns its standard output.
 * @throws with everything that it printed.
 */
export async function runPulumi(args: readonly string[]): Promise<string> {
    try {
        const { stdout } = await promisify(execFile)("pulumi", args, { maxBuffer: MAX_OUTPUT_BYTES });
        return stdout;
    } catch (error) {
        const { message, stdout = "", stderr = "" } = error as Error & { stdout?: string; stderr?: string };
        throw new Error([message, stdout, stderr].join("\n").trim(), { cause: error });
    }
}
