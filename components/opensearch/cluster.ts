import type { Problem } from "../validation";

/** Policies that refuse everything below TLS 1.2, with what sets them apart. */
export const TLS_SECURITY_POLICIES = [
    // TLS 1.2 and 1.3, and only ciphers with perfect forward secrecy.
    "Policy-Min-TLS-1-2-PFS-2023-10",
    // The ciphers of RFC 9151 alone, for FIPS; few clients speak them.
    "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
    // TLS 1.2, for clients without a cipher that has forward secrecy.
    "Policy-Min-TLS-1-2-2019-07",
] as const;

/** One of {@link TLS_SECURITY_POLICIES}. */
export type TlsSecurityPolicy = (typeof TLS_SECURITY_POLICIES)[number];

/** The shape of a domain: everything that decides about nodes, zones and volumes. All values are plain. */
export interface ClusterArgs {
    /**
     * The availability zones of the subnets, in the order of `subnetIds`. The domain takes the first `zoneCount` of them.
     */
    availabilityZones: readonly string[];
    /**
     * Version of the engine.
     * @default "OpenSearch_2.19"
     */
    engineVersion?: string;
    /**
     * Data nodes, a multiple of the zones.
     * @default 3
     */
    dataNodeCount?: number;
    /**
     * Instance type of the data nodes; one with EBS volumes and encryption at rest.
     * @default "m6g.large.search"
     */
    dataNodeType?: string;
    /**
     * Zones over which the nodes are spread: 1, 2 or 3. One zone means no zone awareness and exactly one subnet.
     * @default 1 for a single data node, otherwise all given zones, at most 3
     */
    zoneCount?: number;
    /**
     * Nodes that lead the cluster and hold no data: 3 or 5, or 0 for a domain whose data nodes do it on the side.
     * @default 3
     */
    dedicatedMasterCount?: number;
    /**
     * Instance type of the dedicated master nodes.
     * @default "m6g.large.search"
     */
    dedicatedMasterType?: string;
    /**
     * Multi-AZ with Standby: one of three zones holds a full copy in reserve. Takes 3 zones, 3 dedicated masters and no
     * burstable instance.
     * @default false
     */
    multiAzWithStandby?: boolean;
    /**
     * gp3 volume of each data node, in GiB.
     * @default 64
     */
    volumeSizeGib?: number;
    /**
     * Operations a second of each volume, 3000 to 80000.
     * @default 3000, which gp3 has for free
     */
    volumeIops?: number;
    /**
     * Throughput of each volume in MiB/s, 125 to 2000.
     * @default 125, which gp3 has for free
     */
    volumeThroughputMibs?: number;
    /**
     * Lets AWS tune memory and queues of the nodes.
     * @default true, but for instance types that AWS does not tune (t3)
     */
    autoTune?: boolean;
    /**
     * Hour (UTC) in which the daily ten hours begin that AWS may use for updates and tuning.
     * @default 7
     */
    offPeakStartHour?: number;
    /**
     * Hour (UTC) of the automated snapshot. Domains with OpenSearch are snapshotted every hour whatever it says; AWS and
     * audits still show it.
     * @default 3
     */
    snapshotStartHour?: number;
    /**
     * The lowest TLS that the endpoint speaks: one of {@link TLS_SECURITY_POLICIES}.
     * @default "Policy-Min-TLS-1-2-PFS-2023-10"
     */
    tlsSecurityPolicy?: TlsSecurityPolicy;
}

/** {@link ClusterArgs} with every default filled in. */
export type Cluster = Required<ClusterArgs>;

const MOST_ZONES = 3;

