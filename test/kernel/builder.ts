import type {
    NetworkAclEntry,
    NetworkInterface,
    RouteTable,
    Route,
    SecurityGroupRule,
    Subnet,
    Vpc,
    VpcEndpoint,
} from "@aws-sdk/client-ec2";

import type { Snapshot } from "../../checks/snapshot/types";

const ACCOUNT = "111122223333";
export const REGION = "us-east-1";

/** Ports of a rule; a single number is one port. Of ICMP: the type and the code, -1 for all. */
export type Ports = number | readonly [number, number];

type Collections = { [K in keyof Snapshot]-?: NonNullable<Snapshot[K]> };

/** Whom a security group rule admits, or where it lets out to: a CIDR block, a prefix list or another group. */
export type RulePeer = { cidr: string } | { list: string } | { group: string };

const range = (ports: Ports): readonly [number, number] =>
    typeof ports === "number" ? [ports, ports] : ports;

/**
 * Writes a snapshot, item by item, as AWS would describe it. Ids are given by the caller after the kind's prefix, so that a
 * case can be read: `subnet("a", ...)` is `subnet-a`.
 */
export class NetworkBuilder {
    readonly snapshot: Collections & { region: string } = {
        region: REGION,
        accountId: ACCOUNT,
        Vpcs: [],
        VpcAttributes: {},
        Subnets: [],
        RouteTables: [],
        NetworkAcls: [],
        SecurityGroups: [],
        SecurityGroupRules: [],
        NetworkInterfaces: [],
        InternetGateways: [],
        NatGateways: [],
        VpcEndpoints: [],
        ManagedPrefixLists: [],
        VpcPeeringConnections: [],
        DhcpOptions: [],
        Instances: [],
        HostedZones: [],
        MissingPermissions: [],
    };

    /** `others` are the secondary blocks, each with its state. */
    vpc(
        name: string,
        cidr: string,
        details: Partial<Vpc> = {},
        others: readonly {
            readonly cidr: string;
            readonly state: "associated" | "failed" | "disassociated";
        }[] = [],
    ): string {
        const id = `vpc-${name}`;
        this.snapshot.Vpcs.push({
            VpcId: id,
            CidrBlock: cidr,
            State: "available",
            CidrBlockAssociationSet: [{ cidr, state: "associated" as const }, ...others].map((block) => ({
                CidrBlock: block.cidr,
                CidrBlockState: { State: block.state },
            })),
            DhcpOptionsId: "dopt-amazon",
            ...details,
        });
        this.snapshot.VpcAttributes[id] = { enableDnsSupport: true, enableDnsHostnames: true };
        if (this.snapshot.DhcpOptions.length === 0) {
            this.snapshot.DhcpOptions.push({
                DhcpOptionsId: "dopt-amazon",
                DhcpConfigurations: [
                    { Key: "domain-name-servers", Values: [{ Value: "AmazonProvidedDNS" }] },
                ],
            });
        }
        return id;
    }

    subnet(name: string, vpc: string, cidr: string, zone = `${REGION}a`): string {
        const subnet: Subnet = {
            SubnetId: `subnet-${name}`,
            VpcId: vpc,
            CidrBlock: cidr,
            AvailabilityZone: zone,
            State: "available",
            AvailableIpAddressCount: 200,
        };
        this.snapshot.Subnets.push(subnet);
        return `subnet-${name}`;
    }

    /** A table with the VPC's local routes. Without subnets it is the main one. */
    routeTable(
        name: string,
        vpc: string,
        subnets: readonly string[] | "main",
        routes: readonly Route[] = [],
    ): string {
        const id = `rtb-${name}`;
        const associations =
            subnets === "main"
                ? [{ RouteTableId: id, RouteTableAssociationId: `rtbassoc-${name}`, Main: true }]
                : subnets.map((subnet) => ({
                      RouteTableId: id,
                      RouteTableAssociationId: `rtbassoc-${subnet}`,
                      SubnetId: subnet,
                      Main: false,
                  }));
        const table: RouteTable = {
            RouteTableId: id,
            VpcId: vpc,
            Associations: associations.map((each) => ({
                ...each,
                AssociationState: { State: "associated" },
            })),
            Routes: [
                ...this.blocksOf(vpc).map((cidr) => ({
                    DestinationCidrBlock: cidr,
                    GatewayId: "local",
                    State: "active" as const,
                    Origin: "CreateRouteTable" as const,
                })),
                ...routes.map((route): Route => ({ State: "active", Origin: "CreateRoute", ...route })),
            ],
            PropagatingVgws: [],
        };
        this.snapshot.RouteTables.push(table);
        return id;
    }

