import type { Route } from "@aws-sdk/client-ec2";

import {
    endpointClientFlows,
    ENDPOINT_RULE_DESCRIPTION,
    type NetworkIntent,
    type SubnetIntent,
    type SubnetTier,
} from "../../../checks/intent";
import type { Snapshot } from "../../../checks/snapshot/types";

export interface NetworkOptions {
    zones: number;
    nat: "none" | "single" | "perAz";
    interfaceServices: string[];
}

export const LAB: NetworkOptions = {
    zones: 3,
    nat: "perAz",
    interfaceServices: ["ssm", "ssmmessages", "ec2messages", "logs", "sts", "kms"],
};
export const DEV: NetworkOptions = { zones: 2, nat: "single", interfaceServices: ["ssm", "ssmmessages"] };

export const OWNER_TAGS = {
    Project: "pulsar-lab",
    ManagedBy: "pulumi",
    ExperimentID: "exp-20260101-000000",
    Stack: "lab",
};
const TAGS = Object.entries(OWNER_TAGS).map(([Key, Value]) => ({ Key, Value }));

export const REGION = "us-east-1";
export const MAIN_TABLE = id("rtb", 99);

/** An id as AWS writes them: 17 hexadecimal digits. */
export function id(prefix: string, number: number): string {
    return `${prefix}-0${number.toString(16).padStart(16, "a1b2c3d4e5f60718")}`;
}

const S3_LIST = id("pl", 1);
const DYNAMODB_LIST = id("pl", 2);

