/**
 * Networks whose answers are known without any analysis: they hold the oracle itself to what AWS documents. Each is the same
 * small network with one thing changed.
 */
import type { NetworkAclEntry, Route } from "@aws-sdk/client-ec2";

import type { Snapshot } from "../../checks/snapshot/types";
import { allowAll, entry, type NetworkBuilder } from "./builder";
import {
    S3,
    DEFAULT_ROUTE,
    probe,
    fromA,
    fromInternet,
    B,
    known,
    HIGH,
    INTERNET,
    knownNetwork,
    type Known,
} from "./known-network";
import type { Probe } from "./oracle";

const both = (destination: string): Probe[] => [
    fromA(destination),
    fromA(destination, 443, { sourcePort: HIGH }),
];
const allowIn = (number: number, ports: readonly [number, number], cidr = "0.0.0.0/0"): NetworkAclEntry =>
    entry(number, false, "allow", "6", cidr, ports);
const allowOut = entry(100, true, "allow", "-1", "0.0.0.0/0");

/** To a virtual private gateway that was detached. */
function propagated(DestinationCidrBlock: string): Route {
    return {
        DestinationCidrBlock,
        GatewayId: "vgw-1",
        Origin: "EnableVgwRoutePropagation",
        State: "blackhole",
    };
}

/** Another subnet in a secondary block, and the internet's address in one that failed. */
function secondaryBlocks(): Snapshot {
    const change = (network: NetworkBuilder) => {
        const [vpc] = network.snapshot.Vpcs;
        const subnet = network.subnet("c", "vpc-1", "10.9.0.0/24");
        network.networkAcl("c", "vpc-1", [subnet], allowAll());
        network.networkInterface("c", subnet, "10.9.0.10", ["sg-server"]);
        vpc?.CidrBlockAssociationSet?.push(
            { CidrBlock: "10.9.0.0/16", CidrBlockState: { State: "associated" } },
            { CidrBlock: "198.51.100.0/24", CidrBlockState: { State: "failed" } },
        );
        for (const { Routes } of network.snapshot.RouteTables)
            Routes?.push({
                DestinationCidrBlock: "10.9.0.0/16",
                GatewayId: "local",
                State: "active",
                Origin: "CreateRouteTable",
            });
    };
    return knownNetwork({ change });
}

