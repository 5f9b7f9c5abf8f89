import { isDeepStrictEqual } from "node:util";

import type { NetworkInterface } from "@aws-sdk/client-ec2";

import { type Exposure, exposure } from "../analyze";
import type { FlowResult } from "../diagnose/view";
import { type FlowIntent, rangeText, withFlowId } from "../flow";
import type { NetworkIntent } from "../intent";
import type { Stage } from "../messages";
import type { Snapshot } from "../snapshot/types";

/**
 * What a round of repairs opened that nobody declared. The gate holds every edit against the declaration before it is made; this holds
 * what became of the network against it afterwards, by the analysis.
 */

/** What a stage saw at one moment. */
export interface Reachability {
    readonly snapshot: Snapshot;
    readonly flows: readonly FlowResult[];
}

/** What is reachable after, was not before, and is not meant to be: one text for each, for people. */
export function openedSince(
    stage: Stage,
    before: Reachability,
    after: Reachability,
    intent: NetworkIntent,
): string[] {
    return [...openedWays(before.flows, after.flows), ...openedPairs(stage, before, after, intent)];
}

/** Ways that are declared to be closed, such as those of an isolated subnet to the internet. */
function openedWays(before: readonly FlowResult[], after: readonly FlowResult[]): string[] {
    const isOpen = ({ expected, verdict }: FlowResult) =>
        expected === "UNREACHABLE" && verdict === "REACHABLE";
    const text = ({ from, to }: FlowResult) => `${from} to ${to}`;
    const known = new Set(before.filter(isOpen).map(text));
    return after
        .filter(isOpen)
        .map(text)
        .filter((one) => !known.has(one));
}

/** Pairs of interfaces, in the stages that know the flows between groups. */
function openedPairs(
    stage: Stage,
    before: Reachability,
    after: Reachability,
    { flows }: NetworkIntent,
): string[] {
    if (stage !== "security-groups" && stage !== "endpoints") return [];
    // Each of the two knows the flows to its own destinations only.
    const endpoints = endpointInterfaces(after.snapshot);
    const isJudged = ({ example }: Exposure) =>
        endpoints.has(example.destination) === (stage === "endpoints");
    const named = flows.map(withFlowId);
    const reachable = (snapshot: Snapshot) => exposure(snapshot, named).unintended.filter(isJudged);
    const now = reachable(after.snapshot);
    if (now.length === 0) return [];
    return newlyReachable(now, reachable(withGroupsOf(after.snapshot, before.snapshot)))
        .filter((one) => !isByDeclaredEgress(one, before.snapshot, after.snapshot, flows))
        .map(
            ({ source, destination, protocol, ports }) =>
                `${source} to ${destination} ${protocol} ${rangeText(ports)}`,
        );
}

/** A flow to the internet is declared with a rule that lets out to everybody; whom among them a destination admits is its own rules' fault. */
function isByDeclaredEgress(
    { example, source, protocol, ports }: Exposure,
    before: Snapshot,
    after: Snapshot,
    flows: readonly FlowIntent[],
): boolean {
    const isDeclared = flows.some(
        (flow) =>
            "service" in flow.destination &&
            flow.destination.service === "internet" &&
            flow.protocol === protocol &&
            flow.ports.from <= ports.from &&
            ports.to <= flow.ports.to &&
            source.split(", ").includes(flow.sourceGroupId),
    );
    return (
        isDeclared &&
        isDeepStrictEqual(admits(before, example.destination), admits(after, example.destination))
    );
}

/** The groups of an interface, and whom they let in. */
function admits({ NetworkInterfaces, SecurityGroups }: Snapshot, networkInterfaceId: string) {
    const groups = NetworkInterfaces?.find((one) => one.NetworkInterfaceId === networkInterfaceId)?.Groups;
    return groups?.map(
        ({ GroupId }) => SecurityGroups?.find((one) => one.GroupId === GroupId)?.IpPermissions,
    );
}

/**
 * The network as it is now, but with the groups of before, their rules and who carried them. What differs from it was opened by
 * groups, which is all that these stages change; a route, or an instance, that somebody else made in the meantime is in both.
 */
function withGroupsOf(after: Snapshot, before: Snapshot): Snapshot {
    const carried = new Map(before.NetworkInterfaces?.map((one) => [one.NetworkInterfaceId, one.Groups]));
    const asBefore = (one: NetworkInterface): NetworkInterface => {
        const groups = carried.get(one.NetworkInterfaceId);
        return groups === undefined ? one : { ...one, Groups: groups };
    };
    return {
        ...after,
        ...(before.SecurityGroups === undefined ? {} : { SecurityGroups: before.SecurityGroups }),
        ...(after.NetworkInterfaces === undefined
            ? {}
            : { NetworkInterfaces: after.NetworkInterfaces.map(asBefore) }),
    };
}

function endpointInterfaces({ VpcEndpoints, NetworkInterfaces }: Snapshot): Set<string> {
    const own = (NetworkInterfaces ?? []).filter(({ InterfaceType }) => InterfaceType === "vpc_endpoint");
    return new Set([
        ...(VpcEndpoints ?? []).flatMap(({ NetworkInterfaceIds }) => NetworkInterfaceIds ?? []),
        ...own.flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []),
    ]);
}

/** Rules cut ports into pieces, so that ports are compared and not pieces. */
function newlyReachable(now: readonly Exposure[], before: readonly Exposure[]): Exposure[] {
    const pair = ({ source, destination, protocol }: Exposure) =>
        JSON.stringify([source, destination, protocol]);
    return now.filter((one) => {
        const known = before.filter((other) => pair(other) === pair(one));
        return !covers(known, one.ports);
    });
}

function covers(known: readonly Exposure[], { from, to }: FlowIntent["ports"]): boolean {
    let next = from;
    for (const { ports } of [...known].sort((a, b) => a.ports.from - b.ports.from))
        if (ports.from <= next) next = Math.max(next, ports.to + 1);
    return next > to;
}
