import {
    DescribeDhcpOptionsCommand,
    DescribeInstancesCommand,
    DescribeInternetGatewaysCommand,
    DescribeManagedPrefixListsCommand,
    DescribeNatGatewaysCommand,
    DescribeNetworkAclsCommand,
    DescribeNetworkInterfacesCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupRulesCommand,
    DescribeSecurityGroupsCommand,
    DescribeSubnetsCommand,
    DescribeVpcAttributeCommand,
    DescribeVpcEndpointsCommand,
    DescribeVpcPeeringConnectionsCommand,
    DescribeVpcsCommand,
    type Filter,
    GetManagedPrefixListEntriesCommand,
    type ManagedPrefixList,
} from "@aws-sdk/client-ec2";

import { isGone } from "../../lib/aws/errors";
import { type CallOptions, type Ec2, type Ec2Client, PermissionMissingError } from "../../lib/aws/ec2";
import type { PrefixListWithEntries, Snapshot, SnapshotKind, VpcDnsAttributes } from "./types";

/**
 * Calls under way at once. EC2's describe actions share a bucket of about 50 to 100 requests an account and region; four
 * at once finish a snapshot in few round trips and leave the bucket to others.
 */
const CONCURRENT_CALLS = 4;

type Page<T> = { items: T[] | undefined; next: string | undefined };

type ListedKind = Exclude<SnapshotKind, "VpcAttributes" | "ManagedPrefixLists" | "HostedZones">;
type Item<K extends ListedKind> = NonNullable<Snapshot[K]>[number];
interface ListInput {
    /** By the VPC, where AWS can; none for a whole region. */
    readonly Filters: Filter[] | undefined;
    readonly NextToken: string | undefined;
}
type ListPage<K extends ListedKind> = (
    client: Ec2Client,
    input: ListInput,
    options: CallOptions,
) => Promise<Pick<Snapshot, K> & { NextToken?: string | undefined }>;

/** One paginated call a kind; action, response field and snapshot field share the kind's name. */
const LISTS: { readonly [K in ListedKind]: ListPage<K> } = {
    Vpcs: (client, input, options) =>
        client.send(new DescribeVpcsCommand({ ...input, MaxResults: 1000 }), options),
    Subnets: (client, input, options) =>
        client.send(new DescribeSubnetsCommand({ ...input, MaxResults: 1000 }), options),
    RouteTables: (client, input, options) =>
        client.send(new DescribeRouteTablesCommand({ ...input, MaxResults: 100 }), options),
    NetworkAcls: (client, input, options) =>
        client.send(new DescribeNetworkAclsCommand({ ...input, MaxResults: 1000 }), options),
    SecurityGroups: (client, input, options) =>
        client.send(new DescribeSecurityGroupsCommand({ ...input, MaxResults: 1000 }), options),
    // AWS filters rules by group only, not by VPC.
    SecurityGroupRules: (client, { NextToken }, options) =>
        client.send(new DescribeSecurityGroupRulesCommand({ NextToken, MaxResults: 1000 }), options),
    NetworkInterfaces: (client, input, options) =>
        client.send(new DescribeNetworkInterfacesCommand({ ...input, MaxResults: 1000 }), options),
    // A detached one belongs to no VPC, and is what we look for.
    InternetGateways: (client, { NextToken }, options) =>
        client.send(new DescribeInternetGatewaysCommand({ NextToken, MaxResults: 1000 }), options),
    NatGateways: (client, { Filters, NextToken }, options) =>
        client.send(
            new DescribeNatGatewaysCommand({ Filter: Filters, NextToken, MaxResults: 1000 }),
            options,
        ),
    VpcEndpoints: (client, input, options) =>
        client.send(new DescribeVpcEndpointsCommand({ ...input, MaxResults: 1000 }), options),
    // A VPC may be on either side, and filters add up.
    VpcPeeringConnections: (client, { NextToken }, options) =>
        client.send(new DescribeVpcPeeringConnectionsCommand({ NextToken, MaxResults: 1000 }), options),
    DhcpOptions: (client, { NextToken }, options) =>
        client.send(new DescribeDhcpOptionsCommand({ NextToken, MaxResults: 1000 }), options),
    Instances: async (client, input, options) => {
        const page = await client.send(new DescribeInstancesCommand({ ...input, MaxResults: 1000 }), options);
        return {
            Instances: (page.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []),
            NextToken: page.NextToken,
        };
    },
};

/** What the stages of the network check look at. */
export const CHECK_KINDS: readonly SnapshotKind[] = [
    "Vpcs",
    "VpcAttributes",
    "Subnets",
    "RouteTables",
    "SecurityGroups",
    "InternetGateways",
    "NatGateways",
    "VpcEndpoints",
    "ManagedPrefixLists",
    "NetworkAcls",
    "NetworkInterfaces",
    "DhcpOptions",
];

/** What the analysis of flows looks at: everything. */
export const ALL_KINDS: readonly SnapshotKind[] = [
    ...CHECK_KINDS,
    "SecurityGroupRules",
    "VpcPeeringConnections",
    "Instances",
];

/**
 * Reads a network: a paginated Describe per kind, however many checks share the result.
 *
 * @param vpcId the VPC to which AWS filters what belongs to one; undefined for the whole region.
 * @param kinds what is read. A kind that is left out is absent from the snapshot.
 *
 * A kind that the credentials may not read is recorded under `MissingPermissions`; it is never taken to be empty.
 */
