import type { NatGateway } from "@aws-sdk/client-ec2";

import { type Address, contains, type IpRange, parseBlock } from "../../lib/addresses/ip";
import { type Packet, passAcl, type Walk } from "./filters";
import { throughGatewayEndpoint } from "./gateway-endpoint";
import { cannotRoute, carry, kindOf, needsPrefixLists } from "./inside";
import type { Interface } from "./interfaces";
import { gatewayMeantFor, throughAttachedGateway } from "./internet-gateway";
import { type Part, routeParts } from "./matching";
import type { Table } from "./model";
import type { RouteEntry } from "./routes";
import { answerTo, CLIENT_PORTS, clientPortsOf, NAT_PORTS } from "./traffic";

/** Through a public NAT gateway: the network ACLs of its subnet and the route from there to the internet gateway count too. */
export function throughNat(
    walk: Walk,
    natGatewayId: string,
    source: Interface,
    request: Packet,
    isBlackhole: boolean,
): void {
    const { model, trace } = walk;
    const isRead = trace.need(model, "NatGateways");
    const nat = model.natGateways.get(natGatewayId);
    if (nat === undefined) {
        // AWS marks a route to one that is gone as a blackhole: of any other one the snapshot does not tell.
        if (!isBlackhole && isRead)
            trace.add("UNKNOWN_RESOURCE", natGatewayId, { args: { absence: { need: { of: "route" } } } });
        return;
    }
    const state = nat.State ?? "available";
    if (state !== "available") trace.add("BAD_STATE", natGatewayId, { args: { state } });
    if (nat.VpcId !== undefined && nat.VpcId !== source.vpcId && model.follows("nat-only-in-own-vpc"))
        trace.add("NGW_REQUIRES_SOURCE_IN_VPC", natGatewayId, {
            args: { natVpc: nat.VpcId, source: source.id, vpc: source.vpcId },
        });
    if (!isPublicNat(nat) && model.follows("nat-public-address")) trace.add("NAT_NOT_PUBLIC", natGatewayId);
    trace.hop(natGatewayId, "nat-gateway");
    if (nat.AvailabilityMode === "regional") throughRegional(walk, nat, source, request);
    else if (nat.SubnetId !== undefined) throughZonal(walk, natGatewayId, nat.SubnetId, source, request);
}

/** The well-known prefix of RFC 6052, whose last 32 bits are an IPv4 address. NAT gateways translate it (NAT64). */
const NAT64 = parseBlock("64:ff9b::/96");

export function isNat64(range: IpRange): boolean {
    return contains(NAT64, range);
}

/** What leaves the NAT gateway: IPv4, also where IPv6 came in. */
function translate(request: Packet): Packet {
    if (!request.destinations.every(isNat64)) return request;
    const toIpv4 = (address: Address) => Number(BigInt(address) & 0xffff_ffffn);
    return {
        ...request,
        traffic: {
            ...request.traffic,
            protocol: request.traffic.protocol === 58 ? 1 : request.traffic.protocol,
        },
        sources: [],
        destinations: request.destinations.map(({ first, last }) => ({
            family: 4,
            first: toIpv4(first),
            last: toIpv4(last),
        })),
    };
}

/** A public one without an address is none. */
export function isPublicNat(nat: NatGateway): boolean {
    return (
        nat.ConnectivityType !== "private" &&
        (nat.NatGatewayAddresses ?? []).some(
            ({ AllocationId, PublicIp }) => AllocationId !== undefined || PublicIp !== undefined,
        )
    );
}

/** A regional one is in no subnet: no network ACL sees it, and it leaves by the VPC's internet gateway. */
function throughRegional(walk: Walk, nat: NatGateway, source: Interface, request: Packet): void {
    const { model, trace } = walk;
    const id = nat.NatGatewayId ?? "";
    const zone = model.zoneOf(source.subnetId);
    const zones = (nat.NatGatewayAddresses ?? []).flatMap(({ AvailabilityZone }) => AvailabilityZone ?? []);
    if (zone !== undefined && zones.length > 0 && !zones.includes(zone))
        trace.add("REGIONAL_NGW_ROUTE_AZ_RESTRICTION", id, {
            args: { zone, subnet: source.subnetId },
        });
    const gateway = gatewayMeantFor(model, source.vpcId);
    if (gateway === undefined) trace.add("NO_INTERNET_GATEWAY", source.vpcId);
    else {
        throughAttachedGateway(walk, gateway, source, request, "nat");
        trace.hop(gateway, "internet-gateway");
    }
}

