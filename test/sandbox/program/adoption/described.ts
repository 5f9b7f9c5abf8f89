import { DescribeSecurityGroupRulesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand } from "@aws-sdk/client-iam";
import {
    DescribeDBClustersCommand,
    DescribeDBInstancesCommand,
    ListTagsForResourceCommand,
    NeptuneClient,
} from "@aws-sdk/client-neptune";
import {
    DescribeDomainCommand,
    DescribeDomainConfigCommand,
    ListTagsCommand,
    OpenSearchClient,
} from "@aws-sdk/client-opensearch";
import {
    DescribeDomainCommand as DescribeStudioCommand,
    ListTagsCommand as ListStudioTagsCommand,
    SageMakerClient,
} from "@aws-sdk/client-sagemaker";

import type { Sandbox } from "../../../../sandbox";

/** Services by the names that others adopt them by, and their security groups. */
export interface Services {
    readonly clusterIdentifier: string;
    readonly domainName: string;
    readonly domainId: string;
    readonly securityGroupIds: readonly string[];
}

/** Everything that AWS says of the services, of the rules of their groups and of what Studio's role may do. */
export async function describeServices(sandbox: Sandbox, services: Services): Promise<unknown> {
    const settings = sandbox.clientSettings();
    const neptune = new NeptuneClient(settings);
    const opensearch = new OpenSearchClient(settings);
    const sagemaker = new SageMakerClient(settings);
    const { clusterIdentifier, domainName, domainId, securityGroupIds } = services;
    const { DBClusters: [cluster] = [] } = await neptune.send(
        new DescribeDBClustersCommand({ DBClusterIdentifier: clusterIdentifier }),
    );
    const { DBInstances } = await neptune.send(
        new DescribeDBInstancesCommand({
            Filters: [{ Name: "db-cluster-id", Values: [clusterIdentifier] }],
        }),
    );
    const { TagList } = await neptune.send(
        new ListTagsForResourceCommand({ ResourceName: cluster?.DBClusterArn }),
    );
    const { DomainStatus: domain } = await opensearch.send(
        new DescribeDomainCommand({ DomainName: domainName }),
    );
    const { DomainConfig } = await opensearch.send(
        new DescribeDomainConfigCommand({ DomainName: domainName }),
    );
    const domainTags = await opensearch.send(new ListTagsCommand({ ARN: domain?.ARN }));
    const studio = await sagemaker.send(new DescribeStudioCommand({ DomainId: domainId }));
    const studioTags = await sagemaker.send(new ListStudioTagsCommand({ ResourceArn: studio.DomainArn }));
    const { SecurityGroupRules } = await new EC2Client(settings).send(
        new DescribeSecurityGroupRulesCommand({
            Filters: [{ Name: "group-id", Values: [...securityGroupIds] }],
        }),
    );
    // What is not found would be the same before and after.
    for (const found of [
        cluster,
        DBInstances?.[0],
        domain,
        DomainConfig,
        studio.DomainArn,
        SecurityGroupRules?.[0],
    ])
        if (found === undefined) throw new Error(`a service of ${JSON.stringify(services)} is not there`);
    return {
        neptune: { cluster: settingsOf(cluster), instances: DBInstances?.map(settingsOf), TagList },
        opensearch: { domain, DomainConfig, tags: domainTags.TagList },
        studio: { ...studio, $metadata: undefined, tags: studioTags.Tags },
        role: await policiesOf(new IAMClient(settings), studio.DefaultUserSettings?.ExecutionRole),
        rules: SecurityGroupRules,
    };
}

/** Without how far its backups have come, which goes on by itself. */
const settingsOf = (one: object | undefined) => ({ ...one, LatestRestorableTime: undefined });

async function policiesOf(iam: IAMClient, roleArn: string | undefined): Promise<unknown> {
    const RoleName = roleArn?.split("/").at(-1);
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const policies = PolicyNames.map(async (PolicyName) => {
        const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
        return [PolicyName, PolicyDocument];
    });
    return Promise.all(policies);
}
