import { isDeepStrictEqual } from "node:util";

import { checkInputs, type CheckRequest, type CheckResult } from "./check";
import { done, pending, retryWhile, waitFor, type Clock } from "./clock";
import { changedInputs, diffResource, type ResourceDiff } from "./diff";
import { describeError, IncompleteError, isInUse, notImplemented, orUndefined } from "./errors";
import { inputsFromState } from "./read-inputs";
import type { Property } from "./property";
import type { AnyResource, OperationContext, Package, Session } from "./resource";
import { sdkFunctionArgs, sdkType } from "./sdk-schema";
import { splitTags, tagChange, wantedTags, type Tags } from "./tags";
import { isObject, ownProperties, UNKNOWN, type PropertyMap } from "./values";

/** How long a thing that was just made may stay invisible, in seconds: AWS is eventually consistent. */
const PROPAGATION_TIMEOUT_SECONDS = 120;
/** How long a deletion is tried again while something still uses the thing, in seconds; the official one's for a VPC. */
const DELETE_TIMEOUT_SECONDS = 300;

/** Marks the state of a resource that exists but was not settled; the next update finishes it. */
const UNSETTLED = "__unsettled";

/** A resource of a request: its type token and its logical name. */
export interface Subject {
    type: string;
    name: string;
    /** `customTimeouts` in seconds; undefined when it is not set. */
    timeoutSeconds?: number;
}

/** An id with what belongs to it; no id: it does not exist. */
export interface ReadResult {
    id: string;
    state: PropertyMap;
    inputs: PropertyMap;
}

/** The operations of a resource provider over a {@link Package}, in plain values; {@link serve} puts them on the wire. */
export class Provider<Context> {
    private session?: Session<Context>;
    private readonly cancellation = new AbortController();

    constructor(
        readonly pkg: Package<Context>,
        private readonly clock: Clock,
    ) {}

    /** Takes a provider instance's configuration. */
    async configure(config: PropertyMap): Promise<void> {
        const problems = this.pkg.checkConfig(config);
        if (problems.length > 0) throw new Error(problems.join("\n"));
        this.session = await this.pkg.configure(config);
    }

    /** Makes waiting operations give up. */
    cancel(): void {
        this.cancellation.abort();
    }

    check(subject: Subject, request: Omit<CheckRequest, "name" | "packageName">): CheckResult {
        const packageName = this.pkg.name;
        const sdk = sdkType(`@pulumi/${packageName}`, subject.type);
        return checkInputs(this.spec(subject), sdk, { packageName, name: subject.name, ...request });
    }

    diff(
        subject: Subject,
        request: Pick<
            Parameters<typeof diffResource>[1],
            "oldInputs" | "oldState" | "news" | "ignoreChanges"
        >,
    ): ResourceDiff {
        const { region, tagSettings } = this.configured();
        return diffResource(this.spec(subject), { ...request, region, tagSettings });
    }

    /** What a preview knows of a resource that is going to be made. */
    previewCreate(subject: Subject, inputs: PropertyMap): PropertyMap {
        const spec = this.spec(subject);
        return this.withKnownOutputs(spec, withMembers(spec, ownProperties(inputs), {}), inputs);
    }

    async create(subject: Subject, inputs: PropertyMap): Promise<{ id: string; state: PropertyMap }> {
        const spec = this.spec(subject);
        const context = this.context(subject, spec, inputs);
        const own = ownProperties(inputs);
        const id = await attempt(`creating ${spec.noun}`, () => spec.create(own, context));
        try {
            await attempt(`creating ${spec.noun} (${id})`, async () => spec.settle?.(id, own, context));
            const state = await this.readNew(subject, spec, id, inputs);
            // A thing that was taken over rather than made still has the tags of its former life.
            const hasChanged = await this.retag(spec, id, state, own, context);
            return { id, state: hasChanged ? await this.readNew(subject, spec, id, inputs) : state };
        } catch (error) {
            const state = await this.readQuietly(subject, spec, id, inputs, inputs);
            throw new IncompleteError(describeError(error), id, { ...state, [UNSETTLED]: true }, inputs);
        }
    }

    /** Reads a resource: a refresh; without inputs a `.get`; and without state either, an import. */
    async read(
        subject: Subject,
        id: string,
        inputs: PropertyMap,
        state: PropertyMap,
    ): Promise<ReadResult | undefined> {
        const spec = this.spec(subject);
        // A `.get` with some state is a refresh of it; the id is then the resource's own.
        const isImport = Object.keys(inputs).length + Object.keys(state).length === 0;
        const context = this.context(subject, spec, { ...state, ...inputs });
        const found =
            isImport && spec.import
                ? await attempt(`importing ${spec.noun} (${id})`, () =>
                      orUndefined(async () => spec.import?.(id, context)),
                  )
                : { id, known: {} };
        if (!found) return undefined;
        const known = { ...inputs, ...state, ...found.known };
        const actual = await this.readState(subject, spec, found.id, known, inputs);
        if (!actual) return undefined;
        const marked = state[UNSETTLED] ? { ...actual, [UNSETTLED]: true } : actual;
        return { id: found.id, state: marked, inputs: inputsFromState(spec, actual, inputs) };
    }

