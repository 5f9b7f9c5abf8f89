import type { Snapshot } from "../snapshot/types";
import { routeTableById, routeTableOfSubnet, targetOf } from "../analyze/routes";

/** One write to the network. Repairs and their undoing are made of these; nothing else is ever written. */
export type Edit =
    | { action: "AttachInternetGateway" | "DetachInternetGateway"; internetGatewayId: string; vpcId: string }
    | { action: "AssociateRouteTable"; routeTableId: string; subnetId: string }
    | {
          action: "ReplaceRouteTableAssociation" | "DisassociateRouteTable";
          associationId: string;
          routeTableId: string;
          subnetId: string;
      }
    | {
          action: "CreateRoute" | "ReplaceRoute" | "DeleteRoute";
          routeTableId: string;
          destination: string;
          target: string;
      }
    | {
          action: "ModifyVpcAttribute";
          vpcId: string;
          attribute: "enableDnsSupport" | "enableDnsHostnames";
          value: boolean;
      }
    | { action: "ModifyVpcEndpoint"; vpcEndpointId: string; change: EndpointChange }
    | {
          action: "AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupIngress";
          groupId: string;
          sourceGroupId: string;
      };

export type EndpointChange =
    { privateDnsEnabled: boolean } | { addRouteTableIds: string[] } | { removeRouteTableIds: string[] };

/** The edit in one line, as it stands in messages and in the record of a repair. */
export function describeEdit(edit: Edit): string {
    switch (edit.action) {
        case "AttachInternetGateway":
            return `${edit.action} ${edit.internetGatewayId} to ${edit.vpcId}`;
        case "DetachInternetGateway":
            return `${edit.action} ${edit.internetGatewayId} from ${edit.vpcId}`;
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation":
            return `${edit.action} ${edit.subnetId} with ${edit.routeTableId}`;
        case "DisassociateRouteTable":
            return `${edit.action} ${edit.subnetId} from ${edit.routeTableId}`;
        case "CreateRoute":
        case "ReplaceRoute":
        case "DeleteRoute":
            return `${edit.action} ${edit.destination} of ${edit.routeTableId} to ${edit.target}`;
        case "ModifyVpcAttribute":
            return `${edit.action} ${edit.attribute} of ${edit.vpcId} to ${edit.value}`;
        case "ModifyVpcEndpoint":
            return `${edit.action} ${edit.vpcEndpointId} ${describeChange(edit.change)}`;
        case "AuthorizeSecurityGroupIngress":
        case "RevokeSecurityGroupIngress":
            return `${edit.action} TCP 443 of ${edit.groupId} from ${edit.sourceGroupId}`;
    }
}

function describeChange(change: EndpointChange): string {
    if ("privateDnsEnabled" in change) return `private DNS to ${change.privateDnsEnabled}`;
    if ("addRouteTableIds" in change) return `add ${change.addRouteTableIds.join(", ")}`;
    return `remove ${change.removeRouteTableIds.join(", ")}`;
}

/** What AWS made while it carried out an edit, and what the undoing has to name. */
export interface Applied {
    /** The id of a new route table association. */
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
    before: Snapshot,
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

function inverse(edit: Edit, before: Snapshot, { associationId }: Applied): Edit | undefined {
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
        case "CreateRoute":
            return { ...edit, action: "DeleteRoute" };
        case "ReplaceRoute": {
            const target = routeTargetBefore(edit, before);
            return target === undefined || target === "nothing" ? undefined : { ...edit, target };
        }
        case "ModifyVpcAttribute":
            return { ...edit, value: !edit.value };
        case "ModifyVpcEndpoint":
            return { ...edit, change: inverseChange(edit.change) };
        case "AuthorizeSecurityGroupIngress":
            return { ...edit, action: "RevokeSecurityGroupIngress" };
        // The edits that undo are not undone themselves.
        default:
            return undefined;
    }
}

function inverseChange(change: EndpointChange): EndpointChange {
    if ("privateDnsEnabled" in change) return { privateDnsEnabled: !change.privateDnsEnabled };
    if ("addRouteTableIds" in change) return { removeRouteTableIds: change.addRouteTableIds };
    return { addRouteTableIds: change.removeRouteTableIds };
}

function routeTargetBefore(
    edit: { routeTableId: string; destination: string },
    before: Snapshot,
): string | undefined {
    const routes = routeTableById(before, edit.routeTableId)?.Routes ?? [];
    const route = routes.find((candidate) => candidate.DestinationCidrBlock === edit.destination);
    return route === undefined ? undefined : targetOf(route).id;
}

function stateBefore(edit: Edit, before: Snapshot): string {
    switch (edit.action) {
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation": {
            const found = routeTableOfSubnet(before, edit.subnetId);
            const table = found?.table.RouteTableId ?? "no route table";
            return found?.associationId === undefined ? `main table ${table}` : table;
        }
        case "CreateRoute":
        case "ReplaceRoute":
            return routeTargetBefore(edit, before) ?? "no route";
        case "ModifyVpcAttribute":
            return String(!edit.value);
        case "ModifyVpcEndpoint":
            return "privateDnsEnabled" in edit.change ? String(!edit.change.privateDnsEnabled) : "not routed";
        case "AttachInternetGateway":
            return "detached";
        default:
            return "no rule";
    }
}

function stateAfter(edit: Edit): string {
    switch (edit.action) {
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation":
            return edit.routeTableId;
        case "CreateRoute":
        case "ReplaceRoute":
            return edit.target;
        case "ModifyVpcAttribute":
            return String(edit.value);
        case "ModifyVpcEndpoint":
            return "privateDnsEnabled" in edit.change ? String(edit.change.privateDnsEnabled) : "routed";
        case "AttachInternetGateway":
            return "attached";
        default:
            return "TCP 443";
    }
}
