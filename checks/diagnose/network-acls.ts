import type { NetworkAcl, NetworkAclEntry } from "@aws-sdk/client-ec2";

import type { PortRange } from "../flow";
import type { SubnetIntent } from "../intent";
import { type Finding, finding, type MessageId } from "../messages";
import { type AddressRange, containsAddress, formatCidr, parseCidr, rangeOf } from "../net/ipv4";
import { EVERYWHERE, portsText } from "../rule";
import { serviceCidrs } from "./endpoint-findings";
import { vpcCidrs } from "./flow-findings";
import { intendedEgress, internetRanges, known, type View } from "./view";

/**
 * Whether the network ACLs let the declared flows through. Which subnets a flow's ends are in is not declared, so every ACL has to
 * admit every flow: the program makes none, and the VPC's own admits everything. Stateless: replies are judged as well.
 */

/** One way through an ACL that has to be open. */
export interface Leg {
    egress: boolean;
    protocol: "tcp" | "udp";
    ports: PortRange;
    /** The addresses on the other side, as the ACL's entry would name them. */
    cidr: string;
    ranges: readonly AddressRange[];
    kind: "forward" | "return";
    /** The service whose addresses these are. */
    service?: string;
}

/** Where clients take their own ports from: Linux's default, and a NAT gateway's. */
const CLIENT_PORTS: PortRange = { from: 32_768, to: 60_999 };
const NAT_PORTS: PortRange = { from: 1024, to: 65_535 };
const HTTPS: PortRange = { from: 443, to: 443 };

export function networkAclById({ snapshot }: Pick<View, "snapshot">, id: string): NetworkAcl | undefined {
    return snapshot.NetworkAcls?.find((acl) => acl.NetworkAclId === id);
}

/** The ACL that a subnet is meant to have: the declared one, or the VPC's own. */
export function intendedNetworkAcl(view: View, { networkAclId }: SubnetIntent): string | undefined {
    const own = view.snapshot.NetworkAcls?.find((acl) => acl.IsDefault && acl.VpcId === view.intent.vpcId);
    return networkAclId ?? own?.NetworkAclId;
}

/** What is wrong with a subnet's ACL: another one is associated, or the intended one drops what is declared. */
export function networkAclFindings(view: View, subnet: SubnetIntent): Finding[] {
    const { snapshot } = view;
    if (!known(view, "NetworkAcls", "Vpcs") || snapshot.NetworkAcls === undefined) return [];
    const networkAclId = intendedNetworkAcl(view, subnet);
    const intended = networkAclId === undefined ? undefined : networkAclById(view, networkAclId);
    if (networkAclId === undefined || intended === undefined) return [];
    return [
        ...replaced(view, subnet, networkAclId),
        ...closedFindings(intended, closedLegs(intended, legsUnlessOpen(view, subnet, intended))),
    ];
}

function replaced({ snapshot }: View, { subnetId }: SubnetIntent, networkAclId: string): Finding[] {
    for (const acl of snapshot.NetworkAcls ?? []) {
        const association = acl.Associations?.find((one) => one.SubnetId === subnetId);
        if (association === undefined || acl.NetworkAclId === networkAclId) continue;
        return [
            finding("NACL_REPLACED", subnetId, {
                networkAclId,
                actualNetworkAclId: acl.NetworkAclId ?? "an unnamed one",
                associationId: association.NetworkAclAssociationId ?? "",
            }),
        ];
    }
    return [];
}

/** Every way through the ACL of a subnet that the declared network needs. */
export function legs(view: View, subnet: SubnetIntent): Leg[] {
    const { flows, gatewayEndpoints } = view.intent;
    const inside = vpcCidrs(view).flatMap((cidr) =>
        flows.flatMap(({ destination, protocol, ports }) =>
            "securityGroupId" in destination
                ? around(protocol, ports, formatCidr(cidr), [rangeOf(cidr)])
                : [],
        ),
    );
    const services = gatewayEndpoints
        .filter(({ routeTableIds }) => routeTableIds.includes(subnet.routeTableId))
        .filter(({ service }) => flows.some(({ destination }) => isService(destination, service)))
        .flatMap(({ service }) =>
            serviceCidrs(view, service).flatMap((cidr) => [
                ...there("tcp", HTTPS, formatCidr(cidr), [rangeOf(cidr)], CLIENT_PORTS, service),
            ]),
        );
    return distinctLegs([...inside, ...services, ...internetLegs(view, subnet)]);
}

function isService(destination: object, service: string): boolean {
    return "service" in destination && destination.service === service;
}

