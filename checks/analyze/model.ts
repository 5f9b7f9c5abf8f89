import type {
    InternetGateway,
    NatGateway,
    RouteTable,
    Subnet,
    Vpc,
    VpcEndpoint,
    VpcPeeringConnection,
} from "@aws-sdk/client-ec2";

import { type Block, contains, formatBlock, type IpRange, parseBlock } from "../../lib/addresses/ip";
import type { MissingPermission, Snapshot, SnapshotKind } from "../snapshot/types";
import { hasAddress, type Interface, readInterfaces, withAddress } from "./interfaces";
import { type Acl, type CompiledEntry, compileAcls } from "./network-acls";
import {
    isInEffect,
    prefixListBlocks,
    readPrefixLists,
    type RouteEntry,
    routeEntries,
    targetOf,
} from "./routes";
import { compileGroups, type Group } from "./security-groups";
import type { SemanticRule } from "./semantics";

/** A route table, its routes of both families ready to be matched. */
export interface Table {
    readonly id: string;
    readonly vpcId: string;
    readonly entries: readonly RouteEntry[];
    /** Routes to prefix lists that the snapshot does not have: what they match is not known. */
    readonly unknownPrefixLists: readonly { readonly id: string; readonly toEndpoint: boolean }[];
}

/** Kinds that only let pass or stop, wherever the packet goes. */
const FILTERS: readonly SnapshotKind[] = [
    "NetworkAcls",
    "SecurityGroups",
    "SecurityGroupRules",
    "RouteTables",
    "NatGateways",
    "InternetGateways",
    "VpcPeeringConnections",
];

/** A snapshot, indexed once, so that each flow is judged without a search. */
export class Model {
    readonly vpcs: ReadonlyMap<string, Vpc>;
    readonly subnets: ReadonlyMap<string, Subnet>;
    readonly interfaces: ReadonlyMap<string, Interface>;
    readonly natGateways: ReadonlyMap<string, NatGateway>;
    readonly internetGateways: ReadonlyMap<string, InternetGateway>;
    readonly endpoints: ReadonlyMap<string, VpcEndpoint>;
    readonly peerings: ReadonlyMap<string, VpcPeeringConnection>;
    readonly groups: ReadonlyMap<string, Group>;
    readonly membersOf: ReadonlyMap<string, readonly Interface[]>;
    readonly inSubnet: ReadonlyMap<string, readonly Interface[]>;
    private readonly instanceStates = new Map<string, string>();
    private readonly primaryOf = new Map<string, Interface>();
    private readonly byAddress = new Map<string, Interface>();
    private readonly byPublicAddress = new Map<string, Interface>();
    private readonly withPrefixes: readonly Interface[];
    private readonly aclOf: ReadonlyMap<string, Acl>;
    private readonly tables = new Map<string, Table>();
    private readonly tableOfSubnet = new Map<string, Table>();
    private readonly mainTables = new Map<string, Table>();
    private readonly missing: ReadonlyMap<SnapshotKind, MissingPermission>;
    private readonly blocksOfVpc = new Map<string, Block[]>();

    constructor(
        readonly snapshot: Snapshot,
        private readonly disabled: ReadonlySet<SemanticRule>,
    ) {
        this.vpcs = indexBy(snapshot.Vpcs, (vpc) => vpc.VpcId);
        this.subnets = indexBy(snapshot.Subnets, (subnet) => subnet.SubnetId);
        this.natGateways = indexBy(snapshot.NatGateways, (nat) => nat.NatGatewayId);
        this.internetGateways = indexBy(snapshot.InternetGateways, (gateway) => gateway.InternetGatewayId);
        this.endpoints = indexBy(snapshot.VpcEndpoints, (endpoint) => endpoint.VpcEndpointId);
        this.peerings = indexBy(snapshot.VpcPeeringConnections, (one) => one.VpcPeeringConnectionId);
        this.missing = new Map(snapshot.MissingPermissions?.map((one) => [one.kind, one]));
        const interfaces = readInterfaces(snapshot);
        this.interfaces = new Map(interfaces.map((one) => [one.id, one]));
        this.inSubnet = groupBy(interfaces, (one) => [one.subnetId]);
        this.membersOf = groupBy(interfaces, (one) => one.groups);
        for (const one of interfaces) {
            if (one.instanceId !== undefined && one.isPrimary) this.primaryOf.set(one.instanceId, one);
            for (const { first } of one.addresses) this.byAddress.set(`${one.vpcId} ${first}`, one);
            for (const [first, publicAddress] of one.publicAddresses)
                this.byPublicAddress.set(publicAddress, withAddress(one, { family: 4, first, last: first }));
        }
        this.withPrefixes = interfaces.filter(({ prefixes }) => prefixes.length > 0);
        for (const { InstanceId, State } of snapshot.Instances ?? [])
            if (InstanceId !== undefined && State?.Name !== undefined)
                this.instanceStates.set(InstanceId, State.Name);
        this.groups = compileGroups(snapshot);
        this.aclOf = compileAcls(snapshot);
        this.readTables(snapshot);
    }

