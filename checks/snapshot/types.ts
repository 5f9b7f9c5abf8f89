import type {
    DhcpOptions,
    Instance,
    InternetGateway,
    ManagedPrefixList,
    NatGateway,
    NetworkAcl,
    NetworkInterface,
    PrefixListEntry,
    RouteTable,
    SecurityGroup,
    SecurityGroupRule,
    Subnet,
    Vpc,
    VpcEndpoint,
    VpcPeeringConnection,
} from "@aws-sdk/client-ec2";

import type { HostedZone, ResourceRecordSet, VPC } from "@aws-sdk/client-route-53";

/** The two attributes of a VPC that DescribeVpcs does not return. */
export interface VpcDnsAttributes {
    enableDnsSupport: boolean;
    enableDnsHostnames: boolean;
}

/** A managed prefix list with the entries that GetManagedPrefixListEntries returns. */
export interface PrefixListWithEntries extends ManagedPrefixList {
    Entries?: PrefixListEntry[];
}

/** A private hosted zone, the VPCs in which it answers, and its records. */
export interface HostedZoneWithRecords extends Pick<HostedZone, "Id" | "Name"> {
    VPCs?: VPC[];
    ResourceRecordSets?: ResourceRecordSet[];
}

/**
 * A part of an account's network at one moment: the items of the AWS responses, verbatim, under the names that the
 * responses give them, so that a snapshot made with the AWS CLI is one too. An absent array means that there are none.
 */
export interface Snapshot {
    region: string;
    accountId?: string;
    Vpcs?: Vpc[];
    VpcAttributes?: Record<string, VpcDnsAttributes>;
    Subnets?: Subnet[];
    RouteTables?: RouteTable[];
    NetworkAcls?: NetworkAcl[];
    SecurityGroups?: SecurityGroup[];
    SecurityGroupRules?: SecurityGroupRule[];
    NetworkInterfaces?: NetworkInterface[];
    InternetGateways?: InternetGateway[];
    NatGateways?: NatGateway[];
    VpcEndpoints?: VpcEndpoint[];
    ManagedPrefixLists?: PrefixListWithEntries[];
    VpcPeeringConnections?: VpcPeeringConnection[];
    DhcpOptions?: DhcpOptions[];
    Instances?: Instance[];
    /**
     * The private hosted zones of Route 53 that are associated with a VPC of the snapshot, as GetHostedZone and
     * ListResourceRecordSets give them.
     */
    HostedZones?: HostedZoneWithRecords[];
    /** The kinds that could not be read: nothing may be concluded from their absence. */
    MissingPermissions?: MissingPermission[];
}

export type SnapshotKind = Exclude<keyof Snapshot, "region" | "accountId" | "MissingPermissions">;

export interface MissingPermission {
    kind: SnapshotKind;
    /** The IAM action to grant, such as ec2:DescribeRouteTables. */
    action: string;
}

/** Those of the kinds that could not be read. */
export function missingOf(snapshot: Snapshot, kinds: readonly SnapshotKind[]): MissingPermission[] {
    return (snapshot.MissingPermissions ?? []).filter(({ kind }) => kinds.includes(kind));
}
