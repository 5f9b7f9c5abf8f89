/** Route tables, and what leads astray in them. */
import type { Route } from "@aws-sdk/client-ec2";

import { OUTSIDE_BLOCKS } from "./addresses";
import type { Draft, Vpc } from "./draft";
import { forwards, peeringOf, peerRoutes } from "./peerings";

export function addRouteTables(draft: Draft, vpc: Vpc): void {
    const { random, network } = draft;
    const internet = (isPublic: boolean): Route[] => {
        const igw = vpc.igw ?? "igw-gone";
        if (draft.isFaulty(0.7)) return [];
        if (isPublic === !draft.isFaulty(0.5)) return [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: igw }];
        if (vpc.nats.length === 0) return [];
        return [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: random.pick(vpc.nats) }];
    };
    if (vpc.igw !== undefined && draft.isThemed("edge", 0.1)) addEdgeTable(draft, vpc, vpc.igw);
    const table = (name: string, subnets: readonly string[] | "main", isPublic: boolean) =>
        network.routeTable(
            `${vpc.number}-${name}`,
            vpc.id,
            subnets,
            withNearMisses(draft, vpc, [
                ...internet(isPublic),
                ...endpointRoutes(draft, vpc),
                ...peerRoutes(draft, vpc),
            ]),
        );
    table("main", "main", false);
    const publicPlaces = vpc.places.filter((place) => place.isPublic !== draft.isFaulty(0.3));
    if (publicPlaces.length > 0)
        table(
            "public",
            publicPlaces.map(({ id }) => id),
            true,
        );
    const [own] = random.some(
        vpc.places.filter((place) => !publicPlaces.includes(place)),
        0.5,
    );
    if (own !== undefined) table("own", [own.id], false);
}

/** A table for what comes in through the internet gateway: to an appliance. */
function addEdgeTable(draft: Draft, vpc: Vpc, igw: string): void {
    const [place] = vpc.places;
    const host = draft.random.pick(vpc.hosts);
    if (place === undefined) return;
    draft.network.routeTable(
        `${vpc.number}-edge`,
        vpc.id,
        [],
        [{ DestinationCidrBlock: place.cidr, NetworkInterfaceId: host.id }],
    );
    const table = draft.network.snapshot.RouteTables.at(-1);
    table?.Associations?.push({
        RouteTableAssociationId: `rtbassoc-${igw}`,
        GatewayId: igw,
        Main: false,
    });
}

function endpointRoutes(draft: Draft, vpc: Vpc): Route[] {
    if (vpc.s3 === undefined || draft.isFaulty()) return [];
    return [{ DestinationPrefixListId: "pl-s3", GatewayId: vpc.s3 }];
}

