import type { VpcPeeringConnection } from "@aws-sdk/client-ec2";

import type { Payload } from "../messages";
import { formatRange } from "../../lib/addresses/ip";
import { leavesSubnet, type Packet, passAcl, passGroups, type Walk } from "./filters";
import type { Interface } from "./interfaces";
import { type Match, matchRoute } from "./matching";
import type { Table } from "./model";
import type { RouteEntry } from "./routes";
import { answerTo, clientPortsOf, type Traffic } from "./traffic";

/** The way from one interface to another one, in a VPC and across a peering connection. */

/** Follows the request there and the answer back. Both interfaces have an address of the packet's family. */
export function walkInside(walk: Walk, source: Interface, destination: Interface, request: Packet): void {
    const { model, trace } = walk;
    trace.hop(source.id, "network-interface");
    passGroups(walk, source, "egress", request);
    const appliances = new Set<string>();
    const arrived = carry(walk, source, destination, request, appliances);
    passGroups(walk, destination, "ingress", arrived);
    trace.hop(destination.id, "network-interface");
    const answer: Packet = {
        traffic: answerTo(request.traffic, clientPortsOf(source)),
        sources: request.destinations,
        destinations: request.sources,
        sourceGroups: request.destinationGroups,
        destinationGroups: request.sourceGroups,
        leg: "return",
    };
    // Without this rule the answer is believed to find its way back.
    if (source.vpcId !== destination.vpcId && !model.follows("peering-return-route")) return;
    if (!model.follows("sg-stateful")) passGroups(walk, destination, "egress", answer);
    carry(walk, destination, source, answer, appliances);
    if (!model.follows("sg-stateful")) passGroups(walk, source, "ingress", answer);
}

interface Place {
    readonly subnetId: string;
    readonly vpcId: string;
}

/**
 * Carries a packet from a subnet to an interface, by the route tables of all subnets on the way, through the network ACLs.
 *
 * @param appliances those passed already: the groups on them know the connection, and a packet that comes again goes round.
 * @returns the packet as it arrives.
 */
export function carry(
    walk: Walk,
    from: Place,
    to: Interface,
    packet: Packet,
    appliances: Set<string>,
): Packet {
    if (!leavesSubnet(walk, from.subnetId, to.subnetId)) return packet;
    passAcl(walk, from.subnetId, "egress", packet);
    if (from.subnetId === to.subnetId) {
        passAcl(walk, to.subnetId, "ingress", packet);
        return packet;
    }
    const arrived = route(walk, from, to, packet, appliances, new Set());
    passAcl(walk, to.subnetId, "ingress", arrived);
    return arrived;
}

/** One routing decision, and what comes of it. `passedOver` holds the routes that are to be taken away, as explained already. */
function route(
    walk: Walk,
    from: Place,
    to: Interface,
    packet: Packet,
    appliances: Set<string>,
    passedOver: ReadonlySet<RouteEntry>,
): Packet {
    const { model, trace } = walk;
    const isRead = trace.need(model, "RouteTables", "Subnets", "Vpcs");
    const table = model.tableOf(from.subnetId);
    const [address] = packet.destinations;
    if (table === undefined || address === undefined) {
        // Every subnet has a table: its own, or the VPC's main one.
        if (isRead)
            trace.add("UNKNOWN_RESOURCE", from.subnetId, {
                leg: packet.leg,
                args: { absence: { part: "route table" } },
            });
        return packet;
    }
    const match = matchRoute(table, { ...address, last: address.first }, model.follows, passedOver);
    if (needsPrefixLists(walk, table, match)) return packet;
    if (match === undefined) return withoutRoute(walk, from, to, packet, table);
    if ("ambiguous" in match) {
        const targets = match.ambiguous.map(({ target }) => target.id);
        trace.add("ROUTES_AMBIGUOUS", table.id, {
            leg: packet.leg,
            args: { to: formatRange(address), targets },
        });
        return packet;
    }
    const { entry } = match;
    const unsupported = () => {
        trace.add("UNSUPPORTED_COMPONENT", entry.target.id, {
            leg: packet.leg,
            rule: entry.destination,
            args: { to: formatRange(address), kind: kindOf(entry) },
        });
        // What arrives may come from another address: the rest is as it may be, not as it must be.
        trace.doubt();
        return packet;
    };
    const goOn = () => without(walk, from, to, packet, appliances, passedOver, table, entry);
    if (entry.blackhole) {
        const args = { target: entry.target.id };
        trace.add("BAD_STATE_ROUTE", table.id, { leg: packet.leg, rule: entry.destination, args });
        if (entry.target.kind === "peering") return throughPeering(walk, from, to, packet, entry);
        return packet;
    }
    if (packet.leg === undefined) trace.hop(table.id, "route-table", { rule: entry.destination });
    switch (entry.target.kind) {
        case "local":
            if (to.vpcId === from.vpcId) return packet;
            trace.add("VPC_LOCAL_ROUTE_CIDR_RESTRICTION", table.id, {
                leg: packet.leg,
                rule: entry.destination,
                args: { to: formatRange(address), vpc: from.vpcId },
            });
            return packet;
        case "network-interface":
            return throughAppliance(walk, from, to, packet, appliances, table, entry, goOn);
        case "peering": {
            const peering = model.peerings.get(entry.target.id);
            if (peering === undefined || connects(peering, from.vpcId, to.vpcId))
                return throughPeering(walk, from, to, packet, entry);
            trace.add("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR", entry.target.id, {
                leg: packet.leg,
                args: {
                    table: table.id,
                    peer: peerOf(peering, from.vpcId) ?? "no VPC",
                    to: formatRange(address),
                },
            });
            return goOn() ?? packet;
        }
        case "internet-gateway":
        case "egress-only-internet-gateway":
            return goOn() ?? withoutRoute(walk, from, to, packet, table);
        case "nat-gateway":
            // A public one sends on what goes to another VPC to the internet, where private addresses lead nowhere.
            if (
                from.vpcId !== to.vpcId &&
                model.natGateways.get(entry.target.id)?.ConnectivityType !== "private"
            )
                return goOn() ?? withoutRoute(walk, from, to, packet, table);
            return unsupported();
        case "vpc-endpoint":
        case "other":
            return unsupported();
    }
}

