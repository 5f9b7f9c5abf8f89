import { containsCidr, parseCidr } from "../../../lib/addresses/ipv4";
import type { FlowIntent } from "../../flow";
import type { NetworkIntent } from "../../intent";
import { EVERYWHERE, type GroupRule, prefixListName } from "../../rule";
import type { Snapshot } from "../../snapshot/types";
import type { NetworkInterfaceGroupsEdit } from "../edits/network-interface-groups";
import type { SecurityGroupRuleEdit } from "../edits/security-group-rule";
import { sameMembers } from "./members";
import { vpcBlocks } from "./vpc-blocks";

export function areDeclaredGroups(edit: NetworkInterfaceGroupsEdit, intent: NetworkIntent): boolean {
    return (intent.networkInterfaces ?? []).some(
        (declared) =>
            declared.networkInterfaceId === edit.networkInterfaceId &&
            sameMembers(declared.securityGroupIds, edit.securityGroupIds),
    );
}

/** One of the rules of a declared flow, compared field by field: whoever made the edit may have read the flow in another way. */
export function isDeclaredRule(
    { rule }: SecurityGroupRuleEdit,
    { flows }: NetworkIntent,
    snapshot: Snapshot,
): boolean {
    return flows.some((flow) => hasContentOf(rule, flow) && isBetweenEndsOf(rule, flow, snapshot));
}

function hasContentOf(rule: GroupRule, { protocol, ports, description }: FlowIntent): boolean {
    return (
        rule.protocol === protocol &&
        rule.ports?.from === ports.from &&
        rule.ports.to === ports.to &&
        rule.description === description
    );
}

function isBetweenEndsOf(
    { peer, groupId, direction }: GroupRule,
    { destination, sourceGroupId }: FlowIntent,
    { region, ManagedPrefixLists }: Snapshot,
): boolean {
    if ("securityGroupId" in destination) {
        if (!("securityGroupId" in peer)) return false;
        const [own, other] =
            direction === "ingress"
                ? [destination.securityGroupId, sourceGroupId]
                : [sourceGroupId, destination.securityGroupId];
        return groupId === own && peer.securityGroupId === other;
    }
    if (direction === "ingress" || groupId !== sourceGroupId) return false;
    if (destination.service === "internet") return "cidr" in peer && peer.cidr === EVERYWHERE;
    const list = ManagedPrefixLists?.find(
        (one) => "prefixListId" in peer && one.PrefixListId === peer.prefixListId,
    );
    // A customer can create a list of the same name; only AWS's own is meant.
    const isOfAws = list?.OwnerId === undefined || list.OwnerId === "AWS";
    return list?.PrefixListName === prefixListName(region, destination.service) && isOfAws;
}

/** A rule that admits the whole internet to a group that serves a declared flow. */
export function isWorldOpenRule({ rule }: SecurityGroupRuleEdit, { flows }: NetworkIntent): boolean {
    const { direction, groupId, peer } = rule;
    const isWorld =
        ("cidr" in peer && peer.cidr === EVERYWHERE) || ("ipv6Cidr" in peer && peer.ipv6Cidr === "::/0");
    const isServing = flows.some(
        ({ destination }) => "securityGroupId" in destination && destination.securityGroupId === groupId,
    );
    return direction === "ingress" && isWorld && isServing;
}

/**
 * A declared flow into a group, by the addresses of a declared subnet that the flow really comes from, where a route of that subnet
 * leads within the VPC to something other than the VPC itself.
 */
export function isFlowByAddress(
    { rule }: SecurityGroupRuleEdit,
    intent: NetworkIntent,
    snapshot: Snapshot,
): boolean {
    const { peer, direction, groupId } = rule;
    if (direction !== "ingress" || !("cidr" in peer)) return false;
    const subnet = snapshot.Subnets?.find((one) => one.CidrBlock === peer.cidr && one.VpcId === intent.vpcId);
    const isDeclared = intent.subnets.some(({ subnetId }) => subnetId === subnet?.SubnetId);
    if (subnet === undefined || !isDeclared || !leadsAround(subnet.SubnetId, intent, snapshot)) return false;
    return intent.flows.some(
        (flow) =>
            "securityGroupId" in flow.destination &&
            groupId === flow.destination.securityGroupId &&
            hasContentOf(rule, flow) &&
            isSourceIn(subnet.SubnetId, flow, snapshot),
    );
}

function isSourceIn(
    subnetId: string | undefined,
    { sourceGroupId }: FlowIntent,
    { NetworkInterfaces = [] }: Snapshot,
): boolean {
    return NetworkInterfaces.some(
        (one) => one.SubnetId === subnetId && one.Groups?.some(({ GroupId }) => GroupId === sourceGroupId),
    );
}

/** Whether a route of the subnet's own table sends traffic within the VPC to something other than the VPC itself. */
function leadsAround(subnetId: string | undefined, intent: NetworkIntent, snapshot: Snapshot): boolean {
    const own = vpcBlocks(intent, snapshot).map(parseCidr);
    return (snapshot.RouteTables ?? []).some(
        (table) =>
            table.Associations?.some(({ SubnetId }) => SubnetId === subnetId) &&
            table.Routes?.some(
                ({ DestinationCidrBlock: to, GatewayId }) =>
                    to !== undefined &&
                    GatewayId !== "local" &&
                    own.some((block) => containsCidr(block, parseCidr(to))),
            ),
    );
}
