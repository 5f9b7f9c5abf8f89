import { isDeepStrictEqual } from "node:util";

import type { VpcEndpoint } from "@aws-sdk/client-ec2";

import {
    endpointFlows,
    type GatewayEndpointIntent,
    type InterfaceEndpointIntent,
    type NetworkIntent,
} from "../intent";
import { finding } from "../messages";
import { routeTableById } from "../analyze/routes";
import type { Edit } from "../repair/edits";
import type { EndpointChange } from "../repair/edits/vpc-endpoint";
import { type Diagnosis, withRemedies } from "./diagnosis";
import { flowFindings } from "./flow-findings";
import { deleteRoute, matchesOf } from "./routing-findings";
import { known, serviceBlocks, type View } from "./view";

/** What has to change so that the endpoints carry the traffic that they are for. */

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
): Diagnosis[] {
    if (!known(view, "VpcEndpoints")) return [];
    const { vpcEndpointId, service } = intent;
    const endpoint = endpointById(view, vpcEndpointId);
    const state = endpoint?.State?.toLowerCase() ?? "deleted";
    if (endpoint === undefined || state === "deleted")
        return [finding("ENDPOINT_MISSING", vpcEndpointId, { service })];
    if (isAvailable(endpoint)) return [];
    if (state === "pending") return [finding("ENDPOINT_PENDING", vpcEndpointId, { service })];
    const message = endpoint.LastError?.Message;
    const failure = message === undefined ? {} : { message };
    return [finding("ENDPOINT_BAD_STATE", vpcEndpointId, { service, state, failure })];
}

/** Whether a route table routes all addresses of a service to its gateway endpoint. */
export function gatewayRouteFindings(
    view: View,
    intent: GatewayEndpointIntent,
    routeTableId: string,
): Diagnosis[] {
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
    if (!routed || !endpoint.RouteTableIds?.includes(routeTableId)) {
        const notRouted = finding("GATEWAY_ENDPOINT_NOT_ROUTED", vpcEndpointId, { service, routeTableId });
        return [withRemedies(notRouted, modify(vpcEndpointId, { addRouteTableIds: [routeTableId] }))];
    }
    return matchesOf(view, routeTableId, ranges).flatMap((match) => {
        if (match === undefined || "ambiguous" in match || match.entry.target.id === vpcEndpointId) return [];
        const { destination: cidr, target } = match.entry;
        const about = { service, routeTableId, cidr, actualTarget: target.id };
        const overridden = finding("GATEWAY_ENDPOINT_OVERRIDDEN", vpcEndpointId, about);
        return [withRemedies(overridden, deleteRoute(view, routeTableId, cidr))];
    });
}

function modify(vpcEndpointId: string, change: EndpointChange): Edit {
    return { action: "ModifyVpcEndpoint", vpcEndpointId, change };
}

/** The names of endpoints resolve to their private addresses only with both attributes on. AWS wants support to be turned on first. */
export function dnsAttributeFindings(view: View): Diagnosis[] {
    const { vpcId } = view.intent;
    if (!known(view, "VpcAttributes")) return [];
    const attributes = view.snapshot.VpcAttributes?.[vpcId];
    if (attributes === undefined) {
        const error = `the snapshot has no VpcAttributes of ${vpcId}`;
        return [finding("CHECK_INCOMPLETE", vpcId, { error })];
    }
    const turnOn = (attribute: "enableDnsSupport" | "enableDnsHostnames") =>
        ({ action: "ModifyVpcAttribute", vpcId, attribute, value: true }) as const;
    return [
        ...(attributes.enableDnsSupport
            ? []
            : [withRemedies(finding("DNS_SUPPORT_OFF", vpcId), turnOn("enableDnsSupport"))]),
        ...(attributes.enableDnsHostnames
            ? []
            : [withRemedies(finding("DNS_HOSTNAMES_OFF", vpcId), turnOn("enableDnsHostnames"))]),
    ];
}

