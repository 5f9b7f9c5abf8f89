import assert from "node:assert/strict";

import type { Route } from "@aws-sdk/client-ec2";
import fc from "fast-check";

import { matchRoute, routeParts } from "../../../checks/analyze/matching";
import {
    routeEntries,
    type RouteEntry,
    type RouteOrigin,
    routeTableOfSubnet,
    targetOf,
} from "../../../checks/analyze/routes";
import {
    type Block,
    contains,
    formatBlock,
    type IpRange,
    parseBlock,
    parseIp,
} from "../../../lib/addresses/ip";
import type { Snapshot } from "../../../checks/snapshot/types";

function route(cidr: string, origin: RouteOrigin, id: string, blackhole = false): RouteEntry {
    return { block: parseBlock(cidr), origin, target: { kind: "other", id }, blackhole, destination: cidr };
}

const follows = () => true;

function tableOf(entries: readonly RouteEntry[]) {
    return { id: "rtb-1", vpcId: "vpc-1", entries, unknownPrefixLists: [] };
}

function winner(routes: RouteEntry[], address: string): string | undefined {
    const match = matchRoute(tableOf(routes), parseIp(address), follows);
    if (match === undefined) return undefined;
    return "ambiguous" in match ? "ambiguous" : match.entry.target.id;
}

describe("longest prefix match", () => {
    const table: [string, RouteEntry[], string, string | undefined][] = [
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
    const blockOf = (first: number, length: number): Block => ({
        family: 4,
        first,
        last: first + 2 ** (32 - length) - 1,
        length,
    });
    const block: fc.Arbitrary<Block> = fc
        .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 4 }))
        .map(([bits, length]) => blockOf((bits - (bits % 2 ** (4 - length))) * 2 ** 28, length));
    const origin = fc.constantFrom<RouteOrigin>("static", "prefix-list", "propagated");
    const routes = fc.uniqueArray(
        fc.record({ block, origin, target: fc.constantFrom("a", "b", "c", "d") }).map((one): RouteEntry => ({
            ...one,
            target: { kind: "other", id: one.target },
            blackhole: false,
            destination: formatBlock(one.block),
        })),
        { selector: (one) => `${one.destination} ${one.origin}`, maxLength: 12 },
    );
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const at = (to: number): IpRange => ({ family: 4, first: to, last: to });

    /** Slow and plain: every route, from the longest prefix and the strongest origin down. */
    function oracle(all: readonly RouteEntry[], to: number): string | undefined {
        for (let length = 32; length >= 0; length--)
            for (const kind of ["static", "prefix-list", "propagated"])
                for (const one of all)
                    if (one.block.length === length && one.origin === kind && contains(one.block, at(to)))
                        return one.target.id;
        return undefined;
    }
    const id = (all: readonly RouteEntry[], to: number) => {
        const match = matchRoute(tableOf(all), at(to), follows);
        return match === undefined || "ambiguous" in match ? undefined : match.entry.target.id;
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
            fc.property(block, fc.array(address, { minLength: 5, maxLength: 5 }), (whole, addresses) => {
                const one = route(formatBlock(whole), "static", "x");
                const length = whole.length + 1;
                const base = Number(whole.first);
                const halves = [base, base + 2 ** (32 - length)].map((first) => ({
                    ...one,
                    block: blockOf(first, length),
                }));
                for (const to of addresses) assert.equal(id(halves, to), id([one], to));
            }),
        );
    });

    it("cuts ranges into pieces that are routed alike, without a gap", () => {
        fc.assert(
            fc.property(routes, fc.array(address, { minLength: 20, maxLength: 20 }), (all, addresses) => {
                const parts = routeParts(tableOf(all), [parseBlock("0.0.0.0/0")], follows);
                const pieces = parts
                    .flatMap(({ match, ranges }) => ranges.map((range) => ({ match, range })))
                    .sort((a, b) => Number(a.range.first) - Number(b.range.first));
                const end = pieces.reduce((next, { range }) => {
                    assert.equal(range.first, next);
                    return Number(range.last) + 1;
                }, 0);
                assert.equal(end, 2 ** 32);
                for (const to of addresses) {
                    const match = pieces.find(({ range }) => contains(range, at(to)))?.match;
                    assert.equal(
                        match === undefined || "ambiguous" in match ? undefined : match.entry.target.id,
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

    it("replaces a prefix list by its entries, of both families", () => {
        const Routes: Route[] = [
            { DestinationPrefixListId: "pl-1", GatewayId: "vpce-1", Origin: "CreateRoute", State: "active" },
            { DestinationIpv6CidrBlock: "::/0", EgressOnlyInternetGatewayId: "eigw-1" },
            { DestinationCidrBlock: "10.0.0.0/8", GatewayId: "vgw-1", Origin: "EnableVgwRoutePropagation" },
        ];
        assert.deepEqual(
            routeEntries(snapshot, { Routes }).map(({ block, origin, destination }) => [
                formatBlock(block),
                origin,
                destination,
            ]),
            [
                ["52.0.0.0/8", "prefix-list", "pl-1"],
                ["2600::/16", "prefix-list", "pl-1"],
                ["::/0", "static", "::/0"],
                ["10.0.0.0/8", "propagated", "10.0.0.0/8"],
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
