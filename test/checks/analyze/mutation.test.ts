import assert from "node:assert/strict";

import { analyze, SEMANTIC_RULES, type SemanticRule } from "../../../checks/analyze";
import type { Flow, FlowEnd } from "../../../checks/flow";
import type { Snapshot } from "../../../checks/snapshot/types";
import { all, entry, eni, from, group, network, tcp } from "./support/network";
import { aclEntries, groupOf, interfaceOf, itemOf, routesOf } from "./support/edit";

/** For each rule, a network and a flow whose answer is another one when the analysis forgets the rule. */
interface Mutation {
    readonly source: FlowEnd;
    readonly destination: FlowEnd;
    readonly port?: number;
    readonly protocol?: Flow["protocol"];
    readonly change?: (snapshot: Snapshot) => void;
}

const CLIENT: FlowEnd = { eni: "eni-client" };
const SERVER: FlowEnd = { eni: "eni-server" };
const PEER: FlowEnd = { eni: "eni-peer" };
const INTERNET: FlowEnd = { service: "internet" };
const S3: FlowEnd = { service: "s3" };
const SSM: FlowEnd = { service: "ssm" };
const GOOGLE: FlowEnd = { ip: "8.8.8.8" };

const blackhole = { State: "blackhole" } as const;

function addList(snapshot: Snapshot, id: string, cidr: string): void {
    snapshot.ManagedPrefixLists?.push({ PrefixListId: id, PrefixListName: id, Entries: [{ Cidr: cidr }] });
}

/** An appliance in the public subnet, through which rtb-private sends what goes to subnet-two. */
function addAppliance(snapshot: Snapshot, checks: boolean): void {
    const appliance = eni("eni-appliance", "subnet-public", "10.0.0.50", ["sg-appliance"]);
    snapshot.NetworkInterfaces?.push({ ...appliance, SourceDestCheck: checks });
    snapshot.SecurityGroups?.push(group("sg-appliance", [all("10.0.0.0/8")], [all("0.0.0.0/0")]));
    routesOf(snapshot, "rtb-private").push({
        DestinationCidrBlock: "10.0.2.0/24",
        NetworkInterfaceId: "eni-appliance",
        State: "active",
    });
}

