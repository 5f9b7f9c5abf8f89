import type { DBCluster } from "@aws-sdk/client-neptune";
import type { ClusterArgs, ClusterState } from "@pulumi/aws/neptune/cluster";

import { arn, between, each, oneOf, text } from "../../server/property";
import { tagList } from "../api";
import type { AwsContext } from "../context";
import { isError, propagated } from "../propagation";
import { resource } from "../resource";
import { words } from "../text";
import { BUSY_SECONDS, identifier, needsIdentifier, neptuneTags } from "./support";

/** The official provider's patience for creating, changing and deleting, in seconds. */
const TIMEOUT_SECONDS = 7200;

/** Clusters that are not restored, replicated or global. */
export const cluster = resource<ClusterArgs, ClusterState, DBCluster>("neptune/cluster:Cluster", {
    noun: "Neptune Cluster",
    fixed: words(
        "availabilityZones clusterIdentifier engine kmsKeyArn neptuneSubnetGroupName port storageEncrypted",
    ),
    plain: words(
        "copyTagsToSnapshot deletionProtection engineVersion iamDatabaseAuthenticationEnabled",
        "neptuneClusterParameterGroupName preferredBackupWindow preferredMaintenanceWindow vpcSecurityGroupIds",
    ),
    remembered: words(
        "allowMajorVersionUpgrade applyImmediately finalSnapshotIdentifier neptuneInstanceParameterGroupName",
        "skipFinalSnapshot",
    ),
    inputs: {
        backupRetentionPeriod: { default: 1, validate: between(1, 35) },
        clusterIdentifier: { validate: identifier },
        enableCloudwatchLogsExports: { validate: each(oneOf("audit", "slowquery")) },
        engine: { default: "neptune", validate: oneOf("neptune") },
        finalSnapshotIdentifier: {
            validate: text(255, /^[a-zA-Z](-?[0-9A-Za-z])*$/, "only letters, digits and single hyphens"),
        },
        iamRoles: { validate: each(arn) },
        kmsKeyArn: { validate: arn },
        port: { default: 8182 },
        serverlessV2ScalingConfiguration: { kind: "map", validate: capacityProblem },
        skipFinalSnapshot: { default: false },
        storageEncrypted: { default: false },
        storageType: { validate: oneOf("standard", "iopt1") },
    },
    rules: [needsIdentifier("clusterIdentifier")],
    names: {
        arn: "DBClusterArn",
        clusterIdentifier: "DBClusterIdentifier",
        clusterMembers: "DBClusterMembers.DBInstanceIdentifier",
        clusterResourceId: "DbClusterResourceId",
        enableCloudwatchLogsExports: "EnabledCloudwatchLogsExports",
        iamRoles: "AssociatedRoles.RoleArn",
        kmsKeyArn: "KmsKeyId",
        neptuneClusterParameterGroupName: "DBClusterParameterGroup",
        neptuneSubnetGroupName: "DBSubnetGroup",
        vpcSecurityGroupIds: "VpcSecurityGroups.VpcSecurityGroupId",
    },
    // The standard one is not told.
    otherwise: { storageType: "standard" },
    find,
    async create(inputs, { aws, tags }, request) {
        const more = {
            DBClusterParameterGroupName: inputs.neptuneClusterParameterGroupName,
            DBSubnetGroupName: inputs.neptuneSubnetGroupName,
            EnableCloudwatchLogsExports: inputs.enableCloudwatchLogsExports,
            EnableIAMDatabaseAuthentication: inputs.iamDatabaseAuthenticationEnabled,
            ServerlessV2ScalingConfiguration: capacity(inputs.serverlessV2ScalingConfiguration),
            Tags: tagList(tags),
        };
        return (await aws.neptune.createDBCluster(request(more))).DBCluster?.DBClusterIdentifier;
    },
    ready: { state: ({ Status }) => Status, good: ["available"], seconds: TIMEOUT_SECONDS },
    settle: (id, { iamRoles }, context) => setRoles(id, iamRoles, context),
    async update(id, news, { olds, changed, request, ready }, context) {
        const when = <T>(name: keyof ClusterArgs, value: T): T | undefined =>
            changed.has(name) ? value : undefined;
        const isUpgrade = changed.has("engineVersion");
        const { neptuneClusterParameterGroupName: group } = news;
        const more = {
            AllowMajorVersionUpgrade: news.allowMajorVersionUpgrade,
            ApplyImmediately: news.applyImmediately ?? false,
            CloudwatchLogsExportConfiguration: when(
                "enableCloudwatchLogsExports",
                exportChange(olds.enableCloudwatchLogsExports, news.enableCloudwatchLogsExports),
            ),
            DBClusterIdentifier: id,
            DBClusterParameterGroupName: isUpgrade ? group : when("neptuneClusterParameterGroupName", group),
            DBInstanceParameterGroupName: isUpgrade ? news.neptuneInstanceParameterGroupName : undefined,
            EnableIAMDatabaseAuthentication: when(
                "iamDatabaseAuthenticationEnabled",
                news.iamDatabaseAuthenticationEnabled ?? false,
            ),
            ServerlessV2ScalingConfiguration: when(
                "serverlessV2ScalingConfiguration",
                capacity(news.serverlessV2ScalingConfiguration),
            ),
        };
        if ([...changed].some((name) => name !== "iamRoles")) {
            const modify = () => context.aws.neptune.modifyDBCluster(request(more));
            await propagated(context, isBusy, modify, BUSY_SECONDS);
            await ready();
        }
        if (changed.has("iamRoles")) await setRoles(id, news.iamRoles, context);
    },
    tags: neptuneTags,
    async delete(id, { skipFinalSnapshot = false, finalSnapshotIdentifier }, context) {
        if (!skipFinalSnapshot && !finalSnapshotIdentifier)
            throw new Error('"finalSnapshotIdentifier" is required when skipFinalSnapshot is false');
        const request = {
            DBClusterIdentifier: id,
            SkipFinalSnapshot: skipFinalSnapshot,
            FinalDBSnapshotIdentifier: skipFinalSnapshot ? undefined : finalSnapshotIdentifier,
        };
        const remove = () => context.aws.neptune.deleteDBCluster(request);
        await propagated(context, isError("InvalidDBClusterState", /available state/), remove, BUSY_SECONDS);
    },
    removal: { seconds: TIMEOUT_SECONDS },
});

