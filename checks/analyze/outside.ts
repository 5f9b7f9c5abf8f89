import type { VpcPeeringConnectionVpcInfo } from "@aws-sdk/client-ec2";

import {
    type Block,
    contains,
    type Family,
    formatRange,
    type IpRange,
    parseBlock,
} from "../../lib/addresses/ip";
import { explainNobodyAt } from "./ends";
import { type Packet, passAcl, passGroups, type Walk } from "./filters";
import { throughGatewayEndpoint } from "./gateway-endpoint";
import { cannotRoute, kindOf, needsPrefixLists } from "./inside";
import { addressOf, type Interface, publicAddressOf } from "./interfaces";
import {
    gatewayMeantFor,
    passBlockPublicAccess,
    redirectAtEdge,
    throughInternetGateway,
} from "./internet-gateway";
import { type Part, routeParts } from "./matching";
import type { Model, Table } from "./model";
import { isNat64, throughNat } from "./nat";
import { EVERYTHING, isPrivate } from "./public-addresses";
import type { RouteEntry } from "./routes";
import { answerTo, clientPortsOf, type Traffic } from "./traffic";

/** The way from an interface to addresses outside of every VPC. */

/** Where a flow goes that leaves the VPC. */
export interface Outside {
    /** For people: "the internet", "s3", an address. */
    readonly label: string;
    readonly ranges: readonly IpRange[];
    /** Addresses of services with gateway endpoints are no part of "the internet", whatever a table does with them. */
    readonly skipGatewayEndpoints: boolean;
}

export function walkOut(
    walk: Walk,
    source: Interface,
    to: Outside,
    traffic: Traffic,
    parts: readonly Part[],
): void {
    const { model, trace } = walk;
    const [first] = to.ranges;
    const own = first && addressOf(source, first.family);
    if (first === undefined || own === undefined) {
        trace.add("X_NO_COMMON_ADDRESS_FAMILY", source.id, { args: { to: to.label } });
        return;
    }
    trace.hop(source.id, "network-interface");
    const request: Packet = {
        traffic,
        sources: [own],
        destinations: to.ranges,
        sourceGroups: source.groups,
        destinationGroups: [],
        // A group of a peer may be referred to.
        hasUnreadGroups: parts.some(({ match }) => isPeering(match)),
        isToInternet: to.skipGatewayEndpoints,
    };
    passGroups(walk, source, "egress", request);
    passAcl(walk, source.subnetId, "egress", request);
    const table = model.tableOf(source.subnetId);
    const isRead = trace.need(model, "RouteTables", "Subnets", "Vpcs");
    if (table === undefined) {
        // Every subnet has a table: its own, or the VPC's main one.
        if (isRead)
            trace.add("UNKNOWN_RESOURCE", source.subnetId, { args: { absence: { part: "route table" } } });
    } else
        for (const part of parts)
            takeRoute(walk, source, to, { ...request, destinations: part.ranges }, table, part);
    passAcl(walk, source.subnetId, "ingress", {
        traffic: answerTo(traffic, clientPortsOf(source)),
        sources: to.ranges,
        destinations: [own],
        sourceGroups: [],
        destinationGroups: source.groups,
        leg: "return",
    });
}

/** The routes that a source's table has for the destination. */
export function partsFor(model: Model, subnetId: string, to: Outside): readonly Part[] {
    const table = model.tableOf(subnetId);
    if (table === undefined) return [];
    const parts = routeParts(table, to.ranges, model.follows);
    return to.skipGatewayEndpoints ? parts.filter(({ match }) => !isGatewayEndpoint(match)) : parts;
}

function isPeering(match: Part["match"]): boolean {
    return match !== undefined && "entry" in match && match.entry.target.kind === "peering";
}

/** A gateway endpoint is a route to a service's prefix list: no way to the internet, whatever the endpoint's state. */
export function isGatewayEndpoint(match: Part["match"]): boolean {
    if (match === undefined || !("entry" in match)) return false;
    return match.entry.target.kind === "vpc-endpoint" && match.entry.prefixListId !== undefined;
}

function takeRoute(
    walk: Walk,
    source: Interface,
    to: Outside,
    request: Packet,
    table: Table,
    { match, ranges }: Part,
): void {
    const { trace } = walk;
    const matters = (list: { toEndpoint: boolean }) => !to.skipGatewayEndpoints || !list.toEndpoint;
    if (needsPrefixLists(walk, table, match, matters)) return;
    const where = describe(to, ranges);
    if (match === undefined) {
        const args = { from: source.subnetId, to: where };
        trace.add("NO_ROUTE_TO_DESTINATION", table.id, { args });
        assumeGateway(walk, source, request, table);
        return;
    }
    if ("ambiguous" in match) {
        const targets = match.ambiguous.map(({ target }) => target.id);
        trace.add("ROUTES_AMBIGUOUS", table.id, { args: { to: where, targets } });
        return;
    }
    const { entry } = match;
    if (entry.blackhole)
        trace.add("BAD_STATE_ROUTE", table.id, {
            rule: entry.destination,
            args: { target: entry.target.id },
        });
    else trace.hop(table.id, "route-table", { rule: entry.destination });
    throughTarget(walk, source, request, table, entry, where);
}

