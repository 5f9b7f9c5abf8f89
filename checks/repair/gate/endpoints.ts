import { sameDocument } from "../../../lib/policy/document";
import type { NetworkIntent } from "../../intent";
import type { VpcEndpointEdit } from "../edits/vpc-endpoint";

export function isDeclaredEndpointSetting(
    { vpcEndpointId, change }: VpcEndpointEdit,
    intent: NetworkIntent,
): boolean {
    const declared = intent.interfaceEndpoints.find((one) => one.vpcEndpointId === vpcEndpointId);
    if ("privateDnsEnabled" in change) return change.privateDnsEnabled && declared !== undefined;
    if ("addSubnetIds" in change) return change.addSubnetIds.every((id) => declared?.subnetIds.includes(id));
    if ("addSecurityGroupIds" in change) {
        const groups = declared?.securityGroupIds ?? [];
        const { addSecurityGroupIds, removeSecurityGroupIds } = change;
        return (
            groups.length > 0 &&
            addSecurityGroupIds.every((id) => groups.includes(id)) &&
            !removeSecurityGroupIds.some((id) => groups.includes(id))
        );
    }
    if (!("addRouteTableIds" in change)) return false;
    const gateway = intent.gatewayEndpoints.find((one) => one.vpcEndpointId === vpcEndpointId);
    return change.addRouteTableIds.every((id) => gateway?.routeTableIds.includes(id));
}

/** The declared policy, and no other: a policy is never wider than declared. */
export function isDeclaredEndpointPolicy(
    { vpcEndpointId, change }: VpcEndpointEdit,
    { gatewayEndpoints, interfaceEndpoints }: NetworkIntent,
): boolean {
    if (!("policy" in change)) return false;
    const endpoints = [...gatewayEndpoints, ...interfaceEndpoints];
    const declared = endpoints.find((one) => one.vpcEndpointId === vpcEndpointId)?.policy;
    return declared !== undefined && sameDocument(declared, change.policy);
}
