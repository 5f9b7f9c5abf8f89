import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as status from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { systemClock, type Clock } from "./clock";
import type { Difference } from "./diff";
import { IncompleteError } from "./errors";
import { Provider, type Subject } from "./provider";
import type { Package } from "./resource";
import { fromStruct, isObject, toStruct, unwrapSecrets, type PropertyMap } from "./values";

/** The generated service definition has no usable types of its own. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the stub's declaration file is empty at run time
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb") as {
    ResourceProviderService: grpc.ServiceDefinition;
};

/** Largest message that the engine and the SDKs take, in bytes: 400 MiB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves a package as a Pulumi resource provider on a free port of 127.0.0.1.
 *
 * @returns the server and its port; the caller prints the port, which is the handshake with the engine.
 */
export async function serve<Context>(
    pkg: Package<Context>,
    clock: Clock = systemClock,
): Promise<{ server: grpc.Server; port: number }> {
    const server = new grpc.Server({
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
        "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    });
    const make = () => handlers(new Provider(pkg, clock));
    server.addService(ResourceProviderService, perConnection(make));
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        );
    });
    return { server, port };
}

/** So many connections are remembered: an engine has a few, and those of earlier engines are gone. */
const CONNECTIONS = 64;

/**
 * A provider for each connection: an engine has a connection of its own for each provider resource, each with its own configuration.
 * In a process that goes on between engines nothing of one reaches the next.
 */
function perConnection(make: () => grpc.UntypedServiceImplementation): grpc.UntypedServiceImplementation {
    const known = new Map<string, grpc.UntypedServiceImplementation>();
    const of = (name: string, peer: string): grpc.UntypedServiceImplementation => {
        const found = known.get(peer);
        // The first call of a connection; a port may come again.
        if (found && name !== "handshake") return found;
        const made = make();
        known.delete(peer);
        known.set(peer, made);
        for (const oldest of [...known.keys()].slice(0, -CONNECTIONS)) known.delete(oldest);
        return made;
    };
    const method = (name: string): grpc.handleUnaryCall<unknown, unknown> => {
        return (call, callback) => {
            const handle = of(name, call.getPeer())[name] as grpc.handleUnaryCall<unknown, unknown>;
            handle(call, callback);
        };
    };
    return Object.fromEntries(Object.keys(make()).map((name) => [name, method(name)]));
}

/** Methods of the service that are left out answer "unimplemented", which the engine takes for "not supported". */
function handlers<Context>(provider: Provider<Context>): grpc.UntypedServiceImplementation {
    const { pkg } = provider;
    return {
        getPluginInfo: unary(() => {
            const info = new plugin.PluginInfo();
            info.setVersion(pkg.version);
            return info;
        }),
        getSchema: unary(() => {
            const schema = new messages.GetSchemaResponse();
            schema.setSchema(JSON.stringify({ name: pkg.name, version: pkg.version }));
            return schema;
        }),
        handshake: unary(() => new messages.ProviderHandshakeResponse()),
        attach: unary(() => new Empty()),
        cancel: unary(() => {
            provider.cancel();
            return new Empty();
        }),
        checkConfig: unary((request: messages.CheckRequest) => {
            const config = parsedConfig(fromStruct(request.getNews()));
            return checked(fromStruct(request.getNews()), pkg.checkConfig(config));
        }),
        diffConfig: unary((request: messages.DiffRequest) => {
            const same =
                JSON.stringify(fromStruct(request.getOldInputs())) ===
                JSON.stringify(fromStruct(request.getNews()));
            const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
            const response = new messages.DiffResponse();
            // Never a replacement: resources tell for themselves whether the new configuration moves them.
            response.setChanges(same ? DIFF_NONE : DIFF_SOME);
            return response;
        }),
        configure: unary(async (request: messages.ConfigureRequest) => {
            await provider.configure(parsedConfig(fromStruct(request.getArgs())));
            const response = new messages.ConfigureResponse();
            // Without it the engine answers previews itself, with the inputs.
            response.setSupportspreview(true);
            // The engine then unwraps secrets and marks the outputs of the same names again.
            response.setAcceptsecrets(false);
            return response;
        }),
        check: unary((request: messages.CheckRequest) => {
            const { inputs, failures } = provider.check(subject(request), {
                news: fromStruct(request.getNews()),
                olds: fromStruct(request.getOlds()),
                randomSeed: request.getRandomseed_asU8(),
            });
            return checked(inputs, failures);
        }),
        diff: unary((request: messages.DiffRequest) => {
            const diff = provider.diff(subject(request), {
                oldInputs: fromStruct(request.getOldInputs()),
                oldState: fromStruct(request.getOlds()),
                news: fromStruct(request.getNews()),
                ignoreChanges: request.getIgnorechangesList(),
            });
            const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
            const response = new messages.DiffResponse();
            response.setChanges(diff.differences.length > 0 ? DIFF_SOME : DIFF_NONE);
            response.setDiffsList(diff.changed);
            response.setReplacesList(diff.replaces);
            response.setDeletebeforereplace(diff.deleteBeforeReplace);
            response.setHasdetaileddiff(true);
            for (const difference of diff.differences) {
                response.getDetaileddiffMap().set(difference.path, propertyDiff(difference));
            }
            return response;
        }),
        create: unary(async (request: messages.CreateRequest) => {
            const inputs = fromStruct(request.getProperties());
            const response = new messages.CreateResponse();
            if (request.getPreview()) {
                response.setProperties(toStruct(provider.previewCreate(subject(request), inputs)));
                return response;
            }
            const { id, state } = await provider.create(subject(request), inputs);
            response.setId(id);
            response.setProperties(toStruct(state));
            return response;
        }),
        read: unary(async (request: messages.ReadRequest) => {
            const response = new messages.ReadResponse();
            const result = await provider.read(
                subject(request),
                request.getId(),
                fromStruct(request.getInputs()),
                fromStruct(request.getProperties()),
            );
            // An empty id says that the resource is gone.
            if (!result) return response;
            response.setId(result.id);
            response.setProperties(toStruct(result.state));
            response.setInputs(toStruct(result.inputs));
            return response;
        }),
        update: unary(async (request: messages.UpdateRequest) => {
            const olds = fromStruct(request.getOlds());
            const news = fromStruct(request.getNews());
            const response = new messages.UpdateResponse();
            if (request.getPreview()) {
                response.setProperties(toStruct(provider.previewUpdate(subject(request), olds, news)));
                return response;
            }
            const oldInputs = fromStruct(request.getOldInputs());
            const state = await provider.update(subject(request), request.getId(), olds, oldInputs, news);
            response.setProperties(toStruct(state));
            return response;
        }),
        delete: unary(async (request: messages.DeleteRequest) => {
            await provider.delete(subject(request), request.getId(), fromStruct(request.getProperties()));
            return new Empty();
        }),
        invoke: unary(async (request: messages.InvokeRequest) => {
            const response = new messages.InvokeResponse();
            response.setReturn(
                toStruct(await provider.invoke(request.getTok(), fromStruct(request.getArgs()))),
            );
            return response;
        }),
    };
}

