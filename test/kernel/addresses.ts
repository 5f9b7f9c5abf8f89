/** Which addresses a service's name stands for. The rest of `test/kernel` needs nothing of addresses but their text. */
import type { Snapshot } from "../../checks/snapshot/types";

/** Never in the internet: IANA's special-purpose registry, documentation and multicast. */
const SPECIAL: readonly string[] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
];

type Range = readonly [first: number, end: number];

function range(cidr: string): Range {
    const [address = "", length = "32"] = cidr.split("/");
    const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return [first, first + 2 ** (32 - Number(length))];
}

export function addressAt(number: number): string {
    return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(number / unit) % 256).join(".");
}

/** Every block that anything in the snapshot speaks of. */
function blocks(snapshot: Snapshot): Range[] {
    const texts = [
        ...(snapshot.RouteTables ?? []).flatMap(({ Routes }) =>
            (Routes ?? []).map((one) => one.DestinationCidrBlock),
        ),
        ...(snapshot.NetworkAcls ?? []).flatMap(({ Entries }) => (Entries ?? []).map((one) => one.CidrBlock)),
        ...(snapshot.SecurityGroupRules ?? []).map((one) => one.CidrIpv4),
        ...(snapshot.ManagedPrefixLists ?? []).flatMap(({ Entries }) =>
            (Entries ?? []).map((one) => one.Cidr),
        ),
    ];
    return texts.flatMap((text) => (text === undefined ? [] : [range(text)]));
}

/** The first address of each stretch of the ranges in which all addresses are treated alike. */
function pieces(snapshot: Snapshot, ranges: readonly Range[], excluded: readonly Range[]): number[] {
    const edges = new Set([...blocks(snapshot), ...ranges, ...excluded].flat());
    const isIn = (all: readonly Range[], address: number) =>
        all.some(([first, end]) => first <= address && address < end);
    return [...edges].filter((edge) => isIn(ranges, edge) && !isIn(excluded, edge)).sort((a, b) => a - b);
}

/** Of the addresses in the internet. */
export function publicPieces(snapshot: Snapshot): number[] {
    return pieces(snapshot, [range("0.0.0.0/0")], SPECIAL.map(range));
}

/** Of the addresses that a service publishes as a prefix list; nothing for a service that does not. */
export function servicePieces(snapshot: Snapshot, service: string): number[] | undefined {
    const name = `com.amazonaws.${snapshot.region}.${service}`;
    const list = snapshot.ManagedPrefixLists?.find(({ PrefixListName }) => PrefixListName === name);
    if (list === undefined) return undefined;
    return pieces(
        snapshot,
        (list.Entries ?? []).map(({ Cidr = "" }) => range(Cidr)),
        [],
    );
}

/** Without DNS support no name leads anywhere, unless the VPC has name servers of its own. */
export function hasNames(snapshot: Snapshot, vpcId: string): boolean {
    const { DhcpOptionsId } = snapshot.Vpcs?.find(({ VpcId }) => VpcId === vpcId) ?? {};
    const options = snapshot.DhcpOptions?.find((one) => one.DhcpOptionsId === DhcpOptionsId);
    const servers =
        options?.DhcpConfigurations?.find(({ Key }) => Key === "domain-name-servers")?.Values ?? [];
    const hasOwn = servers.some(({ Value }) => Value !== "AmazonProvidedDNS");
    return hasOwn || snapshot.VpcAttributes?.[vpcId]?.enableDnsSupport !== false;
}

/**
 * Where the name of a service leads inside the VPC: to its interface endpoint, when there is private DNS. Names are no packets:
 * this is not the kernel's, but what AWS documents of names.
 */
export function endpointAddresses(snapshot: Snapshot, vpcId: string, service: string): string[] | undefined {
    const endpoint = snapshot.VpcEndpoints?.find(
        (one) =>
            one.VpcId === vpcId &&
            one.VpcEndpointType === "Interface" &&
            one.ServiceName?.endsWith(`.${service}`) === true &&
            one.PrivateDnsEnabled === true &&
            one.State?.toLowerCase() === "available",
    );
    const attributes = snapshot.VpcAttributes?.[vpcId];
    if (endpoint === undefined || attributes?.enableDnsSupport !== true || !attributes.enableDnsHostnames)
        return undefined;
    return (snapshot.NetworkInterfaces ?? []).flatMap(({ NetworkInterfaceId = "", PrivateIpAddress = "" }) =>
        endpoint.NetworkInterfaceIds?.includes(NetworkInterfaceId) === true ? [PrivateIpAddress] : [],
    );
}
