import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { Route53Client, VPCRegion } from "@aws-sdk/client-route-53";

import { OPENSEARCH_ROLE } from "./diagnose/services";
import type { NetworkIntent } from "./intent";
import type { Stage } from "./messages";
import type { Observations } from "./observations";
import type { Clock, Deadline } from "../lib/clock";
import { errorCode } from "../lib/aws/errors";
import { PermissionMissingError, Service } from "../lib/aws/service";
import { readDomain, Studio, type StudioClient } from "../lib/aws/studio";

/** The past that counts for the errors of NAT gateways, in seconds; the metric has a value for each minute. */
const METRIC_SECONDS = 3600;

/** The parts of the SDK's clients that are asked here; tests pass services in memory. */
export interface ObservedClients {
    route53(region: string): Promise<Pick<Route53Client, "send">>;
    cloudWatch(region: string): Promise<Pick<CloudWatchClient, "send">>;
    iam(region: string): Promise<Pick<IAMClient, "send">>;
    studio(region: string): Promise<StudioClient>;
}

/**
 * The real ones. They are loaded where they are needed: most runs need none, and loading one takes longer than asking it. The
 * SDK's own retries are off, because each call is tried again by {@link Service}.
 */
export const sdkClients: ObservedClients = {
    route53: async (region) =>
        new (await import("@aws-sdk/client-route-53")).Route53Client({ region, maxAttempts: 1 }),
    cloudWatch: async (region) =>
        new (await import("@aws-sdk/client-cloudwatch")).CloudWatchClient({ region, maxAttempts: 1 }),
    iam: async (region) => new (await import("@aws-sdk/client-iam")).IAMClient({ region, maxAttempts: 1 }),
    studio: async (region) =>
        new (await import("@aws-sdk/client-sagemaker")).SageMakerClient({ region, maxAttempts: 1 }),
};

/** What {@link observe} needs: clients, time and the deadline of the check. */
export interface ObserveDependencies {
    readonly clients: ObservedClients;
    readonly clock: Clock;
    readonly deadline: Deadline;
}

/** Reads what a stage needs outside of EC2. An action that is refused is named in the answer, and what it would tell is absent. */
export async function observe(
    stage: Stage,
    intent: NetworkIntent,
    dependencies: ObserveDependencies,
): Promise<Observations> {
    const reads: Partial<Record<Stage, Reader[]>> = {
        dns: intent.interfaceEndpoints.length === 0 ? [] : [readHostedZones],
        services: [
            ...(intent.natGateways.length === 0 ? [] : [readNatPortErrors]),
            ...(intent.services?.openSearch === true ? [readOpenSearchRole] : []),
            ...(intent.services?.sageMakerDomainId === undefined ? [] : [readStudio]),
        ],
    };
    const seen: Observations = {};
    for (const read of reads[stage] ?? []) {
        try {
            Object.assign(seen, await read(intent, dependencies));
        } catch (error) {
            if (!(error instanceof PermissionMissingError)) throw error;
            (seen.missing ??= []).push(error.action);
        }
    }
    return seen;
}

type Reader = (intent: NetworkIntent, dependencies: ObserveDependencies) => Promise<Observations>;

const readHostedZones: Reader = async ({ region, vpcId }, { clients, clock, deadline }) => {
    const { ListHostedZonesByVPCCommand } = await import("@aws-sdk/client-route-53");
    const route53 = new Service("route53", () => clients.route53(region), clock, deadline);
    const hostedZones: NonNullable<Observations["hostedZones"]> = [];
    let NextToken: string | undefined;
    do {
        const input = { VPCId: vpcId, VPCRegion: region as VPCRegion, NextToken };
        const page = await route53.call("ListHostedZonesByVPC", (client, options) =>
            client.send(new ListHostedZonesByVPCCommand(input), options),
        );
        for (const { HostedZoneId = "", Name = "", Owner } of page.HostedZoneSummaries ?? [])
            hostedZones.push({
                hostedZoneId: HostedZoneId,
                name: Name.replace(/\.$/, ""),
                ...(Owner?.OwningService === undefined ? {} : { owningService: Owner.OwningService }),
            });
        NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return { hostedZones };
};

const readNatPortErrors: Reader = async ({ region, natGateways }, { clients, clock, deadline }) => {
    const { GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
    const cloudWatch = new Service("cloudwatch", () => clients.cloudWatch(region), clock, deadline);
    const EndTime = cloudWatch.now();
    const natPortErrors: Record<string, number> = {};
    for (const { natGatewayId } of natGateways) {
        const command = new GetMetricStatisticsCommand({
            Namespace: "AWS/NATGateway",
            MetricName: "ErrorPortAllocation",
            Dimensions: [{ Name: "NatGatewayId", Value: natGatewayId }],
            StartTime: new Date(EndTime.getTime() - METRIC_SECONDS * 1000),
            EndTime,
            Period: METRIC_SECONDS,
            Statistics: ["Sum"],
        });
        const { Datapoints } = await cloudWatch.call("GetMetricStatistics", (client, options) =>
            client.send(command, options),
        );
        natPortErrors[natGatewayId] = (Datapoints ?? []).reduce((sum, { Sum }) => sum + (Sum ?? 0), 0);
    }
    return { natPortErrors };
};

const readOpenSearchRole: Reader = async ({ region }, { clients, clock, deadline }) => {
    const { GetRoleCommand } = await import("@aws-sdk/client-iam");
    const iam = new Service("iam", () => clients.iam(region), clock, deadline);
    try {
        await iam.call("GetRole", (client, options) =>
            client.send(new GetRoleCommand({ RoleName: OPENSEARCH_ROLE }), options),
        );
        return { openSearchRole: true };
    } catch (error) {
        if (!errorCode(error).startsWith("NoSuchEntity")) throw error;
        return { openSearchRole: false };
    }
};

const readStudio: Reader = async ({ region, services }, { clients, clock, deadline }) => {
    const studio = new Studio(() => clients.studio(region), clock, deadline);
    return { studio: await readDomain(studio, services?.sageMakerDomainId ?? "") };
};
