import type { Tag } from "@aws-sdk/client-ec2";

import type { NetworkIntent } from "../intent";
import { containsCidr, parseCidr } from "../../lib/addresses/ipv4";
import type { ObservedNetwork } from "../observations";
import { sameDocument } from "../../lib/policy/document";
import type { GroupRule } from "../rule";
import type { Snapshot } from "../snapshot/types";
import type { AclEntry, Edit } from "./edits";

/**
 * The gate before every repair. It knows nothing of findings and plans: an edit passes when the declared network says that it
 * shall be so, and when all it changes carries the tags of this deployment. Whatever is not named here is refused.
 *
 * @returns why the edit is refused, or nothing when it may be made.
 */
export function refusal(
    edit: Edit,
    intent: NetworkIntent,
    snapshot: ObservedNetwork,
    permit: Permit = "automatic",
): string | undefined {
    const declared = isDeclared(edit, intent, snapshot);
    const admitted = declared || (permit === "proposed" && isAllowedByName(edit, intent, snapshot));
    if (!admitted) return "it is no part of the declared network";
    if (Object.keys(intent.ownerTags).length === 0)
        return "no owner tags are declared, so nothing can be shown to be ours";
    const foreign = touchedBy(edit).filter((id) => !isOurs(tagsOf(snapshot, id), intent.ownerTags));
    if (foreign.length === 0) return undefined;
    const tags = Object.entries(intent.ownerTags).map(([key, value]) => `${key}=${value}`);
    return `${foreign.join(" and ")} does not carry the tags ${tags.join(", ")}, so it is not ours`;
}

/** `proposed`: the stack's configuration names this repair, so that it may also do what nobody does without being asked. */
export type Permit = "automatic" | "proposed";

function isDeclared(edit: Edit, intent: NetworkIntent, snapshot: Snapshot): boolean {
    switch (edit.action) {
        case "ModifyVpcAttribute":
            return edit.vpcId === intent.vpcId && edit.value;
        case "AttachInternetGateway":
            return edit.vpcId === intent.vpcId && edit.internetGatewayId === intent.internetGatewayId;
        case "AssociateRouteTable":
            return isDeclaredAssociation(edit, intent);
        case "ReplaceRouteTableAssociation":
            return (
                isDeclaredAssociation(edit, intent) && belongsTo(snapshot, edit.associationId, edit.subnetId)
            );
        case "CreateRoute":
        case "ReplaceRoute":
            return edit.destination === "0.0.0.0/0" && isDeclaredEgress(edit, intent);
        case "ModifyVpcEndpoint":
            return isDeclaredEndpoint(edit, intent);
        case "AuthorizeSecurityGroupIngress":
        case "AuthorizeSecurityGroupEgress":
            return intent.flows.some((flow) => isRuleOf(edit.rule, flow, snapshot));
        case "RevokeSecurityGroupIngress":
            return isWorldOpen(edit.rule) && servesFlow(edit.rule.groupId, intent);
        case "ModifyNetworkInterfaceAttribute":
            return (intent.networkInterfaces ?? []).some(
                (declared) =>
                    declared.networkInterfaceId === edit.networkInterfaceId &&
                    sameMembers(declared.securityGroupIds, edit.securityGroupIds),
            );
        case "ReplaceNetworkAclAssociation":
            return isDeclaredAcl(edit, intent, snapshot);
        // Whatever else takes something away is an undoing of what passed here before, never a repair by itself.
        default:
            return false;
    }
}

/**
 * What a person has allowed by name: to take away a route or an ACL's entry that nobody declared, to admit a declared flow by
 * address, to lead around a NAT gateway that serves its own subnet, and to put back a declared policy or access type.
 */