/** Inside the VPC either end may be in the subnet. */
function around(protocol: "tcp" | "udp", ports: PortRange, cidr: string, ranges: AddressRange[]): Leg[] {
    const common = { protocol, cidr, ranges };
    return [false, true].flatMap((egress): Leg[] => [
        { ...common, egress, ports, kind: "forward" },
        { ...common, egress, ports: CLIENT_PORTS, kind: "return" },
    ]);
}

function there(
    protocol: "tcp" | "udp",
    ports: PortRange,
    cidr: string,
    ranges: AddressRange[],
    clientPorts: PortRange,
    service?: string,
): Leg[] {
    const common = { protocol, cidr, ranges, ...(service === undefined ? {} : { service }) };
    return [
        { ...common, egress: true, ports, kind: "forward" },
        { ...common, egress: false, ports: clientPorts, kind: "return" },
    ];
}

/** HTTPS out of the VPC; a public subnet carries what its NAT gateway sends. Addresses of gateway endpoints are judged by themselves. */
function internetLegs(view: View, subnet: SubnetIntent): Leg[] {
    if (intendedEgress(view, subnet) === undefined) return [];
    const ports = subnet.tier === "public" ? NAT_PORTS : CLIENT_PORTS;
    const services = view.intent.gatewayEndpoints.flatMap(({ service }) => serviceCidrs(view, service));
    const ranges = services.map(rangeOf).reduce<AddressRange[]>(without, internetRanges(view));
    return there("tcp", HTTPS, EVERYWHERE, ranges, ports);
}

function without(ranges: readonly AddressRange[], cut: AddressRange): AddressRange[] {
    return ranges.flatMap(({ first, last }) => {
        if (cut.last < first || cut.first > last) return [{ first, last }];
        return [
            ...(first < cut.first ? [{ first, last: cut.first - 1 }] : []),
            ...(last > cut.last ? [{ first: cut.last + 1, last }] : []),
        ];
    });
}

function distinctLegs(all: readonly Leg[]): Leg[] {
    const key = ({ egress, protocol, ports, cidr, kind }: Leg) =>
        JSON.stringify([egress, protocol, ports.from, ports.to, cidr, kind]);
    return [...new Map(all.map((leg) => [key(leg), leg])).values()];
}

/** A part of a leg and the entry that decides about it; none means the end of the list, which denies. */
interface Piece {
    allowed: boolean;
    decidedBy: NetworkAclEntry | undefined;
    port: number;
    address: number;
}

/** Cuts the leg where any entry begins or ends: within a piece all packets meet the same entry. */
export function piecesOf(acl: NetworkAcl, leg: Leg): Piece[] {
    const entries = entriesFor(acl, leg);
    const ports = cuts(
        [leg.ports.from, leg.ports.to],
        entries.flatMap(({ PortRange }) => [PortRange?.From ?? 0, (PortRange?.To ?? 65_535) + 1]),
    );
    const blocks = entries.map(({ CidrBlock = "0.0.0.0/0" }) => rangeOf(parseCidr(CidrBlock)));
    return leg.ranges.flatMap(({ first, last }) =>
        cuts(
            [first, last],
            blocks.flatMap((block) => [block.first, block.last + 1]),
        ).flatMap((address) =>
            ports.map((port): Piece => {
                const decidedBy = entries.find((entry) => matches(entry, port, address));
                return { allowed: decidedBy?.RuleAction === "allow", decidedBy, port, address };
            }),
        ),
    );
}

/** The entries of the leg's direction and protocol, in the order in which they are tried. The protocol is matched first. */
function entriesFor(acl: NetworkAcl, { egress, protocol }: Leg): NetworkAclEntry[] {
    const numbers = ["-1", protocol, protocol === "tcp" ? "6" : "17"];
    return (acl.Entries ?? [])
        .filter((entry) => entry.Egress === egress && entry.CidrBlock !== undefined)
        .filter((entry) => numbers.includes(entry.Protocol ?? "-1"))
        .sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
}

function matches(
    { PortRange, CidrBlock = "0.0.0.0/0" }: NetworkAclEntry,
    port: number,
    address: number,
): boolean {
    const inPorts = (PortRange?.From ?? 0) <= port && port <= (PortRange?.To ?? 65_535);
    return inPorts && containsAddress(parseCidr(CidrBlock), address);
}

function cuts([first, last]: [number, number], at: readonly number[]): number[] {
    return [...new Set([first, ...at.filter((cut) => cut > first && cut <= last)])];
}

/** AWS lists the end of the list as this number; it cannot be taken away. */
const LAST_RULE = 32_767;

/** A way that is not open, the first entry that closes it, and whether it closes all of it. */
interface Closed {
    leg: Leg;
    first: Piece;
    rule: number;
    partial: boolean;
}

