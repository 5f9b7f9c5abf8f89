import { OPENSEARCH_ROLE } from "../diagnose/services";
import type { NetworkIntent } from "../intent";
import type { Stage } from "../messages";
import type { Observations } from "../observations";
import type { Deadline } from "./clock";
import { errorCode, isAccessDenied } from "./errors";

/** The past that counts for the errors of NAT gateways, in seconds; the metric has a value for each minute. */
const METRIC_SECONDS = 3600;

/**
 * Reads what a stage needs outside of EC2. The clients are loaded where they are needed: most runs need none, and loading one takes
 * longer than asking it. Throttling is left to the SDK's own retries, which end with the deadline.
 */
export async function observe(
    stage: Stage,
    intent: NetworkIntent,
    deadline: Deadline,
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
    for (const { action, read } of reads[stage] ?? []) {
        const abortSignal = AbortSignal.timeout(Math.max(1, deadline.remainingMilliseconds()));
        try {
            Object.assign(seen, await read(intent, { abortSignal }));
        } catch (error) {
            if (!isAccessDenied(error)) throw error;
            (seen.missing ??= []).push(action);
        }
    }
    return seen;
}

interface Reader {
    /** The IAM action. */
    action: string;
    read: (intent: NetworkIntent, options: { abortSignal: AbortSignal }) => Promise<Observations>;
}

const readHostedZones: Reader = {
    action: "route53:ListHostedZonesByVPC",
    async read({ region, vpcId }, options) {
        const { ListHostedZonesByVPCCommand, Route53Client } = await import("@aws-sdk/client-route-53");
        const client = new Route53Client({ region });
        const hostedZones: NonNullable<Observations["hostedZones"]> = [];
        let NextToken: string | undefined;
        do {
            const page = await client.send(
                new ListHostedZonesByVPCCommand({
                    VPCId: vpcId,
                    VPCRegion: region as "us-east-1",
                    NextToken,
                }),
                options,
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
    },
};

const readNatPortErrors: Reader = {
    action: "cloudwatch:GetMetricStatistics",
    async read({ region, natGateways }, options) {
        const { CloudWatchClient, GetMetricStatisticsCommand } = await import("@aws-sdk/client-cloudwatch");
        const client = new CloudWatchClient({ region });
        const now = Date.now();
        const natPortErrors: Record<string, number> = {};
        for (const { natGatewayId } of natGateways) {
            const { Datapoints } = await client.send(
                new GetMetricStatisticsCommand({
                    Namespace: "AWS/NATGateway",
                    MetricName: "ErrorPortAllocation",
                    Dimensions: [{ Name: "NatGatewayId", Value: natGatewayId }],
                    StartTime: new Date(now - METRIC_SECONDS * 1000),
                    EndTime: new Date(now),
                    Period: METRIC_SECONDS,
                    Statistics: ["Sum"],
                }),
                options,
            );
            natPortErrors[natGatewayId] = (Datapoints ?? []).reduce((sum, { Sum }) => sum + (Sum ?? 0), 0);
        }
        return { natPortErrors };
    },
};

const readOpenSearchRole: Reader = {
    action: "iam:GetRole",
    async read({ region }, options) {
        const { GetRoleCommand, IAMClient } = await import("@aws-sdk/client-iam");
        try {
            await new IAMClient({ region }).send(new GetRoleCommand({ RoleName: OPENSEARCH_ROLE }), options);
            return { openSearchRole: true };
        } catch (error) {
            if (!errorCode(error).startsWith("NoSuchEntity")) throw error;
            return { openSearchRole: false };
        }
    },
};

const readStudio: Reader = {
    action: "sagemaker:DescribeDomain",
    async read({ region, services }, options) {
        const { DescribeDomainCommand, SageMakerClient } = await import("@aws-sdk/client-sagemaker");
        const { AppNetworkAccessType = "PublicInternetOnly", SubnetIds = [] } = await new SageMakerClient({
            region,
        }).send(new DescribeDomainCommand({ DomainId: services?.sageMakerDomainId }), options);
        return { studio: { accessType: AppNetworkAccessType, subnetIds: SubnetIds } };
    },
};
