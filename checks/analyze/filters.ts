import type { IpRange } from "../../lib/addresses/ip";
import type { Direction } from "../flow";
import type { Interface } from "./interfaces";
import type { Model } from "./model";
import { aclAnswer } from "./network-acls";
import { admission, type Group } from "./security-groups";
import type { Trace } from "./trace";
import type { Traffic } from "./traffic";

/** What travels one way: the request, or the answer to it. */
export interface Packet {
    readonly traffic: Traffic;
    readonly sources: readonly IpRange[];
    readonly destinations: readonly IpRange[];
    /** The groups that the sender is known by; none when it is outside, or behind what forgets them. */
    readonly sourceGroups: readonly string[];
    readonly destinationGroups: readonly string[];
    /** The other end is in a network that the snapshot lacks: it may carry groups that rules here refer to. */
    readonly hasUnreadGroups?: boolean;
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
    if (!at.isFiltered || (packet.leg === "return" && model.follows("sg-stateful"))) return;
    if (!model.follows(direction === "egress" ? "sg-egress" : "sg-ingress")) return;
    // Either kind tells all rules.
    if (model.snapshot.SecurityGroupRules === undefined && !trace.need(model, "SecurityGroups")) return;
    const groups = at.groups.map((id): Group => model.groups.get(id) ?? { id, ingress: [], egress: [] });
    const isOut = direction === "egress";
    const peer = {
        ranges: isOut ? packet.destinations : packet.sources,
        groups: isOut ? packet.destinationGroups : packet.sourceGroups,
        ...(packet.hasUnreadGroups === true ? { mayHave: (id: string) => !model.groups.has(id) } : {}),
    };
    const follows = model.follows;
    const answer = admission(groups, direction, packet.traffic, peer, follows);
    if (answer.admitted) {
        trace.hop(answer.groupId, "security-group", { direction, rule: answer.rule });
        return;
    }
    if (explainUnread({ model, trace }, at, direction, answer.unread)) return;
    const component = at.groups[0] ?? at.id;
    const common = { direction, leg: packet.leg };
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
            const args = { eni: at.id, references: forgotten.groups, middlebox: forgotten.by };
            trace.add("SG_REFERENCES_NOT_PRESERVED", before.groupId, { ...common, rule: before.rule, args });
            return;
        }
    }
    const about = { groups: at.groups, eni: at.id };
    trace.add("ENI_SG_RULES_MISMATCH", component, { ...common, args: { ...about, traffic: packet.traffic } });
    if (!answer.hasRules) trace.add("SG_HAS_NO_RULES", component, { ...common, args: about });
}

/** Rules that the snapshot does not tell may admit the packet: then nothing is certain. */
function explainUnread(
    { model, trace }: Walk,
    at: Interface,
    direction: Direction,
    unread: readonly string[],
): boolean {
    const need = { of: "rule", direction, eni: at.id } as const;
    const groups = at.groups.filter((id) => !model.knowsGroup(id));
    for (const id of groups) trace.add("UNKNOWN_RESOURCE", id, { args: { absence: { need } } });
    for (const id of unread) {
        const absence = id.startsWith("pl-") ? ({ part: "entries", need } as const) : { need };
        trace.add("UNKNOWN_RESOURCE", id, { args: { absence } });
    }
    if (at.groupsUnread === true)
        trace.add("UNKNOWN_RESOURCE", at.id, { args: { absence: { part: "security groups" } } });
    return groups.length > 0 || unread.length > 0 || at.groupsUnread === true;
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
    if (acl === undefined) {
        // A snapshot without any network ACL filters by none; in one that has some, every subnet has one.
        if (model.snapshot.NetworkAcls !== undefined)
            trace.add("UNKNOWN_RESOURCE", subnetId, { args: { absence: { part: "network ACL" } } });
        return true;
    }
    const remotes = direction === "egress" ? packet.destinations : packet.sources;
    const answer = aclAnswer(acl, direction, packet.traffic, remotes, model.follows);
    if (answer.allowed) {
        if (packet.leg === undefined) trace.hop(acl.id, "network-acl", { direction, rule: answer.rule });
        return true;
    }
    const { leg, traffic } = packet;
    const place = { direction, leg, rule: answer.rule };
    if (leg === "return" && answer.partly)
        trace.add("X_NACL_EPHEMERAL_PARTIAL", acl.id, {
            ...place,
            args: { subnet: subnetId, ports: traffic },
        });
    else trace.add("SUBNET_ACL_RESTRICTION", acl.id, { ...place, args: { subnet: subnetId, traffic } });
    return false;
}

/** The same between two subnets: out of the one, into the other; nothing within one. */
export function leavesSubnet(walk: Walk, fromSubnet: string, toSubnet: string): boolean {
    return fromSubnet !== toSubnet || !walk.model.follows("nacl-not-within-subnet");
}
