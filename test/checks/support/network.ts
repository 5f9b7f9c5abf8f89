import type { IpPermission, Route, SecurityGroup } from "@aws-sdk/client-ec2";

import type { FlowIntent } from "../../../checks/flow";

import {
    ENDPOINT_PORT,
    ENDPOINT_RULE_DESCRIPTION,
    FULL_ACCESS_POLICY,
    gatewayRuleDescription,
    type GatewayEndpointIntent,
    type InterfaceEndpointIntent,
    type NetworkIntent,
    type SubnetIntent,
    type SubnetTier,
} from "../../../checks/intent";
import type { Snapshot } from "../../../checks/snapshot/types";

export interface NetworkOptions {
    zones: number;
    nat: "none" | "single" | "perAz";
    interfaceServices: string[];
    /** Whether there are the groups of a whole lab, with their flows. @default false */
    roles?: boolean;
    /** Whether the subnets have a network ACL of the program's own. @default the VPC's default one */
    ownNetworkAcl?: boolean;
}

export const LAB: NetworkOptions = {
    zones: 3,
    nat: "perAz",
    interfaceServices: ["ssm", "ssmmessages", "ec2messages", "logs", "sts", "kms"],
    roles: true,
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

export const DEFAULT_ACL = id("acl", 1);
export const OWN_ACL = id("acl", 2);
export const FOREIGN_ACL = id("acl", 3);
const WHOLE_VPC = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.0/16" }] }];
const APPLIANCE_GROUP = { GroupId: id("sg", 70), IpPermissions: WHOLE_VPC, IpPermissionsEgress: WHOLE_VPC };
/** A group that the program did not create and that admits nothing. */
export const OTHERS_GROUP = { GroupId: "sg-0000000000000dead", IpPermissions: [], IpPermissionsEgress: [] };
/** Somebody's firewall: routes may lead through it, and it lets everything of the VPC pass. */
export const APPLIANCE = {
    NetworkInterfaceId: id("eni", 700),
    PrivateIpAddress: "10.0.0.40",
    SourceDestCheck: false,
    Groups: [{ GroupId: APPLIANCE_GROUP.GroupId }],
};

/** A policy that the program wrote itself. */
export const S3_POLICY = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*" }],
});
const DHCP_OPTIONS = id("dopt", 1);

/** The groups of a lab by role. */
export const ROLE_GROUPS = {
    zookeeper: id("sg", 10),
    bookkeeper: id("sg", 11),
    broker: id("sg", 12),
    client: id("sg", 13),
    neptune: id("sg", 14),
    opensearch: id("sg", 15),
    sagemaker: id("sg", 16),
} as const;
type Role = keyof typeof ROLE_GROUPS;

const ROLE_FLOWS: [Role, Role | "s3" | "internet", number, number, string][] = [
    ["zookeeper", "zookeeper", 2888, 2888, "Pulsar: followers to the leader"],
    ["zookeeper", "zookeeper", 3888, 3888, "Pulsar: leader election"],
    ["bookkeeper", "zookeeper", 2281, 2281, "Pulsar: bookie registration"],
    ["broker", "zookeeper", 2281, 2281, "Pulsar: metadata and bookie discovery"],
    ["broker", "bookkeeper", 3181, 3181, "Pulsar: writing and reading ledgers"],
    ["client", "broker", 6651, 6651, "Pulsar: producing and consuming"],
    ["client", "broker", 8443, 8443, "Pulsar: admin API"],
    ["client", "neptune", 8182, 8182, "Gremlin, openCypher and SPARQL over TLS"],
    ["sagemaker", "neptune", 8182, 8182, "Gremlin, openCypher and SPARQL over TLS"],
    ["client", "opensearch", 443, 443, "OpenSearch REST API over TLS"],
    ["sagemaker", "sagemaker", 8192, 65_535, "Studio applications to their kernels"],
    ["sagemaker", "sagemaker", 2049, 2049, "Studio home directories over NFS"],
    ["broker", "s3", 443, 443, "HTTPS to s3 through its gateway endpoint"],
    ["bookkeeper", "internet", 443, 443, "HTTPS to the internet through NAT"],
];

