import type { VpcEndpoint } from "@aws-sdk/client-ec2";

import {
    endpointFlows,
    type GatewayEndpointIntent,
    type InterfaceEndpointIntent,
    type NetworkIntent,
} from "../intent";
import { type Finding, finding } from "../messages";
import { routeTableById } from "../analyze/routes";
import { flowFindings } from "./flow-findings";
import { matchesOf } from "./routing-findings";
import { known, serviceBlocks, type View } from "./view";

/** What has to change so that the endpoints carry what they are for. */

export function endpointById({ snapshot }: View, vpcEndpointId: string): VpcEndpoint | undefined {
    return snapshot.VpcEndpoints?.find((candidate) => candidate.VpcEndpointId === vpcEndpointId);
}

function isAvailable(endpoint: VpcEndpoint | undefined): boolean {
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
    const ranges = serviceBlocks(view, service);
    if (ranges.length === 0) return [finding("PREFIX_LIST_UNKNOWN", vpcEndpointId, { service })];
    const routed = table.Routes?.some(
        (route) => route.DestinationPrefixListId !== undefined && route.GatewayId === vpcEndpointId,
    );
    if (!routed || !endpoint.RouteTableIds?.includes(routeTableId))
        return [finding("GATEWAY_ENDPOINT_NOT_ROUTED", vpcEndpointId, { service, routeTableId })];
    return matchesOf(view, routeTableId, ranges).flatMap((match) => {
        if (match === undefined || "ambiguous" in match || match.entry.target.id === vpcEndpointId) return [];
        const about = {
            service,
            routeTableId,
            cidr: match.entry.destination,
            actualTarget: match.entry.target.id,
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
    const { service, vpcEndpointId } = intent;
    // A service has one endpoint with private DNS in a VPC: while another has it, AWS refuses it to this one.
    const other = view.snapshot.VpcEndpoints?.find(
        (one) =>
            one.VpcEndpointId !== vpcEndpointId &&
            one.ServiceName === endpoint.ServiceName &&
            one.VpcId === view.intent.vpcId &&
            one.PrivateDnsEnabled === true,
    );
    if (other?.VpcEndpointId !== undefined)
        return [finding("ENDPOINT_DUPLICATE", vpcEndpointId, { service, other: other.VpcEndpointId })];
    return [finding("ENDPOINT_PRIVATE_DNS_OFF", vpcEndpointId, { service })];
}

/** The groups that the endpoint's network interfaces really carry. */
export function groupsOf(endpoint: VpcEndpoint | undefined): string[] {
    return (endpoint?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
}

/** The groups whose members may use an endpoint. */
export function clientsOf(intent: NetworkIntent, endpoint: InterfaceEndpointIntent): string[] {
    return [...new Set(flowsTo(intent, endpoint).map((flow) => flow.sourceGroupId))];
}

function flowsTo(intent: NetworkIntent, endpoint: InterfaceEndpointIntent) {
    return endpointFlows(intent).filter(
        ({ destination }) =>
            "securityGroupId" in destination &&
            endpoint.securityGroupIds.includes(destination.securityGroupId),
    );
}

/** What keeps the clients of one endpoint out, or in: the groups that it carries, and the rules on both ends. */
export function endpointGroupFindings(view: View, intent: InterfaceEndpointIntent): Finding[] {
    if (!known(view, "SecurityGroups", "VpcEndpoints", "Subnets")) return [];
    const endpoint = endpointById(view, intent.vpcEndpointId);
    if (endpoint === undefined) return [];
    return [
        ...wrongGroups(intent, endpoint),
        ...flowsTo(view.intent, intent).flatMap((flow) => flowFindings(view, flow)),
    ];
}

function wrongGroups(intent: InterfaceEndpointIntent, endpoint: VpcEndpoint): Finding[] {
    const { vpcEndpointId, service, securityGroupIds } = intent;
    const [groups, actualGroups] = [securityGroupIds, groupsOf(endpoint)].map((ids) =>
        [...ids].sort().join(" "),
    );
    if (groups === undefined || actualGroups === undefined || groups === actualGroups) return [];
    return [finding("ENDPOINT_WRONG_GROUPS", vpcEndpointId, { service, groups, actualGroups })];
}

/** Each declared subnet has to have an interface of the endpoint: clients reach those of their own zone first. */
export function endpointZoneFindings(view: View, intent: InterfaceEndpointIntent): Finding[] {
    const endpoint = endpointById(view, intent.vpcEndpointId);
    if (!known(view, "VpcEndpoints") || endpoint === undefined) return [];
    const { vpcEndpointId, service, subnetIds } = intent;
    return subnetIds
        .filter((subnetId) => !(endpoint.SubnetIds ?? []).includes(subnetId))
        .map((subnetId) => finding("ENDPOINT_NOT_IN_ZONE", vpcEndpointId, { service, subnetId }));
}

interface PolicyStatement {
    Effect?: string;
    Principal?: unknown;
}

/**
 * Whether an endpoint's policy keeps callers out. What a statement denies or allows in detail is AWS's to judge; told here is what
 * no program of this lab writes: a denial for everybody, and a policy that allows nothing.
 */
export function endpointPolicyFindings(
    view: View,
    { vpcEndpointId, service }: { vpcEndpointId: string; service: string },
): Finding[] {
    const policy = endpointById(view, vpcEndpointId)?.PolicyDocument;
    if (!known(view, "VpcEndpoints") || policy === undefined || policy === "") return [];
    const how = policyProblem(policy);
    return how === undefined ? [] : [finding("ENDPOINT_POLICY_DENIES", vpcEndpointId, { service, how })];
}

function policyProblem(policy: string): string | undefined {
    let statements: PolicyStatement[];
    try {
        const { Statement } = JSON.parse(policy) as { Statement?: PolicyStatement | PolicyStatement[] };
        statements = Statement === undefined ? [] : [Statement].flat();
    } catch {
        return "cannot be read";
    }
    if (statements.some(({ Effect, Principal }) => Effect === "Deny" && isEverybody(Principal)))
        return "has a Deny for everybody";
    return statements.some(({ Effect }) => Effect === "Allow") ? undefined : "allows nothing";
}

function isEverybody(principal: unknown): boolean {
    return principal === "*" || JSON.stringify(principal) === '{"AWS":"*"}';
}
