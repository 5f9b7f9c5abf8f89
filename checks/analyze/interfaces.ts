import type { InstanceNetworkInterface, NetworkInterface } from "@aws-sdk/client-ec2";

import { type Family, type IpRange, parseBlock, parseIp } from "../../lib/addresses/ip";
import type { Snapshot } from "../snapshot/types";

/** One end of a packet's way inside a VPC: a network interface, or what stands for one that does not exist yet. */
export interface Interface {
    readonly id: string;
    readonly vpcId: string;
    readonly subnetId: string;
    readonly groups: readonly string[];
    /** Private addresses, the primary one first. One that stands for any address of a subnet has the subnet's blocks. */
    readonly addresses: readonly IpRange[];
    /** The public IPv4 address of the primary private one. */
    readonly publicAddress?: string;
    /** It drops packets that are not addressed to it. */
    readonly checksDestination: boolean;
    /** What AWS runs behind it: a host is what somebody runs, everything else answers by rules of its own. */
    readonly kind: "host" | "nat-gateway" | "endpoint" | "any-address";
    readonly instanceId?: string;
    /** The primary interface of its instance: what "the instance" means as an end of a flow. */
    readonly isPrimary: boolean;
}

/** NAT gateways and transit gateways have no security groups, and neither has an address that stands for any. */
export function isFiltered(one: Interface): boolean {
    return one.kind === "host" || one.kind === "endpoint";
}

export function addressOf(one: Interface, family: Family): IpRange | undefined {
    return one.addresses.find((address) => address.family === family);
}

/** All interfaces of a snapshot: of NetworkInterfaces, and those that only Instances tell of. */
export function readInterfaces(snapshot: Snapshot): Interface[] {
    const listed = (snapshot.NetworkInterfaces ?? []).flatMap((one) =>
        fromItem(one, one.Attachment?.InstanceId, one.Attachment?.DeviceIndex),
    );
    const known = new Set(listed.map(({ id }) => id));
    const ofInstances = (snapshot.Instances ?? []).flatMap((instance) =>
        (instance.NetworkInterfaces ?? [])
            .filter((one) => !known.has(one.NetworkInterfaceId ?? ""))
            .flatMap((one) => fromItem(one, instance.InstanceId, one.Attachment?.DeviceIndex)),
    );
    return [...listed, ...ofInstances];
}

function fromItem(
    item: NetworkInterface | InstanceNetworkInterface,
    instanceId: string | undefined,
    deviceIndex: number | undefined,
): Interface[] {
    const { NetworkInterfaceId: id, SubnetId: subnetId, VpcId: vpcId } = item;
    if (id === undefined || subnetId === undefined || vpcId === undefined) return [];
    const secondary = (item.PrivateIpAddresses ?? []).flatMap(
        ({ PrivateIpAddress }) => PrivateIpAddress ?? [],
    );
    const ipv4 = new Set([
        ...(item.PrivateIpAddress === undefined ? [] : [item.PrivateIpAddress]),
        ...secondary,
    ]);
    const ipv6 = (item.Ipv6Addresses ?? []).flatMap(({ Ipv6Address }) => Ipv6Address ?? []);
    const publicAddress = item.Association?.PublicIp ?? primaryPublicAddress(item);
    return [
        {
            id,
            vpcId,
            subnetId,
            groups: (item.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
            addresses: [...ipv4, ...ipv6].map(parseIp),
            ...(publicAddress === undefined ? {} : { publicAddress }),
            checksDestination: item.SourceDestCheck !== false,
            kind: kindOf(item.InterfaceType),
            ...(instanceId === undefined ? {} : { instanceId }),
            isPrimary: (deviceIndex ?? 0) === 0,
        },
    ];
}

function primaryPublicAddress(item: NetworkInterface | InstanceNetworkInterface): string | undefined {
    const primary = item.PrivateIpAddresses?.find(
        (one) => one.Primary === true || one.PrivateIpAddress === item.PrivateIpAddress,
    );
    return primary?.Association?.PublicIp;
}

/** The API writes "nat_gateway" and the SDK's enum "natGateway". */
function kindOf(type: string | undefined): Interface["kind"] {
    if (type === "nat_gateway" || type === "natGateway" || type === "transit_gateway") return "nat-gateway";
    return type === "vpc_endpoint" || type === "gateway_load_balancer_endpoint" ? "endpoint" : "host";
}

/** Stands for any address of a subnet, as long as no interface is in it; no security group applies. */
export function anyAddressOf(
    subnet: { SubnetId?: string | undefined; VpcId?: string | undefined },
    blocks: readonly string[],
): Interface {
    return {
        id: subnet.SubnetId ?? "",
        vpcId: subnet.VpcId ?? "",
        subnetId: subnet.SubnetId ?? "",
        groups: [],
        addresses: blocks.map(parseBlock),
        checksDestination: true,
        kind: "any-address",
        isPrimary: true,
    };
}
