import { EC2Client } from "@aws-sdk/client-ec2";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";

import { parseOptions } from "../runtime/arguments";
import { SandboxError } from "../system/errors";
import { FAULTS } from "../faults";
import { Sandbox } from "../index";
import type { Command } from "./context";

const list = (): string[] =>
    Object.entries(FAULTS).map(([row, { title, code }]) => `  ${row.padStart(2)}  ${title} (${code})`);

/** `npm run break -- ROW [--stack STACK]`: breaks a deployed network behind Pulumi's back; without a row, lists the faults. */
export const breakNetwork: Command = async ([row, ...rest], { log, print, signal }) => {
    if (row === undefined) {
        print(
            [
                "npm run break -- ROW [--stack STACK] breaks the network of a stack (dev). Rows:",
                ...list(),
            ].join("\n"),
        );
        return 0;
    }
    const fault = FAULTS[Number(row)];
    if (fault === undefined) {
        throw new SandboxError([`There is no fault ${row}. There are:`, ...list()].join("\n"));
    }
    const { stack = "dev" } = parseOptions("break", rest, { stack: "value" });
    const sandbox = await Sandbox.start({ log, signal });
    const [vpcId, region] = await Promise.all(
        ["vpcId", "region"].map((name) => output(sandbox, stack, name)),
    );
    if (vpcId === undefined || region === undefined) {
        throw new SandboxError(
            `The stack ${stack} is not deployed: run npm start -- --stack ${stack} first.`,
        );
    }
    const settings = sandbox.clientSettings(region);
    const broken = await fault.inject({
        ec2: new EC2Client(settings),
        sageMaker: new SageMakerClient(settings),
        vpcId,
    });
    print(`Broken: ${fault.title} (${broken.join(", ")}).`);
    log("To see it found and repaired, any of:");
    log(`  npm start -- --stack ${stack}`);
    log(
        `  npm run sandbox -- pulumi up --yes --stack ${stack} --config-path --config checks.everyUpdate=true`,
    );
    return 0;
};

async function output(sandbox: Sandbox, stack: string, name: string): Promise<string | undefined> {
    const { code, stdout } = await sandbox.pulumi(["stack", "output", name, "--stack", stack]);
    return code === 0 ? stdout.trim() : undefined;
}
