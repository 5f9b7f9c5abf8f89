import { groupsOf } from "../diagnose/endpoint-findings";
import { prefixListIdOf, worldRules } from "../diagnose/flow-findings";
import { networkAclById } from "../diagnose/network-acls";
import { routeTableById, targetOf } from "../analyze/routes";
import { securityGroupById } from "../diagnose/security-groups";
import { isPublicNat } from "../analyze/nat";
import { flowId } from "../flow";
import type { NetworkIntent } from "../intent";
import { type Finding, type MessageId, MESSAGES } from "../messages";
import { EVERYWHERE, peerText, permissionText, rulesOf } from "../rule";
import type { ObservedNetwork } from "../observations";
import type { Snapshot } from "../snapshot/types";
import { type Edit, editCost } from "./edits";
import type { NetworkAclRule } from "./edits/network-acl-rule";

/** An edit and what it mends; several findings may have one remedy. */
export interface PlannedEdit {
    edit: Edit;
    mends: Finding[];
}

/** What a later edit relies on comes first: gateways before routes, DNS support before hostnames before private DNS. */
const ORDER: readonly MessageId[] = [
    "IGW_DETACHED",
    "SUBNET_ON_MAIN_TABLE",
    "SUBNET_ON_WRONG_TABLE",
    "PUBLIC_NO_DEFAULT_ROUTE",
    "PUBLIC_WRONG_DEFAULT_ROUTE",
    "PRIVATE_NO_DEFAULT_ROUTE",
    "PRIVATE_TO_IGW",
    "DEFAULT_ROUTE_BLACKHOLE",
    "PRIVATE_WRONG_NEXT_HOP",
    "NAT_CROSSES_ZONE",
    "NAT_SELF_LOOP",
    "MORE_SPECIFIC_BLACKHOLE",
    "MORE_SPECIFIC_ROUTE",
    "UNINTENDED_EGRESS",
    "GATEWAY_ENDPOINT_NOT_ROUTED",
    "GATEWAY_ENDPOINT_OVERRIDDEN",
    "NACL_REPLACED",
    "NACL_DENIES",
    "NACL_DENIES_RETURN",
    "NACL_EPHEMERAL_PARTIAL",
    "NACL_DENY_SHADOWS_ALLOW",
    "NACL_LACKS_SERVICE",
    "DNS_SUPPORT_OFF",
    "DNS_HOSTNAMES_OFF",
    "INTERFACE_WRONG_GROUPS",
    "ENDPOINT_WRONG_GROUPS",
    "ENDPOINT_NOT_IN_ZONE",
    "ENDPOINT_PRIVATE_DNS_OFF",
    "ENDPOINT_POLICY_DENIES",
    "MIDDLEBOX_BREAKS_REFERENCES",
    "WORLD_OPEN",
    "STUDIO_NOT_PRIVATE",
];

/** The messages of class P whose proposed edit a check can make: what `allowedRepairs` may name. */
export const PROPOSED_REPAIRS = [
    "MORE_SPECIFIC_BLACKHOLE",
    "MORE_SPECIFIC_ROUTE",
    "PRIVATE_WRONG_NEXT_HOP",
    "NAT_CROSSES_ZONE",
    "NAT_SELF_LOOP",
    "UNINTENDED_EGRESS",
    "GATEWAY_ENDPOINT_OVERRIDDEN",
    "NACL_DENIES",
    "NACL_DENIES_RETURN",
    "NACL_EPHEMERAL_PARTIAL",
    "NACL_DENY_SHADOWS_ALLOW",
    "NACL_LACKS_SERVICE",
    "MIDDLEBOX_BREAKS_REFERENCES",
    "ENDPOINT_POLICY_DENIES",
    "STUDIO_NOT_PRIVATE",
] as const satisfies readonly MessageId[];

export type ProposedRepair = (typeof PROPOSED_REPAIRS)[number];

/** What a check would do about findings of class P, if it were allowed to. */
export function planProposals(
    findings: readonly Finding[],
    intent: NetworkIntent,
    snapshot: Snapshot,
): PlannedEdit[] {
    return plan(
        findings.filter(({ id }) => (PROPOSED_REPAIRS as readonly MessageId[]).includes(id)),
        intent,
        snapshot,
    );
}

/**
 * The edits that mend what a check may mend by itself; pure. Each finding names one setting that is wrong, so that one edit a
 * finding, the cheapest that mends it, is the minimal and cheapest set: leave one out and its finding stays. No search over sets is
 * needed, because no edit mends two settings; `test/checks/repair/minimal.test.ts` holds the plans of all rows to it.
 */
