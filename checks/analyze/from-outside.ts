import { type Packet, passAcl, passGroups, type Walk } from "./filters";
import { cannotRoute } from "./inside";
import { addressOf, type Interface } from "./interfaces";
import { gatewayMeantFor, throughInternetGateway } from "./internet-gateway";
import type { Model } from "./model";
import { describe, type Outside, partsFor } from "./outside";
import type { RouteEntry } from "./routes";
import { answerTo, NAT_PORTS, type Traffic } from "./traffic";

/**
 * The way in: the request from outside addresses, and the answer back out through the same gateway.
 *
 * @param clientPorts from which the request may come; a client in the internet may be behind a NAT of its own.
 */
export function walkIn(
    walk: Walk,
    from: Outside,
    destination: Interface,
    traffic: Traffic,
    clientPorts = NAT_PORTS,
): void {
    const { model, trace } = walk;
    const [first] = from.ranges;
    const own = first && addressOf(destination, first.family);
    if (first === undefined || own === undefined) {
        trace.add("X_NO_COMMON_ADDRESS_FAMILY", destination.id, { args: { to: from.label } });
        return;
    }
    trace.need(model, "InternetGateways", "RouteTables", "Subnets", "Vpcs");
    trace.hop(from.label, "address");
    const request: Packet = {
        traffic,
        sources: from.ranges,
        destinations: [own],
        sourceGroups: [],
        destinationGroups: destination.groups,
    };
    const table = model.tableOf(destination.subnetId);
    const answer: Packet = {
        traffic: answerTo(traffic, clientPorts),
        sources: [own],
        destinations: from.ranges,
        sourceGroups: destination.groups,
        destinationGroups: [],
        leg: "return",
    };
    const gateway = comesInThrough(walk, destination);
    if (gateway !== undefined)
        throughInternetGateway(walk, gateway, destination, request, { isInbound: true });
    const edge = gateway === undefined ? undefined : model.edgeTableOf(gateway);
    const redirect = edge?.Routes?.find((route) => route.GatewayId !== "local");
    if (edge !== undefined && redirect !== undefined) {
        const target = redirect.NetworkInterfaceId ?? redirect.GatewayId ?? "an appliance";
        const args = { gateway: gateway ?? "", target };
        trace.add("INGRESS_RTB_TRAFFIC_REDIRECTION", edge.RouteTableId ?? "", { args });
    }
    passAcl(walk, destination.subnetId, "ingress", request);
    passGroups(walk, destination, "ingress", request);
    trace.hop(destination.id, "network-interface");
    passAcl(walk, destination.subnetId, "egress", answer);
    if (table === undefined) return;
    for (const { match, ranges } of partsFor(model, destination.subnetId, from)) {
        const details = { leg: "return", related: [destination.subnetId] } as const;
        const to = describe(from, ranges);
        if (match === undefined)
            trace.add("NO_ROUTE_TO_DESTINATION", table.id, {
                ...details,
                args: { from: destination.subnetId, to },
            });
        else if ("ambiguous" in match) {
            const targets = match.ambiguous.map(({ target }) => target.id).join(", ");
            trace.add("X_ROUTES_AMBIGUOUS", table.id, { ...details, args: { to, targets } });
        } else if (match.entry.blackhole)
            trace.add("BAD_STATE_ROUTE", table.id, {
                ...details,
                rule: match.entry.destination,
                args: { target: match.entry.target.id },
            });
        else if (mayForward(model, match.entry))
            // It may send them on to the internet gateway, which takes them for the sender's own.
            trace.add("UNSUPPORTED_COMPONENT", match.entry.target.id, {
                ...details,
                rule: match.entry.destination,
                args: { to, kind: "appliance that forwards to the internet" },
            });
        else if (match.entry.target.kind !== "internet-gateway")
            cannotRoute(
                walk,
                table,
                match.entry,
                { leg: "return" },
                `the answers to what came in through ${gateway ?? "an internet gateway"}`,
            );
    }
}

/** Whether the route leads to an interface that takes what is not addressed to it. */
function mayForward(model: Model, { target }: RouteEntry): boolean {
    if (target.kind !== "network-interface") return false;
    const appliance = model.interfaceNamed(target.id);
    return appliance !== undefined && !(appliance.checksDestination && model.follows("source-dest-check"));
}

function comesInThrough({ model, trace }: Walk, { vpcId }: Interface): string | undefined {
    const gateway = gatewayMeantFor(model, vpcId);
    if (gateway === undefined) trace.add("BAD_STATE_ATTACHMENT", vpcId, { args: { vpc: vpcId } });
    return gateway;
}