/** Routes that lead some addresses astray; a destination occurs once among the static routes, as AWS has it. */
function withNearMisses(draft: Draft, vpc: Vpc, routes: readonly Route[]): Route[] {
    const { random } = draft;
    const result = [...routes];
    const add = (route: Route): void => {
        const isTaken = result.some(
            (other) =>
                (route.DestinationCidrBlock !== undefined &&
                    other.DestinationCidrBlock === route.DestinationCidrBlock) ||
                (route.DestinationPrefixListId !== undefined &&
                    other.DestinationPrefixListId === route.DestinationPrefixListId),
        );
        if (!isTaken) result.push(route);
    };
    if (draft.theme === "static before list") {
        // Both lead outside, the static one by way of a peer or an interface.
        add({ DestinationPrefixListId: "pl-partners", NatGatewayId: vpc.nats[0] ?? "nat-gone" });
        add({ DestinationCidrBlock: "198.51.100.0/24", NetworkInterfaceId: random.pick(vpc.hosts).id });
    }
    const foreign = draft.vpcs.filter((other) => other !== vpc).flatMap(({ nats }) => nats);
    if (foreign.length > 0 && draft.isThemed("another VPC's NAT gateway", 0.1)) {
        add({ DestinationCidrBlock: "198.0.0.0/8", NatGatewayId: random.pick(foreign) });
    }
    for (let tries = 0; tries < 3; tries += 1) {
        if (!draft.isFaulty()) continue;
        add({ DestinationCidrBlock: random.pick(OUTSIDE_BLOCKS), ...target(draft, vpc) });
    }
    if (random.chance(0.25)) {
        add({ DestinationPrefixListId: random.pick(draft.lists), ...target(draft, vpc) });
        // The same destination as a static route, which goes before the list's.
        if (random.chance(0.4)) add({ DestinationCidrBlock: "198.51.100.0/24", ...target(draft, vpc) });
    }
    // Two lists that overlap: AWS names no winner.
    if (draft.isThemed("ambiguous", 0.1)) {
        for (const list of draft.lists) add({ DestinationPrefixListId: list, ...target(draft, vpc) });
    }
    const peer = random.pick(draft.vpcs);
    if (peer !== vpc && draft.isFaulty()) {
        // The third VPC by way of the second, or a subnet of the peer into nothing.
        add({
            DestinationCidrBlock: random.pick([peer.cidr, `10.${peer.number}.1.0/24`]),
            ...target(draft, vpc),
        });
    }
    if (draft.isThemed("appliance", 1.2)) {
        const forwarding = vpc.hosts.filter(({ id }) => forwards(draft, id));
        const appliance = random.pick(forwarding.length > 0 && random.chance(0.7) ? forwarding : vpc.hosts);
        add({ DestinationCidrBlock: random.pick(vpc.places).cidr, NetworkInterfaceId: appliance.id });
    }
    return [...result, ...propagatedRoutes(draft, vpc, result)];
}

/** One entry of each list that routes lead to. */
const ENTRY_OF: Readonly<Record<string, string>> = {
    "pl-s3": "52.216.0.0/15",
    "pl-partners": "198.51.100.0/24",
    "pl-offices": "10.77.0.0/16",
};

/** What a virtual private gateway tells of: it must lose against the local route, and against others to the same destination. */
function propagatedRoutes(draft: Draft, vpc: Vpc, others: readonly Route[]): Route[] {
    const { random } = draft;
    const isTheme = draft.theme === "propagated";
    if (!isTheme && !random.chance(0.15)) return [];
    const inside = [
        random.pick(vpc.places).cidr,
        `${random.pick(vpc.hosts).address}/32`,
        `${random.pick(vpc.places).prefix}.0/25`,
    ];
    const same = others.flatMap(
        ({ DestinationCidrBlock, DestinationPrefixListId = "" }) =>
            DestinationCidrBlock ?? ENTRY_OF[DestinationPrefixListId] ?? [],
    );
    // Everything goes over it where nothing else does, which is not known.
    const elsewhere = isTheme || draft.isFaulty() ? random.some([...OUTSIDE_BLOCKS, "10.0.0.0/8"], 0.1) : [];
    const destinations = new Set([...random.some(inside, 0.6), ...random.some(same, 0.6), ...elsewhere]);
    return [...destinations].map((DestinationCidrBlock) => ({
        DestinationCidrBlock,
        GatewayId: "vgw-1",
        Origin: "EnableVgwRoutePropagation",
        State: random.chance(0.6) ? "blackhole" : "active",
    }));
}

function target(draft: Draft, vpc: Vpc): Partial<Route> {
    const { random } = draft;
    const gone = { NatGatewayId: "nat-gone", State: "blackhole" } as const;
    return random.weighted<Partial<Route>>([
        [3, gone],
        [2, vpc.nats.length === 0 ? gone : { NatGatewayId: random.pick(vpc.nats) }],
        [
            2,
            {
                GatewayId: vpc.igw ?? "igw-gone",
                ...(vpc.igw === undefined ? { State: "blackhole" } : {}),
            },
        ],
        [1, { NetworkInterfaceId: random.pick(vpc.hosts).id }],
        [
            1,
            draft.peerings.length === 0
                ? gone
                : { VpcPeeringConnectionId: peeringOf(draft, vpc) ?? "pcx-gone" },
        ],
        [0.15, { TransitGatewayId: "tgw-1" }],
    ]);
}
