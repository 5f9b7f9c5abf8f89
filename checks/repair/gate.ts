import type { Tag } from "@aws-sdk/client-ec2";

import type { NetworkIntent } from "../intent";
import type { Snapshot } from "../snapshot/types";
import type { Edit } from "./edits";

/**
 * The gate before every repair. It knows nothing of findings and plans: an edit passes when the declared network says that it
 * shall be so, and when all it changes carries the tags of this deployment. Whatever is not named here is refused.
 *
 * @returns why the edit is refused, or nothing when it may be made.
 */
export function refusal(edit: Edit, intent: NetworkIntent, snapshot: Snapshot): string | undefined {
    if (!isDeclared(edit, intent, snapshot)) return "it is no part of the declared network";
    if (Object.keys(intent.ownerTags).length === 0)
        return "no owner tags are declared, so nothing can be shown to be ours";
    const foreign = touchedBy(edit).filter((id) => !isOurs(tagsOf(snapshot, id), intent.ownerTags));
    if (foreign.length === 0) return undefined;
    const tags = Object.entries(intent.ownerTags).map(([key, value]) => `${key}=${value}`);
    return `${foreign.join(" and ")} does not carry the tags ${tags.join(", ")}, so it is not ours`;
}

function isDeclared(edit: Edit, intent: NetworkIntent, snapshot: Snapshot): boolean {
    switch (edit.action) {
        case "ModifyVpcAttribute":
            return edit.vpcId === intent.vpcId && edit.value;
        case "AttachInternetGateway":
            return edit.vpcId === intent.vpcId && edit.internetGatewayId === intent.internetGatewayId;
        case "AssociateRouteTable":
            return isDeclaredAssociation(edit, intent);
        case "ReplaceRouteTableAssociation":
            return (
                isDeclaredAssociation(edit, intent) && belongsTo(snapshot, edit.associationId, edit.subnetId)
            );
        case "CreateRoute":
        case "ReplaceRoute":
            return edit.destination === "0.0.0.0/0" && isDeclaredEgress(edit, intent);
        case "ModifyVpcEndpoint":
            return isDeclaredEndpoint(edit, intent);
        case "AuthorizeSecurityGroupIngress":
            return (
                intent.interfaceEndpoints.some((endpoint) =>
                    endpoint.securityGroupIds.includes(edit.groupId),
                ) && intent.endpointClientSecurityGroupIds.includes(edit.sourceGroupId)
            );
        // Whatever takes something away is an undoing of what passed here before, never a repair.
        default:
            return false;
    }
}

function isDeclaredAssociation(
    edit: { routeTableId: string; subnetId: string },
    intent: NetworkIntent,
): boolean {
    return intent.subnets.some(
        ({ subnetId, routeTableId }) => subnetId === edit.subnetId && routeTableId === edit.routeTableId,
    );
}

function belongsTo(snapshot: Snapshot, associationId: string, subnetId: string): boolean {
    const associations = (snapshot.RouteTables ?? []).flatMap((table) => table.Associations ?? []);
    return associations.some(
        (association) =>
            association.RouteTableAssociationId === associationId && association.SubnetId === subnetId,
    );
}

/** A table serves all its subnets alike, so all of them must be declared to leave by that target. */
function isDeclaredEgress(edit: { routeTableId: string; target: string }, intent: NetworkIntent): boolean {
    const served = intent.subnets.filter(({ routeTableId }) => routeTableId === edit.routeTableId);
    const egress = served.map(({ tier, natGatewayId }) => {
        if (tier === "public") return intent.internetGatewayId;
        return tier === "private" ? natGatewayId : undefined;
    });
    return egress.length > 0 && egress.every((target) => target === edit.target);
}

function isDeclaredEndpoint(
    edit: Extract<Edit, { action: "ModifyVpcEndpoint" }>,
    intent: NetworkIntent,
): boolean {
    const { vpcEndpointId, change } = edit;
    if ("privateDnsEnabled" in change)
        return (
            change.privateDnsEnabled &&
            intent.interfaceEndpoints.some((endpoint) => endpoint.vpcEndpointId === vpcEndpointId)
        );
    if (!("addRouteTableIds" in change)) return false;
    const declared = intent.gatewayEndpoints.find((endpoint) => endpoint.vpcEndpointId === vpcEndpointId);
    return change.addRouteTableIds.every((id) => declared?.routeTableIds.includes(id));
}

/** The resources that the edit changes. Those that it only names, such as a route's target, are in the declaration. */
function touchedBy(edit: Edit): string[] {
    switch (edit.action) {
        case "ModifyVpcAttribute":
            return [edit.vpcId];
        case "AttachInternetGateway":
        case "DetachInternetGateway":
            return [edit.internetGatewayId, edit.vpcId];
        case "AssociateRouteTable":
        case "DisassociateRouteTable":
        case "ReplaceRouteTableAssociation":
            return [edit.routeTableId, edit.subnetId];
        case "CreateRoute":
        case "ReplaceRoute":
        case "DeleteRoute":
            return [edit.routeTableId];
        case "ModifyVpcEndpoint":
            return "addRouteTableIds" in edit.change
                ? [edit.vpcEndpointId, ...edit.change.addRouteTableIds]
                : [edit.vpcEndpointId];
        case "AuthorizeSecurityGroupIngress":
        case "RevokeSecurityGroupIngress":
            return [edit.groupId];
    }
}

function tagsOf(snapshot: Snapshot, id: string): Tag[] {
    const { Vpcs, InternetGateways, RouteTables, Subnets, VpcEndpoints, SecurityGroups } = snapshot;
    return (
        Vpcs?.find((item) => item.VpcId === id)?.Tags ??
        InternetGateways?.find((item) => item.InternetGatewayId === id)?.Tags ??
        RouteTables?.find((item) => item.RouteTableId === id)?.Tags ??
        Subnets?.find((item) => item.SubnetId === id)?.Tags ??
        VpcEndpoints?.find((item) => item.VpcEndpointId === id)?.Tags ??
        SecurityGroups?.find((item) => item.GroupId === id)?.Tags ??
        []
    );
}

function isOurs(tags: readonly Tag[], ownerTags: Record<string, string>): boolean {
    return Object.entries(ownerTags).every(([key, value]) =>
        tags.some((tag) => tag.Key === key && tag.Value === value),
    );
}
