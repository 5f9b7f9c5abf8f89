import type { Route, RouteTable, RouteTableAssociation } from "@aws-sdk/client-ec2";

import { type Block, parseBlock } from "../../lib/addresses/ip";
import type { Snapshot } from "../snapshot/types";

/** What a route points at, told from the fields that DescribeRouteTables fills. */
export interface RouteTarget {
    kind:
        | "local"
        | "internet-gateway"
        | "egress-only-internet-gateway"
        | "nat-gateway"
        | "vpc-endpoint"
        | "peering"
        | "network-interface"
        | "other";
    /** The id, or "local"; "nothing" when the target was deleted and AWS names none. */
    id: string;
}

/** How a route came to be; decides between routes to the same prefix. */
export type RouteOrigin = "local" | "static" | "prefix-list" | "propagated";

/** One destination of one route: a route to a prefix list has one of these for each entry of the list. */
export interface RouteEntry {
    readonly block: Block;
    readonly origin: RouteOrigin;
    readonly target: RouteTarget;
    readonly blackhole: boolean;
    /** The prefix list that the destination comes from. */
    readonly prefixListId?: string;
    /** The route's destination as the table has it: a CIDR block, or the id of a prefix list. */
    readonly destination: string;
}

/** The table that decides for a subnet, and how it came to. */
export interface RouteTableOfSubnet {
    table: RouteTable;
    /** The explicit association; absent when the subnet falls to the VPC's main table. */
    associationId?: string;
}

/** No explicit association means the main table of the VPC. */
export function routeTableOfSubnet(snapshot: Snapshot, subnetId: string): RouteTableOfSubnet | undefined {
    for (const table of snapshot.RouteTables ?? []) {
        const explicit = table.Associations?.find(
            (association) => association.SubnetId === subnetId && isInEffect(association),
        );
        if (explicit !== undefined)
            return { table, associationId: explicit.RouteTableAssociationId ?? "unnamed association" };
    }
    const vpcId = snapshot.Subnets?.find((subnet) => subnet.SubnetId === subnetId)?.VpcId;
    const main = snapshot.RouteTables?.find(
        (table) =>
            table.VpcId === vpcId && table.Associations?.some((association) => association.Main === true),
    );
    return main === undefined ? undefined : { table: main };
}

/** An association that is on its way out routes nothing any more. */
export function isInEffect({ AssociationState }: RouteTableAssociation): boolean {
    return !["disassociated", "disassociating"].includes(AssociationState?.State ?? "associated");
}

export function routeTableById(snapshot: Snapshot, routeTableId: string): RouteTable | undefined {
    return snapshot.RouteTables?.find((table) => table.RouteTableId === routeTableId);
}

export function targetOf(route: Route): RouteTarget {
    const gateway = route.GatewayId;
    if (gateway === "local") return { kind: "local", id: "local" };
    if (gateway?.startsWith("igw-")) return { kind: "internet-gateway", id: gateway };
    if (gateway?.startsWith("vpce-")) return { kind: "vpc-endpoint", id: gateway };
    if (route.NatGatewayId !== undefined) return { kind: "nat-gateway", id: route.NatGatewayId };
    if (route.VpcPeeringConnectionId !== undefined)
        return { kind: "peering", id: route.VpcPeeringConnectionId };
    const appliance = route.NetworkInterfaceId ?? route.InstanceId;
    if (appliance !== undefined) return { kind: "network-interface", id: appliance };
    if (route.EgressOnlyInternetGatewayId !== undefined)
        return { kind: "egress-only-internet-gateway", id: route.EgressOnlyInternetGatewayId };
    const other =
        route.TransitGatewayId ??
        route.CarrierGatewayId ??
        route.LocalGatewayId ??
        route.CoreNetworkArn ??
        gateway;
    return { kind: "other", id: other ?? "nothing" };
}

/** The routes of a table, of both families, prefix lists replaced by their entries. */
export function routeEntries(snapshot: Snapshot, table: RouteTable): RouteEntry[] {
    return (table.Routes ?? []).flatMap((route): RouteEntry[] => {
        const common = { target: targetOf(route), blackhole: route.State === "blackhole" };
        const prefixListId = route.DestinationPrefixListId;
        if (prefixListId !== undefined) {
            const origin = "prefix-list";
            return prefixListBlocks(snapshot, prefixListId).map((block) => ({
                ...common,
                block,
                origin,
                prefixListId,
                destination: prefixListId,
            }));
        }
        const destination = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock;
        if (destination === undefined) return [];
        return [{ ...common, block: parseBlock(destination), origin: originOf(route), destination }];
    });
}

/** The blocks of a prefix list's entries; none when the snapshot does not have it. */
export function prefixListBlocks(snapshot: Snapshot, prefixListId: string): Block[] {
    const list = snapshot.ManagedPrefixLists?.find((candidate) => candidate.PrefixListId === prefixListId);
    return (list?.Entries ?? []).flatMap(({ Cidr: cidr }) => (cidr === undefined ? [] : [parseBlock(cidr)]));
}

/** The prefix lists whose entries the snapshot has: DescribeManagedPrefixLists lists them without. */
export function readPrefixLists(snapshot: Snapshot): Set<string | undefined> {
    return new Set(
        snapshot.ManagedPrefixLists?.flatMap(({ PrefixListId, Entries }) =>
            Entries === undefined ? [] : PrefixListId,
        ),
    );
}

function originOf(route: Route): RouteOrigin {
    if (route.GatewayId === "local") return "local";
    return route.Origin === "EnableVgwRoutePropagation" ? "propagated" : "static";
}
