import type { SubnetIntent } from "../intent";
import { type Finding, finding } from "../messages";
import { isAttachedTo } from "../analyze/internet-gateway";
import { type Match, routeParts } from "../analyze/matching";
import { isGatewayEndpoint } from "../analyze/outside";
import { type RouteEntry, routeTableOfSubnet } from "../analyze/routes";
import { formatBlock, type IpRange } from "../../lib/addresses/ip";
import { EVERYWHERE } from "../rule";
import { blockPublicAccessFindings, internetGatewayFindings, natGatewayFindings } from "./gateways";
import { intendedEgress, internetOf, known, type View } from "./view";

/**
 * What has to change so that a subnet's routes are the intended ones. Every segment of the intended way is held against the
 * snapshot by itself, so that the answer is complete: a fault behind another fault is named too.
 */

/** Everything between a subnet and the internet: nothing that is not on this list can stop it. */
export function egressFindings(view: View, subnet: SubnetIntent): Finding[] {
    const own = [...associationFindings(view, subnet), ...defaultRouteFindings(view, subnet)];
    if (intendedEgress(view, subnet) === undefined) return own;
    const edge = [...blockPublicAccessFindings(view), ...internetGatewayFindings(view)];
    const { natGatewayId } = subnet;
    if (subnet.tier === "public" || natGatewayId === undefined) return [...own, ...edge];
    return [
        ...own,
        ...natGatewayFindings(view, natGatewayId),
        ...behindNat(view, subnet, natGatewayId),
        ...edge,
    ];
}

/** The subnet of the declared NAT gateway, and that of another one which carries the traffic in its place. */
function behindNat(view: View, subnet: SubnetIntent, natGatewayId: string): Finding[] {
    const { natGateways } = view.intent;
    const actual = defaultTarget(view, subnet.routeTableId);
    const other = natGateways.some((nat) => nat.natGatewayId === actual) ? actual : undefined;
    return [
        ...(natSubnetOf(view, natGatewayId) === subnet.subnetId
            ? [selfLoop(view, subnet, natGatewayId)]
            : natSubnetFindings(view, natGatewayId)),
        ...(other === undefined || other === natGatewayId ? [] : natSubnetFindings(view, other)),
    ];
}

function natSubnetOf({ intent, evaluator }: View, natGatewayId: string): string | undefined {
    return (
        evaluator.model.natGateways.get(natGatewayId)?.SubnetId ??
        intent.natGateways.find((nat) => nat.natGatewayId === natGatewayId)?.subnetId
    );
}

function natSubnetFindings(view: View, natGatewayId: string): Finding[] {
    const place = natSubnetOf(view, natGatewayId);
    const natSubnet = view.intent.subnets.find(({ subnetId }) => subnetId === place);
    if (natSubnet === undefined) return [];
    return [...associationFindings(view, natSubnet), ...defaultRouteFindings(view, natSubnet)];
}

/** A NAT gateway in the very subnet that it serves; another one may carry the subnet's traffic until the program is put right. */
function selfLoop(view: View, { subnetId, routeTableId }: SubnetIntent, natGatewayId: string): Finding {
    const actualTarget = defaultTarget(view, routeTableId);
    return actualTarget !== undefined && isBypass(view, routeTableId, actualTarget)
        ? finding("NAT_SELF_LOOP_BYPASSED", subnetId, { natGatewayId, actualTarget })
        : finding("NAT_SELF_LOOP", subnetId, { natGatewayId, routeTableId });
}

function defaultTarget({ evaluator }: View, routeTableId: string): string | undefined {
    const entries = evaluator.model.tableNamed(routeTableId)?.entries ?? [];
    return entries.find(({ destination }) => destination === EVERYWHERE)?.target.id;
}

/** Whether a default route leads to a sound NAT gateway of ours because the declared one stands in a subnet of the table. */
function isBypass(view: View, routeTableId: string, actualTarget: string): boolean {
    const served = view.intent.subnets.filter((subnet) => subnet.routeTableId === routeTableId);
    const standsInside = (id: string | undefined) => {
        const place = id === undefined ? undefined : view.evaluator.model.natGateways.get(id)?.SubnetId;
        return served.some(({ subnetId }) => subnetId === place);
    };
    return (
        served.some(({ natGatewayId }) => standsInside(natGatewayId)) &&
        !standsInside(actualTarget) &&
        view.intent.natGateways.some(({ natGatewayId }) => natGatewayId === actualTarget) &&
        natGatewayFindings(view, actualTarget).length === 0
    );
}

/** Whether the subnet is on its own route table: an explicit association, or it falls to the main table. */
export function associationFindings(view: View, subnet: SubnetIntent): Finding[] {
    if (!known(view, "Subnets", "RouteTables")) return [];
    const { subnetId, routeTableId } = subnet;
    if (!view.snapshot.Subnets?.some((candidate) => candidate.SubnetId === subnetId))
        return [finding("SUBNET_NOT_FOUND", subnetId)];
    if (view.evaluator.model.tableNamed(routeTableId) === undefined)
        return [finding("ROUTE_TABLE_NOT_FOUND", routeTableId)];
    const actual = routeTableOfSubnet(view.snapshot, subnetId);
    if (actual?.associationId === undefined)
        return [finding("SUBNET_ON_MAIN_TABLE", subnetId, { routeTableId })];
    const actualRouteTableId = actual.table.RouteTableId ?? "unnamed route table";
    if (actualRouteTableId === routeTableId) return [];
    const { associationId } = actual;
    return [finding("SUBNET_ON_WRONG_TABLE", subnetId, { routeTableId, actualRouteTableId, associationId })];
}

