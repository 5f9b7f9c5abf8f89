import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";

import type { FlowProtocol } from "../../checks/flow";
import type { Snapshot } from "../../checks/snapshot/types";

/** A connection that is really opened. */
export interface Probe {
    /** The interface whose namespace opens it; absent for somebody in the internet. */
    readonly interface?: string;
    readonly source: string;
    /** Without a meaning for ICMP. */
    readonly sourcePort: number;
    readonly destination: string;
    /** 0 for ICMP. */
    readonly port: number;
    readonly protocol: FlowProtocol;
}

export interface ProbeRequest {
    readonly snapshot: Snapshot;
    readonly probes: readonly Probe[];
    /** Which port a NAT gateway takes for a client's port; for others, any from 1024 on. By gateway, then by client port. */
    readonly natPorts?: Readonly<Record<string, Readonly<Record<number, number>>>>;
}

/** How long an answer may take: it is over when nothing has come in for `quiet` seconds, or after `patience`. */
export interface Waiting {
    readonly quiet: number;
    readonly patience: number;
}

/** An answer takes microseconds, for nothing leaves the machine; what has not come by then does not come. */
export const PROMPT: Waiting = { quiet: 0.05, patience: 5 };
/** Long enough for a lost SYN to be sent again, after one second: for a second look. */
export const PATIENT: Waiting = { quiet: 2.5, patience: 10 };

interface Answer {
    answered?: boolean[];
    seconds?: { build: number; probe: number };
    error?: string;
}

const PROGRAM = path.join(__dirname, "oracle", "oracle.py");

/** Why the kernel of this machine cannot be asked. */
export class OracleUnavailable extends Error {}

/** The process that builds networks out of namespaces and opens connections in them. All of it is gone when it ends. */
export class Oracle {
    private readonly waiting: ((answer: Answer) => void)[] = [];
    private ended: string | undefined;

    private constructor(private readonly child: ChildProcessWithoutNullStreams) {}

    /** @throws OracleUnavailable where there is no Linux, no Python, or no leave to make namespaces. */
    static async start(): Promise<Oracle> {
        if (process.platform !== "linux") {
            throw new OracleUnavailable(`network namespaces are Linux's, and this is ${process.platform}`);
        }
        const child = spawn("python3", ["-B", PROGRAM], { stdio: "pipe" });
        const oracle = new Oracle(child);
        const first = await oracle.listen();
        if ("ready" in first) return oracle;
        throw new OracleUnavailable(
            "unable" in first
                ? `user namespaces: ${String(first.unable)}`
                : `python3: ${first.error ?? "no answer"}`,
        );
    }

    private listen(): Promise<Answer> {
        let errors = "";
        this.child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
        const end = (why: string) => {
            this.ended = why;
            for (const resolve of this.waiting.splice(0)) resolve({ error: why });
        };
        this.child.on("error", (error) => end(error.message));
        this.child.on("close", (code, signal) =>
            end(errors.trim() || `ended by ${signal ?? `exit code ${code}`}`),
        );
        // Whatever is written to a process that has ended is answered by its end.
        this.child.stdin.on("error", () => undefined);
        const first = this.next();
        createInterface({ input: this.child.stdout }).on("line", (line) =>
            this.waiting.shift()?.(JSON.parse(line) as Answer),
        );
        return first;
    }

    private next(): Promise<Answer> {
        if (this.ended !== undefined) return Promise.resolve({ error: this.ended });
        return new Promise((resolve) => this.waiting.push(resolve));
    }

    /** Whether each probe was answered. Requests are answered in their order. */
    async ask(request: ProbeRequest, waiting: Waiting = PROMPT): Promise<boolean[]> {
        const answer = this.next();
        this.child.stdin.write(`${JSON.stringify({ ...request, ...waiting })}\n`);
        const { answered, error } = await answer;
        if (answered === undefined) throw new Error(`the oracle failed: ${error}`);
        return answered;
    }

    async stop(): Promise<void> {
        if (this.ended !== undefined) return;
        const closed = new Promise((resolve) => this.child.once("close", resolve));
        this.child.stdin.end();
        await closed;
    }
}
