import {
    CreateRouteTableCommand,
    DeleteRouteTableCommand,
    DescribeRouteTablesCommand,
    DisassociateRouteTableCommand,
    type Route,
} from "@aws-sdk/client-ec2";
import type { RouteTableArgs, RouteTableState } from "@pulumi/aws/ec2/routeTable";

import { only, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, ec2Arn, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** Route tables whose routes are resources of their own. */
export const routeTable = resource<RouteTableArgs, RouteTableState>({
    noun: "EC2 Route Table",
    properties: {
        propagatingVgws: { ...only("set", []), computed: true },
        routes: { ...only("set", [], "use aws.ec2.Route"), computed: true },
        vpcId: string({ required: true, forceNew: true }),
    },
    async create({ vpcId }, context) {
        const { RouteTable } = await ec2(context).send(
            new CreateRouteTableCommand({
                VpcId: vpcId,
                TagSpecifications: tagSpecifications("route-table", context),
            }),
        );
        return RouteTable!.RouteTableId!;
    },
    async read(id, context) {
        const found = await describeRouteTable(id, context);
        return (
            found && {
                arn: ec2Arn(context, found.OwnerId, `route-table/${id}`),
                ownerId: found.OwnerId,
                propagatingVgws: (found.PropagatingVgws ?? []).flatMap(({ GatewayId }) => GatewayId ?? []),
                routes: (found.Routes ?? []).filter(isSomebodys).map(routeState),
                tags: tagsFrom(found.Tags),
                vpcId: found.VpcId,
            }
        );
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        // As the official provider does: an association that somebody else made would keep the table alive.
        for (const { Main, RouteTableAssociationId } of (await describeRouteTable(id, context))
            ?.Associations ?? []) {
            if (Main) continue;
            const command = new DisassociateRouteTableCommand({ AssociationId: RouteTableAssociationId });
            await ec2(context).send(command);
        }
        await ec2(context).send(new DeleteRouteTableCommand({ RouteTableId: id }));
    },
});

/** One route table; throws EC2's error when there is none. */
export async function describeRouteTable(id: string, context: AwsContext) {
    const command = new DescribeRouteTablesCommand({ RouteTableIds: [id] });
    return (await ec2(context).send(command)).RouteTables?.[0];
}

/** Whether somebody made a route: not the VPC's own, nor one of a gateway endpoint or of propagation. */
function isSomebodys({ GatewayId, Origin, DestinationPrefixListId }: Route): boolean {
    const isEndpoints = GatewayId?.startsWith("vpce-") && DestinationPrefixListId !== undefined;
    return GatewayId !== "local" && Origin === "CreateRoute" && !isEndpoints;
}

function routeState(route: Route) {
    const toEndpoint = route.GatewayId?.startsWith("vpce-");
    return {
        cidrBlock: route.DestinationCidrBlock ?? "",
        ipv6CidrBlock: route.DestinationIpv6CidrBlock ?? "",
        destinationPrefixListId: route.DestinationPrefixListId ?? "",
        carrierGatewayId: route.CarrierGatewayId ?? "",
        coreNetworkArn: route.CoreNetworkArn ?? "",
        egressOnlyGatewayId: route.EgressOnlyInternetGatewayId ?? "",
        gatewayId: toEndpoint ? "" : (route.GatewayId ?? ""),
        localGatewayId: route.LocalGatewayId ?? "",
        natGatewayId: route.NatGatewayId ?? "",
        networkInterfaceId: route.NetworkInterfaceId ?? "",
        transitGatewayId: route.TransitGatewayId ?? "",
        vpcEndpointId: toEndpoint ? (route.GatewayId ?? "") : "",
        vpcPeeringConnectionId: route.VpcPeeringConnectionId ?? "",
    };
}