    /** Whether the analysis follows this rule; a test switches one off. */
    readonly follows = (rule: SemanticRule): boolean => !this.disabled.has(rule);

    /**
     * Whether the kind could be read, or its absence says nothing about where a packet goes: what filters by itself is left out, and all
     * else that stops the packet stays certain.
     */
    isReadOrLocal(kind: SnapshotKind): boolean {
        return !this.missing.has(kind) || FILTERS.includes(kind);
    }

    missingPermission(kind: SnapshotKind): MissingPermission | undefined {
        return this.missing.get(kind);
    }

    /** By its id, or by that of its instance, whose primary interface it then is. */
    interfaceNamed(id: string): Interface | undefined {
        return this.interfaces.get(id) ?? this.primaryOf.get(id);
    }

    /** The interface that has the address, by itself or in a block that is delegated to it; with this one address alone. */
    interfaceAt(vpcId: string, address: IpRange): Interface | undefined {
        const found =
            this.byAddress.get(`${vpcId} ${address.first}`) ??
            this.withPrefixes.find((one) => one.vpcId === vpcId && hasAddress(one, address));
        return found === undefined ? undefined : withAddress(found, address);
    }

    /** Of a VPC of another account a participant sees its own interfaces alone. */
    isOfOtherAccount(vpcId: string): boolean {
        const owner = this.vpcs.get(vpcId)?.OwnerId;
        const { accountId } = this.snapshot;
        return owner !== undefined && accountId !== undefined && owner !== accountId;
    }

    /** Whether the snapshot has instances, and not this one: its state then is not known. */
    lacksInstance(instanceId: string): boolean {
        return this.snapshot.Instances !== undefined && !this.instanceStates.has(instanceId);
    }

    /** Whether the snapshot tells the rules of a group: a group that it lists, or any where it lists rules alone. */
    knowsGroup(groupId: string): boolean {
        const { SecurityGroups, SecurityGroupRules } = this.snapshot;
        return this.groups.has(groupId) || (SecurityGroups === undefined && SecurityGroupRules !== undefined);
    }

    /** What the snapshot says of the instance, if it has it. */
    stateOfInstance(instanceId: string): string | undefined {
        return this.instanceStates.get(instanceId);
    }

    /** Whether any peering connection is between the two VPCs, whatever its state. */
    arePeers(vpcId: string, otherId: string): boolean {
        return [...this.peerings.values()].some(({ RequesterVpcInfo, AccepterVpcInfo }) => {
            const sides = [RequesterVpcInfo?.VpcId, AccepterVpcInfo?.VpcId];
            return sides.includes(vpcId) && sides.includes(otherId);
        });
    }

    /** The interface that has the public address, with the private address that it belongs to. */
    interfaceWithPublicAddress(address: string): Interface | undefined {
        return this.byPublicAddress.get(address);
    }

    /** No association of its own means the main table of the VPC. */
    tableOf(subnetId: string): Table | undefined {
        const own = this.tableOfSubnet.get(subnetId);
        if (own !== undefined || !this.follows("main-table-by-default")) return own;
        return this.mainTables.get(this.subnets.get(subnetId)?.VpcId ?? "");
    }

    tableNamed(id: string): Table | undefined {
        return this.tables.get(id);
    }

    /** A subnet always has one; a snapshot without network ACLs filters by none. */
    networkAclOf(subnetId: string): Acl | undefined {
        return this.aclOf.get(subnetId) ?? this.aclOf.get(`default of ${this.subnets.get(subnetId)?.VpcId}`);
    }

    /** Every block that a rule of a group, an entry of a network ACL or a route names. */
    *blocksInRules(): Generator<Block> {
        for (const { ingress, egress } of this.groups.values())
            for (const rule of [...ingress, ...egress]) yield* rule.blocks;
        for (const { block } of this.aclEntries()) yield block;
        yield* this.blocksInRoutes();
    }

    /** Every entry of a network ACL that some subnet has. */
    *aclEntries(): Generator<CompiledEntry> {
        for (const { ingress, egress } of new Set(this.aclOf.values())) yield* [...ingress, ...egress];
    }

    *blocksInRoutes(): Generator<Block> {
        for (const table of new Set([...this.tableOfSubnet.values(), ...this.mainTables.values()]))
            for (const entry of table.entries) yield entry.block;
    }

