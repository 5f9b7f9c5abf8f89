import type { IpPermission } from "@aws-sdk/client-ec2";

import { type FlowIntent, flowId, type PortRange, rangeText } from "../flow";
import { type Finding, finding, type MessageId } from "../messages";
import type { Peer } from "../analyze/security-groups";
import { parseBlock } from "../../lib/addresses/ip";
import {
    EVERYWHERE,
    type GroupRule,
    peerText,
    permissionText,
    portsText,
    prefixListName,
    rulesOf,
} from "../rule";
import type { Snapshot } from "../snapshot/types";
import { prefixListBlocks } from "../analyze/routes";
import { groupsAdmit, securityGroupById } from "./security-groups";
import { known, type View, vpcBlocks } from "./view";

/**
 * Whether the security groups admit the declared flows: out of the source's group and into the destination's. EvaluatedPair by groups
 * and not by interfaces, so that it can be told before there are any.
 */

/** The ports by which a fault is told from others of its kind; that of a cluster's web service is 8080 or 8443. */
const PULSAR_PORTS = new Set([2181, 2281, 2888, 3888, 3181, 6650, 6651, 8000, 8080, 8443]);
const NFS = 2049;
const KERNEL_PORTS: PortRange = { from: 8192, to: 65_535 };
const HTTPS = 443;

export function prefixListIdOf(snapshot: Snapshot, service: string): string | undefined {
    const name = prefixListName(snapshot.region, service);
    return snapshot.ManagedPrefixLists?.find((list) => list.PrefixListName === name)?.PrefixListId;
}

/** What has to change so that both groups of a flow admit it; nothing when they do. */
export function flowFindings(view: View, flow: FlowIntent): Finding[] {
    if (!known(view, "Vpcs", "SecurityGroups", "ManagedPrefixLists")) return [];
    const { snapshot } = view;
    const { destination, sourceGroupId } = flow;
    const ends =
        "securityGroupId" in destination ? [sourceGroupId, destination.securityGroupId] : [sourceGroupId];
    const absent = [...new Set(ends)].filter((id) => securityGroupById(snapshot, id) === undefined);
    if (absent.length > 0) return absent.map((id) => finding("SECURITY_GROUP_NOT_FOUND", id));

    const { egress, ingress } = rulesOf(flow, (service) => prefixListIdOf(snapshot, service));
    if (egress === undefined) {
        const service = "service" in destination ? destination.service : "";
        return [finding("PREFIX_LIST_UNKNOWN", service, { service })];
    }
    return [egress, ...(ingress === undefined ? [] : [ingress])]
        .filter((rule) => !admits(view, flow, rule))
        .map((rule) => missingRule(view, flow, rule));
}

function admits(
    view: View,
    { protocol, ports }: FlowIntent,
    { direction, groupId, peer }: GroupRule,
): boolean {
    return groupsAdmit(view.evaluator.model, [groupId], direction, peerOf(view, peer), { protocol, ports });
}

/** A rule by address counts when it covers wherever the peer may be: all of the VPC, or all of the service's addresses. */
function peerOf(view: View, peer: GroupRule["peer"]): Peer {
    if ("securityGroupId" in peer) return { groups: [peer.securityGroupId], ranges: vpcBlocks(view) };
    if ("prefixListId" in peer) {
        const blocks = prefixListBlocks(view.snapshot, peer.prefixListId);
        return { groups: [], ranges: blocks.filter(({ family }) => family === 4) };
    }
    return { groups: [], ranges: [parseBlock(EVERYWHERE)] };
}

function missingRule(view: View, flow: FlowIntent, rule: GroupRule): Finding {
    const { destination } = flow;
    const inward = rule.direction === "ingress";
    const about = {
        flow: flowId(flow),
        direction: rule.direction,
        verb: inward ? "admit" : "let out",
        preposition: inward ? "from" : "to",
        ports: portsText(rule),
        peer: peerText(rule.peer),
        permission: permissionText(rule),
        ...("service" in destination ? { service: destination.service } : {}),
    };
    return finding(messageFor(view, flow, inward), rule.groupId, about);
}

