import type { IpPermission } from "@aws-sdk/client-ec2";

import { type FlowIntent, flowId, type PortRange, rangeText } from "../flow";
import { finding } from "../messages";
import type { Peer } from "../analyze/security-groups";
import type { Edit } from "../repair/edits";
import { parseBlock } from "../../lib/addresses/ip";
import { EVERYWHERE, type GroupRule, prefixListName, rulesOf } from "../rule";
import type { Snapshot } from "../snapshot/types";
import { prefixListBlocks } from "../analyze/routes";
import { type Diagnosis, withRemedies } from "./diagnosis";
import { groupsAdmit, securityGroupById } from "./security-groups";
import { known, type View, vpcBlocks } from "./view";

/**
 * Whether the security groups admit the declared flows: out of the source's group and into the destination's. Groups are judged and
 * not interfaces, so the answer is known before there are interfaces.
 */

/** The ports that tell a fault of Pulsar from others of its kind; the web service of a cluster has 8080 or 8443. */
const PULSAR_PORTS = new Set([2181, 2281, 2888, 3888, 3181, 6650, 6651, 8000, 8080, 8443]);
const NFS = 2049;
const KERNEL_PORTS: PortRange = { from: 8192, to: 65_535 };
const HTTPS = 443;

function prefixListIdOf(snapshot: Snapshot, service: string): string | undefined {
    const name = prefixListName(snapshot.region, service);
    return snapshot.ManagedPrefixLists?.find((list) => list.PrefixListName === name)?.PrefixListId;
}

/** What has to change so that both groups of a flow admit it; nothing when they do. */
export function flowFindings(view: View, flow: FlowIntent): Diagnosis[] {
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

/** A rule by address counts when it covers every address that the peer may have: all of the VPC, or all of the service. */
function peerOf(view: View, peer: GroupRule["peer"]): Peer {
    if ("securityGroupId" in peer) return { groups: [peer.securityGroupId], ranges: vpcBlocks(view) };
    if ("prefixListId" in peer) {
        const blocks = prefixListBlocks(view.snapshot, peer.prefixListId);
        return { groups: [], ranges: blocks.filter(({ family }) => family === 4) };
    }
    return { groups: [], ranges: [parseBlock(EVERYWHERE)] };
}

/** The remedy is the program's own rule. */
function missingRule(view: View, flow: FlowIntent, rule: GroupRule): Diagnosis {
    const { destination } = flow;
    const about = { rule, flow: flowId(flow) };
    const missing =
        "service" in destination && destination.service !== "internet"
            ? finding("SERVICE_LACKS_EGRESS", rule.groupId, { ...about, service: destination.service })
            : finding(messageFor(view, flow, rule.direction === "ingress"), rule.groupId, about);
    return withRemedies(missing, authorize(rule));
}

function authorize(rule: GroupRule): Edit {
    const { direction } = rule;
    return direction === "ingress"
        ? { action: "AuthorizeSecurityGroupIngress", rule: { ...rule, direction } }
        : { action: "AuthorizeSecurityGroupEgress", rule: { ...rule, direction } };
}

/** The row of the fault catalogue follows from what the flow is for. */
function messageFor({ intent }: View, { destination, sourceGroupId, ports }: FlowIntent, inward: boolean) {
    if ("service" in destination) return "FLOW_LACKS_EGRESS";
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
 * Rules of the groups that admit the whole internet. No flow is declared from there, so on a port of a declared flow it is a fault. On
 * another port there may be a reason that the program does not know.
 */
export function worldOpenFindings(view: View, groupIds: readonly string[]): Diagnosis[] {
    if (!known(view, "SecurityGroups")) return [];
    return [...new Set(groupIds)].flatMap((groupId) => {
        const group = securityGroupById(view.snapshot, groupId);
        const served = view.intent.flows.flatMap(({ destination, ports }) =>
            "securityGroupId" in destination && destination.securityGroupId === groupId ? [ports] : [],
        );
        return (group?.IpPermissions ?? []).flatMap((permission) =>
            worldRules(groupId, permission).map((rule) => {
                if (!served.some((ports) => overlaps(rule, ports)))
                    return finding("WORLD_OPEN_ELSEWHERE", groupId, { rule });
                return withRemedies(finding("WORLD_OPEN", groupId, { rule }), {
                    action: "RevokeSecurityGroupIngress",
                    rule,
                });
            }),
        );
    });
}

/** The rules of one permission that admit the whole internet, by IPv4 or IPv6. */
function worldRules(groupId: string, permission: IpPermission): (GroupRule & { direction: "ingress" })[] {
    const { IpProtocol: protocol = "-1", FromPort: from, ToPort: to } = permission;
    const ports = from === undefined || to === undefined ? {} : { ports: { from, to } };
    const rule = (peer: GroupRule["peer"], description: string | undefined) => ({
        direction: "ingress" as const,
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