export async function takeSnapshot(
    ec2: Ec2,
    region: string,
    vpcId: string | undefined,
    kinds: readonly SnapshotKind[] = CHECK_KINDS,
): Promise<Snapshot> {
    const snapshot: Snapshot = { region };
    const Filters = vpcId === undefined ? undefined : [{ Name: "vpc-id", Values: [vpcId] }];

    const read = async <K extends SnapshotKind>(kind: K, load: () => Promise<Snapshot[K]>) => {
        if (!kinds.includes(kind)) return;
        try {
            snapshot[kind] = await load();
        } catch (error) {
            if (!(error instanceof PermissionMissingError)) throw error;
            (snapshot.MissingPermissions ??= []).push({ kind, action: error.action });
        }
    };

    const list = <K extends ListedKind>(kind: K) =>
        read(kind, async () => {
            const load = (NextToken: string | undefined) =>
                ec2.call(`Describe${kind}`, async (client, options) => {
                    const page = await LISTS[kind](client, { Filters, NextToken }, options);
                    return { items: page[kind] as Item<K>[] | undefined, next: page.NextToken };
                });
            return (await pages(load)) as Snapshot[K];
        });

    await inParallel((Object.keys(LISTS) as ListedKind[]).map((kind) => () => list(kind)));
    // After those that say whose attributes and entries matter.
    const vpcIds = vpcId === undefined ? (snapshot.Vpcs ?? []).flatMap((vpc) => vpc.VpcId ?? []) : [vpcId];
    await inParallel([
        () => read("VpcAttributes", () => readDnsAttributes(ec2, vpcIds)),
        () => read("ManagedPrefixLists", () => readPrefixLists(ec2, prefixListsInUse(snapshot))),
    ]);

    const owner = snapshot.Vpcs?.[0]?.OwnerId;
    return owner === undefined ? snapshot : { ...snapshot, accountId: owner };
}

async function readDnsAttributes(
    ec2: Ec2,
    vpcIds: readonly string[],
): Promise<Record<string, VpcDnsAttributes>> {
    const attributes: Record<string, VpcDnsAttributes> = {};
    await inParallel(
        vpcIds.map((vpcId) => async () => {
            const found = await readDnsAttributesOf(ec2, vpcId);
            if (found !== undefined) attributes[vpcId] = found;
        }),
    );
    return attributes;
}

/** Two calls: DescribeVpcAttribute answers one attribute at a time. A VPC that is gone has no attributes. */
async function readDnsAttributesOf(ec2: Ec2, vpcId: string): Promise<VpcDnsAttributes | undefined> {
    const attribute = (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
        ec2.call("DescribeVpcAttribute", (client, options) =>
            client.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute }), options),
        );
    try {
        const support = await attribute("enableDnsSupport");
        const hostnames = await attribute("enableDnsHostnames");
        return {
            enableDnsSupport: support.EnableDnsSupport?.Value === true,
            enableDnsHostnames: hostnames.EnableDnsHostnames?.Value === true,
        };
    } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
    }
}

async function readPrefixLists(ec2: Ec2, inUse: ReadonlySet<string>): Promise<PrefixListWithEntries[]> {
    const lists = await pages<ManagedPrefixList>((NextToken) =>
        ec2.call("DescribeManagedPrefixLists", async (client, options) => {
            const page = await client.send(
                new DescribeManagedPrefixListsCommand({ MaxResults: 100, NextToken }),
                options,
            );
            return { items: page.PrefixLists, next: page.NextToken };
        }),
    );
    const result: PrefixListWithEntries[] = lists.map((list) => ({ ...list }));
    const wanted = result.filter((list) => inUse.has(list.PrefixListId ?? "") || isGatewayService(list));
    await inParallel(
        wanted.map((list) => async () => {
            list.Entries = await pages((NextToken) =>
                ec2.call("GetManagedPrefixListEntries", async (client, options) => {
                    const page = await client.send(
                        new GetManagedPrefixListEntriesCommand({
                            PrefixListId: list.PrefixListId,
                            MaxResults: 100,
                            NextToken,
                        }),
                        options,
                    );
                    return { items: page.Entries, next: page.NextToken };
                }),
            );
        }),
    );
    return result;
}

/** The two services that have gateway endpoints: what their endpoint carries is the list's entries. */
function isGatewayService(list: ManagedPrefixList): boolean {
    return /^com\.amazonaws\.[^.]+\.(s3|dynamodb)$/.test(list.PrefixListName ?? "");
}

/** Those that a route or a rule of a security group names. */
function prefixListsInUse(snapshot: Snapshot): Set<string> {
    const routes = (snapshot.RouteTables ?? []).flatMap((table) => table.Routes ?? []);
    const permissions = (snapshot.SecurityGroups ?? []).flatMap((group) => [
        ...(group.IpPermissions ?? []),
        ...(group.IpPermissionsEgress ?? []),
    ]);
    return new Set([
        ...routes.flatMap((route) => route.DestinationPrefixListId ?? []),
        ...permissions.flatMap(({ PrefixListIds }) =>
            (PrefixListIds ?? []).flatMap((one) => one.PrefixListId ?? []),
        ),
    ]);
}

async function pages<T>(load: (token: string | undefined) => Promise<Page<T>>): Promise<T[]> {
    const items: T[] = [];
    let token: string | undefined;
    do {
        const page = await load(token);
        items.push(...(page.items ?? []));
        token = page.next;
    } while (token !== undefined && token !== "");
    return items;
}

/** Runs the jobs, some at a time; the first error stops those that have not begun. */
async function inParallel(jobs: readonly (() => Promise<void>)[]): Promise<void> {
    const queue = [...jobs];
    const worker = async () => {
        for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
            try {
                await job();
            } catch (error) {
                queue.length = 0;
                throw error;
            }
        }
    };
    await Promise.all(Array.from({ length: CONCURRENT_CALLS }, worker));
}
