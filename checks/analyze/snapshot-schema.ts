import { z } from "zod";

import { parseBlock, parseIp } from "../../lib/addresses/ip";
import type { Snapshot } from "../snapshot/types";

/** What a snapshot consists of, as far as the analysis looks at it. */

const text = z.string();
const flag = z.boolean();
const whole = z.number().int();
const check = (parse: (value: string) => unknown) => (value: string, context: z.RefinementCtx) => {
    try {
        parse(value);
    } catch (error) {
        context.addIssue({ code: "custom", message: (error as Error).message });
    }
};
const cidr = text.superRefine(check(parseBlock));
const ip = text.superRefine(check(parseIp));

/** Fields beyond these stay as they are: AWS adds new ones, and the analysis does not look at them. */
const item = <T extends z.ZodRawShape>(shape: T) => z.looseObject(shape);
const list = <T extends z.ZodType>(of: T) => z.array(of).optional();
const maybe = <T extends z.ZodType>(of: T) => of.optional();

const state = item({ State: maybe(text) });
const association = item({ PublicIp: maybe(ip) });
const groups = list(item({ GroupId: maybe(text) }));
const tags = list(item({ Key: maybe(text), Value: maybe(text) }));

const networkInterface = {
    NetworkInterfaceId: text,
    SubnetId: maybe(text),
    VpcId: maybe(text),
    Description: maybe(text),
    InterfaceType: maybe(text),
    SourceDestCheck: maybe(flag),
    Status: maybe(text),
    PrivateIpAddress: maybe(ip),
    PrivateIpAddresses: list(
        item({ PrivateIpAddress: maybe(ip), Primary: maybe(flag), Association: maybe(association) }),
    ),
    Ipv6Addresses: list(item({ Ipv6Address: maybe(ip) })),
    Ipv4Prefixes: list(item({ Ipv4Prefix: maybe(cidr) })),
    Ipv6Prefixes: list(item({ Ipv6Prefix: maybe(cidr) })),
    Association: maybe(association),
    Groups: groups,
    Attachment: maybe(item({ InstanceId: maybe(text), DeviceIndex: maybe(whole), Status: maybe(text) })),
};

const permission = item({
    IpProtocol: maybe(text),
    FromPort: maybe(whole),
    ToPort: maybe(whole),
    IpRanges: list(item({ CidrIp: maybe(cidr), Description: maybe(text) })),
    Ipv6Ranges: list(item({ CidrIpv6: maybe(cidr), Description: maybe(text) })),
    PrefixListIds: list(item({ PrefixListId: maybe(text) })),
    UserIdGroupPairs: list(item({ GroupId: maybe(text), UserId: maybe(text), VpcId: maybe(text) })),
});

const route = item({
    DestinationCidrBlock: maybe(cidr),
    DestinationIpv6CidrBlock: maybe(cidr),
    DestinationPrefixListId: maybe(text),
    GatewayId: maybe(text),
    NatGatewayId: maybe(text),
    VpcPeeringConnectionId: maybe(text),
    NetworkInterfaceId: maybe(text),
    InstanceId: maybe(text),
    EgressOnlyInternetGatewayId: maybe(text),
    TransitGatewayId: maybe(text),
    CarrierGatewayId: maybe(text),
    LocalGatewayId: maybe(text),
    CoreNetworkArn: maybe(text),
    State: maybe(text),
    Origin: maybe(text),
});

const peer = maybe(
    item({
        VpcId: maybe(text),
        OwnerId: maybe(text),
        Region: maybe(text),
        CidrBlock: maybe(cidr),
        CidrBlockSet: list(item({ CidrBlock: maybe(cidr) })),
        Ipv6CidrBlockSet: list(item({ Ipv6CidrBlock: maybe(cidr) })),
    }),
);