/** Fills in the defaults; pure. */
export function resolveCluster(args: ClusterArgs): Cluster {
    const dataNodeCount = args.dataNodeCount ?? 3;
    const dataNodeType = args.dataNodeType ?? "m6g.large.search";
    const dedicatedMasterCount = args.dedicatedMasterCount ?? 3;
    const dedicatedMasterType = args.dedicatedMasterType ?? "m6g.large.search";
    return {
        availabilityZones: args.availabilityZones,
        engineVersion: args.engineVersion ?? "OpenSearch_2.19",
        dataNodeCount,
        dataNodeType,
        zoneCount:
            args.zoneCount ?? (dataNodeCount === 1 ? 1 : Math.min(MOST_ZONES, args.availabilityZones.length)),
        dedicatedMasterCount,
        dedicatedMasterType,
        multiAzWithStandby: args.multiAzWithStandby ?? false,
        volumeSizeGib: args.volumeSizeGib ?? 64,
        volumeIops: args.volumeIops ?? 3000,
        volumeThroughputMibs: args.volumeThroughputMibs ?? 125,
        autoTune:
            args.autoTune ??
            !isBurstable(dataNodeType, ...(dedicatedMasterCount > 0 ? [dedicatedMasterType] : [])),
        offPeakStartHour: args.offPeakStartHour ?? 7,
        snapshotStartHour: args.snapshotStartHour ?? 3,
        tlsSecurityPolicy: args.tlsSecurityPolicy ?? "Policy-Min-TLS-1-2-PFS-2023-10",
    };
}

/** What is wrong with the shape of a domain. */
export function clusterProblems(cluster: Cluster): Problem[] {
    return [
        ...nodeProblems(cluster),
        ...zoneProblems(cluster),
        ...masterProblems(cluster),
        ...standbyProblems(cluster),
        ...volumeProblems(cluster),
        ...settingProblems(cluster),
    ];
}

function nodeProblems({ dataNodeCount, dataNodeType }: Cluster): Problem[] {
    return [
        ...inRange("dataNodeCount", dataNodeCount, 1, 80),
        ...instanceTypeProblems("dataNodeType", dataNodeType),
        ...(isBurstable(dataNodeType) && dataNodeCount > 10
            ? [
                  {
                      key: "dataNodeCount",
                      value: dataNodeCount,
                      allowed: `at most 10 nodes of ${dataNodeType}: AWS takes no more of a burstable type`,
                  },
              ]
            : []),
    ];
}

function zoneProblems({ zoneCount, dataNodeCount, availabilityZones }: Cluster): Problem[] {
    if (availabilityZones.length === 0)
        return [{ key: "availabilityZones", value: [], allowed: "the zones of the subnets, at least one" }];
    if (![1, 2, 3].includes(zoneCount)) return [{ key: "zoneCount", value: zoneCount, allowed: "1, 2 or 3" }];
    if (zoneCount > availabilityZones.length)
        return [
            {
                key: "zoneCount",
                value: zoneCount,
                allowed: `at most ${availabilityZones.length}, as many as there are in availabilityZones (${availabilityZones.join(", ")})`,
            },
        ];
    if (dataNodeCount % zoneCount === 0) return [];
    const below = dataNodeCount - (dataNodeCount % zoneCount);
    const counts = below === 0 ? `${zoneCount}` : `${below} or ${below + zoneCount}`;
    return [
        {
            key: "dataNodeCount",
            value: dataNodeCount,
            allowed: `a multiple of the ${zoneCount} zones, so that each has as many nodes: ${counts}; or another zoneCount`,
        },
    ];
}

function masterProblems({ dedicatedMasterCount, dedicatedMasterType }: Cluster): Problem[] {
    if (dedicatedMasterCount === 0) return [];
    return [
        ...(dedicatedMasterCount === 3 || dedicatedMasterCount === 5
            ? []
            : [
                  {
                      key: "dedicatedMasterCount",
                      value: dedicatedMasterCount,
                      allowed:
                          "3 or 5, so that a majority survives the loss of one; or 0 for no dedicated masters",
                  },
              ]),
        ...instanceTypeProblems("dedicatedMasterType", dedicatedMasterType),
    ];
}

function standbyProblems(cluster: Cluster): Problem[] {
    if (!cluster.multiAzWithStandby) return [];
    const { zoneCount, dedicatedMasterCount, dataNodeType, dedicatedMasterType } = cluster;
    const lacks = [
        ...(zoneCount === MOST_ZONES ? [] : [`3 zones and not ${zoneCount} (zoneCount, availabilityZones)`]),
        ...(dedicatedMasterCount === 3
            ? []
            : [`3 dedicated masters and not ${dedicatedMasterCount} (dedicatedMasterCount)`]),
        ...(isBurstable(dataNodeType) ? [`another dataNodeType than ${dataNodeType}`] : []),
        ...(dedicatedMasterCount > 0 && isBurstable(dedicatedMasterType)
            ? [`another dedicatedMasterType than ${dedicatedMasterType}`]
            : []),
    ];
    return lacks.length === 0
        ? []
        : [
              {
                  key: "multiAzWithStandby",
                  value: true,
                  allowed: `with standby a domain needs ${lacks.join("; ")}`,
              },
          ];
}