function isAllowedByName(edit: Edit, intent: NetworkIntent, snapshot: ObservedNetwork): boolean {
    switch (edit.action) {
        case "ReplaceRoute":
            return edit.destination === "0.0.0.0/0" && isWayAroundLoop(edit, intent, snapshot);
        case "AuthorizeSecurityGroupIngress":
            return intent.flows.some((flow) => isFlowByAddress(edit.rule, flow, intent, snapshot));
        case "ModifyVpcEndpoint":
            return (
                "policy" in edit.change && isDeclaredPolicy(edit.vpcEndpointId, edit.change.policy, intent)
            );
        case "UpdateDomain":
            return isPrivateDomain(edit, intent, snapshot);
        case "DeleteRoute": {
            const ours = intent.subnets.some(({ routeTableId }) => routeTableId === edit.routeTableId);
            const isLocal = edit.target === "local";
            const declared = edit.destination === "0.0.0.0/0" && isDeclaredEgress(edit, intent);
            return ours && !isLocal && !declared;
        }
        case "DeleteNetworkAclEntry":
            return edit.entry.ruleAction === "deny" && hasEntry(edit.networkAclId, edit.entry, snapshot);
        case "CreateNetworkAclEntry":
            return edit.entry.ruleAction === "allow" && isWayOfFlow(edit.entry, intent, snapshot);
        default:
            return false;
    }
}

/**
 * Only when the declared NAT gateway really stands in a subnet of the table, and only to another declared one that can carry
 * traffic and stands in no such subnet.
 */
function isWayAroundLoop(
    edit: { routeTableId: string; target: string },
    intent: NetworkIntent,
    { NatGateways = [] }: Snapshot,
): boolean {
    const served = intent.subnets.filter(({ routeTableId }) => routeTableId === edit.routeTableId);
    const placeOf = (id: string | undefined) =>
        NatGateways.find(({ NatGatewayId }) => NatGatewayId === id)?.SubnetId;
    const isServed = (subnetId: string | undefined) => served.some((one) => one.subnetId === subnetId);
    const loops = served.some(
        ({ natGatewayId }) => natGatewayId !== undefined && isServed(placeOf(natGatewayId)),
    );
    const other = NatGateways.find(({ NatGatewayId }) => NatGatewayId === edit.target);
    const works =
        other?.State === "available" &&
        other.ConnectivityType !== "private" &&
        (other.NatGatewayAddresses ?? []).some(({ AllocationId }) => AllocationId !== undefined);
    return (
        loops &&
        works &&
        served.every(({ tier }) => tier === "private") &&
        !isServed(other.SubnetId) &&
        intent.natGateways.some(({ natGatewayId }) => natGatewayId === edit.target)
    );
}

/**
 * A declared flow into a group, by the addresses of a declared subnet that the flow really comes from, where a route of that subnet
 * leads within the VPC to something other than the VPC itself.
 */
function isFlowByAddress(
    rule: GroupRule,
    flow: NetworkIntent["flows"][number],
    intent: NetworkIntent,
    snapshot: Snapshot,
): boolean {
    const { destination, sourceGroupId, protocol, ports, description } = flow;
    const isFlow =
        rule.direction === "ingress" &&
        "securityGroupId" in destination &&
        rule.groupId === destination.securityGroupId &&
        rule.protocol === protocol &&
        rule.ports?.from === ports.from &&
        rule.ports.to === ports.to &&
        rule.description === description;
    const { peer } = rule;
    if (!isFlow || !("cidr" in peer)) return false;
    const { Subnets = [], NetworkInterfaces = [], RouteTables = [] } = snapshot;
    const subnet = Subnets.find((one) => one.CidrBlock === peer.cidr && one.VpcId === intent.vpcId);
    const isDeclared = intent.subnets.some(({ subnetId }) => subnetId === subnet?.SubnetId);
    const isSource = NetworkInterfaces.some(
        (one) =>
            one.SubnetId === subnet?.SubnetId && one.Groups?.some(({ GroupId }) => GroupId === sourceGroupId),
    );
    const own = vpcBlocks(intent, snapshot).map(parseCidr);
    const isAround = RouteTables.some(
        (table) =>
            table.Associations?.some(({ SubnetId }) => SubnetId === subnet?.SubnetId) &&
            table.Routes?.some(
                ({ DestinationCidrBlock: to, GatewayId }) =>
                    to !== undefined &&
                    GatewayId !== "local" &&
                    own.some((block) => containsCidr(block, parseCidr(to))),
            ),
    );
    return subnet !== undefined && isDeclared && isSource && isAround;
}

