import type { NetworkAcl } from "@aws-sdk/client-ec2";

import type { Model } from "../analyze/model";
import { type Acl, type CompiledEntry, aclPieces, compileAcl, DEFAULT_DENY } from "../analyze/network-acls";
import { CLIENT_PORTS, NAT_PORTS, requestOf } from "../analyze/traffic";
import type { PortRange } from "../flow";
import type { SubnetIntent } from "../intent";
import { finding } from "../messages";
import { type Block, formatBlock, type IpRange, subtract } from "../../lib/addresses/ip";
import type { Edit } from "../repair/edits";
import type { NetworkAclRule } from "../repair/edits/network-acl-rule";
import { EVERYWHERE } from "../rule";
import { type Diagnosis, withRemedies } from "./diagnosis";
import { intendedEgress, internetOf, known, serviceBlocks, type View, vpcBlocks } from "./view";

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
    ranges: readonly IpRange[];
    kind: "forward" | "return";
    /** The service whose addresses these are. */
    service?: string;
}

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
export function networkAclFindings(view: View, subnet: SubnetIntent): Diagnosis[] {
    const { snapshot } = view;
    if (!known(view, "NetworkAcls", "Vpcs") || snapshot.NetworkAcls === undefined) return [];
    const networkAclId = intendedNetworkAcl(view, subnet);
    const intended = networkAclId === undefined ? undefined : networkAclById(view, networkAclId);
    if (networkAclId === undefined || intended === undefined) return [];
    const acl = compileAcl(intended);
    return [
        ...replaced(view, subnet, networkAclId),
        ...closedFindings(
            intended,
            legsUnlessOpen(view, subnet, acl).flatMap((leg) =>
                closedLeg(acl, leg, view.evaluator.model.follows),
            ),
        ),
    ];
}

function replaced({ snapshot }: View, { subnetId }: SubnetIntent, networkAclId: string): Diagnosis[] {
    for (const acl of snapshot.NetworkAcls ?? []) {
        const association = acl.Associations?.find((one) => one.SubnetId === subnetId);
        if (association === undefined || acl.NetworkAclId === networkAclId) continue;
        const associationId = association.NetworkAclAssociationId ?? "";
        const actualNetworkAclId = acl.NetworkAclId ?? "an unnamed one";
        const replacedBy = finding("NACL_REPLACED", subnetId, {
            networkAclId,
            actualNetworkAclId,
            associationId,
        });
        const action = "ReplaceNetworkAclAssociation";
        return [withRemedies(replacedBy, { action, associationId, networkAclId, subnetId })];
    }
    return [];
}

/** Every way through the ACL of a subnet that the declared network needs. */
function legs(view: View, subnet: SubnetIntent): Leg[] {
    const { flows, gatewayEndpoints } = view.intent;
    const inside = vpcBlocks(view).flatMap((block) =>
        flows.flatMap(({ destination, protocol, ports }) =>
            "securityGroupId" in destination ? around(protocol, ports, block) : [],
        ),
    );
    const services = gatewayEndpoints
        .filter(({ routeTableIds }) => routeTableIds.includes(subnet.routeTableId))
        .filter(({ service }) => flows.some(({ destination }) => isService(destination, service)))
        .flatMap(({ service }) =>
            serviceBlocks(view, service).flatMap((block) =>
                there("tcp", HTTPS, formatBlock(block), [block], CLIENT_PORTS, service),
            ),
        );
    return distinctLegs([...inside, ...services, ...internetLegs(view, subnet)]);
}

function isService(destination: object, service: string): boolean {
    return "service" in destination && destination.service === service;
}

/** Inside the VPC either end may be in the subnet. */
function around(protocol: "tcp" | "udp", ports: PortRange, block: Block): Leg[] {
    const common = { protocol, cidr: formatBlock(block), ranges: [block] };
    return [false, true].flatMap((egress): Leg[] => [
        { ...common, egress, ports, kind: "forward" },
        { ...common, egress, ports: CLIENT_PORTS, kind: "return" },
    ]);
}

function there(
    protocol: "tcp" | "udp",
    ports: PortRange,
    cidr: string,
    ranges: readonly IpRange[],
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
    const services = view.intent.gatewayEndpoints.flatMap(({ service }) => serviceBlocks(view, service));
    const ranges = internetOf(view).flatMap((range) => subtract(range, services));
    return there("tcp", HTTPS, EVERYWHERE, ranges, ports);
}

function distinctLegs(all: readonly Leg[]): Leg[] {
    return [...new Map(all.map((leg) => [keyOf(leg), leg])).values()];
}

function keyOf({ egress, protocol, ports, cidr, kind }: Leg): string {
    return JSON.stringify([egress, protocol, ports.from, ports.to, cidr, kind]);
}

/** A part of a leg where all packets meet the same entries. */
interface Piece {
    allowed: boolean;
    rule: number;
    /** The entries that match, the one that decides first; none means the end of the list, which denies. */
    matching: readonly CompiledEntry[];
}