/** The largest gp3 volumes of the small types, in GiB (AWS: "EBS volume size quotas"). */
const LARGEST_VOLUME: Readonly<Record<string, number>> = { "t3.small.search": 100, "t3.medium.search": 200 };

function volumeProblems({
    volumeSizeGib,
    volumeIops,
    volumeThroughputMibs,
    dataNodeType,
}: Cluster): Problem[] {
    return [
        ...inRange(
            "volumeSizeGib",
            volumeSizeGib,
            10,
            LARGEST_VOLUME[dataNodeType] ?? 24_576,
            `for ${dataNodeType}`,
        ),
        ...inRange("volumeIops", volumeIops, 3000, 80_000),
        ...inRange("volumeThroughputMibs", volumeThroughputMibs, 125, 2000),
    ];
}

function settingProblems(cluster: Cluster): Problem[] {
    const {
        engineVersion,
        tlsSecurityPolicy,
        autoTune,
        dataNodeType,
        dedicatedMasterCount,
        dedicatedMasterType,
    } = cluster;
    const policies: readonly string[] = TLS_SECURITY_POLICIES;
    const burstable = [dataNodeType, ...(dedicatedMasterCount > 0 ? [dedicatedMasterType] : [])].filter(
        (type) => isBurstable(type),
    );
    return [
        ...(/^OpenSearch_\d+\.\d+$/.test(engineVersion)
            ? []
            : [
                  {
                      key: "engineVersion",
                      value: engineVersion,
                      allowed: "a version of OpenSearch, such as OpenSearch_2.19",
                  },
              ]),
        ...(policies.includes(tlsSecurityPolicy)
            ? []
            : [
                  {
                      key: "tlsSecurityPolicy",
                      value: tlsSecurityPolicy,
                      allowed: `one of ${policies.join(", ")}`,
                  },
              ]),
        ...(autoTune && burstable.length > 0
            ? [
                  {
                      key: "autoTune",
                      value: true,
                      allowed: `false, or left out: AWS does not tune ${burstable.join(" and ")}`,
                  },
              ]
            : []),
        ...inRange("offPeakStartHour", cluster.offPeakStartHour, 0, 23),
        ...inRange("snapshotStartHour", cluster.snapshotStartHour, 0, 23),
    ];
}

/** Types that AWS neither tunes nor takes for standby. */
function isBurstable(...types: readonly string[]): boolean {
    return types.some((type) => /^t\d/.test(type));
}

/** Families without encryption at rest, which this component always has (AWS: "Supported instance types"). */
const UNENCRYPTED_FAMILIES = new Set(["t2", "m3", "r3"]);
/** Families with disks of their own, which take no EBS volume. */
const INSTANCE_STORE_FAMILIES = new Set(["i2", "i3", "im4gn", "r6gd"]);

function instanceTypeProblems(key: string, type: string): Problem[] {
    const family = type.split(".")[0] ?? "";
    const problem = (allowed: string) => [{ key, value: type, allowed }];
    if (!/^[a-z][a-z0-9]*\.[a-z0-9]+\.search$/.test(type))
        return problem("an instance type of OpenSearch Service, such as m6g.large.search");
    if (UNENCRYPTED_FAMILIES.has(family))
        return problem(`a type that encrypts at rest, such as t3.small.search; ${family} does not`);
    if (key === "dataNodeType" && INSTANCE_STORE_FAMILIES.has(family))
        return problem(`a type with EBS volumes, such as r6g.large.search; ${family} takes none`);
    return [];
}

function inRange(key: string, value: number, least: number, most: number, why?: string): Problem[] {
    return Number.isInteger(value) && value >= least && value <= most
        ? []
        : [
              {
                  key,
                  value,
                  allowed: `a whole number from ${least} to ${most}${why === undefined ? "" : ` ${why}`}`,
              },
          ];
}
