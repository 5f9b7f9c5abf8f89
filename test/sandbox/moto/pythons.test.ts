import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { runCommand } from "../../../sandbox/system/command";
import { TESTED_PYTHONS } from "../../../sandbox/runtime/venv";
import { START_TIMEOUT_MS, startServer } from "./support/server";

/** A command for a version of Python: on the path, or among those that pyenv has installed. */
async function find(version: string): Promise<string | undefined> {
    const installed = path.join(process.env.PYENV_ROOT ?? path.join(os.homedir(), ".pyenv"), "versions");
    const names = fs.existsSync(installed) ? fs.readdirSync(installed) : [];
    const own = names
        .filter((name) => `python${name}.`.startsWith(`${version}.`))
        .map((name) => path.join(installed, name, "bin", version));
    for (const command of [version, ...own]) {
        const asked = await runCommand(command, ["-m", "venv", "--help"], {}).catch(() => undefined);
        if (asked?.code === 0) return command;
    }
    return undefined;
}

describe("sandbox/moto on every Python that is installed here", () => {
    for (const version of TESTED_PYTHONS) {
        it(`starts, answers and stops on ${version}`, async function () {
            this.timeout(START_TIMEOUT_MS);
            const command = await find(version);
            if (command === undefined) this.skip();
            const server = await startServer([command]);
            try {
                const { endpoint } = server;
                const credentials = { accessKeyId: "test", secretAccessKey: "test" };
                const ec2 = new EC2Client({ endpoint, region: "us-east-1", credentials });
                const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.1/16" }));
                assert.equal(Vpc?.CidrBlock, "10.0.0.0/16");
            } finally {
                await server.stop();
            }
            assert.equal(server.process.exitCode, 0);
        });
    }
});