/** A sound network as the program makes it: what AWS would answer, and the intent that goes with it. */
export function soundNetwork(options: NetworkOptions): { snapshot: Snapshot; intent: NetworkIntent } {
    const vpcId = id("vpc", 1);
    const internetGatewayId = id("igw", 1);
    const zones = Array.from({ length: options.zones }, (_, index) => `${REGION}${"abcdef"[index]}`);
    const tiers: SubnetTier[] = ["public", "private", "isolated"];
    const natOf = (zone: number) =>
        options.nat === "none" ? undefined : id("nat", options.nat === "single" ? 0 : zone);
    const subnets: SubnetIntent[] = zones.flatMap((availabilityZone, zone) =>
        tiers.map((tier, index) => {
            const number = zone * tiers.length + index;
            const natGatewayId = tier === "private" ? natOf(zone) : undefined;
            return {
                subnetId: id("subnet", number),
                tier,
                availabilityZone,
                routeTableId: id("rtb", number),
                ...(natGatewayId === undefined ? {} : { natGatewayId }),
            };
        }),
    );
    const natGateways = zones.flatMap((_, zone) => {
        const natGatewayId = natOf(zone);
        if (natGatewayId === undefined || (options.nat === "single" && zone > 0)) return [];
        return [{ natGatewayId, subnetId: id("subnet", zone * tiers.length) }];
    });
    const inner = subnets.filter((subnet) => subnet.tier !== "public").map((subnet) => subnet.routeTableId);
    const gatewayEndpoints = [
        { service: "s3", vpcEndpointId: id("vpce", 100), routeTableIds: inner },
        { service: "dynamodb", vpcEndpointId: id("vpce", 101), routeTableIds: inner },
    ];
    const endpointGroup = id("sg", 1);
    const client = id("sg", 2);
    const isolated = subnets.filter((subnet) => subnet.tier === "isolated").map((subnet) => subnet.subnetId);
    const interfaceEndpoints = options.interfaceServices.map((service, index) => ({
        service,
        vpcEndpointId: id("vpce", index),
        subnetIds: isolated,
        securityGroupIds: [endpointGroup],
    }));
    const intent: NetworkIntent = {
        region: REGION,
        vpcId,
        internetGatewayId,
        subnets,
        natGateways,
        gatewayEndpoints,
        interfaceEndpoints,
        endpointClientSecurityGroupIds: [client],
        flows: endpointClientFlows(client, gatewayEndpoints, interfaceEndpoints),
        ownerTags: OWNER_TAGS,
    };

    const defaultRoute = (subnet: SubnetIntent): Route[] => {
        const common = {
            DestinationCidrBlock: "0.0.0.0/0",
            Origin: "CreateRoute" as const,
            State: "active" as const,
        };
        if (subnet.tier === "public") return [{ ...common, GatewayId: internetGatewayId }];
        return subnet.natGatewayId === undefined ? [] : [{ ...common, NatGatewayId: subnet.natGatewayId }];
    };
    const local: Route = {
        DestinationCidrBlock: "10.0.0.0/16",
        GatewayId: "local",
        Origin: "CreateRouteTable",
        State: "active",
    };
    const listOf = (service: string) => (service === "s3" ? S3_LIST : DYNAMODB_LIST);
    const snapshot: Snapshot = {
        region: REGION,
        accountId: "123456789012",
        Vpcs: [
            {
                VpcId: vpcId,
                CidrBlock: "10.0.0.0/16",
                CidrBlockAssociationSet: [{ CidrBlock: "10.0.0.0/16" }],
                OwnerId: "123456789012",
                Tags: TAGS,
            },
        ],
        VpcAttributes: { [vpcId]: { enableDnsSupport: true, enableDnsHostnames: true } },
        Subnets: subnets.map((subnet, index) => ({
            SubnetId: subnet.subnetId,
            VpcId: vpcId,
            AvailabilityZone: subnet.availabilityZone,
            CidrBlock: `10.0.${index * 16}.0/20`,
            Tags: TAGS,
        })),
        RouteTables: [
            {
                RouteTableId: MAIN_TABLE,
                VpcId: vpcId,
                Routes: [local],
                Associations: [
                    { Main: true, RouteTableId: MAIN_TABLE, RouteTableAssociationId: id("rtbassoc", 99) },
                ],
            },
            ...subnets.map((subnet, index) => ({
                RouteTableId: subnet.routeTableId,
                VpcId: vpcId,
                Tags: TAGS,
                Routes: [
                    local,
                    ...defaultRoute(subnet),
                    ...gatewayEndpoints
                        .filter((endpoint) => endpoint.routeTableIds.includes(subnet.routeTableId))
                        .map((endpoint) => ({
                            DestinationPrefixListId: listOf(endpoint.service),
                            GatewayId: endpoint.vpcEndpointId,
                            Origin: "CreateRoute" as const,
                            State: "active" as const,
                        })),
                ],
                Associations: [
                    {
                        Main: false,
                        RouteTableId: subnet.routeTableId,
                        SubnetId: subnet.subnetId,
                        RouteTableAssociationId: id("rtbassoc", index),
                        AssociationState: { State: "associated" as const },
                    },
                ],
            })),
        ],
        SecurityGroups: [
            {
                GroupId: endpointGroup,
                VpcId: vpcId,
                Tags: TAGS,
                IpPermissions: [
                    {
                        IpProtocol: "tcp",
                        FromPort: 443,
                        ToPort: 443,
                        UserIdGroupPairs: [{ GroupId: client, Description: ENDPOINT_RULE_DESCRIPTION }],
                        IpRanges: [],
                    },
                ],
                IpPermissionsEgress: [],
            },
            {
                GroupId: client,
                VpcId: vpcId,
                Tags: TAGS,
                IpPermissions: [],
                IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
            },
        ],
        InternetGateways: [
            {
                InternetGatewayId: internetGatewayId,
                Attachments: [{ VpcId: vpcId, State: "available" as "attached" }],
                Tags: TAGS,
            },
        ],
        NatGateways: natGateways.map((nat, index) => ({
            NatGatewayId: nat.natGatewayId,
            SubnetId: nat.subnetId,
            VpcId: vpcId,
            State: "available" as const,
            ConnectivityType: "public" as const,
            NatGatewayAddresses: [{ AllocationId: id("eipalloc", index), PublicIp: `54.0.0.${index + 1}` }],
            Tags: TAGS,
        })),
        VpcEndpoints: [
            ...gatewayEndpoints.map((endpoint) => ({
                VpcEndpointId: endpoint.vpcEndpointId,
                VpcEndpointType: "Gateway" as const,
                VpcId: vpcId,
                ServiceName: `com.amazonaws.${REGION}.${endpoint.service}`,
                State: "available" as "Available",
                RouteTableIds: [...endpoint.routeTableIds],
                Tags: TAGS,
            })),
            ...interfaceEndpoints.map((endpoint) => ({
                VpcEndpointId: endpoint.vpcEndpointId,
                VpcEndpointType: "Interface" as const,
                VpcId: vpcId,
                ServiceName: `com.amazonaws.${REGION}.${endpoint.service}`,
                State: "available" as "Available",
                PrivateDnsEnabled: true,
                SubnetIds: [...endpoint.subnetIds],
                Groups: endpoint.securityGroupIds.map((GroupId) => ({ GroupId })),
                Tags: TAGS,
            })),
        ],
        ManagedPrefixLists: [
            {
                PrefixListId: S3_LIST,
                PrefixListName: `com.amazonaws.${REGION}.s3`,
                AddressFamily: "IPv4",
                Entries: ["52.216.0.0/15", "54.231.0.0/16", "3.5.0.0/19"].map((Cidr) => ({ Cidr })),
            },
            {
                PrefixListId: DYNAMODB_LIST,
                PrefixListName: `com.amazonaws.${REGION}.dynamodb`,
                AddressFamily: "IPv4",
                Entries: ["52.94.0.0/22", "52.119.224.0/20", "3.218.180.0/23"].map((Cidr) => ({ Cidr })),
            },
        ],
    };
    return { snapshot: structuredClone(snapshot), intent };
}
