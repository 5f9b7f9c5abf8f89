import type { FlowIntent } from "../flow";
import {
    type GatewayEndpointIntent,
    groupFlows,
    type InterfaceEndpointIntent,
    type NetworkIntent,
    type SubnetIntent,
} from "../intent";
import { groupLabels, type Verdict } from "../matrix";
import { distinct, type Finding, finding, isError, type Stage } from "../messages";
import { rangeOf } from "../net/ipv4";
import type { Observations } from "../observations";
import { missingOf, type Snapshot, type SnapshotKind } from "../snapshot/types";
import {
    clientReaches,
    clientsOf,
    dnsAttributeFindings,
    endpointAdmits,
    endpointById,
    endpointGroupFindings,
    endpointPolicyFindings,
    endpointStateFindings,
    endpointZoneFindings,
    gatewayRouteFindings,
    isAvailable,
    privateDnsFindings,
    serviceCidrs,
} from "./endpoint-findings";
import {
    blockPublicAccessFindings,
    internetGatewayFindings,
    natGatewayFindings,
    vpcExists,
} from "./gateways";
import { flowFindings, worldOpenFindings } from "./flow-findings";
import { addressFindings, interfaceGroupFindings, middleboxFindings, resolverFindings } from "./interfaces";
import { aclAdmits, networkAclFindings } from "./network-acls";
import { hostedZoneFindings, natPortFindings, openSearchRoleFindings, studioFindings } from "./services";
import { combine, internetOutcomes, type Outcome, outcomesTo, type Source } from "./internet";
import { associationFindings, egressFindings } from "./routing-findings";
import { type Analysis, type FlowResult, intendedEgress, known, originLabel, type View } from "./view";

/** What a stage cannot judge without. */
export const STAGE_KINDS: Readonly<Record<Stage, readonly SnapshotKind[]>> = {
    vpc: ["Vpcs", "InternetGateways", "NatGateways"],
    routes: [
        "Vpcs",
        "Subnets",
        "RouteTables",
        "InternetGateways",
        "NatGateways",
        "VpcEndpoints",
        "ManagedPrefixLists",
        "NetworkAcls",
    ],
    dns: ["Vpcs", "VpcAttributes", "DhcpOptions"],
    "security-groups": ["Vpcs", "SecurityGroups", "NetworkInterfaces", "ManagedPrefixLists"],
    endpoints: ["Vpcs", "VpcAttributes", "Subnets", "SecurityGroups", "VpcEndpoints", "ManagedPrefixLists"],
    services: ["Vpcs"],
};

const ANALYSES: Readonly<Record<Stage, (view: View) => Analysis>> = {
    vpc: (view) => ({
        findings: [
            ...blockPublicAccessFindings(view),
            ...internetGatewayFindings(view),
            ...view.intent.natGateways.flatMap((nat) => natGatewayFindings(view, nat.natGatewayId)),
        ],
        flows: [],
    }),
    routes: (view) => {
        const tables = new Set(view.intent.subnets.map(({ routeTableId }) => routeTableId));
        return {
            findings: [
                ...view.intent.subnets.flatMap((subnet) => [
                    ...addressFindings(view, subnet.subnetId),
                    ...networkAclFindings(view, subnet),
                ]),
                ...[...tables].flatMap((routeTableId) => middleboxFindings(view, routeTableId)),
            ],
            flows: view.intent.subnets.flatMap((subnet) => [
                internetFlow(view, subnet),
                ...view.intent.gatewayEndpoints.map((endpoint) => gatewayFlow(view, subnet, endpoint)),
            ]),
        };
    },
    dns: (view) => ({
        findings: [
            ...dnsAttributeFindings(view),
            ...resolverFindings(view),
            ...hostedZoneFindings(view.observations),
        ],
        flows: [],
    }),
    "security-groups": (view) => {
        const flows = groupFlows(view.intent);
        const groups = flows.flatMap(({ sourceGroupId, destination }) =>
            "securityGroupId" in destination ? [sourceGroupId, destination.securityGroupId] : [sourceGroupId],
        );
        return {
            findings: [...interfaceGroupFindings(view), ...worldOpenFindings(view, groups)],
            flows: flows.map((flow) => betweenGroups(view, flow)),
        };
    },
    endpoints: (view) => ({
        findings: [
            ...view.intent.interfaceEndpoints.flatMap((endpoint) => [
                ...endpointStateFindings(view, endpoint),
                ...privateDnsFindings(view, endpoint),
                ...endpointZoneFindings(view, endpoint),
                ...endpointGroupFindings(view, endpoint),
            ]),
            ...[...view.intent.interfaceEndpoints, ...view.intent.gatewayEndpoints].flatMap((endpoint) =>
                endpointPolicyFindings(view, endpoint),
            ),
            ...worldOpenFindings(
                view,
                view.intent.interfaceEndpoints.flatMap((endpoint) => endpoint.securityGroupIds),
            ),
        ],
        // Without declared clients nobody is meant to use the endpoints, and no connection to them is claimed.
        flows: view.intent.subnets.flatMap((subnet) =>
            view.intent.interfaceEndpoints
                .filter((endpoint) => clientsOf(view.intent, endpoint).length > 0)
                .map((endpoint) => interfaceFlow(view, subnet, endpoint)),
        ),
    }),
    services: (view) => ({
        findings: [
            ...natPortFindings(view, view.observations),
            ...openSearchRoleFindings(view, view.observations),
            ...studioFindings(view, view.observations),
        ],
        flows: [],
    }),
};

