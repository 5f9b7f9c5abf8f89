import {
    AssociateRouteTableCommand,
    AttachInternetGatewayCommand,
    AuthorizeSecurityGroupIngressCommand,
    CreateRouteCommand,
    DeleteRouteCommand,
    DescribeRouteTablesCommand,
    DetachInternetGatewayCommand,
    DisassociateRouteTableCommand,
    ModifyVpcAttributeCommand,
    ModifyVpcEndpointCommand,
    ReplaceRouteCommand,
    ReplaceRouteTableAssociationCommand,
    RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";

import type { Ec2 } from "../aws/ec2";
import { isAlreadyDone, isGone } from "../aws/errors";
import { ENDPOINT_PORT, ENDPOINT_RULE_DESCRIPTION } from "../intent";
import type { Applied, Edit, EndpointChange, Leftover } from "./edits";

/**
 * Carries out one edit.
 *
 * @returns what AWS made; nothing at all when the work was already done by somebody else, so that it is not ours to undo.
 */
export async function applyEdit(ec2: Ec2, edit: Edit): Promise<Applied | undefined> {
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
                    await client.send(new AuthorizeSecurityGroupIngressCommand(rule(edit)), options);
                    return {};
                case "RevokeSecurityGroupIngress":
                    await client.send(new RevokeSecurityGroupIngressCommand(rule(edit)), options);
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
        await applyEdit(ec2, { action: "DisassociateRouteTable", associationId, routeTableId, subnetId });
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
    return { RemoveRouteTableIds: change.removeRouteTableIds };
}

/** Exactly the program's rule, so that Pulumi finds it again by its content. */
function rule({ groupId, sourceGroupId }: { groupId: string; sourceGroupId: string }) {
    return {
        GroupId: groupId,
        IpPermissions: [
            {
                IpProtocol: "tcp",
                FromPort: ENDPOINT_PORT,
                ToPort: ENDPOINT_PORT,
                UserIdGroupPairs: [{ GroupId: sourceGroupId, Description: ENDPOINT_RULE_DESCRIPTION }],
            },
        ],
    };
}
