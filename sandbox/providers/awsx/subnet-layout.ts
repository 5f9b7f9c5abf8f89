import type * as pulumi from "@pulumi/pulumi";
import { type Cidr, containsCidr, formatCidr, parseCidr, rangeOf } from "../../../lib/addresses/ipv4";
import type { NatStrategy, SubnetSpec, SubnetStrategy, SubnetType } from "./vpc-args";

/** A subnet to be made. */
export interface PlannedSubnet {
    /** Logical name and Name tag, `<component>-<spec>-<zone, from 1>`. */
    readonly name: string;
    readonly type: SubnetType;
    readonly zone: string;
    readonly cidrBlock: string;
    readonly tags: Record<string, pulumi.Input<string>>;
}

/** An entry of the output `subnetLayout`. */
export type ResolvedSubnetSpec =
    | { readonly type: SubnetType; readonly name?: string; readonly cidrBlocks: readonly string[] }
    | { readonly type: SubnetType; readonly cidrMask: number };

export interface SubnetLayout {
    /** In the order of creation: zone by zone, public before private before isolated. Unused ranges are left out. */
    readonly subnets: readonly PlannedSubnet[];
    readonly resolved: readonly ResolvedSubnetSpec[];
}

export interface LayoutOptions {
    readonly name: string;
    readonly cidrBlock: string;
    readonly zones: readonly string[];
    readonly natStrategy: NatStrategy;
    readonly strategy?: SubnetStrategy | undefined;
    /** @default a private and a public subnet in each zone */
    readonly specs?: readonly SubnetSpec[] | undefined;
}

const ORDER: readonly SubnetType[] = ["Public", "Private", "Isolated"];

/**
 * Which subnets there are, with which ranges.
 *
 * @throws when the ranges do not fit the zones, overlap, leave a gap under `Exact`, or do not carry the NAT strategy.
 */
export function layOutSubnets(options: LayoutOptions): SubnetLayout {
    const { specs } = options;
    const planned = specs === undefined ? standardSubnets(options) : explicitSubnets(options, specs);
    refuseOverlaps(planned);
    if (options.strategy === "Exact") refuseGaps(options.cidrBlock, planned);
    refuseNatWithoutSubnets(options.natStrategy, planned);
    const inZone = (zone: string): PlannedSubnet[] =>
        planned
            .filter((subnet) => subnet.zone === zone && subnet.type !== "Unused")
            .sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type));
    return {
        subnets: options.zones.flatMap(inZone),
        resolved: specs?.map(resolvedSpec) ?? standardLayout(options, planned),
    };
}

function resolvedSpec({ type, name, cidrBlocks }: SubnetSpec): ResolvedSubnetSpec {
    return { type, cidrBlocks, ...(name !== undefined && { name }) };
}

function explicitSubnets({ name, zones }: LayoutOptions, specs: readonly SubnetSpec[]): PlannedSubnet[] {
    specs.forEach((spec, index) => {
        if (spec.cidrBlocks.length !== zones.length) {
            throw new Error(
                `[subnetSpecs[${index}].cidrBlocks] has ${spec.cidrBlocks.length} ranges for ${zones.length} availability ` +
                    `zones: give one range for each zone`,
            );
        }
        spec.cidrBlocks.forEach((block, zone) =>
            readCidr(block, `subnetSpecs[${index}].cidrBlocks[${zone}]`),
        );
    });
    return zones.flatMap((zone, index) =>
        specs.map((spec) => ({
            name: `${name}-${spec.name ?? spec.type.toLowerCase()}-${index + 1}`,
            type: spec.type,
            zone,
            cidrBlock: spec.cidrBlocks[index] as string,
            tags: spec.tags ?? {},
        })),
    );
}