/** Never wider than declared: whatever a policy admits, it is the declared one or none. */
function isDeclaredPolicy(vpcEndpointId: string, policy: string, intent: NetworkIntent): boolean {
    const endpoints = [...intent.gatewayEndpoints, ...intent.interfaceEndpoints];
    const declared = endpoints.find((one) => one.vpcEndpointId === vpcEndpointId)?.policy;
    return declared !== undefined && sameDocument(declared, policy);
}

/** The declared domain, off the internet, and otherwise as it is. */
function isPrivateDomain(
    { domainId, accessType, vpcId, subnetIds }: Extract<Edit, { action: "UpdateDomain" }>,
    { services, vpcId: ownVpcId }: NetworkIntent,
    { observations }: ObservedNetwork,
): boolean {
    const actual = observations?.studio;
    return (
        accessType === "VpcOnly" &&
        domainId === services?.sageMakerDomainId &&
        domainId === actual?.domainId &&
        vpcId === ownVpcId &&
        vpcId === actual.vpcId &&
        sameMembers(subnetIds, actual.subnetIds)
    );
}

/** Both rules of a flow, told by their fields: whoever made the edit may have read the flow in another way. */
function isRuleOf(rule: GroupRule, flow: NetworkIntent["flows"][number], snapshot: Snapshot): boolean {
    const { destination, sourceGroupId } = flow;
    const sameContent =
        rule.protocol === flow.protocol &&
        rule.ports?.from === flow.ports.from &&
        rule.ports.to === flow.ports.to &&
        rule.description === flow.description;
    if (!sameContent) return false;
    const { peer, groupId } = rule;
    if ("securityGroupId" in destination) {
        if (!("securityGroupId" in peer)) return false;
        const [own, other] =
            rule.direction === "ingress"
                ? [destination.securityGroupId, sourceGroupId]
                : [sourceGroupId, destination.securityGroupId];
        return groupId === own && peer.securityGroupId === other;
    }
    if (rule.direction === "ingress" || groupId !== sourceGroupId) return false;
    if (destination.service === "internet") return "cidr" in peer && peer.cidr === "0.0.0.0/0";
    const list = snapshot.ManagedPrefixLists?.find(
        (one) => "prefixListId" in peer && one.PrefixListId === peer.prefixListId,
    );
    // A list of that name that somebody made is not AWS's.
    return (
        list?.PrefixListName === `com.amazonaws.${snapshot.region}.${destination.service}` &&
        isOfAws(list.OwnerId)
    );
}

function isOfAws(ownerId: string | undefined): boolean {
    return ownerId === undefined || ownerId === "AWS";
}

function isWorldOpen({ direction, peer }: GroupRule): boolean {
    const everybody =
        ("cidr" in peer && peer.cidr === "0.0.0.0/0") || ("ipv6Cidr" in peer && peer.ipv6Cidr === "::/0");
    return direction === "ingress" && everybody;
}

function servesFlow(groupId: string, { flows }: NetworkIntent): boolean {
    return flows.some(
        ({ destination }) => "securityGroupId" in destination && destination.securityGroupId === groupId,
    );
}

function isDeclaredAcl(
    edit: { associationId: string; networkAclId: string; subnetId: string },
    intent: NetworkIntent,
    snapshot: Snapshot,
): boolean {
    const subnet = intent.subnets.find(({ subnetId }) => subnetId === edit.subnetId);
    const acls = snapshot.NetworkAcls ?? [];
    const own = acls.find((acl) => acl.IsDefault === true && acl.VpcId === intent.vpcId)?.NetworkAclId;
    const isAssociation = acls.some((acl) =>
        acl.Associations?.some(
            (one) => one.NetworkAclAssociationId === edit.associationId && one.SubnetId === edit.subnetId,
        ),
    );
    return subnet !== undefined && isAssociation && edit.networkAclId === (subnet.networkAclId ?? own);
}

