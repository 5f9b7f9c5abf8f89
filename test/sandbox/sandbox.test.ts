import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Sandbox, sandboxProcesses, stopSandbox } from "../../sandbox";
import { backendStacks } from "../../sandbox/runtime/backend";
import { runCommand } from "../../sandbox/system/command";
import { findEngine } from "../../sandbox/engine";
import { TYPESCRIPT } from "../../sandbox/runtime/plugins";
import { type ProcessIdentity, processIdentity } from "../../sandbox/system/process-identity";
import { type State, statePaths } from "../../sandbox/runtime/state";
import {
    fakeControlPlane,
    FIXTURES,
    recordingLog,
    removeTemporaryFolders,
    temporaryFolder,
    tinyProject,
} from "./runtime/support";

/** The real engine with a control plane that holds nothing: what the sandbox does around them. */
describe("sandbox", function () {
    this.timeout(60_000);

    const started: string[] = [];

    before(async function () {
        // Normally there already: npm test brings it. The limit is for a run of this file alone on a new machine.
        this.timeout(15 * 60_000);
        await findEngine({ log: () => undefined });
    });

    afterEach(async () => {
        await Promise.all(started.splice(0).map(stopSandbox));
    });

    after(removeTemporaryFolders);

    interface Started {
        readonly sandbox: Sandbox;
        readonly notices: readonly string[];
    }

    async function start(
        dir: string,
        project: string,
        env: NodeJS.ProcessEnv = {},
        { resident = false } = {},
    ): Promise<Started> {
        started.push(dir);
        const { lines, log } = recordingLog();
        const options = {
            dir,
            project,
            log,
            controlPlane: fakeControlPlane,
            env: { ...process.env, ...env },
            resident,
        };
        return { sandbox: await Sandbox.start(options), notices: lines };
    }

    const stateOf = (dir: string): State =>
        JSON.parse(fs.readFileSync(statePaths(dir).state, "utf8")) as State;

    function writeStateOf(dir: string, change: Partial<State>): void {
        fs.writeFileSync(statePaths(dir).state, JSON.stringify({ ...stateOf(dir), ...change }));
    }

    function controlPlaneOf(dir: string): ProcessIdentity {
        const { controlPlane } = stateOf(dir);
        assert.ok(controlPlane);
        return controlPlane;
    }

    async function deploy(sandbox: Sandbox): Promise<void> {
        const { code, stdout, stderr } = await sandbox.pulumi([
            "up",
            "--yes",
            "--skip-preview",
            "--stack",
            "dev",
        ]);
        assert.equal(code, 0, stdout + stderr);
    }

    const stackOf = (sandbox: Sandbox) =>
        backendStacks(statePaths(sandbox.dir)).find(({ stack }) => stack === "dev");

    describe("with a program", () => {
        it("deploys it from the mirror, with modules of its own and secrets, and leaves the project as it was", async () => {
            const SECRET = "hush-hush-hush";
            const project = tinyProject();
            await runCommand("git", ["init", "--quiet"], { cwd: project });
            await runCommand("git", ["add", "--all"], { cwd: project });
            const before = (await runCommand("git", ["status", "--porcelain"], { cwd: project })).stdout;
            const { sandbox } = await start(path.join(temporaryFolder(), "it's here"), project);

            const set = await sandbox.pulumi([
                "config",
                "set",
                "--secret",
                "token",
                "hush",
                "--stack",
                "dev",
            ]);
            assert.equal(set.code, 0, set.stderr);
            await deploy(sandbox);
            const outputs = await sandbox.pulumi(["stack", "output", "--json", "--stack", "dev"]);
            assert.deepEqual(JSON.parse(outputs.stdout), {
                endpoint: sandbox.endpoint,
                file: path.join(project, "lib", "provider.ts"),
                token: "[secret]",
            });
            const again = await sandbox.pulumi([
                "up",
                "--yes",
                "--refresh",
                "--expect-no-changes",
                "--stack",
                "dev",
            ]);
            assert.equal(again.code, 0, again.stdout + again.stderr);
            const destroyed = await sandbox.pulumi(["destroy", "--yes", "--skip-preview", "--stack", "dev"]);
            assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
            // Without links, so that this is the sandbox's own: what it wrote.
            const found = await runCommand("grep", ["-rl", SECRET, sandbox.dir]);
            assert.deepEqual(
                [found.code, found.stdout],
                [1, ""],
                "the secret stands somewhere in plain text",
            );
            const after = (await runCommand("git", ["status", "--porcelain"], { cwd: project })).stdout;
            assert.equal(after, before);
        });

        it("clears what a killed deployment leaves, and can go on", async () => {
            const { sandbox } = await start(temporaryFolder(), tinyProject());
            const set = await sandbox.pulumi(["config", "set", "waitMs", "60000", "--stack", "dev"]);
            assert.equal(set.code, 0, set.stderr);
            const up = sandbox.spawnPulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
            await outputOf(up, /waiter creating/);
            up.kill("SIGKILL");
            await once(up, "exit");
            const left = sandboxProcesses(sandbox.dir).length;
            assert.ok(left > 1, `the engine's plugins outlive it (${String(left)} processes)`);

            const { notices } = await start(sandbox.dir, stateOf(sandbox.dir).project);
            assert.deepEqual(
                sandboxProcesses(sandbox.dir).map(({ pid }) => pid),
                [controlPlaneOf(sandbox.dir).pid],
            );
            assert.ok(
                notices.some((line) => /left behind by an engine that was killed/.test(line)),
                notices.join("\n"),
            );
            assert.ok(
                notices.some((line) => /^Removed the lock of an engine/.test(line)),
                notices.join("\n"),
            );
            await sandbox.pulumi(["config", "set", "waitMs", "0", "--stack", "dev"]);
            await deploy(sandbox);
            assert.equal(stackOf(sandbox)?.resources, 1);
        });
    });

    describe("wrapper", () => {
        it("works in the mirror from anywhere in the project, and elsewhere as usual", async () => {
            const project = tinyProject();
            const { sandbox } = await start(temporaryFolder(), project);
            const about = async (cwd: string, ...args: string[]): Promise<string | undefined> => {
                const { stdout } = await runCommand(
                    "pulumi",
                    [...args, "config", "--json", "--stack", "dev"],
                    {
                        cwd,
                        env: sandbox.env,
                    },
                );
                return stdout === "" ? undefined : Object.keys(JSON.parse(stdout) as object).join();
            };
            assert.equal(await about(project), "tiny:waitMs");
            assert.equal(await about(path.join(project, "lib")), "tiny:waitMs");
            assert.equal(await about(temporaryFolder()), undefined, "no project there");
            assert.equal(await about(temporaryFolder(), "--cwd", sandbox.projectDir), "tiny:waitMs");

            // What changes in the project while a shell in the sandbox is open counts at once.
            fs.appendFileSync(path.join(project, "Pulumi.dev.yaml"), "  tiny:more: 1\n");
            assert.equal(await about(project), "tiny:more,tiny:waitMs");
        });

        it("is the engine, and node is this node", async () => {
            const { sandbox } = await start(temporaryFolder(), tinyProject());
            const version = await runCommand("pulumi", ["version"], { env: sandbox.env, cwd: "/" });
            assert.equal(version.stdout.trim(), `v${sandbox.engine.version}`);
            const node = await runCommand("node", ["--version"], { env: sandbox.env });
            assert.equal(node.stdout.trim(), process.version);
        });
    });

    describe("that is resident", () => {
        const providersOf = (dir: string) => {
            const { pid } = controlPlaneOf(dir);
            return sandboxProcesses(dir).filter((process) => process.pid !== pid);
        };

        it("has provider stand-ins that go on between commands, and end with it", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const { sandbox } = await start(dir, project, {}, { resident: true });
            const providers = providersOf(dir);
            assert.equal(providers.length, 2);
            await deploy(sandbox);
            const destroyed = await sandbox.pulumi(["destroy", "--yes", "--skip-preview", "--stack", "dev"]);
            assert.equal(destroyed.code, 0, destroyed.stdout + destroyed.stderr);
            assert.deepEqual(providersOf(dir), providers);

            // Another command takes them for no remains of a killed engine.
            const { notices } = await start(dir, project);
            assert.deepEqual(notices, []);
            assert.deepEqual(providersOf(dir), providers);

            await sandbox.stop();
            assert.deepEqual(sandboxProcesses(dir), []);
        });

        it("keeps in its state what an update has done before it failed", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const { sandbox } = await start(dir, project, {}, { resident: true });
            const set = await sandbox.pulumi(["config", "set", "fails", "true", "--stack", "dev"]);
            assert.equal(set.code, 0, set.stderr);
            const up = await sandbox.pulumi(["up", "--yes", "--skip-preview", "--stack", "dev"]);
            assert.notEqual(up.code, 0);
            assert.match(up.stdout + up.stderr, /the program fails after its resource/);
            assert.equal(stackOf(sandbox)?.resources, 1);
        });
    });

    describe("a second start", () => {
        it("joins the running sandbox, silently", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            await start(dir, project);
            const first = stateOf(dir);
            const { notices } = await start(dir, project);
            assert.deepEqual(stateOf(dir), first);
            assert.deepEqual(notices, []);
        });

        it("at the same time starts one control plane", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const both = await Promise.all([start(dir, project), start(dir, project)]);
            assert.equal(both[0].sandbox.endpoint, both[1].sandbox.endpoint);
            assert.equal(sandboxProcesses(dir).length, 1);
        });

        it("with another folder is another sandbox, and stopping one leaves the other", async () => {
            const project = tinyProject();
            const one = await start(temporaryFolder(), project);
            const other = await start(temporaryFolder(), project);
            assert.notEqual(one.sandbox.endpoint, other.sandbox.endpoint);
            await deploy(one.sandbox);
            await one.sandbox.stop();
            assert.deepEqual(sandboxProcesses(one.sandbox.dir), []);
            assert.equal(sandboxProcesses(other.sandbox.dir).length, 1);
            assert.equal(stackOf(other.sandbox)?.resources, 0);
            await deploy(other.sandbox);
        });

        it("refuses another project in the same folder", async () => {
            const { sandbox } = await start(temporaryFolder(), tinyProject());
            await assert.rejects(
                start(sandbox.dir, tinyProject()),
                /Name another folder in PULSAR_LAB_SANDBOX_DIR/,
            );
        });

        it("puts the state of resources aside that went with an older control plane", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const { sandbox } = await start(dir, project);
            await deploy(sandbox);
            process.kill(controlPlaneOf(dir).pid, "SIGKILL");
            await sleep(200);

            const { sandbox: next, notices } = await start(dir, project);
            const text = notices.join("\n");
            assert.match(text, /The AWS stand-in that the state file names \(process \d+\) has ended\./);
            assert.match(text, /the old one's resources went with it: dev \(1 resources\)\./);
            assert.match(text, /Their state was moved to .*backend\.2/);
            assert.equal(stackOf(next)?.resources, 0);
            assert.ok(fs.readdirSync(dir).some((name) => name.startsWith("backend.2")));
            await deploy(next);
        });

        it("keeps empty stacks over a stop", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const { sandbox } = await start(dir, project);
            await sandbox.stop();
            const { notices } = await start(dir, project);
            assert.deepEqual(notices, ["Starting the AWS stand-in ..."]);
            assert.ok(!fs.readdirSync(dir).some((name) => name.startsWith("backend.2")));
        });

        it("notices a damaged state file and finds the running control plane all the same", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const { sandbox } = await start(dir, project);
            await deploy(sandbox);
            fs.writeFileSync(statePaths(dir).state, "{");
            const { sandbox: next, notices } = await start(dir, project);
            assert.match(
                notices.join("\n"),
                /state\.json cannot be used .*\n.*Found the AWS stand-in of a command/,
            );
            assert.equal(next.endpoint, sandbox.endpoint);
            assert.equal(stackOf(next)?.resources, 1);
        });

        it("replaces a control plane that does not answer", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            await start(dir, project);
            const old = controlPlaneOf(dir);
            // Another instance than the recorded one answers: as if the port had gone to someone else.
            writeStateOf(dir, {
                controlPlane: { ...old, port: 1, instance: "another" },
            });
            const { notices } = await start(dir, project);
            assert.match(notices.join("\n"), /does not answer; it is started anew/);
            assert.equal(processIdentity(old.pid), undefined);
            assert.equal(sandboxProcesses(dir).length, 1);
        });

        it("never stops a process that has got a recorded id", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const { sandbox } = await start(dir, project);
            await sandbox.stop();
            const bystander = spawn("sleep", ["60"]);
            const identity = processIdentity(bystander.pid ?? 0);
            assert.ok(identity);
            try {
                const controlPlane = { pid: identity.pid, startTime: "earlier", port: 1, instance: "old" };
                writeStateOf(dir, { controlPlane });
                fs.writeFileSync(path.join(statePaths(dir).controlPlane, "pid"), `${String(identity.pid)}\n`);
                assert.deepEqual(sandboxProcesses(dir), []);
                await stopSandbox(dir);
                await start(dir, project);
                assert.deepEqual(processIdentity(identity.pid), identity);
            } finally {
                bystander.kill("SIGKILL");
            }
        });
    });

    describe("a start that does not come to its end", () => {
        function startInOwnProcess(dir: string, project: string): ChildProcess {
            started.push(dir);
            // As if moto took its time: killed in between, there is a process and no record of it.
            const env = { ...process.env, FAKE_SERVER: "slow" };
            const script = path.join(FIXTURES, "start.ts");
            return spawn(process.execPath, [...TYPESCRIPT, script, dir, project], {
                env,
                stdio: ["ignore", "pipe", "pipe"],
            });
        }

        async function untilControlPlaneRuns(dir: string): Promise<ProcessIdentity> {
            for (;;) {
                const [found] = sandboxProcesses(dir);
                if (found !== undefined) {
                    return found;
                }
                await sleep(20);
            }
        }

        for (const next of ["start", "stop"] as const) {
            it(`killed between starting and recording the control plane: the next ${next} finds it`, async () => {
                const [dir, project] = [temporaryFolder(), tinyProject()];
                const starter = startInOwnProcess(dir, project);
                const controlPlane = await untilControlPlaneRuns(dir);
                starter.kill("SIGKILL");
                await once(starter, "exit");
                assert.equal(fs.existsSync(statePaths(dir).state), false, "killed too late for this test");
                assert.deepEqual(processIdentity(controlPlane.pid), controlPlane);
                if (next === "start") {
                    await start(dir, project);
                    assert.equal(sandboxProcesses(dir).length, 1);
                } else {
                    assert.deepEqual(await stopSandbox(dir), []);
                    assert.deepEqual(sandboxProcesses(dir), []);
                }
                assert.equal(processIdentity(controlPlane.pid), undefined);
            });
        }

        it("interrupted: stops what it has started", async () => {
            const [dir, project] = [temporaryFolder(), tinyProject()];
            const starter = startInOwnProcess(dir, project);
            await untilControlPlaneRuns(dir);
            starter.kill("SIGTERM");
            assert.deepEqual(await once(starter, "exit"), [1, null]);
            assert.deepEqual(sandboxProcesses(dir), []);
        });

        it("fails with the end of the log when the control plane ends, and leaves nothing", async () => {
            const dir = temporaryFolder();
            await assert.rejects(
                start(dir, tinyProject(), { FAKE_SERVER: "crash" }),
                /The AWS stand-in ended at once\. The end of its log, .*server\.log:\nno moto today/,
            );
            assert.deepEqual(sandboxProcesses(dir), []);
        });

        it("fails when the project is none", async () => {
            await assert.rejects(start(temporaryFolder(), temporaryFolder()), /has no Pulumi\.yaml/);
        });
    });
});

/** Reads a child's stdout until it matches. */
async function outputOf(child: ChildProcess, pattern: RegExp): Promise<void> {
    let output = "";
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    for await (const chunk of child.stdout ?? []) {
        output += String(chunk);
        if (pattern.test(output)) {
            return;
        }
    }
    assert.fail(`ended without ${String(pattern)}:\n${output}`);
}
