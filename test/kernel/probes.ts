/**
 * Which connections decide a flow: all of them must be answered. Ends become addresses, and ports become those where the answer
 * may change: at the borders of the ranges and beside each rule's.
 */
import type { NetworkInterface } from "@aws-sdk/client-ec2";

import type { Flow, FlowEnd } from "../../checks/flow";
import type { Snapshot } from "../../checks/snapshot/types";
import { addressAt, endpointAddresses, hasNames, publicPieces, servicePieces } from "./addresses";
import type { Probe, ProbeRequest } from "./oracle";

/** Linux's own, net.ipv4.ip_local_port_range. */
const CLIENT_PORTS = [32768, 60999] as const;
/** A NAT gateway's; and an internet client's, who may be anything. */
const ANY_PORTS = [1024, 65535] as const;
/** Ports to fill a list up with, where another has more. */
const CLIENT_FILLER = 45_001;
const NAT_FILLER = 20_001;

/** The connections of one flow by their places in the request. */
export interface Plan {
    readonly request: ProbeRequest;
    /** For each flow. Empty when no packet can even be addressed to the destination. */
    readonly probesOf: readonly (readonly number[])[];
}

export function planProbes(snapshot: Snapshot, flows: readonly Flow[]): Plan {
    const edges = portEdges(snapshot);
    const clients = portsIn(edges, CLIENT_PORTS);
    const taken = portsIn(edges, ANY_PORTS);
    const fill = (ports: readonly number[], filler: number, length: number) => [
        ...ports,
        ...Array.from({ length: Math.max(0, length - ports.length) }, (_, number) => filler + number),
    ];
    // A NAT gateway takes each of its ports for another port of the client, so that all of both are tried.
    const through = fill(clients, CLIENT_FILLER, taken.length);
    const translated = fill(taken, NAT_FILLER, through.length);
    const mapping = Object.fromEntries(through.map((port, number) => [port, translated[number] ?? 0]));
    const natPorts = Object.fromEntries(
        (snapshot.NatGateways ?? []).map((nat) => [nat.NatGatewayId ?? "", mapping]),
    );

    const probes = new Map<string, { number: number; probe: Probe }>();
    const probesOf = flows.map((flow) => {
        const sources = resolve(snapshot, flow.source);
        const numbers: number[] = [];
        const others = sources.flatMap((source) =>
            destinations(snapshot, source, flow.destination, true).map((destination) => ({
                source,
                destination,
            })),
        );
        // Whoever is the only one at both ends asks himself.
        const pairs =
            others.length > 0
                ? others
                : sources.flatMap((source) =>
                      destinations(snapshot, source, flow.destination, false).map((destination) => ({
                          source,
                          destination,
                      })),
                  );
        for (const { source, destination } of pairs) {
            {
                const ports =
                    source.interface === undefined ? taken : destination.isOutside ? through : clients;
                for (const probe of connections(flow, source, destination.address, edges, ports)) {
                    const key = JSON.stringify(probe);
                    const known = probes.get(key) ?? { number: probes.size, probe };
                    probes.set(key, known);
                    numbers.push(known.number);
                }
            }
        }
        return numbers;
    });
    return {
        request: { snapshot, probes: [...probes.values()].map(({ probe }) => probe), natPorts },
        probesOf,
    };
}

/** Whether each flow passes: every connection of it was answered. */
export function decide({ probesOf }: Plan, answered: readonly boolean[]): boolean[] {
    return probesOf.map(
        (numbers) => numbers.length > 0 && numbers.every((number) => answered[number] === true),
    );
}

interface Source {
    /** Absent for somebody in the internet. */
    readonly interface?: string;
    readonly address: string;
}

const primaryAddress = ({ PrivateIpAddress }: NetworkInterface): string => PrivateIpAddress ?? "";
const publicAddress = ({ Association }: NetworkInterface): string | undefined => Association?.PublicIp;

/** Of somebody; what AWS runs by itself is no end of a flow unless it is named. */
const isHost = ({ InterfaceType }: NetworkInterface): boolean => InterfaceType === "interface";