    networkAcl(
        name: string,
        vpc: string,
        subnets: readonly string[],
        entries: readonly NetworkAclEntry[],
    ): string {
        const id = `acl-${name}`;
        this.snapshot.NetworkAcls.push({
            NetworkAclId: id,
            VpcId: vpc,
            IsDefault: false,
            Associations: subnets.map((subnet) => ({
                NetworkAclAssociationId: `aclassoc-${subnet}`,
                NetworkAclId: id,
                SubnetId: subnet,
            })),
            Entries: [
                ...entries,
                ...[false, true].map((egress) => entry(32767, egress, "deny", "-1", "0.0.0.0/0")),
            ],
        });
        return id;
    }

    securityGroup(name: string, vpc: string): string {
        this.snapshot.SecurityGroups.push({
            GroupId: `sg-${name}`,
            GroupName: name,
            VpcId: vpc,
            OwnerId: ACCOUNT,
            Description: name,
        });
        return `sg-${name}`;
    }

    groupRule(group: string, egress: boolean, protocol: string, ports: Ports, peer: RulePeer): void {
        const [from, to] = protocol === "-1" ? [-1, -1] : range(ports);
        const rule: SecurityGroupRule = {
            SecurityGroupRuleId: `sgr-${this.snapshot.SecurityGroupRules.length + 1}`,
            GroupId: group,
            GroupOwnerId: ACCOUNT,
            IsEgress: egress,
            IpProtocol: protocol,
            FromPort: from,
            ToPort: to,
            ...("cidr" in peer ? { CidrIpv4: peer.cidr } : {}),
            ...("list" in peer ? { PrefixListId: peer.list } : {}),
            ...("group" in peer ? { ReferencedGroupInfo: { GroupId: peer.group, UserId: ACCOUNT } } : {}),
        };
        this.snapshot.SecurityGroupRules.push(rule);
    }

    networkInterface(
        name: string,
        subnet: string,
        address: string,
        groups: readonly string[],
        details: Partial<NetworkInterface> = {},
    ): string {
        const { VpcId, AvailabilityZone } = this.subnetOf(subnet);
        const { Association } = details;
        this.snapshot.NetworkInterfaces.push({
            NetworkInterfaceId: `eni-${name}`,
            SubnetId: subnet,
            VpcId,
            AvailabilityZone,
            OwnerId: ACCOUNT,
            Status: "in-use",
            InterfaceType: "interface",
            SourceDestCheck: true,
            PrivateIpAddress: address,
            PrivateIpAddresses: [
                {
                    Primary: true,
                    PrivateIpAddress: address,
                    ...(Association === undefined ? {} : { Association }),
                },
            ],
            Groups: groups.map((group) => ({ GroupId: group, GroupName: group.slice(3) })),
            ...details,
        });
        return `eni-${name}`;
    }

    /** An instance with one interface, which exists already. */
    instance(name: string, networkInterface: string): string {
        const eni = this.snapshot.NetworkInterfaces.find(
            (each) => each.NetworkInterfaceId === networkInterface,
        );
        if (eni === undefined) throw new Error(`there is no ${networkInterface}`);
        this.snapshot.Instances.push({
            InstanceId: `i-${name}`,
            VpcId: eni.VpcId,
            SubnetId: eni.SubnetId,
            PrivateIpAddress: eni.PrivateIpAddress,
            State: { Name: "running", Code: 16 },
            NetworkInterfaces: [
                {
                    NetworkInterfaceId: networkInterface,
                    SubnetId: eni.SubnetId,
                    VpcId: eni.VpcId,
                    PrivateIpAddress: eni.PrivateIpAddress,
                    Attachment: { DeviceIndex: 0, Status: "attached" },
                },
            ],
        });
        eni.Attachment = { InstanceId: `i-${name}`, DeviceIndex: 0, Status: "attached" };
        return `i-${name}`;
    }

    /** Attached to the VPC, or to none. */
    internetGateway(
        name: string,
        vpc: string | undefined,
        state: "available" | "detaching" = "available",
    ): string {
        this.snapshot.InternetGateways.push({
            InternetGatewayId: `igw-${name}`,
            Attachments: vpc === undefined ? [] : [{ VpcId: vpc, State: state as "attached" }],
        });
        return `igw-${name}`;
    }

    natGateway(
        name: string,
        subnet: string,
        address: string,
        publicIp: string | undefined,
        state: "available" | "pending" | "failed" | "deleting" = "available",
    ): string {
        const eni = this.networkInterface(`nat-${name}`, subnet, address, [], {
            // AWS answers so, whatever the SDK's enumeration says.
            InterfaceType: "nat_gateway" as NetworkInterface["InterfaceType"],
            SourceDestCheck: false,
            RequesterManaged: true,
            Description: `Interface for NAT Gateway nat-${name}`,
            ...(publicIp === undefined
                ? {}
                : { Association: { PublicIp: publicIp, AllocationId: `eipalloc-${name}` } }),
        });
        this.snapshot.NatGateways.push({
            NatGatewayId: `nat-${name}`,
            SubnetId: subnet,
            VpcId: this.subnetOf(subnet).VpcId,
            State: state,
            ConnectivityType: publicIp === undefined ? "private" : "public",
            NatGatewayAddresses: [
                {
                    NetworkInterfaceId: eni,
                    PrivateIp: address,
                    IsPrimary: true,
                    Status: "succeeded",
                    ...(publicIp === undefined
                        ? {}
                        : { PublicIp: publicIp, AllocationId: `eipalloc-${name}` }),
                },
            ],
        });
        return `nat-${name}`;
    }