function throughTarget(
    walk: Walk,
    source: Interface,
    request: Packet,
    table: Table,
    entry: RouteEntry,
    where: string,
): void {
    const { model, trace } = walk;
    const { target } = entry;
    const family = request.destinations[0]?.family ?? 4;
    const hijacks = () => namesOverridden(walk, request, table, entry, where);
    switch (target.kind) {
        case "internet-gateway":
            throughInternetGateway(walk, target.id, source, request, { table, entry });
            for (const own of request.sources) redirectAtEdge(walk, target.id, own);
            return;
        case "egress-only-internet-gateway":
            if (family === 4) cannotRoute(walk, table, entry, {}, { of: "IPv4" });
            else {
                passBlockPublicAccess(walk, target.id, source, "egress-only");
                trace.hop(target.id, "egress-only-internet-gateway");
                trace.hop(where, "address");
            }
            return;
        case "nat-gateway":
            if (family === 6 && !request.destinations.every(isNat64))
                cannotRoute(walk, table, entry, {}, { of: "IPv6" });
            else throughNat(walk, target.id, source, request, entry.blackhole);
            return;
        case "vpc-endpoint":
            throughGatewayEndpoint(walk, source.vpcId, request.traffic, entry);
            return;
        case "local":
            if (model.isInVpc(source.vpcId, { ...(request.destinations[0] ?? EVERYTHING[family]) })) {
                explainNobodyAt(walk, where, source.vpcId);
                return;
            }
            trace.add("VPC_LOCAL_ROUTE_CIDR_RESTRICTION", table.id, {
                rule: entry.destination,
                args: { to: where, vpc: source.vpcId },
            });
            hijacks();
            return;
        case "peering":
            if (entry.blackhole) return;
            if (throughPeeringToOutside(walk, source, table, entry, where, request.destinations)) hijacks();
            return;
        case "network-interface":
            throughApplianceToOutside(walk, source, request, table, entry, where);
            return;
        case "other":
            if (entry.blackhole) {
                if (target.id === "nothing") assumeGateway(walk, source, request, table);
                return;
            }
            trace.add("UNSUPPORTED_COMPONENT", target.id, {
                rule: entry.destination,
                args: { to: where, kind: kindOf(entry) },
            });
            return;
    }
}

/**
 * To addresses behind a peering connection that no interface of the snapshot has.
 *
 * @returns whether they are certainly not behind it.
 */
export function throughPeeringToOutside(
    { model, trace }: Walk,
    source: Interface,
    table: Table,
    entry: RouteEntry,
    where: string,
    ranges: readonly IpRange[],
): boolean {
    if (!trace.need(model, "VpcPeeringConnections")) return false;
    const need = { of: "destination", destination: where } as const;
    const peering = model.peerings.get(entry.target.id);
    if (peering === undefined) {
        trace.add("UNKNOWN_RESOURCE", entry.target.id, { args: { absence: { need } } });
        return false;
    }
    const state = peering.Status?.Code ?? "active";
    if (state !== "active" && model.follows("peering-active"))
        trace.add("BAD_STATE", entry.target.id, { args: { state } });
    const sides = [peering.RequesterVpcInfo, peering.AccepterVpcInfo];
    const peer = sides.find((side) => side?.VpcId !== source.vpcId);
    const vpcId = peer?.VpcId ?? "";
    const blocks = blocksOfPeer(peer, ranges[0]?.family ?? 4);
    if (ranges.every((range) => blocks.some((block) => contains(block, range)))) {
        if (model.vpcs.has(vpcId)) explainNobodyAt({ model, trace }, where, vpcId);
        else trace.add("UNKNOWN_RESOURCE", vpcId, { args: { absence: { need } } });
    } else if (blocks.length === 0)
        trace.add("UNKNOWN_RESOURCE", vpcId, { args: { absence: { part: "CIDR blocks", need } } });
    else if (model.follows("peering-not-transitive")) {
        const args = { table: table.id, peer: peer?.VpcId ?? "no VPC", to: where };
        trace.add("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", entry.target.id, { args });
        return true;
    }
    return false;
}

function blocksOfPeer(peer: VpcPeeringConnectionVpcInfo | undefined, family: Family): Block[] {
    const texts =
        family === 4
            ? [peer?.CidrBlock, ...(peer?.CidrBlockSet ?? []).map(({ CidrBlock }) => CidrBlock)]
            : (peer?.Ipv6CidrBlockSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock);
    return texts.flatMap((text) => (text === undefined ? [] : [parseBlock(text)]));
}

