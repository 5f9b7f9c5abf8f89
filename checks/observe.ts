import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { IAMClient } from "@aws-sdk/client-iam";
import type {
    ListHostedZonesByVPCCommandInput,
    ListHostedZonesByVPCCommandOutput,
    Route53Client,
    VPCRegion,
} from "@aws-sdk/client-route-53";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { PaginationConfiguration } from "@smithy/types";

import { OPENSEARCH_ROLE } from "./diagnose/services";
import type { NetworkIntent } from "./intent";
import type { Stage } from "./messages";
import type { Observations } from "./observations";
import { type DeadlineSettings, settingsWithin } from "../lib/aws/clients";
import type { Deadline } from "../lib/clock";
import { errorCode } from "../lib/aws/errors";
import { PermissionMissingError, Service } from "../lib/aws/service";
import { readDomain, Studio } from "../lib/aws/studio";

/** The past that counts for the errors of NAT gateways, in seconds; the metric has a value for each minute. */
const METRIC_SECONDS = 3600;

/** The SDK's clients that are asked here; tests pass services in memory. */
export interface ObservedClients {
    route53(settings: DeadlineSettings): Promise<Route53Client>;
    cloudWatch(settings: DeadlineSettings): Promise<CloudWatchClient>;
    iam(settings: DeadlineSettings): Promise<IAMClient>;
    studio(settings: DeadlineSettings): Promise<SageMakerClient>;
}

/** The real ones. They are loaded where they are needed: most runs need none, and loading one takes longer than asking it. */
export const sdkClients: ObservedClients = {
    route53: async (settings) => new (await import("@aws-sdk/client-route-53")).Route53Client(settings),
    cloudWatch: async (settings) =>
        new (await import("@aws-sdk/client-cloudwatch")).CloudWatchClient(settings),
    iam: async (settings) => new (await import("@aws-sdk/client-iam")).IAMClient(settings),
    studio: async (settings) => new (await import("@aws-sdk/client-sagemaker")).SageMakerClient(settings),
};

/** What {@link observe} needs: clients, and the deadline of the check with its clock. */
export interface ObserveDependencies {
    readonly clients: ObservedClients;
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

const readHostedZones: Reader = async ({ region, vpcId }, { clients, deadline }) => {
    const { ListHostedZonesByVPCCommand, Route53Client } = await import("@aws-sdk/client-route-53");
    const { createPaginator } = await import("@smithy/core");
    // The SDK has a paginator for most lists, but not for this one.
    const paginate = createPaginator<
        PaginationConfiguration,
        ListHostedZonesByVPCCommandInput,
        ListHostedZonesByVPCCommandOutput
    >(Route53Client, ListHostedZonesByVPCCommand, "NextToken", "NextToken");
    const route53 = new Service("route53", () => clients.route53(settingsWithin(deadline, region)), deadline);
    const input = { VPCId: vpcId, VPCRegion: region as VPCRegion };
    const zones = await route53.list(
        "ListHostedZonesByVPC",
        (client, options) => paginate({ client }, input, options),
        (page) => page.HostedZoneSummaries,
    );
    return {
        hostedZones: zones.map(({ HostedZoneId = "", Name = "", Owner }) => ({
            hostedZoneId: HostedZoneId,
            name: Name.replace(/\.$/, ""),
            ...(Owner?.OwningService === undefined ? {} : { owningService: Owner.OwningService }),
        })),
    };
};

const readNatPortErrors: Reader = async ({ region, natGateways }, { clients, deadline }) => {
    const { GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
    const cloudWatch = new Service(
        "cloudwatch",
        () => clients.cloudWatch(settingsWithin(deadline, region)),
        deadline,
    );
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
        const { Datapoints } = await cloudWatch.send(command);
        natPortErrors[natGatewayId] = (Datapoints ?? []).reduce((sum, { Sum }) => sum + (Sum ?? 0), 0);
    }
    return { natPortErrors };
};

const readOpenSearchRole: Reader = async ({ region }, { clients, deadline }) => {
    const { GetRoleCommand } = await import("@aws-sdk/client-iam");
    const iam = new Service("iam", () => clients.iam(settingsWithin(deadline, region)), deadline);
    try {
        await iam.send(new GetRoleCommand({ RoleName: OPENSEARCH_ROLE }));
        return { openSearchRole: true };
    } catch (error) {
        if (!errorCode(error).startsWith("NoSuchEntity")) throw error;
        return { openSearchRole: false };
    }
};

const readStudio: Reader = async ({ region, services }, { clients, deadline }) => {
    const studio = new Studio(() => clients.studio(settingsWithin(deadline, region)), deadline);
    return { studio: await readDomain(studio, services?.sageMakerDomainId ?? "") };
};