    /** The VPC's own blocks, of both families: the list that AWS gives also has those that never came or are gone. */
    blocksOf(vpcId: string): readonly Block[] {
        const known = this.blocksOfVpc.get(vpcId);
        if (known !== undefined) return known;
        const vpc = this.vpcs.get(vpcId);
        const associated = [
            ...(vpc?.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock, CidrBlockState }) =>
                isAssociated(CidrBlockState) ? (CidrBlock ?? []) : [],
            ),
            ...(vpc?.Ipv6CidrBlockAssociationSet ?? []).flatMap(({ Ipv6CidrBlock, Ipv6CidrBlockState }) =>
                isAssociated(Ipv6CidrBlockState) ? (Ipv6CidrBlock ?? []) : [],
            ),
        ];
        const texts = new Set([...(vpc?.CidrBlock === undefined ? [] : [vpc.CidrBlock]), ...associated]);
        const blocks = [...texts].map(parseBlock);
        this.blocksOfVpc.set(vpcId, blocks);
        return blocks;
    }

    isInVpc(vpcId: string, address: IpRange): boolean {
        return this.blocksOf(vpcId).some((block) => contains(block, address));
    }

    subnetAt(vpcId: string, address: IpRange): Subnet | undefined {
        for (const subnet of this.subnets.values())
            if (
                subnet.VpcId === vpcId &&
                subnetBlocks(subnet).some((text) => contains(parseBlock(text), address))
            )
                return subnet;
        return undefined;
    }

    zoneOf(subnetId: string): string | undefined {
        return this.subnets.get(subnetId)?.AvailabilityZone;
    }

    /** An internet gateway that some table of the VPC routes to. */
    gatewayNamedByRoutes(vpcId: string): string | undefined {
        const tables = [...this.tableOfSubnet.values(), ...this.mainTables.values()].filter(
            (one) => one.vpcId === vpcId,
        );
        for (const { entries } of tables)
            for (const { target } of entries) if (target.kind === "internet-gateway") return target.id;
        return undefined;
    }

    /** The table that an internet gateway has for what comes in, which hardly any has. */
    edgeTableOf(gatewayId: string): RouteTable | undefined {
        return this.snapshot.RouteTables?.find((table) =>
            table.Associations?.some((association) => association.GatewayId === gatewayId),
        );
    }

    private readTables(snapshot: Snapshot): void {
        const known = readPrefixLists(snapshot);
        for (const item of snapshot.RouteTables ?? []) {
            const vpcId = item.VpcId ?? "";
            const entries = [...routeEntries(snapshot, item)];
            const table: Table = {
                id: item.RouteTableId ?? "unnamed route table",
                vpcId,
                entries: [...entries, ...this.localRoutes(vpcId, entries)],
                unknownPrefixLists: (item.Routes ?? []).flatMap((route) => {
                    const id = route.DestinationPrefixListId;
                    if (id === undefined || known.has(id)) return [];
                    return [{ id, toEndpoint: targetOf(route).kind === "vpc-endpoint" }];
                }),
            };
            this.tables.set(table.id, table);
            for (const association of item.Associations ?? []) {
                if (!isInEffect(association)) continue;
                if (association.SubnetId !== undefined) this.tableOfSubnet.set(association.SubnetId, table);
                else if (association.Main === true) this.mainTables.set(vpcId, table);
            }
        }
    }

    /** Every table has the local routes of its VPC, whether the snapshot writes them or not; another target may replace them. */
    private localRoutes(vpcId: string, entries: readonly RouteEntry[]): RouteEntry[] {
        return this.blocksOf(vpcId)
            .filter(
                (block) =>
                    !entries.some(
                        (entry) =>
                            contains(entry.block, block) &&
                            contains(block, entry.block) &&
                            !entry.prefixListId,
                    ),
            )
            .map((block) => ({
                block,
                origin: "local" as const,
                target: { kind: "local" as const, id: "local" },
                blackhole: false,
                destination: formatBlock(block),
            }));
    }

    prefixListNamed(name: string): readonly Block[] | undefined {
        const list = this.snapshot.ManagedPrefixLists?.find((one) => one.PrefixListName === name);
        return list?.PrefixListId === undefined
            ? undefined
            : prefixListBlocks(this.snapshot, list.PrefixListId);
    }
}

function isAssociated(state: { readonly State?: string | undefined } | undefined): boolean {
    return (state?.State ?? "associated") === "associated";
}

/** The subnet's blocks, IPv4 first. */
export function subnetBlocks(subnet: Subnet): string[] {
    const ipv6 = (subnet.Ipv6CidrBlockAssociationSet ?? []).flatMap(
        ({ Ipv6CidrBlock, Ipv6CidrBlockState }) =>
            isAssociated(Ipv6CidrBlockState) ? (Ipv6CidrBlock ?? []) : [],
    );
    return subnet.CidrBlock === undefined ? ipv6 : [subnet.CidrBlock, ...ipv6];
}

function indexBy<T>(items: readonly T[] | undefined, key: (item: T) => string | undefined): Map<string, T> {
    const index = new Map<string, T>();
    for (const item of items ?? []) {
        const name = key(item);
        if (name !== undefined) index.set(name, item);
    }
    return index;
}

function groupBy<T>(items: readonly T[], keys: (item: T) => readonly string[]): Map<string, T[]> {
    const groups = new Map<string, T[]>();
    for (const item of items)
        for (const key of keys(item)) {
            const group = groups.get(key);
            if (group === undefined) groups.set(key, [item]);
            else group.push(item);
        }
    return groups;
}
