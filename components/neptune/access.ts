import * as pulumi from "@pulumi/pulumi";

import type { PolicyStatement } from "../../lib/policy/statement";

/** What there is to be granted on the data of a cluster; see {@link neptuneActions}. */
export const NEPTUNE_ACCESS = ["status", "read", "write", "load", "stream"] as const;

/** See {@link NEPTUNE_ACCESS}. */
export type NeptuneAccess = (typeof NEPTUNE_ACCESS)[number];

/** What a cluster is to IAM: its data is named by the resource id, which a cluster made anew under the same name does not get. */
export interface NeptuneData {
    readonly partition: string;
    readonly region: string;
    readonly accountId: string;
    readonly clusterResourceId: string;
}

const STATUS = ["GetEngineStatus"];
const READ = [...STATUS, "GetGraphSummary", "GetQueryStatus", "GetStatisticsStatus", "ReadDataViaQuery"];

/**
 * The actions by their names in "IAM actions for data access in Amazon Neptune". None of them resets the database, changes its
 * statistics or reaches its machine learning: who needs those is to be granted them by name.
 */
const ACTIONS: Readonly<Record<NeptuneAccess, readonly string[]>> = {
    status: STATUS,
    read: READ,
    write: [...READ, "CancelQuery", "DeleteDataViaQuery", "WriteDataViaQuery"],
    load: [...STATUS, "CancelLoaderJob", "GetLoaderJobStatus", "ListLoaderJobs", "StartLoaderJob"],
    stream: [...STATUS, "GetStreamRecords"],
};

/**
 * The IAM actions of an access: `status` says whether the engine is healthy; `read` also queries; `write` also adds, deletes and
 * cancels; `load` drives the bulk loader; `stream` reads the change log.
 */
export function neptuneActions(access: NeptuneAccess): string[] {
    return ACTIONS[access].map((action) => `neptune-db:${action}`);
}

/** The statement that grants an access to the data of one cluster, and of no other. */
export function neptuneGrant(data: NeptuneData, access: NeptuneAccess): PolicyStatement {
    const { partition, region, accountId, clusterResourceId } = data;
    return {
        Sid: `Neptune${access.charAt(0).toUpperCase()}${access.slice(1)}`,
        Effect: "Allow",
        Action: neptuneActions(access),
        Resource: `arn:${partition}:neptune-db:${region}:${accountId}:${clusterResourceId}/*`,
    };
}

/** The policy document, as JSON, that grants accesses to the data of one cluster; in the order in which they are asked for. */
export function neptuneGrantPolicy(
    data: pulumi.Input<NeptuneData>,
    accesses: readonly NeptuneAccess[],
): pulumi.Output<string> {
    return pulumi.output(data).apply((cluster) =>
        JSON.stringify({
            Version: "2012-10-17",
            Statement: accesses.map((access) => neptuneGrant(cluster, access)),
        }),
    );
}
