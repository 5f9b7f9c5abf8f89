import { DescribeRouteTablesCommand, type Route, type RouteTableAssociation } from "@aws-sdk/client-ec2";
import type { GetRouteTableArgs, GetRouteTableResult } from "@pulumi/aws/ec2/getRouteTable";

import { fn } from "../resource";
import { ec2, ec2Arn, filters, single, tagFilters, tagsFrom } from "./support";

export const getRouteTable = fn<GetRouteTableArgs, GetRouteTableResult>({
    args: ["filters", "gatewayId", "routeTableId", "subnetId", "tags", "vpcId"],
    async invoke(args, context) {
        const { RouteTables } = await ec2(context).send(
            new DescribeRouteTablesCommand({
                Filters: filters(
                    {
                        "association.gateway-id": args.gatewayId,
                        "association.subnet-id": args.subnetId,
                        "route-table-id": args.routeTableId,
                        "vpc-id": args.vpcId,
                        ...tagFilters(args.tags),
                    },
                    args.filters,
                ),
            }),
        );
        const found = single(RouteTables, "EC2 Route Table");
        const id = found.RouteTableId ?? "";
        return {
            ...args,
            arn: ec2Arn(context, found.OwnerId, `route-table/${id}`),
            associations: (found.Associations ?? []).map(association),
            gatewayId: args.gatewayId ?? "",
            id,
            ownerId: found.OwnerId,
            region: context.region,
            routeTableId: id,
            routes: (found.Routes ?? []).filter(isOwn).map(route),
            subnetId: args.subnetId ?? "",
            tags: tagsFrom(found.Tags),
            vpcId: found.VpcId,
        };
    },
});

/** Neither the VPC's own route, nor one that a gateway or a gateway endpoint brings along. */
const isOwn = ({ GatewayId, Origin }: Route): boolean =>
    GatewayId !== "local" && Origin !== "EnableVgwRoutePropagation" && !GatewayId?.startsWith("vpce-");

const association = (it: RouteTableAssociation) => ({
    gatewayId: it.GatewayId ?? "",
    main: it.Main ?? false,
    routeTableAssociationId: it.RouteTableAssociationId ?? "",
    routeTableId: it.RouteTableId ?? "",
    subnetId: it.SubnetId ?? "",
});

const route = (it: Route) => ({
    carrierGatewayId: it.CarrierGatewayId ?? "",
    cidrBlock: it.DestinationCidrBlock ?? "",
    coreNetworkArn: it.CoreNetworkArn ?? "",
    destinationPrefixListId: it.DestinationPrefixListId ?? "",
    egressOnlyGatewayId: it.EgressOnlyInternetGatewayId ?? "",
    gatewayId: it.GatewayId ?? "",
    instanceId: it.InstanceId ?? "",
    ipv6CidrBlock: it.DestinationIpv6CidrBlock ?? "",
    localGatewayId: it.LocalGatewayId ?? "",
    natGatewayId: it.NatGatewayId ?? "",
    networkInterfaceId: it.NetworkInterfaceId ?? "",
    odbNetworkArn: it.OdbNetworkArn ?? "",
    transitGatewayId: it.TransitGatewayId ?? "",
    vpcEndpointId: "",
    vpcPeeringConnectionId: it.VpcPeeringConnectionId ?? "",
});
