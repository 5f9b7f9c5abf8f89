import type { InstanceNetworkInterface, NetworkInterface } from "@aws-sdk/client-ec2";

import {
    type Address,
    type Block,
    contains,
    type Family,
    type IpRange,
    parseBlock,
    parseIp,
} from "../../lib/addresses/ip";
import type { Snapshot } from "../snapshot/types";

/**
 * What AWS runs behind an interface:
 * - `host`: an instance, a task, an application of Studio: what opens and takes connections;
 * - `load-balancer`: takes connections, and opens those to its targets from ports of its own range;
 * - `function`: a Lambda function, which opens connections and takes none;
 * - `nat-gateway`: a NAT or transit gateway, which has no security group;
 * - `endpoint`: a VPC endpoint, which opens no connections;
 * - `any-address`: no interface at all, but any address of a subnet that has none.
 */
export type InterfaceKind =
    "host" | "load-balancer" | "function" | "nat-gateway" | "endpoint" | "any-address";

/** One end of a packet's way inside a VPC: a network interface, or what stands for one that does not exist yet. */
export interface Interface {
    readonly id: string;
    readonly vpcId: string;
    readonly subnetId: string;
    readonly groups: readonly string[];
    /** The snapshot does not say which groups it has, though AWS gives every interface of its kind at least one. */
    readonly groupsUnread?: boolean;
    /** Whether security groups filter it. A network load balancer that was made without groups filters nothing. */
    readonly isFiltered: boolean;
    /** Private addresses, the primary one first. One that stands for any address of a subnet has the subnet's blocks. */
    readonly addresses: readonly IpRange[];
    /** Blocks that are delegated to the interface as a whole: the addresses of containers, for example. */
    readonly prefixes: readonly Block[];
    /** The public IPv4 address of each private one that has one. */
    readonly publicAddresses: ReadonlyMap<Address, string>;
    /** It drops packets that are not addressed to it. */
    readonly checksDestination: boolean;
    readonly kind: InterfaceKind;
    /** What AWS says of an interface that is attached to nothing; absent for all others. */
    readonly detached?: string;
    readonly instanceId?: string;
    /** The primary interface of its instance: what "the instance" means as an end of a flow. */
    readonly isPrimary: boolean;
}

/** What opens connections of its own, and is looked at as a source. */
export function opensConnections({ kind }: Interface): boolean {
    return kind === "host" || kind === "load-balancer" || kind === "function";
}

export function addressOf(one: Interface, family: Family): IpRange | undefined {
    return one.addresses.find((address) => address.family === family);
}

/** Stands for the public address that an interface will be given when it is launched. */
const ANY_PUBLIC_ADDRESS = "any public address";

/** The public address of the interface's first IPv4 address: the one that packets leave from. */
export function publicAddressOf(one: Interface): string | undefined {
    const address = addressOf(one, 4);
    return address === undefined ? undefined : one.publicAddresses.get(address.first);
}

/** The public address as a range of one; nothing for an address that is not given yet. */
export function publicRangeOf(one: Interface): IpRange | undefined {
    const text = publicAddressOf(one);
    return text === undefined || text === ANY_PUBLIC_ADDRESS ? undefined : parseIp(text);
}

/** The interface as if it had a public address, whichever: what is launched in a public subnet is given one. */
export function withAnyPublicAddress(one: Interface): Interface {
    const address = addressOf(one, 4);
    if (address === undefined) return one;
    return { ...one, publicAddresses: new Map([[address.first, ANY_PUBLIC_ADDRESS]]) };
}

/** The interface with this one of its addresses alone. */
export function withAddress(found: Interface, address: IpRange): Interface {
    return found.addresses.length === 1 && found.addresses[0]?.first === address.first
        ? found
        : { ...found, addresses: [address] };
}

