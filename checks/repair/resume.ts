import { routeTableById, routeTableOfSubnet, targetOf } from "../analyze/routes";
import { groupsOf } from "../diagnose/endpoint-findings";
import { worldRules } from "../diagnose/flow-findings";
import { securityGroupById } from "../diagnose/security-groups";
import { sameDocument } from "../../lib/policy/document";
import type { ObservedNetwork } from "../observations";
import { type GroupRule, peerText, permissionText } from "../rule";
import type { Snapshot } from "../snapshot/types";
import type { Edit, EndpointChange } from "./edits";
import type { Applied } from "./record";

/**
 * Whether an edit that was begun has been made, as the network has it now. A run that was cut off between the call and its answer
 * does not know.
 *
 * @returns what AWS made of it, or nothing when it was not made, or cannot be told from somebody else's work.
 */
export function appliedEarlier(edit: Edit, snapshot: ObservedNetwork): Applied | undefined {
    switch (edit.action) {
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation": {
            const actual = routeTableOfSubnet(snapshot, edit.subnetId);
            const isMade =
                actual?.table.RouteTableId === edit.routeTableId && actual.associationId !== undefined;
            return isMade ? { associationId: actual.associationId ?? "" } : undefined;
        }
        case "ReplaceNetworkAclAssociation": {
            const acl = snapshot.NetworkAcls?.find((one) => one.NetworkAclId === edit.networkAclId);
            const association = acl?.Associations?.find((one) => one.SubnetId === edit.subnetId);
            const associationId = association?.NetworkAclAssociationId;
            return associationId === undefined ? undefined : { associationId };
        }
        default:
            return isInEffect(edit, snapshot) ? {} : undefined;
    }
}

function isInEffect(edit: Edit, snapshot: ObservedNetwork): boolean {
    switch (edit.action) {
        case "AttachInternetGateway":
            return (snapshot.InternetGateways ?? []).some(
                (one) =>
                    one.InternetGatewayId === edit.internetGatewayId &&
                    one.Attachments?.some(({ VpcId }) => VpcId === edit.vpcId),
            );
        case "CreateRoute":
        case "ReplaceRoute":
            return routeTarget(edit, snapshot) === edit.target;
        case "DeleteRoute":
            return routeTarget(edit, snapshot) === undefined;
        case "ModifyVpcAttribute":
            return snapshot.VpcAttributes?.[edit.vpcId]?.[edit.attribute] === edit.value;
        case "ModifyVpcEndpoint":
            return isChanged(edit.vpcEndpointId, edit.change, snapshot);
        case "ModifyNetworkInterfaceAttribute": {
            const found = snapshot.NetworkInterfaces?.find(
                (one) => one.NetworkInterfaceId === edit.networkInterfaceId,
            );
            const groups = (found?.Groups ?? []).map(({ GroupId }) => GroupId ?? "");
            return [...groups].sort().join() === [...edit.securityGroupIds].sort().join();
        }
        case "AuthorizeSecurityGroupIngress":
        case "AuthorizeSecurityGroupEgress":
            return hasRule(edit.rule, snapshot);
        case "RevokeSecurityGroupIngress":
            return !(securityGroupById(snapshot, edit.rule.groupId)?.IpPermissions ?? [])
                .flatMap((permission) => worldRules(edit.rule.groupId, permission))
                .some((rule) => permissionText(rule) === permissionText(edit.rule));
        case "CreateNetworkAclEntry":
        case "DeleteNetworkAclEntry": {
            const acl = snapshot.NetworkAcls?.find((one) => one.NetworkAclId === edit.networkAclId);
            const { ruleNumber, egress } = edit.entry;
            const isThere = (acl?.Entries ?? []).some(
                (one) => one.RuleNumber === ruleNumber && one.Egress === egress,
            );
            return isThere === (edit.action === "CreateNetworkAclEntry");
        }
        case "UpdateDomain":
            return snapshot.observations?.studio?.accessType === edit.accessType;
        // A run begins no edit that only undoes.
        default:
            return false;
    }
}

function routeTarget(
    { routeTableId, destination }: { routeTableId: string; destination: string },
    snapshot: Snapshot,
): string | undefined {
    const route = routeTableById(snapshot, routeTableId)?.Routes?.find(
        (one) => one.DestinationCidrBlock === destination,
    );
    return route === undefined ? undefined : targetOf(route).id;
}

function isChanged(vpcEndpointId: string, change: EndpointChange, snapshot: Snapshot): boolean {
    const endpoint = snapshot.VpcEndpoints?.find((one) => one.VpcEndpointId === vpcEndpointId);
    if ("privateDnsEnabled" in change) return endpoint?.PrivateDnsEnabled === change.privateDnsEnabled;
    if ("addRouteTableIds" in change)
        return change.addRouteTableIds.every((id) => endpoint?.RouteTableIds?.includes(id));
    if ("addSubnetIds" in change) return change.addSubnetIds.every((id) => endpoint?.SubnetIds?.includes(id));
    if ("policy" in change) return sameDocument(endpoint?.PolicyDocument, change.policy);
    if (!("addSecurityGroupIds" in change)) return false;
    const carried = groupsOf(endpoint);
    return (
        change.addSecurityGroupIds.every((id) => carried.includes(id)) &&
        !change.removeSecurityGroupIds.some((id) => carried.includes(id))
    );
}

function hasRule(rule: GroupRule, snapshot: Snapshot): boolean {
    const group = securityGroupById(snapshot, rule.groupId);
    const permissions =
        (rule.direction === "ingress" ? group?.IpPermissions : group?.IpPermissionsEgress) ?? [];
    return permissions.some(
        (one) =>
            one.IpProtocol === rule.protocol &&
            one.FromPort === rule.ports?.from &&
            one.ToPort === rule.ports?.to &&
            [
                ...(one.UserIdGroupPairs ?? []).map(({ GroupId }) => GroupId),
                ...(one.PrefixListIds ?? []).map(({ PrefixListId }) => PrefixListId),
                ...(one.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
            ].includes(peerText(rule.peer)),
    );
}
