import { contains, formatRange, type IpRange, parseBlock } from "../../lib/addresses/ip";
import type { Packet, Walk } from "./filters";
import { type Interface, publicAddressOf } from "./interfaces";
import type { Model, Table } from "./model";
import { isPrivate } from "./public-addresses";
import type { RouteEntry } from "./routes";

/** The internet gateway that is attached to a VPC; there is at most one. */
export function attachedGateway(model: Model, vpcId: string): string | undefined {
    for (const [id] of model.internetGateways) if (isAttachedTo(model, id, vpcId)) return id;
    return undefined;
}

/** The internet gateway that is meant for a VPC: the attached one; else one that its routes name, or the only one without a VPC. */
export function gatewayMeantFor(model: Model, vpcId: string): string | undefined {
    const attached = attachedGateway(model, vpcId);
    if (attached !== undefined) return attached;
    const named = model.gatewayNamedByRoutes(vpcId);
    if (named !== undefined) return named;
    const free = [...model.internetGateways].filter(
        ([, { Attachments }]) => (Attachments ?? []).length === 0,
    );
    return free.length === 1 ? free[0]?.[0] : undefined;
}

/** EC2 says "available" for an attached internet gateway; the SDK's enum also knows "attached". */
export function isAttachedTo(model: Model, gatewayId: string, vpcId: string): boolean {
    return (model.internetGateways.get(gatewayId)?.Attachments ?? []).some(
        ({ VpcId, State }) =>
            VpcId === vpcId && ["available", "attached"].includes(String(State ?? "available")),
    );
}

/** How an internet gateway is used. */
interface GatewayUse {
    /** The table and the route that lead out through it. */
    readonly table?: Table;
    readonly entry?: RouteEntry;
    /** Whether the request comes in through it. @default false */
    readonly isInbound?: boolean;
    /** The address that a request from the internet asks for. @default the interface's public one */
    readonly asked?: IpRange | undefined;
}

/**
 * What an internet gateway asks of those who use it.
 *
 * @param user the interface that sends or receives; for a NAT gateway see {@link throughAttachedGateway}.
 */
export function throughInternetGateway(
    walk: Walk,
    gatewayId: string,
    user: Interface,
    request: Packet,
    { table, entry, isInbound = false, asked }: GatewayUse,
): void {
    const { model, trace } = walk;
    throughAttachedGateway(walk, gatewayId, user, request, "direct");
    const family = request.destinations[0]?.family ?? 4;
    if (family === 4 && publicAddressOf(user) === undefined && model.follows("igw-needs-public-address")) {
        if (isInbound)
            trace.add("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS", gatewayId, {
                args: { eni: user.id },
            });
        else
            trace.add("IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS", gatewayId, {
                rule: entry?.destination ?? "0.0.0.0/0",
                args: { eni: user.id, table: table?.id ?? "" },
            });
    }
    if (isInbound && asked !== undefined && isPrivate(asked))
        trace.add("IGW_EXPECTS_PUBLIC_ADDRESS", gatewayId, {
            related: [user.id],
            args: { address: formatRange(asked) },
        });
    trace.hop(gatewayId, "internet-gateway");
}

/**
 * An internet gateway may have a route table for what comes in. A route of it that covers the interface's address leads requests,
 * and answers to what the interface sent, to an appliance that is not followed.
 */
export function redirectAtEdge({ model, trace }: Walk, gatewayId: string, address: IpRange): void {
    const table = model.edgeTableOf(gatewayId);
    const route = (table?.Routes ?? [])
        .flatMap((one) => {
            const text = one.DestinationCidrBlock ?? one.DestinationIpv6CidrBlock;
            return text === undefined ? [] : [{ one, block: parseBlock(text) }];
        })
        .filter(({ block }) => contains(block, { ...address, last: address.first }))
        .sort((a, b) => b.block.length - a.block.length)[0]?.one;
    if (table === undefined || route === undefined || route.GatewayId === "local") return;
    const target = route.NetworkInterfaceId ?? route.GatewayId ?? "an appliance";
    trace.add("INGRESS_RTB_TRAFFIC_REDIRECTION", table.RouteTableId ?? "", {
        args: { gateway: gatewayId, target },
    });
}

/** What carries only what was asked for from inside: block public access for what comes in leaves that open. */
type Way = "direct" | "nat" | "egress-only";

/** The subnet's own mode goes before its VPC's, for a subnet may be excluded. */
export function passBlockPublicAccess(
    { model, trace }: Walk,
    gatewayId: string,
    user: { readonly subnetId: string; readonly vpcId: string },
    way: Way,
): void {
    const { vpcId } = user;
    const vpc = model.vpcs.get(vpcId);
    const subnet = model.subnets.get(user.subnetId);
    const states = subnet?.BlockPublicAccessStates ?? vpc?.BlockPublicAccessStates;
    const mode = states?.InternetGatewayBlockMode ?? "off";
    const isStopped = mode === "block-bidirectional" || (mode === "block-ingress" && way === "direct");
    if (isStopped && model.follows("block-public-access"))
        trace.add("BLOCK_PUBLIC_ACCESS", vpcId, { related: [gatewayId], args: { mode, gateways: way } });
}

/** Attachment, block public access, and what a gateway refuses of anybody. */
export function throughAttachedGateway(
    { model, trace }: Walk,
    gatewayId: string,
    user: { readonly subnetId: string; readonly vpcId: string },
    request: Packet,
    way: "direct" | "nat",
): void {
    const isRead = trace.need(model, "InternetGateways");
    const { vpcId } = user;
    if (isRead && !model.internetGateways.has(gatewayId))
        trace.add("UNKNOWN_RESOURCE", gatewayId, { args: { absence: { need: { of: "route" } } } });
    else if (isRead && !isAttachedTo(model, gatewayId, vpcId) && model.follows("igw-attached"))
        trace.add("IGW_DETACHED", gatewayId, { related: [vpcId], args: { vpcId } });
    passBlockPublicAccess({ model, trace }, gatewayId, user, way);
    const refused = request.destinations.find((range) => range.first === range.last && isPrivate(range));
    if (refused !== undefined && !model.isInVpc(vpcId, refused))
        trace.add("IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS", gatewayId, {
            args: { to: formatRange(refused) },
        });
}