function interfacesOf(snapshot: Snapshot, end: FlowEnd, isSource: boolean): NetworkInterface[] {
    const all = snapshot.NetworkInterfaces ?? [];
    if ("eni" in end) return all.filter(({ NetworkInterfaceId }) => NetworkInterfaceId === end.eni);
    if ("instance" in end) return all.filter(({ Attachment }) => Attachment?.InstanceId === end.instance);
    if ("subnet" in end) return all.filter((one) => one.SubnetId === end.subnet && isHost(one));
    if ("securityGroup" in end)
        return all.filter(
            (one) =>
                one.Groups?.some(({ GroupId }) => GroupId === end.securityGroup) === true &&
                // An endpoint opens no connections.
                (isHost(one) || !isSource),
        );
    if ("ip" in end) return all.filter((one) => primaryAddress(one) === end.ip);
    return [];
}

function resolve(snapshot: Snapshot, end: FlowEnd): Source[] {
    const found = interfacesOf(snapshot, end, true);
    if (found.length > 0)
        return found.map((one) => ({
            interface: one.NetworkInterfaceId ?? "",
            address: primaryAddress(one),
        }));
    return "ip" in end ? [{ address: end.ip }] : [];
}

interface Destination {
    readonly address: string;
    readonly isOutside: boolean;
}

function destinations(snapshot: Snapshot, source: Source, end: FlowEnd, isOther: boolean): Destination[] {
    if ("service" in end) return serviceDestinations(snapshot, source, end.service);
    const found = interfacesOf(snapshot, end, false).filter(
        (one) => !isOther || one.NetworkInterfaceId !== source.interface,
    );
    if (source.interface === undefined) {
        // From the internet an interface has no address but its public one.
        return found.flatMap((one) => {
            const address = publicAddress(one);
            return address === undefined ? [] : [{ address, isOutside: false }];
        });
    }
    if (found.length > 0) return found.map((one) => ({ address: primaryAddress(one), isOutside: false }));
    if ("ip" in end) return [{ address: end.ip, isOutside: !end.ip.startsWith("10.") }];
    return [];
}

function serviceDestinations(snapshot: Snapshot, source: Source, service: string): Destination[] {
    const all = snapshot.NetworkInterfaces ?? [];
    // Each sender asks for an address of its own: its NAT gateway takes the same port for each of them.
    const number = all.findIndex(({ NetworkInterfaceId }) => NetworkInterfaceId === source.interface);
    const { VpcId = "" } = all[number] ?? {};
    if (service !== "internet" && !hasNames(snapshot, VpcId)) return [];
    const inside = endpointAddresses(snapshot, VpcId, service);
    if (inside !== undefined) {
        // To an endpoint its own service's name may mean itself, and what it says to itself is no matter of a network.
        const others = inside.filter((address) => address !== source.address);
        return others.map((address) => ({ address, isOutside: false }));
    }
    const pieces = servicePieces(snapshot, service) ?? publicPieces(snapshot);
    return pieces.map((first) => ({ address: addressAt(first + 1 + number), isOutside: true }));
}

function connections(
    { protocol, port }: Flow,
    source: Source,
    destination: string,
    edges: ReadonlySet<number>,
    sourcePorts: readonly number[],
): Probe[] {
    const common = {
        ...(source.interface === undefined ? {} : { interface: source.interface }),
        source: source.address,
        destination,
        protocol,
    };
    if (protocol === "icmp") return [{ ...common, sourcePort: 0, port: 0 }];
    const ports =
        typeof port === "object" ? portsIn(edges, [port.from, port.to]) : port === undefined ? [] : [port];
    return ports.flatMap((each) => sourcePorts.map((sourcePort) => ({ ...common, sourcePort, port: each })));
}

/** Where any rule's range of ports begins or ends, and the ports beside. */
function portEdges(snapshot: Snapshot): ReadonlySet<number> {
    const ranges = [
        ...(snapshot.SecurityGroupRules ?? []).map(({ FromPort, ToPort }) => [FromPort, ToPort]),
        ...(snapshot.NetworkAcls ?? []).flatMap(({ Entries }) =>
            (Entries ?? []).map(({ PortRange }) => [PortRange?.From, PortRange?.To]),
        ),
    ];
    const edges = new Set<number>();
    for (const [from, to] of ranges) {
        if (from !== undefined) for (const edge of [from - 1, from]) edges.add(edge);
        if (to !== undefined) for (const edge of [to, to + 1]) edges.add(edge);
    }
    return edges;
}

/** The borders of a range and the edges in it. Each stretch between two edges is tried at its ends. */
function portsIn(edges: ReadonlySet<number>, [from, to]: readonly [number, number]): number[] {
    return [...new Set([from, to, ...[...edges].filter((port) => from < port && port < to)])].sort(
        (a, b) => a - b,
    );
}