    prefixList(name: string, cidrs: readonly string[], service?: string): string {
        this.snapshot.ManagedPrefixLists.push({
            PrefixListId: `pl-${name}`,
            PrefixListName: service === undefined ? name : `com.amazonaws.${REGION}.${service}`,
            OwnerId: service === undefined ? ACCOUNT : "AWS",
            AddressFamily: "IPv4",
            State: "create-complete",
            Entries: cidrs.map((Cidr) => ({ Cidr })),
        });
        return `pl-${name}`;
    }

    /** A gateway endpoint; the routes to it are the caller's to write. */
    gatewayEndpoint(
        name: string,
        vpc: string,
        service: string,
        tables: readonly string[],
        state = "available",
    ): string {
        this.snapshot.VpcEndpoints.push({
            VpcEndpointId: `vpce-${name}`,
            VpcEndpointType: "Gateway",
            VpcId: vpc,
            ServiceName: `com.amazonaws.${REGION}.${service}`,
            State: state as VpcEndpoint["State"],
            RouteTableIds: [...tables],
            PrivateDnsEnabled: false,
        });
        return `vpce-${name}`;
    }

    interfaceEndpoint(
        name: string,
        vpc: string,
        service: string,
        places: readonly { subnet: string; address: string }[],
        groups: readonly string[],
        { state = "available", privateDns = true }: { state?: string; privateDns?: boolean } = {},
    ): string {
        const enis = places.map(({ subnet, address }, number) =>
            this.networkInterface(`${name}-${number}`, subnet, address, groups, {
                InterfaceType: "vpc_endpoint",
                RequesterManaged: true,
                Description: `VPC Endpoint Interface vpce-${name}`,
            }),
        );
        this.snapshot.VpcEndpoints.push({
            VpcEndpointId: `vpce-${name}`,
            VpcEndpointType: "Interface",
            VpcId: vpc,
            ServiceName: `com.amazonaws.${REGION}.${service}`,
            State: state as VpcEndpoint["State"],
            SubnetIds: places.map(({ subnet }) => subnet),
            NetworkInterfaceIds: enis,
            Groups: groups.map((group) => ({ GroupId: group, GroupName: group.slice(3) })),
            PrivateDnsEnabled: privateDns,
        });
        return `vpce-${name}`;
    }

    peering(name: string, requester: string, accepter: string, state = "active"): string {
        const side = (vpc: string) => ({
            VpcId: vpc,
            OwnerId: ACCOUNT,
            Region: REGION,
            CidrBlock: this.blocksOf(vpc)[0],
            CidrBlockSet: this.blocksOf(vpc).map((CidrBlock) => ({ CidrBlock })),
        });
        this.snapshot.VpcPeeringConnections.push({
            VpcPeeringConnectionId: `pcx-${name}`,
            RequesterVpcInfo: side(requester),
            AccepterVpcInfo: side(accepter),
            Status: { Code: state as "active" },
        });
        return `pcx-${name}`;
    }

    /** The blocks that belong to the VPC, the primary one first. */
    private blocksOf(vpc: string): string[] {
        const found = this.snapshot.Vpcs.find(({ VpcId }) => VpcId === vpc);
        return (found?.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock, CidrBlockState }) =>
            CidrBlock !== undefined && CidrBlockState?.State === "associated" ? [CidrBlock] : [],
        );
    }

    private subnetOf(id: string): Subnet {
        const subnet = this.snapshot.Subnets.find(({ SubnetId }) => SubnetId === id);
        if (subnet === undefined) throw new Error(`there is no ${id}`);
        return subnet;
    }
}

/** An entry of a network ACL; protocols by number, as AWS writes them. */
export function entry(
    number: number,
    egress: boolean,
    action: "allow" | "deny",
    protocol: "-1" | "1" | "6" | "17",
    cidr: string,
    ports?: Ports,
): NetworkAclEntry {
    const [from, to] = range(ports ?? [protocol === "1" ? -1 : 0, protocol === "1" ? -1 : 65535]);
    return {
        RuleNumber: number,
        Egress: egress,
        RuleAction: action,
        Protocol: protocol,
        CidrBlock: cidr,
        ...(protocol === "1" ? { IcmpTypeCode: { Type: from, Code: to } } : {}),
        ...(protocol === "6" || protocol === "17" ? { PortRange: { From: from, To: to } } : {}),
    };
}

/** Everything in and out. */
export function allowAll(): NetworkAclEntry[] {
    return [false, true].map((egress) => entry(100, egress, "allow", "-1", "0.0.0.0/0"));
}
