import {
    AddRoleToDBClusterCommand,
    CreateDBClusterCommand,
    type DBCluster,
    DeleteDBClusterCommand,
    DescribeDBClustersCommand,
    ModifyDBClusterCommand,
    RemoveRoleFromDBClusterCommand,
} from "@aws-sdk/client-neptune";
import type { ClusterArgs, ClusterState } from "@pulumi/aws/neptune/cluster";

import { done, pending, retryWhile, waitFor } from "../../server/clock";
import { errorCode, isNotFound } from "../../server/errors";
import { arn, between, boolean, each, integer, map, oneOf, set, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { identifier, neptune, newTags, tagNeptune, tagsOf } from "./support";

/** The official provider's patience, in seconds: for creating, changing and deleting, and for a cluster that is busy. */
const TIMEOUT_SECONDS = 7200;
const BUSY_SECONDS = 300;

/** Clusters that are not restored, replicated or global. */
export const cluster = resource<ClusterArgs, ClusterState>({
    noun: "Neptune Cluster",
    properties: {
        allowMajorVersionUpgrade: boolean({ computed: true }),
        applyImmediately: boolean({ computed: true }),
        availabilityZones: set({ computed: true, forceNew: true }),
        backupRetentionPeriod: integer({ default: 1, validate: between(1, 35) }),
        clusterIdentifier: string({ computed: true, forceNew: true, validate: identifier }),
        copyTagsToSnapshot: boolean(),
        deletionProtection: boolean(),
        enableCloudwatchLogsExports: set({ validate: each(oneOf("audit", "slowquery")) }),
        engine: string({ default: "neptune", forceNew: true, validate: oneOf("neptune") }),
        engineVersion: string({ computed: true }),
        finalSnapshotIdentifier: string({
            validate: text(255, /^[a-zA-Z](-?[0-9A-Za-z])*$/, "only letters, digits and single hyphens"),
        }),
        iamDatabaseAuthenticationEnabled: boolean(),
        iamRoles: set({ validate: each(arn) }),
        kmsKeyArn: string({ computed: true, forceNew: true, validate: arn }),
        neptuneClusterParameterGroupName: string({ computed: true }),
        neptuneInstanceParameterGroupName: string(),
        neptuneSubnetGroupName: string({ computed: true, forceNew: true }),
        port: integer({ default: 8182, forceNew: true }),
        preferredBackupWindow: string({ computed: true }),
        preferredMaintenanceWindow: string({ computed: true }),
        serverlessV2ScalingConfiguration: map({ validate: capacityProblem }),
        skipFinalSnapshot: boolean({ default: false }),
        storageEncrypted: boolean({ default: false, forceNew: true }),
        storageType: string({ computed: true, validate: oneOf("standard", "iopt1") }),
        vpcSecurityGroupIds: set({ computed: true }),
    },
    check: ({ clusterIdentifier }, isUnknown) =>
        clusterIdentifier === undefined && !isUnknown("clusterIdentifier")
            ? ['"clusterIdentifier" is required: the stand-in makes no identifier up']
            : [],
    async create(inputs, context) {
        const { DBCluster } = await neptune(context).send(
            new CreateDBClusterCommand({
                AvailabilityZones: inputs.availabilityZones,
                BackupRetentionPeriod: inputs.backupRetentionPeriod,
                CopyTagsToSnapshot: inputs.copyTagsToSnapshot,
                DBClusterIdentifier: inputs.clusterIdentifier,
                DBClusterParameterGroupName: inputs.neptuneClusterParameterGroupName,
                DBSubnetGroupName: inputs.neptuneSubnetGroupName,
                DeletionProtection: inputs.deletionProtection,
                EnableCloudwatchLogsExports: inputs.enableCloudwatchLogsExports,
                EnableIAMDatabaseAuthentication: inputs.iamDatabaseAuthenticationEnabled,
                Engine: inputs.engine,
                EngineVersion: inputs.engineVersion,
                KmsKeyId: inputs.kmsKeyArn,
                Port: inputs.port,
                PreferredBackupWindow: inputs.preferredBackupWindow,
                PreferredMaintenanceWindow: inputs.preferredMaintenanceWindow,
                ServerlessV2ScalingConfiguration: capacity(inputs.serverlessV2ScalingConfiguration),
                StorageEncrypted: inputs.storageEncrypted,
                StorageType: inputs.storageType,
                Tags: newTags(context),
                VpcSecurityGroupIds: inputs.vpcSecurityGroupIds,
            }),
        );
        return DBCluster!.DBClusterIdentifier!;
    },
    async settle(id, inputs, context) {
        await untilAvailable(id, context);
        await setRoles(id, inputs.iamRoles ?? [], context);
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        const scaling = found.ServerlessV2ScalingConfiguration;
        return {
            arn: found.DBClusterArn,
            availabilityZones: found.AvailabilityZones ?? [],
            backupRetentionPeriod: found.BackupRetentionPeriod,
            clusterIdentifier: found.DBClusterIdentifier,
            clusterMembers: (found.DBClusterMembers ?? []).map((member) => member.DBInstanceIdentifier ?? ""),
            clusterResourceId: found.DbClusterResourceId,
            copyTagsToSnapshot: found.CopyTagsToSnapshot ?? false,
            deletionProtection: found.DeletionProtection ?? false,
            enableCloudwatchLogsExports: found.EnabledCloudwatchLogsExports ?? [],
            endpoint: found.Endpoint,
            engine: found.Engine,
            engineVersion: found.EngineVersion,
            hostedZoneId: found.HostedZoneId,
            iamDatabaseAuthenticationEnabled: found.IAMDatabaseAuthenticationEnabled ?? false,
            iamRoles: roleArns(found),
            kmsKeyArn: found.KmsKeyId ?? "",
            neptuneClusterParameterGroupName: found.DBClusterParameterGroup,
            neptuneSubnetGroupName: found.DBSubnetGroup,
            port: found.Port,
            preferredBackupWindow: found.PreferredBackupWindow,
            preferredMaintenanceWindow: found.PreferredMaintenanceWindow,
            readerEndpoint: found.ReaderEndpoint,
            ...(scaling
                ? {
                      serverlessV2ScalingConfiguration: {
                          maxCapacity: scaling.MaxCapacity,
                          minCapacity: scaling.MinCapacity,
                      },
                  }
                : {}),
            storageEncrypted: found.StorageEncrypted ?? false,
            // Not told when it is the standard one.
            storageType: found.StorageType ?? "standard",
            tags: await tagsOf(found.DBClusterArn, context),
            vpcSecurityGroupIds: (found.VpcSecurityGroups ?? []).flatMap(
                (group) => group.VpcSecurityGroupId ?? [],
            ),
        };
    },
    async update(id, news, { olds, changed }, context) {
        const when = <T>(name: keyof ClusterArgs, value: T): T | undefined =>
            changed.has(name) ? value : undefined;
        const hasUpgrade = changed.has("engineVersion");
        const told = [...changed].filter((name) => !NOT_TOLD.has(name));
        if (told.some((name) => name !== "iamRoles")) {
            const command = new ModifyDBClusterCommand({
                AllowMajorVersionUpgrade: news.allowMajorVersionUpgrade,
                ApplyImmediately: news.applyImmediately ?? false,
                BackupRetentionPeriod: when("backupRetentionPeriod", news.backupRetentionPeriod),
                CloudwatchLogsExportConfiguration: when(
                    "enableCloudwatchLogsExports",
                    exportChange(olds.enableCloudwatchLogsExports, news.enableCloudwatchLogsExports),
                ),
                CopyTagsToSnapshot: when("copyTagsToSnapshot", news.copyTagsToSnapshot ?? false),
                DBClusterIdentifier: id,
                DBClusterParameterGroupName:
                    hasUpgrade || changed.has("neptuneClusterParameterGroupName")
                        ? news.neptuneClusterParameterGroupName
                        : undefined,
                DBInstanceParameterGroupName: hasUpgrade ? news.neptuneInstanceParameterGroupName : undefined,
                DeletionProtection: when("deletionProtection", news.deletionProtection ?? false),
                EnableIAMDatabaseAuthentication: when(
                    "iamDatabaseAuthenticationEnabled",
                    news.iamDatabaseAuthenticationEnabled ?? false,
                ),
                EngineVersion: when("engineVersion", news.engineVersion),
                PreferredBackupWindow: when("preferredBackupWindow", news.preferredBackupWindow),
                PreferredMaintenanceWindow: when(
                    "preferredMaintenanceWindow",
                    news.preferredMaintenanceWindow,
                ),
                ServerlessV2ScalingConfiguration: when(
                    "serverlessV2ScalingConfiguration",
                    capacity(news.serverlessV2ScalingConfiguration),
                ),
                StorageType: when("storageType", news.storageType),
                VpcSecurityGroupIds: when("vpcSecurityGroupIds", news.vpcSecurityGroupIds),
            });
            const patience = { ...context, timeoutSeconds: BUSY_SECONDS };
            await retryWhile(isBusy, patience, () => neptune(context).send(command));
            await untilAvailable(id, context);
        }
        if (changed.has("iamRoles")) await setRoles(id, news.iamRoles ?? [], context);
    },
    tag: tagNeptune,
    async delete(id, { skipFinalSnapshot, finalSnapshotIdentifier }, context) {
        if (!skipFinalSnapshot && !finalSnapshotIdentifier)
            throw new Error('"finalSnapshotIdentifier" is required when skipFinalSnapshot is false');
        const command = new DeleteDBClusterCommand({
            DBClusterIdentifier: id,
            SkipFinalSnapshot: skipFinalSnapshot ?? false,
            FinalDBSnapshotIdentifier: skipFinalSnapshot ? undefined : finalSnapshotIdentifier,
        });
        const isOnItsWay = (error: unknown) => isBusy(error) && /available state/.test(String(error));
        await retryWhile(isOnItsWay, { ...context, timeoutSeconds: BUSY_SECONDS }, () =>
            neptune(context).send(command),
        );
        const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
        await waitFor(`Neptune Cluster (${id}) to be deleted`, patience, async () => {
            const found = await describe(id, context);
            return found ? pending(found.Status) : done(true);
        });
    },
});

/** Inputs that are remembered alone: they say how to change or delete, and AWS is told them then. */
const NOT_TOLD: ReadonlySet<string> = new Set<keyof ClusterArgs>([
    "allowMajorVersionUpgrade",
    "applyImmediately",
    "finalSnapshotIdentifier",
    "neptuneInstanceParameterGroupName",
    "skipFinalSnapshot",
]);

const isBusy = (error: unknown): boolean => errorCode(error).startsWith("InvalidDBClusterState");

type Scaling = { minCapacity?: number; maxCapacity?: number } | undefined;

const capacity = (scaling: Scaling) =>
    scaling && { MinCapacity: scaling.minCapacity, MaxCapacity: scaling.maxCapacity };

function capacityProblem(value: unknown, name: string): string | undefined {
    const { minCapacity, maxCapacity, ...others } = value as Record<string, unknown>;
    const unknown = Object.keys(others)[0];
    if (unknown !== undefined) return `Invalid or unknown key "${name}.${unknown}"`;
    // The official provider has defaults for both; they are the same as no range at all, which nobody means.
    if (typeof minCapacity !== "number" || typeof maxCapacity !== "number")
        return `the sandbox's stand-in implements ${name} only with both minCapacity and maxCapacity`;
    return (
        between(1, 128)(minCapacity, `${name}.minCapacity`) ??
        between(2.5, 128)(maxCapacity, `${name}.maxCapacity`)
    );
}

function exportChange(olds: readonly string[] | undefined, news: readonly string[] | undefined) {
    const before = olds ?? [];
    const after = news ?? [];
    return {
        DisableLogTypes: before.filter((type) => !after.includes(type)),
        EnableLogTypes: after.filter((type) => !before.includes(type)),
    };
}

const roleArns = (found: DBCluster): string[] =>
    (found.AssociatedRoles ?? []).flatMap(({ RoleArn }) => RoleArn ?? []);

/** Adds the roles that the cluster lacks and takes those away that it is not to have. */
async function setRoles(id: string, wanted: readonly string[], context: AwsContext): Promise<void> {
    const found = await describe(id, context);
    const current = found ? roleArns(found) : [];
    for (const RoleArn of wanted.filter((role) => !current.includes(role))) {
        await neptune(context).send(new AddRoleToDBClusterCommand({ DBClusterIdentifier: id, RoleArn }));
    }
    for (const RoleArn of current.filter((role) => !wanted.includes(role))) {
        await neptune(context).send(new RemoveRoleFromDBClusterCommand({ DBClusterIdentifier: id, RoleArn }));
    }
}

async function untilAvailable(id: string, context: AwsContext): Promise<void> {
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    await waitFor(`Neptune Cluster (${id}) to become available`, patience, async () => {
        const found = await describe(id, context);
        return found?.Status === "available" ? done(true) : pending(found?.Status);
    });
}

async function describe(id: string, context: AwsContext): Promise<DBCluster | undefined> {
    try {
        const command = new DescribeDBClustersCommand({ DBClusterIdentifier: id });
        return (await neptune(context).send(command)).DBClusters?.[0];
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}