export function kindOf({ target }: RouteEntry): string {
    if (target.kind !== "other") return target.kind.replaceAll("-", " ");
    if (target.id.startsWith("tgw-")) return "transit gateway";
    if (target.id.startsWith("vgw-")) return "virtual private gateway";
    if (target.id.startsWith("cagw-")) return "carrier gateway";
    if (target.id.startsWith("lgw-")) return "local gateway";
    return target.id.startsWith("arn:") ? "core network" : "unknown target";
}

export function cannotRoute(
    { trace }: Walk,
    table: Table,
    { destination, target }: RouteEntry,
    { leg }: { leg?: "return" },
    payload: Payload,
): void {
    trace.add("CANNOT_ROUTE", table.id, { leg, rule: destination, args: { target: target.id, payload } });
}

/** Whether the answer depends on prefix lists that the snapshot does not have. */
export function needsPrefixLists(
    { model, trace }: Walk,
    table: Table,
    match: Match,
    matters: (list: Table["unknownPrefixLists"][number]) => boolean = () => true,
): boolean {
    const lists = table.unknownPrefixLists.filter(matters);
    // The blocks of a list cannot override the local route: AWS takes no route that is more specific, but for whole subnets.
    if (lists.length === 0 || (match !== undefined && "entry" in match && match.entry.origin === "local"))
        return false;
    trace.need(model, "ManagedPrefixLists");
    if (model.missingPermission("ManagedPrefixLists") === undefined)
        for (const { id } of lists)
            trace.add("UNKNOWN_RESOURCE", id, {
                args: { absence: { need: { of: "route", table: table.id } } },
            });
    return true;
}

/** What the packet does when a route that leads astray is deleted: the next best route says, and this one is named. */
function without(
    walk: Walk,
    from: Place,
    to: Interface,
    packet: Packet,
    appliances: Set<string>,
    passedOver: ReadonlySet<RouteEntry>,
    table: Table,
    entry: RouteEntry,
): Packet | undefined {
    const [address] = packet.destinations;
    const others = new Set([...passedOver, entry]);
    const next =
        address && matchRoute(table, { ...address, last: address.first }, walk.model.follows, others);
    if (next === undefined || !("entry" in next) || next.entry.blackhole) return undefined;
    const delivers =
        next.entry.target.kind === "local"
            ? from.vpcId === to.vpcId
            : next.entry.target.kind === "peering" && from.vpcId !== to.vpcId;
    if (!delivers) return undefined;
    const isLonger = entry.block.length > next.entry.block.length;
    walk.trace.add(isLonger ? "ROUTE_OVERRIDES" : "HIGHER_PRIORITY_ROUTE", table.id, {
        leg: packet.leg,
        rule: entry.destination,
        args: {
            to: to.id,
            target: entry.target.id,
            other: next.entry.destination,
            otherTarget: next.entry.target.id,
        },
    });
    return route(walk, from, to, packet, appliances, others);
}

