/** Everything that the dashboard of a lab shows. */
export interface DashboardContent {
    readonly region: string;
    /** ARNs of the alarms, the composite one first. */
    readonly alarmArns: readonly string[];
    readonly neptune?: { readonly clusterIdentifier: string };
    readonly opensearch?: { readonly domainName: string; readonly accountId: string };
    readonly pulsar?: {
        readonly clusterName: string;
        readonly instances: readonly { readonly name: string; readonly instanceId: string }[];
    };
    readonly sagemaker?: { readonly homeEfsFileSystemId: string };
    readonly natGatewayIds?: readonly string[];
}

/** A metric as a widget takes it: namespace, name, dimensions in pairs and, at the end, how it is drawn. */
type MetricRow = readonly (string | { readonly label?: string; readonly stat?: string })[];

interface Graph {
    readonly title: string;
    readonly stat: string;
    readonly metrics: readonly MetricRow[];
}

/** CloudWatch's grid is 24 columns wide; graphs stand two in a row. */
const GRAPH = { width: 12, height: 6 } as const;
const ALARMS = { width: 24, height: 4 } as const;

/**
 * The body of the dashboard, in CloudWatch's "Dashboard body structure and syntax": the state of every alarm above, and two or
 * four graphs for each service that there is.
 */
export function dashboardBody(content: DashboardContent): string {
    const widgets = [
        {
            type: "alarm",
            x: 0,
            y: 0,
            ...ALARMS,
            properties: { title: "Alarms", alarms: content.alarmArns },
        },
        ...graphs(content).map(({ title, stat, metrics }, index) => ({
            type: "metric",
            x: (index % 2) * GRAPH.width,
            y: ALARMS.height + Math.floor(index / 2) * GRAPH.height,
            ...GRAPH,
            properties: { title, region: content.region, view: "timeSeries", stat, period: 300, metrics },
        })),
    ];
    return JSON.stringify({ widgets });
}

function graphs({ neptune, opensearch, pulsar, sagemaker, natGatewayIds = [] }: DashboardContent): Graph[] {
    const result: Graph[] = [];
    if (neptune) {
        const metric = (name: string): MetricRow => [
            "AWS/Neptune",
            name,
            "DBClusterIdentifier",
            neptune.clusterIdentifier,
        ];
        result.push(
            {
                title: "Neptune: load",
                stat: "Maximum",
                metrics: ["CPUUtilization", "NCUUtilization", "BufferCacheHitRatio"].map(metric),
            },
            {
                title: "Neptune: requests waiting, replicas behind (ms)",
                stat: "Maximum",
                metrics: ["MainRequestQueuePendingRequests", "ClusterReplicaLagMaximum"].map(metric),
            },
        );
    }
    if (opensearch) {
        const metric = (name: string): MetricRow => [
            "AWS/ES",
            name,
            "DomainName",
            opensearch.domainName,
            "ClientId",
            opensearch.accountId,
        ];
        result.push(
            {
                title: "OpenSearch: load (%)",
                stat: "Maximum",
                metrics: ["CPUUtilization", "JVMMemoryPressure", "MasterCPUUtilization"].map(metric),
            },
            {
                title: "OpenSearch: least free storage of a node (MiB)",
                stat: "Minimum",
                metrics: [metric("FreeStorageSpace")],
            },
            {
                title: "OpenSearch: nodes and status",
                stat: "Maximum",
                metrics: ["Nodes", "ClusterStatus.yellow", "ClusterStatus.red"].map(metric),
            },
            {
                title: "OpenSearch: latency (ms)",
                stat: "Average",
                metrics: ["SearchLatency", "IndexingLatency"].map(metric),
            },
        );
    }
    if (pulsar) {
        const metric = (name: string): MetricRow[] =>
            pulsar.instances.map((node) => [
                "AWS/EC2",
                name,
                "InstanceId",
                node.instanceId,
                { label: node.name },
            ]);
        result.push(
            {
                title: `Pulsar ${pulsar.clusterName}: CPU (%)`,
                stat: "Average",
                metrics: metric("CPUUtilization"),
            },
            {
                title: `Pulsar ${pulsar.clusterName}: bytes written to volumes`,
                stat: "Sum",
                metrics: metric("EBSWriteBytes"),
            },
        );
    }
    if (sagemaker) {
        const metric = (name: string): MetricRow => [
            "AWS/EFS",
            name,
            "FileSystemId",
            sagemaker.homeEfsFileSystemId,
        ];
        result.push(
            { title: "Notebooks' homes: bytes moved", stat: "Sum", metrics: [metric("TotalIOBytes")] },
            {
                title: "Notebooks' homes: limit of operations (%)",
                stat: "Average",
                metrics: [metric("PercentIOLimit")],
            },
        );
    }
    if (natGatewayIds.length > 0) {
        const metric = (name: string): MetricRow[] =>
            natGatewayIds.map((id, index) => [
                "AWS/NATGateway",
                name,
                "NatGatewayId",
                id,
                { label: `NAT gateway ${index + 1}` },
            ]);
        result.push(
            {
                title: "NAT gateways: bytes to the internet",
                stat: "Sum",
                metrics: metric("BytesOutToDestination"),
            },
            {
                title: "NAT gateways: ports not allocated",
                stat: "Sum",
                metrics: metric("ErrorPortAllocation"),
            },
        );
    }
    return result;
}
