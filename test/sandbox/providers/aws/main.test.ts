import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import * as grpc from "@grpc/grpc-js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { sdkVersion } from "../../../../sandbox/providers/server/sdk-schema";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the stub's declaration file is empty at run time
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb") as {
    ResourceProviderClient: new (
        address: string,
        credentials: grpc.ChannelCredentials,
    ) => grpc.Client & {
        getPluginInfo(request: Empty, callback: (error: Error | null, info: PluginInfo) => void): void;
    };
};

const REPOSITORY = path.join(__dirname, "../../../..");
const MAIN = ["-r", "ts-node/register/transpile-only", "sandbox/providers/aws/main.ts"];

describe("the provider's process", function () {
    this.timeout(60_000);

    it("prints its port first of all, and stands in for the installed SDK's version", async () => {
        const child = spawn(process.execPath, MAIN, {
            cwd: REPOSITORY,
            stdio: ["ignore", "pipe", "inherit"],
        });
        try {
            const [port] = (await once(createInterface(child.stdout), "line")) as [string];
            assert.match(port, /^\d+$/);
            const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
            const info = await new Promise<PluginInfo>((resolve, reject) =>
                client.getPluginInfo(new Empty(), (error, answer) =>
                    error ? reject(error) : resolve(answer),
                ),
            );
            assert.equal(info.getVersion(), sdkVersion("@pulumi/aws"));
            client.close();
        } finally {
            child.kill();
            await once(child, "exit");
        }
    });

    it("ends with the process that started it", async () => {
        // A shell that stays, unlike one that `exec`s; it prints the provider's id and is then killed.
        const script = `"$0" "$@" & echo "pid $!"; wait`;
        const shell = spawn("/bin/sh", ["-c", script, process.execPath, ...MAIN], {
            cwd: REPOSITORY,
            stdio: ["ignore", "pipe", "inherit"],
        });
        const lines = createInterface(shell.stdout)[Symbol.asyncIterator]();
        const next = async () => String((await lines.next()).value);
        const printed = [await next(), await next()];
        const pid = Number(/^pid (\d+)$/.exec(printed.find((line) => line.startsWith("pid")) ?? "")?.[1]);
        assert.ok(isAlive(pid));
        shell.kill("SIGKILL");
        for (let waited = 0; isAlive(pid) && waited < 10_000; waited += 100) await sleep(100);
        assert.ok(!isAlive(pid));
    });
});

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}
