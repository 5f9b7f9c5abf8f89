import {
    CreateNatGatewayCommand,
    DeleteNatGatewayCommand,
    DeleteRouteCommand,
    DescribeInternetGatewaysCommand,
    DescribeRouteTablesCommand,
    DescribeSubnetsCommand,
    DetachInternetGatewayCommand,
    DisassociateRouteTableCommand,
    ModifyVpcAttributeCommand,
    ReplaceRouteCommand,
    type RouteTable,
} from "@aws-sdk/client-ec2";

import { type BreakableNetwork, EVERYWHERE, must, tierOf, type Faults } from "./fault";

/** Faults of the VPC's attributes, gateways and routes. */
export const ROUTE_FAULTS: Faults = {
    1: {
        title: "DNS support is off",
        code: "X_DNS_SUPPORT_OFF",
        async inject({ ec2, vpcId }) {
            await ec2.send(
                new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsSupport: { Value: false } }),
            );
            return [vpcId];
        },
    },
    2: {
        title: "DNS hostnames are off",
        code: "X_DNS_HOSTNAMES_OFF",
        async inject({ ec2, vpcId }) {
            await ec2.send(
                new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: false } }),
            );
            return [vpcId];
        },
    },
    7: {
        title: "a private subnet fell back to the main route table",
        code: "NO_ROUTE_TO_DESTINATION",
        async inject(network) {
            const table = await routeTable(network, "Private");
            const association = must(table.Associations?.[0], "association of the private route table");
            await network.ec2.send(
                new DisassociateRouteTableCommand({ AssociationId: association.RouteTableAssociationId }),
            );
            return [must(association.SubnetId, "subnet of the association")];
        },
    },
    9: {
        title: "a private subnet has no default route",
        code: "NO_ROUTE_TO_DESTINATION",
        inject: (network) => deleteDefaultRoute(network, "Private"),
    },
    10: {
        title: "a private subnet's default route leads to a NAT gateway that is gone",
        code: "BAD_STATE_ROUTE",
        async inject(network) {
            const { ec2 } = network;
            const table = await routeTable(network, "Private");
            const { Subnets } = await ec2.send(
                new DescribeSubnetsCommand({ Filters: tierOf(network, "Public") }),
            );
            const { NatGateway } = await ec2.send(
                new CreateNatGatewayCommand({
                    SubnetId: Subnets?.[0]?.SubnetId,
                    ConnectivityType: "private",
                }),
            );
            const target = { RouteTableId: table.RouteTableId, NatGatewayId: NatGateway?.NatGatewayId };
            await ec2.send(new ReplaceRouteCommand({ ...target, DestinationCidrBlock: EVERYWHERE }));
            await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: NatGateway?.NatGatewayId }));
            return [must(table.RouteTableId, "id of the route table")];
        },
    },
    12: {
        title: "a private subnet's default route leads to the internet gateway",
        code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
        async inject(network) {
            const table = await routeTable(network, "Private");
            await network.ec2.send(
                new ReplaceRouteCommand({
                    RouteTableId: table.RouteTableId,
                    DestinationCidrBlock: EVERYWHERE,
                    GatewayId: await internetGateway(network),
                }),
            );
            return [must(table.RouteTableId, "id of the route table")];
        },
    },
    13: {
        title: "the NAT gateway's subnet has no route to the internet gateway",
        code: "NO_ROUTE_TO_DESTINATION",
        inject: (network) => deleteDefaultRoute(network, "Public"),
    },
    17: {
        title: "the internet gateway is detached",
        code: "BAD_STATE_ATTACHMENT",
        async inject(network) {
            const gateway = await internetGateway(network);
            await network.ec2.send(
                new DetachInternetGatewayCommand({ InternetGatewayId: gateway, VpcId: network.vpcId }),
            );
            return [gateway];
        },
    },
};

export async function routeTable(network: BreakableNetwork, tier: "Public" | "Private"): Promise<RouteTable> {
    const { RouteTables } = await network.ec2.send(
        new DescribeRouteTablesCommand({ Filters: tierOf(network, tier) }),
    );
    const byName = (table: RouteTable) => table.Tags?.find((tag) => tag.Key === "Name")?.Value ?? "";
    const sorted = [...(RouteTables ?? [])].sort((one, other) => byName(one).localeCompare(byName(other)));
    return must(sorted[network.index ?? 0], `${tier.toLowerCase()} route table`);
}

async function deleteDefaultRoute(network: BreakableNetwork, tier: "Public" | "Private"): Promise<string[]> {
    const { RouteTableId } = await routeTable(network, tier);
    await network.ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: EVERYWHERE }));
    return [must(RouteTableId, "id of the route table")];
}

async function internetGateway(network: BreakableNetwork): Promise<string> {
    const { InternetGateways } = await network.ec2.send(
        new DescribeInternetGatewaysCommand({
            Filters: [{ Name: "attachment.vpc-id", Values: [network.vpcId] }],
        }),
    );
    return must(InternetGateways?.[0]?.InternetGatewayId, "internet gateway");
}
