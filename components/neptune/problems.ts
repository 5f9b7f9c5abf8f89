import { retentionProblems } from "../flow-logs";
import { zoneProblems } from "../network";
import type { Problem } from "../validation";
import { type BulkLoad, bulkLoadProblems } from "./bulk-load";
import {
    capacityProblems,
    engineVersionProblems,
    SERVERLESS_INSTANCE_CLASS,
    type ServerlessCapacity,
} from "./engine";

/** What a caller may leave out. */
export const NEPTUNE_DEFAULTS = {
    // 1.4.5.0 is not to be had: AWS withdrew it over a fault in serverless scaling, which this one mends.
    engineVersion: "1.4.5.1",
    instanceClass: SERVERLESS_INSTANCE_CLASS,
    serverlessCapacity: { minNcu: 1, maxNcu: 2.5 },
    readReplicas: 1,
    backupRetentionDays: 7,
    auditLogRetentionInDays: 365,
    queryTimeoutMilliseconds: 120_000,
} as const;

/** The plain arguments of a cluster: all that can be judged before anything is made. */
export interface NeptunePlainArgs {
    readonly clusterIdentifier: string;
    readonly region: string;
    readonly availabilityZones: readonly string[];
    readonly engineVersion?: string;
    readonly instanceClass?: string;
    readonly serverlessCapacity?: ServerlessCapacity;
    readonly readReplicas?: number;
    readonly backupRetentionDays?: number;
    readonly auditLogRetentionInDays?: number;
    readonly queryTimeoutMilliseconds?: number;
    readonly bulkLoad?: Pick<BulkLoad, "sources">;
}

/** Everything about a cluster's arguments that cannot work; pure, so that a stack can ask before it begins. */
export function neptuneProblems(args: NeptunePlainArgs): Problem[] {
    const engineVersion = args.engineVersion ?? NEPTUNE_DEFAULTS.engineVersion;
    return [
        ...clusterIdentifierProblems(args.clusterIdentifier),
        ...clusterZoneProblems(args.availabilityZones, args.region),
        ...engineVersionProblems(engineVersion),
        ...capacityProblems(
            args.instanceClass ?? NEPTUNE_DEFAULTS.instanceClass,
            args.serverlessCapacity,
            engineVersion,
        ),
        ...wholeNumberProblems("readReplicas", args.readReplicas, 0, 15, "read replicas"),
        ...wholeNumberProblems("backupRetentionDays", args.backupRetentionDays, 1, 35, "days"),
        ...wholeNumberProblems(
            "queryTimeoutMilliseconds",
            args.queryTimeoutMilliseconds,
            10,
            2_147_483_647,
            "milliseconds",
        ),
        ...retentionProblems(args.auditLogRetentionInDays ?? NEPTUNE_DEFAULTS.auditLogRetentionInDays).map(
            (problem) => ({ ...problem, key: "auditLogRetentionInDays" }),
        ),
        ...(args.bulkLoad === undefined ? [] : bulkLoadProblems(args.bulkLoad)),
    ];
}

/**
 * What is wrong with the name of a cluster. AWS allows 63 characters; three are kept for the instances, which are named
 * after their cluster and counted.
 */
export function clusterIdentifierProblems(clusterIdentifier: string): Problem[] {
    const valid = /^[a-z](-?[a-z0-9])*$/.test(clusterIdentifier) && clusterIdentifier.length <= 60;
    if (valid) return [];
    const allowed =
        "1 to 60 lower-case letters, digits and single hyphens, with a letter first and no hyphen last";
    return [{ key: "clusterIdentifier", value: clusterIdentifier, allowed }];
}

function clusterZoneProblems(zones: readonly string[], region: string): Problem[] {
    const problems = zoneProblems(zones, region);
    if (problems.length === 0 && zones.length < 2) {
        const allowed = "at least two zones: AWS refuses a subnet group that covers one alone";
        problems.push({ key: "availabilityZones", value: zones, allowed });
    }
    return problems;
}

function wholeNumberProblems(
    key: string,
    value: number | undefined,
    least: number,
    most: number,
    unit: string,
): Problem[] {
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
    return [{ key, value, allowed: `a whole number of ${unit} from ${least} to ${most}` }];
}
