import assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer } from "node:http";
import * as path from "node:path";
import { CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { defaultFolder, sandboxProcesses, stopSandbox } from "../../sandbox";
import { type CommandResult, runCommand } from "../../sandbox/system/command";
import { userFolder } from "../../sandbox/commands/run";
import { findEngine } from "../../sandbox/engine";
import { REPOSITORY } from "../../sandbox/runtime/plugins";
import { type State, statePaths } from "../../sandbox/runtime/state";
import { bringVenv } from "../../sandbox/runtime/venv";
import { removeTemporaryFolders, temporaryFolder, tinyProject } from "./runtime/support";

const BOOTSTRAP = path.join(REPOSITORY, "sandbox", "bootstrap.js");

/** The commands of the npm scripts, on the real thing: this repository, moto and the engine. */
describe("command line", function () {
    this.timeout(60_000);

    let dir: string;

    /** Runs a command as a user who stands in `cwd`. */
    const cli = (args: readonly string[], cwd = REPOSITORY): Promise<CommandResult> =>
        runCommand(process.execPath, [BOOTSTRAP, ...args], {
            cwd,
            env: { ...process.env, PULSAR_LAB_SANDBOX_DIR: dir, npm_lifecycle_event: "" },
        });

    before(async function () {
        // Normally there already: npm test brings it. The limit is for a run of this file alone on a new machine.
        this.timeout(15 * 60_000);
        dir = path.join(temporaryFolder(), "sandbox");
        process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
        await findEngine({ log: () => undefined });
        await bringVenv({ log: () => undefined });
    });

    after(async () => {
        await stopSandbox(dir);
        removeTemporaryFolders();
    });

    describe("understands", () => {
        it("its own commands alone", async () => {
            const unknown = await cli(["strat"]);
            assert.equal(unknown.code, 2);
            assert.match(unknown.stderr, /^Error: there is no command "strat"\.\n\nUsage: /);
            assert.equal((await cli(["--help"])).code, 0);
        });

        it("only their arguments", async () => {
            const { code, stderr } = await cli(["start", "lab"]);
            assert.deepEqual(
                [code, stderr],
                [1, 'Error: npm start does not know "lab": it takes only --stack <stack>.\n'],
            );
            assert.match((await cli(["run"])).stderr, /^Error: npm run sandbox needs a command, like: /);
        });
    });

    describe("stop", () => {
        it("says when nothing runs, and that is no failure", async () => {
            const { code, stderr } = await cli(["stop"]);
            assert.deepEqual([code, stderr], [0, "The sandbox is not running.\n"]);
        });

        it("drops no folder that is not a sandbox's", async () => {
            fs.mkdirSync(dir, { recursive: true });
            fs.writeFileSync(path.join(dir, "precious"), "");
            const { code, stderr } = await cli(["stop", "--force"]);
            assert.deepEqual([code, stderr], [0, `There is no sandbox in ${dir}.\n`]);
            assert.deepEqual(fs.readdirSync(dir), ["precious"]);
        });
    });

    describe("run", () => {
        it("starts what is needed, and gives the command's output alone, its exit code and its folder", async () => {
            const cwd = temporaryFolder();
            const script = "pwd -P; echo $AWS_ENDPOINT_URL; echo problem >&2; exit 7";
            const first = await cli(["run", "sh", "-c", script], cwd);
            assert.equal(first.code, 7);
            assert.match(first.stdout, /^\S+\nhttp:\/\/127\.0\.0\.1:\d+\n$/);
            assert.match(first.stderr, /Starting the AWS stand-in/);
            const second = await cli(["run", "sh", "-c", script], cwd);
            assert.deepEqual(second, { code: 7, stdout: first.stdout, stderr: "problem\n" });
            assert.equal(second.stdout.split("\n")[0], cwd);
        });

        it("says when there is no such command", async () => {
            const { code, stderr } = await cli(["run", "no-such-command"]);
            assert.deepEqual([code, stderr], [127, "Error: no-such-command: command not found\n"]);
        });

        it("knows where the user stands, whom npm run has moved to the repository", () => {
            const npm = { npm_lifecycle_event: "sandbox", INIT_CWD: "/home/me" };
            assert.equal(userFolder(npm, REPOSITORY), "/home/me");
            // A command of a shell in the sandbox inherits INIT_CWD from the npm that started the shell.
            assert.equal(userFolder(npm, "/elsewhere"), "/elsewhere");
            assert.equal(userFolder({ INIT_CWD: "/home/me" }, REPOSITORY), REPOSITORY);
        });

        it("has a stack for each of the project's stack files, and writes nothing tracked", async () => {
            const before = (await runCommand("git", ["status", "--porcelain"], { cwd: REPOSITORY })).stdout;
            const { code, stdout } = await cli(["run", "pulumi", "stack", "ls", "--json"]);
            assert.equal(code, 0);
            const names = (JSON.parse(stdout) as { name: string; current: boolean }[]).map(
                ({ name }) => name,
            );
            assert.deepEqual(names.sort(), ["dev", "lab"]);
            const after = (await runCommand("git", ["status", "--porcelain"], { cwd: REPOSITORY })).stdout;
            assert.equal(after, before);
        });
    });

    describe("stop of what runs", () => {
        it("destroys the stacks of every project, proves it, and ends every process", async () => {
            const other = tinyProject();
            for (const args of [
                ["stack", "init", "dev"],
                ["up", "--yes", "--skip-preview", "--stack", "dev"],
            ]) {
                const done = await cli(["run", "pulumi", "-C", other, ...args]);
                assert.equal(done.code, 0, done.stdout + done.stderr);
            }
            const { code, stdout, stderr } = await cli(["stop"]);
            assert.equal(code, 0, stdout + stderr);
            assert.match(stderr, /Destroying the stack dev of tiny/);
            assert.ok(stdout.endsWith("0 resources left\n0 processes left\n"), stdout);
            assert.deepEqual(sandboxProcesses(dir), []);
        });

        it("fails on what no stack knows of, names it, keeps the sandbox; and drops it when forced", async () => {
            const { stdout: endpoint } = await cli(["run", "printenv", "AWS_ENDPOINT_URL"]);
            const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
            const ec2 = new EC2Client({ endpoint: endpoint.trim(), region: "us-east-1", credentials });
            const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }));
            ec2.destroy();

            const failed = await cli(["stop"]);
            assert.equal(failed.code, 1);
            assert.match(failed.stdout, /[1-9]\d* resources left/);
            assert.match(
                failed.stderr,
                new RegExp(`Still there: ec2 \\S+ ${Vpc?.VpcId ?? "?"} \\(us-east-1\\)`),
            );
            assert.match(failed.stderr, /npm stop -- --force/);
            assert.equal(sandboxProcesses(dir).length, 1);

            const forced = await cli(["stop", "--force"]);
            assert.deepEqual([forced.code, forced.stdout], [0, "0 processes left\n"]);
            assert.deepEqual(fs.readdirSync(dir), ["precious"], "nothing but its own is removed");
        });
    });

    describe("its folder", () => {
        it("uses the folder that the environment names, or .sandbox in the repository", () => {
            assert.equal(defaultFolder({}), path.join(REPOSITORY, ".sandbox"));
            assert.equal(defaultFolder({ PULSAR_LAB_SANDBOX_DIR: "" }), path.join(REPOSITORY, ".sandbox"));
            assert.equal(defaultFolder({ PULSAR_LAB_SANDBOX_DIR: "/elsewhere" }), "/elsewhere");
        });
    });

    describe("a stale state", () => {
        it("restarts a control plane whose port has gone to something else", async () => {
            await cli(["run", "true"]);
            const paths = statePaths(dir);
            const state = JSON.parse(fs.readFileSync(paths.state, "utf8")) as State;
            const stranger = createServer((_request, response) => response.end("{}")).listen(0, "127.0.0.1");
            try {
                await new Promise((resolve) => stranger.once("listening", resolve));
                const address = stranger.address();
                assert.ok(typeof address === "object" && address !== null && state.controlPlane);
                const controlPlane = { ...state.controlPlane, port: address.port };
                fs.writeFileSync(paths.state, JSON.stringify({ ...state, controlPlane }));
                const { code, stderr } = await cli(["run", "true"]);
                assert.equal(code, 0);
                assert.match(stderr, /does not answer; it is started anew/);
            } finally {
                stranger.close();
            }
        });
    });
});
