import { groupFlows, type NetworkIntent } from "../intent";
import { distinct, type Finding, finding, type Stage } from "../messages";
import type { Diagnosis } from "./diagnosis";
import type { Observations } from "../observations";
import { missingOf, type Snapshot, type SnapshotKind } from "../snapshot/types";
import {
    clientsOf,
    dnsAttributeFindings,
    endpointGroupFindings,
    endpointPolicyFindings,
    endpointStateFindings,
    endpointZoneFindings,
    privateDnsFindings,
} from "./endpoint-findings";
import { explainAll, type EvaluatedFlow } from "./explain";
import { worldOpenFindings } from "./flow-findings";
import { betweenEndpointMembers, betweenGroups, gatewayFlow, interfaceFlow, internetFlow } from "./flows";
import {
    blockPublicAccessFindings,
    internetGatewayFindings,
    natGatewayFindings,
    vpcExists,
} from "./gateways";
import { addressFindings, interfaceGroupFindings, middleboxFindings, resolverFindings } from "./interfaces";
import { networkAclFindings } from "./network-acls";
import { hostedZoneFindings, natPortFindings, openSearchRoleFindings, studioFindings } from "./services";
import { type Analysis, type View, viewOf } from "./view";

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
    "security-groups": [
        "Vpcs",
        "Subnets",
        "RouteTables",
        "SecurityGroups",
        "NetworkInterfaces",
        "ManagedPrefixLists",
    ],
    endpoints: ["Vpcs", "VpcAttributes", "Subnets", "SecurityGroups", "VpcEndpoints", "ManagedPrefixLists"],
    services: ["Vpcs"],
};

/** What differs from the declaration, and the declared flows. */
interface StageEvaluation {
    findings: Diagnosis[];
    flows: EvaluatedFlow[];
    /** Flows that are judged and that the matrix shows elsewhere. */
    others?: EvaluatedFlow[];
}

const ANALYSES: Readonly<Record<Stage, (view: View) => StageEvaluation>> = {
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
                internetFlow(view, subnet, STAGE_KINDS.routes),
                ...view.intent.gatewayEndpoints.map((endpoint) =>
                    gatewayFlow(view, subnet, endpoint, STAGE_KINDS.routes),
                ),
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
            flows: flows.map((flow) => betweenGroups(view, flow, STAGE_KINDS["security-groups"])),
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
                .map((endpoint) => interfaceFlow(view, subnet, endpoint, STAGE_KINDS.endpoints)),
        ),
        others: betweenEndpointMembers(view, STAGE_KINDS.endpoints),
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
 *
 * @param earlier what the stages before it found in the same run.
 */
export function analyzeStage(
    stage: Stage,
    snapshot: Snapshot,
    intent: NetworkIntent,
    observations: Observations = {},
    earlier: readonly Finding[] = [],
): Analysis {
    const view = viewOf(snapshot, intent, observations);
    const unread: Diagnosis[] = [
        ...missingOf(snapshot, STAGE_KINDS[stage]).map(({ kind, action }) =>
            finding("PERMISSION_MISSING", action, { consequence: { of: "kind", kind } }),
        ),
        ...(observations.missing ?? []).map((action) =>
            finding("PERMISSION_MISSING", action, { consequence: { of: "observation" } }),
        ),
    ];
    if (!vpcExists(view)) {
        const gone = finding("VPC_NOT_FOUND", intent.vpcId, { region: intent.region });
        return { findings: [...unread, gone], flows: [] };
    }
    const { findings, flows, others = [] } = ANALYSES[stage](view);
    const judged = [...flows, ...others].map((one) => withUnread(one, unread));
    const here = [...unread, ...findings, ...judged.flatMap(({ result }) => result.explanations)];
    const explained = explainAll(judged, here, earlier);
    return {
        findings: distinct([...here, ...explained.flows.flatMap((flow) => flow.explanations)]),
        flows: explained.flows.slice(0, flows.length),
        ...(explained.borrowed.length === 0 ? {} : { borrowed: explained.borrowed }),
    };
}

/** What could not be read explains every verdict that is not known. */
function withUnread(judged: EvaluatedFlow, unread: readonly Diagnosis[]): EvaluatedFlow {
    const { result } = judged;
    if (result.verdict !== "UNKNOWN") return judged;
    return { ...judged, result: { ...result, explanations: distinct([...result.explanations, ...unread]) } };
}
