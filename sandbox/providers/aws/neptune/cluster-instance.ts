import type { DBInstance } from "@aws-sdk/client-neptune";
import type { ClusterInstanceArgs, ClusterInstanceState } from "@pulumi/aws/neptune/clusterInstance";

import { between, oneOf } from "../../server/property";
import { tagList } from "../api";
import type { AwsContext } from "../context";
import { isError, propagated } from "../propagation";
import { resource } from "../resource";
import { words } from "../text";
import { BUSY_SECONDS, identifier, needsIdentifier, neptuneTags } from "./support";

/** The official provider's patience for creating, changing and deleting, in seconds. */
const TIMEOUT_SECONDS = 5400;

const isBusy = isError("InvalidDBInstanceState");

export const clusterInstance = resource<ClusterInstanceArgs, ClusterInstanceState, DBInstance>(
    "neptune/clusterInstance:ClusterInstance",
    {
        noun: "Neptune Cluster Instance",
        fixed: words(
            "availabilityZone clusterIdentifier engine identifier neptuneSubnetGroupName port publiclyAccessible",
        ),
        plain: ["instanceClass", "neptuneParameterGroupName", "preferredMaintenanceWindow"],
        remembered: ["applyImmediately", "skipFinalSnapshot"],
        inputs: {
            autoMinorVersionUpgrade: { default: true },
            engine: { default: "neptune", validate: oneOf("neptune") },
            identifier: { validate: identifier },
            port: { default: 8182 },
            promotionTier: { default: 0, validate: between(0, 15) },
            publiclyAccessible: { default: false },
        },
        rules: [needsIdentifier("identifier")],
        names: {
            arn: "DBInstanceArn",
            clusterIdentifier: "DBClusterIdentifier",
            identifier: "DBInstanceIdentifier",
            instanceClass: "DBInstanceClass",
            kmsKeyArn: "KmsKeyId",
            neptuneParameterGroupName: "DBParameterGroups.DBParameterGroupName",
            neptuneSubnetGroupName: "DBSubnetGroup.DBSubnetGroupName",
        },
        otherwise: { storageType: "standard" },
        find,
        async outputs(found, _id, context) {
            const { Address: address = "", Port: port = 0 } = found.Endpoint ?? {};
            return { address, endpoint: `${address}:${port}`, port, writer: await isWriter(found, context) };
        },
        async create({ neptuneParameterGroupName, neptuneSubnetGroupName }, { aws, tags }, request) {
            const more = {
                DBParameterGroupName: neptuneParameterGroupName,
                DBSubnetGroupName: neptuneSubnetGroupName,
                Port: undefined,
                Tags: tagList(tags),
            };
            return (await aws.neptune.createDBInstance(request(more))).DBInstance?.DBInstanceIdentifier;
        },
        ready: {
            state: ({ DBInstanceStatus }) => DBInstanceStatus,
            good: ["available"],
            seconds: TIMEOUT_SECONDS,
        },
        async update(id, news, { changed, request, ready }, context) {
            const { applyImmediately = false, neptuneParameterGroupName: group } = news;
            const more = {
                ApplyImmediately: applyImmediately,
                DBInstanceIdentifier: id,
                DBParameterGroupName: changed.has("neptuneParameterGroupName") ? group : undefined,
            };
            const change = () => context.aws.neptune.modifyDBInstance(request(more));
            await propagated(context, isBusy, change, BUSY_SECONDS);
            await ready();
        },
        tags: neptuneTags,
        async delete(id, { skipFinalSnapshot: SkipFinalSnapshot }, context) {
            const request = { DBInstanceIdentifier: id, SkipFinalSnapshot };
            const remove = () => context.aws.neptune.deleteDBInstance(request);
            await propagated(context, isBusy, remove, BUSY_SECONDS);
        },
        removal: { seconds: TIMEOUT_SECONDS },
    },
);

async function find(id: string, { aws }: AwsContext): Promise<DBInstance | undefined> {
    return (await aws.neptune.describeDBInstances({ DBInstanceIdentifier: id })).DBInstances?.[0];
}

/** Only the cluster tells which of its members writes. */
async function isWriter({ DBClusterIdentifier, ...self }: DBInstance, { aws }: AwsContext): Promise<boolean> {
    const { DBClusters } = await aws.neptune.describeDBClusters({ DBClusterIdentifier });
    const members = DBClusters?.[0]?.DBClusterMembers ?? [];
    const member = members.find((it) => it.DBInstanceIdentifier === self.DBInstanceIdentifier);
    return member?.IsClusterWriter ?? false;
}