/** The row of the fault catalogue is told by what the flow is for. */
function messageFor(
    { intent }: View,
    { destination, sourceGroupId, ports }: FlowIntent,
    inward: boolean,
): MessageId {
    if ("service" in destination)
        return destination.service === "internet" ? "FLOW_LACKS_EGRESS" : "SERVICE_LACKS_EGRESS";
    const { securityGroupId } = destination;
    const isEndpoint = intent.interfaceEndpoints.some((one) =>
        one.securityGroupIds.includes(securityGroupId),
    );
    if (isEndpoint && ports.from === HTTPS) return inward ? "ENDPOINT_LACKS_INGRESS" : "FLOW_LACKS_EGRESS";
    const isKernels = rangeText(ports) === rangeText(KERNEL_PORTS) && securityGroupId === sourceGroupId;
    if (isKernels) return "STUDIO_KERNELS_BLOCKED";
    if (ports.from === NFS && ports.to === NFS) return "FILE_SYSTEM_BLOCKED";
    if (ports.from === ports.to && PULSAR_PORTS.has(ports.from)) return "PULSAR_PORT_BLOCKED";
    return inward ? "FLOW_LACKS_INGRESS" : "FLOW_LACKS_EGRESS";
}

/**
 * Rules of the groups that admit the whole internet. No flow is declared from there, so on a port that something listens on it is
 * a fault; elsewhere somebody may have a reason that the program does not know.
 */
export function worldOpenFindings(view: View, groupIds: readonly string[]): Finding[] {
    if (!known(view, "SecurityGroups")) return [];
    return [...new Set(groupIds)].flatMap((groupId) => {
        const group = securityGroupById(view.snapshot, groupId);
        const served = view.intent.flows.flatMap(({ destination, ports }) =>
            "securityGroupId" in destination && destination.securityGroupId === groupId ? [ports] : [],
        );
        return (group?.IpPermissions ?? []).flatMap((permission) =>
            worldRules(groupId, permission).map((rule) => {
                const isServed = served.some((ports) => overlaps(rule, ports));
                return finding(isServed ? "WORLD_OPEN" : "WORLD_OPEN_ELSEWHERE", groupId, {
                    ports: portsText(rule),
                    cidr: peerText(rule.peer),
                    protocol: rule.protocol,
                    ...(rule.ports === undefined ? {} : { range: rangeText(rule.ports) }),
                    ...(rule.description === undefined ? {} : { description: rule.description }),
                    permission: permissionText(rule),
                });
            }),
        );
    });
}

/** The rules of one permission that admit everybody, by IPv4 or IPv6. */
export function worldRules(groupId: string, permission: IpPermission): GroupRule[] {
    const { IpProtocol: protocol = "-1", FromPort: from, ToPort: to } = permission;
    const ports = from === undefined || to === undefined ? {} : { ports: { from, to } };
    const rule = (peer: GroupRule["peer"], description: string | undefined): GroupRule => ({
        direction: "ingress",
        groupId,
        protocol,
        ...ports,
        peer,
        ...(description === undefined ? {} : { description }),
    });
    return [
        ...(permission.IpRanges ?? [])
            .filter(({ CidrIp }) => CidrIp === EVERYWHERE)
            .map(({ Description }) => rule({ cidr: EVERYWHERE }, Description)),
        ...(permission.Ipv6Ranges ?? [])
            .filter(({ CidrIpv6 }) => CidrIpv6 === "::/0")
            .map(({ Description }) => rule({ ipv6Cidr: "::/0" }, Description)),
    ];
}

function overlaps({ ports }: GroupRule, served: PortRange): boolean {
    return ports === undefined || (ports.from <= served.to && served.from <= ports.to);
}