const MUTATIONS: Record<SemanticRule, Mutation> = {
    "longest-prefix-wins": {
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) =>
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "8.8.8.0/24",
                NatGatewayId: "nat-x",
                ...blackhole,
            }),
    },
    "static-before-prefix-list": {
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) => {
            addList(snapshot, "pl-x", "8.8.8.0/24");
            routesOf(snapshot, "rtb-private").push(
                { DestinationPrefixListId: "pl-x", NatGatewayId: "nat-x", ...blackhole },
                { DestinationCidrBlock: "8.8.8.0/24", NatGatewayId: "nat-a", State: "active" },
            );
        },
    },
    "prefix-list-before-propagated": {
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) => {
            addList(snapshot, "pl-x", "8.8.8.0/24");
            routesOf(snapshot, "rtb-private").push(
                { DestinationPrefixListId: "pl-x", NatGatewayId: "nat-x", ...blackhole },
                {
                    DestinationCidrBlock: "8.8.8.0/24",
                    GatewayId: "vgw-a",
                    Origin: "EnableVgwRoutePropagation",
                    State: "active",
                },
            );
        },
    },
    "local-before-propagated": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) =>
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "10.0.2.0/24",
                GatewayId: "vgw-a",
                Origin: "EnableVgwRoutePropagation",
                State: "active",
            }),
    },
    "blackhole-drops": {
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) =>
            routesOf(snapshot, "rtb-private").push({
                DestinationCidrBlock: "8.8.0.0/16",
                NatGatewayId: "nat-x",
                ...blackhole,
            }),
    },
    "main-table-by-default": {
        source: { eni: "eni-lonely" },
        destination: INTERNET,
        change: (snapshot) => {
            const isolated = itemOf(snapshot.RouteTables, (one) => one.RouteTableId === "rtb-isolated");
            isolated.Associations = [];
            routesOf(snapshot, "rtb-main").push({
                DestinationCidrBlock: "0.0.0.0/0",
                NatGatewayId: "nat-a",
                State: "active",
            });
        },
    },
    "gateway-endpoint-is-a-route": {
        source: CLIENT,
        destination: S3,
        change: (snapshot) => routesOf(snapshot, "rtb-private").splice(1, 1),
    },
    "ambiguous-prefix-lists-are-unknown": {
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) => {
            addList(snapshot, "pl-x", "8.8.8.0/24");
            addList(snapshot, "pl-y", "8.8.8.0/24");
            routesOf(snapshot, "rtb-private").push(
                { DestinationPrefixListId: "pl-x", NatGatewayId: "nat-a", State: "active" },
                { DestinationPrefixListId: "pl-y", VpcPeeringConnectionId: "pcx-ab", State: "active" },
            );
        },
    },
    "sg-stateful": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => (groupOf(snapshot, "sg-server").IpPermissionsEgress = []),
    },
    "sg-egress": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => (groupOf(snapshot, "sg-client").IpPermissionsEgress = []),
    },
    "sg-ingress": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => (groupOf(snapshot, "sg-server").IpPermissions = []),
    },
    "sg-union-over-groups": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => interfaceOf(snapshot, "eni-server").Groups?.unshift({ GroupId: "sg-web" }),
    },
    "sg-union-over-rules": {
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) =>
            (groupOf(snapshot, "sg-client").IpPermissionsEgress = [all("0.0.0.0/1"), all("128.0.0.0/1")]),
    },
    "sg-reference-by-membership": { source: { eni: "eni-web" }, destination: SERVER },
    "sg-references-end-at-middleboxes": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => addAppliance(snapshot, false),
    },
    "sg-protocol-before-ports": { source: CLIENT, destination: SERVER, protocol: "udp" },
    "nacl-first-match-wins": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => aclEntries(snapshot, "acl-two").push(entry(50, false, "allow", {})),
    },
    "nacl-default-deny": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) =>
            (itemOf(snapshot.NetworkAcls, (one) => one.NetworkAclId === "acl-two").Entries = []),
    },
    "nacl-stateless": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => aclEntries(snapshot, "acl-two").push(entry(50, true, "deny", {})),
    },
    "nacl-not-within-subnet": {
        source: CLIENT,
        destination: { eni: "eni-neighbour" },
        change: (snapshot) => aclEntries(snapshot, "acl-one").push(entry(50, true, "deny", {})),
    },
    "nacl-protocol-before-ports": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) =>
            aclEntries(snapshot, "acl-two").push(
                entry(50, false, "deny", { protocol: "17", ports: [0, 65_535] }),
            ),
    },
    "nacl-whole-ephemeral-range": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) =>
            aclEntries(snapshot, "acl-two").push(
                entry(50, true, "deny", { protocol: "6", ports: [50_000, 50_000] }),
            ),
    },
    "nat-ephemeral-range": {
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) =>
            aclEntries(snapshot, "acl-public").push(
                entry(50, false, "deny", { protocol: "6", ports: [1024, 2000] }),
            ),
    },
    "nat-subnet-nacl": {
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => aclEntries(snapshot, "acl-public").push(entry(50, true, "deny", {})),
    },
    "nat-needs-internet-gateway": {
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => routesOf(snapshot, "rtb-public").splice(1, 1),
    },
    "nat-only-in-own-vpc": {
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => (itemOf(snapshot.NatGateways, () => true).VpcId = "vpc-b"),
    },
    "nat-public-address": {
        source: CLIENT,
        destination: INTERNET,
        change: (snapshot) => (itemOf(snapshot.NatGateways, () => true).ConnectivityType = "private"),
    },
    "igw-needs-public-address": {
        source: { eni: "eni-web" },
        destination: INTERNET,
        change: (snapshot) => delete interfaceOf(snapshot, "eni-web").Association,
    },
    "igw-attached": {
        source: { eni: "eni-web" },
        destination: INTERNET,
        change: (snapshot) => (itemOf(snapshot.InternetGateways, () => true).Attachments = []),
    },
    "block-public-access": {
        source: { eni: "eni-web" },
        destination: INTERNET,
        change: (snapshot) =>
            (itemOf(snapshot.Vpcs, (one) => one.VpcId === "vpc-a").BlockPublicAccessStates = {
                InternetGatewayBlockMode: "block-ingress",
            }),
    },
    "peering-active": {
        source: CLIENT,
        destination: PEER,
        change: (snapshot) =>
            (itemOf(snapshot.VpcPeeringConnections, () => true).Status = { Code: "pending-acceptance" }),
    },
    "peering-not-transitive": {
        source: CLIENT,
        destination: GOOGLE,
        change: (snapshot) =>
            (routesOf(snapshot, "rtb-private")[1] = {
                DestinationCidrBlock: "0.0.0.0/0",
                VpcPeeringConnectionId: "pcx-ab",
                State: "active",
            }),
    },
    "peering-return-route": {
        source: CLIENT,
        destination: PEER,
        change: (snapshot) => routesOf(snapshot, "rtb-peer").splice(1, 1),
    },
    "source-dest-check": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => addAppliance(snapshot, true),
    },
    "endpoint-private-dns": {
        source: CLIENT,
        destination: SSM,
        change: (snapshot) => {
            itemOf(snapshot.VpcEndpoints, (one) => one.VpcEndpointId === "vpce-ssm").PrivateDnsEnabled =
                false;
            routesOf(snapshot, "rtb-private").splice(1, 1);
        },
    },
    "endpoint-never-initiates": {
        source: { eni: "eni-vpce" },
        destination: SERVER,
        change: (snapshot) => {
            groupOf(snapshot, "sg-endpoint").IpPermissionsEgress = [all("0.0.0.0/0")];
            groupOf(snapshot, "sg-server").IpPermissions = [from("sg-endpoint", 6650)];
        },
    },
    "aws-addresses-not-filtered": {
        source: CLIENT,
        destination: { ip: "10.0.0.2" },
        port: 53,
        protocol: "udp",
        change: (snapshot) => (groupOf(snapshot, "sg-client").IpPermissionsEgress = []),
    },
    "families-are-independent": {
        source: CLIENT,
        destination: SERVER,
        change: (snapshot) => {
            for (const [id, address] of [
                ["eni-client", "2001:db8::10"],
                ["eni-server", "2001:db8::20"],
            ] as const) {
                const one = interfaceOf(snapshot, id);
                delete one.PrivateIpAddress;
                one.PrivateIpAddresses = [];
                one.Ipv6Addresses = [{ Ipv6Address: address }];
            }
            itemOf(snapshot.Vpcs, (one) => one.VpcId === "vpc-a").Ipv6CidrBlockAssociationSet = [
                { Ipv6CidrBlock: "2001:db8::/56" },
            ];
            groupOf(snapshot, "sg-server").IpPermissions = [tcp("::/0", 6650)];
            for (const acl of snapshot.NetworkAcls ?? [])
                for (const egress of [true, false])
                    acl.Entries?.push(entry(110, egress, "allow", { cidr: "::/0" }));
        },
    },
};

describe("rules of the analysis", () => {
    it("are all proven to matter", () => {
        assert.deepEqual(Object.keys(MUTATIONS).sort(), Object.keys(SEMANTIC_RULES).sort());
    });

    for (const [rule, mutation] of Object.entries(MUTATIONS) as [SemanticRule, Mutation][])
        it(`${rule}: without it the answer is another`, () => {
            const { source, destination, protocol = "tcp", port, change } = mutation;
            const usual = source === CLIENT && (destination === SERVER || destination === PEER) ? 6650 : 443;
            const standard = "eni" in destination ? 6650 : usual;
            const flow: Flow = { id: "flow", source, destination, protocol, port: port ?? standard };
            const snapshot = network();
            change?.(snapshot);
            const answer = (disabledRules: ReadonlySet<SemanticRule>) => {
                const { verdict, explanations } = analyze(snapshot, flow, { disabledRules });
                return {
                    verdict,
                    explanations: explanations.map(({ code, component }) => `${code} ${component}`),
                };
            };
            assert.notDeepEqual(answer(new Set([rule])), answer(new Set()));
        });
});
