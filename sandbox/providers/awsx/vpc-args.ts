import * as pulumi from "@pulumi/pulumi";

/** What a subnet is for; the official component reads the names in any case, the stand-in wants its documented form. */
export const SUBNET_TYPES = ["Public", "Private", "Isolated", "Unused"] as const;
export type SubnetType = (typeof SUBNET_TYPES)[number];

export const NAT_STRATEGIES = ["None", "Single", "OnePerAz"] as const;
export type NatStrategy = (typeof NAT_STRATEGIES)[number];

/** The strategies under which explicit ranges are honoured; without one the official component computes its own. */
const EXPLICIT_STRATEGIES = ["Auto", "Exact"] as const;
export type SubnetStrategy = (typeof EXPLICIT_STRATEGIES)[number];

type TagMap = Record<string, pulumi.Input<string>>;

/** One subnet in each zone. */
export interface SubnetSpec {
    readonly type: SubnetType;
    /** @default the type in lower case */
    readonly name?: string;
    /** One range for each zone. */
    readonly cidrBlocks: readonly string[];
    readonly tags?: TagMap;
}

/** The arguments of `awsx:ec2:Vpc` that the stand-in does. What decides which resources there are is plain. */
export interface VpcArgs {
    /** @default "10.0.0.0/16" */
    readonly cidrBlock?: string;
    /** @default the first zones of the region; see {@link numberOfAvailabilityZones} */
    readonly availabilityZoneNames?: readonly string[];
    /** @default 3 */
    readonly numberOfAvailabilityZones?: number;
    /** Needed with {@link subnetSpecs}, and only then. */
    readonly subnetStrategy?: SubnetStrategy;
    /** @default a private and a public subnet in each zone */
    readonly subnetSpecs?: readonly SubnetSpec[];
    /** @default one in each zone */
    readonly natGateways?: { readonly strategy?: NatStrategy };
    readonly enableDnsHostnames?: pulumi.Input<boolean>;
    readonly enableDnsSupport?: pulumi.Input<boolean>;
    readonly instanceTenancy?: pulumi.Input<string>;
    readonly tags?: TagMap;
}

type Check = (value: unknown, path: string) => void;

function refuse(path: string, problem: string): never {
    throw new Error(`[${path}] ${problem}`);
}

function show(value: unknown): string {
    return JSON.stringify(value) ?? String(value);
}

/** The value must be known before anything is created: it is neither a resource's output nor a secret. */
function plain(check: Check): Check {
    return (value, path) => {
        if (pulumi.Output.isInstance(value) || value instanceof Promise) {
            refuse(path, "must be a plain value: neither an output of a resource nor a secret");
        }
        check(value, path);
    };
}

const text = plain((value, path) => {
    if (typeof value !== "string") refuse(path, `must be a string, not ${show(value)}`);
});

const count = plain((value, path) => {
    if (!Number.isInteger(value) || (value as number) < 1)
        refuse(path, `must be a whole number from 1, not ${show(value)}`);
});

const oneOf = (allowed: readonly string[]): Check =>
    plain((value, path) => {
        if (!allowed.includes(value as string)) {
            refuse(path, `${show(value)} is not done by the sandbox; it does ${allowed.join(", ")}`);
        }
    });

const listOf = (check: Check): Check =>
    plain((value, path) => {
        if (!Array.isArray(value)) refuse(path, `must be a list, not ${show(value)}`);
        (value as unknown[]).forEach((item, index) => check(item, `${path}[${index}]`));
    });

/** An object with these properties and no other. */
const objectOf = (properties: Record<string, Check>): Check =>
    plain((value, path) => {
        if (typeof value !== "object" || value === null || Array.isArray(value)) {
            refuse(path, `must be an object, not ${show(value)}`);
        }
        for (const [key, item] of Object.entries(value) as [string, unknown][]) {
            const inner = path === "" ? key : `${path}.${key}`;
            const check = properties[key];
            if (item === undefined) continue;
            if (check === undefined) {
                refuse(inner, `is not done by the sandbox; it does ${Object.keys(properties).join(", ")}`);
            }
            check(item, inner);
        }
    });

/** A map whose keys are plain; its values may come from resources. */
const map = plain((value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        refuse(path, `must be a map, not ${show(value)}`);
    }
});

const anything: Check = () => undefined;

const check = objectOf({
    cidrBlock: text,
    availabilityZoneNames: listOf(text),
    numberOfAvailabilityZones: count,
    subnetStrategy: oneOf(EXPLICIT_STRATEGIES),
    subnetSpecs: listOf(
        objectOf({ type: oneOf(SUBNET_TYPES), name: text, cidrBlocks: listOf(text), tags: map }),
    ),
    natGateways: objectOf({ strategy: oneOf(NAT_STRATEGIES) }),
    enableDnsHostnames: anything,
    enableDnsSupport: anything,
    instanceTenancy: anything,
    tags: map,
});

/**
 * Reads the arguments of an `awsx:ec2:Vpc`.
 *
 * @throws for whatever the stand-in does not do, naming the argument; nothing is ignored.
 */
export function readVpcArgs(inputs: pulumi.Inputs): VpcArgs {
    check(inputs, "");
    const args = inputs as VpcArgs;
    if (args.availabilityZoneNames !== undefined && args.numberOfAvailabilityZones !== undefined) {
        refuse(
            "availabilityZoneNames",
            "and [numberOfAvailabilityZones] exclude each other: give one of them",
        );
    }
    (args.subnetSpecs ?? []).forEach((spec, index) => {
        const path = `subnetSpecs[${index}]`;
        // Checked as unknown input above; both are needed here.
        const { type, cidrBlocks } = spec as Partial<SubnetSpec>;
        if (type === undefined) refuse(`${path}.type`, `is missing: one of ${SUBNET_TYPES.join(", ")}`);
        if (cidrBlocks === undefined)
            refuse(`${path}.cidrBlocks`, "is missing: the sandbox does explicit ranges only");
    });
    if (args.subnetSpecs !== undefined && args.subnetStrategy === undefined) {
        refuse(
            "subnetStrategy",
            `is missing: explicit ranges are honoured only under ${EXPLICIT_STRATEGIES.join(" or ")}`,
        );
    }
    if (args.subnetSpecs === undefined && args.subnetStrategy !== undefined) {
        refuse(
            "subnetStrategy",
            "without [subnetSpecs] is not done by the sandbox: leave it out, or give explicit ranges",
        );
    }
    return args;
}
