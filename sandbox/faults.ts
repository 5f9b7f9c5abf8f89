import {
    AuthorizeSecurityGroupIngressCommand,
    CreateNatGatewayCommand,
    CreateNetworkAclCommand,
    CreateNetworkAclEntryCommand,
    DeleteNatGatewayCommand,
    DeleteNetworkAclEntryCommand,
    DeleteRouteCommand,
    DescribeInternetGatewaysCommand,
    DescribeNetworkAclsCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupsCommand,
    DescribeSubnetsCommand,
    DescribeVpcEndpointsCommand,
    DescribeVpcsCommand,
    DetachInternetGatewayCommand,
    DisassociateRouteTableCommand,
    type EC2Client,
    type IpPermission,
    ModifyVpcAttributeCommand,
    ModifyVpcEndpointCommand,
    type NetworkAcl,
    ReplaceNetworkAclAssociationCommand,
    ReplaceRouteCommand,
    type RouteTable,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type SecurityGroup,
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

const EVERYWHERE = "0.0.0.0/0";
const DEFAULT_ROUTE = EVERYWHERE;

/** All addresses but 10.0.0.0/8. */
const AROUND_10 = [
    "0.0.0.0/5",
    "8.0.0.0/7",
    "11.0.0.0/8",
    "12.0.0.0/6",
    "16.0.0.0/4",
    "32.0.0.0/3",
    "64.0.0.0/2",
    "128.0.0.0/1",
];

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
    20: {
        title: "the subnets' network ACL admits no HTTPS within 10.0.0.0/8",
        code: "SUBNET_ACL_RESTRICTION",
        async inject(network) {
            const acl = await networkAcl(network);
            await network.ec2.send(
                new DeleteNetworkAclEntryCommand({
                    NetworkAclId: acl.NetworkAclId,
                    Egress: true,
                    RuleNumber: 100,
                }),
            );
            const around = [
                { from: 0, to: 442, blocks: [EVERYWHERE] },
                { from: 444, to: 65_535, blocks: [EVERYWHERE] },
                { from: 443, to: 443, blocks: AROUND_10 },
            ];
            let RuleNumber = 200;
            for (const { from, to, blocks } of around)
                for (const CidrBlock of blocks)
                    await aclEntry(network, acl, true, (RuleNumber += 1), "allow", CidrBlock, from, to);
            return [must(acl.NetworkAclId, "id of the network ACL")];
        },
    },
    21: {
        title: "the subnets' network ACL denies the replies of the VPC",
        code: "SUBNET_ACL_RESTRICTION",
        inject: (network) => deny(network, 50, 32_768, 60_999),
    },
    23: {
        title: "an entry of the subnets' network ACL denies what a later one admits",
        code: "SUBNET_ACL_RESTRICTION",
        inject: (network) => deny(network, 60, 443, 443),
    },
    24: {
        title: "a private subnet was given another network ACL, which admits nothing",
        code: "SUBNET_ACL_RESTRICTION",
        // The other ACL stays: AWS deletes none while a subnet has it. It has to be deleted before the VPC can be.
        async inject(network) {
            const { ec2, vpcId: VpcId } = network;
            const { Subnets } = await ec2.send(
                new DescribeSubnetsCommand({ Filters: tierOf(network, "Private") }),
            );
            const subnetId = must(Subnets?.[network.index ?? 0]?.SubnetId, "private subnet");
            const { NetworkAcls } = await ec2.send(
                new DescribeNetworkAclsCommand({ Filters: [ofVpc(network)] }),
            );
            const association = NetworkAcls?.flatMap((acl) => acl.Associations ?? []).find(
                (one) => one.SubnetId === subnetId,
            );
            const { NetworkAcl: other } = await ec2.send(new CreateNetworkAclCommand({ VpcId }));
            await ec2.send(
                new ReplaceNetworkAclAssociationCommand({
                    AssociationId: association?.NetworkAclAssociationId,
                    NetworkAclId: other?.NetworkAclId,
                }),
            );
            return [subnetId];
        },
    },
    26: {
        title: "a security group lost its way out to the internet",
        code: "ENI_SG_RULES_MISMATCH",
        inject: (network) =>
            revokeEgress(network, ({ IpRanges = [] }) => ({
                IpRanges: IpRanges.filter((one) => one.CidrIp === EVERYWHERE),
            })),
    },
    27: {
        title: "an interface endpoint carries the VPC's default security group in place of its own",
        code: "ENI_SG_RULES_MISMATCH",
        async inject(network) {
            const { VpcEndpointId, Groups } = await endpoint(network, "Interface");
            const groups = await securityGroups(network);
            const other = groups.find(({ GroupName }) => GroupName === "default")?.GroupId;
            await network.ec2.send(
                new ModifyVpcEndpointCommand({
                    VpcEndpointId,
                    AddSecurityGroupIds: [must(other, "default security group")],
                    RemoveSecurityGroupIds: (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
                }),
            );
            return [must(VpcEndpointId, "id of the endpoint")];
        },
    },
    29: {
        title: "the interface endpoints' security group admits the whole internet",
        code: "X_WORLD_OPEN",
        async inject(network) {
            const { Groups } = await endpoint(network, "Interface");
            const GroupId = must(Groups?.[0]?.GroupId, "security group of the endpoint");
            await network.ec2.send(
                new AuthorizeSecurityGroupIngressCommand({
                    GroupId,
                    IpPermissions: [
                        {
                            IpProtocol: "tcp",
                            FromPort: 443,
                            ToPort: 443,
                            IpRanges: [{ CidrIp: EVERYWHERE, Description: "only for a test" }],
                        },
                    ],
                }),
            );
            return [GroupId];
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
    35: {
        title: "an interface endpoint has no interface in one of its zones",
        code: "VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
        async inject(network) {
            const { VpcEndpointId, SubnetIds } = await endpoint(network, "Interface");
            const subnetId = must(SubnetIds?.[0], "subnet of the endpoint");
            await network.ec2.send(
                new ModifyVpcEndpointCommand({ VpcEndpointId, RemoveSubnetIds: [subnetId] }),
            );
            return [must(VpcEndpointId, "id of the endpoint"), subnetId];
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
    38: {
        title: "a security group lost its way out to a gateway endpoint's service",
        code: "ENI_SG_RULES_MISMATCH",
        inject: (network) =>
            revokeEgress(network, ({ PrefixListIds = [] }) => ({ PrefixListIds: PrefixListIds.slice(0, 1) })),
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

async function securityGroups(network: BreakableNetwork): Promise<SecurityGroup[]> {
    const { SecurityGroups } = await network.ec2.send(
        new DescribeSecurityGroupsCommand({ Filters: [ofVpc(network)] }),
    );
    return SecurityGroups ?? [];
}

/**
 * Takes a rule away from the first group with tags that has one of that kind; the VPC's default group is nobody's. EC2 lists rules of
 * the same ports as one permission, of which `ofKind` gives the part that goes.
 */
async function revokeEgress(
    network: BreakableNetwork,
    ofKind: (permission: IpPermission) => IpPermission,
): Promise<string[]> {
    for (const { GroupId, IpPermissionsEgress = [], Tags = [] } of await securityGroups(network)) {
        const parts = IpPermissionsEgress.map((permission) => {
            const { IpProtocol, FromPort, ToPort } = permission;
            return { IpProtocol, FromPort, ToPort, ...ofKind(permission) };
        });
        const part = parts.find(
            ({ IpRanges = [], PrefixListIds = [] }) => IpRanges.length + PrefixListIds.length > 0,
        );
        if (part === undefined || GroupId === undefined || Tags.length === 0) continue;
        await network.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [part] }));
        return [GroupId];
    }
    throw new Error("this network has no group with such a rule");
}

/** The VPC's own network ACL, which every subnet has. */
async function networkAcl(network: BreakableNetwork): Promise<NetworkAcl> {
    const { NetworkAcls } = await network.ec2.send(
        new DescribeNetworkAclsCommand({
            Filters: [ofVpc(network), { Name: "default", Values: ["true"] }],
        }),
    );
    return must(NetworkAcls?.[0], "network ACL");
}

async function aclEntry(
    { ec2 }: BreakableNetwork,
    { NetworkAclId }: NetworkAcl,
    Egress: boolean,
    RuleNumber: number,
    RuleAction: "allow" | "deny",
    CidrBlock: string,
    From: number,
    To: number,
): Promise<void> {
    const entry = { Egress, RuleNumber, RuleAction, CidrBlock, Protocol: "6", PortRange: { From, To } };
    await ec2.send(new CreateNetworkAclEntryCommand({ NetworkAclId, ...entry }));
}

async function deny(
    network: BreakableNetwork,
    ruleNumber: number,
    from: number,
    to: number,
): Promise<string[]> {
    const acl = await networkAcl(network);
    const { Vpcs } = await network.ec2.send(new DescribeVpcsCommand({ VpcIds: [network.vpcId] }));
    const block = must(Vpcs?.[0]?.CidrBlock, "block of addresses");
    await aclEntry(network, acl, false, ruleNumber, "deny", block, from, to);
    return [must(acl.NetworkAclId, "id of the network ACL")];
}

function must<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new Error(`this network has no ${what}`);
    return value;
}
