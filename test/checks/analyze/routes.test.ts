import assert from "node:assert/strict";

import type { Route } from "@aws-sdk/client-ec2";
import fc from "fast-check";

import {
    bestRoute,
    type ExpandedRoute,
    expandRoutes,
    routeRanges,
    type RouteOrigin,
    routeTableOfSubnet,
    targetOf,
} from "../../../checks/analyze/routes";
import { type Cidr, containsAddress, parseCidr, parseIpv4 } from "../../../checks/net/ipv4";
import type { Snapshot } from "../../../checks/snapshot/types";

function route(cidr: string, origin: RouteOrigin, id: string, blackhole = false): ExpandedRoute {
    return { cidr: parseCidr(cidr), origin, target: { kind: "other", id }, blackhole };
}

function winner(routes: ExpandedRoute[], address: string): string | undefined {
    const match = bestRoute(routes, parseIpv4(address));
    if (match === undefined) return undefined;
    return "ambiguous" in match ? "ambiguous" : match.route.target.id;
}

describe("longest prefix match", () => {
    const table: [string, ExpandedRoute[], string, string | undefined][] = [
        ["no route", [route("10.0.0.0/16", "static", "a")], "10.1.0.1", undefined],
        [
            "the longest prefix",
            [route("0.0.0.0/0", "static", "a"), route("10.0.0.0/8", "propagated", "b")],
            "10.1.0.1",
            "b",
        ],
        [
            "static before prefix list",
            [route("10.0.0.0/8", "prefix-list", "a"), route("10.0.0.0/8", "static", "b")],
            "10.1.0.1",
            "b",
        ],
        [
            "static before propagated",
            [route("10.0.0.0/8", "propagated", "a"), route("10.0.0.0/8", "static", "b")],
            "10.1.0.1",
            "b",
        ],
        [
            "prefix list before propagated",
            [route("10.0.0.0/8", "propagated", "a"), route("10.0.0.0/8", "prefix-list", "b")],
            "10.1.0.1",
            "b",
        ],
        [
            "a prefix list's longer entry before static",
            [route("52.0.0.0/8", "static", "a"), route("52.216.0.0/15", "prefix-list", "b")],
            "52.216.1.1",
            "b",
        ],
        [
            "local before a more specific propagated route",
            [route("10.0.0.0/16", "local", "local"), route("10.0.1.0/24", "propagated", "b")],
            "10.0.1.1",
            "local",
        ],
        [
            "a more specific static route before local",
            [route("10.0.0.0/16", "local", "local"), route("10.0.1.0/24", "static", "b")],
            "10.0.1.1",
            "b",
        ],
        [
            "a blackhole takes part and does not fall through",
            [route("0.0.0.0/0", "static", "a"), route("8.0.0.0/8", "static", "hole", true)],
            "8.8.8.8",
            "hole",
        ],
        [
            "two prefix lists with one target",
            [route("52.0.0.0/8", "prefix-list", "a"), route("52.0.0.0/8", "prefix-list", "a")],
            "52.1.1.1",
            "a",
        ],
        [
            "two prefix lists with different targets",
            [route("52.0.0.0/8", "prefix-list", "a"), route("52.0.0.0/8", "prefix-list", "b")],
            "52.1.1.1",
            "ambiguous",
        ],
        [
            "a static route settles what prefix lists leave open",
            [
                route("52.0.0.0/8", "prefix-list", "a"),
                route("52.0.0.0/8", "prefix-list", "b"),
                route("52.0.0.0/8", "static", "c"),
            ],
            "52.1.1.1",
            "c",
        ],
    ];
    for (const [name, routes, address, expected] of table)
        it(name, () => {
            assert.equal(winner(routes, address), expected);
            assert.equal(winner([...routes].reverse(), address), expected);
        });

    // Few bits, so that prefixes nest and collide often.
    const cidr: fc.Arbitrary<Cidr> = fc
        .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 4 }))
        .map(([bits, length]) => ({ base: (bits - (bits % 2 ** (4 - length))) * 2 ** 28, length }));
    const origin = fc.constantFrom<RouteOrigin>("static", "prefix-list", "propagated");
    const routes = fc.uniqueArray(
        fc
            .record({ cidr, origin, target: fc.constantFrom("a", "b", "c", "d") })
            .map((one): ExpandedRoute => ({
                ...one,
                target: { kind: "other", id: one.target },
                blackhole: false,
            })),
        { selector: (one) => `${one.cidr.base}/${one.cidr.length} ${one.origin}`, maxLength: 12 },
    );
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });

    /** Slow and plain: every route, from the longest prefix and the strongest origin down. */
    function oracle(all: readonly ExpandedRoute[], to: number): string | undefined {
        for (let length = 32; length >= 0; length--)
            for (const kind of ["static", "prefix-list", "propagated"])
                for (const one of all)
                    if (one.cidr.length === length && one.origin === kind && containsAddress(one.cidr, to))
                        return one.target.id;
        return undefined;
    }
    const id = (all: readonly ExpandedRoute[], to: number) => {
        const match = bestRoute(all, to);
        return match === undefined || "ambiguous" in match ? undefined : match.route.target.id;
    };

    it("agrees with a search from the longest prefix down, whatever the order of the routes", () => {
        fc.assert(
            fc.property(routes, address, (all, to) => {
                assert.equal(id(all, to), oracle(all, to));
                assert.equal(id([...all].reverse(), to), oracle(all, to));
            }),
            { numRuns: 2000 },
        );
    });

    it("is not changed by splitting a route's block in halves, unless a half was there before", () => {
        fc.assert(
            fc.property(cidr, fc.array(address, { minLength: 5, maxLength: 5 }), (block, addresses) => {
                const one = {
                    cidr: block,
                    origin: "static",
                    target: { kind: "other", id: "x" },
                    blackhole: false,
                } as const;
                const length = block.length + 1;
                const halves = [block.base, block.base + 2 ** (32 - length)].map((base) => ({
                    ...one,
                    cidr: { base, length },
                }));
                for (const to of addresses) assert.equal(id(halves, to), id([one], to));
            }),
        );
    });

    it("cuts ranges into pieces that are routed alike, without a gap", () => {
        fc.assert(
            fc.property(routes, fc.array(address, { minLength: 20, maxLength: 20 }), (all, addresses) => {
                const pieces = routeRanges(all, [{ first: 0, last: 2 ** 32 - 1 }]);
                pieces.reduce((next, piece) => (assert.equal(piece.first, next), piece.last + 1), 0);
                assert.equal(pieces.at(-1)?.last, 2 ** 32 - 1);
                for (const to of addresses) {
                    const piece = pieces.find(({ first, last }) => first <= to && to <= last);
                    const match = piece?.match;
                    assert.equal(
                        match === undefined || "ambiguous" in match ? undefined : match.route.target.id,
                        oracle(all, to),
                    );
                }
            }),
            { numRuns: 500 },
        );
    });
});

