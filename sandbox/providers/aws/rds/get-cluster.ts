import { DescribeDBClustersCommand } from "@aws-sdk/client-neptune";
import type { GetClusterArgs, GetClusterResult } from "@pulumi/aws/rds/getCluster";

import { isNotFound } from "../../server/errors";
import { neptune, tagsOf } from "../neptune/support";
import { fn } from "../resource";

/** A cluster by its name. The API of RDS tells of Neptune's clusters too, and they are all there are here. */
export const getCluster = fn<GetClusterArgs, GetClusterResult>({
    args: ["clusterIdentifier"],
    async invoke({ clusterIdentifier }, context) {
        const command = new DescribeDBClustersCommand({ DBClusterIdentifier: clusterIdentifier });
        const answer = await neptune(context)
            .send(command)
            .catch((error: unknown) => {
                if (isNotFound(error)) return undefined;
                throw error;
            });
        const found = answer?.DBClusters?.[0];
        if (found?.DBClusterIdentifier !== clusterIdentifier)
            throw new Error(`reading RDS Cluster (${clusterIdentifier}): couldn't find resource`);
        return {
            arn: found.DBClusterArn,
            availabilityZones: found.AvailabilityZones ?? [],
            backtrackWindow: 0,
            backupRetentionPeriod: found.BackupRetentionPeriod,
            clusterIdentifier,
            clusterMembers: (found.DBClusterMembers ?? []).map((member) => member.DBInstanceIdentifier ?? ""),
            clusterResourceId: found.DbClusterResourceId,
            clusterScalabilityType: "",
            databaseInsightsMode: "",
            databaseName: found.DatabaseName ?? "",
            dbClusterParameterGroupName: found.DBClusterParameterGroup,
            dbSubnetGroupName: found.DBSubnetGroup,
            dbSystemId: "",
            deletionProtection: found.DeletionProtection ?? false,
            enabledCloudwatchLogsExports: found.EnabledCloudwatchLogsExports ?? [],
            endpoint: found.Endpoint,
            engine: found.Engine,
            engineMode: "",
            engineVersion: found.EngineVersion,
            finalSnapshotIdentifier: "",
            hostedZoneId: found.HostedZoneId ?? "",
            iamDatabaseAuthenticationEnabled: found.IAMDatabaseAuthenticationEnabled ?? false,
            iamRoles: (found.AssociatedRoles ?? []).flatMap(({ RoleArn }) => RoleArn ?? []),
            id: clusterIdentifier,
            kmsKeyId: found.KmsKeyId ?? "",
            masterUserSecrets: [],
            masterUsername: found.MasterUsername ?? "",
            monitoringInterval: 0,
            monitoringRoleArn: "",
            networkType: "",
            port: found.Port,
            preferredBackupWindow: found.PreferredBackupWindow,
            preferredMaintenanceWindow: found.PreferredMaintenanceWindow,
            readerEndpoint: found.ReaderEndpoint,
            region: context.region,
            replicationSourceIdentifier: found.ReplicationSourceIdentifier ?? "",
            storageEncrypted: found.StorageEncrypted ?? false,
            tags: await tagsOf(found.DBClusterArn, context),
            upgradeRolloutOrder: "",
            vpcSecurityGroupIds: (found.VpcSecurityGroups ?? []).flatMap(
                ({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? [],
            ),
        };
    },
});
