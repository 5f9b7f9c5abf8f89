import type { Address, IpRange } from "../../lib/addresses/ip";
import { addressOf, type Interface, publicAddressOf, publicRangeOf } from "./interfaces";
import type { Model } from "./model";

/** Interfaces that no rule of the network tells apart: one of them answers for all. */
export interface InterfaceClass {
    readonly members: readonly Interface[];
    readonly first: Interface;
}

/**
 * Tells which interfaces are alike: of one subnet, with the same groups, and with addresses between the same edges of all
 * blocks that any rule, entry or route names. One that a route leads to is like no other.
 */
export class Classes {
    private readonly edges: { readonly 4: readonly Address[]; readonly 6: readonly Address[] };
    private readonly keys = new Map<Interface, string>();
    /** Interfaces, and instances, that routes lead to: on the way to their neighbours, but not on the way to themselves. */
    private readonly targets: ReadonlySet<string | undefined>;

    constructor(private readonly model: Model) {
        this.edges = edgesOf(model);
        const routes = (model.snapshot.RouteTables ?? []).flatMap(({ Routes }) => Routes ?? []);
        this.targets = new Set(
            routes.flatMap(({ NetworkInterfaceId, InstanceId }) => [NetworkInterfaceId, InstanceId]),
        );
    }

    /** Equal for two interfaces that are alike. */
    keyOf(one: Interface): string {
        const known = this.keys.get(one);
        if (known !== undefined) return known;
        const key = [
            one.vpcId,
            one.subnetId,
            one.kind,
            one.checksDestination,
            // By it an interface is known where it comes in again from the internet.
            this.placeOf(publicRangeOf(one)),
            publicAddressOf(one) === undefined,
            one.isFiltered,
            one.detached ?? "",
            one.groupsUnread ?? "",
            this.isTarget(one) ? one.id : "",
            one.instanceId === undefined ? "" : (this.model.stateOfInstance(one.instanceId) ?? ""),
            // The first group is named when no rule of any fits, so that order counts.
            one.groups.join(","),
            this.placeOf(addressOf(one, 4)),
            this.placeOf(addressOf(one, 6)),
        ].join(" ");
        this.keys.set(one, key);
        return key;
    }

    private isTarget({ id, instanceId }: Interface): boolean {
        return this.targets.has(id) || (instanceId !== undefined && this.targets.has(instanceId));
    }

    of(interfaces: readonly Interface[]): InterfaceClass[] {
        const classes = new Map<string, { first: Interface; members: Interface[] }>();
        for (const one of interfaces) {
            const key = this.keyOf(one);
            const known = classes.get(key);
            if (known === undefined) classes.set(key, { first: one, members: [one] });
            else known.members.push(one);
        }
        return [...classes.values()];
    }

    /** How many edges lie at or below the address. */
    private placeOf(address: IpRange | undefined): string {
        if (address === undefined) return "-";
        if (address.first !== address.last) return `any of ${address.first}`;
        const edges = this.edges[address.family];
        let [low, high] = [0, edges.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            if ((edges[middle] ?? 0) <= address.first) low = middle + 1;
            else high = middle;
        }
        return String(low);
    }
}

function edgesOf(model: Model): { 4: Address[]; 6: Address[] } {
    const edges = { 4: new Set<Address>(), 6: new Set<Address>() };
    for (const { family, first, last } of model.blocksInRules()) {
        edges[family].add(first);
        edges[family].add(typeof last === "bigint" ? last + 1n : last + 1);
    }
    const sorted = (values: Set<Address>) => [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return { 4: sorted(edges[4]), 6: sorted(edges[6]) };
}

/** One pair of interfaces for each pair of classes, and how many pairs it stands for. A member is no pair with itself. */
export function pairsOf(
    sources: readonly InterfaceClass[],
    destinations: readonly InterfaceClass[],
): { source: Interface; destination: Interface; count: number }[] {
    const pairs = sources.flatMap((from) =>
        destinations.flatMap((to) => {
            const ids = new Set(from.members.map(({ id }) => id));
            const both = to.members.filter(({ id }) => ids.has(id)).length;
            const count = from.members.length * to.members.length - both;
            const destination = to.members.find(({ id }) => id !== from.first.id);
            return count === 0 || destination === undefined
                ? []
                : [{ source: from.first, destination, count }];
        }),
    );
    const [source, destination] = [sources[0]?.first, destinations[0]?.first];
    if (pairs.length > 0 || source === undefined || destination === undefined) return pairs;
    return [{ source, destination, count: 1 }];
}
