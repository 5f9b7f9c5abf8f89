import assert from "node:assert/strict";

import { analyze, exposure } from "../../../checks/analyze";
import type { Flow, FlowEnd } from "../../../checks/flow";
import type { Verdict } from "../../../checks/matrix";
import { type Code, EXPLANATION_CODES } from "../../../checks/messages";
import { explanationLink, explanationRemedy, explanationText } from "../../../checks/render";
import type { Snapshot } from "../../../checks/snapshot/types";
import { aclEntries, groupOf, interfaceOf, itemOf, routesOf } from "./support/edit";
import { all, entry, eni, group, network } from "./support/network";

/** A fault, and the whole answer: the verdict and each explanation as "CODE component return direction rule". */
interface Case {
    readonly what: string;
    readonly source: FlowEnd;
    readonly destination: FlowEnd;
    readonly port?: number;
    readonly protocol?: Flow["protocol"];
    readonly change?: (snapshot: Snapshot) => unknown;
    readonly verdict: Verdict;
    readonly explanations: readonly string[];
    readonly warnings?: readonly string[];
}

const CLIENT: FlowEnd = { eni: "eni-client" };
const SERVER: FlowEnd = { eni: "eni-server" };
const LONELY: FlowEnd = { eni: "eni-lonely" };
const PEER: FlowEnd = { eni: "eni-peer" };
const WEB: FlowEnd = { eni: "eni-web" };
const INTERNET: FlowEnd = { service: "internet" };
const SSM: FlowEnd = { service: "ssm" };
const S3: FlowEnd = { service: "s3" };
const GOOGLE: FlowEnd = { ip: "8.8.8.8" };

const nat = (snapshot: Snapshot) => itemOf(snapshot.NatGateways, () => true);
const ssm = (snapshot: Snapshot) => itemOf(snapshot.VpcEndpoints, (one) => one.VpcEndpointId === "vpce-ssm");
const vpc = (snapshot: Snapshot) => itemOf(snapshot.Vpcs, (one) => one.VpcId === "vpc-a");
const setDefault = (snapshot: Snapshot, table: string, route: object) =>
    (routesOf(snapshot, table)[1] = { DestinationCidrBlock: "0.0.0.0/0", State: "active", ...route });
const attributes = (snapshot: Snapshot, change: object) =>
    Object.assign(snapshot.VpcAttributes?.["vpc-a"] ?? {}, change);

/** The clients' table loses the endpoint's route, and the NAT gateway's has it. */
function natIntoEndpoint(snapshot: Snapshot): void {
    const [route] = routesOf(snapshot, "rtb-private").splice(2, 1);
    if (route !== undefined) routesOf(snapshot, "rtb-public").push(route);
}

