import type { NetworkInterface } from "@aws-sdk/client-ec2";

import { type RouteEntry, routeTableOfSubnet } from "../analyze/routes";
import { type FlowIntent, flowId } from "../flow";
import { type Finding, finding } from "../messages";
import { type Block, contains, formatAddress, parseBlock } from "../../lib/addresses/ip";
import { permissionText, portsText } from "../rule";
import { groupsAdmit } from "./security-groups";
import { known, type View, vpcBlocks } from "./view";

/** Whether declared network interfaces carry their groups. One that is gone is not reported here: whatever it belonged to is. */
export function interfaceGroupFindings(view: View): Finding[] {
    const { snapshot, intent } = view;
    if (!known(view, "NetworkInterfaces")) return [];
    return (intent.networkInterfaces ?? []).flatMap(({ networkInterfaceId, securityGroupIds }) => {
        const actual = snapshot.NetworkInterfaces?.find(
            (one) => one.NetworkInterfaceId === networkInterfaceId,
        );
        if (actual === undefined) return [];
        const carried = (actual.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
        const [groups, actualGroups] = [securityGroupIds, carried].map((ids) => [...ids].sort().join(" "));
        if (groups === undefined || actualGroups === undefined || groups === actualGroups) return [];
        return [finding("INTERFACE_WRONG_GROUPS", networkInterfaceId, { groups, actualGroups })];
    });
}

/**
 * Routes that lead traffic within the VPC through an appliance. Behind it an address no longer stands for the group of its
 * interface, so that no rule by reference admits it. Nothing is broken by it as long as no flow takes it.
 */
export function middleboxFindings(view: View, routeTableId: string): Finding[] {
    if (!known(view, "RouteTables", "Vpcs", "ManagedPrefixLists")) return [];
    return middleboxRoutes(view, routeTableId).map(({ destination, target }) =>
        finding("MIDDLEBOX_ROUTE", routeTableId, { cidr: destination, actualTarget: target.id }),
    );
}

/**
 * Whether a flow takes such a route and no rule admits it by the source's addresses. EvaluatedPair by where interfaces of the flow's groups
 * are at the moment.
 */
export function middleboxFlowFindings(view: View, flow: FlowIntent): Finding[] {
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
): Finding[] {
    const { destination, protocol, ports } = flow;
    if (!("securityGroupId" in destination)) return [];
    const { securityGroupId } = destination;
    const peer = { ranges: [parseBlock(source)], groups: [] };
    if (groupsAdmit(evaluator.model, [securityGroupId], "ingress", peer, { protocol, ports })) return [];
    const rule = { protocol, ports, peer: { cidr: source } };
    const about = {
        ...around,
        flow: flowId(flow),
        cidr: source,
        ports: portsText(rule),
        permission: permissionText({ ...rule, direction: "ingress", groupId: securityGroupId }),
    };
    return [finding("MIDDLEBOX_BREAKS_REFERENCES", securityGroupId, about)];
}

/** Fewer, and the next network interfaces, endpoints and applications cannot be made. */
const ADDRESSES_NEEDED = 8;

/** Whether a subnet has addresses left. */
export function addressFindings(view: View, subnetId: string): Finding[] {
    if (!known(view, "Subnets")) return [];
    const free = view.snapshot.Subnets?.find((one) => one.SubnetId === subnetId)?.AvailableIpAddressCount;
    if (free === undefined || free >= ADDRESSES_NEEDED) return [];
    return [
        finding("SUBNET_ADDRESSES_LOW", subnetId, { free: String(free), needed: String(ADDRESSES_NEEDED) }),
    ];
}

/** Whether names inside the VPC are asked of Amazon's resolver. */
export function resolverFindings(view: View): Finding[] {
    const { snapshot, intent } = view;
    if (!known(view, "Vpcs", "DhcpOptions") || intent.interfaceEndpoints.length === 0) return [];
    const optionsId = snapshot.Vpcs?.find((vpc) => vpc.VpcId === intent.vpcId)?.DhcpOptionsId;
    const options = snapshot.DhcpOptions?.find((one) => one.DhcpOptionsId === optionsId);
    const servers = (
        options?.DhcpConfigurations?.find(({ Key }) => Key === "domain-name-servers")?.Values ?? []
    ).flatMap(({ Value }) => Value ?? []);
    const amazon = ["AmazonProvidedDNS", "169.254.169.253", ...resolvers(view)];
    if (optionsId === undefined || servers.every((server) => amazon.includes(server))) return [];
    return [finding("DNS_CUSTOM", optionsId, { servers: servers.join(", ") })];
}

/** The VPC's base address plus two, of each of its blocks. */
function resolvers(view: View): string[] {
    return vpcBlocks(view).map(({ first }) => formatAddress(Number(first) + 2));
}
