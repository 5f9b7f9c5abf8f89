import type { Unwrap } from "@pulumi/pulumi";

import { waitFor, done, pending } from "../server/clock";
import { orUndefined } from "../server/errors";
import type { Property } from "../server/property";
import type { FunctionSpec, ResourceSpec, Update } from "../server/resource";
import { sdkFunctionArgs, sdkResult, sdkType, type SdkType } from "../server/sdk-schema";
import type { TagChange, Tags } from "../server/tags";
import type { PropertyMap } from "../server/values";
import { fromApi, mapOf, tagList, toApi, withoutEmpty, zeroOf, type Names, type Pair } from "./api";
import type { AwsContext } from "./context";
import { propertiesOf, type InputTraits } from "./inputs";
import type { Rule } from "./rules";

const SDK = "@pulumi/aws";

/** A thing as its tags are put on it. */
export interface Tagged {
    id: string;
    arn: string;
}

/** How the tags of a thing are read and written. */
export interface Tagging {
    /** @default they are part of the description */
    read?: (thing: Tagged, context: AwsContext) => Promise<readonly Pair[] | Tags | undefined>;
    put: (thing: Tagged, tags: { Key: string; Value: string }[], context: AwsContext) => Promise<unknown>;
    remove: (thing: Tagged, keys: string[], context: AwsContext) => Promise<unknown>;
}

/** What is waited for, and for how long. */
export interface Waiting<Found> {
    /** How far a thing is. */
    state: (found: Found) => string | undefined;
    /** The states in which it is ready. */
    good: readonly string[];
    /** The states in which it will never be. */
    bad?: readonly string[];
    /** AWS's reason for a bad state. */
    why?: (found: Found) => string | undefined;
    /** The official provider's patience; the resource option `customTimeouts` goes before it. */
    seconds: number;
    /** @default "to become available" */
    says?: string;
}

/** Makes a request out of the inputs and of what is no input. */
export type Request = <T>(more?: Partial<NoInfer<T>>) => T;

/** A change in place. */
export interface Change<State> extends Update<State> {
    /** The inputs that differ, as the API names them; one that is left out now is sent as "", 0, false or []. */
    request: Request;
    /** All inputs, as for a creation. */
    whole: Request;
    /** Waits as after a creation, or longer and in other words. */
    ready: (waiting?: { seconds: number; says: string }) => Promise<void>;
}

type Args<T> = Unwrap<T>;
type State<T> = Partial<Unwrap<T>>;
type Name<T> = keyof Unwrap<T> & string;
type Spec<A, S> = ResourceSpec<Args<A>, State<S>, AwsContext>;

/**
 * A resource type of AWS. The SDK's declarations say which properties it has, of which kinds, and which of them are required
 * or chosen by AWS; what they do not say stands here.
 */
export interface Definition<A, S, Found> extends Pick<
    Spec<A, S>,
    "noun" | "autoname" | "deleteBeforeReplace" | "replaces" | "recomputed" | "import"
> {
    /** Inputs whose change replaces the thing. */
    fixed?: readonly Name<A>[];
    /** Inputs that change in place. */
    plain?: readonly Name<A>[];
    /** Inputs that say how a thing is changed or deleted. AWS is not told of them, and does not tell them. */
    remembered?: readonly Name<A>[];
    /** More of those, and of further inputs. */
    inputs?: { [N in Name<A>]?: InputTraits };
    /** Inputs of which one value is done, which is also what AWS takes where they are left out. */
    only?: { [N in Name<A>]?: unknown };
    /** What to use in place of those. */
    instead?: string;
    /** What inputs have to be like together. */
    rules?: readonly Rule<Args<A>>[];
    /** Members of the API that have other names. */
    names?: Names;
    /** What AWS means where it leaves something out. @default the input's default, or "", 0, false, [] */
    otherwise?: PropertyMap;
    /** AWS's description of the thing. */
    find: (id: string, context: AwsContext, known: State<S>) => Promise<Found | undefined>;
    /** Whether a description is of a thing that is gone; AWS shows some for a while. */
    isGone?: (found: Found) => boolean;
    /** Whether it is about to be. */
    isLeaving?: (found: Found) => boolean;
    /** What other calls say of it, and what of it has another form, as the API names it. */
    more?: (found: Found, id: string, context: AwsContext, known: State<S>) => Promise<object>;
    /** Properties that the description does not have. */
    outputs?: (
        found: Found,
        id: string,
        context: AwsContext,
        known: State<S>,
    ) => State<S> | Promise<State<S>>;
    /** Makes the thing, with the first call that leaves something behind, and returns its id. */
    create: (inputs: Args<A>, context: AwsContext, request: Request) => Promise<string | undefined>;
    ready?: Waiting<Found>;
    /** What else a new thing needs when it is ready. Repeatable. */
    settle?: (id: string, inputs: Args<A>, context: AwsContext) => Promise<unknown>;
    /** Changes it in place, but for its tags. */
    update?: (id: string, news: Args<A>, change: Change<State<S>>, context: AwsContext) => Promise<unknown>;
    tags?: Tagging;
    delete: (id: string, state: State<S>, context: AwsContext) => Promise<unknown>;
    /** How long it may take until it is gone, in the words of `ready`. @default it is gone at once */
    removal?: Pick<Waiting<Found>, "bad" | "seconds" | "says"> & Partial<Pick<Waiting<Found>, "state">>;
}

