import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Reply, Request } from "./protocol";

const REPOSITORY = path.resolve(__dirname, "../..");
const TYPESCRIPT = ["-r", "ts-node/register/transpile-only"];

/** A request took too long, and the worker was killed. */
export class WorkerTimeout extends Error {
    constructor(tests: readonly string[], seconds: number) {
        super(`${tests.join(", ")} did not end within ${seconds.toFixed(0)} s`);
    }
}

/** A copy of the repository that mutants may spoil: what they write stays in it, and what they start ends with it. */
export class Workspace {
    private worker: ChildProcess | undefined;

    /** @param files all of its files, relative to the root. */
    private constructor(
        readonly root: string,
        readonly files: readonly string[],
    ) {}

    static async create(repository = REPOSITORY): Promise<Workspace> {
        const root = await mkdtemp(path.join(tmpdir(), "pulsar-lab-mutants-"));
        const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
            cwd: repository,
            encoding: "utf8",
        });
        // Also listed is what was deleted and is not committed yet.
        const files = listed
            .split("\0")
            .filter((file) => existsSync(path.join(repository, file)) && file !== "");
        for (const file of files) await cp(path.join(repository, file), path.join(root, file));
        await symlink(path.join(REPOSITORY, "node_modules"), path.join(root, "node_modules"));
        return new Workspace(root, files);
    }

    /** Has the worker do something, and starts one where none runs. @throws {WorkerTimeout} */
    async ask(request: Request, timeoutSeconds: number): Promise<Reply> {
        this.worker ??= await this.startWorker();
        const worker = this.worker;
        return new Promise((resolve, reject) => {
            const finish = (settle: () => void) => {
                clearTimeout(timer);
                worker.off("message", onMessage).off("exit", onExit);
                settle();
            };
            const onMessage = (reply: Reply) => finish(() => resolve(reply));
            const onExit = () => {
                this.stopWorker();
                finish(() => resolve({ failure: "the process of the tests ended", seconds: 0, covered: {} }));
            };
            const timer = setTimeout(() => {
                this.stopWorker();
                finish(() => reject(new WorkerTimeout(request.tests, timeoutSeconds)));
            }, timeoutSeconds * 1000);
            worker.on("message", onMessage).on("exit", onExit);
            worker.send(request);
        });
    }

    /** Ends the worker and all that it started: they are one process group. */
    stopWorker(): void {
        const pid = this.worker?.pid;
        this.worker = undefined;
        if (pid === undefined) return;
        try {
            process.kill(-pid, "SIGKILL");
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
    }

    async remove(): Promise<void> {
        this.stopWorker();
        await rm(this.root, { recursive: true, force: true });
    }

    private async startWorker(): Promise<ChildProcess> {
        const worker = fork(path.join(__dirname, "worker.ts"), {
            cwd: this.root,
            execArgv: [...TYPESCRIPT],
            detached: true,
            stdio: ["ignore", "ignore", "pipe", "ipc"],
        });
        let errors = "";
        worker.stderr?.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
        await new Promise<void>((resolve, reject) => {
            worker.once("message", () => resolve());
            worker.once("exit", () => reject(new Error(`the worker did not start: ${errors}`)));
        });
        worker.removeAllListeners("exit");
        return worker;
    }
}
