import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { sharedServer } from "../../moto/support/server";

/** An answer that an operation gets in place of AWS's. */
interface Fault {
    operation: string;
    code: string;
    message: string;
    times: number;
}

/** Passes calls on to the control plane, but for those that a test wants to fail. */
export class FaultyEndpoint {
    private faults: Fault[] = [];
    /** Operations that were asked for, in order. */
    readonly operations: string[] = [];

    private constructor(
        private readonly server: Server,
        private readonly target: URL,
    ) {}

    static async start(): Promise<FaultyEndpoint> {
        const server = createServer();
        const faulty = new FaultyEndpoint(server, new URL((await sharedServer()).endpoint));
        server.on("request", (incoming: IncomingMessage, outgoing: ServerResponse) => {
            void faulty.answer(incoming, outgoing);
        });
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return faulty;
    }

    get endpoint(): string {
        return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    /** Lets the next calls of an operation fail (`CreateVpc`, `GET /tags`). The code is one that clients do not try again by themselves. */
    fail(operation: string, code: string, times = 1): void {
        this.faults.push({ operation, code, message: `${operation} fails`, times });
    }

    stop(): void {
        this.faults = [];
        this.server.closeAllConnections();
        this.server.close();
    }

    private async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks);
        const target = incoming.headers["x-amz-target"];
        const path = incoming.url?.split("?")[0] ?? "";
        // OpenSearch Service names an operation by method and path alone.
        const isRest = path.startsWith("/2021-01-01/");
        const isJson = typeof target === "string" || isRest;
        const operation = isRest
            ? `${incoming.method} ${path.slice("/2021-01-01".length)}`
            : typeof target === "string"
              ? target.split(".").at(-1)
              : new URLSearchParams(body.toString()).get("Action");
        this.operations.push(operation ?? "");
        const fault = this.faults.find(
            (candidate) => candidate.operation === operation && candidate.times > 0,
        );
        if (fault) {
            fault.times -= 1;
            outgoing.writeHead(400, { "content-type": isJson ? "application/x-amz-json-1.1" : "text/xml" });
            outgoing.end(isJson ? jsonError(fault) : xmlError(fault));
            return;
        }
        const options = { method: incoming.method, headers: incoming.headers, path: incoming.url };
        const forwarded = request(this.target, options, (response) => {
            outgoing.writeHead(response.statusCode ?? 500, response.headers);
            response.pipe(outgoing);
        });
        forwarded.end(body);
    }
}

const jsonError = ({ code, message }: Fault): string => JSON.stringify({ __type: code, message });
const xmlError = ({ code, message }: Fault): string =>
    `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors></Response>`;
