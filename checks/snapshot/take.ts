import {
    DescribeVpcAttributeCommand,
    type EC2Client,
    type Filter,
    type ManagedPrefixList,
    paginateDescribeDhcpOptions,
    paginateDescribeInstances,
    paginateDescribeInternetGateways,
    paginateDescribeManagedPrefixLists,
    paginateDescribeNatGateways,
    paginateDescribeNetworkAcls,
    paginateDescribeNetworkInterfaces,
    paginateDescribeRouteTables,
    paginateDescribeSecurityGroupRules,
    paginateDescribeSecurityGroups,
    paginateDescribeSubnets,
    paginateDescribeVpcEndpoints,
    paginateDescribeVpcPeeringConnections,
    paginateDescribeVpcs,
    paginateGetManagedPrefixListEntries,
} from "@aws-sdk/client-ec2";

import { isGone } from "../../lib/aws/errors";
import { type Ec2, PermissionMissingError } from "../../lib/aws/ec2";
import type { CallOptions } from "../../lib/aws/service";
import type { PrefixListWithEntries, Snapshot, SnapshotKind, VpcDnsAttributes } from "./types";

/**
 * Calls under way at once. EC2's describe actions share a bucket of about 50 to 100 requests an account and region; four
 * at once finish a snapshot in few round trips and leave the bucket to others.
 */
const CONCURRENT_CALLS = 4;

type ListedKind = Exclude<SnapshotKind, "VpcAttributes" | "ManagedPrefixLists" | "HostedZones">;

type Item<K extends ListedKind> = NonNullable<Snapshot[K]>[number];

/** Filters by the VPC, where AWS can; none for a whole region. */
type Paginate<K extends ListedKind> = (
    config: { client: EC2Client; pageSize: number },
    Filters: Filter[] | undefined,
    options: CallOptions,
) => AsyncIterable<Pick<Snapshot, K>>;

/** How each kind is listed. Action, response field and snapshot field share the kind's name. */
const LISTS: { readonly [K in ListedKind]: Paginate<K> } = {
    Vpcs: (config, Filters, options) => paginateDescribeVpcs(config, { Filters }, options),
    Subnets: (config, Filters, options) => paginateDescribeSubnets(config, { Filters }, options),
    RouteTables: (config, Filters, options) =>
        paginateDescribeRouteTables({ ...config, pageSize: SMALL_PAGE }, { Filters }, options),
    NetworkAcls: (config, Filters, options) => paginateDescribeNetworkAcls(config, { Filters }, options),
    SecurityGroups: (config, Filters, options) =>
        paginateDescribeSecurityGroups(config, { Filters }, options),
    // AWS filters rules by group only, not by VPC.
    SecurityGroupRules: (config, _, options) => paginateDescribeSecurityGroupRules(config, {}, options),
    NetworkInterfaces: (config, Filters, options) =>
        paginateDescribeNetworkInterfaces(config, { Filters }, options),
    // A detached one belongs to no VPC, and is what the checks look for.
    InternetGateways: (config, _, options) => paginateDescribeInternetGateways(config, {}, options),
    NatGateways: (config, Filter, options) => paginateDescribeNatGateways(config, { Filter }, options),
    VpcEndpoints: (config, Filters, options) => paginateDescribeVpcEndpoints(config, { Filters }, options),
    // A VPC may be on either side, and filters add up.
    VpcPeeringConnections: (config, _, options) => paginateDescribeVpcPeeringConnections(config, {}, options),
    DhcpOptions: (config, _, options) => paginateDescribeDhcpOptions(config, {}, options),
    Instances: async function* (config, Filters, options) {
        for await (const { Reservations = [] } of paginateDescribeInstances(config, { Filters }, options))
            yield { Instances: Reservations.flatMap(({ Instances = [] }) => Instances) };
    },
};

/** Items of a page: most actions give up to 1000, some 100. */
const PAGE = 1000;
const SMALL_PAGE = 100;

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
        read(
            kind,
            () =>
                ec2.list(
                    `Describe${kind}`,
                    (client, options) => LISTS[kind]({ client, pageSize: PAGE }, Filters, options),
                    (page) => page[kind] as Item<K>[] | undefined,
                ) as Promise<Snapshot[K]>,
        );

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
        ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute }));
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
    const lists = await ec2.list(
        "DescribeManagedPrefixLists",
        (client, options) =>
            paginateDescribeManagedPrefixLists({ client, pageSize: SMALL_PAGE }, {}, options),
        (page) => page.PrefixLists,
    );
    const result: PrefixListWithEntries[] = lists.map((list) => ({ ...list }));
    const wanted = result.filter((list) => inUse.has(list.PrefixListId ?? "") || isGatewayService(list));
    await inParallel(
        wanted.map((list) => async () => {
            const { PrefixListId } = list;
            list.Entries = await ec2.list(
                "GetManagedPrefixListEntries",
                (client, options) =>
                    paginateGetManagedPrefixListEntries(
                        { client, pageSize: SMALL_PAGE },
                        { PrefixListId },
                        options,
                    ),
                (page) => page.Entries,
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
