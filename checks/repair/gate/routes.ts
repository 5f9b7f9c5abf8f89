import type { NetworkIntent } from "../../intent";
import { EVERYWHERE } from "../../rule";
import type { Snapshot } from "../../snapshot/types";
import type { EditBy } from "../edits";
import type { RouteEdit } from "../edits/route";

export function isDeclaredInternetGateway(
    edit: EditBy<"AttachInternetGateway">,
    intent: NetworkIntent,
): boolean {
    return edit.vpcId === intent.vpcId && edit.internetGatewayId === intent.internetGatewayId;
}

export function isDeclaredAssociation(
    edit: { routeTableId: string; subnetId: string },
    intent: NetworkIntent,
): boolean {
    return intent.subnets.some(
        ({ subnetId, routeTableId }) => subnetId === edit.subnetId && routeTableId === edit.routeTableId,
    );
}

/** The association has to be the subnet's own. */
export function isDeclaredReplacement(
    edit: EditBy<"ReplaceRouteTableAssociation">,
    intent: NetworkIntent,
    { RouteTables = [] }: Snapshot,
): boolean {
    const isOwn = RouteTables.some((table) =>
        table.Associations?.some(
            (one) => one.RouteTableAssociationId === edit.associationId && one.SubnetId === edit.subnetId,
        ),
    );
    return isDeclaredAssociation(edit, intent) && isOwn;
}

/** A table serves all its subnets alike, so all of them have to be declared to leave by that target. */
export function isDeclaredRoute(edit: RouteEdit, intent: NetworkIntent): boolean {
    const egress = servedBy(edit, intent).map(({ tier, natGatewayId }) => {
        if (tier === "public") return intent.internetGatewayId;
        return tier === "private" ? natGatewayId : undefined;
    });
    const isEgress = egress.length > 0 && egress.every((target) => target === edit.target);
    return edit.destination === EVERYWHERE && isEgress;
}

/**
 * The default route of a table whose declared NAT gateway stands in one of the table's own subnets, to another declared NAT gateway
 * that can carry traffic and stands in no such subnet.
 */
export function isWayAroundLoop(
    edit: RouteEdit,
    intent: NetworkIntent,
    { NatGateways = [] }: Snapshot,
): boolean {
    const served = servedBy(edit, intent);
    const placeOf = (id: string | undefined) =>
        NatGateways.find(({ NatGatewayId }) => NatGatewayId === id)?.SubnetId;
    const isServed = (subnetId: string | undefined) => served.some((one) => one.subnetId === subnetId);
    const loops = served.some(
        ({ natGatewayId }) => natGatewayId !== undefined && isServed(placeOf(natGatewayId)),
    );
    const other = NatGateways.find(({ NatGatewayId }) => NatGatewayId === edit.target);
    const works =
        other?.State === "available" &&
        other.ConnectivityType !== "private" &&
        (other.NatGatewayAddresses ?? []).some(({ AllocationId }) => AllocationId !== undefined);
    return (
        edit.destination === EVERYWHERE &&
        loops &&
        works &&
        served.every(({ tier }) => tier === "private") &&
        !isServed(other.SubnetId) &&
        intent.natGateways.some(({ natGatewayId }) => natGatewayId === edit.target)
    );
}

/** A route of a declared table that nothing declares. The local route cannot be deleted. */
export function isUndeclaredRoute(edit: RouteEdit, intent: NetworkIntent): boolean {
    return servedBy(edit, intent).length > 0 && edit.target !== "local" && !isDeclaredRoute(edit, intent);
}

function servedBy(edit: RouteEdit, { subnets }: NetworkIntent) {
    return subnets.filter(({ routeTableId }) => routeTableId === edit.routeTableId);
}
