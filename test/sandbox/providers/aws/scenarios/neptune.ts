import {
    AddTagsToResourceCommand,
    CreateDBClusterCommand,
    CreateDBSubnetGroupCommand,
    DescribeDBClustersCommand,
    ModifyDBClusterCommand,
    ModifyDBClusterParameterGroupCommand,
    ModifyDBInstanceCommand,
    ModifyDBParameterGroupCommand,
    NeptuneClient,
} from "@aws-sdk/client-neptune";

import { uniqueName } from "../../../../support/unique-name";
import { type Scenario, type Surroundings, tagged } from "../scenario";
import { REGION, type Remembered } from "../support";

let subnetPairs = 0;

/** Two subnets in two zones, which no other test of the same surroundings takes. */
async function subnetIds({ network }: Surroundings): Promise<string[]> {
    const at = 100 + 2 * ++subnetPairs;
    return [
        await network.subnet(`10.0.${at}.0/24`),
        await network.subnet(`10.0.${at + 1}.0/24`, `${REGION}b`),
    ];
}

async function subnetGroup(around: Surroundings): Promise<string> {
    const DBSubnetGroupName = uniqueName("subnets");
    await around.client(NeptuneClient).send(
        new CreateDBSubnetGroupCommand({
            DBSubnetGroupName,
            DBSubnetGroupDescription: "test",
            SubnetIds: await subnetIds(around),
        }),
    );
    return DBSubnetGroupName;
}

/** A cluster with a range of capacity that is available. */
async function cluster(around: Surroundings): Promise<string> {
    const neptune = around.client(NeptuneClient);
    const DBClusterIdentifier = uniqueName("graph");
    await neptune.send(
        new CreateDBClusterCommand({
            DBClusterIdentifier,
            Engine: "neptune",
            EngineVersion: "1.4.5.1",
            DBSubnetGroupName: await subnetGroup(around),
            ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 2.5 },
        }),
    );
    for (let status: string | undefined = ""; status !== "available";) {
        const found = await neptune.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
        status = found.DBClusters?.[0]?.Status;
    }
    return DBClusterIdentifier;
}

const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

const tagBehind = (around: Surroundings, { state }: Remembered) =>
    around.client(NeptuneClient).send(
        new AddTagsToResourceCommand({
            ResourceName: state.arn as string,
            Tags: [{ Key: "Intruder", Value: "yes" }],
        }),
    );