export function planRepairs(
    findings: readonly Finding[],
    intent: NetworkIntent,
    snapshot: Snapshot,
): PlannedEdit[] {
    return plan(
        findings.filter(({ id }) => MESSAGES[id].repairer === "automatic"),
        intent,
        snapshot,
    );
}

/** Traffic that crosses zones is billed, and stops when the other zone does. */
const CROSSING_COST = 1;

function plan(findings: readonly Finding[], intent: NetworkIntent, snapshot: Snapshot): PlannedEdit[] {
    const planned = new Map<string, PlannedEdit>();
    for (const one of [...findings].sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id))) {
        const edit = withFreeNumber(cheapest(editsFor(one, intent, snapshot)), [...planned.values()]);
        if (edit === undefined) continue;
        const key = JSON.stringify(edit);
        const known = planned.get(key);
        if (known === undefined) planned.set(key, { edit, mends: [one] });
        else known.mends.push(one);
    }
    return [...planned.values()];
}

/** Of several edits that would each mend the same thing, the one that costs least; the first of equals. */
function cheapest(edits: readonly { edit: Edit; extra?: number }[]): Edit | undefined {
    const priced = edits
        .map(({ edit, extra = 0 }) => ({ edit, cost: editCost(edit) + extra }))
        .filter(({ cost }) => cost < Infinity);
    return priced.sort((a, b) => a.cost - b.cost)[0]?.edit;
}

function editsFor(
    one: Finding,
    intent: NetworkIntent,
    snapshot: ObservedNetwork,
): readonly { edit: Edit; extra?: number }[] {
    if (one.id === "NAT_SELF_LOOP") return waysAround(one, intent, snapshot);
    const edit = editFor(one, intent, snapshot);
    return edit === undefined ? [] : [{ edit }];
}

/** To each sound NAT gateway of ours outside of the table's subnets; one in the subnet's own zone is nearer. */
function waysAround(
    { component, args }: Finding,
    { subnets, natGateways }: NetworkIntent,
    snapshot: Snapshot,
): readonly { edit: Edit; extra: number }[] {
    const { routeTableId } = args;
    // Where there is no route of its own, one is made by the repair of that.
    if (routeTableId === undefined || !hasStaticDefault(snapshot, routeTableId)) return [];
    const served = subnets.filter((subnet) => subnet.routeTableId === routeTableId);
    const zoneOf = (id: string | undefined) =>
        snapshot.Subnets?.find(({ SubnetId }) => SubnetId === id)?.AvailabilityZone;
    return natGateways.flatMap(({ natGatewayId: target }) => {
        const nat = snapshot.NatGateways?.find((one) => one.NatGatewayId === target);
        if (nat?.State !== "available" || !isPublicNat(nat)) return [];
        if (served.some(({ subnetId }) => subnetId === nat.SubnetId)) return [];
        const action = "ReplaceRoute";
        const extra = zoneOf(nat.SubnetId) === zoneOf(component) ? 0 : CROSSING_COST;
        return [{ edit: { action, routeTableId, destination: EVERYWHERE, target }, extra }];
    });
}

/** Two entries that one round makes must not take the same number. */
function withFreeNumber(edit: Edit | undefined, earlier: readonly PlannedEdit[]): Edit | undefined {
    if (edit?.action !== "CreateNetworkAclEntry") return edit;
    const taken = earlier.flatMap(({ edit: other }) =>
        other.action === edit.action &&
        other.networkAclId === edit.networkAclId &&
        other.entry.egress === edit.entry.egress
            ? [other.entry.ruleNumber]
            : [],
    );
    const ruleNumber = Math.max(edit.entry.ruleNumber, ...taken.map((number) => number + 1));
    return { ...edit, entry: { ...edit.entry, ruleNumber } };
}

