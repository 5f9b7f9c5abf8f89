import * as path from "node:path";
import type { Log } from "../system/cache";
import type { CommandRunner } from "../system/command";
import { SandboxError } from "../system/errors";
import { atLeast, cliModule, type EngineModule, languageHostModule, parseVersion } from "./version";

/** The first Go that fetches a newer toolchain by itself when a module asks for one. */
const OLDEST_GO = [1, 21, 0] as const;
const HEARTBEAT_MS = 15_000;
/** Set by the linker; without it the engine has no version to say. */
const VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

function goIsMissing(problem: string, module: EngineModule): SandboxError {
    return new SandboxError(`${problem}: install Go ${module.go} or newer (https://go.dev/dl/)`);
}

async function checkGo(run: CommandRunner, env: NodeJS.ProcessEnv, module: EngineModule): Promise<void> {
    let output: string;
    try {
        output = (await run("go", ["version"], { env })).stdout;
    } catch {
        throw goIsMissing("Go is not installed", module);
    }
    const version = parseVersion(output);
    if (version === undefined || !atLeast(version, OLDEST_GO)) {
        throw goIsMissing(`${output.trim() || "go"} is too old`, module);
    }
}

/** Says every now and then that the work goes on. */
async function withHeartbeat<T>(log: Log, what: string, usual: string, work: Promise<T>): Promise<T> {
    log(`${what} (usually ${usual} on 2 cores) ...`);
    const start = Date.now();
    const timer = setInterval(() => {
        log(
            `  still going after ${String(Math.round((Date.now() - start) / 1000))} s (usually ${usual}) ...`,
        );
    }, HEARTBEAT_MS);
    try {
        return await work;
    } finally {
        clearInterval(timer);
    }
}

function explain(stderr: string, module: EngineModule): SandboxError {
    if (/requires go >=|toolchain not available/.test(stderr)) {
        return goIsMissing("the installed Go is too old and cannot fetch a newer one", module);
    }
    if (/dial tcp|no such host|i\/o timeout|connection refused|network is unreachable/.test(stderr)) {
        return new SandboxError(
            "the Go module proxy cannot be reached: connect to the network, or set GOPROXY to one that can be reached",
        );
    }
    return new SandboxError(
        `go build of ${module.package} failed:\n${stderr.trim().split("\n").slice(-15).join("\n")}`,
    );
}

/**
 * Builds the engine from its Go modules into the existing `folder`. The modules are pinned by go.sum, so the Go tool
 * verifies what it downloads.
 *
 * @throws SandboxError that says what is missing and what to install.
 */
export async function buildEngine(
    folder: string,
    run: CommandRunner,
    log: Log,
    env: NodeJS.ProcessEnv,
    signal?: AbortSignal,
): Promise<void> {
    const cli = cliModule();
    await checkGo(run, env, cli);
    // Without cgo the build needs no C compiler, and its result no C library.
    const goEnv = { ...env, CGO_ENABLED: "0", GOWORK: "off" };
    const build = async (module: EngineModule, output: string): Promise<void> => {
        const flags = ["-trimpath", "-mod=readonly", "-buildvcs=false"];
        const linker = `-s -w -X ${VERSION_VARIABLE}=v${module.version}`;
        const args = ["build", ...flags, "-ldflags", linker, "-o", path.join(folder, output), module.package];
        const built = await run("go", args, { cwd: module.folder, env: goEnv, ...(signal && { signal }) });
        signal?.throwIfAborted();
        if (built.code !== 0) {
            throw explain(built.stderr, module);
        }
    };
    await withHeartbeat(
        log,
        `Building the Pulumi CLI ${cli.version} with Go`,
        "3 minutes",
        build(cli, "pulumi"),
    );
    const host = languageHostModule();
    const what = `Building the Node language host ${host.version} with Go`;
    await withHeartbeat(log, what, "15 to 35 seconds", build(host, "pulumi-language-nodejs"));
}
