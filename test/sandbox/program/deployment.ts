import { EC2Client } from "@aws-sdk/client-ec2";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";

import { distinct, type Finding } from "../../../checks/messages";
import type { PlannedResource } from "./rules/resource";
import { Sandbox } from "../../../sandbox";

/** What a stack of these tests differs in; the rest is the smallest network with everything in it. */
export interface StackSettings {
    /**
     * A lab, whose services are off, or a foundation, which has a group of clients with flows of its own.
     * @default "lab"
     */
    readonly composition?: "lab" | "foundation";
    readonly network?: Record<string, unknown>;
    readonly checks?: Record<string, unknown>;
    /**
     * What else is configured, by its key, such as "neptune".
     * @default none
     */
    readonly others?: Readonly<Record<string, unknown>>;
}

/** The answer of a `pulumi` command. */
export interface Answer {
    readonly code: number;
    /** stdout and stderr together, as a user sees them. */
    readonly text: string;
}

/** The outputs of the program that these tests look at. */
export interface Outputs {
    readonly vpcId: string;
    readonly connectivityHealthy: boolean;
    /** A table for people. */
    readonly connectivityMatrix: string;
    readonly connectivityRepairs: unknown[];
}

/** A resource of a preview or a state. */
interface Recorded extends PlannedResource {
    /** Whether a provider makes it. */
    readonly custom: boolean;
}

/** The program of this repository in a sandbox of its own, one stack at a time. */
export class Deployment {
    private constructor(
        readonly sandbox: Sandbox,
        private readonly dir: string,
    ) {}

    /** @param resident what {@link Sandbox.start} calls so; not where an engine is killed. */
    static async start({ resident = true } = {}): Promise<Deployment> {
        const dir = await mkdtemp(path.join(tmpdir(), "pulsar-lab-test-"));
        return new Deployment(await Sandbox.start({ dir, resident }), dir);
    }

    async stop(): Promise<void> {
        await this.sandbox.stop();
        await rm(this.dir, { recursive: true, force: true });
    }

    /** Writes the configuration of a stack beside the program, and makes the stack when there is none. */
    async configure(
        stack: string,
        { composition, network, checks, others = {} }: StackSettings = {},
    ): Promise<void> {
        const config = {
            "aws:region": "us-east-1",
            "pulsar-lab:owner": "test",
            ...(composition === undefined ? {} : { "pulsar-lab:composition": composition }),
            "pulsar-lab:network": {
                availabilityZones: ["us-east-1a", "us-east-1b"],
                natGateways: "single",
                interfaceEndpoints: ["ssm"],
                ...network,
            },
            "pulsar-lab:checks": checks ?? {},
            ...Object.fromEntries(Object.entries(others).map(([key, value]) => [`pulsar-lab:${key}`, value])),
        };
        await writeFile(path.join(this.sandbox.projectDir, `Pulumi.${stack}.yaml`), stringify({ config }));
        const { code, text } = await this.pulumi("stack", "select", "--create", stack);
        if (code !== 0) throw new Error(text);
    }

    async pulumi(...args: string[]): Promise<Answer> {
        const { code, stdout, stderr } = await this.sandbox.pulumi([...args, "--non-interactive"]);
        return { code, text: `${stdout}${stderr}` };
    }

    async up(stack: string, ...args: string[]): Promise<Answer> {
        return this.pulumi("up", "--yes", "--skip-preview", "--stack", stack, ...args);
    }

    /** The resources that a preview plans; those of the program's own components, which make nothing, are left out. */
    async preview(stack: string): Promise<PlannedResource[]> {
        const { steps } = await this.json<{ steps: { newState?: Recorded }[] }>("preview", stack);
        return steps.flatMap(({ newState }) => (newState?.custom === true ? [newState] : []));
    }

    /** The resources that the state of a stack records. */
    async resources(stack: string): Promise<PlannedResource[]> {
        const { deployment } = await this.json<{ deployment: { resources?: Recorded[] } }>("export", stack);
        return (deployment.resources ?? []).filter(({ custom }) => custom);
    }

    private async json<T>(what: "preview" | "export", stack: string): Promise<T> {
        const command = what === "preview" ? ["preview", "--json"] : ["stack", "export"];
        const { code, stdout, stderr } = await this.sandbox.pulumi([
            ...command,
            "--non-interactive",
            "--stack",
            stack,
        ]);
        if (code !== 0) throw new Error(stdout + stderr);
        return JSON.parse(stdout) as T;
    }

    async outputs(stack: string): Promise<Outputs> {
        const { stdout } = await this.sandbox.pulumi(["stack", "output", "--json", "--stack", stack]);
        return JSON.parse(stdout) as Outputs;
    }

    /** What the checks of a stack found in their last run, each thing once. */
    async findings(stack: string): Promise<Finding[]> {
        const { stdout } = await this.sandbox.pulumi(["stack", "export", "--stack", stack]);
        const state = JSON.parse(stdout) as {
            deployment: { resources: { outputs?: { findings?: Finding[] } }[] };
        };
        return distinct(state.deployment.resources.flatMap(({ outputs }) => outputs?.findings ?? []));
    }

    get ec2(): EC2Client {
        return new EC2Client(this.sandbox.clientSettings());
    }
}