export function privateDnsFindings(view: View, intent: InterfaceEndpointIntent): Diagnosis[] {
    const endpoint = endpointById(view, intent.vpcEndpointId);
    if (!known(view, "VpcEndpoints") || endpoint === undefined || endpoint.PrivateDnsEnabled === true)
        return [];
    const { service, vpcEndpointId } = intent;
    // A VPC takes one endpoint with private DNS for each service: while another one has it, AWS refuses it to this one.
    const other = view.snapshot.VpcEndpoints?.find(
        (one) =>
            one.VpcEndpointId !== vpcEndpointId &&
            one.ServiceName === endpoint.ServiceName &&
            one.VpcId === view.intent.vpcId &&
            one.PrivateDnsEnabled === true,
    );
    if (other?.VpcEndpointId !== undefined)
        return [finding("ENDPOINT_DUPLICATE", vpcEndpointId, { service, other: other.VpcEndpointId })];
    const off = finding("ENDPOINT_PRIVATE_DNS_OFF", vpcEndpointId, { service });
    return [withRemedies(off, modify(vpcEndpointId, { privateDnsEnabled: true }))];
}

/** The groups that the endpoint's network interfaces have now. */
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

/** What stops the clients of one endpoint: the groups that it has, and the rules on both ends. */
export function endpointGroupFindings(view: View, intent: InterfaceEndpointIntent): Diagnosis[] {
    if (!known(view, "SecurityGroups", "VpcEndpoints", "Subnets")) return [];
    const endpoint = endpointById(view, intent.vpcEndpointId);
    if (endpoint === undefined) return [];
    return [
        ...wrongGroups(intent, endpoint),
        ...flowsTo(view.intent, intent).flatMap((flow) => flowFindings(view, flow)),
    ];
}

function wrongGroups(intent: InterfaceEndpointIntent, endpoint: VpcEndpoint): Diagnosis[] {
    const { vpcEndpointId, service, securityGroupIds } = intent;
    const [groups, actualGroups] = [[...securityGroupIds].sort(), groupsOf(endpoint).sort()];
    if (isDeepStrictEqual(groups, actualGroups)) return [];
    const wrong = finding("ENDPOINT_WRONG_GROUPS", vpcEndpointId, { service, groups, actualGroups });
    const restore = modify(vpcEndpointId, {
        addSecurityGroupIds: groups.filter((id) => !actualGroups.includes(id)),
        removeSecurityGroupIds: actualGroups.filter((id) => !groups.includes(id)),
    });
    return [withRemedies(wrong, restore)];
}

/** Each declared subnet needs an interface of the endpoint: clients use that of their own zone first. */
export function endpointZoneFindings(view: View, intent: InterfaceEndpointIntent): Diagnosis[] {
    const endpoint = endpointById(view, intent.vpcEndpointId);
    if (!known(view, "VpcEndpoints") || endpoint === undefined) return [];
    const { vpcEndpointId, service, subnetIds } = intent;
    return subnetIds
        .filter((subnetId) => !(endpoint.SubnetIds ?? []).includes(subnetId))
        .map((subnetId) =>
            withRemedies(
                finding("ENDPOINT_NOT_IN_ZONE", vpcEndpointId, { service, subnetId }),
                modify(vpcEndpointId, { addSubnetIds: [subnetId] }),
            ),
        );
}

interface PolicyStatement {
    Effect?: string;
    Principal?: unknown;
}

/**
 * Whether the policy of an endpoint denies its clients. Only AWS can judge single statements; found here is what no program of this
 * lab writes: a Deny for everyone, and a policy that allows nothing.
 */
export function endpointPolicyFindings(
    view: View,
    { vpcEndpointId, service, policy: declared }: GatewayEndpointIntent | InterfaceEndpointIntent,
): Diagnosis[] {
    const policy = endpointById(view, vpcEndpointId)?.PolicyDocument;
    if (!known(view, "VpcEndpoints") || policy === undefined || policy === "") return [];
    const problem = policyProblem(policy);
    if (problem === undefined) return [];
    const denies = finding("ENDPOINT_POLICY_DENIES", vpcEndpointId, { service, problem });
    return [
        withRemedies(
            denies,
            declared === undefined ? undefined : modify(vpcEndpointId, { policy: declared }),
        ),
    ];
}

function policyProblem(policy: string): "unreadable" | "denies" | "empty" | undefined {
    let statements: PolicyStatement[];
    try {
        const { Statement } = JSON.parse(policy) as { Statement?: PolicyStatement | PolicyStatement[] };
        statements = Statement === undefined ? [] : [Statement].flat();
    } catch {
        return "unreadable";
    }
    if (statements.some(({ Effect, Principal }) => Effect === "Deny" && isEveryone(Principal)))
        return "denies";
    return statements.some(({ Effect }) => Effect === "Allow") ? undefined : "empty";
}

function isEveryone(principal: unknown): boolean {
    return principal === "*" || JSON.stringify(principal) === '{"AWS":"*"}';
}