function throughApplianceToOutside(
    walk: Walk,
    source: Interface,
    request: Packet,
    table: Table,
    entry: RouteEntry,
    where: string,
): void {
    const { model, trace } = walk;
    trace.need(model, "NetworkInterfaces");
    const appliance = model.interfaceNamed(entry.target.id);
    if (appliance === undefined) {
        if (entry.blackhole) return;
        const need = { of: "route", table: table.id, route: entry.destination } as const;
        trace.add("UNKNOWN_RESOURCE", entry.target.id, { args: { absence: { need } } });
        return;
    }
    if (appliance.checksDestination && model.follows("source-dest-check")) {
        trace.add("ENI_SOURCE_DEST_CHECK_RESTRICTION", appliance.id, {
            rule: entry.destination,
            args: { to: where, table: table.id },
        });
        namesOverridden(walk, request, table, entry, where);
        return;
    }
    if (appliance.subnetId !== source.subnetId) passAcl(walk, appliance.subnetId, "ingress", request);
    passGroups(walk, appliance, "ingress", request);
    trace.hop(appliance.id, "network-interface");
    // A NAT instance, presumably; which address it puts on what it forwards is for the guest to decide.
    trace.add("UNSUPPORTED_COMPONENT", appliance.id, {
        rule: entry.destination,
        args: { to: where, kind: "appliance that forwards to the internet" },
    });
    leaveAppliance(walk, appliance, request, where);
}

/** What is certain of the way on, whatever the guest does: it takes the route of the appliance's own subnet. */
function leaveAppliance(walk: Walk, appliance: Interface, request: Packet, where: string): void {
    const { model, trace } = walk;
    const table = model.tableOf(appliance.subnetId);
    if (table === undefined) return;
    for (const { match } of routeParts(table, request.destinations, model.follows)) {
        if (needsPrefixLists(walk, table, match, (list) => request.isToInternet !== true || !list.toEndpoint))
            continue;
        if (match === undefined) {
            const args = { from: appliance.subnetId, to: where };
            trace.add("NO_ROUTE_TO_DESTINATION", table.id, { args });
        } else if ("entry" in match && match.entry.target.kind === "internet-gateway")
            throughInternetGateway(walk, match.entry.target.id, appliance, request, {
                table,
                entry: match.entry,
            });
    }
}

/** Names a route that leads astray while a less preferred one would lead to a gateway. */
function namesOverridden(
    { model, trace }: Walk,
    request: Packet,
    table: Table,
    entry: RouteEntry,
    where: string,
): void {
    const [range] = request.destinations;
    // No gateway would deliver to a private address.
    if (range === undefined || isPrivate(range)) return;
    const others = { ...table, entries: table.entries.filter((one) => one !== entry) };
    const [part] = routeParts(others, [{ ...range, last: range.first }], model.follows);
    const match = part?.match;
    if (match === undefined || !("entry" in match) || match.entry.blackhole) return;
    const other = match.entry;
    if (!["internet-gateway", "nat-gateway", "egress-only-internet-gateway"].includes(other.target.kind))
        return;
    const isLonger = entry.block.length > other.block.length;
    trace.add(isLonger ? "ROUTE_OVERRIDES" : "HIGHER_PRIORITY_ROUTE", table.id, {
        rule: entry.destination,
        args: {
            to: where,
            target: entry.target.id,
            other: other.destination,
            otherTarget: other.target.id,
        },
    });
}

/**
 * Without a route the rest is judged as if there were the one that belongs there, as far as that is clear: to the VPC's internet
 * gateway for an interface with a public address, else to the only NAT gateway of the VPC, or of the zone.
 */
function assumeGateway(walk: Walk, source: Interface, request: Packet, table: Table): void {
    const { model } = walk;
    if (request.destinations[0]?.family !== 4) return;
    if (publicAddressOf(source) !== undefined) {
        const gateway = gatewayMeantFor(model, source.vpcId);
        if (gateway !== undefined) throughInternetGateway(walk, gateway, source, request, { table });
        return;
    }
    const dead = ["deleted", "deleting", "failed"];
    const candidates = [...model.natGateways.values()].filter(
        (nat) =>
            nat.VpcId === source.vpcId &&
            nat.SubnetId !== source.subnetId &&
            nat.ConnectivityType !== "private" &&
            !dead.includes(nat.State ?? "available"),
    );
    const zone = model.zoneOf(source.subnetId);
    const near = candidates.filter((nat) => model.zoneOf(nat.SubnetId ?? "") === zone);
    const [only, ...more] = candidates.length === 1 ? candidates : near;
    if (only?.NatGatewayId !== undefined && more.length === 0)
        throughNat(walk, only.NatGatewayId, source, request, false);
}

/** The destination for people: the whole, or the part of it that takes a route of its own. */
export function describe(to: Outside, ranges: readonly IpRange[]): string {
    const [first] = ranges;
    const isAll =
        ranges.length === to.ranges.length &&
        ranges.every((range, index) => range.first === to.ranges[index]?.first);
    return isAll || first === undefined ? to.label : `${to.label} (${formatRange(first)})`;
}