/** Half of each zone's share for the private subnet and half of the rest for the public one: all private ones first. */
function standardSubnets({ name, cidrBlock, zones }: LayoutOptions): PlannedSubnet[] {
    const vpc = readCidr(cidrBlock, "cidrBlock");
    const share = vpc.length + Math.ceil(Math.log2(Math.max(zones.length, 1)));
    const subnet = (type: "Private" | "Public", zone: string, index: number): PlannedSubnet => {
        const prefix = type === "Private" ? share + 1 : share + 2;
        const start = vpc.base + index * size(share) + (type === "Private" ? 0 : size(share + 1));
        const range = formatCidr({ base: start, length: prefix });
        return { name: `${name}-${type.toLowerCase()}-${index + 1}`, type, zone, cidrBlock: range, tags: {} };
    };
    return [
        ...zones.map((zone, index) => subnet("Private", zone, index)),
        ...zones.map((zone, index) => subnet("Public", zone, index)),
    ];
}

/**
 * What the official component answers for its standard subnets: it takes the first subnets of its list for those of the
 * first zone. They are the private ones of all zones, with the space between two of them as unused.
 */
function standardLayout({ zones }: LayoutOptions, planned: readonly PlannedSubnet[]): ResolvedSubnetSpec[] {
    const [first] = planned;
    if (first === undefined) return [];
    const cidrMask = parseCidr(first.cidrBlock).length;
    const gap: ResolvedSubnetSpec = { type: "Unused", cidrMask };
    const ofOneZone = planned.slice(0, planned.length / zones.length);
    if (zones.length === 1)
        return ofOneZone.map(({ type, cidrBlock }) => ({ type, cidrMask: parseCidr(cidrBlock).length }));
    return ofOneZone.flatMap(({ type }, index) => [...(index > 0 ? [gap] : []), { type, cidrMask }]);
}

function size(prefix: number): number {
    return 2 ** (32 - prefix);
}

function readCidr(block: string, path: string): Cidr {
    try {
        return parseCidr(block);
    } catch (error) {
        throw new Error(`[${path}] ${(error as Error).message}`);
    }
}

function refuseOverlaps(planned: readonly PlannedSubnet[]): void {
    const ranges = planned.map((subnet) => ({ subnet, cidr: parseCidr(subnet.cidrBlock) }));
    const overlap = (a: Cidr, b: Cidr): boolean => containsCidr(a, b) || containsCidr(b, a);
    const overlapping = ranges.filter((one) =>
        ranges.some((two) => one !== two && overlap(one.cidr, two.cidr)),
    );
    if (overlapping.length > 0) {
        const list = overlapping.map(({ subnet }) => `${subnet.name} (${subnet.cidrBlock})`).join(", ");
        throw new Error(`subnets overlap: ${list}. Give each a range of its own`);
    }
}

/** Under `Exact`, the ranges in their order fill the VPC from its first address to its last. */
function refuseGaps(cidrBlock: string, planned: readonly PlannedSubnet[]): void {
    const vpc = rangeOf(readCidr(cidrBlock, "cidrBlock"));
    let next = vpc.first;
    for (const subnet of planned) {
        const range = rangeOf(parseCidr(subnet.cidrBlock));
        if (range.first !== next) throw new Error(gap(`before ${subnet.name} (${subnet.cidrBlock})`));
        next = range.last + 1;
    }
    if (next !== vpc.last + 1) throw new Error(gap(`at the end of the VPC (${cidrBlock})`));
}

function gap(where: string): string {
    return `under the strategy Exact there is a gap ${where}: name it with a spec of the type Unused, or use Auto`;
}

function refuseNatWithoutSubnets(strategy: NatStrategy, planned: readonly PlannedSubnet[]): void {
    const has = (type: SubnetType): boolean => planned.some((subnet) => subnet.type === type);
    if (strategy !== "None" && !(has("Public") && has("Private"))) {
        throw new Error(
            `[natGateways.strategy] ${strategy} needs public subnets for the gateways and private subnets that use them: ` +
                `declare both, or use None`,
        );
    }
}