function hasEntry(networkAclId: string, entry: AclEntry, snapshot: Snapshot): boolean {
    const acl = snapshot.NetworkAcls?.find((one) => one.NetworkAclId === networkAclId);
    return (acl?.Entries ?? []).some(
        (one) =>
            one.Egress === entry.egress &&
            one.RuleNumber === entry.ruleNumber &&
            one.RuleAction === entry.ruleAction &&
            one.CidrBlock === entry.cidr,
    );
}

/** Ports on which replies come back: of Linux clients, and of NAT gateways. */
const REPLIES = [
    { from: 32_768, to: 60_999 },
    { from: 1024, to: 65_535 },
];

/** One direction of a declared flow, or its replies, and no wider. */
function isWayOfFlow(
    { protocol, ports, cidr, egress }: AclEntry,
    intent: NetworkIntent,
    snapshot: Snapshot,
): boolean {
    if (ports === undefined) return false;
    const isReply = REPLIES.some(({ from, to }) => ports.from === from && ports.to === to);
    const block = parseCidr(cidr);
    return intent.flows.some((flow) => {
        if (protocol !== (flow.protocol === "tcp" ? "6" : "17")) return false;
        const isFlow = flow.ports.from === ports.from && flow.ports.to === ports.to;
        if (!isFlow && !isReply) return false;
        const { destination } = flow;
        if ("securityGroupId" in destination) return vpcBlocks(intent, snapshot).some((own) => own === cidr);
        // A flow to a service goes out, its replies come in.
        if (egress !== isFlow) return false;
        if (destination.service === "internet") return cidr === "0.0.0.0/0";
        const name = `com.amazonaws.${snapshot.region}.${destination.service}`;
        const list = snapshot.ManagedPrefixLists?.find((one) => one.PrefixListName === name);
        return (list?.Entries ?? []).some(
            ({ Cidr }) => Cidr !== undefined && containsCidr(parseCidr(Cidr), block),
        );
    });
}

function vpcBlocks({ vpcId }: NetworkIntent, { Vpcs }: Snapshot): string[] {
    const vpc = Vpcs?.find((one) => one.VpcId === vpcId);
    return (vpc?.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock }) => CidrBlock ?? []);
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
    return a.length === b.length && a.every((one) => b.includes(one));
}

function isDeclaredAssociation(
    edit: { routeTableId: string; subnetId: string },
    intent: NetworkIntent,
): boolean {
    return intent.subnets.some(
        ({ subnetId, routeTableId }) => subnetId === edit.subnetId && routeTableId === edit.routeTableId,
    );
}

function belongsTo(snapshot: Snapshot, associationId: string, subnetId: string): boolean {
    const associations = (snapshot.RouteTables ?? []).flatMap((table) => table.Associations ?? []);
    return associations.some(
        (association) =>
            association.RouteTableAssociationId === associationId && association.SubnetId === subnetId,
    );
}

/** A table serves all its subnets alike, so all of them must be declared to leave by that target. */
function isDeclaredEgress(edit: { routeTableId: string; target: string }, intent: NetworkIntent): boolean {
    const served = intent.subnets.filter(({ routeTableId }) => routeTableId === edit.routeTableId);
    const egress = served.map(({ tier, natGatewayId }) => {
        if (tier === "public") return intent.internetGatewayId;
        return tier === "private" ? natGatewayId : undefined;
    });
    return egress.length > 0 && egress.every((target) => target === edit.target);
}