function throughZonal(walk: Walk, natId: string, subnetId: string, source: Interface, request: Packet): void {
    const { model, trace } = walk;
    trace.need(model, "Subnets", "RouteTables");
    const zones = [model.zoneOf(source.subnetId), model.zoneOf(subnetId)] as const;
    if (zones[0] !== undefined && zones[1] !== undefined && zones[0] !== zones[1])
        trace.add("AVAILABILITY_ZONE_CROSSED", natId, {
            args: { subnet: source.subnetId, zone: zones[0], otherZone: zones[1] },
        });
    const own = { subnetId, vpcId: source.vpcId };
    const translated = translate(request);
    const filters = model.follows("nat-subnet-nacl");
    const isElsewhere = subnetId !== source.subnetId;
    if (filters && isElsewhere) passAcl(walk, subnetId, "ingress", request);
    if (filters) passAcl(walk, subnetId, "egress", translated);
    const table = model.tableOf(subnetId);
    if (table === undefined)
        trace.add("NO_ROUTE_TO_DESTINATION", subnetId, { args: { from: subnetId, to: "the internet" } });
    else if (model.follows("nat-needs-internet-gateway"))
        for (const part of routeParts(table, translated.destinations, model.follows))
            leaveFor(walk, natId, own, { ...translated, destinations: part.ranges }, table, part);
    if (!filters) return;
    const answer: Packet = {
        traffic: answerTo(
            translated.traffic,
            model.follows("nat-ephemeral-range") ? NAT_PORTS : CLIENT_PORTS,
        ),
        sources: translated.destinations,
        destinations: translated.sources,
        sourceGroups: [],
        destinationGroups: [],
        leg: "return",
    };
    const isWhole = passAcl(walk, subnetId, "ingress", answer);
    if (!isWhole) {
        const acl = model.networkAclOf(subnetId)?.id ?? "the network ACL";
        trace.add("REMAP_EPHEMERAL_PORT", natId, { args: { acl } });
    }
    // From here on the answers are packets like others: a route of this subnet may lead them astray.
    const back = {
        ...answer,
        traffic: answerTo(request.traffic, clientPortsOf(source)),
        sources: request.destinations,
        destinations: request.sources,
    };
    carry(walk, own, source, back, new Set());
}

/** From the NAT gateway's own subnet on: to an internet gateway, or to a gateway endpoint. */
function leaveFor(
    walk: Walk,
    natId: string,
    own: { subnetId: string; vpcId: string },
    request: Packet,
    table: Table,
    { match }: Part,
): void {
    const { model, trace } = walk;
    const to = "the internet";
    const matters = ({ toEndpoint }: { toEndpoint: boolean }) => request.isToInternet !== true || !toEndpoint;
    if (needsPrefixLists(walk, table, match, matters)) return;
    if (match === undefined) {
        const args = { from: own.subnetId, to };
        trace.add("NO_ROUTE_TO_DESTINATION", table.id, { related: [natId], args });
        const gateway = gatewayMeantFor(model, own.vpcId);
        if (gateway !== undefined) throughAttachedGateway(walk, gateway, own, request, "nat");
        return;
    }
    if ("ambiguous" in match) {
        const targets = match.ambiguous.map(({ target }) => target.id);
        trace.add("ROUTES_AMBIGUOUS", table.id, { args: { to, targets } });
        return;
    }
    const { entry } = match;
    if (entry.blackhole)
        trace.add("BAD_STATE_ROUTE", table.id, {
            rule: entry.destination,
            args: { target: entry.target.id },
        });
    switch (entry.target.kind) {
        case "internet-gateway":
            if (!entry.blackhole) trace.hop(table.id, "route-table", { rule: entry.destination });
            throughAttachedGateway(walk, entry.target.id, own, request, "nat");
            trace.hop(entry.target.id, "internet-gateway");
            return;
        case "vpc-endpoint":
            intoGatewayEndpoint(walk, natId, own.vpcId, request, table, entry);
            return;
        case "nat-gateway":
            if (entry.target.id === natId)
                trace.add("X_NAT_SELF_LOOP", natId, {
                    rule: entry.destination,
                    args: { subnet: own.subnetId, table: table.id },
                });
            else if (!entry.blackhole) cannotRoute(walk, table, entry, {}, { of: "nat" });
            return;
        case "local":
        case "peering":
        case "egress-only-internet-gateway":
            if (!entry.blackhole) cannotRoute(walk, table, entry, {}, { of: "nat", natGatewayId: natId });
            return;
        case "network-interface":
        case "other":
            if (entry.blackhole) return;
            break;
    }
    trace.add("UNSUPPORTED_COMPONENT", entry.target.id, {
        rule: entry.destination,
        args: { to, kind: kindOf(entry) },
    });
}

/**
 * Until December 2019 the user guide said that a NAT gateway cannot send traffic over VPC endpoints. It no longer does, and does
 * not say the opposite: what the endpoint itself refuses is certain, and all else is not known.
 */
function intoGatewayEndpoint(
    walk: Walk,
    natId: string,
    vpcId: string,
    request: Packet,
    table: Table,
    entry: RouteEntry,
): void {
    if (request.isToInternet === true && entry.prefixListId !== undefined) return;
    if (!throughGatewayEndpoint(walk, vpcId, request.traffic, entry)) return;
    walk.trace.add("X_NAT_INTO_ENDPOINT", entry.target.id, {
        rule: entry.destination,
        args: { table: table.id, nat: natId },
    });
}
