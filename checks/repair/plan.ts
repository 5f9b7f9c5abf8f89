import { routeTableById } from "../analyze/routes";
import type { NetworkIntent } from "../intent";
import { type Finding, type MessageId, MESSAGES } from "../messages";
import type { Snapshot } from "../snapshot/types";
import type { Edit } from "./edits";

/** An edit and what it mends; several findings may have one remedy. */
export interface PlannedEdit {
    edit: Edit;
    mends: Finding[];
}

const EVERYWHERE = "0.0.0.0/0";

/** What a later edit relies on comes first: gateways before routes, DNS support before hostnames before private DNS. */
const ORDER: readonly MessageId[] = [
    "IGW_DETACHED",
    "SUBNET_ON_MAIN_TABLE",
    "SUBNET_ON_WRONG_TABLE",
    "PUBLIC_NO_DEFAULT_ROUTE",
    "PUBLIC_WRONG_DEFAULT_ROUTE",
    "PRIVATE_NO_DEFAULT_ROUTE",
    "PRIVATE_TO_IGW",
    "DEFAULT_ROUTE_BLACKHOLE",
    "GATEWAY_ENDPOINT_NOT_ROUTED",
    "DNS_SUPPORT_OFF",
    "DNS_HOSTNAMES_OFF",
    "ENDPOINT_PRIVATE_DNS_OFF",
    "ENDPOINT_LACKS_INGRESS",
];

/**
 * The edits that mend what a check may mend by itself; pure. Each finding names one setting that is wrong, so that one edit a
 * finding is the minimal set: leave one out and its finding stays.
 */
export function planRepairs(
    findings: readonly Finding[],
    intent: NetworkIntent,
    snapshot: Snapshot,
): PlannedEdit[] {
    const planned = new Map<string, PlannedEdit>();
    const automatic = findings.filter(({ id }) => MESSAGES[id].repairer === "automatic");
    for (const one of [...automatic].sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id))) {
        const edit = editFor(one, intent, snapshot);
        if (edit === undefined) continue;
        const key = JSON.stringify(edit);
        const known = planned.get(key);
        if (known === undefined) planned.set(key, { edit, mends: [one] });
        else known.mends.push(one);
    }
    return [...planned.values()];
}

function editFor(
    { id, component, args }: Finding,
    intent: NetworkIntent,
    snapshot: Snapshot,
): Edit | undefined {
    switch (id) {
        case "IGW_DETACHED":
            return { action: "AttachInternetGateway", internetGatewayId: component, vpcId: intent.vpcId };
        case "SUBNET_ON_MAIN_TABLE": {
            const { routeTableId } = args;
            if (routeTableId === undefined) return undefined;
            return { action: "AssociateRouteTable", routeTableId, subnetId: component };
        }
        case "SUBNET_ON_WRONG_TABLE": {
            const { routeTableId, associationId } = args;
            if (routeTableId === undefined || associationId === undefined) return undefined;
            return {
                action: "ReplaceRouteTableAssociation",
                associationId,
                routeTableId,
                subnetId: component,
            };
        }
        case "PUBLIC_NO_DEFAULT_ROUTE":
        case "PUBLIC_WRONG_DEFAULT_ROUTE":
        case "PRIVATE_NO_DEFAULT_ROUTE":
        case "PRIVATE_TO_IGW":
        case "DEFAULT_ROUTE_BLACKHOLE": {
            const { target } = args;
            if (target === undefined) return undefined;
            const action = hasStaticDefault(snapshot, component) ? "ReplaceRoute" : "CreateRoute";
            return { action, routeTableId: component, destination: EVERYWHERE, target };
        }
        case "GATEWAY_ENDPOINT_NOT_ROUTED": {
            const { routeTableId } = args;
            if (routeTableId === undefined) return undefined;
            return {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: component,
                change: { addRouteTableIds: [routeTableId] },
            };
        }
        case "DNS_SUPPORT_OFF":
            return {
                action: "ModifyVpcAttribute",
                vpcId: component,
                attribute: "enableDnsSupport",
                value: true,
            };
        case "DNS_HOSTNAMES_OFF":
            return {
                action: "ModifyVpcAttribute",
                vpcId: component,
                attribute: "enableDnsHostnames",
                value: true,
            };
        case "ENDPOINT_PRIVATE_DNS_OFF":
            return {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: component,
                change: { privateDnsEnabled: true },
            };
        case "ENDPOINT_LACKS_INGRESS": {
            const { sourceGroupId } = args;
            if (sourceGroupId === undefined) return undefined;
            return { action: "AuthorizeSecurityGroupIngress", groupId: component, sourceGroupId };
        }
        default:
            return undefined;
    }
}

// A propagated route cannot be replaced; a static one beside it beats it.
function hasStaticDefault(snapshot: Snapshot, routeTableId: string): boolean {
    return (routeTableById(snapshot, routeTableId)?.Routes ?? []).some(
        (route) => route.DestinationCidrBlock === EVERYWHERE && route.Origin !== "EnableVgwRoutePropagation",
    );
}