/**
 * Judges one stage: pure, no I/O. A finding of an earlier stage that still stands in the way of a flow is among the findings,
 * so that a stage never calls a way good that is not.
 */
export function analyzeStage(
    stage: Stage,
    snapshot: Snapshot,
    intent: NetworkIntent,
    observations: Observations = {},
): Analysis {
    const view: View = { snapshot, intent, observations };
    const unread = [
        ...missingOf(snapshot, STAGE_KINDS[stage]).map(({ kind, action }) =>
            finding("PERMISSION_MISSING", action, {
                consequence: `${kind} could not be read, and what depends on them is UNKNOWN`,
            }),
        ),
        ...(observations.missing ?? []).map((action) =>
            finding("PERMISSION_MISSING", action, { consequence: "what it tells is UNKNOWN" }),
        ),
    ];
    if (!vpcExists(view)) {
        const gone = finding("VPC_NOT_FOUND", intent.vpcId, { region: intent.region });
        return { findings: [...unread, gone], flows: [] };
    }
    const { findings, flows } = ANALYSES[stage](view);
    const explained = flows.map((flow) => explain(flow, unread));
    return {
        findings: distinct([...unread, ...findings, ...explained.flatMap((flow) => flow.explanations)]),
        flows: explained,
    };
}

/** A verdict that is not the expected one is never left without an explanation. */
function explain(flow: FlowResult, unread: readonly Finding[]): FlowResult {
    const explanations = distinct(
        flow.verdict === "UNKNOWN" ? [...flow.explanations, ...unread] : flow.explanations,
    );
    if (flow.verdict === flow.expected || explanations.some(isError)) return { ...flow, explanations };
    const { from, to, verdict, expected } = flow;
    const way = flow.path.join(" > ");
    return {
        ...flow,
        explanations: [...explanations, finding("UNEXPLAINED", way, { from, to, verdict, expected })],
    };
}

function internetFlow(view: View, subnet: SubnetIntent): FlowResult {
    const expected: Verdict = intendedEgress(view, subnet) === undefined ? "UNREACHABLE" : "REACHABLE";
    const readable = known(
        view,
        "Vpcs",
        "Subnets",
        "RouteTables",
        "InternetGateways",
        "NatGateways",
        "ManagedPrefixLists",
        "NetworkAcls",
    );
    const outcome = combine(internetOutcomes(view, sourceOf(subnet)), expected);
    const acls = aclExplanations(view, subnet);
    return flow(view, subnet, "internet", expected, readable, acls.length > 0 ? dropped(outcome) : outcome, [
        ...egressFindings(view, subnet),
        ...acls,
    ]);
}

/** What the ACLs of a subnet and of its NAT gateway's drop. */
function aclExplanations(view: View, subnet: SubnetIntent, service?: string): Finding[] {
    const natSubnetId = view.intent.natGateways.find(
        ({ natGatewayId }) => natGatewayId === subnet.natGatewayId,
    )?.subnetId;
    const natSubnet = view.intent.subnets.find(({ subnetId }) => subnetId === natSubnetId);
    const onTheWay = service === undefined && natSubnet !== undefined ? [subnet, natSubnet] : [subnet];
    return onTheWay
        .filter((one) => !aclAdmits(view, one, service))
        .flatMap((one) => networkAclFindings(view, one));
}

