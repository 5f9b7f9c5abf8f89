import assert from "node:assert/strict";

import { analyze } from "../../../checks/analyze";
import type { Flow, FlowEnd } from "../../../checks/flow";
import type { Verdict } from "../../../checks/matrix";
import type { Snapshot } from "../../../checks/snapshot/types";
import { aclEntries, groupOf, interfaceOf, itemOf, routesOf } from "./support/edit";
import { entry, network } from "./support/network";

const CLIENT: FlowEnd = { eni: "eni-client" };
const SERVER: FlowEnd = { eni: "eni-server" };
const WEB: FlowEnd = { eni: "eni-web" };
const INTERNET: FlowEnd = { service: "internet" };
/** An address of somebody in the internet. */
const OUTSIDE: FlowEnd = { ip: "2620:fe::fe" };

const BLOCKS = { one: "2600:1f18:0:1::/64", two: "2600:1f18:0:2::/64", public: "2600:1f18:0:0::/64" };
const ADDRESSES = {
    "eni-client": "2600:1f18:0:1::10",
    "eni-server": "2600:1f18:0:2::10",
    "eni-web": "2600:1f18:0:0::10",
};

/** The small network with IPv6 in three subnets: out by an egress-only internet gateway, in and out by the internet gateway. */
function dualStack(): Snapshot {
    const snapshot = network();
    itemOf(snapshot.Vpcs, ({ VpcId }) => VpcId === "vpc-a").Ipv6CidrBlockAssociationSet = [
        { Ipv6CidrBlock: "2600:1f18::/56", Ipv6CidrBlockState: { State: "associated" } },
    ];
    for (const [name, Ipv6CidrBlock] of Object.entries(BLOCKS))
        itemOf(
            snapshot.Subnets,
            ({ SubnetId }) => SubnetId === `subnet-${name}`,
        ).Ipv6CidrBlockAssociationSet = [{ Ipv6CidrBlock, Ipv6CidrBlockState: { State: "associated" } }];
    for (const [eni, Ipv6Address] of Object.entries(ADDRESSES))
        interfaceOf(snapshot, eni).Ipv6Addresses = [{ Ipv6Address }];
    routesOf(snapshot, "rtb-private").push({
        DestinationIpv6CidrBlock: "::/0",
        EgressOnlyInternetGatewayId: "eigw-a",
        State: "active",
    });
    routesOf(snapshot, "rtb-public").push({
        DestinationIpv6CidrBlock: "::/0",
        GatewayId: "igw-a",
        State: "active",
    });
    for (const { Entries } of snapshot.NetworkAcls ?? [])
        for (const egress of [false, true]) Entries?.push(entry(101, egress, "allow", { cidr: "::/0" }));
    groupOf(snapshot, "sg-client").IpPermissionsEgress?.push(opens6("-1", 0, 65_535));
    groupOf(snapshot, "sg-web").IpPermissions?.push(opens6("tcp", 443, 443));
    groupOf(snapshot, "sg-web").IpPermissionsEgress?.push(opens6("-1", 0, 65_535));
    return snapshot;
}

const opens6 = (IpProtocol: string, FromPort: number, ToPort: number, CidrIpv6 = "::/0") => ({
    IpProtocol,
    FromPort,
    ToPort,
    Ipv6Ranges: [{ CidrIpv6 }],
});

/** An interface with IPv6 alone, so that nothing can be judged by IPv4. */
function onlyIpv6(snapshot: Snapshot, ...enis: string[]): void {
    for (const eni of enis) {
        const one = interfaceOf(snapshot, eni);
        delete one.PrivateIpAddress;
        delete one.Association;
        one.PrivateIpAddresses = [];
    }
}

interface Case {
    readonly what: string;
    readonly source: FlowEnd;
    readonly destination: FlowEnd;
    readonly port?: number;
    readonly protocol?: Flow["protocol"];
    readonly change?: (snapshot: Snapshot) => unknown;
    readonly verdict: Verdict;
    readonly explanations?: readonly string[];
}