function editFor(
    { id, component, args }: Finding,
    intent: NetworkIntent,
    snapshot: Snapshot,
): Edit | undefined {
    switch (id) {
        case "IGW_DETACHED":
            return { action: "AttachInternetGateway", internetGatewayId: component, vpcId: intent.vpcId };
        case "SUBNET_ON_MAIN_TABLE": {
            const { routeTableId } = args;
            if (routeTableId === undefined) return undefined;
            return { action: "AssociateRouteTable", routeTableId, subnetId: component };
        }
        case "SUBNET_ON_WRONG_TABLE": {
            const { routeTableId, associationId } = args;
            if (routeTableId === undefined || associationId === undefined) return undefined;
            return {
                action: "ReplaceRouteTableAssociation",
                associationId,
                routeTableId,
                subnetId: component,
            };
        }
        case "PUBLIC_NO_DEFAULT_ROUTE":
        case "PUBLIC_WRONG_DEFAULT_ROUTE":
        case "PRIVATE_NO_DEFAULT_ROUTE":
        case "PRIVATE_TO_IGW":
        case "DEFAULT_ROUTE_BLACKHOLE":
        case "PRIVATE_WRONG_NEXT_HOP":
        case "NAT_CROSSES_ZONE": {
            const { target } = args;
            if (target === undefined) return undefined;
            const action = hasStaticDefault(snapshot, component) ? "ReplaceRoute" : "CreateRoute";
            return { action, routeTableId: component, destination: EVERYWHERE, target };
        }
        case "GATEWAY_ENDPOINT_NOT_ROUTED": {
            const { routeTableId } = args;
            if (routeTableId === undefined) return undefined;
            return {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: component,
                change: { addRouteTableIds: [routeTableId] },
            };
        }
        case "DNS_SUPPORT_OFF":
            return {
                action: "ModifyVpcAttribute",
                vpcId: component,
                attribute: "enableDnsSupport",
                value: true,
            };
        case "DNS_HOSTNAMES_OFF":
            return {
                action: "ModifyVpcAttribute",
                vpcId: component,
                attribute: "enableDnsHostnames",
                value: true,
            };
        case "ENDPOINT_PRIVATE_DNS_OFF":
            return {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: component,
                change: { privateDnsEnabled: true },
            };
        case "MORE_SPECIFIC_BLACKHOLE":
        case "MORE_SPECIFIC_ROUTE":
            return deleteRoute(component, args.cidr, snapshot);
        case "UNINTENDED_EGRESS":
        case "GATEWAY_ENDPOINT_OVERRIDDEN":
            return deleteRoute(args.routeTableId, args.cidr, snapshot);
        case "NACL_REPLACED": {
            const { associationId, networkAclId } = args;
            if (associationId === undefined || networkAclId === undefined) return undefined;
            return {
                action: "ReplaceNetworkAclAssociation",
                associationId,
                networkAclId,
                subnetId: component,
            };
        }
        case "NACL_DENIES":
        case "NACL_DENIES_RETURN":
        case "NACL_EPHEMERAL_PARTIAL":
        case "NACL_DENY_SHADOWS_ALLOW":
        case "NACL_LACKS_SERVICE":
            return aclEdit(component, args, snapshot);
        case "INTERFACE_WRONG_GROUPS":
            return {
                action: "ModifyNetworkInterfaceAttribute",
                networkInterfaceId: component,
                securityGroupIds: args.groups?.split(" ") ?? [],
            };
        case "ENDPOINT_WRONG_GROUPS": {
            const endpoint = snapshot.VpcEndpoints?.find((one) => one.VpcEndpointId === component);
            const [wanted, actual] = [args.groups?.split(" ") ?? [], groupsOf(endpoint)];
            return {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: component,
                change: {
                    addSecurityGroupIds: wanted.filter((id) => !actual.includes(id)),
                    removeSecurityGroupIds: actual.filter((id) => !wanted.includes(id)),
                },
            };
        }
        case "ENDPOINT_NOT_IN_ZONE": {
            const { subnetId } = args;
            if (subnetId === undefined) return undefined;
            return {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: component,
                change: { addSubnetIds: [subnetId] },
            };
        }
        case "FLOW_LACKS_INGRESS":
        case "FLOW_LACKS_EGRESS":
        case "SERVICE_LACKS_EGRESS":
        case "STUDIO_KERNELS_BLOCKED":
        case "FILE_SYSTEM_BLOCKED":
        case "PULSAR_PORT_BLOCKED":
        case "ENDPOINT_LACKS_INGRESS":
            return authorize(component, args, intent, snapshot);
        case "WORLD_OPEN":
            return revoke(component, args, snapshot);
        case "MIDDLEBOX_BREAKS_REFERENCES":
            return authorizeByAddress(component, args, intent);
        case "ENDPOINT_POLICY_DENIES": {
            const policy = [...intent.gatewayEndpoints, ...intent.interfaceEndpoints].find(
                ({ vpcEndpointId }) => vpcEndpointId === component,
            )?.policy;
            if (policy === undefined) return undefined;
            return { action: "ModifyVpcEndpoint", vpcEndpointId: component, change: { policy } };
        }
        case "STUDIO_NOT_PRIVATE": {
            const { vpcId, subnetIds = "" } = args;
            if (vpcId === undefined) return undefined;
            return {
                action: "UpdateDomain",
                domainId: component,
                accessType: "VpcOnly",
                vpcId,
                subnetIds: subnetIds.split(" "),
            };
        }
        default:
            return undefined;
    }
}

