import {
    CreateNatGatewayCommand,
    DeleteNatGatewayCommand,
    DeleteRouteCommand,
    DescribeInternetGatewaysCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupsCommand,
    DescribeSubnetsCommand,
    DescribeVpcEndpointsCommand,
    DetachInternetGatewayCommand,
    DisassociateRouteTableCommand,
    type EC2Client,
    ModifyVpcAttributeCommand,
    ModifyVpcEndpointCommand,
    ReplaceRouteCommand,
    type RouteTable,
    RevokeSecurityGroupIngressCommand,
    type VpcEndpoint,
} from "@aws-sdk/client-ec2";

/** A way to break a network behind Pulumi's back, through the AWS API. */
export interface Fault {
    /** What is broken, for people. */
    readonly title: string;
    /** The explanation code by which the checks name it. */
    readonly code: string;
    /**
     * Breaks the network.
     *
     * @returns ids of what was broken.
     * @throws when the network has nothing of the kind.
     */
    inject(network: BreakableNetwork): Promise<string[]>;
}

/** A deployed network, as seen through the AWS API alone. */
export interface BreakableNetwork {
    readonly ec2: EC2Client;
    readonly vpcId: string;
    /** Which one of several to break: 0 is the first. @default 0 */
    readonly index?: number;
}

const DEFAULT_ROUTE = "0.0.0.0/0";

/** The faults by the number of their row in docs/checks.md. */
export const FAULTS: Readonly<Record<number, Fault>> = {
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
            await ec2.send(new ReplaceRouteCommand({ ...target, DestinationCidrBlock: DEFAULT_ROUTE }));
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
                    DestinationCidrBlock: DEFAULT_ROUTE,
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
    32: {
        title: "an interface endpoint's private DNS is off",
        code: "X_ENDPOINT_PRIVATE_DNS_OFF",
        async inject(network) {
            const { VpcEndpointId } = await endpoint(network, "Interface");
            await network.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: false }));
            return [must(VpcEndpointId, "id of the endpoint")];
        },
    },
    34: {
        title: "the interface endpoints' security group admits nobody",
        code: "ENI_SG_RULES_MISMATCH",
        async inject(network) {
            const { Groups } = await endpoint(network, "Interface");
            const GroupId = must(Groups?.[0]?.GroupId, "security group of the endpoint");
            const { SecurityGroups } = await network.ec2.send(
                new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
            );
            await network.ec2.send(
                new RevokeSecurityGroupIngressCommand({
                    GroupId,
                    IpPermissions: SecurityGroups?.[0]?.IpPermissions,
                }),
            );
            return [GroupId];
        },
    },
    37: {
        title: "a gateway endpoint lost a private route table",
        code: "NO_ROUTE_TO_DESTINATION",
        async inject(network) {
            const { VpcEndpointId } = await endpoint(network, "Gateway");
            const table = await routeTable(network, "Private");
            await network.ec2.send(
                new ModifyVpcEndpointCommand({
                    VpcEndpointId,
                    RemoveRouteTableIds: [table.RouteTableId ?? ""],
                }),
            );
            return [must(table.RouteTableId, "id of the route table")];
        },
    },
};

const ofVpc = ({ vpcId }: BreakableNetwork) => ({ Name: "vpc-id", Values: [vpcId] });

/** awsx tags subnets and their route tables with the tier. */
const tierOf = (network: BreakableNetwork, tier: "Public" | "Private") => [
    ofVpc(network),
    { Name: "tag:SubnetType", Values: [tier] },
];

async function routeTable(network: BreakableNetwork, tier: "Public" | "Private"): Promise<RouteTable> {
    const { RouteTables } = await network.ec2.send(
        new DescribeRouteTablesCommand({ Filters: tierOf(network, tier) }),
    );
    const byName = (table: RouteTable) => table.Tags?.find((tag) => tag.Key === "Name")?.Value ?? "";
    const sorted = [...(RouteTables ?? [])].sort((one, other) => byName(one).localeCompare(byName(other)));
    return must(sorted[network.index ?? 0], `${tier.toLowerCase()} route table`);
}

async function deleteDefaultRoute(network: BreakableNetwork, tier: "Public" | "Private"): Promise<string[]> {
    const { RouteTableId } = await routeTable(network, tier);
    await network.ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: DEFAULT_ROUTE }));
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

async function endpoint(network: BreakableNetwork, type: "Gateway" | "Interface"): Promise<VpcEndpoint> {
    const { VpcEndpoints } = await network.ec2.send(
        new DescribeVpcEndpointsCommand({
            Filters: [ofVpc(network), { Name: "vpc-endpoint-type", Values: [type] }],
        }),
    );
    return must(VpcEndpoints?.[network.index ?? 0], `${type.toLowerCase()} endpoint`);
}

function must<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new Error(`this network has no ${what}`);
    return value;
}
