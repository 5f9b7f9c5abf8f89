import type { VpcEndpoint } from "@aws-sdk/client-ec2";

import { ENDPOINT_PORT, type GatewayEndpointIntent, type InterfaceEndpointIntent } from "../intent";
import { type Finding, finding } from "../messages";
import { type Cidr, parseCidr, rangeOf } from "../net/ipv4";
import { distinctMatches } from "./internet";
import { expandRoutes, prefixListCidrs, routeTableById } from "../analyze/routes";
import { destinationOf } from "./routing-findings";
import { groupsAdmit, type PortUse, securityGroupById } from "./security-groups";
import { known, type View } from "./view";

/** What has to change so that the endpoints carry what they are for. */

const HTTPS: PortUse = { protocol: "tcp", port: ENDPOINT_PORT };

export function endpointById({ snapshot }: View, vpcEndpointId: string): VpcEndpoint | undefined {
    return snapshot.VpcEndpoints?.find((candidate) => candidate.VpcEndpointId === vpcEndpointId);
}

export function isAvailable(endpoint: VpcEndpoint | undefined): boolean {
    // The API answers in lower case, the SDK's enum is capitalised.
    return endpoint?.State?.toLowerCase() === "available";
}

export function endpointStateFindings(
    view: View,
    intent: { vpcEndpointId: string; service: string },
): Finding[] {
    if (!known(view, "VpcEndpoints")) return [];
    const { vpcEndpointId, service } = intent;
    const endpoint = endpointById(view, vpcEndpointId);
    const state = endpoint?.State?.toLowerCase() ?? "deleted";
    if (endpoint === undefined || state === "deleted")
        return [finding("ENDPOINT_MISSING", vpcEndpointId, { service })];
    if (isAvailable(endpoint)) return [];
    if (state === "pending") return [finding("ENDPOINT_PENDING", vpcEndpointId, { service })];
    const failure = endpoint.LastError?.Message === undefined ? "" : ` (${endpoint.LastError.Message})`;
    return [finding("ENDPOINT_BAD_STATE", vpcEndpointId, { service, state, failure })];
}

/** The addresses of a service that has gateway endpoints: the entries of AWS's own prefix list. */
export function serviceCidrs({ snapshot }: View, service: string): Cidr[] {
    const name = `com.amazonaws.${snapshot.region}.${service}`;
    const list = snapshot.ManagedPrefixLists?.find((candidate) => candidate.PrefixListName === name);
    return list?.PrefixListId === undefined ? [] : prefixListCidrs(snapshot, list.PrefixListId);
}

/** Whether a route table carries a service's addresses to its gateway endpoint, all of them. */
export function gatewayRouteFindings(
    view: View,
    intent: GatewayEndpointIntent,
    routeTableId: string,
): Finding[] {
    if (!known(view, "RouteTables", "VpcEndpoints", "ManagedPrefixLists")) return [];
    const { vpcEndpointId, service } = intent;
    const table = routeTableById(view.snapshot, routeTableId);
    const endpoint = endpointById(view, vpcEndpointId);
    if (table === undefined || endpoint === undefined) return [];
    const ranges = serviceCidrs(view, service).map(rangeOf);
    if (ranges.length === 0) return [finding("PREFIX_LIST_UNKNOWN", vpcEndpointId, { service })];
    const routed = table.Routes?.some(
        (route) => route.DestinationPrefixListId !== undefined && route.GatewayId === vpcEndpointId,
    );
    if (!routed || !endpoint.RouteTableIds?.includes(routeTableId))
        return [finding("GATEWAY_ENDPOINT_NOT_ROUTED", vpcEndpointId, { service, routeTableId })];
    return distinctMatches(expandRoutes(view.snapshot, table), ranges).flatMap((match) => {
        if (match === undefined || "ambiguous" in match || match.route.target.id === vpcEndpointId) return [];
        const about = {
            service,
            routeTableId,
            cidr: destinationOf(match.route),
            actualTarget: match.route.target.id,
        };
        return [finding("GATEWAY_ENDPOINT_OVERRIDDEN", vpcEndpointId, about)];
    });
}

/** The names of endpoints resolve to their private addresses only with both attributes on; support comes first. */
export function dnsAttributeFindings(view: View): Finding[] {
    const { vpcId } = view.intent;
    if (!known(view, "VpcAttributes")) return [];
    const attributes = view.snapshot.VpcAttributes?.[vpcId];
    if (attributes === undefined) {
        const error = `the snapshot has no VpcAttributes of ${vpcId}`;
        return [finding("CHECK_INCOMPLETE", vpcId, { error })];
    }
    return [
        ...(attributes.enableDnsSupport ? [] : [finding("DNS_SUPPORT_OFF", vpcId)]),
        ...(attributes.enableDnsHostnames ? [] : [finding("DNS_HOSTNAMES_OFF", vpcId)]),
    ];
}