/** The parts that name a resource in every request about one. */
interface ResourceRequest {
    getUrn(): string;
    getTimeout?(): number;
}

function subject(request: ResourceRequest): Subject {
    const [, , qualifiedType = "", ...name] = request.getUrn().split("::");
    const type = qualifiedType.split("$").at(-1) ?? "";
    const seconds = request.getTimeout?.() ?? 0;
    const timeout = seconds > 0 ? { timeoutSeconds: seconds } : {};
    return { type, name: name.join("::"), ...timeout };
}

/** A provider's configuration: what is not a text arrives as one, in JSON. */
function parsedConfig(config: PropertyMap): PropertyMap {
    const parse = (value: unknown): unknown => {
        if (typeof value !== "string" || !/^([[{]|true$|false$|\d+$)/.test(value)) return value;
        try {
            return JSON.parse(value) as unknown;
        } catch {
            return value;
        }
    };
    const plain = unwrapSecrets(config);
    return Object.fromEntries(
        Object.entries(isObject(plain) ? plain : {}).map(([key, value]) => [key, parse(value)]),
    );
}

function checked(inputs: PropertyMap, reasons: string[]): messages.CheckResponse {
    const response = new messages.CheckResponse();
    response.setInputs(toStruct(inputs));
    response.setFailuresList(
        reasons.map((reason) => {
            const failure = new messages.CheckFailure();
            failure.setReason(reason);
            return failure;
        }),
    );
    return response;
}

function propertyDiff({ kind, replace, input }: Difference): messages.PropertyDiff {
    const { Kind } = messages.PropertyDiff;
    const plain = { add: Kind.ADD, delete: Kind.DELETE, update: Kind.UPDATE };
    const replacing = { add: Kind.ADD_REPLACE, delete: Kind.DELETE_REPLACE, update: Kind.UPDATE_REPLACE };
    const diff = new messages.PropertyDiff();
    diff.setKind((replace ? replacing : plain)[kind]);
    diff.setInputdiff(input);
    return diff;
}

function unary<Request>(handle: (request: Request) => unknown): grpc.handleUnaryCall<Request, unknown> {
    return (call, callback) => {
        Promise.resolve()
            .then(() => handle(call.request))
            .then(
                (response) => callback(null, response),
                (error: unknown) => callback(serviceError(error)),
            );
    };
}

/** An error with, where a resource was left behind, the details that make the engine keep it in its state. */
function serviceError(error: unknown): grpc.ServiceError {
    const message = error instanceof Error ? error.message : String(error);
    const metadata = new grpc.Metadata();
    if (error instanceof IncompleteError) {
        const detail = new messages.ErrorResourceInitFailed();
        detail.setId(error.id);
        detail.setProperties(toStruct(error.properties));
        detail.setInputs(toStruct(error.inputs));
        detail.setReasonsList([message]);
        const any = new Any();
        any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
        const details = new status.Status();
        details.setCode(grpc.status.UNKNOWN);
        details.setMessage(message);
        details.addDetails(any);
        metadata.add("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
    }
    return Object.assign(new Error(message), { code: grpc.status.UNKNOWN, details: message, metadata });
}
