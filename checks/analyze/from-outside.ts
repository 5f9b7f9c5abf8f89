import type { IpRange } from "../../lib/addresses/ip";
import { explainNobodyAt } from "./ends";
import { type Packet, passAcl, passGroups, type Walk } from "./filters";
import { cannotRoute, kindOf, needsPrefixLists } from "./inside";
import { addressOf, type Interface } from "./interfaces";
import { attachedGateway, gatewayMeantFor, redirectAtEdge, throughInternetGateway } from "./internet-gateway";
import type { Part } from "./matching";
import type { Model, Table } from "./model";
import { describe, type Outside, partsFor, throughPeeringToOutside } from "./outside";
import { isPrivate } from "./public-addresses";
import type { RouteEntry } from "./routes";
import { answerTo, NAT_PORTS, type Traffic } from "./traffic";

/** What is known of a request from outside besides its sender and its ports. */
export interface Inbound {
    /** From which the request may come. @default those of a NAT: a client in the internet may be behind one of its own */
    readonly clientPorts?: { readonly from: number; readonly to: number };
    /** The address that the sender asks for. @default the interface's public address, or its private one on a private way */
    readonly asked?: IpRange | undefined;
}

/**
 * The way in: the request from outside addresses, and the answer back. What comes in comes the way that the answer takes: from
 * the internet through the internet gateway, from other networks through whatever the table leads to for their addresses.
 */
export function walkIn(
    walk: Walk,
    from: Outside,
    destination: Interface,
    traffic: Traffic,
    inbound: Inbound = {},
): void {
    const { model, trace } = walk;
    const [first] = from.ranges;
    const own = first && addressOf(destination, first.family);
    if (first === undefined || own === undefined) {
        trace.add("X_NO_COMMON_ADDRESS_FAMILY", destination.id, { args: { to: from.label } });
        return;
    }
    const isRead = trace.need(model, "RouteTables", "Subnets", "Vpcs");
    trace.hop(from.label, "address");
    if (model.isInVpc(destination.vpcId, first)) {
        explainNobodyAt(walk, from.label, destination.vpcId);
        return;
    }
    const table = model.tableOf(destination.subnetId);
    const parts = partsFor(model, destination.subnetId, from);
    const isFromInternet = !isPrivate(first) && !comesFromOtherNetwork(model, destination, parts);
    const request: Packet = {
        traffic,
        sources: from.ranges,
        destinations: [own],
        sourceGroups: [],
        destinationGroups: destination.groups,
        // A group of a peer may be referred to.
        hasUnreadGroups: parts.some(({ match }) => targetKindOf(match) === "peering"),
    };
    const gateway = isFromInternet ? comesInThrough(walk, destination) : undefined;
    if (gateway !== undefined) {
        throughInternetGateway(walk, gateway, destination, request, {
            isInbound: true,
            asked: inbound.asked,
        });
        redirectAtEdge(walk, gateway, own);
    }
    passAcl(walk, destination.subnetId, "ingress", request);
    passGroups(walk, destination, "ingress", request);
    trace.hop(destination.id, "network-interface");
    passAcl(walk, destination.subnetId, "egress", {
        traffic: answerTo(traffic, inbound.clientPorts ?? NAT_PORTS),
        sources: [own],
        destinations: from.ranges,
        sourceGroups: destination.groups,
        destinationGroups: [],
        leg: "return",
    });
    if (table !== undefined)
        for (const part of parts) answerBy(walk, destination, from, table, part, isFromInternet, gateway);
    else if (isRead)
        trace.add("UNKNOWN_RESOURCE", destination.subnetId, { args: { absence: { part: "route table" } } });
}

function targetKindOf(match: Part["match"]): RouteEntry["target"]["kind"] | undefined {
    return match !== undefined && "entry" in match ? match.entry.target.kind : undefined;
}

/** A peering connection, or a transit gateway, virtual private gateway and the like. */
function leadsToOtherNetwork({ match }: Part): boolean {
    if (match === undefined || !("entry" in match)) return false;
    const { target } = match.entry;
    return target.kind === "peering" || (target.kind === "other" && target.id !== "nothing");
}

/**
 * Public addresses are the internet's, unless the table leads to another network for just these; by its default route only where
 * the VPC has no internet gateway.
 */
function comesFromOtherNetwork(model: Model, { vpcId }: Interface, parts: readonly Part[]): boolean {
    const isExact = ({ match }: Part) =>
        match !== undefined && "entry" in match && match.entry.block.length > 0;
    return (
        parts.length > 0 &&
        parts.every(leadsToOtherNetwork) &&
        (parts.every(isExact) || attachedGateway(model, vpcId) === undefined)
    );
}

/** The answer takes the route to the sender. */
function answerBy(
    walk: Walk,
    destination: Interface,
    from: Outside,
    table: Table,
    { match, ranges }: Part,
    isFromInternet: boolean,
    gateway: string | undefined,
): void {
    const { model, trace } = walk;
    const details = { leg: "return", related: [destination.subnetId] } as const;
    const to = describe(from, ranges);
    const matters = ({ toEndpoint }: { toEndpoint: boolean }) => !from.skipGatewayEndpoints || !toEndpoint;
    if (needsPrefixLists(walk, table, match, matters)) return;
    if (match === undefined) {
        trace.add("NO_ROUTE_TO_DESTINATION", table.id, {
            ...details,
            args: { from: destination.subnetId, to },
        });
        return;
    }
    if ("ambiguous" in match) {
        const targets = match.ambiguous.map(({ target }) => target.id);
        trace.add("ROUTES_AMBIGUOUS", table.id, { ...details, args: { to, targets } });
        return;
    }
    const { entry } = match;
    const rule = entry.destination;
    if (entry.blackhole) {
        trace.add("BAD_STATE_ROUTE", table.id, { ...details, rule, args: { target: entry.target.id } });
        return;
    }
    const unsupported = (kind: string) =>
        trace.add("UNSUPPORTED_COMPONENT", entry.target.id, { ...details, rule, args: { to, kind } });
    switch (entry.target.kind) {
        case "internet-gateway":
            if (!isFromInternet)
                trace.add("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", entry.target.id, {
                    ...details,
                    args: { to },
                });
            return;
        case "other":
            unsupported(kindOf(entry));
            return;
        case "peering":
            throughPeeringToOutside(walk, destination, table, entry, to, ranges);
            return;
        case "vpc-endpoint":
            if (entry.prefixListId === undefined) {
                unsupported("Gateway Load Balancer endpoint");
                return;
            }
            break;
        case "network-interface":
            // It may send them on to where they came from, which takes them for the sender's own.
            if (mayForward(model, entry)) {
                unsupported("appliance that forwards");
                return;
            }
            break;
        default:
            break;
    }
    const through = gateway === undefined ? {} : { gateway };
    cannotRoute(
        walk,
        table,
        entry,
        { leg: "return" },
        { of: "replies", ...(isFromInternet ? through : { to }) },
    );
}

/** Whether the route leads to an interface that takes what is not addressed to it. */
function mayForward(model: Model, { target }: RouteEntry): boolean {
    const appliance = model.interfaceNamed(target.id);
    return appliance === undefined || !(appliance.checksDestination && model.follows("source-dest-check"));
}

function comesInThrough({ model, trace }: Walk, { vpcId }: Interface): string | undefined {
    if (!trace.need(model, "InternetGateways")) return undefined;
    const gateway = gatewayMeantFor(model, vpcId);
    if (gateway === undefined) trace.add("NO_INTERNET_GATEWAY", vpcId);
    return gateway;
}
