import type * as pulumi from "@pulumi/pulumi";

import type { Problem } from "../validation";
import type { WatchedServices } from "./schema";

/** How a metric is compared with its threshold, in CloudWatch's words. */
export type Comparison =
    | "GreaterThanOrEqualToThreshold"
    | "GreaterThanThreshold"
    | "LessThanOrEqualToThreshold"
    | "LessThanThreshold";

/** One alarm before it is made. */
export interface AlarmSpec {
    /** What it is called within its stack: `opensearch-cluster-red`. Unique, and the end of its name. */
    readonly suffix: string;
    /** What is wrong while it is in alarm, and where its threshold comes from. */
    readonly description: string;
    readonly namespace: string;
    readonly metricName: string;
    /** What the metric is about. */
    readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
    readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
    /** Seconds of one period. */
    readonly period: number;
    /** So many periods in a row have to be beyond the threshold. */
    readonly evaluationPeriods: number;
    readonly comparisonOperator: Comparison;
    readonly threshold: number;
    /**
     * What a period without a value counts as: `missing` for metrics that there always are, `notBreaching` for those that a
     * service sends only when there is something to tell.
     */
    readonly treatMissingData: "missing" | "notBreaching";
}

/** One of the services that are watched. */
type Watched<Service extends keyof WatchedServices> = NonNullable<WatchedServices[Service]>;

const AWS_OPENSEARCH = "AWS recommends it (OpenSearch Service: Recommended CloudWatch alarms).";
const AWS_ALARMS = "AWS recommends it (CloudWatch: Recommended alarms).";
const OURS = "The threshold is this project's.";
/** A composite alarm takes so many alarms. */
const MOST_ALARMS = 100;
const MINUTE = 60;
const DAY = 86_400;

/**
 * Alarms of a Neptune cluster. AWS recommends none by number but tells what each metric means ("Neptune CloudWatch metrics"); its
 * console draws the line for CPU at 75 % ("Best practices using Neptune metrics").
 */
export function neptuneAlarms({
    clusterIdentifier,
    serverless,
    readReplicas,
}: Watched<"neptune">): AlarmSpec[] {
    const common = {
        namespace: "AWS/Neptune",
        dimensions: { DBClusterIdentifier: clusterIdentifier },
        // Neptune gathers its metrics over five minutes, and sends them only while they are not zero.
        statistic: "Maximum",
        period: 5 * MINUTE,
        evaluationPeriods: 3,
        treatMissingData: "notBreaching",
    } as const;
    const capacity: AlarmSpec = serverless
        ? {
              ...common,
              suffix: "neptune-capacity",
              description: `Neptune uses 90 % of its most capacity for 15 minutes: raise maxCapacity or lighten the queries. ${OURS}`,
              metricName: "NCUUtilization",
              comparisonOperator: "GreaterThanOrEqualToThreshold",
              threshold: 90,
          }
        : {
              ...common,
              suffix: "neptune-cpu",
              description:
                  "An instance of Neptune is busy for 15 minutes: take a larger class or lighten the queries. AWS draws the line at 75 % (Neptune: Best practices using Neptune metrics).",
              metricName: "CPUUtilization",
              comparisonOperator: "GreaterThanOrEqualToThreshold",
              threshold: 75,
          };
    const replication: AlarmSpec = {
        ...common,
        suffix: "neptune-replica-lag",
        description: `A read replica of Neptune is a second behind the writer for 15 minutes: its readers see old data. ${OURS}`,
        metricName: "ClusterReplicaLagMaximum",
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: 1000,
    };
    return [
        capacity,
        {
            ...common,
            suffix: "neptune-queue",
            description: `Requests wait in Neptune's queue for 15 minutes: it gets more than it can answer. ${OURS}`,
            metricName: "MainRequestQueuePendingRequests",
            comparisonOperator: "GreaterThanThreshold",
            threshold: 0,
        },
        ...(readReplicas > 0 ? [replication] : []),
    ];
}

/** Alarms of an OpenSearch domain, all of them from "Recommended CloudWatch alarms for Amazon OpenSearch Service". */
export function openSearchAlarms(
    { domainName, dataNodeCount, dedicatedMasterCount, volumeSizeGib }: Watched<"opensearch">,
    accountId: pulumi.Input<string>,
): AlarmSpec[] {
    const spec = (
        suffix: string,
        what: string,
        metricName: string,
        threshold: number,
        [minutes, evaluationPeriods]: readonly [minutes: number, periods: number],
        other: Partial<AlarmSpec> = {},
    ): AlarmSpec => ({
        suffix: `opensearch-${suffix}`,
        description: `${what} ${AWS_OPENSEARCH}`,
        namespace: "AWS/ES",
        metricName,
        dimensions: { DomainName: domainName, ClientId: accountId },
        statistic: "Maximum",
        period: minutes * MINUTE,
        evaluationPeriods,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold,
        treatMissingData: "missing",
        ...other,
    });
    const rare = { treatMissingData: "notBreaching" } as const;
    return [
        spec("red", "A primary shard is on no node: data is missing.", "ClusterStatus.red", 1, [1, 1]),
        ...(dataNodeCount > 1
            ? [spec("yellow", "A replica shard is on no node.", "ClusterStatus.yellow", 1, [1, 5])]
            : []),
        spec(
            "storage",
            "A node has a quarter of its volume left: delete indexes or enlarge the volumes.",
            "FreeStorageSpace",
            // The metric is in MiB.
            volumeSizeGib * 1024 * 0.25,
            [1, 1],
            { statistic: "Minimum", comparisonOperator: "LessThanOrEqualToThreshold" },
        ),
        spec(
            "writes-blocked",
            "The domain refuses to write, for want of storage or memory.",
            "ClusterIndexWritesBlocked",
            1,
            [5, 1],
            rare,
        ),
        spec(
            "nodes",
            "A node was out of reach for a day.",
            "Nodes",
            dataNodeCount + dedicatedMasterCount,
            [DAY / MINUTE, 1],
            { statistic: "Minimum", comparisonOperator: "LessThanThreshold" },
        ),
        spec("snapshot", "An automated snapshot failed.", "AutomatedSnapshotFailure", 1, [1, 1], rare),
        spec("cpu", "Data nodes are busy for 45 minutes.", "CPUUtilization", 80, [15, 3]),
        spec("memory", "The heap of a data node is full.", "JVMMemoryPressure", 95, [1, 3]),
        spec(
            "old-memory",
            "The old generation of a data node's heap is full.",
            "OldGenJVMMemoryPressure",
            80,
            [1, 3],
        ),
        ...(dedicatedMasterCount > 0
            ? [
                  spec(
                      "master-cpu",
                      "Master nodes are busy for 45 minutes.",
                      "MasterCPUUtilization",
                      50,
                      [15, 3],
                  ),
                  spec(
                      "master-memory",
                      "The heap of a master node is full.",
                      "MasterJVMMemoryPressure",
                      95,
                      [1, 3],
                  ),
              ]
            : []),
        spec(
            "key-disabled",
            "The key of the domain is disabled: enable it again.",
            "KMSKeyError",
            1,
            [1, 1],
            rare,
        ),
        spec(
            "key-inaccessible",
            "The key of the domain is deleted or does not let the domain in any more: restore it.",
            "KMSKeyInaccessible",
            1,
            [1, 1],
            rare,
        ),
    ];
}