    /** What a preview knows of a resource that is going to be changed in place. */
    previewUpdate(subject: Subject, olds: PropertyMap, news: PropertyMap): PropertyMap {
        const spec = this.spec(subject);
        const changed = changedInputs(spec, olds, news);
        const stale = Object.entries(spec.recomputed ?? {}).flatMap(([name, outputs]) =>
            changed.has(name) ? (outputs ?? []) : [],
        );
        // What an input that is taken out turns into, AWS decides; an output that is left out counts as unknown.
        const removed = [...changed].filter((name) => news[name] === undefined);
        const unknown = Object.fromEntries([...stale, ...removed].map((name) => [name, UNKNOWN]));
        return this.withKnownOutputs(
            spec,
            { ...ownProperties(olds), ...unknown, ...withMembers(spec, ownProperties(news), olds) },
            news,
        );
    }

    async update(
        subject: Subject,
        id: string,
        olds: PropertyMap,
        oldInputs: PropertyMap,
        news: PropertyMap,
    ): Promise<PropertyMap> {
        const spec = this.spec(subject);
        const context = this.context(subject, spec, news);
        const own = ownProperties(news);
        let before = { ...ownProperties(oldInputs), ...ownProperties(olds) };
        let settled = !olds[UNSETTLED];
        try {
            await attempt(`updating ${spec.noun} (${id})`, async () => {
                if (!settled) {
                    await spec.settle?.(id, own, context);
                    before = { ...before, ...(await this.readState(subject, spec, id, before, oldInputs)) };
                    settled = true;
                }
                const changed = changedInputs(spec, before, own);
                changed.delete("tags");
                if (changed.size > 0) await spec.update?.(id, own, { olds: before, changed }, context);
                await this.retag(spec, id, before, own, context);
            });
            return await this.readNew(subject, spec, id, news);
        } catch (error) {
            const state = await this.readQuietly(subject, spec, id, news, olds);
            const marked = settled ? state : { ...state, [UNSETTLED]: true };
            throw new IncompleteError(describeError(error), id, marked, news);
        }
    }

    async delete(subject: Subject, id: string, state: PropertyMap): Promise<void> {
        const spec = this.spec(subject);
        const context = this.context(subject, spec, state);
        const patience = this.patience(subject.timeoutSeconds ?? DELETE_TIMEOUT_SECONDS);
        await attempt(`deleting ${spec.noun} (${id})`, () =>
            orUndefined(() =>
                retryWhile(isInUse, patience, () => spec.delete(id, ownProperties(state), context)),
            ),
        );
    }

    async invoke(token: string, args: PropertyMap): Promise<PropertyMap> {
        const spec = this.pkg.function(token);
        if (!spec) throw new Error(notImplemented(this.pkg.name, `the function ${token}`));
        const given = ownProperties(args);
        const known = new Set<string>([...spec.args, ...(spec.regional === false ? [] : ["region"])]);
        const sdkArgs = sdkFunctionArgs(`@pulumi/${this.pkg.name}`, token);
        for (const name of Object.keys(given).filter((key) => !known.has(key))) {
            const inSdk = sdkArgs?.has(name);
            throw new Error(
                inSdk
                    ? notImplemented(this.pkg.name, `the argument "${name}" of ${token}`)
                    : `${token} has no argument "${name}"`,
            );
        }
        const { region } = this.configured();
        const operation = this.operation(typeof given.region === "string" ? given.region : region, {});
        return attempt(`invoking ${token}`, () => spec.invoke(given, this.configured().context(operation)));
    }

    private spec({ type, name }: Subject): AnyResource<Context> {
        const spec = this.pkg.resource(type);
        if (!spec) throw new Error(notImplemented(this.pkg.name, `${type} (resource ${name})`));
        return spec;
    }

    private configured(): Session<Context> {
        if (!this.session) throw new Error("the provider is not configured yet");
        return this.session;
    }

    private patience(timeoutSeconds: number) {
        return { clock: this.clock, timeoutSeconds, signal: this.cancellation.signal };
    }

    private operation(region: string, tags: Tags, timeoutSeconds?: number): OperationContext {
        const given = timeoutSeconds === undefined ? {} : { timeoutSeconds };
        return { clock: this.clock, region, tags, signal: this.cancellation.signal, ...given };
    }