/** Whether the subnet's own table sends the internet's addresses where they belong. */
export function defaultRouteFindings(view: View, subnet: SubnetIntent): Finding[] {
    if (!known(view, "Vpcs", "RouteTables", "ManagedPrefixLists", "InternetGateways", "NatGateways"))
        return [];
    const target = intendedEgress(view, subnet);
    return matchesOf(view, subnet.routeTableId, internetOf(view)).flatMap((match) => {
        if (isGatewayEndpoint(match)) return [];
        if (match === undefined) return target === undefined ? [] : [noDefaultRoute(subnet, target)];
        if ("ambiguous" in match) {
            const [cidr = EVERYWHERE] = match.ambiguous.map(({ block }) => formatBlock(block));
            const targets = match.ambiguous.map((route) => route.target.id).join(", ");
            return [finding("ROUTES_AMBIGUOUS", subnet.routeTableId, { cidr, targets })];
        }
        const route = match.entry;
        if (target === undefined) return unintendedEgress(view, subnet, route);
        return route.block.length === 0
            ? defaultRoute(view, subnet, route, target)
            : moreSpecificRoute(view, subnet, route, target);
    });
}

/** The distinct answers that a table has for the ranges; "no route" is one too. None for a table that is not there. */
export function matchesOf({ evaluator }: View, routeTableId: string, ranges: readonly IpRange[]): Match[] {
    const { model } = evaluator;
    const table = model.tableNamed(routeTableId);
    return table === undefined ? [] : routeParts(table, ranges, model.follows).map(({ match }) => match);
}

function noDefaultRoute({ tier, routeTableId }: SubnetIntent, target: string): Finding {
    return finding(tier === "public" ? "PUBLIC_NO_DEFAULT_ROUTE" : "PRIVATE_NO_DEFAULT_ROUTE", routeTableId, {
        target,
    });
}

function unintendedEgress(
    view: View,
    { subnetId, routeTableId }: SubnetIntent,
    route: RouteEntry,
): Finding[] {
    if (isDead(view, route)) return [];
    const cidr = route.destination;
    return [finding("UNINTENDED_EGRESS", subnetId, { routeTableId, cidr, actualTarget: route.target.id })];
}

function defaultRoute(view: View, subnet: SubnetIntent, route: RouteEntry, target: string): Finding[] {
    const { routeTableId, tier } = subnet;
    const actualTarget = route.target.id;
    const about = { target, actualTarget };
    if (actualTarget === target) {
        // A route to a gateway that is itself broken is a blackhole for that reason, and mended with it.
        if (!route.blackhole || !isUsable(view, target)) return [];
        return [finding("DEFAULT_ROUTE_BLACKHOLE", routeTableId, about)];
    }
    if (isDead(view, route)) return [finding("DEFAULT_ROUTE_BLACKHOLE", routeTableId, about)];
    if (tier === "public") return [finding("PUBLIC_WRONG_DEFAULT_ROUTE", routeTableId, about)];
    if (route.target.kind === "internet-gateway") return [finding("PRIVATE_TO_IGW", routeTableId, about)];
    if (isBypass(view, routeTableId, actualTarget)) return [];
    const works = route.target.kind === "nat-gateway" && natGatewayFindings(view, actualTarget).length === 0;
    const ours = view.intent.natGateways.some((nat) => nat.natGatewayId === actualTarget);
    return [finding(works && ours ? "NAT_CROSSES_ZONE" : "PRIVATE_WRONG_NEXT_HOP", routeTableId, about)];
}

function moreSpecificRoute(view: View, subnet: SubnetIntent, route: RouteEntry, target: string): Finding[] {
    const { id: actualTarget, kind } = route.target;
    const cidr = route.destination;
    const brokenItself = actualTarget === target && !isUsable(view, target);
    if (isDead(view, route))
        return brokenItself ? [] : [finding("MORE_SPECIFIC_BLACKHOLE", subnet.routeTableId, { cidr })];
    const works =
        kind === "nat-gateway" &&
        subnet.tier !== "public" &&
        natGatewayFindings(view, actualTarget).length === 0;
    if (actualTarget === target || works) return [];
    return [finding("MORE_SPECIFIC_ROUTE", subnet.routeTableId, { cidr, actualTarget, target })];
}

/** A blackhole, or on the way to becoming one: the target does not exist or cannot carry anything. */
function isDead(view: View, { blackhole, target }: RouteEntry): boolean {
    const gateway = target.kind === "internet-gateway" || target.kind === "nat-gateway";
    return blackhole || target.id === "nothing" || (gateway && !isUsable(view, target.id));
}

function isUsable(view: View, gatewayId: string): boolean {
    const { model } = view.evaluator;
    if (gatewayId.startsWith("igw-")) return isAttachedTo(model, gatewayId, view.intent.vpcId);
    const state = model.natGateways.get(gatewayId)?.State;
    return state === "available" || state === "pending";
}
