import {
    routeRanges,
    type RouteMatch,
    routeTableOfSubnet,
    expandRoutes,
    type ExpandedRoute,
} from "../analyze/routes";
import { blockPublicAccess, isAttached, isPublicNat, natGatewayById } from "./gateways";
import { internetRanges, type View } from "./view";
import type { AddressRange } from "../net/ipv4";
import type { Verdict } from "../matrix";

/**
 * Which way packets really take, hop by hop, as the snapshot has it. What is intended plays no part here.
 */

export interface Source {
    subnetId: string;
    /** Whether the sender has a public address, without which an internet gateway drops what it sends. */
    publicAddress: boolean;
    /** The sender is a NAT gateway: another one cannot serve it. */
    isNat?: true;
}

export interface Outcome {
    verdict: Verdict;
    /** The components on the way, the sender's subnet first. */
    path: string[];
    /** The first gateway or endpoint on a way that arrives; empty otherwise. */
    via: string;
}

/** The ways to all addresses of the ranges; ranges that take the same route count once. */
export function outcomesTo(
    view: View,
    source: Source,
    ranges: readonly AddressRange[],
    counts: (match: RouteMatch | undefined) => boolean = () => true,
): Outcome[] {
    const found = routeTableOfSubnet(view.snapshot, source.subnetId);
    if (found === undefined) return [{ verdict: "UNREACHABLE", path: [source.subnetId], via: "" }];
    const matches = distinctMatches(expandRoutes(view.snapshot, found.table), ranges);
    const start = [source.subnetId, found.table.RouteTableId ?? "unnamed route table"];
    return matches.filter(counts).map((match) => follow(view, source, match, start));
}

/** The ways to the internet. Addresses of a service with a gateway endpoint on this table are not counted. */
export function internetOutcomes(view: View, source: Source): Outcome[] {
    return outcomesTo(view, source, internetRanges(view), (match) => !isGatewayEndpointRoute(match));
}

/** A gateway endpoint is a route to a service's prefix list: no way to the internet, whatever the endpoint's state. */
export function isGatewayEndpointRoute(match: RouteMatch | undefined): boolean {
    if (match === undefined || "ambiguous" in match) return false;
    return match.route.target.kind === "vpc-endpoint" && match.route.prefixListId !== undefined;
}

/** The distinct answers that a table has for the ranges; "no route" is one too. */
export function distinctMatches(
    routes: readonly ExpandedRoute[],
    ranges: readonly AddressRange[],
): (RouteMatch | undefined)[] {
    const byRoute = new Map<unknown, RouteMatch | undefined>();
    for (const { match } of routeRanges(routes, ranges)) {
        const key =
            match === undefined
                ? undefined
                : "route" in match
                  ? routeKey(match.route)
                  : JSON.stringify(match);
        if (!byRoute.has(key)) byRoute.set(key, match);
    }
    return [...byRoute.values()];
}

// Entries of one prefix list are one route; everything else is told apart by its destination.
function routeKey({ prefixListId, cidr, origin }: ExpandedRoute): string {
    return prefixListId ?? `${origin} ${cidr.base}/${cidr.length}`;
}

/** Several ways as one verdict: what has to be reachable must be so everywhere, what must not be nowhere. */
export function combine(outcomes: readonly Outcome[], expected: Verdict): Outcome {
    const order: Verdict[] =
        expected === "REACHABLE"
            ? ["UNREACHABLE", "UNKNOWN", "REACHABLE"]
            : ["REACHABLE", "UNKNOWN", "UNREACHABLE"];
    const worst = order.flatMap(
        (verdict) => outcomes.find((outcome) => outcome.verdict === verdict) ?? [],
    )[0];
    return worst ?? { verdict: "UNREACHABLE", path: [], via: "" };
}

function follow(view: View, source: Source, match: RouteMatch | undefined, path: string[]): Outcome {
    if (match === undefined) return { verdict: "UNREACHABLE", path, via: "" };
    if ("ambiguous" in match) return { verdict: "UNKNOWN", path, via: "" };
    const { target, blackhole, prefixListId } = match.route;
    const here = [...path, target.id];
    const dropped: Outcome = { verdict: "UNREACHABLE", path: here, via: "" };
    if (blackhole) return dropped;
    switch (target.kind) {
        case "internet-gateway": {
            const allowed = source.isNat ? ["off", "block-ingress"] : ["off"];
            const open =
                source.publicAddress &&
                isAttached(view.snapshot, target.id, view.intent.vpcId) &&
                allowed.includes(blockPublicAccess(view));
            return open ? { verdict: "REACHABLE", path: [...here, "internet"], via: target.id } : dropped;
        }
        case "nat-gateway":
            return source.isNat ? dropped : throughNat(view, target.id, here);
        case "vpc-endpoint": {
            // Only a gateway endpoint is reached by a prefix list; the others are appliances, and what they do is not known.
            if (prefixListId === undefined) return { verdict: "UNKNOWN", path: here, via: "" };
            const endpoint = view.snapshot.VpcEndpoints?.find(
                (candidate) => candidate.VpcEndpointId === target.id,
            );
            return endpoint?.State?.toLowerCase() === "available"
                ? { verdict: "REACHABLE", path: here, via: target.id }
                : dropped;
        }
        // The gateways behind a peering cannot be used from here, and local routes carry nothing out of the VPC.
        case "peering":
        case "local":
            return dropped;
        case "network-interface":
        case "egress-only-internet-gateway":
        case "other":
            return target.id === "nothing" ? dropped : { verdict: "UNKNOWN", path: here, via: "" };
    }
}

function throughNat(view: View, natGatewayId: string, path: string[]): Outcome {
    const nat = natGatewayById(view.snapshot, natGatewayId);
    const dropped: Outcome = { verdict: "UNREACHABLE", path, via: "" };
    if (nat?.SubnetId === undefined || nat.State !== "available" || !isPublicNat(nat)) return dropped;
    // In the sender's own subnet the NAT gateway takes the sender's routes, back to itself, where another turn drops.
    const onward = combine(
        internetOutcomes(view, { subnetId: nat.SubnetId, publicAddress: true, isNat: true }),
        "REACHABLE",
    );
    return {
        verdict: onward.verdict,
        path: [...path, ...onward.path],
        via: onward.via === "" ? "" : natGatewayId,
    };
}