const isBusy = isError("InvalidDBClusterState");

const capacity = (scaling?: { minCapacity?: number; maxCapacity?: number }) =>
    scaling && { MinCapacity: scaling.minCapacity, MaxCapacity: scaling.maxCapacity };

function capacityProblem(value: unknown, name: string): string | undefined {
    const { minCapacity, maxCapacity, ...others } = value as Record<string, unknown>;
    const unknown = Object.keys(others)[0];
    if (unknown !== undefined) return `Invalid or unknown key "${name}.${unknown}"`;
    // The official provider has defaults for both; they are the same as no range at all.
    if (typeof minCapacity !== "number" || typeof maxCapacity !== "number")
        return `the sandbox's stand-in implements ${name} only with both minCapacity and maxCapacity`;
    return (
        between(1, 128)(minCapacity, `${name}.minCapacity`) ??
        between(2.5, 128)(maxCapacity, `${name}.maxCapacity`)
    );
}

const exportChange = (olds: readonly string[] = [], news: readonly string[] = []) => ({
    DisableLogTypes: olds.filter((type) => !news.includes(type)),
    EnableLogTypes: news.filter((type) => !olds.includes(type)),
});

/** Adds the roles that the cluster lacks and takes those away that it is not to have. */
async function setRoles(id: string, wanted: readonly string[] = [], context: AwsContext): Promise<void> {
    const { neptune } = context.aws;
    const { AssociatedRoles = [] } = (await find(id, context)) ?? {};
    const current = AssociatedRoles.flatMap(({ RoleArn }) => RoleArn ?? []);
    for (const RoleArn of wanted.filter((role) => !current.includes(role)))
        await neptune.addRoleToDBCluster({ DBClusterIdentifier: id, RoleArn });
    for (const RoleArn of current.filter((role) => !wanted.includes(role)))
        await neptune.removeRoleFromDBCluster({ DBClusterIdentifier: id, RoleArn });
}

async function find(id: string, { aws }: AwsContext): Promise<DBCluster | undefined> {
    return (await aws.neptune.describeDBClusters({ DBClusterIdentifier: id })).DBClusters?.[0];
}
