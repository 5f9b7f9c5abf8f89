import type { VpcEndpoint } from "@aws-sdk/client-ec2";

import type { ObservedNetwork } from "../observations";
import type { Snapshot } from "../snapshot/types";
import { routeTableById, routeTableOfSubnet, targetOf } from "../analyze/routes";
import { groupsOf } from "../diagnose/endpoint-findings";
import { portsText } from "../rule";
import { describeEdit, type Edit, type EndpointChange } from "./edits";

/** What AWS made while it carried out an edit, and what the undoing has to name. */
export interface Applied {
    /** The id of a new association, of a route table or of a network ACL. */
    associationId?: string;
}

/** What a repair made that Pulumi does not know, so that the check itself has to take it away again. */
export interface Leftover {
    associationId: string;
    routeTableId: string;
    subnetId: string;
}

/** One repair, as it is kept in the outputs of the check. */
export interface Repair {
    what: string;
    /** The explanation codes of what it mends. */
    codes: string[];
    before: string;
    after: string;
    /** ISO 8601, UTC. */
    at: string;
    /** The edit that gives back what was before; absent when AWS offers none. */
    undo?: Edit;
    leftover?: Leftover;
}

export function recordRepair(
    { edit, codes }: { edit: Edit; codes: string[] },
    before: ObservedNetwork,
    applied: Applied,
    at: Date,
): Repair {
    const undo = inverse(edit, before, applied);
    const leftover = leftoverOf(edit, applied);
    return {
        what: describeEdit(edit),
        codes,
        before: stateBefore(edit, before),
        after: stateAfter(edit),
        at: at.toISOString(),
        ...(undo === undefined ? {} : { undo }),
        ...(leftover === undefined ? {} : { leftover }),
    };
}

/**
 * Pulumi finds an attachment, a route, an attribute, an endpoint's settings and a security group's rule again by what they
 * are, so that a repaired one is the program's. A route table association it finds by its id, and a repair's has a new one.
 */
function leftoverOf(edit: Edit, { associationId }: Applied): Leftover | undefined {
    if (edit.action !== "AssociateRouteTable" && edit.action !== "ReplaceRouteTableAssociation")
        return undefined;
    if (associationId === undefined) return undefined;
    return { associationId, routeTableId: edit.routeTableId, subnetId: edit.subnetId };
}

function inverse(edit: Edit, before: ObservedNetwork, { associationId }: Applied): Edit | undefined {
    switch (edit.action) {
        case "AttachInternetGateway":
            return { ...edit, action: "DetachInternetGateway" };
        case "AssociateRouteTable":
            return associationId === undefined
                ? undefined
                : { ...edit, action: "DisassociateRouteTable", associationId };
        case "ReplaceRouteTableAssociation": {
            const routeTableId = routeTableOfSubnet(before, edit.subnetId)?.table.RouteTableId;
            if (routeTableId === undefined || associationId === undefined) return undefined;
            return { ...edit, associationId, routeTableId };
        }
        case "ReplaceNetworkAclAssociation": {
            const networkAclId = networkAclOf(before, edit.subnetId);
            if (networkAclId === undefined || associationId === undefined) return undefined;
            return { ...edit, associationId, networkAclId };
        }
        case "CreateRoute":
            return { ...edit, action: "DeleteRoute" };
        case "DeleteRoute":
            return edit.target === "nothing" ? undefined : { ...edit, action: "CreateRoute" };
        case "ReplaceRoute": {
            const target = routeTargetBefore(edit, before);
            return target === undefined || target === "nothing" ? undefined : { ...edit, target };
        }
        case "ModifyVpcAttribute":
            return { ...edit, value: !edit.value };
        case "ModifyVpcEndpoint": {
            const change = inverseChange(edit.change, endpointOf(before, edit.vpcEndpointId));
            return change === undefined ? undefined : { ...edit, change };
        }
        case "ModifyNetworkInterfaceAttribute":
            return { ...edit, securityGroupIds: interfaceGroups(before, edit.networkInterfaceId) };
        case "AuthorizeSecurityGroupIngress":
            return { ...edit, action: "RevokeSecurityGroupIngress" };
        case "AuthorizeSecurityGroupEgress":
            return { ...edit, action: "RevokeSecurityGroupEgress" };
        case "RevokeSecurityGroupIngress":
            return { ...edit, action: "AuthorizeSecurityGroupIngress" };
        case "CreateNetworkAclEntry":
            return { ...edit, action: "DeleteNetworkAclEntry" };
        case "DeleteNetworkAclEntry":
            return { ...edit, action: "CreateNetworkAclEntry" };
        case "UpdateDomain": {
            const accessType = before.observations?.studio?.accessType;
            return accessType === undefined ? undefined : { ...edit, accessType };
        }
        // These two only undo, and are not undone themselves.
        case "DetachInternetGateway":
        case "DisassociateRouteTable":
        case "RevokeSecurityGroupEgress":
            return undefined;
    }
}