const CASES: readonly Case[] = [
    {
        what: "no default route behind a NAT gateway",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => routesOf(snapshot, "rtb-private").splice(1, 1),
        verdict: "UNREACHABLE",
        explanations: ["NO_ROUTE_TO_DESTINATION rtb-private"],
    },
    {
        what: "no route and more beyond it, which is seen all the same",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => {
            routesOf(snapshot, "rtb-private").splice(1, 1);
            routesOf(snapshot, "rtb-public").splice(1, 1);
            itemOf(snapshot.InternetGateways, () => true).Attachments = [];
        },
        verdict: "UNREACHABLE",
        explanations: [
            "NO_ROUTE_TO_DESTINATION rtb-private",
            "NO_ROUTE_TO_DESTINATION rtb-public",
            "BAD_STATE_ATTACHMENT igw-a",
        ],
    },
    {
        what: "no route from the NAT gateway's subnet",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => routesOf(snapshot, "rtb-public").splice(1, 1),
        verdict: "UNREACHABLE",
        explanations: ["NO_ROUTE_TO_DESTINATION rtb-public"],
    },
    {
        what: "a more specific blackhole",
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) =>
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "8.8.0.0/16",
                NatGatewayId: "nat-gone",
                State: "blackhole",
            }),
        verdict: "UNREACHABLE",
        explanations: ["BAD_STATE_ROUTE rtb-private 8.8.0.0/16"],
    },
    {
        what: "a blackhole to a NAT gateway that failed",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => {
            nat(snapshot).State = "failed";
            setDefault(snapshot, "rtb-private", { NatGatewayId: "nat-a", State: "blackhole" });
        },
        verdict: "UNREACHABLE",
        explanations: ["BAD_STATE_ROUTE rtb-private 0.0.0.0/0", "BAD_STATE nat-a"],
    },
    {
        what: "a private subnet at the internet gateway",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => setDefault(snapshot, "rtb-private", { GatewayId: "igw-a" }),
        verdict: "UNREACHABLE",
        explanations: ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS igw-a 0.0.0.0/0"],
    },
    {
        what: "a detached internet gateway, whose routes are blackholes",
        source: WEB,
        destination: INTERNET,
        change: (snapshot) => {
            itemOf(snapshot.InternetGateways, () => true).Attachments = [];
            setDefault(snapshot, "rtb-public", { GatewayId: "igw-a", State: "blackhole" });
        },
        verdict: "UNREACHABLE",
        explanations: ["BAD_STATE_ROUTE rtb-public 0.0.0.0/0", "BAD_STATE_ATTACHMENT igw-a"],
    },
    {
        what: "a route that hijacks a part of the internet",
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) =>
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "8.8.8.0/24",
                VpcPeeringConnectionId: "pcx-ab",
                State: "active",
            }),
        verdict: "UNREACHABLE",
        explanations: [
            "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR pcx-ab",
            "MORE_SPECIFIC_ROUTE rtb-private 8.8.8.0/24",
        ],
    },
    {
        what: "a route of equal length that goes first",
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) => {
            snapshot.ManagedPrefixLists?.push({ PrefixListId: "pl-x", Entries: [{ Cidr: "8.8.8.0/24" }] });
            routesOf(snapshot, "rtb-private").push(
                { DestinationCidrBlock: "8.8.8.0/24", VpcPeeringConnectionId: "pcx-ab", State: "active" },
                { DestinationPrefixListId: "pl-x", NatGatewayId: "nat-a", State: "active" },
            );
        },
        verdict: "UNREACHABLE",
        explanations: [
            "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR pcx-ab",
            "HIGHER_PRIORITY_ROUTE rtb-private 8.8.8.0/24",
        ],
    },
    {
        what: "a NAT gateway in the subnet that it serves",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => (nat(snapshot).SubnetId = "subnet-one"),
        verdict: "UNREACHABLE",
        explanations: ["X_NAT_SELF_LOOP nat-a 0.0.0.0/0"],
    },
    {
        what: "to a NAT gateway itself",
        source: CLIENT,
        destination: SERVER,
        change: ({ NetworkInterfaces }) => {
            const server = itemOf(NetworkInterfaces, (one) => one.NetworkInterfaceId === "eni-server");
            Object.assign(server, { InterfaceType: "nat_gateway", Groups: [] });
        },
        verdict: "UNREACHABLE",
        explanations: ["X_NAT_TAKES_NO_CONNECTIONS eni-server"],
    },
    {
        what: "a private NAT gateway",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => (nat(snapshot).ConnectivityType = "private"),
        verdict: "UNREACHABLE",
        explanations: ["X_NAT_NOT_PUBLIC nat-a"],
    },
    {
        what: "a NAT gateway of another VPC",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => (nat(snapshot).VpcId = "vpc-b"),
        verdict: "UNREACHABLE",
        explanations: ["NGW_REQUIRES_SOURCE_IN_VPC nat-a"],
    },
    {
        what: "a regional NAT gateway without an address in the zone",
        source: SERVER,
        destination: INTERNET,
        change: (snapshot) => {
            const gateway = nat(snapshot);
            delete gateway.SubnetId;
            gateway.AvailabilityMode = "regional";
            gateway.NatGatewayAddresses = [{ AllocationId: "eipalloc-a", AvailabilityZone: "us-east-1a" }];
        },
        verdict: "UNREACHABLE",
        explanations: ["REGIONAL_NGW_ROUTE_AZ_RESTRICTION nat-a"],
    },
    {
        what: "a NAT gateway of another zone, which works",
        source: SERVER,
        destination: INTERNET,
        verdict: "REACHABLE",
        explanations: [],
        warnings: ["AVAILABILITY_ZONE_CROSSED nat-a"],
    },
    {
        what: "the ports of the NAT gateway",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) =>
            aclEntries(snapshot, "acl-public").push(
                entry(50, false, "deny", { protocol: "6", ports: [1024, 32_767] }),
            ),
        verdict: "UNREACHABLE",
        explanations: ["X_NACL_EPHEMERAL_PARTIAL acl-public return ingress 50"],
        warnings: ["REMAP_EPHEMERAL_PORT nat-a"],
    },
    {
        what: "block public access in one direction, which leaves NAT gateways alone",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) =>
            (vpc(snapshot).BlockPublicAccessStates = { InternetGatewayBlockMode: "block-ingress" }),
        verdict: "REACHABLE",
        explanations: [],
    },
    {
        what: "block public access in both directions",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) =>
            (vpc(snapshot).BlockPublicAccessStates = { InternetGatewayBlockMode: "block-bidirectional" }),
        verdict: "UNREACHABLE",
        explanations: ["VPC_BLOCK_PUBLIC_ACCESS_ENABLED vpc-a"],
    },
    {
        what: "from the internet to a private address",
        source: INTERNET,
        destination: SERVER,
        verdict: "UNREACHABLE",
        explanations: [
            "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS igw-a",
            "ENI_SG_RULES_MISMATCH sg-server ingress",
            "CANNOT_ROUTE rtb-private return 0.0.0.0/0",
        ],
    },
    {
        what: "an internet gateway whose table leads elsewhere",
        source: INTERNET,
        destination: WEB,
        port: 443,
        change: (snapshot) =>
            snapshot.RouteTables?.push({
                RouteTableId: "rtb-edge",
                VpcId: "vpc-a",
                Associations: [{ GatewayId: "igw-a", Main: false }],
                Routes: [
                    {
                        DestinationCidrBlock: "10.0.0.0/24",
                        NetworkInterfaceId: "eni-firewall",
                        State: "active",
                    },
                ],
            }),
        verdict: "UNKNOWN",
        explanations: ["INGRESS_RTB_TRAFFIC_REDIRECTION rtb-edge"],
    },
    {
        what: "a private address that only the internet gateway's route matches",
        source: WEB,
        destination: { ip: "192.168.7.7" },
        verdict: "UNREACHABLE",
        explanations: ["IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS igw-a"],
    },
    {
        what: "a group without a fitting rule",
        source: CLIENT,
        destination: SERVER,
        port: 6651,
        verdict: "UNREACHABLE",
        explanations: ["ENI_SG_RULES_MISMATCH sg-server ingress"],
    },
    {
        what: "a group without any rule",
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => (groupOf(snapshot, "sg-client").IpPermissionsEgress = []),
        verdict: "UNREACHABLE",
        explanations: ["ENI_SG_RULES_MISMATCH sg-client egress", "SG_HAS_NO_RULES sg-client egress"],
    },
    {
        what: "a reference behind an appliance",
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => {
            const appliance = eni("eni-appliance", "subnet-public", "10.0.0.50", ["sg-appliance"]);
            snapshot.NetworkInterfaces?.push({ ...appliance, SourceDestCheck: false });
            snapshot.SecurityGroups?.push(group("sg-appliance", [all("10.0.0.0/8")], [all("0.0.0.0/0")]));
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "10.0.2.0/24",
                NetworkInterfaceId: "eni-appliance",
                State: "active",
            });
        },
        verdict: "UNREACHABLE",
        explanations: ["SG_REFERENCES_NOT_PRESERVED sg-server ingress IpPermissions[0]"],
    },
    {
        what: "a route to an interface that checks",
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) =>
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "10.0.2.0/24",
                NetworkInterfaceId: "eni-web",
                State: "active",
            }),
        verdict: "UNREACHABLE",
        explanations: [
            "ENI_SOURCE_DEST_CHECK_RESTRICTION eni-web 10.0.2.0/24",
            "MORE_SPECIFIC_ROUTE rtb-private 10.0.2.0/24",
        ],
    },
    {
        what: "a peering connection that nobody accepted",
        source: CLIENT,
        destination: PEER,
        change: (snapshot) =>
            (itemOf(snapshot.VpcPeeringConnections, () => true).Status = { Code: "pending-acceptance" }),
        verdict: "UNREACHABLE",
        explanations: ["BAD_STATE pcx-ab"],
    },
    {
        what: "no route back across a peering connection",
        source: CLIENT,
        destination: PEER,
        change: (snapshot) => routesOf(snapshot, "rtb-peer").splice(1, 1),
        verdict: "UNREACHABLE",
        explanations: ["NO_ROUTE_TO_DESTINATION rtb-peer return"],
    },
    {
        what: "VPCs that nothing connects",
        source: CLIENT,
        destination: PEER,
        change: (snapshot) => {
            snapshot.VpcPeeringConnections = [];
            routesOf(snapshot, "rtb-private").splice(3, 1);
            routesOf(snapshot, "rtb-peer").splice(1, 1);
        },
        verdict: "UNREACHABLE",
        explanations: [
            "NO_ROUTE_TO_DESTINATION rtb-private",
            "DISCONNECTED_VPCS vpc-b",
            "NO_ROUTE_TO_DESTINATION rtb-peer return",
        ],
    },
    {
        what: "the internet through a peering connection",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => setDefault(snapshot, "rtb-private", { VpcPeeringConnectionId: "pcx-ab" }),
        verdict: "UNREACHABLE",
        explanations: ["PCX_REQUIRES_ADDRESS_IN_VPC_CIDR pcx-ab"],
    },
    {
        what: "a local route for addresses that the VPC does not have",
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) =>
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "8.8.0.0/16",
                GatewayId: "local",
                State: "active",
            }),
        verdict: "UNREACHABLE",
        explanations: [
            "VPC_LOCAL_ROUTE_CIDR_RESTRICTION rtb-private 8.8.0.0/16",
            "MORE_SPECIFIC_ROUTE rtb-private 8.8.0.0/16",
        ],
    },
    {
        what: "an address that nobody has",
        source: CLIENT,
        destination: { ip: "10.0.2.77" },
        verdict: "UNREACHABLE",
        explanations: ["NO_POSSIBLE_DESTINATION 10.0.2.77"],
    },
    {
        what: "an endpoint as a client",
        source: { eni: "eni-vpce" },
        destination: SERVER,
        verdict: "UNREACHABLE",
        explanations: ["VPCE_INTRA_VPC_TRAFFIC eni-vpce"],
    },
    {
        what: "UDP to a gateway endpoint",
        source: CLIENT,
        destination: S3,
        protocol: "udp",
        verdict: "UNREACHABLE",
        explanations: ["VPCE_GATEWAY_PROTOCOL_RESTRICTION vpce-s3"],
    },
    {
        what: "a gateway endpoint that is not on the table",
        source: LONELY,
        destination: S3,
        verdict: "UNREACHABLE",
        explanations: ["NO_ROUTE_TO_DESTINATION rtb-isolated"],
    },
    {
        what: "an endpoint without an interface",
        source: LONELY,
        destination: SSM,
        change: (snapshot) => (ssm(snapshot).NetworkInterfaceIds = []),
        verdict: "UNREACHABLE",
        explanations: ["VPCE_SERVICE_NOT_INSTALLED_IN_AZ vpce-ssm"],
    },
    {
        what: "an endpoint with no interface in the client's zone, which works",
        source: { ...SERVER },
        destination: SSM,
        change: (snapshot) => (interfaceOf(snapshot, "eni-server").Groups = [{ GroupId: "sg-client" }]),
        verdict: "REACHABLE",
        explanations: [],
        warnings: ["VPCE_SERVICE_NOT_INSTALLED_IN_AZ vpce-ssm"],
    },
    {
        what: "no endpoint and no way to the internet",
        source: LONELY,
        destination: { service: "kms" },
        verdict: "UNREACHABLE",
        explanations: ["X_ENDPOINT_MISSING vpc-a"],
    },
    {
        what: "an endpoint that is not available",
        source: LONELY,
        destination: SSM,
        change: (snapshot) => (ssm(snapshot).State = "failed" as "Failed"),
        verdict: "UNREACHABLE",
        explanations: ["BAD_STATE vpce-ssm"],
    },
    {
        what: "private DNS off",
        source: LONELY,
        destination: SSM,
        change: (snapshot) => (ssm(snapshot).PrivateDnsEnabled = false),
        verdict: "UNREACHABLE",
        explanations: ["X_ENDPOINT_PRIVATE_DNS_OFF vpce-ssm"],
    },
    {
        what: "private DNS off, with a NAT gateway that carries the flow instead",
        source: CLIENT,
        destination: SSM,
        change: (snapshot) => (ssm(snapshot).PrivateDnsEnabled = false),
        verdict: "REACHABLE",
        explanations: [],
        warnings: ["X_ENDPOINT_PRIVATE_DNS_OFF vpce-ssm"],
    },
    {
        what: "DNS support off",
        source: LONELY,
        destination: SSM,
        change: (snapshot) => attributes(snapshot, { enableDnsSupport: false }),
        verdict: "UNREACHABLE",
        explanations: ["X_DNS_SUPPORT_OFF vpc-a"],
    },
    {
        what: "DNS hostnames off",
        source: LONELY,
        destination: SSM,
        change: (snapshot) => attributes(snapshot, { enableDnsHostnames: false }),
        verdict: "UNREACHABLE",
        explanations: ["X_DNS_HOSTNAMES_OFF vpc-a"],
    },
    {
        what: "name servers of one's own",
        source: LONELY,
        destination: SSM,
        change: (snapshot) =>
            (itemOf(snapshot.DhcpOptions, () => true).DhcpConfigurations = [
                { Key: "domain-name-servers", Values: [{ Value: "10.0.3.53" }] },
            ]),
        verdict: "UNKNOWN",
        explanations: ["X_DNS_CUSTOM dopt-a"],
    },
    {
        what: "DNS attributes that nobody read, to an interface endpoint",
        source: CLIENT,
        destination: SSM,
        change: (snapshot) => delete snapshot.VpcAttributes,
        verdict: "UNKNOWN",
        explanations: ["X_DNS_ATTRIBUTES_UNREAD vpc-a"],
    },
    {
        what: "DNS attributes of another VPC alone, to a gateway endpoint",
        source: CLIENT,
        destination: S3,
        change: (snapshot) =>
            (snapshot.VpcAttributes = { "vpc-b": { enableDnsSupport: true, enableDnsHostnames: true } }),
        verdict: "UNKNOWN",
        explanations: ["X_DNS_ATTRIBUTES_UNREAD vpc-a"],
    },
    {
        what: "DNS attributes that nobody read, where no name is needed",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => delete snapshot.VpcAttributes,
        verdict: "REACHABLE",
        explanations: [],
    },
    {
        // The user guide's page "NAT gateways" said until 3 December 2019 that a NAT gateway cannot send traffic over VPC endpoints
        // (awsdocs/amazon-vpc-user-guide, 885ec0f takes the sentence out); since then neither it nor "Gateway endpoints" of the
        // PrivateLink guide says anything of it.
        what: "a NAT gateway whose own table leads into a gateway endpoint",
        source: CLIENT,
        destination: S3,
        change: natIntoEndpoint,
        verdict: "UNKNOWN",
        explanations: ["X_NAT_INTO_ENDPOINT vpce-s3 pl-s3"],
    },
    {
        what: "a NAT gateway whose own table leads into a gateway endpoint, which carries no UDP for anybody",
        source: CLIENT,
        destination: S3,
        protocol: "udp",
        change: natIntoEndpoint,
        verdict: "UNREACHABLE",
        explanations: ["VPCE_GATEWAY_PROTOCOL_RESTRICTION vpce-s3"],
    },
    {
        what: "a NAT gateway whose own table leads into a gateway endpoint, to the internet without the service",
        source: CLIENT,
        destination: INTERNET,
        change: natIntoEndpoint,
        verdict: "REACHABLE",
        explanations: [],
    },
    {
        what: "prefix lists that overlap",
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) => {
            for (const id of ["pl-x", "pl-y"])
                snapshot.ManagedPrefixLists?.push({ PrefixListId: id, Entries: [{ Cidr: "8.8.8.0/24" }] });
            routesOf(snapshot, "rtb-private").push(
                { DestinationPrefixListId: "pl-x", NatGatewayId: "nat-a", State: "active" },
                { DestinationPrefixListId: "pl-y", VpcPeeringConnectionId: "pcx-ab", State: "active" },
            );
        },
        verdict: "UNKNOWN",
        explanations: ["X_ROUTES_AMBIGUOUS rtb-private"],
    },
    {
        what: "a transit gateway",
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => setDefault(snapshot, "rtb-private", { TransitGatewayId: "tgw-a" }),
        verdict: "UNKNOWN",
        explanations: ["UNSUPPORTED_COMPONENT tgw-a 0.0.0.0/0"],
    },
    {
        what: "an id that is not there",
        source: { eni: "eni-gone" },
        destination: SERVER,
        verdict: "UNKNOWN",
        explanations: ["UNKNOWN_RESOURCE eni-gone"],
    },
    {
        what: "a group that nobody carries",
        source: { securityGroup: "sg-unused" },
        destination: SERVER,
        change: (snapshot) => snapshot.SecurityGroups?.push(group("sg-unused", [], [])),
        verdict: "UNKNOWN",
        explanations: ["X_NO_MEMBERS sg-unused"],
    },
    {
        what: "IPv4 to IPv6",
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => {
            const server = interfaceOf(snapshot, "eni-server");
            delete server.PrivateIpAddress;
            server.PrivateIpAddresses = [];
            server.Ipv6Addresses = [{ Ipv6Address: "2001:db8::1" }];
        },
        verdict: "UNREACHABLE",
        explanations: ["X_NO_COMMON_ADDRESS_FAMILY eni-client"],
    },
    {
        what: "a private address that is asked for from the internet",
        source: GOOGLE,
        destination: { ip: "10.0.0.10" },
        port: 443,
        verdict: "UNREACHABLE",
        explanations: ["IGW_EXPECTS_PUBLIC_ADDRESS igw-a"],
    },
    {
        what: "a function of Lambda",
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => Object.assign(interfaceOf(snapshot, "eni-server"), { InterfaceType: "lambda" }),
        verdict: "UNREACHABLE",
        explanations: ["X_FUNCTION_TAKES_NO_CONNECTIONS eni-server"],
    },
    {
        what: "an endpoint that another VPC shares by a private hosted zone which nobody read",
        source: PEER,
        destination: SSM,
        change: (snapshot) => (ssm(snapshot).PrivateDnsEnabled = false),
        verdict: "UNKNOWN",
        explanations: ["X_HOSTED_ZONES_UNREAD vpc-b", "X_ENDPOINT_MISSING vpc-b"],
    },
    {
        what: "a kind that could not be read",
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => {
            delete snapshot.NetworkAcls;
            snapshot.MissingPermissions = [{ kind: "NetworkAcls", action: "ec2:DescribeNetworkAcls" }];
        },
        verdict: "UNKNOWN",
        explanations: ["X_PERMISSION_MISSING ec2:DescribeNetworkAcls"],
    },
    {
        what: "a network ACL",
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => aclEntries(snapshot, "acl-one").push(entry(7, true, "deny", {})),
        verdict: "UNREACHABLE",
        explanations: ["SUBNET_ACL_RESTRICTION acl-one egress 7"],
    },
];