function piecesOf(acl: Acl, { egress, protocol, ports, ranges }: Leg, follows: Model["follows"]): Piece[] {
    const traffic = requestOf(protocol, ports, 4);
    const pieces = [...aclPieces(acl, egress ? "egress" : "ingress", traffic, ranges, follows)];
    return pieces.flatMap((piece) =>
        piece.ports.map(({ allows, rule, matching }) => ({ allowed: allows, rule, matching })),
    );
}

/** A way that is not open, the first entry that closes it, and whether it closes all of it. */
interface Closed {
    leg: Leg;
    first: Piece;
    rule: number;
    partial: boolean;
}

/** Most ACLs begin with an entry that admits everything; then nothing has to be looked at. */
function legsUnlessOpen(view: View, subnet: SubnetIntent, { ingress, egress }: Acl): Leg[] {
    const isOpen = [ingress, egress].every((entries) => {
        const first = entries.find(({ block }) => block.family === 4);
        return first?.allows === true && first.protocol === -1 && first.block.length === 0;
    });
    return isOpen ? [] : legs(view, subnet);
}

function closedLeg(acl: Acl, leg: Leg, follows: Model["follows"]): Closed[] {
    const pieces = piecesOf(acl, leg, follows);
    const denied = pieces.filter(({ allowed }) => !allowed);
    const [first] = denied;
    if (first === undefined) return [];
    return [{ leg, first, rule: first.rule, partial: denied.length < pieces.length }];
}

/** One entry that denies is one fault, however many ways it closes; where none admits, each way needs an entry of its own. */
function closedFindings(acl: NetworkAcl, closed: readonly Closed[]): Diagnosis[] {
    const byEntry = new Map<string, Closed>();
    for (const one of [...closed].sort((a, b) => rank(a) - rank(b))) {
        const { rule, leg } = one;
        const key = rule < DEFAULT_DENY ? `${leg.egress} ${rule}` : keyOf(leg);
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

function closedFinding(acl: NetworkAcl, closed: Closed): Diagnosis {
    const { leg, first, rule } = closed;
    const { egress, protocol, service } = leg;
    const [decidedBy] = first.matching;
    const isExplicit = rule < DEFAULT_DENY && decidedBy !== undefined;
    const { cidr, ports } = isExplicit
        ? { cidr: formatBlock(decidedBy.block), ports: portsOf(decidedBy) }
        : { cidr: leg.cidr, ports: leg.ports };
    const about = {
        traffic: { egress, protocol, cidr, ...(ports === undefined ? {} : { ports }) },
        rule: isExplicit ? rule : ("*" as const),
    };
    const networkAclId = acl.NetworkAclId ?? "";
    const denied =
        service === undefined
            ? finding(messageFor(closed, isExplicit), networkAclId, about)
            : finding("NACL_LACKS_SERVICE", networkAclId, { ...about, service });
    const remedy = isExplicit ? deleteEntry(acl, rule, egress) : createEntry(acl, leg);
    return withRemedies(denied, remedy);
}

function deleteEntry(
    { NetworkAclId, Entries = [] }: NetworkAcl,
    number: number,
    egress: boolean,
): Edit | undefined {
    const found = Entries.find((entry) => entry.Egress === egress && entry.RuleNumber === number);
    const { RuleAction, Protocol, CidrBlock, PortRange } = found ?? {};
    if (RuleAction !== "deny" || CidrBlock === undefined) return undefined;
    const { From, To } = PortRange ?? {};
    const entry: NetworkAclRule = {
        ruleNumber: number,
        egress,
        ruleAction: RuleAction,
        protocol: Protocol ?? "-1",
        cidr: CidrBlock,
        ...(From === undefined || To === undefined ? {} : { ports: { from: From, to: To } }),
    };
    return { action: "DeleteNetworkAclEntry", networkAclId: NetworkAclId ?? "", entry };
}

/** The highest number that an entry may have. */
const LAST_FREE_RULE = 32_766;

/** An entry for exactly this traffic, after all others, so that it overrides no other decision. */
function createEntry(
    { NetworkAclId, Entries = [] }: NetworkAcl,
    { egress, protocol, cidr, ports }: Leg,
): Edit | undefined {
    const used = Entries.filter((entry) => entry.Egress === egress)
        .map((entry) => entry.RuleNumber ?? 0)
        .filter((number) => number <= LAST_FREE_RULE);
    const ruleNumber = Math.max(0, ...used) + 1;
    if (ruleNumber > LAST_FREE_RULE) return undefined;
    const entry: NetworkAclRule = {
        ruleNumber,
        egress,
        ruleAction: "allow",
        protocol: protocol === "udp" ? "17" : "6",
        cidr,
        ports,
    };
    return { action: "CreateNetworkAclEntry", networkAclId: NetworkAclId ?? "", entry };
}

function portsOf({ from, to }: CompiledEntry): PortRange | undefined {
    return from === 0 && to === 65_535 ? undefined : { from, to };
}

function messageFor({ leg, first, partial }: Closed, isExplicit: boolean) {
    if (leg.kind === "return") return partial ? "NACL_EPHEMERAL_PARTIAL" : "NACL_DENIES_RETURN";
    const isShadowed = isExplicit && first.matching.some(({ allows }) => allows);
    return isShadowed ? "NACL_DENY_SHADOWS_ALLOW" : "NACL_DENIES";
}
