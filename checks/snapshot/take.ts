import {
    DescribeInternetGatewaysCommand,
    DescribeManagedPrefixListsCommand,
    DescribeNatGatewaysCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupsCommand,
    DescribeSubnetsCommand,
    DescribeVpcAttributeCommand,
    DescribeVpcEndpointsCommand,
    DescribeVpcsCommand,
    GetManagedPrefixListEntriesCommand,
    type ManagedPrefixList,
} from "@aws-sdk/client-ec2";

import { isGone } from "../aws/errors";
import { type CallOptions, type Ec2, type Ec2Client, PermissionMissingError } from "../aws/ec2";
import type { PrefixListWithEntries, Snapshot, SnapshotKind, VpcDnsAttributes } from "./types";

/**
 * Calls under way at once. EC2's describe actions share a bucket of about 50 to 100 requests an account and region; four
 * at once finish a snapshot in three round trips and leave the bucket to others.
 */
const CONCURRENT_CALLS = 4;

type Page<T> = { items: T[] | undefined; next: string | undefined };

type ListedKind =
    | "Vpcs"
    | "Subnets"
    | "RouteTables"
    | "SecurityGroups"
    | "InternetGateways"
    | "NatGateways"
    | "VpcEndpoints";
type Item<K extends ListedKind> = NonNullable<Snapshot[K]>[number];
type SendPage<K extends ListedKind> = (
    client: Ec2Client,
    token: string | undefined,
    options: CallOptions,
) => Promise<Pick<Snapshot, K> & { NextToken?: string | undefined }>;

/**
 * Reads what the present analysis needs of one VPC: a paginated Describe per kind, however many checks share the result.
 *
 * Filtered by AWS to the VPC (`vpc-id`): Vpcs, Subnets, RouteTables, SecurityGroups, NatGateways and VpcEndpoints.
 * Not filtered: InternetGateways, because a detached one belongs to no VPC, and is what we look for; ManagedPrefixLists,
 * which belong to the region; of those the entries of AWS's own and of those that a route names are read.
 *
 * A kind that the credentials may not read is recorded under `MissingPermissions`; it is never taken to be empty.
 */
export async function takeSnapshot(ec2: Ec2, region: string, vpcId: string): Promise<Snapshot> {
    const snapshot: Snapshot = { region };
    const inVpc = [{ Name: "vpc-id", Values: [vpcId] }];

    const read = <K extends SnapshotKind>(kind: K, load: () => Promise<Snapshot[K]>) => {
        return async () => {
            try {
                snapshot[kind] = await load();
            } catch (error) {
                if (!(error instanceof PermissionMissingError)) throw error;
                (snapshot.MissingPermissions ??= []).push({ kind, action: error.action });
            }
        };
    };

    /** One kind whose action, response field and snapshot field share a name. */
    const list = <K extends ListedKind>(kind: K, send: SendPage<K>) =>
        read(kind, async () => {
            const load = (token: string | undefined) =>
                ec2.call(`Describe${kind}`, async (client, options) => {
                    const page = await send(client, token, options);
                    return { items: page[kind] as Item<K>[] | undefined, next: page.NextToken };
                });
            return (await pages(load)) as Snapshot[K];
        });

    await inParallel([
        list("Vpcs", (client, NextToken, options) =>
            client.send(new DescribeVpcsCommand({ Filters: inVpc, MaxResults: 1000, NextToken }), options),
        ),
        read("VpcAttributes", () => readDnsAttributes(ec2, vpcId)),
        list("Subnets", (client, NextToken, options) =>
            client.send(new DescribeSubnetsCommand({ Filters: inVpc, MaxResults: 1000, NextToken }), options),
        ),
        list("RouteTables", (client, NextToken, options) =>
            client.send(
                new DescribeRouteTablesCommand({ Filters: inVpc, MaxResults: 100, NextToken }),
                options,
            ),
        ),
        list("SecurityGroups", (client, NextToken, options) =>
            client.send(
                new DescribeSecurityGroupsCommand({ Filters: inVpc, MaxResults: 1000, NextToken }),
                options,
            ),
        ),
        list("InternetGateways", (client, NextToken, options) =>
            client.send(new DescribeInternetGatewaysCommand({ MaxResults: 1000, NextToken }), options),
        ),
        list("NatGateways", (client, NextToken, options) =>
            client.send(
                new DescribeNatGatewaysCommand({ Filter: inVpc, MaxResults: 1000, NextToken }),
                options,
            ),
        ),
        list("VpcEndpoints", (client, NextToken, options) =>
            client.send(
                new DescribeVpcEndpointsCommand({ Filters: inVpc, MaxResults: 1000, NextToken }),
                options,
            ),
        ),
    ]);
    // After the route tables, which say whose entries matter.
    await read("ManagedPrefixLists", () => readPrefixLists(ec2, prefixListsInRoutes(snapshot)))();

    const owner = snapshot.Vpcs?.[0]?.OwnerId;
    return owner === undefined ? snapshot : { ...snapshot, accountId: owner };
}

/** Two calls: DescribeVpcAttribute answers one attribute at a time. A VPC that is gone has no attributes. */
async function readDnsAttributes(ec2: Ec2, vpcId: string): Promise<Record<string, VpcDnsAttributes>> {
    const attribute = (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
        ec2.call("DescribeVpcAttribute", (client, options) =>
            client.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute }), options),
        );
    try {
        const support = await attribute("enableDnsSupport");
        const hostnames = await attribute("enableDnsHostnames");
        return {
            [vpcId]: {
                enableDnsSupport: support.EnableDnsSupport?.Value === true,
                enableDnsHostnames: hostnames.EnableDnsHostnames?.Value === true,
            },
        };
    } catch (error) {
        if (isGone(error)) return {};
        throw error;
    }
}

async function readPrefixLists(ec2: Ec2, inRoutes: ReadonlySet<string>): Promise<PrefixListWithEntries[]> {
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
    const wanted = result.filter((list) => inRoutes.has(list.PrefixListId ?? "") || isGatewayService(list));
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

function prefixListsInRoutes(snapshot: Snapshot): Set<string> {
    const routes = (snapshot.RouteTables ?? []).flatMap((table) => table.Routes ?? []);
    return new Set(routes.flatMap((route) => route.DestinationPrefixListId ?? []));
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