export const KNOWN: readonly Known[] = [
    known("an open network", knownNetwork(), [
        [fromA(B), true],
        [fromA(B, 53, { protocol: "udp" }), true],
        [fromA(B, 0, { protocol: "icmp" }), true],
        [fromA("10.0.0.11"), true],
        [fromA("10.0.1.77"), false],
        [fromA(INTERNET), true],
        [fromA(INTERNET, 53, { protocol: "udp" }), true],
        [fromA(INTERNET, 0, { protocol: "icmp" }), true],
        [probe("eni-p", INTERNET, 443), true],
        [fromInternet("203.0.113.10"), true],
        // A NAT gateway lets nobody in.
        [fromInternet("203.0.113.20"), false],
    ]),
    known(
        "security groups: a reference, a port range, one protocol",
        knownNetwork({
            rules: (network) => {
                network.groupRule("sg-client", true, "-1", -1, { cidr: "0.0.0.0/0" });
                network.groupRule("sg-server", false, "tcp", [6650, 6651], { group: "sg-client" });
                network.groupRule("sg-server", false, "icmp", [8, -1], { cidr: "10.0.0.0/24" });
            },
        }),
        [
            [fromA(B, 6649), false],
            [fromA(B, 6650), true],
            [fromA(B, 6651), true],
            [fromA(B, 6652), false],
            [fromA(B, 6650, { protocol: "udp" }), false],
            [fromA(B, 0, { protocol: "icmp" }), true],
            // Not a member, and no egress rules.
            [probe("eni-b", "10.0.2.10", 6650), false],
            // Nothing lets the client's own group in, even within a subnet.
            [fromA("10.0.0.11", 6650), false],
        ],
    ),
    known(
        "a security group without egress rules still answers",
        knownNetwork({
            rules: (network) => {
                network.groupRule("sg-client", true, "tcp", 443, { group: "sg-server" });
                network.groupRule("sg-server", false, "tcp", [0, 65535], { cidr: "10.0.0.0/8" });
            },
        }),
        [
            [fromA(B), true],
            [fromA(B, 444), false],
            [probe("eni-b", "10.0.2.10", 443), false],
        ],
    ),
    known(
        "a network ACL that does not let the answers out",
        knownNetwork({
            aclB: [
                entry(100, false, "allow", "-1", "0.0.0.0/0"),
                entry(100, true, "allow", "6", "0.0.0.0/0", 443),
            ],
        }),
        [
            [fromA(B), false],
            [fromA(B, 0, { protocol: "icmp" }), false],
        ],
    ),
    known(
        "a network ACL that lets the answers to a part of the ephemeral ports only",
        knownNetwork({ aclA: [allowOut, allowIn(100, [49152, 65535])] }),
        both(B).map((each) => [each, each.sourcePort === HIGH] as const),
    ),
    known(
        "a network ACL whose lower deny shadows an allow, for one protocol",
        knownNetwork({
            aclB: [
                entry(90, false, "deny", "6", "10.0.0.0/24", [443, 443]),
                entry(95, false, "deny", "17", "10.0.0.0/24"),
                ...allowAll(),
                entry(200, false, "deny", "6", "0.0.0.0/0"),
            ],
        }),
        [
            [fromA(B), false],
            [fromA(B, 444), true],
            [fromA(B, 444, { protocol: "udp" }), false],
            [fromA(B, 0, { protocol: "icmp" }), true],
            [probe("eni-p", B, 443), true],
        ],
    ),
    known("a network ACL sees nothing of what stays within the subnet", knownNetwork({ aclA: [] }), [
        [fromA("10.0.0.11"), true],
        [fromA(B), false],
    ]),
    known(
        "routes: a blackhole takes part in the match and drops",
        knownNetwork({
            privateRoutes: [
                DEFAULT_ROUTE,
                { DestinationCidrBlock: "198.51.100.0/24", NatGatewayId: "nat-0", State: "blackhole" },
                { DestinationCidrBlock: "198.51.100.128/25", NatGatewayId: "nat-1" },
            ],
        }),
        [
            [fromA(INTERNET), false],
            [fromA("198.51.100.129"), true],
            [fromA("192.0.2.1"), true],
            [fromA(B), true],
        ],
    ),
    known(
        "routes: without a default one nothing leaves; a static route goes before a prefix list's",
        knownNetwork({
            change: (network) => network.prefixList("mine", ["198.51.100.0/24", "192.0.2.0/24"]),
            privateRoutes: [
                { DestinationPrefixListId: "pl-mine", NatGatewayId: "nat-1" },
                { DestinationCidrBlock: "192.0.2.0/24", GatewayId: "igw-1" },
            ],
        }),
        [
            [fromA(INTERNET), true],
            // No public address of its own.
            [fromA("192.0.2.1"), false],
            [fromA("9.9.9.9"), false],
        ],
    ),
    known(
        "routes: local goes before a propagated route that is more specific, and a static one before one to the same destination",
        knownNetwork({
            privateRoutes: [
                DEFAULT_ROUTE,
                propagated("10.0.1.0/24"),
                propagated("10.0.1.10/32"),
                propagated("0.0.0.0/0"),
                propagated("192.0.2.0/24"),
            ],
        }),
        [
            [fromA(B), true],
            [fromA(INTERNET), true],
            [fromA("192.0.2.10"), false],
        ],
    ),
    known(
        "routes: a prefix list's goes before a propagated one to the same destination",
        knownNetwork({
            privateRoutes: [
                { DestinationPrefixListId: "pl-s3", NatGatewayId: "nat-1" },
                propagated("52.216.0.0/15"),
                propagated("0.0.0.0/0"),
            ],
        }),
        [
            [fromA(S3), true],
            [fromA(INTERNET), false],
        ],
    ),
    known("a secondary block is local too, and one that is not associated is outside", secondaryBlocks(), [
        [fromA("10.9.0.10"), true],
        [fromA(INTERNET), true],
    ]),
    known(
        "a gateway endpoint carries what its prefix list holds, and no UDP",
        knownNetwork({
            privateRoutes: [{ DestinationPrefixListId: "pl-s3", GatewayId: "vpce-s3" }],
            change: (network) => network.gatewayEndpoint("s3", "vpc-1", "s3", ["rtb-private"]),
        }),
        [
            [fromA(S3), true],
            [fromA(S3, 443, { protocol: "udp" }), false],
            [fromA(INTERNET), false],
        ],
    ),
    known(
        "a NAT gateway takes ports from 1024 on, whatever its client's",
        knownNetwork({
            aclP: [
                ...allowAll().slice(1),
                allowIn(100, [0, 65535], "10.0.0.0/16"),
                allowIn(110, [32768, 65535]),
            ],
        }),
        both(INTERNET).map((each) => [each, each.sourcePort === HIGH] as const),
    ),
    known(
        "a NAT gateway in a subnet without a route to the internet gateway",
        knownNetwork({ publicRoutes: [] }),
        [
            [fromA(INTERNET), false],
            [probe("eni-p", INTERNET, 443), false],
            [fromInternet("203.0.113.10"), false],
        ],
    ),
    known(
        "a NAT gateway whose own subnet leads back to it",
        knownNetwork({ publicRoutes: [DEFAULT_ROUTE] }),
        [[fromA(INTERNET), false]],
    ),
    known(
        "a NAT gateway that has failed",
        knownNetwork({
            change: ({ snapshot }) => {
                for (const gateway of snapshot.NatGateways) gateway.State = "failed";
            },
        }),
        [[fromA(INTERNET), false]],
    ),
    known(
        // "Only traffic to and from NAT gateways and egress-only internet gateways is allowed."
        "block public access for what comes in leaves only NAT gateways their way",
        knownNetwork({
            change: ({ snapshot }) => {
                for (const vpc of snapshot.Vpcs) {
                    vpc.BlockPublicAccessStates = { InternetGatewayBlockMode: "block-ingress" };
                }
            },
        }),
        [
            [fromA(INTERNET), true],
            [fromInternet("203.0.113.10"), false],
            [probe("eni-p", INTERNET, 443), false],
        ],
    ),
    known(
        "block public access in both directions",
        knownNetwork({
            change: ({ snapshot }) => {
                for (const vpc of snapshot.Vpcs) {
                    vpc.BlockPublicAccessStates = { InternetGatewayBlockMode: "block-bidirectional" };
                }
            },
        }),
        [
            [fromA(INTERNET), false],
            [fromInternet("203.0.113.10"), false],
            [fromA(B), true],
        ],
    ),
    known(
        "an interface that checks its source and destination takes nothing for others",
        knownNetwork({
            privateRoutes: [
                DEFAULT_ROUTE,
                { DestinationCidrBlock: "10.0.1.0/24", NetworkInterfaceId: "eni-p" },
            ],
        }),
        [[fromA(B), false]],
    ),
    known(
        "behind an appliance nobody is known by his group",
        knownNetwork({
            privateRoutes: [
                DEFAULT_ROUTE,
                { DestinationCidrBlock: "10.0.1.0/24", NetworkInterfaceId: "eni-p" },
            ],
            change: ({ snapshot }) => {
                for (const eni of snapshot.NetworkInterfaces) {
                    if (eni.NetworkInterfaceId !== "eni-p") continue;
                    eni.SourceDestCheck = false;
                    eni.Groups = [{ GroupId: "sg-client" }];
                }
            },
            rules: (network) => {
                for (const egress of [false, true])
                    network.groupRule("sg-client", egress, "-1", -1, { cidr: "0.0.0.0/0" });
                network.groupRule("sg-server", false, "tcp", 443, { group: "sg-client" });
                network.groupRule("sg-server", false, "tcp", 444, { cidr: "10.0.0.0/24" });
            },
        }),
        [
            [fromA(B, 443), false],
            [fromA(B, 444), true],
        ],
    ),
    ...peered(),
];

