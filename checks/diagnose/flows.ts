import { type FlowIntent, flowId } from "../flow";
import {
    endpointFlows,
    type GatewayEndpointIntent,
    type InterfaceEndpointIntent,
    type SubnetIntent,
} from "../intent";
import type { Verdict } from "../matrix";
import { missingOf, type SnapshotKind } from "../snapshot/types";
import {
    clientsOf,
    dnsAttributeFindings,
    endpointById,
    endpointGroupFindings,
    endpointStateFindings,
    gatewayRouteFindings,
    privateDnsFindings,
} from "./endpoint-findings";
import type { Diagnosis } from "./diagnosis";
import type { EvaluatedFlow } from "./explain";
import { flowFindings } from "./flow-findings";
import { middleboxFlowFindings } from "./interfaces";
import { networkAclFindings } from "./network-acls";
import { associationFindings, egressFindings } from "./routing-findings";
import { intendedEgress, originLabel, type View } from "./view";
import { betweenMembers, type Outcome, wayOut, wayToEndpoint } from "./ways";

/** The declared flows: what each is meant to be, what the analysis makes of it, and what differs from the declaration on its way. */

export function internetFlow(
    view: View,
    subnet: SubnetIntent,
    kinds: readonly SnapshotKind[],
): EvaluatedFlow {
    const expected: Verdict = intendedEgress(view, subnet) === undefined ? "UNREACHABLE" : "REACHABLE";
    const outcome = wayOut(view, subnet, "internet", expected);
    return flow(view, subnet, "internet", expected, kinds, outcome, [
        ...egressFindings(view, subnet),
        ...aclFindings(view, outcome),
    ]);
}

export function gatewayFlow(
    view: View,
    subnet: SubnetIntent,
    endpoint: GatewayEndpointIntent,
    kinds: readonly SnapshotKind[],
): EvaluatedFlow {
    const byEndpoint = endpoint.routeTableIds.includes(subnet.routeTableId);
    const expected: Verdict =
        byEndpoint || intendedEgress(view, subnet) !== undefined ? "REACHABLE" : "UNREACHABLE";
    const outcome = wayOut(view, subnet, endpoint.service, expected);
    const explanations = byEndpoint
        ? [
              ...associationFindings(view, subnet),
              ...endpointStateFindings(view, endpoint),
              ...gatewayRouteFindings(view, endpoint, subnet.routeTableId),
              ...aclFindings(view, outcome),
          ]
        : egressFindings(view, subnet);
    return flow(view, subnet, endpoint.service, expected, kinds, outcome, explanations);
}

/** What is wrong with the network ACLs that stop a way. */
function aclFindings(view: View, { explanations }: Outcome): Diagnosis[] {
    const closed = new Set(explanations.flatMap(({ component, related = [] }) => [component, ...related]));
    return view.intent.subnets
        .filter(({ subnetId }) => closed.has(subnetId))
        .flatMap((subnet) => networkAclFindings(view, subnet));
}

export function interfaceFlow(
    view: View,
    subnet: SubnetIntent,
    endpoint: InterfaceEndpointIntent,
    kinds: readonly SnapshotKind[],
): EvaluatedFlow {
    const actual = endpointById(view, endpoint.vpcEndpointId);
    const outcome: Outcome =
        actual === undefined
            ? gone(subnet, endpoint)
            : wayToEndpoint(view, subnet, clientsOf(view.intent, endpoint), actual, endpoint.service);
    return flow(view, subnet, endpoint.service, "REACHABLE", kinds, outcome, [
        ...dnsAttributeFindings(view),
        ...endpointStateFindings(view, endpoint),
        ...privateDnsFindings(view, endpoint),
        ...endpointGroupFindings(view, endpoint),
    ]);
}

function gone({ subnetId }: SubnetIntent, { vpcEndpointId }: InterfaceEndpointIntent): Outcome {
    return {
        id: subnetId,
        verdict: "UNREACHABLE",
        path: [],
        explanations: [],
        warnings: [],
        via: "",
        stations: [subnetId, "local", vpcEndpointId],
    };
}

/** Puts a flow together; what could not be read makes its verdict UNKNOWN, whatever the rest says. */
function flow(
    view: View,
    subnet: SubnetIntent,
    to: string,
    expected: Verdict,
    kinds: readonly SnapshotKind[],
    { verdict, via, stations, explanations: blockers }: Outcome,
    explanations: Diagnosis[],
): EvaluatedFlow {
    const from = originLabel(view, subnet);
    const unread = missingOf(view.snapshot, kinds);
    const known = unread.length === 0 ? { verdict, via } : { verdict: "UNKNOWN" as const, via: "" };
    return {
        result: { from, to, expected, ...known, path: [...stations], explanations },
        name: `${from} to ${to}`,
        // Nothing can be concluded from what is missing.
        blockers: unread.length === 0 ? blockers : [],
    };
}

/**
 * A flow between groups: by their rules, so that it can be told before anybody carries them, and by the whole way between those
 * who do. Both labels are those of the flow's id, "broker to zookeeper tcp 2281".
 */
export function betweenGroups(view: View, intent: FlowIntent, kinds: readonly SnapshotKind[]): EvaluatedFlow {
    const { from, to } = intent;
    const id = flowId(intent);
    const explanations = [...flowFindings(view, intent), ...middleboxFlowFindings(view, intent)];
    const unread = missingOf(view.snapshot, kinds).length > 0;
    const unknown = unread || explanations.some((one) => one.id === "PREFIX_LIST_UNKNOWN");
    const byRules: Verdict = unknown ? "UNKNOWN" : explanations.length === 0 ? "REACHABLE" : "UNREACHABLE";
    const members = byRules === "UNKNOWN" ? undefined : betweenMembers(view, intent);
    return {
        result: {
            from,
            to,
            between: "groups",
            expected: "REACHABLE",
            verdict: byRules === "REACHABLE" ? (members?.verdict ?? byRules) : byRules,
            path: [id, ...(members?.path ?? []).map(({ component }) => component)],
            via: "",
            explanations,
        },
        name: id,
        blockers: members?.explanations ?? [],
    };
}

/** The flows of the clients that are there to the interfaces that the endpoints have. */
export function betweenEndpointMembers(view: View, kinds: readonly SnapshotKind[]): EvaluatedFlow[] {
    return endpointFlows(view.intent).map((intent) => betweenGroups(view, intent, kinds));
}