/** Whether the address is one of the interface's own, or of a block that is delegated to it. */
export function hasAddress(one: Interface, address: IpRange): boolean {
    return [...one.addresses, ...one.prefixes].some((range) => contains(range, address));
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
    const groups = (item.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
    const kind = kindOf(item);
    const detached = detachedState(item);
    return [
        {
            id,
            vpcId,
            subnetId,
            groups,
            ...(item.Groups === undefined && hasGroups(item) ? { groupsUnread: true } : {}),
            isFiltered: groups.length > 0 || hasGroups(item),
            addresses: [...ipv4, ...ipv6].map(parseIp),
            prefixes: [
                ...(item.Ipv4Prefixes ?? []).flatMap(({ Ipv4Prefix }) => Ipv4Prefix ?? []),
                ...(item.Ipv6Prefixes ?? []).flatMap(({ Ipv6Prefix }) => Ipv6Prefix ?? []),
            ].map(parseBlock),
            publicAddresses: publicAddressesOf(item),
            checksDestination: item.SourceDestCheck !== false,
            kind,
            ...(detached === undefined ? {} : { detached }),
            ...(instanceId === undefined ? {} : { instanceId }),
            isPrimary: (deviceIndex ?? 0) === 0,
        },
    ];
}

/** Each private address has a public one of its own, or none: an Elastic IP address belongs to one of them. */
function publicAddressesOf(item: NetworkInterface | InstanceNetworkInterface): Map<Address, string> {
    const primary = { PrivateIpAddress: item.PrivateIpAddress, Association: item.Association };
    return new Map(
        [...(item.PrivateIpAddresses ?? []), primary].flatMap(({ PrivateIpAddress, Association }) =>
            PrivateIpAddress === undefined || Association?.PublicIp === undefined
                ? []
                : [[parseIp(PrivateIpAddress).first, Association.PublicIp] as const],
        ),
    );
}

/** The API writes "nat_gateway" and the SDK's enum "natGateway". */
function kindOf(item: NetworkInterface | InstanceNetworkInterface): InterfaceKind {
    switch (item.InterfaceType) {
        case "nat_gateway":
        case "natGateway":
        case "transit_gateway":
            return "nat-gateway";
        case "vpc_endpoint":
        case "gateway_load_balancer_endpoint":
            return "endpoint";
        case "network_load_balancer":
        case "gateway_load_balancer":
        case "load_balancer":
            return "load-balancer";
        case "lambda":
            return "function";
        default:
            // An Application or Classic Load Balancer has interfaces of the type of hosts; the description tells them apart.
            return item.Description?.startsWith("ELB ") === true ? "load-balancer" : "host";
    }
}

/** Types of interfaces that may be without security groups; nothing filters them then. All others have at least one. */
const MAY_LACK_GROUPS: readonly (string | undefined)[] = [
    "nat_gateway",
    "natGateway",
    "transit_gateway",
    "network_load_balancer",
    "gateway_load_balancer",
    "gateway_load_balancer_endpoint",
];

function hasGroups({ InterfaceType }: NetworkInterface | InstanceNetworkInterface): boolean {
    return !MAY_LACK_GROUPS.includes(InterfaceType);
}

/** EC2 says "available" of an interface that is attached to nothing. */
function detachedState(item: NetworkInterface | InstanceNetworkInterface): string | undefined {
    const isInUse = item.Attachment !== undefined && item.Attachment.Status !== "detached";
    return item.Status === "available" && !isInUse ? "attached to nothing (available)" : undefined;
}

/** Stands for any address of a subnet, as long as no interface is in it; no security group applies. */
export function anyAddressOf(
    subnet: {
        SubnetId?: string | undefined;
        VpcId?: string | undefined;
        MapPublicIpOnLaunch?: boolean | undefined;
    },
    blocks: readonly string[],
): Interface {
    const one: Interface = {
        id: subnet.SubnetId ?? "",
        vpcId: subnet.VpcId ?? "",
        subnetId: subnet.SubnetId ?? "",
        groups: [],
        isFiltered: false,
        addresses: blocks.map(parseBlock),
        prefixes: [],
        publicAddresses: new Map(),
        checksDestination: true,
        kind: "any-address",
        isPrimary: true,
    };
    return subnet.MapPublicIpOnLaunch === true ? withAnyPublicAddress(one) : one;
}
