import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Sandbox } from "../sandbox";
import { EventLog, type Operation, timeByType } from "./events";
import { writeEmptyProgram } from "./empty-program";

/** How often each command is measured; the median counts. */
const RUNS = 3;

interface Measurement {
    readonly seconds: number;
    readonly operations: readonly Operation[];
}

/**
 * Preview and up of both stacks against a program of as many resources that do nothing: what is left is the program's own share.
 * Then where the time of an up goes, by type of resource.
 */
export async function benchDeploy(): Promise<void> {
    const dir = await mkdtemp(path.join(tmpdir(), "pulsar-lab-bench-"));
    try {
        for (const stack of ["dev", "lab"]) {
            const real = await measure(path.join(dir, stack), stack);
            const counts = countKinds(real.up.operations);
            const project = path.join(dir, `${stack}-empty`);
            await writeEmptyProgram(project, stack, counts);
            const empty = await measure(path.join(dir, `${stack}-empty-sandbox`), stack, project);
            report(stack, real, empty, counts);
        }
    } finally {
        await rm(dir, { recursive: true, force: true });
    }
}

interface Deployment {
    readonly preview: Measurement;
    readonly up: Measurement;
}

async function measure(dir: string, stack: string, project?: string): Promise<Deployment> {
    const sandbox = await Sandbox.start({ dir, project });
    try {
        // Protected data would refuse to be destroyed between two runs.
        if (project === undefined) {
            const unprotected = ["config", "set", "pulsar-lab:protectData", "false", "--stack", stack];
            const { code, stderr } = await sandbox.pulumi(unprotected);
            if (code !== 0) throw new Error(stderr);
        }
        const run = async (...args: string[]): Promise<Measurement> => {
            const events = path.join(dir, "events.json");
            await writeFile(events, "");
            const log = new EventLog(events);
            const begun = performance.now();
            const command = [...args, "--stack", stack, "--non-interactive", "--event-log", events];
            const { code, stdout, stderr } = await sandbox.pulumi(command, {
                env: { PULUMI_DEBUG_COMMANDS: "true" },
            });
            const seconds = (performance.now() - begun) / 1000;
            const operations = log.finish();
            if (code !== 0) throw new Error(stdout + stderr);
            return { seconds, operations };
        };
        const previews: Measurement[] = [];
        const ups: Measurement[] = [];
        for (let index = 0; index < RUNS; index++) {
            previews.push(await run("preview"));
            ups.push(await run("up", "--yes", "--skip-preview"));
            await run("destroy", "--yes", "--skip-preview");
        }
        return { preview: median(previews), up: median(ups) };
    } finally {
        await sandbox.stop();
    }
}

function median(measurements: Measurement[]): Measurement {
    const sorted = [...measurements].sort((one, other) => one.seconds - other.seconds);
    const middle = sorted[Math.floor(sorted.length / 2)];
    if (!middle) throw new Error("nothing was measured");
    return middle;
}

function countKinds(operations: readonly Operation[]): { custom: number; components: number } {
    const created = operations.filter(({ op, type }) => op === "create" && type !== "pulumi:pulumi:Stack");
    const components = created.filter(({ custom }) => !custom).length;
    return { custom: created.length - components, components };
}

function report(
    stack: string,
    real: Deployment,
    empty: Deployment,
    { custom, components }: { custom: number; components: number },
): void {
    console.log(`\n${stack}: ${custom} resources and ${components} components, median of ${RUNS} runs`);
    for (const command of ["preview", "up"] as const) {
        const ratio = real[command].seconds / empty[command].seconds;
        console.log(
            `  ${command.padEnd(8)} ${real[command].seconds.toFixed(1)} s, empty program ${empty[command].seconds.toFixed(1)} s, ratio ${ratio.toFixed(2)}`,
        );
    }
    reportPhases(real.up);
    console.log(
        "  the up by type, busy seconds (operations run side by side, so that they add up to more than the whole):",
    );
    for (const { type, seconds, count } of timeByType(real.up.operations).slice(0, 12)) {
        console.log(`    ${seconds.toFixed(2).padStart(6)} s  ${String(count).padStart(3)}  ${type}`);
    }
}

/** An up in three parts: the engine and the program start, resources are made, everything is shut down. */
function reportPhases({ seconds, operations }: Measurement): void {
    const made = operations.filter(({ type }) => type !== "pulumi:pulumi:Stack");
    const first = Math.min(...made.map(({ begun }) => begun));
    const last = Math.max(...made.map((operation) => operation.begun + operation.seconds));
    const checks = made.filter(({ type }) => type.endsWith("ConnectivityCheck"));
    const checking = checks.reduce((sum, check) => sum + check.seconds, 0);
    console.log(
        `  the up by phase: ${first.toFixed(1)} s until the first resource, ${(last - first).toFixed(1)} s making them ` +
            `(${checking.toFixed(2)} s of it checks), ${(seconds - last).toFixed(1)} s ending`,
    );
}
