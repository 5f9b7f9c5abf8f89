import type { NetworkInterface, SecurityGroup } from "@aws-sdk/client-ec2";

import { createAnalyzer, type Exposure, exposure } from "../../../checks/analyze";
import { type FlowIntent, flowId, withFlowId } from "../../../checks/flow";
import type { NetworkIntent, SubnetIntent } from "../../../checks/intent";
import type { Verdict } from "../../../checks/matrix";
import type { Snapshot } from "../../../checks/snapshot/types";
import { id } from "../support/network";

/** Who reaches whom in a network, by the analysis that the Linux kernel is the judge of. */
export interface Reach {
    /** What is reachable and not declared. */
    readonly undeclared: readonly Exposure[];
    /** The verdict of each declared flow, by its id. */
    readonly flows: ReadonlyMap<string, Verdict>;
}

export function reachOf(snapshot: Snapshot, intent: NetworkIntent): Reach {
    const inhabited = inhabit(snapshot, intent);
    const analyzer = createAnalyzer(inhabited);
    const verdict = (flow: FlowIntent): Verdict => {
        const { sourceGroupId, destination, protocol, ports } = flow;
        return analyzer.analyze({
            id: flowId(flow),
            source: { securityGroup: sourceGroupId },
            destination:
                "service" in destination ? destination : { securityGroup: destination.securityGroupId },
            protocol,
            port: ports,
        }).verdict;
    };
    return {
        undeclared: exposure(inhabited, intent.flows.map(withFlowId)).unintended,
        flows: new Map(intent.flows.map((flow) => [flowId(flow), verdict(flow)])),
    };
}

/** What is reachable in `now` and in none of `before`. Rules cut ports in pieces, so that ports are compared and not pieces. */
export function opened(now: Reach, ...before: readonly Reach[]): Exposure[] {
    return now.undeclared.filter((one) => {
        const known = before
            .flatMap(({ undeclared }) => undeclared)
            .filter(
                (other) =>
                    isIn(one.source, other.source) &&
                    isIn(one.destination, other.destination) &&
                    other.protocol === one.protocol &&
                    other.pairs >= one.pairs,
            );
        let from = one.ports.from;
        for (const { ports } of known.sort((a, b) => a.ports.from - b.ports.from))
            if (ports.from <= from) from = Math.max(from, ports.to + 1);
        return from <= one.ports.to;
    });
}

/** A part of what was known is nothing new. */
function isIn(end: string, known: string): boolean {
    return end === known || end === `part of ${known}`;
}

/** The declared flows that do not pass. */
export function blocked({ flows }: Reach): string[] {
    return [...flows].filter(([, verdict]) => verdict !== "REACHABLE").map(([flow]) => flow);
}

/**
 * The network with somebody in it: an interface of each group in each private subnet, the endpoints' own, and in every subnet a
 * stranger whose group lets everything out and is in no flow. Groups of declared interfaces have those alone, so that one that lost its group is
 * missed.
 */
export function inhabit(snapshot: Snapshot, intent: NetworkIntent): Snapshot {
    const all = structuredClone(snapshot);
    const VpcId = intent.vpcId;
    const homes = intent.subnets.filter(({ tier }) => tier === "private");
    const declared = intent.networkInterfaces ?? [];
    const served = new Set(intent.interfaceEndpoints.flatMap((endpoint) => endpoint.securityGroupIds));
    const housed = new Set(declared.flatMap((one) => one.securityGroupIds));
    const groups = new Set(
        intent.flows.flatMap(({ sourceGroupId, destination }) =>
            "securityGroupId" in destination ? [sourceGroupId, destination.securityGroupId] : [sourceGroupId],
        ),
    );
    let made = 0;
    const interfaceIn = (subnetId: string, groupIds: readonly string[]): NetworkInterface => ({
        NetworkInterfaceId: id("eni", 1000 + made),
        VpcId,
        SubnetId: subnetId,
        PrivateIpAddress: addressIn(all, subnetId, 10 + (made += 1)),
        Groups: groupIds.map((GroupId) => ({ GroupId })),
    });
    const hosts = (all.NetworkInterfaces ?? []).map((one, index) => ({
        ...interfaceIn(homes[index % homes.length]?.subnetId ?? "", []),
        ...one,
    }));
    for (const group of groups)
        if (!served.has(group) && !housed.has(group))
            hosts.push(...homes.map(({ subnetId }) => interfaceIn(subnetId, [group])));
    for (const endpoint of all.VpcEndpoints ?? []) {
        if (endpoint.VpcEndpointType !== "Interface") continue;
        const carried = (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
        const own = (endpoint.SubnetIds ?? []).map((subnetId) => ({
            ...interfaceIn(subnetId, carried),
            InterfaceType: "vpc_endpoint" as const,
        }));
        endpoint.NetworkInterfaceIds = own.map((one) => one.NetworkInterfaceId ?? "");
        hosts.push(...own);
    }
    const strangers = intent.subnets.map((subnet, index) => stranger(subnet, index, interfaceIn));
    return {
        ...all,
        NetworkInterfaces: [...hosts, ...strangers.map(({ host }) => host)],
        SecurityGroups: [
            ...(all.SecurityGroups ?? []),
            ...strangers.map(({ group }) => ({ ...group, VpcId })),
        ],
    };
}

function stranger(
    { subnetId, tier }: SubnetIntent,
    index: number,
    interfaceIn: (subnetId: string, groupIds: readonly string[]) => NetworkInterface,
): { host: NetworkInterface; group: SecurityGroup } {
    const GroupId = id("sg", 500 + index);
    const isPublic = tier === "public";
    return {
        host: {
            ...interfaceIn(subnetId, [GroupId]),
            ...(isPublic ? { Association: { PublicIp: `54.1.0.${index + 1}` } } : {}),
        },
        group: {
            GroupId,
            IpPermissions: [],
            IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        },
    };
}

function addressIn({ Subnets }: Snapshot, subnetId: string, host: number): string {
    const block = Subnets?.find((one) => one.SubnetId === subnetId)?.CidrBlock ?? "10.0.0.0/20";
    const [a, b, c] = block.split(".");
    return `${a}.${b}.${c}.${host}`;
}