function throughAppliance(
    walk: Walk,
    from: Place,
    to: Interface,
    packet: Packet,
    appliances: Set<string>,
    table: Table,
    entry: RouteEntry,
    goOn: () => Packet | undefined,
): Packet {
    const { model, trace } = walk;
    trace.need(model, "NetworkInterfaces");
    const appliance = model.interfaceNamed(entry.target.id);
    if (appliance === undefined) {
        const need = { of: "route", table: table.id, route: entry.destination } as const;
        trace.add("UNKNOWN_RESOURCE", entry.target.id, { args: { absence: { need } } });
        return packet;
    }
    if (appliance.id === to.id) return packet;
    if (appliance.checksDestination && model.follows("source-dest-check")) {
        trace.add("ENI_SOURCE_DEST_CHECK_RESTRICTION", appliance.id, {
            leg: packet.leg,
            rule: entry.destination,
            args: { to: to.id, table: table.id },
        });
        return goOn() ?? packet;
    }
    const turn = `${packet.leg ?? "forward"} ${appliance.id}`;
    if (appliances.has(turn)) {
        cannotRoute(walk, table, entry, packet, { of: "loop" });
        return packet;
    }
    const isTracked = packet.leg === "return" && appliances.has(`forward ${appliance.id}`);
    appliances.add(turn);
    if (leavesSubnet(walk, from.subnetId, appliance.subnetId))
        passAcl(walk, appliance.subnetId, "ingress", packet);
    const asNew = asRequest(packet);
    const forgets = model.follows("sg-references-end-at-middleboxes");
    const onward: Packet = forgets
        ? { ...packet, sourceGroups: [], forgotten: { by: appliance.id, groups: packet.sourceGroups } }
        : packet;
    if (!isTracked) {
        passGroups(walk, appliance, "ingress", asNew);
        if (packet.leg === undefined) trace.hop(appliance.id, "network-interface");
        passGroups(walk, appliance, "egress", asNew);
    }
    if (appliance.subnetId === to.subnetId) return onward;
    passAcl(walk, appliance.subnetId, "egress", onward);
    return route(walk, appliance, to, onward, appliances, new Set());
}

/** An appliance that did not see the request takes its answer for something new. */
function asRequest({ leg: _, ...packet }: Packet): Packet {
    return packet;
}

function peerOf(peering: VpcPeeringConnection, vpcId: string): string | undefined {
    const sides = [peering.RequesterVpcInfo, peering.AccepterVpcInfo];
    return sides.find((side) => side?.VpcId !== vpcId)?.VpcId;
}

function connects(peering: VpcPeeringConnection, vpcId: string, otherId: string): boolean {
    const sides = [peering.RequesterVpcInfo?.VpcId, peering.AccepterVpcInfo?.VpcId];
    return vpcId !== otherId && sides.includes(vpcId) && sides.includes(otherId);
}

function throughPeering(walk: Walk, from: Place, to: Interface, packet: Packet, entry: RouteEntry): Packet {
    const { model, trace } = walk;
    const isRead = trace.need(model, "VpcPeeringConnections");
    const peering = model.peerings.get(entry.target.id);
    if (peering === undefined && isRead && !entry.blackhole)
        trace.add("UNKNOWN_RESOURCE", entry.target.id, { args: { absence: { need: { of: "route" } } } });
    const state = peering?.Status?.Code ?? "active";
    if (state !== "active" && model.follows("peering-active"))
        trace.add("BAD_STATE", entry.target.id, { args: { state } });
    if (packet.leg === undefined) trace.hop(entry.target.id, "vpc-peering-connection");
    const regions = [peering?.RequesterVpcInfo?.Region, peering?.AccepterVpcInfo?.Region];
    if (regions[0] === regions[1] || from.vpcId === to.vpcId) return packet;
    // Across regions a reference to a group of the peer means nothing.
    return { ...packet, sourceGroups: [], forgotten: { by: entry.target.id, groups: packet.sourceGroups } };
}

/** No route: it is named, and the rest is judged as if the only peering connection that leads there had one. */
function withoutRoute(walk: Walk, from: Place, to: Interface, packet: Packet, table: Table): Packet {
    const { model, trace } = walk;
    const args = { from: from.subnetId, to: to.id };
    trace.add("NO_ROUTE_TO_DESTINATION", table.id, { leg: packet.leg, args });
    if (from.vpcId === to.vpcId) return packet;
    trace.need(model, "VpcPeeringConnections");
    const candidates = [...model.peerings.values()].filter((peering) =>
        connects(peering, from.vpcId, to.vpcId),
    );
    const gone = ["deleted", "deleting", "rejected", "expired", "failed"];
    const living = candidates.filter((peering) => !gone.includes(peering.Status?.Code ?? "active"));
    if (living.length === 0 && packet.leg === undefined)
        trace.add("DISCONNECTED_VPCS", to.vpcId, { args: { vpc: from.vpcId } });
    return packet;
}

/** The request of a flow between two interfaces. */
export function requestBetween(
    source: Interface,
    destination: Interface,
    traffic: Traffic,
): Packet | undefined {
    for (const family of [4, 6] as const) {
        const from = source.addresses.find((address) => address.family === family);
        const to = destination.addresses.find((address) => address.family === family);
        if (from !== undefined && to !== undefined)
            return {
                traffic,
                sources: [from],
                destinations: [to],
                sourceGroups: source.groups,
                destinationGroups: destination.groups,
            };
    }
    return undefined;
}