/** The fields that the analysis looks at, by kind. */
export const KINDS = {
    Vpcs: item({
        VpcId: text,
        CidrBlock: maybe(cidr),
        OwnerId: maybe(text),
        DhcpOptionsId: maybe(text),
        CidrBlockAssociationSet: list(item({ CidrBlock: maybe(cidr), CidrBlockState: maybe(state) })),
        Ipv6CidrBlockAssociationSet: list(
            item({ Ipv6CidrBlock: maybe(cidr), Ipv6CidrBlockState: maybe(state) }),
        ),
        BlockPublicAccessStates: maybe(item({ InternetGatewayBlockMode: maybe(text) })),
        Tags: tags,
    }),
    Subnets: item({
        SubnetId: text,
        VpcId: text,
        CidrBlock: maybe(cidr),
        AvailabilityZone: maybe(text),
        MapPublicIpOnLaunch: maybe(flag),
        AvailableIpAddressCount: maybe(whole),
        Ipv6CidrBlockAssociationSet: list(
            item({ Ipv6CidrBlock: maybe(cidr), Ipv6CidrBlockState: maybe(state) }),
        ),
        BlockPublicAccessStates: maybe(item({ InternetGatewayBlockMode: maybe(text) })),
        Tags: tags,
    }),
    RouteTables: item({
        RouteTableId: text,
        VpcId: text,
        Routes: list(route),
        Associations: list(
            item({
                SubnetId: maybe(text),
                GatewayId: maybe(text),
                Main: maybe(flag),
                RouteTableAssociationId: maybe(text),
                AssociationState: maybe(state),
            }),
        ),
        Tags: tags,
    }),
    NetworkAcls: item({
        NetworkAclId: text,
        VpcId: maybe(text),
        IsDefault: maybe(flag),
        Associations: list(
            item({ SubnetId: maybe(text), NetworkAclId: maybe(text), NetworkAclAssociationId: maybe(text) }),
        ),
        Entries: list(
            item({
                RuleNumber: maybe(whole),
                RuleAction: maybe(z.enum(["allow", "deny"])),
                Protocol: maybe(text),
                Egress: maybe(flag),
                CidrBlock: maybe(cidr),
                Ipv6CidrBlock: maybe(cidr),
                PortRange: maybe(item({ From: maybe(whole), To: maybe(whole) })),
                IcmpTypeCode: maybe(item({ Type: maybe(whole), Code: maybe(whole) })),
            }),
        ),
        Tags: tags,
    }),
    SecurityGroups: item({
        GroupId: text,
        VpcId: maybe(text),
        IpPermissions: list(permission),
        IpPermissionsEgress: list(permission),
        Tags: tags,
    }),
    SecurityGroupRules: item({
        SecurityGroupRuleId: maybe(text),
        GroupId: text,
        IsEgress: maybe(flag),
        IpProtocol: maybe(text),
        FromPort: maybe(whole),
        ToPort: maybe(whole),
        CidrIpv4: maybe(cidr),
        CidrIpv6: maybe(cidr),
        PrefixListId: maybe(text),
        ReferencedGroupInfo: maybe(item({ GroupId: maybe(text) })),
    }),
    NetworkInterfaces: item(networkInterface),
    InternetGateways: item({
        InternetGatewayId: text,
        Attachments: list(item({ VpcId: maybe(text), State: maybe(text) })),
        Tags: tags,
    }),
    NatGateways: item({
        NatGatewayId: text,
        VpcId: maybe(text),
        SubnetId: maybe(text),
        State: maybe(text),
        ConnectivityType: maybe(text),
        AvailabilityMode: maybe(text),
        NatGatewayAddresses: list(
            item({
                AllocationId: maybe(text),
                PublicIp: maybe(ip),
                PrivateIp: maybe(ip),
                NetworkInterfaceId: maybe(text),
                AvailabilityZone: maybe(text),
            }),
        ),
        Tags: tags,
    }),
    VpcEndpoints: item({
        VpcEndpointId: text,
        VpcEndpointType: maybe(text),
        VpcId: maybe(text),
        ServiceName: maybe(text),
        State: maybe(text),
        PolicyDocument: maybe(text),
        PrivateDnsEnabled: maybe(flag),
        DnsOptions: maybe(item({ PrivateDnsOnlyForInboundResolverEndpoint: maybe(flag) })),
        RouteTableIds: list(text),
        SubnetIds: list(text),
        NetworkInterfaceIds: list(text),
        Groups: groups,
        Tags: tags,
    }),
    ManagedPrefixLists: item({
        PrefixListId: text,
        PrefixListName: maybe(text),
        AddressFamily: maybe(text),
        Entries: list(item({ Cidr: maybe(cidr) })),
    }),
    VpcPeeringConnections: item({
        VpcPeeringConnectionId: text,
        Status: maybe(item({ Code: maybe(text) })),
        RequesterVpcInfo: peer,
        AccepterVpcInfo: peer,
    }),
    DhcpOptions: item({
        DhcpOptionsId: text,
        DhcpConfigurations: list(item({ Key: maybe(text), Values: list(item({ Value: maybe(text) })) })),
    }),
    Instances: item({
        InstanceId: text,
        State: maybe(item({ Name: maybe(text) })),
        NetworkInterfaces: list(item({ ...networkInterface, NetworkInterfaceId: maybe(text) })),
    }),
    HostedZones: item({
        Id: text,
        Name: text,
        VPCs: list(item({ VPCId: maybe(text) })),
        ResourceRecordSets: list(
            item({
                Name: text,
                Type: text,
                ResourceRecords: list(item({ Value: text })),
                AliasTarget: maybe(item({ DNSName: text })),
            }),
        ),
    }),
    MissingPermissions: item({ kind: text, action: text }),
} as const satisfies Partial<Record<keyof Snapshot, z.ZodType>>;

/** A whole snapshot. */
export const SNAPSHOT = z.looseObject({
    region: text.min(1),
    accountId: maybe(text),
    VpcAttributes: maybe(z.record(text, item({ enableDnsSupport: flag, enableDnsHostnames: flag }))),
    ...(Object.fromEntries(Object.entries(KINDS).map(([kind, of]) => [kind, list(of)])) as {
        [K in keyof typeof KINDS]: z.ZodOptional<z.ZodArray<(typeof KINDS)[K]>>;
    }),
});