function roleFlows(): FlowIntent[] {
    return ROLE_FLOWS.map(([from, to, first, last, description]): FlowIntent => {
        const isService = to === "s3" || to === "internet";
        return {
            from,
            to,
            sourceGroupId: ROLE_GROUPS[from],
            destination: isService ? { service: to } : { securityGroupId: ROLE_GROUPS[to] },
            protocol: "tcp",
            ports: { from: first, to: last },
            description,
        };
    });
}

/** The groups with exactly the rules of the flows, as the program makes them: one permission for each. */
function groupsWithRules(flows: readonly FlowIntent[], vpcId: string): SecurityGroup[] {
    const groups = new Map<string, SecurityGroup>();
    const groupOf = (GroupId: string): SecurityGroup => {
        const group = groups.get(GroupId) ?? {
            GroupId,
            VpcId: vpcId,
            Tags: TAGS,
            IpPermissions: [],
            IpPermissionsEgress: [],
        };
        groups.set(GroupId, group);
        return group;
    };
    for (const { sourceGroupId, destination, ports, description: Description } of flows) {
        const common = { IpProtocol: "tcp", FromPort: ports.from, ToPort: ports.to };
        const egress: IpPermission =
            "securityGroupId" in destination
                ? { UserIdGroupPairs: [{ GroupId: destination.securityGroupId, Description }] }
                : destination.service === "internet"
                  ? { IpRanges: [{ CidrIp: "0.0.0.0/0", Description }] }
                  : {
                        PrefixListIds: [
                            {
                                PrefixListId: destination.service === "s3" ? S3_LIST : DYNAMODB_LIST,
                                Description,
                            },
                        ],
                    };
        groupOf(sourceGroupId).IpPermissionsEgress?.push({ ...common, ...egress });
        if ("securityGroupId" in destination)
            groupOf(destination.securityGroupId).IpPermissions?.push({
                ...common,
                UserIdGroupPairs: [{ GroupId: sourceGroupId, Description }],
            });
    }
    return [...groups.values()];
}

