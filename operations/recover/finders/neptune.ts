import {
    DescribeDBClusterParameterGroupsCommand,
    DescribeDBClustersCommand,
    DescribeDBInstancesCommand,
    DescribeDBParameterGroupsCommand,
    DescribeDBSubnetGroupsCommand,
    ListTagsForResourceCommand,
    NeptuneClient,
} from "@aws-sdk/client-neptune";

import type { Aws } from "../../../lib/aws/clients";
import { type Finders, type Inputs, isTagged, text, unlessMissing } from "../finder";

/** The id, when the resource is the program's: RDS and Neptune share the names of clusters, instances and groups. */
async function ifTagged(
    id: string | undefined,
    arn: string | undefined,
    inputs: Inputs,
    aws: Aws,
): Promise<string | undefined> {
    if (id === undefined || arn === undefined) return undefined;
    const command = new ListTagsForResourceCommand({ ResourceName: arn });
    const found = await unlessMissing(aws.client(NeptuneClient).send(command));
    return isTagged(inputs, found?.TagList) ? id : undefined;
}

export const finders: Finders = {
    "aws:neptune/cluster:Cluster": async (inputs, aws) => {
        const command = new DescribeDBClustersCommand({
            DBClusterIdentifier: text(inputs.clusterIdentifier),
        });
        const found = (await unlessMissing(aws.client(NeptuneClient).send(command)))?.DBClusters?.[0];
        return ifTagged(found?.DBClusterIdentifier, found?.DBClusterArn, inputs, aws);
    },
    "aws:neptune/clusterInstance:ClusterInstance": async (inputs, aws) => {
        const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: text(inputs.identifier) });
        const found = (await unlessMissing(aws.client(NeptuneClient).send(command)))?.DBInstances?.[0];
        return ifTagged(found?.DBInstanceIdentifier, found?.DBInstanceArn, inputs, aws);
    },
    "aws:neptune/clusterParameterGroup:ClusterParameterGroup": async (inputs, aws) => {
        const command = new DescribeDBClusterParameterGroupsCommand({
            DBClusterParameterGroupName: text(inputs.name),
        });
        const answer = await unlessMissing(aws.client(NeptuneClient).send(command));
        const found = answer?.DBClusterParameterGroups?.[0];
        return ifTagged(found?.DBClusterParameterGroupName, found?.DBClusterParameterGroupArn, inputs, aws);
    },
    "aws:neptune/parameterGroup:ParameterGroup": async (inputs, aws) => {
        const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: text(inputs.name) });
        const answer = await unlessMissing(aws.client(NeptuneClient).send(command));
        const found = answer?.DBParameterGroups?.[0];
        return ifTagged(found?.DBParameterGroupName, found?.DBParameterGroupArn, inputs, aws);
    },
    "aws:neptune/subnetGroup:SubnetGroup": async (inputs, aws) => {
        const command = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: text(inputs.name) });
        const answer = await unlessMissing(aws.client(NeptuneClient).send(command));
        const found = answer?.DBSubnetGroups?.[0];
        return ifTagged(found?.DBSubnetGroupName, found?.DBSubnetGroupArn, inputs, aws);
    },
};
