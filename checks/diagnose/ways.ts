import type { VpcEndpoint } from "@aws-sdk/client-ec2";

import { analyzeFlow, conclude, concludeOne } from "../analyze/analyze";
import { anyAddressOf, type Interface, withAnyPublicAddress } from "../analyze/interfaces";
import { type Model, subnetBlocks } from "../analyze/model";
import type { Use } from "../analyze/pairs";
import { Trace } from "../analyze/trace";
import type { FlowVerdict, Hop } from "../analyze/types";
import { type FlowIntent, flowId } from "../flow";
import { ENDPOINT_PORT, type SubnetIntent } from "../intent";
import type { Verdict } from "../matrix";
import type { View } from "./view";

/**
 * Which way packets really take, by the analysis. What is intended plays no part here, except for who sends them: whether a
 * subnet's ways are open is declared before anybody is in it.
 */

export interface Outcome extends FlowVerdict {
    /** The first gateway or endpoint on a way that arrives; empty otherwise. */
    readonly via: string;
    /** Ids of the subnets and components on the way, the sender's subnet first. */
    readonly stations: readonly string[];
}

const HTTPS: Use = { protocol: "tcp", ports: { from: ENDPOINT_PORT, to: ENDPOINT_PORT } };

/** From anywhere in a subnet to the internet, or to the published addresses of a service, by HTTPS. */
export function wayOut(
    { evaluator }: View,
    subnet: SubnetIntent,
    service: string,
    expected: Verdict,
): Outcome {
    const { model, pairs } = evaluator;
    const sender = anybodyIn(model, subnet);
    if (sender === undefined) return unknownSubnet(subnet);
    // Hosts of public subnets have public addresses by the tier's definition; nobody else is given one.
    const source = subnet.tier === "public" ? withAnyPublicAddress(sender) : sender;
    const ways = pairs.waysOut(source, service, HTTPS);
    if (ways === undefined) return unknownSubnet(subnet, service);
    const id = `${subnet.subnetId} to ${service}`;
    const verdicts = ways.map((trace) => concludeOne(id, trace));
    // What has to be reachable must be so by every route, what must not be by none.
    const order: Verdict[] =
        expected === "REACHABLE"
            ? ["UNREACHABLE", "UNKNOWN", "REACHABLE"]
            : ["REACHABLE", "UNKNOWN", "UNREACHABLE"];
    const worst = order.flatMap((verdict) => verdicts.find((one) => one.verdict === verdict) ?? [])[0];
    if (worst === undefined) return unknownSubnet(subnet, service);
    const explanations = verdicts.flatMap((one) => one.explanations);
    return outcome(model, expected === "REACHABLE" ? { ...worst, explanations } : worst);
}

/** From members of client groups anywhere in a subnet to an interface endpoint. */
export function wayToEndpoint(
    { evaluator }: View,
    subnet: SubnetIntent,
    clients: readonly string[],
    endpoint: VpcEndpoint,
    service: string,
): Outcome {
    const { model, pairs } = evaluator;
    const sender = anybodyIn(model, subnet);
    if (sender === undefined) return unknownSubnet(subnet);
    const judged = clients.map((client) => ({
        trace: pairs.toEndpoint({ ...sender, kind: "host", groups: [client] }, endpoint, service, HTTPS),
        count: 1,
    }));
    const verdict = conclude(`${subnet.subnetId} to ${service}`, judged);
    const reached = verdict.verdict === "REACHABLE";
    const id = endpoint.VpcEndpointId ?? "";
    return { ...verdict, via: reached ? id : "", stations: [subnet.subnetId, "local", id] };
}

/** Whoever would have an IPv4 address of the subnet. */
function anybodyIn(model: Model, { subnetId }: SubnetIntent): Interface | undefined {
    const subnet = model.subnets.get(subnetId);
    if (subnet === undefined) return undefined;
    const anybody = anyAddressOf(subnet, subnetBlocks(subnet));
    const addresses = anybody.addresses.filter(({ family }) => family === 4);
    return addresses.length === 0 ? undefined : { ...anybody, addresses };
}

/** Nothing is known of what is not in the snapshot. */
function unknownSubnet({ subnetId }: SubnetIntent, service?: string): Outcome {
    const trace = new Trace();
    trace.add("UNKNOWN_RESOURCE", service ?? subnetId, {
        args: { absence: service === undefined ? {} : { part: "entries", service } },
    });
    return { ...concludeOne(subnetId, trace), via: "", stations: [subnetId] };
}

function outcome(model: Model, verdict: FlowVerdict): Outcome {
    const gateways: readonly Hop["type"][] = ["internet-gateway", "nat-gateway", "vpc-endpoint"];
    const reached = verdict.verdict === "REACHABLE";
    const via = reached ? verdict.path.find(({ type }) => gateways.includes(type))?.component : undefined;
    const stations = verdict.path.flatMap(({ component, type }) => {
        if (type === "security-group" || type === "network-acl" || type === "address") return [];
        const subnetId = type === "nat-gateway" ? model.natGateways.get(component)?.SubnetId : undefined;
        return subnetId === undefined ? [component] : [component, subnetId];
    });
    const last = verdict.path.at(-1)?.type;
    return {
        ...verdict,
        via: via ?? "",
        stations: reached && last === "internet-gateway" ? [...stations, "internet"] : stations,
    };
}

/**
 * A declared flow between those who carry its groups now, in every pair of them.
 *
 * @returns nothing as long as nobody carries one of them: then only their rules can be judged.
 */
export function betweenMembers({ evaluator }: View, flow: FlowIntent): FlowVerdict | undefined {
    const { model } = evaluator;
    const { sourceGroupId, destination, protocol, ports } = flow;
    const hosts = (model.membersOf.get(sourceGroupId) ?? []).filter(({ kind }) => kind === "host");
    if (hosts.length === 0) return undefined;
    if ("securityGroupId" in destination && !model.membersOf.has(destination.securityGroupId))
        return undefined;
    return analyzeFlow(evaluator, {
        id: flowId(flow),
        source: { securityGroup: sourceGroupId },
        destination: "service" in destination ? destination : { securityGroup: destination.securityGroupId },
        protocol,
        port: ports,
    });
}