// A propagated route cannot be replaced; a static one beside it beats it.
function hasStaticDefault(snapshot: Snapshot, routeTableId: string): boolean {
    return (routeTableById(snapshot, routeTableId)?.Routes ?? []).some(
        (route) => route.DestinationCidrBlock === EVERYWHERE && route.Origin !== "EnableVgwRoutePropagation",
    );
}

/** The route as it is there, so that it can be made again; that of a prefix list is not ours to take away. */
function deleteRoute(
    routeTableId: string | undefined,
    destination: string | undefined,
    snapshot: Snapshot,
): Edit | undefined {
    if (routeTableId === undefined || destination === undefined) return undefined;
    const route = routeTableById(snapshot, routeTableId)?.Routes?.find(
        (one) => one.DestinationCidrBlock === destination,
    );
    if (route === undefined) return undefined;
    return { action: "DeleteRoute", routeTableId, destination, target: targetOf(route).id };
}

/** The program's own rule again. */
function authorize(
    groupId: string,
    args: Finding["args"],
    intent: NetworkIntent,
    snapshot: Snapshot,
): Edit | undefined {
    for (const flow of intent.flows.filter((one) => flowId(one) === args.flow)) {
        const { egress, ingress } = rulesOf(flow, (service) => prefixListIdOf(snapshot, service));
        const rule = args.direction === "ingress" ? ingress : egress;
        if (rule?.groupId !== groupId || peerText(rule.peer) !== args.peer) continue;
        return rule.direction === "ingress"
            ? { action: "AuthorizeSecurityGroupIngress", rule: { ...rule, direction: "ingress" } }
            : { action: "AuthorizeSecurityGroupEgress", rule: { ...rule, direction: "egress" } };
    }
    return undefined;
}

/** The flow's own rule, with the source's addresses in the place of its group. */
function authorizeByAddress(
    groupId: string,
    { flow: name, cidr }: Finding["args"],
    { flows }: NetworkIntent,
): Edit | undefined {
    const flow = flows.find((one) => flowId(one) === name);
    if (flow === undefined || cidr === undefined) return undefined;
    const { protocol, ports, description } = flow;
    return {
        action: "AuthorizeSecurityGroupIngress",
        rule: { direction: "ingress", groupId, protocol, ports, description, peer: { cidr } },
    };
}

function revoke(groupId: string, args: Finding["args"], snapshot: Snapshot): Edit | undefined {
    const rules = (securityGroupById(snapshot, groupId)?.IpPermissions ?? []).flatMap((permission) =>
        worldRules(groupId, permission),
    );
    const rule = rules.find(
        (one) => permissionText(one) === args.permission && one.description === args.description,
    );
    return rule === undefined
        ? undefined
        : { action: "RevokeSecurityGroupIngress", rule: { ...rule, direction: "ingress" } };
}

/** The highest number that a person may give to an entry. */
const LAST_FREE_RULE = 32_766;

/**
 * An entry that denies is taken away; where no entry admits, one is made, of exactly the flow and after all others, where it can
 * override nobody's decision.
 */
function aclEdit(networkAclId: string, args: Finding["args"], snapshot: Snapshot): Edit | undefined {
    const { rule, direction, cidr, protocol, from, to } = args;
    const entries = networkAclById({ snapshot }, networkAclId)?.Entries ?? [];
    const egress = direction === "egress";
    if (rule !== "*") {
        const found = entries.find((entry) => entry.Egress === egress && String(entry.RuleNumber) === rule);
        const { RuleNumber, RuleAction, Protocol, CidrBlock, PortRange } = found ?? {};
        if (RuleNumber === undefined || RuleAction !== "deny" || CidrBlock === undefined) return undefined;
        const { From, To } = PortRange ?? {};
        const entry: NetworkAclRule = {
            ruleNumber: RuleNumber,
            egress,
            ruleAction: RuleAction,
            protocol: Protocol ?? "-1",
            cidr: CidrBlock,
            ...(From === undefined || To === undefined ? {} : { ports: { from: From, to: To } }),
        };
        return { action: "DeleteNetworkAclEntry", networkAclId, entry };
    }
    if (cidr === undefined || from === undefined || to === undefined) return undefined;
    const used = entries
        .filter((entry) => entry.Egress === egress)
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
        ports: { from: Number(from), to: Number(to) },
    };
    return { action: "CreateNetworkAclEntry", networkAclId, entry };
}
