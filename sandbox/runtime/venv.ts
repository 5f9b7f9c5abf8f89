import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder, contentKey, type Log } from "../system/cache";
import { type CommandRunner, runCommand } from "../system/command";
import { SandboxError } from "../system/errors";
import { withLock } from "../system/lock";

/** What the control plane needs, pinned. */
export const REQUIREMENTS = path.join(__dirname, "..", "moto", "requirements.txt");

/** Python 3 from this minor version on runs the pinned packages. */
const OLDEST_MINOR = 11;
/** The newest minor version that the tests of `test/sandbox/moto` passed on. Newer ones are tried, with a note. */
const NEWEST_TESTED_MINOR = 15;
/** The commands of the tested versions, the newest first. */
export const TESTED_PYTHONS: readonly string[] = Array.from(
    { length: NEWEST_TESTED_MINOR - OLDEST_MINOR + 1 },
    (_, i) => `python3.${String(NEWEST_TESTED_MINOR - i)}`,
);
/** Written last: a folder without it is not finished. A venv knows its own path, so it cannot be made elsewhere and moved. */
const FINISHED = ".pulsar-lab-finished";

export interface VenvOptions {
    readonly log: Log;
    /** @default the process's own: PATH, XDG_CACHE_HOME, HOME and what pip reads. */
    readonly env?: NodeJS.ProcessEnv;
    /** The commands that may be Python. @default `python3`, each of {@link TESTED_PYTHONS}, `python` */
    readonly candidates?: readonly string[];
    /** Starts commands; tests give their own. @default real processes */
    readonly run?: CommandRunner;
    /** A file for pip. @default {@link REQUIREMENTS} */
    readonly requirements?: string;
    /** What the requirements bring, for the log. @default "the AWS stand-in (moto)" */
    readonly what?: string;
    readonly signal?: AbortSignal;
}

interface Python {
    readonly command: string;
    /** Like `3.11.7`, with the path of the interpreter: another one needs another venv. */
    readonly identity: string;
    readonly isTested: boolean;
}

const ASK = "import sys; print('%d.%d.%d' % sys.version_info[:3], sys.executable)";

/** The first Python that was tested, or else the first newer one. */
async function findPython(
    candidates: readonly string[],
    run: CommandRunner,
    env: NodeJS.ProcessEnv,
): Promise<Python> {
    const tooOld: string[] = [];
    let newer: Python | undefined;
    for (const command of candidates) {
        // A command that does not exist, or a version manager's shim without a version behind it.
        const asked = await run(command, ["-c", ASK], { env }).catch(() => undefined);
        const [, major, minor] = /^(\d+)\.(\d+)\./.exec(asked?.stdout ?? "") ?? [];
        if (asked?.code !== 0 || major === undefined || minor === undefined) {
            continue;
        }
        const identity = asked.stdout.trim();
        if (Number(major) < 3 || (Number(major) === 3 && Number(minor) < OLDEST_MINOR)) {
            tooOld.push(`${command} is ${identity.split(" ")[0] ?? "older"}`);
        } else if (Number(major) === 3 && Number(minor) <= NEWEST_TESTED_MINOR) {
            return { command, identity, isTested: true };
        } else {
            newer ??= { command, identity, isTested: false };
        }
    }
    if (newer !== undefined) {
        return newer;
    }
    const wanted = `Python 3.${String(OLDEST_MINOR)} or newer`;
    throw new SandboxError(
        tooOld.length === 0
            ? `Python is not installed: install ${wanted} (https://www.python.org/downloads/), with its venv module.`
            : `No Python that fits (${tooOld.join(", ")}): install ${wanted} (https://www.python.org/downloads/).`,
    );
}

const lastLines = (text: string): string => text.trim().split("\n").slice(-8).join("\n");

function explainVenv(output: string, command: string): SandboxError {
    return /ensurepip|No module named '?venv/.test(output)
        ? new SandboxError(
              `${command} has no working venv module: install it (on Debian and Ubuntu: apt install python3-venv).`,
          )
        : new SandboxError(`${command} -m venv failed:\n${lastLines(output)}`);
}

function explainPip(output: string): SandboxError {
    const offline =
        /NewConnectionError|Temporary failure in name resolution|Name or service not known|ConnectTimeout/;
    return offline.test(output)
        ? new SandboxError(
              "The Python packages could not be installed: the package index cannot be reached. Connect to the network, " +
                  "or point pip to an index that can be reached (PIP_INDEX_URL), and run the command again.",
          )
        : new SandboxError(`The Python packages could not be installed: pip failed.\n${lastLines(output)}`);
}

/**
 * Brings the Python environment of the control plane: made once per user, requirements and interpreter, in the cache,
 * behind a lock.
 *
 * @returns the absolute path of its python.
 * @throws SandboxError that says what is missing and what to install.
 */
export async function bringVenv(options: VenvOptions): Promise<string> {
    const { log, signal, env = process.env, run = runCommand, requirements = REQUIREMENTS } = options;
    const { what = "the AWS stand-in (moto)", candidates = ["python3", ...TESTED_PYTHONS, "python"] } =
        options;
    const python = await findPython(candidates, run, env);
    const key = contentKey([fs.readFileSync(requirements, "utf8"), python.identity]);
    const parent = path.join(cacheFolder(env), "venv");
    const folder = path.join(parent, key);
    const executable = path.join(folder, "bin", "python");
    // The executable is a link to the interpreter, which may have been removed since.
    const finished = (): boolean => fs.existsSync(path.join(folder, FINISHED)) && fs.existsSync(executable);
    if (finished()) {
        return executable;
    }
    const onWait = (pid?: number): void =>
        log(`Waiting for process ${String(pid)}, which makes the Python environment ...`);
    return withLock(`${folder}.lock`, { onWait, ...(signal && { signal }) }, async () => {
        if (finished()) {
            return executable;
        }
        if (!python.isTested) {
            log(
                `Python ${python.identity.split(" ")[0] ?? ""} is newer than the tested versions ` +
                    `(3.${String(OLDEST_MINOR)} to 3.${String(NEWEST_TESTED_MINOR)}). It is used all the same.`,
            );
        }
        log(`Installing ${what} into a Python environment (usually 20 to 60 seconds) ...`);
        fs.rmSync(folder, { recursive: true, force: true });
        const running = { env, ...(signal && { signal }) };
        const made = await run(python.command, ["-m", "venv", folder], running);
        if (made.code !== 0) {
            throw explainVenv(made.stdout + made.stderr, python.command);
        }
        const pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            "--retries",
            "2",
        ];
        const installed = await run(executable, [...pip, "-r", requirements], running);
        if (installed.code !== 0) {
            throw explainPip(installed.stdout + installed.stderr);
        }
        fs.writeFileSync(path.join(folder, FINISHED), "");
        return executable;
    });
}