/** Most ACLs begin with an entry that admits everything; then nothing has to be looked at. */
function legsUnlessOpen(view: View, subnet: SubnetIntent, acl: NetworkAcl): Leg[] {
    const isOpen = [false, true].every((egress) => {
        const [first] = (acl.Entries ?? [])
            .filter((entry) => entry.Egress === egress && entry.CidrBlock !== undefined)
            .sort((a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0));
        return first?.RuleAction === "allow" && first.Protocol === "-1" && first.CidrBlock === EVERYWHERE;
    });
    return isOpen ? [] : legs(view, subnet);
}

function closedLegs(acl: NetworkAcl, all: readonly Leg[]): Closed[] {
    return all.flatMap((leg) => closedLeg(acl, leg));
}

function closedLeg(acl: NetworkAcl, leg: Leg): Closed[] {
    const pieces = piecesOf(acl, leg);
    const denied = pieces.filter(({ allowed }) => !allowed);
    const [first] = denied;
    if (first === undefined) return [];
    const rule = first.decidedBy?.RuleNumber ?? LAST_RULE;
    return [{ leg, first, rule, partial: denied.length < pieces.length }];
}

/** One entry that denies is one fault, however many ways it closes; where none admits, each way needs an entry of its own. */
function closedFindings(acl: NetworkAcl, closed: readonly Closed[]): Finding[] {
    const byEntry = new Map<string, Closed>();
    for (const one of [...closed].sort((a, b) => rank(a) - rank(b))) {
        const { rule, leg } = one;
        const key = rule < LAST_RULE ? `${leg.egress} ${rule}` : legText(leg, leg.ports) + leg.kind;
        if (!byEntry.has(key)) byEntry.set(key, one);
    }
    return [...byEntry.values()].map((one) => closedFinding(acl, one));
}

/** What says most of the fault: a way that is closed altogether before a part of one, the flow itself before its replies. */
function rank({ leg, partial }: Closed): number {
    if (leg.service !== undefined) return 4;
    if (leg.kind === "forward") return partial ? 3 : 0;
    return partial ? 2 : 1;
}

function closedFinding(acl: NetworkAcl, { leg, first, rule, partial }: Closed): Finding {
    const { decidedBy } = first;
    const explicit = rule < LAST_RULE;
    const { cidr, protocol, ports, egress, service } = leg;
    const about: Record<string, string> = explicit
        ? { leg: legText({ ...leg, cidr: decidedBy?.CidrBlock ?? cidr }, portsOf(decidedBy)) }
        : { leg: legText(leg, ports), cidr, protocol, from: String(ports.from), to: String(ports.to) };
    return finding(messageFor(acl, leg, first, explicit, partial), acl.NetworkAclId ?? "", {
        rule: explicit ? String(rule) : "*",
        direction: egress ? "egress" : "ingress",
        ...about,
        ...(service === undefined ? {} : { service }),
    });
}

/** Whether the ACL that the subnet really has lets HTTPS to the internet, or to a service with a gateway endpoint, through. */
export function aclAdmits(view: View, subnet: SubnetIntent, service?: string): boolean {
    const acl = view.snapshot.NetworkAcls?.find((one) =>
        one.Associations?.some(({ SubnetId }) => SubnetId === subnet.subnetId),
    );
    if (acl === undefined) return true;
    const relevant = legsUnlessOpen(view, subnet, acl).filter((leg) =>
        service === undefined ? leg.cidr === EVERYWHERE : leg.service === service,
    );
    return closedLegs(acl, relevant).length === 0;
}

function portsOf(entry: NetworkAclEntry | undefined): PortRange | undefined {
    const { From, To } = entry?.PortRange ?? {};
    return From === undefined || To === undefined ? undefined : { from: From, to: To };
}

function legText({ egress, protocol, cidr }: Leg, ports: PortRange | undefined): string {
    const what = ports === undefined ? protocol.toUpperCase() : portsText({ protocol, ports });
    return `${what} ${egress ? "out to" : "in from"} ${cidr}`;
}

function messageFor(
    acl: NetworkAcl,
    leg: Leg,
    { port, address }: Piece,
    explicit: boolean,
    partial: boolean,
): MessageId {
    if (leg.service !== undefined) return "NACL_LACKS_SERVICE";
    if (leg.kind === "return") return partial ? "NACL_EPHEMERAL_PARTIAL" : "NACL_DENIES_RETURN";
    const admittedLater = entriesFor(acl, leg).some(
        (entry) => entry.RuleAction === "allow" && matches(entry, port, address),
    );
    return explicit && admittedLater ? "NACL_DENY_SHADOWS_ALLOW" : "NACL_DENIES";
}