function isDeclaredEndpoint(
    edit: Extract<Edit, { action: "ModifyVpcEndpoint" }>,
    intent: NetworkIntent,
): boolean {
    const { vpcEndpointId, change } = edit;
    if ("privateDnsEnabled" in change)
        return (
            change.privateDnsEnabled &&
            intent.interfaceEndpoints.some((endpoint) => endpoint.vpcEndpointId === vpcEndpointId)
        );
    const declaredInterface = intent.interfaceEndpoints.find((one) => one.vpcEndpointId === vpcEndpointId);
    if ("addSubnetIds" in change)
        return change.addSubnetIds.every((id) => declaredInterface?.subnetIds.includes(id));
    if ("addSecurityGroupIds" in change) {
        const declared = declaredInterface?.securityGroupIds ?? [];
        const { addSecurityGroupIds, removeSecurityGroupIds } = change;
        return (
            declared.length > 0 &&
            addSecurityGroupIds.every((id) => declared.includes(id)) &&
            !removeSecurityGroupIds.some((id) => declared.includes(id))
        );
    }
    if (!("addRouteTableIds" in change)) return false;
    const declared = intent.gatewayEndpoints.find((endpoint) => endpoint.vpcEndpointId === vpcEndpointId);
    return change.addRouteTableIds.every((id) => declared?.routeTableIds.includes(id));
}

/** The resources that the edit changes. Those that it only names, such as a route's target, are in the declaration. */
function touchedBy(edit: Edit): string[] {
    switch (edit.action) {
        case "ModifyVpcAttribute":
            return [edit.vpcId];
        case "AttachInternetGateway":
        case "DetachInternetGateway":
            return [edit.internetGatewayId, edit.vpcId];
        case "AssociateRouteTable":
        case "DisassociateRouteTable":
        case "ReplaceRouteTableAssociation":
            return [edit.routeTableId, edit.subnetId];
        case "CreateRoute":
        case "ReplaceRoute":
        case "DeleteRoute":
            return [edit.routeTableId];
        case "ModifyVpcEndpoint":
            return "addRouteTableIds" in edit.change
                ? [edit.vpcEndpointId, ...edit.change.addRouteTableIds]
                : [edit.vpcEndpointId];
        case "AuthorizeSecurityGroupIngress":
        case "RevokeSecurityGroupIngress":
        case "AuthorizeSecurityGroupEgress":
        case "RevokeSecurityGroupEgress":
            return [edit.rule.groupId];
        case "ModifyNetworkInterfaceAttribute":
            return [edit.networkInterfaceId];
        // The ACL that the subnet goes back to is only named.
        case "ReplaceNetworkAclAssociation":
            return [edit.subnetId];
        case "CreateNetworkAclEntry":
        case "DeleteNetworkAclEntry":
            return [edit.networkAclId];
        case "UpdateDomain":
            return [edit.domainId];
    }
}

function tagsOf(snapshot: ObservedNetwork, id: string): Tag[] {
    const studio = snapshot.observations?.studio;
    if (studio?.domainId === id)
        return Object.entries(studio.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    const { Vpcs, InternetGateways, RouteTables, Subnets, VpcEndpoints, SecurityGroups } = snapshot;
    const { NetworkAcls, NetworkInterfaces } = snapshot;
    return (
        Vpcs?.find((item) => item.VpcId === id)?.Tags ??
        InternetGateways?.find((item) => item.InternetGatewayId === id)?.Tags ??
        RouteTables?.find((item) => item.RouteTableId === id)?.Tags ??
        Subnets?.find((item) => item.SubnetId === id)?.Tags ??
        VpcEndpoints?.find((item) => item.VpcEndpointId === id)?.Tags ??
        SecurityGroups?.find((item) => item.GroupId === id)?.Tags ??
        NetworkAcls?.find((item) => item.NetworkAclId === id)?.Tags ??
        NetworkInterfaces?.find((item) => item.NetworkInterfaceId === id)?.TagSet ??
        []
    );
}

function isOurs(tags: readonly Tag[], ownerTags: Record<string, string>): boolean {
    return Object.entries(ownerTags).every(([key, value]) =>
        tags.some((tag) => tag.Key === key && tag.Value === value),
    );
}
