import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { runCommand } from "../../../sandbox/system/command";
import { type Engine, findEngine, type FindEngineOptions } from "../../../sandbox/engine";
import { engineKey, fits } from "../../../sandbox/engine/version";
import {
    type FakeCommands,
    fakeRunner,
    recordingLog,
    removeTemporaryFolders,
    temporaryFolder,
} from "../runtime/support";

const VERSION = "3.250.0";

/** An address where nothing listens. */
const NO_SERVER = "http://127.0.0.1:65530";

function executable(file: string): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 });
}

/** Go that "builds" by writing the output file. */
function fakeGo(version = "go1.26.0"): FakeCommands {
    return {
        "go version": () => ({ stdout: `go version ${version} linux/amd64\n` }),
        "go build": (args) => {
            executable(args[args.indexOf("-o") + 1] ?? "");
            return {};
        },
    };
}

interface Attempt {
    readonly engine: Promise<Engine>;
    readonly calls: readonly string[];
    readonly lines: readonly string[];
}

function attempt(
    commands: FakeCommands,
    env: NodeJS.ProcessEnv = {},
    options: Partial<FindEngineOptions> = {},
): Attempt {
    const { calls, run } = fakeRunner({ "pulumi version": () => ({ stdout: `v${VERSION}\n` }), ...commands });
    const { lines, log } = recordingLog();
    const all = { XDG_CACHE_HOME: temporaryFolder(), PATH: "", ...env };
    return {
        engine: findEngine({ log, env: all, run, download: { baseUrl: NO_SERVER }, ...options }),
        calls,
        lines,
    };
}

function folderWithPulumi(files: readonly string[] = ["pulumi", "pulumi-language-nodejs"]): string {
    const folder = temporaryFolder();
    files.forEach((file) => executable(path.join(folder, file)));
    return folder;
}

