import {
    AssociateRouteTableCommand,
    AttachInternetGatewayCommand,
    AuthorizeSecurityGroupEgressCommand,
    AuthorizeSecurityGroupIngressCommand,
    CreateNetworkAclEntryCommand,
    CreateRouteCommand,
    DeleteNetworkAclEntryCommand,
    DeleteRouteCommand,
    DescribeRouteTablesCommand,
    DetachInternetGatewayCommand,
    DisassociateRouteTableCommand,
    type IpPermission,
    ModifyNetworkInterfaceAttributeCommand,
    ModifyVpcAttributeCommand,
    ModifyVpcEndpointCommand,
    ReplaceNetworkAclAssociationCommand,
    ReplaceRouteCommand,
    ReplaceRouteTableAssociationCommand,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";

import type { Ec2 } from "../../lib/aws/ec2";
import { isAlreadyDone, isGone } from "../../lib/aws/errors";
import { type Studio, updateDomain } from "../../lib/aws/studio";
import type { GroupRule } from "../rule";
import type { AclEntry, Edit, EndpointChange } from "./edits";
import type { Applied, Leftover } from "./record";

/** The services that edits are made of. */
export interface Services {
    ec2: Ec2;
    /** @default none: a domain cannot be changed, and is reported as it is */
    studio?: Studio;
}

/**
 * Carries out one edit.
 *
 * @returns what AWS made; nothing at all when the work was already done by somebody else, so that it is not ours to undo.
 */
export async function applyEdit({ ec2, studio }: Services, edit: Edit): Promise<Applied | undefined> {
    if (edit.action === "UpdateDomain") {
        if (studio === undefined) throw new Error("there is no connection to SageMaker");
        await updateDomain(studio, edit);
        return {};
    }
    try {
        return await ec2.call(edit.action, async (client, options) => {
            switch (edit.action) {
                case "AttachInternetGateway":
                    await client.send(new AttachInternetGatewayCommand(gateway(edit)), options);
                    return {};
                case "DetachInternetGateway":
                    await client.send(new DetachInternetGatewayCommand(gateway(edit)), options);
                    return {};
                case "AssociateRouteTable": {
                    const { routeTableId: RouteTableId, subnetId: SubnetId } = edit;
                    const command = new AssociateRouteTableCommand({ RouteTableId, SubnetId });
                    const { AssociationId } = await client.send(command, options);
                    return made(AssociationId);
                }
                case "ReplaceRouteTableAssociation": {
                    const { associationId: AssociationId, routeTableId: RouteTableId } = edit;
                    const command = new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId });
                    const { NewAssociationId } = await client.send(command, options);
                    return made(NewAssociationId);
                }
                case "DisassociateRouteTable":
                    await client.send(
                        new DisassociateRouteTableCommand({ AssociationId: edit.associationId }),
                        options,
                    );
                    return {};
                case "CreateRoute":
                    await client.send(
                        new CreateRouteCommand({ ...destination(edit), ...target(edit.target) }),
                        options,
                    );
                    return {};
                case "ReplaceRoute":
                    await client.send(
                        new ReplaceRouteCommand({ ...destination(edit), ...target(edit.target) }),
                        options,
                    );
                    return {};
                case "DeleteRoute":
                    await client.send(new DeleteRouteCommand(destination(edit)), options);
                    return {};
                case "ModifyVpcAttribute": {
                    // One attribute a call: with both in one, AWS answers InvalidParameterCombination.
                    const value = { Value: edit.value };
                    const change =
                        edit.attribute === "enableDnsSupport"
                            ? { EnableDnsSupport: value }
                            : { EnableDnsHostnames: value };
                    await client.send(
                        new ModifyVpcAttributeCommand({ VpcId: edit.vpcId, ...change }),
                        options,
                    );
                    return {};
                }
                case "ModifyVpcEndpoint": {
                    const input = { VpcEndpointId: edit.vpcEndpointId, ...endpointChange(edit.change) };
                    await client.send(new ModifyVpcEndpointCommand(input), options);
                    return {};
                }
                case "AuthorizeSecurityGroupIngress":
                    await client.send(
                        new AuthorizeSecurityGroupIngressCommand(permission(edit.rule)),
                        options,
                    );
                    return {};
                case "RevokeSecurityGroupIngress":
                    await client.send(new RevokeSecurityGroupIngressCommand(permission(edit.rule)), options);
                    return {};
                case "AuthorizeSecurityGroupEgress":
                    await client.send(
                        new AuthorizeSecurityGroupEgressCommand(permission(edit.rule)),
                        options,
                    );
                    return {};
                case "RevokeSecurityGroupEgress":
                    await client.send(new RevokeSecurityGroupEgressCommand(permission(edit.rule)), options);
                    return {};
                case "ModifyNetworkInterfaceAttribute": {
                    const { networkInterfaceId: NetworkInterfaceId, securityGroupIds: Groups } = edit;
                    const command = new ModifyNetworkInterfaceAttributeCommand({
                        NetworkInterfaceId,
                        Groups,
                    });
                    await client.send(command, options);
                    return {};
                }
                case "ReplaceNetworkAclAssociation": {
                    const { associationId: AssociationId, networkAclId: NetworkAclId } = edit;
                    const command = new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId });
                    const { NewAssociationId } = await client.send(command, options);
                    return made(NewAssociationId);
                }
                case "CreateNetworkAclEntry": {
                    const input = { ...aclEntry(edit), ...aclEntryContent(edit.entry) };
                    await client.send(new CreateNetworkAclEntryCommand(input), options);
                    return {};
                }
                case "DeleteNetworkAclEntry":
                    await client.send(new DeleteNetworkAclEntryCommand(aclEntry(edit)), options);
                    return {};
            }
        });
    } catch (error) {
        if (isAlreadyDone(error)) return undefined;
        throw error;
    }
}