export function privateDnsFindings(view: View, intent: InterfaceEndpointIntent): Finding[] {
    const endpoint = endpointById(view, intent.vpcEndpointId);
    if (!known(view, "VpcEndpoints") || endpoint === undefined || endpoint.PrivateDnsEnabled === true)
        return [];
    return [finding("ENDPOINT_PRIVATE_DNS_OFF", intent.vpcEndpointId, { service: intent.service })];
}

/** The groups that the endpoint's network interfaces really carry. */
export function groupsOf(endpoint: VpcEndpoint | undefined): string[] {
    return (endpoint?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
}

/** Whether members of a client group in a subnet may open a connection to the endpoint, by the endpoint's groups. */
export function endpointAdmits(
    view: View,
    intent: InterfaceEndpointIntent,
    client: string,
    subnetId: string,
): boolean {
    const peer = { securityGroupIds: [client], cidrs: subnetCidrs(view, [subnetId]) };
    return groupsAdmit(
        view.snapshot,
        groupsOf(endpointById(view, intent.vpcEndpointId)),
        "ingress",
        peer,
        HTTPS,
    );
}

/** Whether a client group lets its members out to the endpoint. */
export function clientReaches(view: View, intent: InterfaceEndpointIntent, client: string): boolean {
    const endpoint = endpointById(view, intent.vpcEndpointId);
    const peer = {
        securityGroupIds: groupsOf(endpoint),
        cidrs: subnetCidrs(view, endpoint?.SubnetIds ?? []),
    };
    return groupsAdmit(view.snapshot, [client], "egress", peer, HTTPS);
}

function subnetCidrs({ snapshot }: View, subnetIds: readonly string[]): Cidr[] {
    return (snapshot.Subnets ?? []).flatMap(({ SubnetId, CidrBlock }) =>
        SubnetId !== undefined && subnetIds.includes(SubnetId) && CidrBlock !== undefined
            ? [parseCidr(CidrBlock)]
            : [],
    );
}

/** What keeps the clients of one endpoint out, or in: the groups on both ends. */
export function endpointGroupFindings(view: View, intent: InterfaceEndpointIntent): Finding[] {
    if (!known(view, "SecurityGroups", "VpcEndpoints", "Subnets")) return [];
    const endpoint = endpointById(view, intent.vpcEndpointId);
    if (endpoint === undefined) return [];
    const clients = view.intent.endpointClientSecurityGroupIds;
    const absent = [...intent.securityGroupIds, ...clients].filter(
        (groupId) => securityGroupById(view.snapshot, groupId) === undefined,
    );
    const missing = absent.map((groupId) => finding("SECURITY_GROUP_NOT_FOUND", groupId));
    return [
        ...missing,
        ...clients
            .filter((client) => !absent.includes(client))
            .flatMap((client) => {
                const kept = view.intent.subnets.some(
                    ({ subnetId }) => !endpointAdmits(view, intent, client, subnetId),
                );
                return [
                    ...(kept ? ingressFindings(view, intent, endpoint, client) : []),
                    ...(clientReaches(view, intent, client) ? [] : [egressFinding(view, client)]),
                ];
            }),
    ];
}

function ingressFindings(
    view: View,
    intent: InterfaceEndpointIntent,
    endpoint: VpcEndpoint,
    client: string,
): Finding[] {
    const { vpcEndpointId, service, securityGroupIds } = intent;
    const carried = securityGroupIds.filter((groupId) => groupsOf(endpoint).includes(groupId));
    const [group] = carried;
    if (group === undefined) {
        const groupId = securityGroupIds[0] ?? "of the endpoint";
        return [finding("ENDPOINT_WRONG_GROUPS", vpcEndpointId, { service, groupId })];
    }
    // One rule of the shared group serves all its endpoints: one finding, not one for each of them.
    const sharing = view.intent.interfaceEndpoints.filter(
        (other) => other.securityGroupIds[0] === securityGroupIds[0],
    );
    const services = sharing.map((other) => other.service).join(", ");
    return [finding("ENDPOINT_LACKS_INGRESS", group, { services, sourceGroupId: client })];
}

function egressFinding(view: View, client: string): Finding {
    const unreached = view.intent.interfaceEndpoints.filter((intent) => !clientReaches(view, intent, client));
    return finding("CLIENT_LACKS_EGRESS", client, {
        services: unreached.map((intent) => intent.service).join(", "),
    });
}