describe("engine", () => {
    after(removeTemporaryFolders);

    describe("on PATH", () => {
        it("is taken before everything else when it fits", async () => {
            const folder = folderWithPulumi();
            const { engine, calls } = attempt(fakeGo(), { PATH: `/nowhere:${folder}` });
            assert.deepEqual(await engine, {
                source: "path",
                version: VERSION,
                pulumi: path.join(folder, "pulumi"),
            });
            assert.deepEqual(calls, ["pulumi version"]);
        });

        const rejected: [string, string, FakeCommands][] = [
            ["too old", "3.239.9", {}],
            ["of another major version", "4.0.0", {}],
            ["silent about its version", "", {}],
        ];
        for (const [what, version] of rejected) {
            it(`is passed over when it is ${what}`, async () => {
                const PATH = folderWithPulumi();
                const commands = { "pulumi version": () => ({ stdout: version }) };
                const { engine } = attempt(commands, { PATH, PULSAR_LAB_ENGINE: "path" });
                await assert.rejects(engine, /PATH: .*pulumi (has version|does not say)/);
            });
        }

        it("is passed over without the language host beside it", async () => {
            const PATH = folderWithPulumi(["pulumi"]);
            const { engine } = attempt({}, { PATH, PULSAR_LAB_ENGINE: "path" });
            await assert.rejects(engine, /no pulumi-language-nodejs beside it/);
        });

        it("is never the wrapper of a sandbox around us", async () => {
            const PATH = folderWithPulumi(["pulumi", "pulumi-language-nodejs", ".pulsar-lab-sandbox"]);
            const { engine } = attempt({}, { PATH, PULSAR_LAB_ENGINE: "path" });
            await assert.rejects(engine, /there is no pulumi on PATH/);
        });

        it("fits from 3.240 to below 4", () => {
            assert.deepEqual(
                [fits([3, 239, 9]), fits([3, 240, 0]), fits([3, 250, 0]), fits([4, 0, 0]), fits([2, 300, 0])],
                [false, true, true, false, false],
            );
        });
    });

    describe("by a build", () => {
        it("comes after PATH and the download, goes to the cache, and is made once", async () => {
            const XDG_CACHE_HOME = temporaryFolder();
            const first = attempt(fakeGo(), { XDG_CACHE_HOME });
            const { source, version, pulumi } = await first.engine;
            assert.deepEqual([source, version], ["build", VERSION]);
            assert.ok(
                pulumi.startsWith(path.join(XDG_CACHE_HOME, "pulsar-lab", "engine", engineKey())),
                pulumi,
            );
            assert.ok(fs.existsSync(path.join(path.dirname(pulumi), "pulumi-language-nodejs")));
            assert.match(first.lines.join("\n"), /No Pulumi engine by download: .*ECONNREFUSED/);
            assert.match(
                first.lines.join("\n"),
                /Building the Pulumi CLI 3\.250\.0 with Go \(usually 3 minutes/,
            );
            assert.match(first.lines.join("\n"), /Building the Node language host 3\.65\.0/);

            const second = attempt({}, { XDG_CACHE_HOME });
            assert.deepEqual(await second.engine, { source: "cache", version: VERSION, pulumi });
            assert.deepEqual(second.calls, []);
        });

        it("tells the engine its version, and builds for no other C library", async () => {
            const { engine, calls } = attempt(fakeGo(), { PULSAR_LAB_ENGINE: "build" });
            await engine;
            const builds = calls.filter((call) => call.startsWith("go build"));
            assert.equal(builds.length, 2);
            assert.match(builds[0] ?? "", /version\.Version=v3\.250\.0 .*pkg\/v3\/cmd\/pulumi$/);
            assert.match(builds[1] ?? "", /version\.Version=v3\.65\.0 .*pulumi-language-nodejs$/);
        });

        it("is made once by two that need it at the same time", async () => {
            const XDG_CACHE_HOME = temporaryFolder();
            const slow = {
                ...fakeGo(),
                "go build": async (args: readonly string[]) => {
                    await new Promise((resolve) => setTimeout(resolve, 150));
                    return fakeGo()["go build"]?.(args) ?? {};
                },
            };
            const attempts = [attempt(slow, { XDG_CACHE_HOME }), attempt(slow, { XDG_CACHE_HOME })];
            const engines = await Promise.all(attempts.map(({ engine }) => engine));
            assert.equal(engines[0]?.pulumi, engines[1]?.pulumi);
            assert.deepEqual(engines.map(({ source }) => source).sort(), ["build", "cache"]);
            assert.equal(
                attempts.flatMap(({ calls }) => calls).filter((call) => call.startsWith("go build")).length,
                2,
            );
        });

        it("leaves nothing behind when it fails, and clears what a killed one left", async () => {
            const XDG_CACHE_HOME = temporaryFolder();
            const engines = path.join(XDG_CACHE_HOME, "pulsar-lab", "engine");
            executable(path.join(engines, `${engineKey()}-build.unfinished.1`, "pulumi"));
            // A folder without its record was not finished either.
            executable(path.join(engines, `${engineKey()}-build`, "pulumi"));
            const broken = { ...fakeGo(), "go build": () => ({ code: 1, stderr: "undefined: frobnicate" }) };
            const { engine } = attempt(broken, { XDG_CACHE_HOME });
            await assert.rejects(engine, /build: go build of .* failed:\nundefined: frobnicate/);
            assert.deepEqual(fs.readdirSync(engines), []);
        });

        it("is not used when it does not run", async () => {
            const commands = {
                ...fakeGo(),
                "pulumi version": () => ({ code: 126, stderr: "exec format error" }),
            };
            const { engine } = attempt(commands, { PULSAR_LAB_ENGINE: "build" });
            await assert.rejects(
                engine,
                /the new engine does not run: pulumi version gave exec format error/,
            );
        });
    });

    describe("that cannot be had", () => {
        const failures: [string, FakeCommands, RegExp][] = [
            ["no Go", {}, /build: Go is not installed: install Go 1\.25\.11 or newer/],
            [
                "an old Go",
                fakeGo("go1.19.8"),
                /build: go version go1\.19\.8 linux\/amd64 is too old: install Go 1\.25\.11/,
            ],
            [
                "a Go that may not fetch a newer one",
                {
                    ...fakeGo("go1.22.0"),
                    "go build": () => ({ code: 1, stderr: "go.mod requires go >= 1.25.11" }),
                },
                /the installed Go is too old and cannot fetch a newer one: install Go 1\.25\.11/,
            ],
            [
                "no network",
                {
                    ...fakeGo(),
                    "go build": () => ({
                        code: 1,
                        stderr: "dial tcp: lookup modules.example: no such host",
                    }),
                },
                /the Go module proxy cannot be reached/,
            ],
        ];
        for (const [what, commands, expected] of failures) {
            it(`is one error that says what to install: ${what}`, async () => {
                const { engine } = attempt(commands);
                await assert.rejects(engine, (error: Error) => {
                    assert.match(error.message, expected);
                    assert.match(error.message, /PATH: there is no pulumi on PATH/);
                    assert.match(error.message, /download: http:\/\/127\.0\.0\.1:65530.*ECONNREFUSED/);
                    assert.match(
                        error.message,
                        /Install Pulumi 3\.250\.0 \(https:.*\), or Go 1\.25\.11 or newer/,
                    );
                    return true;
                });
            });
        }
    });

    describe("from one source alone", () => {
        it("refuses an unknown source", async () => {
            const { engine } = attempt({}, { PULSAR_LAB_ENGINE: "attic" });
            await assert.rejects(
                engine,
                /PULSAR_LAB_ENGINE is "attic"; allowed are path, cache, download, build/,
            );
        });

        it("says when the cache is empty", async () => {
            const { engine, calls } = attempt(fakeGo(), {
                PULSAR_LAB_ENGINE: "cache",
                PATH: folderWithPulumi(),
            });
            await assert.rejects(engine, /cache: .* holds no engine of this version/);
            assert.deepEqual(calls, []);
        });

        it("does not build when only the download is allowed", async () => {
            const { engine, calls } = attempt(fakeGo(), { PULSAR_LAB_ENGINE: "download" });
            await assert.rejects(engine, /download: /);
            assert.deepEqual(calls, []);
        });
    });

    it("really runs, and says the version that it was taken for", async function () {
        // Normally there already: npm test brings it. The limit is for a run of this file alone on a new machine.
        this.timeout(15 * 60_000);
        const engine = await findEngine({ log: () => undefined });
        const { stdout } = await runCommand(engine.pulumi, ["version"]);
        assert.equal(stdout.trim(), `v${engine.version}`);
    });
});
