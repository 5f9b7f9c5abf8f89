import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Sandbox } from "../../../../sandbox";
import { REPOSITORY } from "../../../../sandbox/runtime/plugins";

/** A resource as its registration asked for it; references to others are written `${type::name.id}`. */
export interface GraphResource {
    readonly type: string;
    readonly name: string;
    /** `type::name`, or `stack`. */
    readonly parent: string;
    readonly inputs: Record<string, unknown>;
    readonly propertyDependencies: Record<string, readonly string[]>;
    readonly dependencies: readonly string[];
}

/** What a deployment of one `awsx.ec2.Vpc` registered and answered. */
export interface Graph {
    readonly resources: readonly GraphResource[];
    readonly outputs: Record<string, unknown>;
}

export interface Recording extends Graph {
    readonly args: Record<string, unknown>;
}

/** A recorded graph of the official component. */
export function recording(name: string): Recording {
    return JSON.parse(fs.readFileSync(path.join(__dirname, "fixtures", `${name}.json`), "utf8")) as Recording;
}

/** Every output of the component; each resource by its id. */
const PROGRAM = `
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import args from "./args.json";

const net = new awsx.ec2.Vpc("net", args as awsx.ec2.VpcArgs);
const { urn, ...outputs } = net as unknown as Record<string, unknown>;
const isResource = (value: unknown): value is { id: unknown } => pulumi.Resource.isInstance(value);
const plain = (value: unknown): unknown =>
    isResource(value) ? value.id : Array.isArray(value) ? value.map(plain) : value;
export const component = pulumi.output(urn);
export const answered = Object.fromEntries(
    Object.entries(outputs)
        // An instance also has its inputs; natGateways is the name of an input and of an output.
        .filter(([name]) => !name.startsWith("__") && (!(name in args) || name === "natGateways"))
        .map(([name, value]) => [name, pulumi.output(value).apply((known) => pulumi.output(plain(known)))]),
);
`;

interface Registration {
    readonly type: string;
    readonly name: string;
    readonly parent?: string;
    readonly object?: Record<string, unknown>;
    readonly dependencies?: readonly string[];
    readonly propertyDependencies?: Record<string, { readonly urns?: readonly string[] }>;
    readonly remote?: boolean;
}

interface LoggedCall {
    readonly method: string;
    readonly request: Registration;
    readonly response?: {
        readonly urn: string;
        readonly id?: string;
        readonly object?: Record<string, unknown>;
    };
}

/** A program of one `awsx.ec2.Vpc` in a sandbox of its own. */
export class VpcProgram {
    private constructor(
        private readonly folder: string,
        readonly sandbox: Sandbox,
    ) {}

    static async start(): Promise<VpcProgram> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "awsx-"));
        const project = path.join(folder, "project");
        fs.mkdirSync(project);
        const write = (name: string, text: string): void => fs.writeFileSync(path.join(project, name), text);
        write(
            "Pulumi.yaml",
            "name: awsx\nruntime:\n    name: nodejs\n    options:\n        typescript: true\n",
        );
        write("Pulumi.dev.yaml", "config:\n    aws:region: us-east-1\n");
        write("package.json", JSON.stringify({ name: "awsx", main: "index.ts" }));
        const compilerOptions = {
            module: "node16",
            moduleResolution: "node16",
            target: "es2022",
            resolveJsonModule: true,
            esModuleInterop: true,
        };
        write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["index.ts"] }));
        write("index.ts", PROGRAM);
        write("args.json", "{}");
        fs.symlinkSync(path.join(REPOSITORY, "node_modules"), path.join(project, "node_modules"));
        return new VpcProgram(folder, await Sandbox.start({ dir: path.join(folder, "sandbox"), project }));
    }

    async stop(): Promise<void> {
        await this.sandbox.stop();
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    /** Runs a command on the program with these arguments; the answer's text is what a user sees. */
    async run(
        args: Record<string, unknown>,
        ...command: string[]
    ): Promise<{ code: number; text: string; log: string }> {
        fs.writeFileSync(path.join(this.sandbox.projectDir, "args.json"), JSON.stringify(args));
        const log = path.join(this.folder, "calls.jsonl");
        fs.rmSync(log, { force: true });
        const env = { PULUMI_DEBUG_GRPC: log };
        const whole = [...command, "--stack", "dev", "--non-interactive"];
        const { code, stdout, stderr } = await this.sandbox.pulumi(whole, { env });
        return { code, text: `${stdout}${stderr}`, log };
    }

    /** Deploys and reads what was registered from the engine's own log of the calls. */
    async graph(args: Record<string, unknown>): Promise<Graph> {
        const { code, text, log } = await this.run(args, "up", "--yes", "--skip-preview");
        if (code !== 0) throw new Error(text);
        const calls = fs
            .readFileSync(log, "utf8")
            .split("\n")
            .filter((line) => line.includes('/pulumirpc.ResourceMonitor/RegisterResource"'))
            .map((line) => JSON.parse(line) as LoggedCall)
            .filter((call) => call.response !== undefined && /^awsx?:/.test(call.request.type));
        const keys = new Map(calls.map(({ request, response }) => [response?.urn, keyOf(request)]));
        const references = new Map(
            calls.flatMap(({ request, response }) =>
                response?.id === undefined ? [] : [[response.id, `\${${keyOf(request)}.id}`] as const],
            ),
        );
        const named = (urn: string): string => keys.get(urn) ?? urn;
        const resources = new Map<string, GraphResource>();
        for (const { request } of calls) {
            // The program's own request for the component says nothing about its children.
            if (request.remote === true) continue;
            const resource = {
                type: request.type,
                name: request.name,
                parent:
                    request.parent?.includes("pulumi:pulumi:Stack") === true
                        ? "stack"
                        : named(request.parent ?? ""),
                inputs: withReferences(request.object ?? {}, references) as Record<string, unknown>,
                propertyDependencies: propertyDependencies(request, named),
                dependencies: [...(request.dependencies ?? [])].map(named).sort(),
            };
            resources.set(keyOf(request), resource);
        }
        const shown = await this.sandbox.pulumi(["stack", "output", "answered", "--json", "--stack", "dev"]);
        const sorted = [...resources.entries()]
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([, resource]) => resource);
        return {
            resources: sorted,
            outputs: withReferences(JSON.parse(shown.stdout), references) as Graph["outputs"],
        };
    }
}

function keyOf({ type, name }: { readonly type: string; readonly name: string }): string {
    return `${type}::${name}`;
}

function propertyDependencies(
    request: Registration,
    named: (urn: string) => string,
): Record<string, string[]> {
    const entries = Object.entries(request.propertyDependencies ?? {})
        .map(([property, { urns = [] }]) => [property, urns.map(named)] as const)
        .filter(([, urns]) => urns.length > 0);
    return Object.fromEntries(entries);
}

/** Ids in place of which a reference is written. An address's id is also its `allocationId`, under which it is used. */
function withReferences(value: unknown, references: ReadonlyMap<string, string>, property = ""): unknown {
    if (typeof value === "string") {
        const reference = references.get(value) ?? value;
        return property === "allocationId" ? reference.replace(".id}", ".allocationId}") : reference;
    }
    if (Array.isArray(value)) return value.map((item) => withReferences(item, references));
    if (typeof value === "object" && value !== null) {
        return Object.fromEntries(
            Object.entries(value)
                .filter(([, item]) => item !== null)
                .map(([key, item]) => [key, withReferences(item, references, key)]),
        );
    }
    return value;
}
