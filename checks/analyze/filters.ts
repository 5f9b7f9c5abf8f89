import type { IpRange } from "../../lib/addresses/ip";
import { type Interface, isFiltered } from "./interfaces";
import type { Model } from "./model";
import { aclAnswer } from "./network-acls";
import { admission, type Group } from "./security-groups";
import type { Trace } from "./trace";
import { describeTraffic, type Traffic } from "./traffic";
import type { Direction } from "./types";

/** What travels one way: the request, or the answer to it. */
export interface Packet {
    readonly traffic: Traffic;
    readonly sources: readonly IpRange[];
    readonly destinations: readonly IpRange[];
    /** The groups that the sender is known by; none when it is outside, or behind what forgets them. */
    readonly sourceGroups: readonly string[];
    readonly destinationGroups: readonly string[];
    /** Who forgot the sender's groups, and which they were. */
    readonly forgotten?: { readonly by: string; readonly groups: readonly string[] };
    readonly leg?: "return";
    /** Addresses of services with gateway endpoints are not meant, whatever a table on the way does with them. */
    readonly isToInternet?: boolean;
}

/** The way of one pair through a model. */
export interface Walk {
    readonly model: Model;
    readonly trace: Trace;
}

/** The security groups on an interface, for what leaves it or comes to it. Answers to what they admitted pass. */
export function passGroups(
    { model, trace }: Walk,
    at: Interface,
    direction: Direction,
    packet: Packet,
): void {
    if (!isFiltered(at) || (packet.leg === "return" && model.follows("sg-stateful"))) return;
    if (!model.follows(direction === "egress" ? "sg-egress" : "sg-ingress")) return;
    // Either kind tells all rules.
    if (model.snapshot.SecurityGroupRules === undefined) trace.need(model, "SecurityGroups");
    const groups = at.groups.map((id): Group => model.groups.get(id) ?? { id, ingress: [], egress: [] });
    const isOut = direction === "egress";
    const peer = {
        ranges: isOut ? packet.destinations : packet.sources,
        groups: isOut ? packet.destinationGroups : packet.sourceGroups,
    };
    const follows = model.follows;
    const answer = admission(groups, direction, packet.traffic, peer, follows);
    if (answer.admitted) {
        trace.hop(answer.groupId, "security-group", { direction, rule: answer.rule });
        return;
    }
    const component = at.groups[0] ?? at.id;
    const related = [at.id, ...at.groups.slice(1)];
    const names = at.groups.length === 0 ? "no security group" : at.groups.join(", ");
    const common = { direction, leg: packet.leg, related };
    const { forgotten } = packet;
    if (!isOut && forgotten !== undefined) {
        const before = admission(
            groups,
            direction,
            packet.traffic,
            { ...peer, groups: forgotten.groups },
            follows,
        );
        if (before.admitted) {
            const args = { eni: at.id, reference: forgotten.groups.join(", "), middlebox: forgotten.by };
            trace.add("SG_REFERENCES_NOT_PRESERVED", before.groupId, { ...common, rule: before.rule, args });
            return;
        }
    }
    const traffic = describeTraffic(packet.traffic);
    trace.add("ENI_SG_RULES_MISMATCH", component, {
        ...common,
        args: { groups: names, eni: at.id, traffic },
    });
    if (!answer.hasRules)
        trace.add("SG_HAS_NO_RULES", component, { ...common, args: { groups: names, eni: at.id } });
}

/**
 * The network ACL of a subnet, for what leaves it or comes into it.
 *
 * @returns whether it lets everything pass.
 */
export function passAcl(
    { model, trace }: Walk,
    subnetId: string,
    direction: Direction,
    packet: Packet,
): boolean {
    if (packet.leg === "return" && !model.follows("nacl-stateless")) return true;
    trace.need(model, "NetworkAcls");
    const acl = model.networkAclOf(subnetId);
    if (acl === undefined) return true;
    const remotes = direction === "egress" ? packet.destinations : packet.sources;
    const answer = aclAnswer(acl, direction, packet.traffic, remotes, model.follows);
    if (answer.allowed) {
        if (packet.leg === undefined) trace.hop(acl.id, "network-acl", { direction, rule: answer.rule });
        return true;
    }
    const isPartial = packet.leg === "return" && answer.partly;
    const { from, to } = packet.traffic;
    trace.add(isPartial ? "X_NACL_EPHEMERAL_PARTIAL" : "SUBNET_ACL_RESTRICTION", acl.id, {
        direction,
        leg: packet.leg,
        rule: answer.rule,
        related: [subnetId],
        args: {
            subnet: subnetId,
            traffic: `${packet.leg === "return" ? "the answers, " : ""}${describeTraffic(packet.traffic)},`,
            ports: `${from}-${to}`,
        },
    });
    return false;
}

/** The same between two subnets: out of the one, into the other; nothing within one. */
export function leavesSubnet(walk: Walk, fromSubnet: string, toSubnet: string): boolean {
    return fromSubnet !== toSubnet || !walk.model.follows("nacl-not-within-subnet");
}