function dropped({ path }: Outcome): Outcome {
    return { verdict: "UNREACHABLE", path, via: "" };
}

// Hosts of public subnets have public addresses by the tier's definition; nobody else is given one.
function sourceOf({ subnetId, tier }: SubnetIntent): Source {
    return { subnetId, publicAddress: tier === "public" };
}

function gatewayFlow(view: View, subnet: SubnetIntent, endpoint: GatewayEndpointIntent): FlowResult {
    const byEndpoint = endpoint.routeTableIds.includes(subnet.routeTableId);
    const expected: Verdict =
        byEndpoint || intendedEgress(view, subnet) !== undefined ? "REACHABLE" : "UNREACHABLE";
    const readable = known(view, ...STAGE_KINDS.routes);
    const ranges = serviceCidrs(view, endpoint.service).map(rangeOf);
    const outcome: Outcome =
        ranges.length === 0
            ? { verdict: "UNKNOWN", path: [subnet.subnetId], via: "" }
            : combine(outcomesTo(view, sourceOf(subnet), ranges), expected);
    const acls = byEndpoint ? aclExplanations(view, subnet, endpoint.service) : [];
    const explanations = byEndpoint
        ? [
              ...associationFindings(view, subnet),
              ...endpointStateFindings(view, endpoint),
              ...gatewayRouteFindings(view, endpoint, subnet.routeTableId),
              ...acls,
          ]
        : egressFindings(view, subnet);
    const judged = acls.length > 0 ? dropped(outcome) : outcome;
    return flow(view, subnet, endpoint.service, expected, readable, judged, explanations);
}

function interfaceFlow(view: View, subnet: SubnetIntent, endpoint: InterfaceEndpointIntent): FlowResult {
    const readable = known(view, ...STAGE_KINDS.endpoints);
    const clients = clientsOf(view.intent, endpoint);
    const attributes = view.snapshot.VpcAttributes?.[view.intent.vpcId];
    const actual = endpointById(view, endpoint.vpcEndpointId);
    const open =
        attributes?.enableDnsSupport === true &&
        attributes.enableDnsHostnames &&
        actual?.PrivateDnsEnabled === true &&
        isAvailable(actual) &&
        clients.every(
            (client) =>
                endpointAdmits(view, endpoint, client, subnet.subnetId) &&
                clientReaches(view, endpoint, client),
        );
    const path = [subnet.subnetId, "local", endpoint.vpcEndpointId];
    const outcome: Outcome = open
        ? { verdict: "REACHABLE", path, via: endpoint.vpcEndpointId }
        : { verdict: "UNREACHABLE", path, via: "" };
    return flow(view, subnet, endpoint.service, "REACHABLE", readable, outcome, [
        ...dnsAttributeFindings(view),
        ...endpointStateFindings(view, endpoint),
        ...privateDnsFindings(view, endpoint),
        ...endpointGroupFindings(view, endpoint),
    ]);
}

/** A flow by the rules of its groups. Both labels are those of the flow's id, "broker to zookeeper tcp 2281". */
function betweenGroups(view: View, intent: FlowIntent): FlowResult {
    const { from, to } = groupLabels(intent);
    const explanations = flowFindings(view, intent);
    const readable = known(view, ...STAGE_KINDS["security-groups"]);
    const unknown = !readable || explanations.some((one) => one.id === "PREFIX_LIST_UNKNOWN");
    const verdict = unknown ? "UNKNOWN" : explanations.length === 0 ? "REACHABLE" : "UNREACHABLE";
    return {
        from,
        to,
        between: "groups",
        expected: "REACHABLE",
        verdict,
        path: [intent.id],
        via: "",
        explanations,
    };
}

/** Puts a flow together; what could not be read makes its verdict UNKNOWN, whatever the rest says. */
function flow(
    view: View,
    subnet: SubnetIntent,
    to: string,
    expected: Verdict,
    readable: boolean,
    outcome: Outcome,
    explanations: Finding[],
): FlowResult {
    const known: Outcome = readable ? outcome : { verdict: "UNKNOWN", path: outcome.path, via: "" };
    return { from: originLabel(view, subnet), to, expected, ...known, explanations };
}