/** Three VPCs in a row: 1 and 2 are peers, 2 and 3 are. */
function peered(): Known[] {
    const network = (routesOf2: readonly Route[]) =>
        knownNetwork({
            privateRoutes: [
                DEFAULT_ROUTE,
                { DestinationCidrBlock: "10.1.0.0/16", VpcPeeringConnectionId: "pcx-12" },
                { DestinationCidrBlock: "10.2.0.0/16", VpcPeeringConnectionId: "pcx-12" },
            ],
            change: (builder) => {
                builder.vpc("2", "10.1.0.0/16");
                builder.vpc("3", "10.2.0.0/16");
                for (const [name, vpc] of [
                    ["c", "2"],
                    ["d", "3"],
                ] as const) {
                    const subnet = builder.subnet(name, `vpc-${vpc}`, `10.${Number(vpc) - 1}.0.0/24`);
                    builder.networkAcl(name, `vpc-${vpc}`, [subnet], allowAll());
                    builder.networkInterface(name, subnet, `10.${Number(vpc) - 1}.0.10`, ["sg-server"]);
                }
                builder.peering("12", "vpc-1", "vpc-2");
                builder.peering("23", "vpc-2", "vpc-3");
                builder.routeTable("2", "vpc-2", "main", routesOf2);
                builder.routeTable("3", "vpc-3", "main", [
                    { DestinationCidrBlock: "10.0.0.0/14", VpcPeeringConnectionId: "pcx-23" },
                ]);
            },
        });
    const back: Route = { DestinationCidrBlock: "10.0.0.0/16", VpcPeeringConnectionId: "pcx-12" };
    const on: Route = { DestinationCidrBlock: "10.2.0.0/16", VpcPeeringConnectionId: "pcx-23" };
    return [
        known(
            "a peering connection, with routes on both sides, leads no further than the peer",
            network([back, on]),
            [
                [fromA("10.1.0.10"), true],
                [fromA("10.2.0.10"), false],
            ],
        ),
        known("a peering connection without the route back", network([on]), [[fromA("10.1.0.10"), false]]),
    ];
}
