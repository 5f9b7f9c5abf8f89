import type { GetClusterArgs, GetClusterResult } from "@pulumi/aws/rds/getCluster";
import type { GetSubnetGroupArgs, GetSubnetGroupResult } from "@pulumi/aws/rds/getSubnetGroup";

import { orUndefined } from "../server/errors";
import { mapOf } from "./api";
import { fn } from "./resource";

/** A cluster by its name. The API of RDS tells of Neptune's clusters too, and they are all there are here. */
export const getCluster = fn<GetClusterArgs, GetClusterResult>("rds/getCluster:getCluster", {
    args: ["clusterIdentifier"],
    names: {
        arn: "DBClusterArn",
        clusterMembers: "DBClusterMembers.DBInstanceIdentifier",
        clusterResourceId: "DbClusterResourceId",
        dbClusterParameterGroupName: "DBClusterParameterGroup",
        dbSubnetGroupName: "DBSubnetGroup",
        iamRoles: "AssociatedRoles.RoleArn",
        id: "DBClusterIdentifier",
        vpcSecurityGroupIds: "VpcSecurityGroups.VpcSecurityGroupId",
    },
    async invoke({ clusterIdentifier }, { aws: { neptune } }) {
        const answer = await orUndefined(() =>
            neptune.describeDBClusters({ DBClusterIdentifier: clusterIdentifier }),
        );
        const found = answer?.DBClusters?.[0];
        if (found?.DBClusterIdentifier !== clusterIdentifier)
            throw new Error(`reading RDS Cluster (${clusterIdentifier}): couldn't find resource`);
        const { TagList } = await neptune.listTagsForResource({ ResourceName: found.DBClusterArn });
        return { found, outputs: { tags: mapOf(TagList) } };
    },
});

/** A subnet group by its name: RDS and Neptune have them in common. */
export const getSubnetGroup = fn<GetSubnetGroupArgs, GetSubnetGroupResult>(
    "rds/getSubnetGroup:getSubnetGroup",
    {
        args: ["name"],
        names: {
            arn: "DBSubnetGroupArn",
            description: "DBSubnetGroupDescription",
            id: "DBSubnetGroupName",
            status: "SubnetGroupStatus",
            subnetIds: "Subnets.SubnetIdentifier",
        },
        async invoke({ name }, { aws }) {
            const answer = await orUndefined(() =>
                aws.neptune.describeDBSubnetGroups({ DBSubnetGroupName: name }),
            );
            const found = answer?.DBSubnetGroups?.[0];
            if (!found) throw new Error(`reading RDS DB Subnet Group (${name}): couldn't find resource`);
            // Neptune's half of the API leaves the types of networks out.
            return { found, outputs: { supportedNetworkTypes: ["IPV4"] } };
        },
    },
);