/** Describes a resource type of the `aws` package by its token, its arguments and state in the SDK, and AWS's description. */
export function resource<A extends object, S extends object, Found extends object = object>(
    token: string,
    definition: Definition<A, S, Found>,
): Spec<A, S> {
    const { noun, autoname, deleteBeforeReplace, replaces, recomputed, import: imported } = definition;
    const type = new AwsType(token, definition);
    return {
        ...{ noun, autoname, deleteBeforeReplace, replaces, recomputed, import: imported },
        get properties() {
            return type.properties as Spec<A, S>["properties"];
        },
        get regional() {
            return type.sdk.inputs.has("region");
        },
        check: (inputs, isUnknown) => type.check(inputs, isUnknown),
        create: (inputs, context) => type.create(inputs, context),
        settle: (id, inputs, context) => type.settle(id, inputs, context),
        read: (id, context, known) => type.read(id, context, known),
        update: type.changesInPlace
            ? (id, news, update, context) => type.update(id, news, update, context)
            : undefined,
        tag: definition.tags && ((id, change, context, olds) => type.tag(id, change, context, olds)),
        delete: (id, state, context) => type.delete(id, state, context),
    };
}

/** Carries out a definition. */
class AwsType<A extends object, S extends object, Found extends object> {
    private known?: Record<string, Property>;

    constructor(
        private readonly token: string,
        private readonly definition: Definition<A, S, Found>,
    ) {}

    get sdk(): SdkType {
        return sdkType(SDK, `aws:${this.token}`)!;
    }

    get properties(): Record<string, Property> {
        return (this.known ??= propertiesOf(this.sdk, this.definition));
    }

    get changesInPlace(): boolean {
        const { update, fixed = [], remembered = [] } = this.definition;
        return update !== undefined || remembered.some((name) => !fixed.includes(name));
    }

    check(inputs: Partial<Args<A>>, isUnknown: (name: Name<A>) => boolean): string[] {
        const saysNothing = (value: unknown) =>
            value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
        const isGiven = (name: Name<A>) => isUnknown(name) || !saysNothing(inputs[name]);
        return (this.definition.rules ?? []).flatMap((rule) => rule(inputs, isGiven));
    }

    async create(inputs: Args<A>, context: AwsContext): Promise<string> {
        const id = await this.definition.create(inputs, context, this.whole(inputs));
        if (!id) throw new Error("AWS answered without an id");
        return id;
    }

    async settle(id: string, inputs: Args<A>, context: AwsContext): Promise<void> {
        await this.waitUntilReady(id, context, inputs as State<S>);
        await this.definition.settle?.(id, inputs, context);
    }

    async read(id: string, context: AwsContext, known: State<S>): Promise<State<S> | undefined> {
        const { isGone, isLeaving, more, outputs, tags } = this.definition;
        const found = await this.find(id, context, known);
        if (!found || isGone?.(found) || isLeaving?.(found)) return undefined;
        const all = { ...found, ...(await more?.(found, id, context, known)) };
        const { remembered = [] } = this.definition as { remembered?: readonly string[] };
        const told = Object.entries(this.sdk.properties).filter(
            ([name]) => !remembered.includes(name) && !["region", "tags", "tagsAll"].includes(name),
        );
        const state = {
            ...fromApi(all, Object.fromEntries(told), this.definition, this.defaults),
            ...(await outputs?.(found, id, context, known)),
        };
        if (!tags) return state;
        const { Tags, TagSet, TagList } = found as Record<string, Pair[] | undefined>;
        const pairs = tags.read
            ? await tags.read(taggedThing(id, state), context)
            : (Tags ?? TagSet ?? TagList);
        return { ...state, tags: Array.isArray(pairs) ? mapOf(pairs) : (pairs ?? {}) } as object;
    }

    async update(
        id: string,
        news: Args<A>,
        { olds, changed }: Update<State<S>>,
        context: AwsContext,
    ): Promise<void> {
        const told = this.toldInputs.filter((name) => changed.has(name));
        if (told.length === 0) return;
        const wanted = { ...news } as PropertyMap;
        for (const name of told) wanted[name] ??= zeroOf(this.properties[name]!.kind);
        const change: Change<State<S>> = {
            olds,
            changed: new Set(told),
            request: this.request(wanted, told),
            whole: this.whole(news),
            ready: (waiting) => this.waitUntilReady(id, context, news as State<S>, waiting),
        };
        await this.definition.update?.(id, news, change, context);
    }

