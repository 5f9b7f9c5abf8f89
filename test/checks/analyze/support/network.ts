import type { IpPermission, NetworkAclEntry, NetworkInterface, Route } from "@aws-sdk/client-ec2";

import type { Snapshot } from "../../../../checks/snapshot/types";

/**
 * A VPC "vpc-a" with a public subnet, two private ones behind a NAT gateway and an isolated one, endpoints for S3 and SSM, and a
 * peered VPC "vpc-b". Everything that is meant to connect does; the tests break one thing at a time.
 */
export function network(): Snapshot {
    const zone = (letter: string) => `us-east-1${letter}`;
    return {
        region: "us-east-1",
        accountId: "123456789012",
        Vpcs: [
            { VpcId: "vpc-a", CidrBlock: "10.0.0.0/16", DhcpOptionsId: "dopt-a" },
            { VpcId: "vpc-b", CidrBlock: "10.1.0.0/16", DhcpOptionsId: "dopt-a" },
        ],
        VpcAttributes: {
            "vpc-a": { enableDnsSupport: true, enableDnsHostnames: true },
            "vpc-b": { enableDnsSupport: true, enableDnsHostnames: true },
        },
        DhcpOptions: [
            {
                DhcpOptionsId: "dopt-a",
                DhcpConfigurations: [
                    { Key: "domain-name-servers", Values: [{ Value: "AmazonProvidedDNS" }] },
                ],
            },
        ],
        Subnets: [
            {
                SubnetId: "subnet-public",
                VpcId: "vpc-a",
                CidrBlock: "10.0.0.0/24",
                AvailabilityZone: zone("a"),
            },
            { SubnetId: "subnet-one", VpcId: "vpc-a", CidrBlock: "10.0.1.0/24", AvailabilityZone: zone("a") },
            { SubnetId: "subnet-two", VpcId: "vpc-a", CidrBlock: "10.0.2.0/24", AvailabilityZone: zone("b") },
            {
                SubnetId: "subnet-isolated",
                VpcId: "vpc-a",
                CidrBlock: "10.0.3.0/24",
                AvailabilityZone: zone("a"),
            },
            {
                SubnetId: "subnet-peer",
                VpcId: "vpc-b",
                CidrBlock: "10.1.1.0/24",
                AvailabilityZone: zone("a"),
            },
        ],
        RouteTables: [
            table("rtb-main", "vpc-a", [], []),
            table(
                "rtb-public",
                "vpc-a",
                ["subnet-public"],
                [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-a" }],
            ),
            table(
                "rtb-private",
                "vpc-a",
                ["subnet-one", "subnet-two"],
                [
                    { DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-a" },
                    { DestinationPrefixListId: "pl-s3", GatewayId: "vpce-s3" },
                    { DestinationCidrBlock: "10.1.0.0/16", VpcPeeringConnectionId: "pcx-ab" },
                ],
            ),
            table("rtb-isolated", "vpc-a", ["subnet-isolated"], []),
            table(
                "rtb-peer",
                "vpc-b",
                ["subnet-peer"],
                [{ DestinationCidrBlock: "10.0.0.0/16", VpcPeeringConnectionId: "pcx-ab" }],
                "10.1.0.0/16",
            ),
        ],
        NetworkAcls: [
            acl("acl-public", "vpc-a", ["subnet-public"]),
            acl("acl-one", "vpc-a", ["subnet-one"]),
            acl("acl-two", "vpc-a", ["subnet-two"]),
            { ...acl("acl-default", "vpc-a", ["subnet-isolated"]), IsDefault: true },
            { ...acl("acl-peer", "vpc-b", ["subnet-peer"]), IsDefault: true },
        ],
        SecurityGroups: [
            group("sg-client", [], [all("0.0.0.0/0")]),
            group("sg-server", [from("sg-client", 6650)], [all("0.0.0.0/0")]),
            group("sg-web", [tcp("0.0.0.0/0", 443)], [all("0.0.0.0/0")]),
            group("sg-endpoint", [from("sg-client", 443)], []),
            { ...group("sg-peer", [from("sg-client", 6650)], [all("0.0.0.0/0")]), VpcId: "vpc-b" },
        ],
        NetworkInterfaces: [
            eni("eni-client", "subnet-one", "10.0.1.10", ["sg-client"]),
            eni("eni-neighbour", "subnet-one", "10.0.1.11", ["sg-server"]),
            eni("eni-server", "subnet-two", "10.0.2.10", ["sg-server"]),
            eni("eni-lonely", "subnet-isolated", "10.0.3.10", ["sg-client"]),
            {
                ...eni("eni-web", "subnet-public", "10.0.0.10", ["sg-web"]),
                Association: { PublicIp: "54.1.1.10" },
            },
            { ...eni("eni-vpce", "subnet-one", "10.0.1.20", ["sg-endpoint"]), InterfaceType: "vpc_endpoint" },
            { ...eni("eni-peer", "subnet-peer", "10.1.1.10", ["sg-peer"]), VpcId: "vpc-b" },
        ],
        InternetGateways: [
            {
                InternetGatewayId: "igw-a",
                Attachments: [{ VpcId: "vpc-a", State: "available" as "attached" }],
            },
        ],
        NatGateways: [
            {
                NatGatewayId: "nat-a",
                VpcId: "vpc-a",
                SubnetId: "subnet-public",
                State: "available",
                ConnectivityType: "public",
                NatGatewayAddresses: [
                    { AllocationId: "eipalloc-a", PublicIp: "54.1.1.1", PrivateIp: "10.0.0.20" },
                ],
            },
        ],
        VpcEndpoints: [
            {
                VpcEndpointId: "vpce-s3",
                VpcEndpointType: "Gateway",
                VpcId: "vpc-a",
                ServiceName: "com.amazonaws.us-east-1.s3",
                State: "available" as "Available",
                RouteTableIds: ["rtb-private"],
            },
            {
                VpcEndpointId: "vpce-ssm",
                VpcEndpointType: "Interface",
                VpcId: "vpc-a",
                ServiceName: "com.amazonaws.us-east-1.ssm",
                State: "available" as "Available",
                PrivateDnsEnabled: true,
                SubnetIds: ["subnet-one"],
                NetworkInterfaceIds: ["eni-vpce"],
                Groups: [{ GroupId: "sg-endpoint" }],
            },
        ],
        ManagedPrefixLists: [
            {
                PrefixListId: "pl-s3",
                PrefixListName: "com.amazonaws.us-east-1.s3",
                AddressFamily: "IPv4",
                Entries: [{ Cidr: "52.216.0.0/15" }, { Cidr: "3.5.0.0/19" }],
            },
        ],
        VpcPeeringConnections: [
            {
                VpcPeeringConnectionId: "pcx-ab",
                Status: { Code: "active" },
                RequesterVpcInfo: { VpcId: "vpc-a", CidrBlock: "10.0.0.0/16", Region: "us-east-1" },
                AccepterVpcInfo: { VpcId: "vpc-b", CidrBlock: "10.1.0.0/16", Region: "us-east-1" },
            },
        ],
        Instances: [],
    };
}

export function table(id: string, vpcId: string, subnets: string[], routes: Route[], cidr = "10.0.0.0/16") {
    return {
        RouteTableId: id,
        VpcId: vpcId,
        Routes: [
            {
                DestinationCidrBlock: cidr,
                GatewayId: "local",
                Origin: "CreateRouteTable",
                State: "active",
            } as Route,
            ...routes.map((route): Route => ({ Origin: "CreateRoute", State: "active", ...route })),
        ],
        Associations:
            subnets.length === 0
                ? [{ Main: true, RouteTableAssociationId: `rtbassoc-${id}` }]
                : subnets.map((SubnetId) => ({
                      Main: false,
                      SubnetId,
                      RouteTableAssociationId: `rtbassoc-${SubnetId}`,
                  })),
    };
}

/** As a default network ACL is: everything passes, by rule 100. */
export function acl(id: string, vpcId: string, subnets: string[]) {
    return {
        NetworkAclId: id,
        VpcId: vpcId,
        IsDefault: false,
        Associations: subnets.map((SubnetId) => ({ SubnetId, NetworkAclId: id })),
        Entries: [true, false].flatMap((egress) => [
            entry(100, egress, "allow", {}),
            entry(32_767, egress, "deny", {}),
        ]),
    };
}

export function entry(
    RuleNumber: number,
    Egress: boolean,
    RuleAction: "allow" | "deny",
    {
        protocol = "-1",
        ports,
        cidr = "0.0.0.0/0",
    }: { protocol?: string; ports?: [number, number]; cidr?: string },
): NetworkAclEntry {
    return {
        RuleNumber,
        Egress,
        RuleAction,
        Protocol: protocol,
        ...(cidr.includes(":") ? { Ipv6CidrBlock: cidr } : { CidrBlock: cidr }),
        ...(ports === undefined ? {} : { PortRange: { From: ports[0], To: ports[1] } }),
    };
}

export function group(GroupId: string, IpPermissions: IpPermission[], IpPermissionsEgress: IpPermission[]) {
    return { GroupId, VpcId: "vpc-a", IpPermissions, IpPermissionsEgress };
}

export function from(groupId: string, port: number): IpPermission {
    return { IpProtocol: "tcp", FromPort: port, ToPort: port, UserIdGroupPairs: [{ GroupId: groupId }] };
}

export function tcp(cidr: string, fromPort: number, toPort = fromPort): IpPermission {
    return { IpProtocol: "tcp", FromPort: fromPort, ToPort: toPort, ...ranges(cidr) };
}

export function all(cidr: string): IpPermission {
    return { IpProtocol: "-1", ...ranges(cidr) };
}

function ranges(cidr: string): IpPermission {
    return cidr.includes(":") ? { Ipv6Ranges: [{ CidrIpv6: cidr }] } : { IpRanges: [{ CidrIp: cidr }] };
}

export function eni(id: string, subnetId: string, address: string, groups: string[]): NetworkInterface {
    return {
        NetworkInterfaceId: id,
        SubnetId: subnetId,
        VpcId: "vpc-a",
        PrivateIpAddress: address,
        PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
        Groups: groups.map((GroupId) => ({ GroupId })),
        SourceDestCheck: true,
        InterfaceType: "interface",
    };
}