function answer({ source, destination, change, ...rest }: Case) {
    const snapshot = network();
    change?.(snapshot);
    const standard = "eni" in destination || "securityGroup" in destination ? 6650 : 443;
    const { protocol = "tcp", port = standard } = rest;
    return analyze(snapshot, { id: "flow", source, destination, protocol, port });
}

describe("explanations", () => {
    for (const one of CASES)
        it(`${one.verdict} with exactly ${one.explanations.join(", ") || "nothing"}: ${one.what}`, () => {
            const { verdict, explanations, warnings } = answer(one);
            const texts = explanations.map(({ code, component, leg, direction, rule }) =>
                [code, component, leg, direction, rule].filter((part) => part !== undefined).join(" "),
            );
            assert.deepEqual({ verdict, texts }, { verdict: one.verdict, texts: one.explanations });
            const told = warnings.map(({ code, component }) => `${code} ${component}`);
            assert.deepEqual(told, one.warnings ?? []);
        });

    it("are all given for some network", () => {
        const given = new Set<Code>(exposure(network(), []).worldOpen.map(({ code }) => code));
        for (const one of CASES) {
            const { explanations, warnings } = answer(one);
            for (const { code } of [...explanations, ...warnings]) given.add(code);
        }
        assert.deepEqual([...given].sort(), [...EXPLANATION_CODES].sort());
    });

    it("have a sentence and a remedy without a gap, in the present and in the past", () => {
        for (const one of CASES)
            for (const each of [...answer(one).explanations, ...answer(one).warnings])
                for (const text of [
                    explanationText(each),
                    explanationText(each, "past"),
                    explanationRemedy(each),
                ]) {
                    assert.match(text, /^[A-Za-z0-9]/, `${each.code}: ${text}`);
                    assert.doesNotMatch(text, /[{}?|]|undefined|object/, `${each.code}: ${text}`);
                }
    });

    it("have a page of the AWS documentation each", () => {
        for (const one of CASES)
            for (const each of answer(one).explanations)
                assert.match(explanationLink(each) ?? "", /^https:\/\/docs\.aws\.amazon\.com\//, each.code);
    });
});
