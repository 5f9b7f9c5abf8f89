import type { Clock } from "./clock";
import type { Property } from "./property";
import type { TagChange, Tags, TagSettings } from "./tags";
import type { PropertyMap } from "./values";

/** What every operation is given, whatever the cloud. */
export interface OperationContext {
    clock: Clock;
    /** The region that the operation works in. */
    region: string;
    /** All tags that the resource is to have: its own and the provider's defaults. */
    tags: Tags;
    /** The resource option `customTimeouts`, in seconds; undefined when it is not set. */
    timeoutSeconds?: number;
    /** Aborted when the user cancels the deployment. */
    signal: AbortSignal;
}

/** Names that a resource type makes up where the program gives none: `<logical name>-<7 hex digits>`. */
export interface Autoname {
    /** The input that holds the name. */
    property: string;
    /** The longest name that AWS takes. */
    maxLength: number;
    /**
     * Put before the name unless it begins with it already.
     * @default nothing
     */
    prefix?: string;
}

/** A change that an update carries out. */
export interface Update<State> {
    /** What the resource was like when it was last read or written. */
    olds: Partial<State>;
    /** Inputs that differ from `olds`. */
    changed: ReadonlySet<string>;
}

/**
 * A resource type: what its inputs are and how to bring it about. `Inputs` and `State` have the shapes that the SDK
 * gives them. Operations throw the AWS client's errors; the server says around them what was being done.
 */
export interface ResourceSpec<Inputs, State, Context> {
    /** What the type is called in errors: "EC2 Subnet". */
    noun: string;
    /** The inputs that it does, apart from `region` and `tags`. */
    properties: { [Name in keyof Inputs]?: Property };
    /**
     * Whether it lives in a region, and so has an input of that name.
     * @default true
     */
    regional?: boolean;
    /**
     * Its made-up name.
     * @default it has none
     */
    autoname?: Autoname;
    /**
     * Whether the old one must go before its replacement can be made.
     * @default false, but for replacements that keep a name which the program gives
     */
    deleteBeforeReplace?: boolean;
    /** What is wrong with inputs in combination; unknown values are left out of them. */
    check?(inputs: Partial<Inputs>, isUnknown: (name: keyof Inputs) => boolean): string[];
    /** Inputs whose change replaces the resource only sometimes, by what they were and are to be. */
    replaces?(
        changed: ReadonlySet<string>,
        olds: Partial<Inputs>,
        news: Partial<Inputs>,
    ): (keyof Inputs & string)[];
    /** Outputs that a preview cannot know when these inputs change. */
    recomputed?: { [Name in keyof Inputs]?: readonly (keyof State & string)[] };
    /** Finds out what an id given to an import means, where it is not the resource's own. */
    import?(id: string, context: Context): Promise<{ id: string; known: Partial<State> } | undefined>;
    /** Makes the thing, with the first call that leaves something behind, and returns its id. */
    create(inputs: Inputs, context: Context): Promise<string>;
    /** What else a new thing needs: waiting for it, settings that creation cannot take. Repeatable. */
    settle?(id: string, inputs: Inputs, context: Context): Promise<void>;
    /** What the thing is like; undefined when it does not exist. `known` is what is remembered of it. */
    read(id: string, context: Context, known: Partial<State>): Promise<State | undefined>;
    /** Changes the thing in place, but for its tags. Needed unless every input forces a replacement. */
    update?(id: string, news: Inputs, change: Update<State>, context: Context): Promise<void>;
    /** Puts and removes tags; its presence makes the type taggable, and `read` then returns all tags as `tags`. */
    tag?(id: string, change: TagChange, context: Context, olds: Partial<State>): Promise<void>;
    /** Deletes the thing and waits until it is gone. "Not found" counts as done. */
    delete(id: string, state: Partial<State>, context: Context): Promise<void>;
}

/** A function that programs can call (`aws.getRegion`). */
export interface FunctionSpec<Args, Result, Context> {
    /** The arguments that it does, apart from `region`. */
    args: readonly (keyof Args & string)[];
    /**
     * Whether it works in a region, and so has an argument of that name.
     * @default true
     */
    regional?: boolean;
    /** Answers; throws the AWS client's errors. */
    invoke(args: Args, context: Context): Promise<Result>;
}

/** A resource type or function whatever its properties, as the server handles it. */
export type AnyResource<Context> = ResourceSpec<PropertyMap, PropertyMap, Context>;
export type AnyFunction<Context> = FunctionSpec<PropertyMap, PropertyMap, Context>;

/** A configured provider instance. */
export interface Session<Context> {
    /** Where resources live that do not say so themselves. */
    readonly region: string;
    readonly tagSettings: TagSettings;
    /** The context of an operation. */
    context(operation: OperationContext): Context;
}

/** A package: the types and functions of a provider. */
export interface Package<Context> {
    /** As in `pulumi-resource-<name>`. */
    readonly name: string;
    /** The version of the SDK that it stands in for. */
    readonly version: string;
    /** The type of this token; undefined when there is none. */
    resource(token: string): AnyResource<Context> | undefined;
    /** The function of this token; undefined when there is none. */
    function(token: string): AnyFunction<Context> | undefined;
    /** What is wrong with a provider instance's configuration. */
    checkConfig(config: PropertyMap): string[];
    /** @throws when the configuration cannot work. */
    configure(config: PropertyMap): Promise<Session<Context>>;
}
