import * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import assert from "node:assert/strict";

import { serve } from "../../../../sandbox/providers/server/grpc";
import type { Package } from "../../../../sandbox/providers/server/resource";
import { fromStruct, toStruct, type PropertyMap } from "../../../../sandbox/providers/server/values";

type Callback = (error: grpc.ServiceError | null, response: never) => void;
type Client = grpc.Client & Record<string, (request: unknown, callback: Callback) => void>;

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the stub's declaration file is empty at run time
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb") as {
    ResourceProviderClient: new (
        address: string,
        credentials: grpc.ChannelCredentials,
        options: object,
    ) => Client;
};

const TOKEN = "aws:index/getRegion:getRegion";

interface Context {
    readonly region: string;
    readonly signal: AbortSignal;
}

/** Knows one function, which says what the provider instance is like. */
const PACKAGE: Package<Context> = {
    name: "aws",
    version: "1.0.0",
    resource: () => undefined,
    function: (token) =>
        token === TOKEN
            ? {
                  args: [],
                  invoke: async (_args, { region, signal }) => ({ region, cancelled: signal.aborted }),
              }
            : undefined,
    checkConfig: () => [],
    configure: async ({ region }) => ({
        region: String(region),
        tagSettings: { defaults: {}, ignoredKeys: [], ignoredPrefixes: [] },
        context: ({ signal }) => ({ region: String(region), signal }),
    }),
};

/** One provider resource of an engine: its own connection and configuration. */
class Connection {
    private readonly client: Client;

    constructor(port: number) {
        this.client = new ResourceProviderClient(
            `127.0.0.1:${port}`,
            grpc.credentials.createInsecure(),
            // Clients of one process share a connection otherwise.
            { "grpc.use_local_subchannel_pool": 1 },
        );
    }

    async configure(region: string): Promise<void> {
        await this.call("handshake", new messages.ProviderHandshakeRequest());
        const request = new messages.ConfigureRequest();
        request.setArgs(toStruct({ region }));
        await this.call("configure", request);
    }

    async cancel(): Promise<void> {
        await this.call("cancel", new Empty());
    }

    async ask(): Promise<PropertyMap> {
        const request = new messages.InvokeRequest();
        request.setTok(TOKEN);
        request.setArgs(toStruct({}));
        return fromStruct((await this.call<messages.InvokeResponse>("invoke", request)).getReturn());
    }

    close(): void {
        this.client.close();
    }

    private call<Response>(name: string, request: unknown): Promise<Response> {
        return new Promise((resolve, reject) =>
            this.client[name]?.(request, (error, response: Response) =>
                error ? reject(error) : resolve(response),
            ),
        );
    }
}

describe("a provider's process that serves several provider resources", () => {
    let server: grpc.Server;
    let connections: Connection[];
    before(async () => {
        const served = await serve(PACKAGE);
        server = served.server;
        connections = ["us-east-1", "eu-west-1"].map(() => new Connection(served.port));
        for (const [index, region] of ["us-east-1", "eu-west-1"].entries())
            await connections[index]?.configure(region);
    });
    after(() => {
        connections.forEach((connection) => connection.close());
        server.forceShutdown();
    });

    it("keeps the configuration of each connection apart", async () => {
        const answers = await Promise.all(connections.map((connection) => connection.ask()));
        assert.deepEqual(
            answers.map(({ region }) => region),
            ["us-east-1", "eu-west-1"],
        );
    });

    it("cancels what one connection waits for, and nothing of another", async () => {
        await connections[0]?.cancel();
        const answers = await Promise.all(connections.map((connection) => connection.ask()));
        assert.deepEqual(
            answers.map(({ cancelled }) => cancelled),
            [true, false],
        );
    });

    it("starts again from nothing when a new engine gets the port of an old one", async () => {
        await connections[0]?.configure("us-west-2");
        assert.deepEqual(await connections[0]?.ask(), { region: "us-west-2", cancelled: false });
    });
});
