import { parseOptions } from "../runtime/arguments";
import { passThrough } from "../system/command";
import { SandboxError } from "../system/errors";
import { Sandbox } from "../index";
import type { Command } from "./context";
import { recoverInterrupted } from "./recover";

/** The stack outputs that hold what the deployment's checks have found: a table for people, and whether all is well. */
const MATRIX_OUTPUT = "connectivityMatrix";
const HEALTHY_OUTPUT = "connectivityHealthy";

type Outputs = Readonly<Record<string, unknown>>;

async function readOutputs(sandbox: Sandbox, stack: string): Promise<Outputs> {
    const { code, stdout, stderr } = await sandbox.pulumi(["stack", "output", "--json", "--stack", stack]);
    if (code !== 0) {
        throw new SandboxError(`The outputs of the stack ${stack} cannot be read:\n${stderr.trim()}`);
    }
    return JSON.parse(stdout) as Outputs;
}

function renderOutputs(outputs: Outputs): string[] {
    const entries = Object.entries(outputs).filter(([name]) => name !== MATRIX_OUTPUT);
    const width = Math.max(0, ...entries.map(([name]) => name.length));
    return entries.map(([name, value]) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        return `  ${name.padEnd(width)}  ${text}`;
    });
}

/** `npm start`: the sandbox, with a stack deployed and its connectivity proven. */
export const start: Command = async (args, { log, print, signal }) => {
    const { stack = "dev" } = parseOptions("start", args, { stack: "value" });
    const sandbox = await Sandbox.start({ log, signal });
    await recoverInterrupted(sandbox, log, stack);
    const env = sandbox.env;
    // The outputs are printed afterwards, with the matrix as a table.
    const up = ["up", "--yes", "--refresh", "--suppress-outputs", "--stack", stack];
    const code = await passThrough("pulumi", up, { cwd: sandbox.projectDir, env });
    if (code !== 0) {
        log(
            `The deployment of the stack ${stack} failed (exit code ${String(code)}); the sandbox keeps running.`,
        );
        log("Try again with npm start; take everything down with npm stop.");
        return code;
    }
    const outputs = await readOutputs(sandbox, stack);
    print(["", "Outputs", ...renderOutputs(outputs)].join("\n"));
    const matrix = outputs[MATRIX_OUTPUT];
    if (typeof matrix !== "string") {
        log(`The stack ${stack} has no output ${MATRIX_OUTPUT}, so nothing has proven its connectivity.`);
        return 1;
    }
    print(["", "Connectivity", matrix, ""].join("\n"));
    const healthy = outputs[HEALTHY_OUTPUT] === true;
    log(
        healthy
            ? "Everything reaches what it must, and nothing else."
            : "The connectivity is not as intended.",
    );
    log("The sandbox keeps running. Next:");
    log("  npm run sandbox -- pulumi preview     any command in the sandbox");
    log("  npm stop                              destroy everything and stop it");
    return healthy ? 0 : 1;
};