/**
 * Alarms of a Pulsar cluster's instances: what EC2 tells by itself. What the agent of the image sends has no fixed names, so that
 * nothing here hangs on it.
 */
export function pulsarAlarms({ nodes }: Watched<"pulsar">): AlarmSpec[] {
    return nodes.flatMap(({ name: node, instanceId }) => {
        const common = {
            namespace: "AWS/EC2",
            dimensions: { InstanceId: instanceId },
            period: 5 * MINUTE,
            treatMissingData: "missing",
        } as const;
        return [
            {
                ...common,
                suffix: `pulsar-${node}-status`,
                description: `Pulsar's ${node} fails EC2's status checks. ${AWS_ALARMS}`,
                metricName: "StatusCheckFailed",
                statistic: "Maximum",
                evaluationPeriods: 2,
                comparisonOperator: "GreaterThanOrEqualToThreshold",
                threshold: 1,
            },
            {
                ...common,
                suffix: `pulsar-${node}-cpu`,
                description: `Pulsar's ${node} is busy for 15 minutes. ${AWS_ALARMS}`,
                metricName: "CPUUtilization",
                statistic: "Average",
                evaluationPeriods: 3,
                comparisonOperator: "GreaterThanThreshold",
                threshold: 80,
            },
        ] satisfies AlarmSpec[];
    });
}

/** Alarms of the homes of a Studio domain: SageMaker itself sends no metric of a domain, its file system does. */
export function sageMakerAlarms({ homeEfsFileSystemId }: Watched<"sagemaker">): AlarmSpec[] {
    const common = {
        namespace: "AWS/EFS",
        dimensions: { FileSystemId: homeEfsFileSystemId },
        statistic: "Average",
        period: MINUTE,
        evaluationPeriods: 15,
        // Which of the two there is, depends on the modes of the file system.
        treatMissingData: "notBreaching",
    } as const;
    return [
        {
            ...common,
            suffix: "sagemaker-home-io",
            description: `The file system of the notebooks' homes is at its limit of operations. ${AWS_ALARMS}`,
            metricName: "PercentIOLimit",
            comparisonOperator: "GreaterThanOrEqualToThreshold",
            threshold: 100,
        },
        {
            ...common,
            suffix: "sagemaker-home-credits",
            description: `The file system of the notebooks' homes has no burst credits left and is slow. ${AWS_ALARMS}`,
            metricName: "BurstCreditBalance",
            comparisonOperator: "LessThanOrEqualToThreshold",
            threshold: 0,
        },
    ];
}

/** The alarms of all services, in a fixed order. */
export function alarmsOf(services: WatchedServices, accountId: pulumi.Input<string>): AlarmSpec[] {
    const { neptune, opensearch, pulsar, sagemaker, natGatewayIds } = services;
    return [
        ...(neptune ? neptuneAlarms(neptune) : []),
        ...(opensearch ? openSearchAlarms(opensearch, accountId) : []),
        ...(pulsar ? pulsarAlarms(pulsar) : []),
        ...(sagemaker ? sageMakerAlarms(sagemaker) : []),
        ...natGatewayAlarms(natGatewayIds),
    ];
}

/** What is wrong with so many alarms. */
export function alarmCountProblems(count: number): Problem[] {
    if (count <= MOST_ALARMS) return [];
    const allowed = `at most ${MOST_ALARMS} alarms, which is what a composite alarm takes; watch the services with two of these components`;
    return [{ key: "services", value: `${count} alarms`, allowed }];
}

/** Alarms of NAT gateways, numbered from 1. */
export function natGatewayAlarms(ids: readonly pulumi.Input<string>[]): AlarmSpec[] {
    return ids.map((id, index) => ({
        suffix: `nat-${index + 1}-ports`,
        description: `NAT gateway ${index + 1} has no port left for further connections to a destination. ${AWS_ALARMS}`,
        namespace: "AWS/NATGateway",
        metricName: "ErrorPortAllocation",
        dimensions: { NatGatewayId: id },
        statistic: "Sum",
        period: MINUTE,
        evaluationPeriods: 15,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "missing",
    }));
}