function inverseChange(change: EndpointChange, before: VpcEndpoint | undefined): EndpointChange | undefined {
    if ("policy" in change)
        return before?.PolicyDocument === undefined ? undefined : { policy: before.PolicyDocument };
    if ("privateDnsEnabled" in change) return { privateDnsEnabled: !change.privateDnsEnabled };
    if ("addRouteTableIds" in change) return { removeRouteTableIds: change.addRouteTableIds };
    if ("removeRouteTableIds" in change) return { addRouteTableIds: change.removeRouteTableIds };
    if ("addSubnetIds" in change) return { removeSubnetIds: change.addSubnetIds };
    if ("removeSubnetIds" in change) return { addSubnetIds: change.removeSubnetIds };
    const { addSecurityGroupIds, removeSecurityGroupIds } = change;
    return { addSecurityGroupIds: removeSecurityGroupIds, removeSecurityGroupIds: addSecurityGroupIds };
}

function routeTargetBefore(
    edit: { routeTableId: string; destination: string },
    before: Snapshot,
): string | undefined {
    const route = routeTableById(before, edit.routeTableId)?.Routes?.find(
        (candidate) => candidate.DestinationCidrBlock === edit.destination,
    );
    return route === undefined ? undefined : targetOf(route).id;
}

function networkAclOf(before: Snapshot, subnetId: string): string | undefined {
    return before.NetworkAcls?.find((acl) => acl.Associations?.some((one) => one.SubnetId === subnetId))
        ?.NetworkAclId;
}

function interfaceGroups(before: Snapshot, networkInterfaceId: string): string[] {
    const found = before.NetworkInterfaces?.find((one) => one.NetworkInterfaceId === networkInterfaceId);
    return (found?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
}

function endpointOf({ VpcEndpoints }: Snapshot, vpcEndpointId: string): VpcEndpoint | undefined {
    return VpcEndpoints?.find((one) => one.VpcEndpointId === vpcEndpointId);
}

function stateBefore(edit: Edit, before: ObservedNetwork): string {
    switch (edit.action) {
        case "AttachInternetGateway":
            return "detached";
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation": {
            const found = routeTableOfSubnet(before, edit.subnetId);
            const table = found?.table.RouteTableId ?? "no route table";
            return found?.associationId === undefined ? `main table ${table}` : table;
        }
        case "CreateRoute":
        case "ReplaceRoute":
            return routeTargetBefore(edit, before) ?? "no route";
        case "DeleteRoute":
            return edit.target;
        case "ModifyVpcAttribute":
            return String(!edit.value);
        case "ModifyVpcEndpoint":
            return endpointBefore(edit.change, endpointOf(before, edit.vpcEndpointId));
        case "ModifyNetworkInterfaceAttribute":
            return interfaceGroups(before, edit.networkInterfaceId).join(", ");
        case "ReplaceNetworkAclAssociation":
            return networkAclOf(before, edit.subnetId) ?? "no network ACL";
        case "RevokeSecurityGroupIngress":
        case "RevokeSecurityGroupEgress":
            return portsText(edit.rule);
        case "DeleteNetworkAclEntry":
            return edit.entry.ruleAction;
        case "UpdateDomain":
            return before.observations?.studio?.accessType ?? "unknown";
        default:
            return "no rule";
    }
}

function endpointBefore(change: EndpointChange, before: VpcEndpoint | undefined): string {
    if ("policy" in change) return before?.PolicyDocument ?? "no policy";
    if ("privateDnsEnabled" in change) return String(!change.privateDnsEnabled);
    if ("addSubnetIds" in change) return "no interface";
    if (!("addSecurityGroupIds" in change)) return "no route";
    return groupsOf(before).join(", ");
}

function stateAfter(edit: Edit): string {
    switch (edit.action) {
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation":
            return edit.routeTableId;
        case "CreateRoute":
        case "ReplaceRoute":
            return edit.target;
        case "DeleteRoute":
            return "no route";
        case "ModifyVpcAttribute":
            return String(edit.value);
        case "ModifyVpcEndpoint":
            return endpointAfter(edit.change);
        case "AttachInternetGateway":
            return "attached";
        case "ModifyNetworkInterfaceAttribute":
            return edit.securityGroupIds.join(", ");
        case "ReplaceNetworkAclAssociation":
            return edit.networkAclId;
        case "AuthorizeSecurityGroupIngress":
        case "AuthorizeSecurityGroupEgress":
            return portsText(edit.rule);
        case "CreateNetworkAclEntry":
            return edit.entry.ruleAction;
        case "UpdateDomain":
            return edit.accessType;
        default:
            return "no rule";
    }
}

function endpointAfter(change: EndpointChange): string {
    if ("privateDnsEnabled" in change) return String(change.privateDnsEnabled);
    if ("addSubnetIds" in change) return "an interface";
    if ("policy" in change) return change.policy;
    return "addSecurityGroupIds" in change ? `with ${change.addSecurityGroupIds.join(", ")}` : "routed";
}
