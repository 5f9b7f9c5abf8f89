import type { GatewayEndpointIntent, InterfaceEndpointIntent, NetworkIntent, SubnetIntent } from "../intent";
import type { Verdict } from "../matrix";
import { distinct, type Finding, finding, isError, type Stage } from "../messages";
import { rangeOf } from "../net/ipv4";
import { missingOf, type Snapshot, type SnapshotKind } from "../snapshot/types";
import {
    clientReaches,
    dnsAttributeFindings,
    endpointAdmits,
    endpointById,
    endpointGroupFindings,
    endpointStateFindings,
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
    ],
    dns: ["Vpcs", "VpcAttributes", "VpcEndpoints"],
    "security-groups": [
        "Vpcs",
        "VpcAttributes",
        "Subnets",
        "SecurityGroups",
        "VpcEndpoints",
        "ManagedPrefixLists",
    ],
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
    routes: (view) => ({
        findings: [],
        flows: view.intent.subnets.flatMap((subnet) => [
            internetFlow(view, subnet),
            ...view.intent.gatewayEndpoints.map((endpoint) => gatewayFlow(view, subnet, endpoint)),
        ]),
    }),
    dns: (view) => ({
        findings: [
            ...dnsAttributeFindings(view),
            ...view.intent.interfaceEndpoints.flatMap((endpoint) => [
                ...endpointStateFindings(view, endpoint),
                ...privateDnsFindings(view, endpoint),
            ]),
        ],
        flows: [],
    }),
    "security-groups": (view) => ({
        findings: [],
        // Without declared clients nobody is meant to use the endpoints, and nothing is claimed about them.
        flows:
            view.intent.endpointClientSecurityGroupIds.length === 0
                ? []
                : view.intent.subnets.flatMap((subnet) =>
                      view.intent.interfaceEndpoints.map((endpoint) => interfaceFlow(view, subnet, endpoint)),
                  ),
    }),
};

/**
 * Judges one stage: pure, no I/O. A finding of an earlier stage that still stands in the way of a flow is among the findings,
 * so that a stage never calls a way good that is not.
 */
export function analyzeStage(stage: Stage, snapshot: Snapshot, intent: NetworkIntent): Analysis {
    const view: View = { snapshot, intent };
    const unread = missingOf(snapshot, STAGE_KINDS[stage]).map(({ kind, action }) =>
        finding("PERMISSION_MISSING", action, {
            consequence: `${kind} could not be read, and what depends on them is UNKNOWN`,
        }),
    );
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
    );
    const outcome = combine(internetOutcomes(view, sourceOf(subnet)), expected);
    return flow(view, subnet, "internet", expected, readable, outcome, egressFindings(view, subnet));
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
    const explanations = byEndpoint
        ? [
              ...associationFindings(view, subnet),
              ...endpointStateFindings(view, endpoint),
              ...gatewayRouteFindings(view, endpoint, subnet.routeTableId),
          ]
        : egressFindings(view, subnet);
    return flow(view, subnet, endpoint.service, expected, readable, outcome, explanations);
}

function interfaceFlow(view: View, subnet: SubnetIntent, endpoint: InterfaceEndpointIntent): FlowResult {
    const readable = known(view, ...STAGE_KINDS["security-groups"]);
    const clients = view.intent.endpointClientSecurityGroupIds;
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