    /** The context of an operation on a resource, by what is known of its region and tags. */
    private context(subject: Subject, spec: AnyResource<Context>, properties: PropertyMap): Context {
        const session = this.configured();
        const where =
            spec.regional !== false && typeof properties.region === "string"
                ? properties.region
                : session.region;
        const tags = wantedTags(session.tagSettings, properties.tags ?? undefined);
        return session.context(this.operation(where, isObject(tags) ? tags : {}, subject.timeoutSeconds));
    }

    /** Puts and removes tags; whether there was anything to do. */
    private async retag(
        spec: AnyResource<Context>,
        id: string,
        before: PropertyMap,
        news: PropertyMap,
        context: Context,
    ): Promise<boolean> {
        if (!spec.tag) return false;
        const wanted = wantedTags(this.configured().tagSettings, news.tags);
        const change = tagChange((before.tagsAll ?? {}) as Tags, wanted as Tags);
        if (Object.keys(change.put).length + change.remove.length === 0) return false;
        await spec.tag(id, change, context, before);
        return true;
    }

    /** Reads the state as the SDK shapes it; undefined when the thing does not exist. */
    private async readState(
        subject: Subject,
        spec: AnyResource<Context>,
        id: string,
        known: PropertyMap,
        inputs: PropertyMap,
    ): Promise<PropertyMap | undefined> {
        const context = this.context(subject, spec, known);
        const actual = await attempt(`reading ${spec.noun} (${id})`, () =>
            orUndefined(() => spec.read(id, context, ownProperties(known))),
        );
        if (!actual) return undefined;
        const { region, tagSettings } = this.configured();
        const place = spec.regional === false ? {} : { region: known.region ?? region };
        const tags = spec.tag
            ? splitTags(tagSettings, (actual.tags ?? {}) as Tags, inputs.tags ?? undefined)
            : {};
        // Inputs that AWS does not tell are remembered as they were given.
        const given = Object.entries(ownProperties(known)).filter(([name]) => name in spec.properties);
        return { ...Object.fromEntries(given), ...actual, ...place, ...tags };
    }

    /** Reads what was just written, and waits for it to show up. */
    private readNew(
        subject: Subject,
        spec: AnyResource<Context>,
        id: string,
        inputs: PropertyMap,
    ): Promise<PropertyMap> {
        return waitFor(
            `${spec.noun} (${id}) to show up`,
            this.patience(PROPAGATION_TIMEOUT_SECONDS),
            async () => {
                const state = await this.readState(subject, spec, id, inputs, inputs);
                return state ? done(state) : pending("not found");
            },
        );
    }

    /** Reads after a failure, which must not hide it; `otherwise` where even that does not work. */
    private async readQuietly(
        subject: Subject,
        spec: AnyResource<Context>,
        id: string,
        inputs: PropertyMap,
        otherwise: PropertyMap,
    ): Promise<PropertyMap> {
        try {
            return (await this.readState(subject, spec, id, inputs, inputs)) ?? ownProperties(otherwise);
        } catch {
            return ownProperties(otherwise);
        }
    }

    /** Outputs that a preview can tell from the inputs alone. */
    private withKnownOutputs(
        spec: AnyResource<Context>,
        properties: PropertyMap,
        inputs: PropertyMap,
    ): PropertyMap {
        const { region, tagSettings } = this.configured();
        const place = spec.regional === false ? {} : { region: inputs.region ?? region };
        const tags = spec.tag ? { tagsAll: wantedTags(tagSettings, inputs.tags ?? undefined) } : {};
        return { ...properties, ...place, ...tags };
    }
}

/** Inputs with what their objects have besides: what they had, or what is not known yet. */
function withMembers<C>(spec: AnyResource<C>, inputs: PropertyMap, olds: PropertyMap): PropertyMap {
    const properties = spec.properties as Record<string, Property>;
    const filled = Object.entries(inputs).map(([name, value]): [string, unknown] => {
        const { members, outputs = [] } = properties[name] ?? {};
        if (!members || !isObject(value)) return [name, value];
        const chosen = Object.keys(members).filter((key) => members[key]?.computed);
        const unknown = Object.fromEntries([...chosen, ...outputs].map((key) => [key, UNKNOWN]));
        const { tagsAll, ...old } = isObject(olds[name]) ? olds[name] : {};
        const sameTags = isDeepStrictEqual(value.tags ?? {}, old.tags ?? {});
        const tags = tagsAll !== undefined && sameTags ? { tagsAll } : {};
        return [name, { ...unknown, ...old, ...tags, ...ownProperties(value) }];
    });
    return Object.fromEntries(filled);
}

/** Says around an error what was being done. */
async function attempt<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
        return await work();
    } catch (error) {
        throw new Error(`${doing}: ${describeError(error)}`, { cause: error });
    }
}
