import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { backendStacks } from "./runtime/backend";
import type { Log } from "./system/cache";
import { type CommandOptions, type CommandResult, runCommand } from "./system/command";
import {
    type ControlPlaneTools,
    endpointOf,
    requestLog,
    resourcesAt,
    type SandboxResource,
} from "./runtime/control-plane";
import type { Engine } from "./engine";
import {
    REGION,
    SANDBOX_FOLDER_VARIABLE,
    sandboxEnvironment,
    writeEnvironmentFiles,
} from "./runtime/environment";
import { SandboxError } from "./system/errors";
import { withLock } from "./system/lock";
import { REPOSITORY, writePlugins } from "./runtime/plugins";
import { isAlive, type ProcessIdentity } from "./system/process-identity";
import { stopProcess } from "./runtime/processes";
import { projectName, projectStacks, refreshProject } from "./runtime/project";
import { writePulumiWrapper } from "./runtime/pulumi-wrapper";
import { type ApiCall, isWrite, readRequests } from "./runtime/requests";
import { startResidentProviders } from "./runtime/resident-providers";
import {
    bringControlPlane,
    chooseEngine,
    clearKilledEngines,
    livingProcesses,
    matchBackend,
    type Session,
} from "./runtime/session";
import { readState, type StatePaths, statePaths, writeState } from "./runtime/state";

export type { ApiCall, CommandResult, SandboxResource };
export { isWrite };

/** Keeps the engine from writing the whole state at each step, which is most of what an engine does in an update. */
const SAVE_AT_THE_END = { PULUMI_SKIP_CHECKPOINTS: "true" };

/** The stack that commands use when none is named and the project has it. */
const DEFAULT_STACK = "dev";

export interface SandboxOptions {
    /**
     * The folder of this sandbox's state; two sandboxes with different folders do not know of each other.
     *
     * @default `$PULSAR_LAB_SANDBOX_DIR`, or `.sandbox` in the repository
     */
    readonly dir?: string;
    /**
     * The folder of the Pulumi project that it runs. One outside of the repository needs the node modules of its program;
     * a link `node_modules` to the repository's will do.
     *
     * @default the repository
     */
    readonly project?: string;
    /** Takes notices for the user. @default they are dropped */
    readonly log?: Log;
    /** The environment to start from. @default the process's own */
    readonly env?: NodeJS.ProcessEnv;
    /** Ends the start when it fires; what was started is stopped again. */
    readonly signal?: AbortSignal;
    /** How to run the control plane, in place of moto in its Python environment. */
    readonly controlPlane?: ControlPlaneTools;
    /**
     * For many commands, one after the other, of which none is killed: the provider stand-ins go on between commands, and the engine
     * saves the state at the end of a command, not at each of its steps.
     *
     * @default false
     */
    readonly resident?: boolean;
}

/** The folder of the sandbox's state that a command means when it is told nothing else. */
export function defaultFolder(env: NodeJS.ProcessEnv = process.env): string {
    const folder = env[SANDBOX_FOLDER_VARIABLE];
    return folder === undefined || folder === "" ? path.join(REPOSITORY, ".sandbox") : path.resolve(folder);
}

/**
 * A running sandbox: the real Pulumi engine with a backend of its own, and an AWS stand-in on this machine. It goes on
 * when the process that started it ends, until {@link Sandbox.stop} or `npm stop`.
 */
export class Sandbox {
    private constructor(
        private readonly paths: StatePaths,
        /** The environment of commands in the sandbox. */
        readonly env: NodeJS.ProcessEnv,
        /** The URL of the AWS stand-in. */
        readonly endpoint: string,
        readonly engine: Engine,
        private readonly signal: AbortSignal | undefined,
    ) {}

    /**
     * Starts the sandbox, or joins it if it runs already: brings the engine and the Python environment, starts the AWS
     * stand-in, mirrors the project and creates its stacks. Deploys nothing.
     *
     * @throws SandboxError with one message that says what is missing and what to do.
     */
    static async start(options: SandboxOptions = {}): Promise<Sandbox> {
        const { log = () => undefined, env = process.env, signal } = options;
        const folder = options.dir ?? defaultFolder(env);
        fs.mkdirSync(folder, { recursive: true });
        const paths = statePaths(fs.realpathSync(folder));
        const project = fs.realpathSync(options.project ?? REPOSITORY);
        const onWait = (pid?: number): void =>
            log(`Waiting for process ${String(pid)}, which starts this sandbox ...`);
        return withLock(paths.lock, { onWait, ...(signal && { signal }) }, async () => {
            const previous = readState(paths, log);
            if (previous !== undefined && previous.project !== project) {
                throw new SandboxError(
                    `The sandbox in ${paths.folder} is that of ${previous.project}, not of ${project}. ` +
                        `Name another folder in ${SANDBOX_FOLDER_VARIABLE}.`,
                );
            }
            const session: Session = { paths, previous, env, log, ...(signal && { signal }) };
            await clearKilledEngines(session);
            const engine = await chooseEngine(session);
            const controlPlane = await bringControlPlane(session, options.controlPlane);
            matchBackend(session, controlPlane.instance);
            const { instance } = controlPlane;
            writeState(paths, { version: 1, project, engine, controlPlane, backendInstance: instance });

            writeEnvironmentFiles(paths);
            refreshProject(project, paths, log);
            writePlugins(paths);
            writePulumiWrapper(paths, project, engine.pulumi);
            const endpoint = endpointOf(controlPlane);
            const commands = sandboxEnvironment(env, paths, endpoint);
            if (options.resident === true) {
                Object.assign(commands, SAVE_AT_THE_END, await startResidentProviders(paths, commands));
            }
            const sandbox = new Sandbox(paths, commands, endpoint, engine, signal);
            await sandbox.createStacks(project);
            return sandbox;
        });
    }

