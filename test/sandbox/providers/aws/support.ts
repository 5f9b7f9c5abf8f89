import assert from "node:assert/strict";

import * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";

import { awsPackage } from "../../../../sandbox/providers/aws/package";
import type { Clock } from "../../../../sandbox/providers/server/clock";
import { serve } from "../../../../sandbox/providers/server/grpc";
import { fromStruct, toStruct, type PropertyMap } from "../../../../sandbox/providers/server/values";
import { REGION } from "../../moto/support/network";
import { sharedServer } from "../../moto/support/server";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the stub's declaration file is empty at run time
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb") as {
    ResourceProviderClient: new (address: string, credentials: grpc.ChannelCredentials) => Stub;
};

export { clientSettings, given, Network, REGION } from "../../moto/support/network";
export { START_TIMEOUT_MS } from "../../moto/support/server";

type Callback = (error: grpc.ServiceError | null, response: never) => void;
type Stub = grpc.Client & Record<string, (request: unknown, callback: Callback) => void>;

/** What `check` answers: the inputs to go on with, and the reasons of refusal. */
export interface Checked {
    inputs: PropertyMap;
    failures: string[];
}

/** A resource as the engine remembers it. */
export interface Remembered {
    id: string;
    inputs: PropertyMap;
    state: PropertyMap;
}

/** A difference as the engine sees it. */
export interface Diffed {
    hasChanges: boolean;
    changed: string[];
    replaces: string[];
    deleteBeforeReplace: boolean;
    /** Property path to kind: `add`, `update_replace`, ... */
    detailed: Record<string, string>;
}

/** What a failed operation left behind, by the details of its error. */
export interface Incomplete {
    id: string;
    properties: PropertyMap;
    inputs: PropertyMap;
    reasons: string[];
}

/** How to start the provider. */
export interface StartOptions {
    /** @default a region alone */
    config?: PropertyMap;
    /** @default the machine's */
    clock?: Clock;
    /** @default that of the control plane that the tests share */
    endpoint?: string;
}

/** The provider behind its real gRPC service, spoken to as the engine does. */
export class ProviderUnderTest {
    private constructor(
        private readonly server: grpc.Server,
        private readonly stub: Stub,
    ) {}

    /** Serves the package against the control plane that the tests share, unless told of another endpoint. */
    static async start(options: StartOptions = {}): Promise<ProviderUnderTest> {
        const { config = { region: REGION }, clock } = options;
        const endpoint = options.endpoint ?? (await sharedServer()).endpoint;
        Object.assign(process.env, {
            AWS_ENDPOINT_URL: endpoint,
            AWS_ACCESS_KEY_ID: "test",
            AWS_SECRET_ACCESS_KEY: "test",
            AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
        });
        const { server, port } = await serve(awsPackage, clock);
        const stub = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
        const provider = new ProviderUnderTest(server, stub);
        try {
            await provider.configure(config);
        } catch (error) {
            provider.stop();
            throw error;
        }
        return provider;
    }

    stop(): void {
        this.stub.close();
        this.server.forceShutdown();
    }

    async checkConfig(config: PropertyMap): Promise<string[]> {
        const request = new messages.CheckRequest();
        request.setNews(toStruct(config));
        const response = await this.call<messages.CheckResponse>("checkConfig", request);
        return response.getFailuresList().map((failure) => failure.getReason());
    }

    async configure(config: PropertyMap): Promise<messages.ConfigureResponse> {
        const request = new messages.ConfigureRequest();
        request.setArgs(toStruct(config));
        return this.call("configure", request);
    }

    async check(type: string, name: string, inputs: PropertyMap, olds: PropertyMap = {}): Promise<Checked> {
        const request = new messages.CheckRequest();
        request.setUrn(urn(type, name));
        request.setNews(toStruct(inputs));
        request.setOlds(toStruct(olds));
        request.setRandomseed(new TextEncoder().encode(`seed of ${name}`));
        const response = await this.call<messages.CheckResponse>("check", request);
        return {
            inputs: fromStruct(response.getInputs()),
            failures: response.getFailuresList().map((failure) => failure.getReason()),
        };
    }

    /** Checked inputs that must have no faults. */
    async checked(
        type: string,
        name: string,
        inputs: PropertyMap,
        olds: PropertyMap = {},
    ): Promise<PropertyMap> {
        const { inputs: result, failures } = await this.check(type, name, inputs, olds);
        assert.deepEqual(failures, [], `${type} ${name}`);
        return result;
    }