    async tag(id: string, { put, remove }: TagChange, context: AwsContext, olds: State<S>): Promise<void> {
        const tags = this.definition.tags!;
        const thing = taggedThing(id, olds);
        if (remove.length > 0) await tags.remove(thing, remove, context);
        if (Object.keys(put).length > 0) await tags.put(thing, tagList(put), context);
    }

    async delete(id: string, state: State<S>, context: AwsContext): Promise<void> {
        const { removal, ready } = this.definition;
        await this.definition.delete(id, state, context);
        if (!removal) return;
        const { state: stateOf = () => undefined, why } = ready ?? {};
        const waiting = { state: stateOf, why, good: [], says: "to be deleted", ...removal };
        await this.wait(id, waiting, context, state, true);
    }

    /** What inputs are where AWS leaves them out: their defaults and, if AWS chooses an object, one with nothing in it. */
    private get defaults(): PropertyMap {
        const defaultOf = (name: string, { computed, default: value, members }: Property) =>
            computed && members
                ? fromApi({}, this.sdk.properties[name]?.members ?? {}, this.definition)
                : value;
        return Object.fromEntries(
            Object.entries(this.properties).map(([name, property]) => [name, defaultOf(name, property)]),
        );
    }

    /** Inputs that AWS is told of. */
    private get toldInputs(): string[] {
        const { remembered = [] } = this.definition as { remembered?: readonly string[] };
        return Object.keys(this.properties).filter((name) => !remembered.includes(name));
    }

    private whole(inputs: Args<A>): Request {
        return this.request(withoutEmpty(inputs as PropertyMap), this.toldInputs);
    }

    private request(inputs: PropertyMap, names: readonly string[]): Request {
        const told = Object.fromEntries(names.map((name) => [name, inputs[name]]));
        const body = toApi(told, this.definition.names, this.sdk.properties);
        return (more) => ({ ...body, ...more }) as never;
    }

    private find(id: string, context: AwsContext, known: State<S>): Promise<Found | undefined> {
        return orUndefined(() => this.definition.find(id, context, known));
    }

    private async waitUntilReady(
        id: string,
        context: AwsContext,
        known: State<S>,
        waiting: Partial<Waiting<Found>> = {},
    ): Promise<void> {
        const { ready } = this.definition;
        if (ready) await this.wait(id, { ...ready, ...waiting }, context, known);
    }

    /** Waits until a thing is in a good state or, if that is what is waited for, gone. */
    private async wait(
        id: string,
        { state: stateOf, good, bad, why, seconds, says = "to become available" }: Waiting<Found>,
        context: AwsContext,
        known: State<S>,
        untilGone = false,
    ): Promise<void> {
        const { noun, isGone } = this.definition;
        await waitFor(`${noun} (${id}) ${says}`, { timeoutSeconds: seconds, ...context }, async () => {
            const found = await this.find(id, context, known);
            if (untilGone && (!found || isGone?.(found))) return done(true);
            const state = found && stateOf(found);
            if (found && state !== undefined && bad?.includes(state)) {
                const reason = why?.(found);
                throw new Error(`unexpected state '${state}'${reason ? `: ${reason}` : ""}`);
            }
            return state !== undefined && good.includes(state) ? done(true) : pending(state);
        });
    }
}

const taggedThing = (id: string, state: object): Tagged => ({
    id,
    arn: String((state as { arn?: string }).arn),
});

/** A function of the `aws` package. */
export interface FunctionDefinition<A, Result> {
    /** The arguments that are done, apart from `region`. */
    args: readonly (keyof A & string)[];
    /** Members of the API that have other names. */
    names?: Names;
    /** AWS's answer, with properties that it does not have under their names as `outputs`. */
    invoke: (
        args: A,
        context: AwsContext,
    ) => Promise<{ found?: object | undefined; outputs: { [Name in keyof Result]?: unknown } }>;
}

/** Describes a function of the `aws` package by its token, and its arguments and result in the SDK. */
export function fn<A extends object, Result extends object>(
    token: string,
    { args, names, invoke }: FunctionDefinition<A, Result>,
): FunctionSpec<A, PropertyMap, AwsContext> {
    return {
        args,
        get regional() {
            return sdkFunctionArgs(SDK, `aws:${token}`)!.has("region");
        },
        async invoke(given, context) {
            const { found = {}, outputs } = await invoke(given, context);
            const promised = sdkResult(SDK, `aws:${token}`)!;
            const region = "region" in promised ? { region: context.region } : {};
            const { Tags } = found as { Tags?: Pair[] };
            const all = {
                ...fromApi(found, promised, { names }),
                ...(Tags && { tags: mapOf(Tags) }),
                ...given,
                ...region,
                ...outputs,
            };
            return Object.fromEntries(Object.entries(all).filter(([name]) => name in promised));
        },
    };
}