/**
 * Takes away what a repair made and Pulumi does not know. Only if it still is exactly what the repair made: the destroy may come
 * long after it, and in between the subnet may have been given another table. Already gone is fine.
 *
 * @returns whether there was something to take away.
 */
export async function removeLeftover(ec2: Ec2, leftover: Leftover): Promise<boolean> {
    const { associationId, routeTableId, subnetId } = leftover;
    try {
        const { RouteTables } = await ec2.call("DescribeRouteTables", (client, options) =>
            client.send(
                new DescribeRouteTablesCommand({
                    Filters: [{ Name: "association.route-table-association-id", Values: [associationId] }],
                }),
                options,
            ),
        );
        const unchanged = (RouteTables ?? []).some(
            (table) =>
                table.RouteTableId === routeTableId &&
                table.Associations?.some(
                    (association) =>
                        association.RouteTableAssociationId === associationId &&
                        association.SubnetId === subnetId,
                ),
        );
        if (!unchanged) return false;
        await applyEdit({ ec2 }, { action: "DisassociateRouteTable", associationId, routeTableId, subnetId });
        return true;
    } catch (error) {
        if (isGone(error)) return false;
        throw error;
    }
}

function made(associationId: string | undefined): Applied {
    return associationId === undefined ? {} : { associationId };
}

function gateway({ internetGatewayId, vpcId }: { internetGatewayId: string; vpcId: string }) {
    return { InternetGatewayId: internetGatewayId, VpcId: vpcId };
}

function destination({ routeTableId, destination }: { routeTableId: string; destination: string }) {
    return { RouteTableId: routeTableId, DestinationCidrBlock: destination };
}

/** CreateRoute and ReplaceRoute have a parameter for each kind of target; the id's prefix tells which. */
function target(id: string) {
    const prefix = id.slice(0, id.indexOf("-"));
    switch (prefix) {
        case "igw":
        case "vgw":
            return { GatewayId: id };
        case "nat":
            return { NatGatewayId: id };
        case "eni":
            return { NetworkInterfaceId: id };
        case "i":
            return { InstanceId: id };
        case "pcx":
            return { VpcPeeringConnectionId: id };
        case "tgw":
            return { TransitGatewayId: id };
        case "vpce":
            return { VpcEndpointId: id };
        default:
            throw new Error(
                `${id} cannot be the target of a route: igw-, vgw-, nat-, eni-, i-, pcx-, tgw- and vpce- can`,
            );
    }
}

function endpointChange(change: EndpointChange) {
    if ("privateDnsEnabled" in change) return { PrivateDnsEnabled: change.privateDnsEnabled };
    if ("addRouteTableIds" in change) return { AddRouteTableIds: change.addRouteTableIds };
    if ("removeRouteTableIds" in change) return { RemoveRouteTableIds: change.removeRouteTableIds };
    if ("addSubnetIds" in change) return { AddSubnetIds: change.addSubnetIds };
    if ("removeSubnetIds" in change) return { RemoveSubnetIds: change.removeSubnetIds };
    if ("policy" in change) return { PolicyDocument: change.policy };
    const { addSecurityGroupIds: add, removeSecurityGroupIds: remove } = change;
    return {
        ...(add.length === 0 ? {} : { AddSecurityGroupIds: add }),
        ...(remove.length === 0 ? {} : { RemoveSecurityGroupIds: remove }),
    };
}

/** Exactly the program's rule, so that Pulumi finds it again by its content. */
function permission(rule: GroupRule): { GroupId: string; IpPermissions: IpPermission[] } {
    const { groupId, protocol, ports, peer, description } = rule;
    const about = description === undefined ? {} : { Description: description };
    const port = ports === undefined ? {} : { FromPort: ports.from, ToPort: ports.to };
    const content: IpPermission =
        "securityGroupId" in peer
            ? { UserIdGroupPairs: [{ GroupId: peer.securityGroupId, ...about }] }
            : "prefixListId" in peer
              ? { PrefixListIds: [{ PrefixListId: peer.prefixListId, ...about }] }
              : "cidr" in peer
                ? { IpRanges: [{ CidrIp: peer.cidr, ...about }] }
                : { Ipv6Ranges: [{ CidrIpv6: peer.ipv6Cidr, ...about }] };
    return { GroupId: groupId, IpPermissions: [{ IpProtocol: protocol, ...port, ...content }] };
}

function aclEntry({ networkAclId, entry }: { networkAclId: string; entry: AclEntry }) {
    return { NetworkAclId: networkAclId, RuleNumber: entry.ruleNumber, Egress: entry.egress };
}

function aclEntryContent({ ruleAction, protocol, cidr, ports }: AclEntry) {
    return {
        RuleAction: ruleAction,
        Protocol: protocol,
        CidrBlock: cidr,
        ...(ports === undefined ? {} : { PortRange: { From: ports.from, To: ports.to } }),
    };
}