    async diff(
        type: string,
        old: Remembered,
        news: PropertyMap,
        ignoreChanges: string[] = [],
    ): Promise<Diffed> {
        const request = new messages.DiffRequest();
        request.setId(old.id);
        request.setUrn(urn(type, "test"));
        request.setOldInputs(toStruct(old.inputs));
        request.setOlds(toStruct(old.state));
        request.setNews(toStruct(news));
        request.setIgnorechangesList(ignoreChanges);
        const response = await this.call<messages.DiffResponse>("diff", request);
        const kinds = Object.entries(messages.PropertyDiff.Kind) as [string, number | string][];
        const kindName = (kind: number) =>
            (kinds.find(([, value]) => value === kind)?.[0] ?? "").toLowerCase();
        const detailed: Record<string, string> = {};
        response
            .getDetaileddiffMap()
            .forEach((difference, path) => (detailed[path] = kindName(difference.getKind())));
        return {
            hasChanges: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME,
            changed: response.getDiffsList(),
            replaces: response.getReplacesList(),
            deleteBeforeReplace: response.getDeletebeforereplace(),
            detailed,
        };
    }

    /** Checks and creates. */
    async create(type: string, name: string, inputs: PropertyMap): Promise<Remembered> {
        return this.createChecked(type, name, await this.checked(type, name, inputs));
    }

    async createChecked(type: string, name: string, inputs: PropertyMap): Promise<Remembered> {
        const request = new messages.CreateRequest();
        request.setUrn(urn(type, name));
        request.setProperties(toStruct(inputs));
        const response = await this.call<messages.CreateResponse>("create", request);
        return { id: response.getId(), inputs, state: fromStruct(response.getProperties()) };
    }

    async previewCreate(type: string, name: string, inputs: PropertyMap): Promise<PropertyMap> {
        const request = new messages.CreateRequest();
        request.setUrn(urn(type, name));
        request.setProperties(toStruct(inputs));
        request.setPreview(true);
        return fromStruct((await this.call<messages.CreateResponse>("create", request)).getProperties());
    }

    /** A refresh; undefined: it is gone. */
    async refresh(type: string, old: Remembered): Promise<Remembered | undefined> {
        return this.read(type, old.id, old.inputs, old.state);
    }

    /** An import, or a `.get` without state; undefined: there is none. */
    async import(type: string, id: string): Promise<Remembered | undefined> {
        return this.read(type, id, {}, {});
    }

    /** A `.get` with the state that a program knows. */
    async get(type: string, { id, state }: Remembered): Promise<Remembered | undefined> {
        return this.read(type, id, {}, state);
    }

    private async read(
        type: string,
        id: string,
        inputs: PropertyMap,
        state: PropertyMap,
    ): Promise<Remembered | undefined> {
        const request = new messages.ReadRequest();
        request.setUrn(urn(type, "test"));
        request.setId(id);
        request.setInputs(toStruct(inputs));
        request.setProperties(toStruct(state));
        const response = await this.call<messages.ReadResponse>("read", request);
        if (response.getId() === "") return undefined;
        return {
            id: response.getId(),
            inputs: fromStruct(response.getInputs()),
            state: fromStruct(response.getProperties()),
        };
    }

    async update(type: string, old: Remembered, news: PropertyMap, preview = false): Promise<Remembered> {
        const request = new messages.UpdateRequest();
        request.setUrn(urn(type, "test"));
        request.setId(old.id);
        request.setOlds(toStruct(old.state));
        request.setOldInputs(toStruct(old.inputs));
        request.setNews(toStruct(news));
        request.setPreview(preview);
        const response = await this.call<messages.UpdateResponse>("update", request);
        return { id: old.id, inputs: news, state: fromStruct(response.getProperties()) };
    }

    async delete(type: string, old: Remembered): Promise<void> {
        const request = new messages.DeleteRequest();
        request.setUrn(urn(type, "test"));
        request.setId(old.id);
        request.setProperties(toStruct(old.state));
        request.setOldInputs(toStruct(old.inputs));
        await this.call("delete", request);
    }

    async invoke(token: string, args: PropertyMap = {}): Promise<PropertyMap> {
        const request = new messages.InvokeRequest();
        request.setTok(token);
        request.setArgs(toStruct(args));
        return fromStruct((await this.call<messages.InvokeResponse>("invoke", request)).getReturn());
    }

    private call<Response>(method: string, request: unknown): Promise<Response> {
        return new Promise((resolve, reject) => {
            this.stub[method]!(request, (error, response) => (error ? reject(error) : resolve(response)));
        });
    }
}

/** What an operation that must fail halfway left behind. */
export async function incomplete(operation: Promise<unknown>): Promise<Incomplete> {
    try {
        await operation;
    } catch (error) {
        const [binary] = (error as grpc.ServiceError).metadata.get("grpc-status-details-bin");
        assert.ok(binary, `the error says nothing of a resource: ${String(error)}`);
        const [detail] = status.Status.deserializeBinary(binary as Buffer).getDetailsList();
        assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
        const failed = messages.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
        return {
            id: failed.getId(),
            properties: fromStruct(failed.getProperties()),
            inputs: fromStruct(failed.getInputs()),
            reasons: failed.getReasonsList(),
        };
    }
    assert.fail("the operation succeeded");
}

function urn(type: string, name: string): string {
    return `urn:pulumi:dev::test::${type}::${name}`;
}