/** The flows of whoever may use the VPC endpoints: HTTPS to each gateway endpoint's service and to the interfaces' group. */
function endpointClientFlows(
    clientGroupId: string,
    gatewayEndpoints: readonly GatewayEndpointIntent[],
    interfaceEndpoints: readonly InterfaceEndpointIntent[],
): FlowIntent[] {
    const https = { protocol: "tcp", ports: { from: ENDPOINT_PORT, to: ENDPOINT_PORT } } as const;
    const groups = [...new Set(interfaceEndpoints.flatMap((endpoint) => endpoint.securityGroupIds))];
    return [
        ...gatewayEndpoints.map(({ service }) => ({
            from: "endpoint clients",
            to: service,
            sourceGroupId: clientGroupId,
            destination: { service },
            ...https,
            description: gatewayRuleDescription(service),
        })),
        ...groups.map((securityGroupId) => ({
            from: "endpoint clients",
            to: "interface endpoints",
            sourceGroupId: clientGroupId,
            destination: { securityGroupId },
            ...https,
            description: ENDPOINT_RULE_DESCRIPTION,
        })),
    ];
}

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
                ...(options.ownNetworkAcl ? { networkAclId: OWN_ACL } : {}),
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
        { service: "s3", vpcEndpointId: id("vpce", 100), routeTableIds: inner, policy: S3_POLICY },
        {
            service: "dynamodb",
            vpcEndpointId: id("vpce", 101),
            routeTableIds: inner,
            policy: FULL_ACCESS_POLICY,
        },
    ];
    const endpointGroup = id("sg", 1);
    const client = id("sg", 2);
    const isolated = subnets.filter((subnet) => subnet.tier === "isolated").map((subnet) => subnet.subnetId);
    const interfaceEndpoints = options.interfaceServices.map((service, index) => ({
        service,
        vpcEndpointId: id("vpce", index),
        subnetIds: isolated,
        securityGroupIds: [endpointGroup],
        policy: FULL_ACCESS_POLICY,
    }));
    const flows = [
        ...endpointClientFlows(client, gatewayEndpoints, interfaceEndpoints),
        ...(options.roles ? roleFlows() : []),
    ];
    const intent: NetworkIntent = {
        region: REGION,
        vpcId,
        internetGatewayId,
        subnets,
        natGateways,
        gatewayEndpoints,
        interfaceEndpoints,
        flows,
        ...(options.roles
            ? {
                  services: { openSearch: true, sageMakerDomainId: "d-abcdefghijkl" },
                  networkInterfaces: (["zookeeper", "broker"] as const).map((role, index) => ({
                      networkInterfaceId: id("eni", index),
                      securityGroupIds: [ROLE_GROUPS[role]],
                  })),
              }
            : {}),
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
    const undeclared = options.roles
        ? [{ networkInterfaceId: id("eni", 2), securityGroupIds: [ROLE_GROUPS.bookkeeper] }]
        : [];
    /** In the private subnet of one zone after the other. */
    const privatePlace = (index: number) => {
        const number = (index % zones.length) * tiers.length + 1;
        return { SubnetId: id("subnet", number), PrivateIpAddress: `10.0.${number * 16}.${20 + index}` };
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
                DhcpOptionsId: DHCP_OPTIONS,
                Tags: TAGS,
            },
        ],
        VpcAttributes: { [vpcId]: { enableDnsSupport: true, enableDnsHostnames: true } },
        Subnets: subnets.map((subnet, index) => ({
            SubnetId: subnet.subnetId,
            VpcId: vpcId,
            AvailabilityZone: subnet.availabilityZone,
            CidrBlock: `10.0.${index * 16}.0/20`,
            AvailableIpAddressCount: 4000,
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
            ...groupsWithRules(flows, vpcId),
            { ...APPLIANCE_GROUP, VpcId: vpcId },
            { ...OTHERS_GROUP, VpcId: vpcId },
        ],
        NetworkAcls: [DEFAULT_ACL, OWN_ACL, FOREIGN_ACL].map((NetworkAclId) => ({
            NetworkAclId,
            VpcId: vpcId,
            IsDefault: NetworkAclId === DEFAULT_ACL,
            Tags: NetworkAclId === OWN_ACL ? TAGS : [],
            Entries: [false, true].flatMap((Egress) => [
                // The one of nobody we know admits nothing.
                ...(NetworkAclId === FOREIGN_ACL
                    ? []
                    : [
                          {
                              RuleNumber: 100,
                              RuleAction: "allow" as const,
                              Protocol: "-1",
                              Egress,
                              CidrBlock: "0.0.0.0/0",
                          },
                      ]),
                {
                    RuleNumber: 32_767,
                    RuleAction: "deny" as const,
                    Protocol: "-1",
                    Egress,
                    CidrBlock: "0.0.0.0/0",
                },
            ]),
            Associations:
                NetworkAclId === (options.ownNetworkAcl ? OWN_ACL : DEFAULT_ACL)
                    ? subnets.map(({ subnetId }, index) => ({
                          NetworkAclAssociationId: id("aclassoc", index),
                          NetworkAclId,
                          SubnetId: subnetId,
                      }))
                    : [],
        })),
        NetworkInterfaces: [
            ...[...(intent.networkInterfaces ?? []), ...undeclared].map((one, index) => ({
                NetworkInterfaceId: one.networkInterfaceId,
                VpcId: vpcId,
                ...privatePlace(index),
                Groups: one.securityGroupIds.map((GroupId) => ({ GroupId })),
                TagSet: TAGS,
            })),
            { ...APPLIANCE, VpcId: vpcId, SubnetId: id("subnet", 0) },
        ],
        DhcpOptions: [
            {
                DhcpOptionsId: DHCP_OPTIONS,
                DhcpConfigurations: [
                    { Key: "domain-name-servers", Values: [{ Value: "AmazonProvidedDNS" }] },
                ],
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
                PolicyDocument: endpoint.policy,
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
                PolicyDocument: endpoint.policy,
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