const CASES: readonly Case[] = [
    {
        what: "out through an egress-only internet gateway",
        source: CLIENT,
        destination: OUTSIDE,
        verdict: "REACHABLE",
    },
    {
        what: "to the whole internet through an egress-only internet gateway",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => onlyIpv6(snapshot, "eni-client"),
        verdict: "REACHABLE",
    },
    {
        what: "out by IPv6 although the default route of IPv4 is gone",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) => routesOf(snapshot, "rtb-private").splice(1, 1),
        verdict: "REACHABLE",
    },
    {
        what: "out by IPv6 over the route of IPv4",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) => routesOf(snapshot, "rtb-private").pop(),
        verdict: "UNREACHABLE",
        explanations: ["NO_ROUTE_TO_DESTINATION rtb-private"],
    },
    {
        what: "in against an egress-only internet gateway",
        source: OUTSIDE,
        destination: CLIENT,
        change: (snapshot) => groupOf(snapshot, "sg-client").IpPermissions?.push(opens6("tcp", 443, 443)),
        verdict: "UNREACHABLE",
        explanations: ["CANNOT_ROUTE rtb-private return ::/0"],
    },
    {
        what: "in through the internet gateway, without a public address of IPv4",
        source: OUTSIDE,
        destination: WEB,
        change: (snapshot) => onlyIpv6(snapshot, "eni-web"),
        verdict: "REACHABLE",
    },
    {
        what: "in through a group that admits IPv4 alone",
        source: OUTSIDE,
        destination: WEB,
        change: (snapshot) => groupOf(snapshot, "sg-web").IpPermissions?.pop(),
        verdict: "UNREACHABLE",
        explanations: ["ENI_SG_RULES_MISMATCH sg-web ingress"],
    },
    {
        what: "out of a group that lets out IPv4 alone",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) => groupOf(snapshot, "sg-client").IpPermissionsEgress?.pop(),
        verdict: "UNREACHABLE",
        explanations: ["ENI_SG_RULES_MISMATCH sg-client egress"],
    },
    {
        what: "out of a subnet whose network ACL denies IPv6",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) =>
            aclEntries(snapshot, "acl-one").push(entry(7, true, "deny", { cidr: "2620:fe::/48" })),
        verdict: "UNREACHABLE",
        explanations: ["SUBNET_ACL_RESTRICTION acl-one egress 7"],
    },
    {
        what: "out of a subnet whose network ACL denies IPv4",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) =>
            aclEntries(snapshot, "acl-one").push(entry(7, true, "deny", { cidr: "0.0.0.0/0" })),
        verdict: "REACHABLE",
    },
    {
        what: "answers that a network ACL lets in for a part of the ephemeral ports",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) =>
            aclEntries(snapshot, "acl-one").push(
                entry(7, false, "deny", { protocol: "6", ports: [50_000, 50_000], cidr: "::/0" }),
            ),
        verdict: "UNREACHABLE",
        explanations: ["X_NACL_EPHEMERAL_PARTIAL acl-one return ingress 7"],
    },
    {
        what: "an echo request, which is ICMPv6",
        source: CLIENT,
        destination: OUTSIDE,
        protocol: "icmp",
        change: (snapshot) => {
            const rules = groupOf(snapshot, "sg-client").IpPermissionsEgress ?? [];
            rules.splice(0, rules.length, opens6("icmpv6", -1, -1));
        },
        verdict: "REACHABLE",
    },
    {
        what: "an echo request by rules of ICMP",
        source: CLIENT,
        destination: OUTSIDE,
        protocol: "icmp",
        change: (snapshot) => {
            const rules = groupOf(snapshot, "sg-client").IpPermissionsEgress ?? [];
            rules.splice(0, rules.length, opens6("icmp", -1, -1));
        },
        verdict: "UNREACHABLE",
        explanations: ["ENI_SG_RULES_MISMATCH sg-client egress"],
    },
    {
        what: "between subnets by the local route, by reference",
        source: CLIENT,
        destination: SERVER,
        port: 6650,
        change: (snapshot) => onlyIpv6(snapshot, "eni-client", "eni-server"),
        verdict: "REACHABLE",
    },
    {
        what: "to an IPv6 address of the VPC that no interface has",
        source: CLIENT,
        destination: { ip: "2600:1f18:0:2::77" },
        verdict: "UNREACHABLE",
        explanations: ["NO_POSSIBLE_DESTINATION 2600:1f18:0:2::77"],
    },
    {
        what: "out by a block that is not associated any more",
        source: CLIENT,
        destination: { ip: "2600:1f18:0:2::77" },
        change: (snapshot) =>
            itemOf(snapshot.Vpcs, ({ VpcId }) => VpcId === "vpc-a").Ipv6CidrBlockAssociationSet?.splice(
                0,
                1,
                {
                    Ipv6CidrBlock: "2600:1f18::/56",
                    Ipv6CidrBlockState: { State: "disassociated" },
                },
            ),
        verdict: "REACHABLE",
    },
    {
        what: "out by IPv6 to a NAT gateway",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) => {
            routesOf(snapshot, "rtb-private").pop();
            routesOf(snapshot, "rtb-private").push({
                DestinationIpv6CidrBlock: "::/0",
                NatGatewayId: "nat-a",
                State: "active",
            });
        },
        verdict: "UNREACHABLE",
        explanations: ["CANNOT_ROUTE rtb-private ::/0"],
    },
    {
        what: "out through an egress-only internet gateway that is gone",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) => (itemOf(routesOf(snapshot, "rtb-private"), isEgressOnly).State = "blackhole"),
        verdict: "UNREACHABLE",
        explanations: ["BAD_STATE_ROUTE rtb-private ::/0"],
    },
    {
        // EC2 API reference, BlockPublicAccessStates: bidirectional blocks what egress-only internet gateways carry too.
        what: "out through an egress-only internet gateway against block public access in both directions",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) => blockPublicAccess(snapshot, "block-bidirectional"),
        verdict: "UNREACHABLE",
        explanations: ["VPC_BLOCK_PUBLIC_ACCESS_ENABLED vpc-a"],
    },
    {
        what: "out through an egress-only internet gateway, which block public access for what comes in leaves open",
        source: CLIENT,
        destination: OUTSIDE,
        change: (snapshot) => blockPublicAccess(snapshot, "block-ingress"),
        verdict: "REACHABLE",
    },
];

const isEgressOnly = (route: { EgressOnlyInternetGatewayId?: string | undefined }) =>
    route.EgressOnlyInternetGatewayId !== undefined;

function blockPublicAccess(snapshot: Snapshot, mode: "block-bidirectional" | "block-ingress"): void {
    itemOf(snapshot.Vpcs, ({ VpcId }) => VpcId === "vpc-a").BlockPublicAccessStates = {
        InternetGatewayBlockMode: mode,
    };
}

describe("the analysis of IPv6", () => {
    for (const one of CASES)
        it(`${one.verdict}: ${one.what}`, () => {
            const snapshot = dualStack();
            one.change?.(snapshot);
            const { source, destination, protocol = "tcp", port = 443 } = one;
            const { verdict, explanations } = analyze(snapshot, {
                id: "flow",
                source,
                destination,
                protocol,
                port,
            });
            const texts = explanations.map(({ code, component, leg, direction, rule }) =>
                [code, component, leg, direction, rule].filter((part) => part !== undefined).join(" "),
            );
            assert.deepEqual({ verdict, texts }, { verdict: one.verdict, texts: one.explanations ?? [] });
        });
});