describe("route tables", () => {
    const snapshot: Snapshot = {
        region: "us-east-1",
        Subnets: [
            { SubnetId: "subnet-1", VpcId: "vpc-1" },
            { SubnetId: "subnet-2", VpcId: "vpc-1" },
            { SubnetId: "subnet-3", VpcId: "vpc-2" },
        ],
        RouteTables: [
            {
                RouteTableId: "rtb-main",
                VpcId: "vpc-1",
                Associations: [{ Main: true, RouteTableAssociationId: "rtbassoc-0" }],
            },
            {
                RouteTableId: "rtb-1",
                VpcId: "vpc-1",
                Associations: [{ SubnetId: "subnet-1", RouteTableAssociationId: "rtbassoc-1" }],
            },
        ],
        ManagedPrefixLists: [
            { PrefixListId: "pl-1", Entries: [{ Cidr: "52.0.0.0/8" }, { Cidr: "2600::/16" }] },
        ],
    };

    it("takes the explicit association, else the VPC's main table, else none", () => {
        assert.equal(routeTableOfSubnet(snapshot, "subnet-1")?.table.RouteTableId, "rtb-1");
        assert.equal(routeTableOfSubnet(snapshot, "subnet-1")?.associationId, "rtbassoc-1");
        assert.equal(routeTableOfSubnet(snapshot, "subnet-2")?.table.RouteTableId, "rtb-main");
        assert.equal(routeTableOfSubnet(snapshot, "subnet-2")?.associationId, undefined);
        assert.equal(routeTableOfSubnet(snapshot, "subnet-3"), undefined);
    });

    it("replaces a prefix list by its IPv4 entries and leaves IPv6 routes out", () => {
        const Routes: Route[] = [
            { DestinationPrefixListId: "pl-1", GatewayId: "vpce-1", Origin: "CreateRoute", State: "active" },
            { DestinationIpv6CidrBlock: "::/0", EgressOnlyInternetGatewayId: "eigw-1" },
            { DestinationCidrBlock: "10.0.0.0/8", GatewayId: "vgw-1", Origin: "EnableVgwRoutePropagation" },
        ];
        assert.deepEqual(
            expandRoutes(snapshot, { Routes }).map(({ cidr, origin }) => [
                cidr.base / 2 ** 24,
                cidr.length,
                origin,
            ]),
            [
                [52, 8, "prefix-list"],
                [10, 8, "propagated"],
            ],
        );
    });

    it("tells a route's target from the field that holds it", () => {
        const targets: [Route, string, string][] = [
            [{ GatewayId: "local" }, "local", "local"],
            [{ GatewayId: "igw-1" }, "internet-gateway", "igw-1"],
            [{ GatewayId: "vpce-1" }, "vpc-endpoint", "vpce-1"],
            [{ GatewayId: "vgw-1" }, "other", "vgw-1"],
            [{ NatGatewayId: "nat-1" }, "nat-gateway", "nat-1"],
            [{ VpcPeeringConnectionId: "pcx-1" }, "peering", "pcx-1"],
            // DescribeRouteTables names the instance beside its network interface.
            [{ InstanceId: "i-1", NetworkInterfaceId: "eni-1" }, "network-interface", "eni-1"],
            [{ TransitGatewayId: "tgw-1" }, "other", "tgw-1"],
            [{ State: "blackhole" }, "other", "nothing"],
        ];
        for (const [input, kind, id] of targets) assert.deepEqual(targetOf(input), { kind, id });
    });
});
