import type { SubnetIntent } from "../intent";
import { finding } from "../messages";
import { isAttachedTo } from "../analyze/internet-gateway";
import { type Match, routeParts } from "../analyze/matching";
import { isPublicNat } from "../analyze/nat";
import { isGatewayEndpoint } from "../analyze/outside";
import { type RouteEntry, routeTableById, routeTableOfSubnet, targetOf } from "../analyze/routes";
import { formatBlock, type IpRange } from "../../lib/addresses/ip";
import type { Edit } from "../repair/edits";
import { EVERYWHERE } from "../rule";
import { type Diagnosis, withRemedies } from "./diagnosis";
import { blockPublicAccessFindings, internetGatewayFindings, natGatewayFindings } from "./gateways";
import { intendedEgress, internetOf, known, type View } from "./view";

/**
 * What has to change so that the routes of a subnet are the intended ones. Each segment of the intended path is compared with the
 * snapshot by itself, so the answer is complete: it names a fault behind another fault too.
 */

/** Everything between a subnet and the internet: nothing else can stop it. */
export function egressFindings(view: View, subnet: SubnetIntent): Diagnosis[] {
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

/** The subnet of the declared NAT gateway, and that of another one that carries the traffic instead. */
function behindNat(view: View, subnet: SubnetIntent, natGatewayId: string): Diagnosis[] {
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

function natSubnetFindings(view: View, natGatewayId: string): Diagnosis[] {
    const place = natSubnetOf(view, natGatewayId);
    const natSubnet = view.intent.subnets.find(({ subnetId }) => subnetId === place);
    if (natSubnet === undefined) return [];
    return [...associationFindings(view, natSubnet), ...defaultRouteFindings(view, natSubnet)];
}

/** A NAT gateway in the subnet that it serves. Another one may carry the traffic of the subnet until the program is corrected. */
function selfLoop(view: View, { subnetId, routeTableId }: SubnetIntent, natGatewayId: string): Diagnosis {
    const actualTarget = defaultTarget(view, routeTableId);
    if (actualTarget !== undefined && isBypass(view, routeTableId, actualTarget))
        return finding("NAT_SELF_LOOP_BYPASSED", subnetId, { natGatewayId, actualTarget });
    const loop = finding("NAT_SELF_LOOP", subnetId, { natGatewayId, routeTableId });
    return withRemedies(loop, ...bypasses(view, subnetId, routeTableId));
}

/** To each healthy NAT gateway of ours outside of the table's subnets; those in the subnet's own zone are nearer. */
function bypasses(view: View, subnetId: string, routeTableId: string): Edit[] {
    const { model } = view.evaluator;
    // A route that is missing has a finding of its own, which creates it.
    if (!hasStaticDefault(view, routeTableId)) return [];
    const served = view.intent.subnets.filter((subnet) => subnet.routeTableId === routeTableId);
    const zone = model.zoneOf(subnetId);
    const healthy = view.intent.natGateways.flatMap(({ natGatewayId: target }) => {
        const nat = model.natGateways.get(target);
        const isUsable = nat?.State === "available" && isPublicNat(nat);
        if (!isUsable || served.some((subnet) => subnet.subnetId === nat.SubnetId)) return [];
        return [{ target, isNear: model.zoneOf(nat.SubnetId ?? "") === zone }];
    });
    return healthy
        .sort((a, b) => Number(b.isNear) - Number(a.isNear))
        .map(({ target }) => ({ action: "ReplaceRoute", routeTableId, destination: EVERYWHERE, target }));
}

/** AWS cannot replace a propagated route; a static one beside it takes precedence. */
function hasStaticDefault({ snapshot }: View, routeTableId: string): boolean {
    return (routeTableById(snapshot, routeTableId)?.Routes ?? []).some(
        (route) => route.DestinationCidrBlock === EVERYWHERE && route.Origin !== "EnableVgwRoutePropagation",
    );
}

function pointDefaultRoute(view: View, routeTableId: string, target: string): Edit {
    const action = hasStaticDefault(view, routeTableId) ? "ReplaceRoute" : "CreateRoute";
    return { action, routeTableId, destination: EVERYWHERE, target };
}

/** The route as it is, so that an undo can create it again. A route to a prefix list is not ours to delete. */
export function deleteRoute({ snapshot }: View, routeTableId: string, destination: string): Edit | undefined {
    const route = routeTableById(snapshot, routeTableId)?.Routes?.find(
        (one) => one.DestinationCidrBlock === destination,
    );
    if (route === undefined) return undefined;
    return { action: "DeleteRoute", routeTableId, destination, target: targetOf(route).id };
}

function defaultTarget({ evaluator }: View, routeTableId: string): string | undefined {
    const entries = evaluator.model.tableNamed(routeTableId)?.entries ?? [];
    return entries.find(({ destination }) => destination === EVERYWHERE)?.target.id;
}

/** Whether a default route leads to a healthy NAT gateway of ours because the declared one is in a subnet of the table. */
function isBypass(view: View, routeTableId: string, actualTarget: string): boolean {
    const served = view.intent.subnets.filter((subnet) => subnet.routeTableId === routeTableId);
    const isInside = (id: string | undefined) => {
        const place = id === undefined ? undefined : view.evaluator.model.natGateways.get(id)?.SubnetId;
        return served.some(({ subnetId }) => subnetId === place);
    };
    return (
        served.some(({ natGatewayId }) => isInside(natGatewayId)) &&
        !isInside(actualTarget) &&
        view.intent.natGateways.some(({ natGatewayId }) => natGatewayId === actualTarget) &&
        natGatewayFindings(view, actualTarget).length === 0
    );
}

/** Whether the subnet has its own route table, by an explicit association. Without one it uses the main table. */
export function associationFindings(view: View, subnet: SubnetIntent): Diagnosis[] {
    if (!known(view, "Subnets", "RouteTables")) return [];
    const { subnetId, routeTableId } = subnet;
    if (!view.snapshot.Subnets?.some((candidate) => candidate.SubnetId === subnetId))
        return [finding("SUBNET_NOT_FOUND", subnetId)];
    if (view.evaluator.model.tableNamed(routeTableId) === undefined)
        return [finding("ROUTE_TABLE_NOT_FOUND", routeTableId)];
    const actual = routeTableOfSubnet(view.snapshot, subnetId);
    if (actual?.associationId === undefined) {
        const onMain = finding("SUBNET_ON_MAIN_TABLE", subnetId, { routeTableId });
        return [withRemedies(onMain, { action: "AssociateRouteTable", routeTableId, subnetId })];
    }
    const actualRouteTableId = actual.table.RouteTableId ?? "unnamed route table";
    if (actualRouteTableId === routeTableId) return [];
    const { associationId } = actual;
    const about = { routeTableId, actualRouteTableId, associationId };
    return [
        withRemedies(finding("SUBNET_ON_WRONG_TABLE", subnetId, about), {
            action: "ReplaceRouteTableAssociation",
            associationId,
            routeTableId,
            subnetId,
        }),
    ];
}

/** Whether the subnet's own table routes the addresses of the internet to the declared target. */
export function defaultRouteFindings(view: View, subnet: SubnetIntent): Diagnosis[] {
    if (!known(view, "Vpcs", "RouteTables", "ManagedPrefixLists", "InternetGateways", "NatGateways"))
        return [];
    const target = intendedEgress(view, subnet);
    return matchesOf(view, subnet.routeTableId, internetOf(view)).flatMap((match): Diagnosis[] => {
        if (isGatewayEndpoint(match)) return [];
        if (match === undefined) return target === undefined ? [] : [noDefaultRoute(view, subnet, target)];
        if ("ambiguous" in match) {
            const [to = EVERYWHERE] = match.ambiguous.map(({ block }) => formatBlock(block));
            const targets = match.ambiguous.map((route) => route.target.id);
            return [finding("ROUTES_AMBIGUOUS", subnet.routeTableId, { to, targets })];
        }
        const route = match.entry;
        if (target === undefined) return unintendedEgress(view, subnet, route);
        return route.block.length === 0
            ? defaultRoute(view, subnet, route, target)
            : moreSpecificRoute(view, subnet, route, target);
    });
}

/** The distinct answers that a table has for the ranges; "no route" is one of them. None for a table that does not exist. */
export function matchesOf({ evaluator }: View, routeTableId: string, ranges: readonly IpRange[]): Match[] {
    const { model } = evaluator;
    const table = model.tableNamed(routeTableId);
    return table === undefined ? [] : routeParts(table, ranges, model.follows).map(({ match }) => match);
}

function noDefaultRoute(view: View, { tier, routeTableId }: SubnetIntent, target: string): Diagnosis {
    const id = tier === "public" ? "PUBLIC_NO_DEFAULT_ROUTE" : "PRIVATE_NO_DEFAULT_ROUTE";
    return withRemedies(finding(id, routeTableId, { target }), pointDefaultRoute(view, routeTableId, target));
}

function unintendedEgress(
    view: View,
    { subnetId, routeTableId }: SubnetIntent,
    route: RouteEntry,
): Diagnosis[] {
    if (isDead(view, route)) return [];
    const cidr = route.destination;
    const about = { routeTableId, cidr, actualTarget: route.target.id };
    const open = finding("UNINTENDED_EGRESS", subnetId, about);
    return [withRemedies(open, deleteRoute(view, routeTableId, cidr))];
}

function defaultRoute(view: View, subnet: SubnetIntent, route: RouteEntry, target: string): Diagnosis[] {
    const { routeTableId } = subnet;
    const id = problemOfDefaultRoute(view, subnet, route, target);
    if (id === undefined) return [];
    const wrong = finding(id, routeTableId, { target, actualTarget: route.target.id });
    return [withRemedies(wrong, pointDefaultRoute(view, routeTableId, target))];
}

function problemOfDefaultRoute(
    view: View,
    { routeTableId, tier }: SubnetIntent,
    route: RouteEntry,
    target: string,
) {
    const { id: actualTarget, kind } = route.target;
    // A route to a gateway that is itself broken is a blackhole for that reason, and cured with it.
    if (actualTarget === target)
        return route.blackhole && isUsable(view, target) ? "DEFAULT_ROUTE_BLACKHOLE" : undefined;
    if (isDead(view, route)) return "DEFAULT_ROUTE_BLACKHOLE";
    if (tier === "public") return "PUBLIC_WRONG_DEFAULT_ROUTE";
    if (kind === "internet-gateway") return "PRIVATE_TO_IGW";
    if (isBypass(view, routeTableId, actualTarget)) return undefined;
    const works = kind === "nat-gateway" && natGatewayFindings(view, actualTarget).length === 0;
    const ours = view.intent.natGateways.some((nat) => nat.natGatewayId === actualTarget);
    return works && ours ? "NAT_CROSSES_ZONE" : "PRIVATE_WRONG_NEXT_HOP";
}

function moreSpecificRoute(
    view: View,
    { routeTableId, tier }: SubnetIntent,
    route: RouteEntry,
    target: string,
): Diagnosis[] {
    const { id: actualTarget, kind } = route.target;
    const cidr = route.destination;
    const remedy = deleteRoute(view, routeTableId, cidr);
    if (isDead(view, route)) {
        const brokenItself = actualTarget === target && !isUsable(view, target);
        const dead = finding("MORE_SPECIFIC_BLACKHOLE", routeTableId, { cidr, actualTarget });
        return brokenItself ? [] : [withRemedies(dead, remedy)];
    }
    const works =
        kind === "nat-gateway" && tier !== "public" && natGatewayFindings(view, actualTarget).length === 0;
    if (actualTarget === target || works) return [];
    return [
        withRemedies(finding("MORE_SPECIFIC_ROUTE", routeTableId, { cidr, actualTarget, target }), remedy),
    ];
}

/** A blackhole, or about to become one: the target does not exist or cannot carry anything. */
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
