import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { Deployment } from "./deployment";

describe("an up that is killed", function () {
    this.timeout(180_000);
    let deployment: Deployment;
    before(async () => {
        deployment = await Deployment.start({ resident: false });
    });
    after(() => deployment.stop());

    /** Begins an `up` and kills it (SIGKILL: nothing can be tidied up) once AWS has made `resources` things. */
    const killAfter = async (stack: string, resources: number): Promise<void> => {
        const child = deployment.sandbox.spawnPulumi(["up", "--yes", "--skip-preview", "--stack", stack]);
        child.stdout?.resume();
        child.stderr?.resume();
        const exited = once(child, "exit");
        while ((await deployment.sandbox.resources()).length < resources) {
            assert.equal(child.exitCode, null, "the up ended before it was killed");
            await sleep(50);
        }
        child.kill("SIGKILL");
        await exited;
    };

    /** As a user would: `npm run lab -- recover`, with the sandbox's environment. */
    const recover = async (stack: string): Promise<void> => {
        await deployment.pulumi("cancel", "--yes", "--stack", stack);
        const cli = path.join(__dirname, "../../../operations/lab.js");
        await promisify(execFile)(process.execPath, [cli, "recover", "--stack", stack], {
            env: deployment.sandbox.env,
        });
    };

    for (const [what, stack, kills] of [
        ["of a network", "killed", [12]],
        ["of a whole lab, twice", "dev", [30, 60]],
    ] as const)
        it(`${what} is resumed by the next one, and destroyed without a trace`, async () => {
            if (stack === "killed") await deployment.configure(stack);
            for (const resources of kills) {
                await killAfter(stack, resources);
                await recover(stack);
            }
            const up = await deployment.up(stack);
            assert.equal(up.code, 0, up.text);
            assert.equal((await deployment.outputs(stack)).connectivityHealthy, true);

            const destroy = await deployment.pulumi("destroy", "--yes", "--stack", stack);
            assert.equal(destroy.code, 0, destroy.text);
            assert.deepEqual(await deployment.sandbox.resources(), []);
        });
});