    /** The folder in which Pulumi runs the project: the mirror, see project.ts. */
    get projectDir(): string {
        return this.paths.project;
    }

    /** What an AWS SDK client in this process needs to work with the sandbox's AWS. */
    clientSettings(region = REGION): {
        region: string;
        endpoint: string;
        credentials: { accessKeyId: string; secretAccessKey: string };
    } {
        const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = this.env;
        return { region, endpoint: this.endpoint, credentials: { accessKeyId, secretAccessKey } };
    }

    /** The name of the project that it runs. */
    get projectName(): string {
        return projectName(this.paths.project);
    }

    /** The folder of this sandbox's state. */
    get dir(): string {
        return this.paths.folder;
    }

    /** Runs `pulumi` to its end, in the project unless `cwd` says otherwise. `env` is added to the sandbox's. */
    async pulumi(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
        return runCommand(this.pulumiCommand, args, {
            cwd: options.cwd ?? this.projectDir,
            env: { ...this.env, ...options.env },
            ...(this.signal && { signal: this.signal }),
        });
    }

    /**
     * Starts `pulumi` and gives its process, which is the engine itself: a signal to it reaches no one else. Its stdout and
     * stderr are pipes that must be read, or they fill up.
     */
    spawnPulumi(args: readonly string[], options: CommandOptions = {}): ChildProcess {
        return spawn(this.pulumiCommand, args, {
            cwd: options.cwd ?? this.projectDir,
            env: { ...this.env, ...options.env },
            stdio: ["ignore", "pipe", "pipe"],
        });
    }

    /**
     * The calls that the AWS stand-in has answered, oldest first.
     *
     * @param since leave out so many: the length of an earlier answer.
     */
    async requests(since = 0): Promise<ApiCall[]> {
        return readRequests(requestLog(this.paths)).slice(since);
    }

    /** The calls during `action` that could change something; {@link isWrite} says which. */
    async writesDuring(action: () => Promise<unknown>): Promise<ApiCall[]> {
        const before = (await this.requests()).length;
        await action();
        return (await this.requests(before)).filter(isWrite);
    }

    /** Everything that exists in the sandbox's AWS beyond what a new account has. */
    async resources(): Promise<SandboxResource[]> {
        return resourcesAt(this.endpoint);
    }

    /**
     * Stops every process of this sandbox. What was deployed is gone with the AWS stand-in; its state stays.
     *
     * @throws SandboxError when a process survives.
     */
    async stop(): Promise<void> {
        const left = await stopSandbox(this.paths.folder);
        if (left.length > 0) {
            const pids = left.map(({ pid }) => pid).join(", ");
            throw new SandboxError(`Processes of the sandbox in ${this.dir} cannot be stopped: ${pids}.`);
        }
    }

    private get pulumiCommand(): string {
        return path.join(this.paths.bin, "pulumi");
    }

    /** Creates the stacks that the project has a file for, so that every command finds them. */
    private async createStacks(project: string): Promise<void> {
        const existing = backendStacks(this.paths)
            .filter((stack) => stack.project === this.projectName)
            .map((stack) => stack.stack);
        const stacks = projectStacks(project);
        const selected = stacks.includes(DEFAULT_STACK) ? DEFAULT_STACK : stacks[0];
        for (const stack of stacks.filter((candidate) => !existing.includes(candidate))) {
            const select = stack === selected ? [] : ["--no-select"];
            const created = await this.pulumi(["stack", "init", stack, ...select, "--non-interactive"]);
            if (created.code !== 0) {
                throw new SandboxError(`The stack ${stack} cannot be created:\n${created.stderr.trim()}`);
            }
        }
    }
}

/** What runs of the sandbox in `folder`, started by whichever command. */
export function sandboxProcesses(folder: string, log: Log = () => undefined): ProcessIdentity[] {
    if (!fs.existsSync(folder)) {
        return [];
    }
    const paths = statePaths(fs.realpathSync(folder));
    return livingProcesses(paths, readState(paths, log));
}

/**
 * Stops every process of the sandbox in `folder`, by the ids that they left.
 *
 * @returns the processes that could not be stopped.
 */
export async function stopSandbox(folder: string): Promise<ProcessIdentity[]> {
    if (!fs.existsSync(folder)) {
        return [];
    }
    const paths = statePaths(fs.realpathSync(folder));
    return withLock(paths.lock, {}, async () => {
        const state = readState(paths, () => undefined);
        const processes = livingProcesses(paths, state);
        await Promise.all(processes.map((process) => stopProcess(process)));
        if (state !== undefined) {
            writeState(paths, { ...state, controlPlane: undefined });
        }
        return processes.filter(isAlive);
    });
}