export const NEPTUNE_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:neptune/subnetGroup:SubnetGroup",
        inputs: async (around) => ({ subnetIds: await subnetIds(around), ...tagged("subnets") }),
        outputs: { description: "Managed by Pulumi" },
        update: async (around) => ({
            subnetIds: await subnetIds(around),
            description: "new",
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async () => ({ name: "given" }),
            replaces: ["name"],
        },
        drift: { inject: tagBehind, shows: ["tags"] },
    },
    {
        token: "aws:neptune/clusterParameterGroup:ClusterParameterGroup",
        inputs: async () => ({
            family: "neptune1.4",
            parameters: [{ applyMethod: "pending-reboot", name: "neptune_enable_audit_log", value: "1" }],
            ...tagged("parameters"),
        }),
        outputs: { description: "Managed by Pulumi" },
        update: async () => ({
            parameters: [{ applyMethod: "pending-reboot", name: "neptune_enable_audit_log", value: "0" }],
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ family: "neptune1.3" }), replaces: ["family"] },
        drift: {
            inject: (around, { id }) =>
                around.client(NeptuneClient).send(
                    new ModifyDBClusterParameterGroupCommand({
                        DBClusterParameterGroupName: id,
                        Parameters: [
                            {
                                ParameterName: "neptune_enable_audit_log",
                                ParameterValue: "0",
                                ApplyMethod: "pending-reboot",
                            },
                        ],
                    }),
                ),
            shows: ["parameters"],
        },
    },
    {
        token: "aws:neptune/parameterGroup:ParameterGroup",
        inputs: async () => ({
            family: "neptune1.4",
            parameters: [{ applyMethod: "pending-reboot", name: "neptune_query_timeout", value: "20000" }],
            ...tagged("parameters"),
        }),
        outputs: { description: "Managed by Pulumi" },
        // One parameter is taken out and thus reset; another comes.
        update: async () => ({
            parameters: [{ applyMethod: "immediate", name: "neptune_result_cache", value: "1" }],
        }),
        replace: { inputs: async () => ({ description: "new" }), replaces: ["description"] },
        drift: {
            inject: (around, { id }) =>
                around.client(NeptuneClient).send(
                    new ModifyDBParameterGroupCommand({
                        DBParameterGroupName: id,
                        Parameters: [
                            {
                                ParameterName: "neptune_result_cache",
                                ParameterValue: "1",
                                ApplyMethod: "immediate",
                            },
                        ],
                    }),
                ),
            shows: ["parameters"],
        },
    },
    {
        token: "aws:neptune/cluster:Cluster",
        inputs: async (around) => ({
            clusterIdentifier: uniqueName("graph"),
            engineVersion: "1.4.5.1",
            applyImmediately: true,
            backupRetentionPeriod: 7,
            copyTagsToSnapshot: true,
            deletionProtection: false,
            enableCloudwatchLogsExports: ["audit"],
            iamDatabaseAuthenticationEnabled: true,
            iamRoles: [role("one")],
            kmsKeyArn: `arn:aws:kms:${REGION}:123456789012:key/${await around.keyId()}`,
            neptuneSubnetGroupName: await subnetGroup(around),
            serverlessV2ScalingConfiguration: { maxCapacity: 2.5, minCapacity: 1 },
            skipFinalSnapshot: true,
            storageEncrypted: true,
            vpcSecurityGroupIds: [await around.network.securityGroup(uniqueName("group"))],
            ...tagged("graph"),
        }),
        outputs: {
            engine: "neptune",
            port: 8182,
            neptuneClusterParameterGroupName: "default.neptune1.4",
            storageType: "standard",
            clusterMembers: [],
        },
        update: async (around) => ({
            backupRetentionPeriod: 8,
            deletionProtection: true,
            enableCloudwatchLogsExports: ["slowquery"],
            iamDatabaseAuthenticationEnabled: false,
            iamRoles: [role("two")],
            serverlessV2ScalingConfiguration: { maxCapacity: 8, minCapacity: 2 },
            vpcSecurityGroupIds: [await around.network.securityGroup(uniqueName("group"))],
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async (around) => ({
                clusterIdentifier: uniqueName("graph"),
                kmsKeyArn: `arn:aws:kms:${REGION}:123456789012:key/${await around.keyId()}`,
                neptuneSubnetGroupName: "another",
                port: 8183,
            }),
            replaces: ["clusterIdentifier", "kmsKeyArn", "neptuneSubnetGroupName", "port"],
        },
        drift: {
            inject: (around, { id }) =>
                around.client(NeptuneClient).send(
                    new ModifyDBClusterCommand({
                        DBClusterIdentifier: id,
                        EnableIAMDatabaseAuthentication: false,
                    }),
                ),
            shows: ["iamDatabaseAuthenticationEnabled"],
        },
        notImported: ["applyImmediately", "skipFinalSnapshot"],
    },
    {
        token: "aws:neptune/clusterInstance:ClusterInstance",
        inputs: async (around) => ({
            identifier: uniqueName("instance"),
            clusterIdentifier: await cluster(around),
            instanceClass: "db.serverless",
            applyImmediately: true,
            availabilityZone: `${REGION}b`,
            autoMinorVersionUpgrade: false,
            promotionTier: 1,
            ...tagged("instance"),
        }),
        outputs: {
            engine: "neptune",
            engineVersion: "1.4.5.1",
            port: 8182,
            publiclyAccessible: false,
            writer: true,
            neptuneParameterGroupName: "default.neptune1.4",
        },
        update: async () => ({
            instanceClass: "db.r6g.large",
            autoMinorVersionUpgrade: true,
            promotionTier: 2,
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async () => ({ availabilityZone: `${REGION}a`, publiclyAccessible: true }),
            replaces: ["availabilityZone", "publiclyAccessible"],
        },
        drift: {
            inject: (around, { id }) =>
                around
                    .client(NeptuneClient)
                    .send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: id, PromotionTier: 9 })),
            shows: ["promotionTier"],
        },
        notImported: ["applyImmediately"],
    },
];
