import { isDeepStrictEqual } from "node:util";

import type { NetworkInterface } from "@aws-sdk/client-ec2";

import { type RouteEntry, routeTableOfSubnet } from "../analyze/routes";
import { type FlowIntent, flowId } from "../flow";
import { finding } from "../messages";
import { type Block, contains, formatAddress, parseBlock } from "../../lib/addresses/ip";
import { type Diagnosis, withRemedies } from "./diagnosis";
import { groupsAdmit } from "./security-groups";
import { known, type View, vpcBlocks } from "./view";

/** Whether declared network interfaces have their groups. One that is gone is not reported here, but the resource that it belonged to is. */
export function interfaceGroupFindings(view: View): Diagnosis[] {
    const { snapshot, intent } = view;
    if (!known(view, "NetworkInterfaces")) return [];
    return (intent.networkInterfaces ?? []).flatMap(({ networkInterfaceId, securityGroupIds }) => {
        const actual = snapshot.NetworkInterfaces?.find(
            (one) => one.NetworkInterfaceId === networkInterfaceId,
        );
        if (actual === undefined) return [];
        const carried = (actual.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
        const [groups, actualGroups] = [[...securityGroupIds].sort(), carried.sort()];
        if (isDeepStrictEqual(groups, actualGroups)) return [];
        const wrong = finding("INTERFACE_WRONG_GROUPS", networkInterfaceId, { groups, actualGroups });
        const action = "ModifyNetworkInterfaceAttribute";
        return [withRemedies(wrong, { action, networkInterfaceId, securityGroupIds: groups })];
    });
}

/**
 * Routes that lead traffic within the VPC through an appliance. Behind it AWS does not know the group of the sender, so no rule by
 * reference admits it. The route breaks nothing as long as no flow takes it.
 */
export function middleboxFindings(view: View, routeTableId: string): Diagnosis[] {
    if (!known(view, "RouteTables", "Vpcs", "ManagedPrefixLists")) return [];
    return middleboxRoutes(view, routeTableId).map(({ destination, target }) =>
        finding("MIDDLEBOX_ROUTE", routeTableId, { cidr: destination, actualTarget: target.id }),
    );
}

/**
 * Whether a flow takes such a route, and no rule admits it by the addresses of the source. The interfaces that have the groups of the
 * flow now decide.
 */
export function middleboxFlowFindings(view: View, flow: FlowIntent): Diagnosis[] {
    const { snapshot, intent } = view;
    if (!known(view, "RouteTables", "Vpcs", "Subnets", "SecurityGroups", "NetworkInterfaces")) return [];
    return intent.subnets.flatMap(({ subnetId }) => {
        const routeTableId = routeTableOfSubnet(snapshot, subnetId)?.table.RouteTableId;
        const source = snapshot.Subnets?.find((one) => one.SubnetId === subnetId)?.CidrBlock;
        if (routeTableId === undefined || source === undefined) return [];
        return middleboxRoutes(view, routeTableId)
            .filter(({ block }) => crosses(view, flow, subnetId, block))
            .flatMap(({ target }) =>
                flowByAddress(view, flow, source, { routeTableId, actualTarget: target.id }),
            );
    });
}

function middleboxRoutes(view: View, routeTableId: string): RouteEntry[] {
    const own = vpcBlocks(view);
    return (view.evaluator.model.tableNamed(routeTableId)?.entries ?? []).filter(
        ({ origin, block }) => origin === "static" && own.some((one) => contains(one, block)),
    );
}

/** Whether an interface of the source is in the subnet, and one of the destination behind the route. */
function crosses(
    { snapshot }: View,
    { sourceGroupId, destination }: FlowIntent,
    subnetId: string,
    behind: Block,
): boolean {
    if (!("securityGroupId" in destination)) return false;
    const interfaces = snapshot.NetworkInterfaces ?? [];
    const carries = ({ Groups }: NetworkInterface, groupId: string) =>
        Groups?.some(({ GroupId }) => GroupId === groupId) === true;
    return (
        interfaces.some((one) => one.SubnetId === subnetId && carries(one, sourceGroupId)) &&
        interfaces.some(
            (one) =>
                carries(one, destination.securityGroupId) &&
                one.PrivateIpAddress !== undefined &&
                contains(behind, parseBlock(`${one.PrivateIpAddress}/32`)),
        )
    );
}

function flowByAddress(
    { evaluator }: View,
    flow: FlowIntent,
    source: string,
    around: { routeTableId: string; actualTarget: string },
): Diagnosis[] {
    const { destination, protocol, ports, description } = flow;
    if (!("securityGroupId" in destination)) return [];
    const { securityGroupId } = destination;
    const peer = { ranges: [parseBlock(source)], groups: [] };
    if (groupsAdmit(evaluator.model, [securityGroupId], "ingress", peer, { protocol, ports })) return [];
    // The flow's own rule, with the addresses of the source instead of its group.
    const rule = {
        direction: "ingress" as const,
        groupId: securityGroupId,
        protocol,
        ports,
        description,
        peer: { cidr: source },
    };
    const broken = finding("MIDDLEBOX_BREAKS_REFERENCES", securityGroupId, {
        ...around,
        rule,
        flow: flowId(flow),
    });
    return [withRemedies(broken, { action: "AuthorizeSecurityGroupIngress", rule })];
}

/** With fewer, AWS may not be able to create the next network interfaces, endpoints and applications. */
const ADDRESSES_NEEDED = 8;

/** Whether a subnet has addresses left. */
export function addressFindings(view: View, subnetId: string): Diagnosis[] {
    if (!known(view, "Subnets")) return [];
    const free = view.snapshot.Subnets?.find((one) => one.SubnetId === subnetId)?.AvailableIpAddressCount;
    if (free === undefined || free >= ADDRESSES_NEEDED) return [];
    return [finding("SUBNET_ADDRESSES_LOW", subnetId, { free, needed: ADDRESSES_NEEDED })];
}

/** Whether hosts in the VPC use Amazon's resolver. */
export function resolverFindings(view: View): Diagnosis[] {
    const { snapshot, intent } = view;
    if (!known(view, "Vpcs", "DhcpOptions") || intent.interfaceEndpoints.length === 0) return [];
    const optionsId = snapshot.Vpcs?.find((vpc) => vpc.VpcId === intent.vpcId)?.DhcpOptionsId;
    const options = snapshot.DhcpOptions?.find((one) => one.DhcpOptionsId === optionsId);
    const servers = (
        options?.DhcpConfigurations?.find(({ Key }) => Key === "domain-name-servers")?.Values ?? []
    ).flatMap(({ Value }) => Value ?? []);
    const amazon = ["AmazonProvidedDNS", "169.254.169.253", ...resolvers(view)];
    if (optionsId === undefined || servers.every((server) => amazon.includes(server))) return [];
    return [finding("DNS_CUSTOM", optionsId, { vpcId: intent.vpcId, servers })];
}

/** The VPC's base address plus two, of each of its blocks. */
function resolvers(view: View): string[] {
    return vpcBlocks(view).map(({ first }) => formatAddress(Number(first) + 2));
}
