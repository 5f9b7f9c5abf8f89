import {
    CreateDBInstanceCommand,
    type DBInstance,
    DeleteDBInstanceCommand,
    DescribeDBClustersCommand,
    DescribeDBInstancesCommand,
    ModifyDBInstanceCommand,
} from "@aws-sdk/client-neptune";
import type { ClusterInstanceArgs, ClusterInstanceState } from "@pulumi/aws/neptune/clusterInstance";

import { done, pending, retryWhile, waitFor } from "../../server/clock";
import { errorCode, isNotFound } from "../../server/errors";
import { between, boolean, integer, oneOf, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { identifier, neptune, newTags, tagNeptune, tagsOf } from "./support";

/** The official provider's patience, in seconds: for creating, changing and deleting, and for an instance that is busy. */
const TIMEOUT_SECONDS = 5400;
const BUSY_SECONDS = 300;

export const clusterInstance = resource<ClusterInstanceArgs, ClusterInstanceState>({
    noun: "Neptune Cluster Instance",
    properties: {
        applyImmediately: boolean({ computed: true }),
        autoMinorVersionUpgrade: boolean({ default: true }),
        availabilityZone: string({ computed: true, forceNew: true }),
        clusterIdentifier: string({ required: true, forceNew: true }),
        engine: string({ default: "neptune", forceNew: true, validate: oneOf("neptune") }),
        identifier: string({ computed: true, forceNew: true, validate: identifier }),
        instanceClass: string({ required: true }),
        neptuneParameterGroupName: string({ computed: true }),
        neptuneSubnetGroupName: string({ computed: true, forceNew: true }),
        port: integer({ default: 8182, forceNew: true }),
        preferredMaintenanceWindow: string({ computed: true }),
        promotionTier: integer({ default: 0, validate: between(0, 15) }),
        publiclyAccessible: boolean({ default: false, forceNew: true }),
        skipFinalSnapshot: boolean(),
    },
    check: ({ identifier: given }, isUnknown) =>
        given === undefined && !isUnknown("identifier")
            ? ['"identifier" is required: the stand-in makes no identifier up']
            : [],
    async create(inputs, context) {
        const { DBInstance } = await neptune(context).send(
            new CreateDBInstanceCommand({
                AutoMinorVersionUpgrade: inputs.autoMinorVersionUpgrade,
                AvailabilityZone: inputs.availabilityZone,
                DBClusterIdentifier: inputs.clusterIdentifier,
                DBInstanceClass: inputs.instanceClass,
                DBInstanceIdentifier: inputs.identifier,
                DBParameterGroupName: inputs.neptuneParameterGroupName,
                DBSubnetGroupName: inputs.neptuneSubnetGroupName,
                Engine: inputs.engine,
                PreferredMaintenanceWindow: inputs.preferredMaintenanceWindow,
                PromotionTier: inputs.promotionTier,
                PubliclyAccessible: inputs.publiclyAccessible,
                Tags: newTags(context),
            }),
        );
        return DBInstance!.DBInstanceIdentifier!;
    },
    async settle(id, _inputs, context) {
        await untilAvailable(id, context);
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        const { Address = "", Port = 0 } = found.Endpoint ?? {};
        return {
            address: Address,
            arn: found.DBInstanceArn,
            autoMinorVersionUpgrade: found.AutoMinorVersionUpgrade ?? false,
            availabilityZone: found.AvailabilityZone,
            clusterIdentifier: found.DBClusterIdentifier,
            dbiResourceId: found.DbiResourceId,
            endpoint: `${Address}:${Port}`,
            engine: found.Engine,
            engineVersion: found.EngineVersion,
            identifier: found.DBInstanceIdentifier,
            identifierPrefix: "",
            instanceClass: found.DBInstanceClass,
            kmsKeyArn: found.KmsKeyId ?? "",
            neptuneParameterGroupName: found.DBParameterGroups?.[0]?.DBParameterGroupName ?? "",
            neptuneSubnetGroupName: found.DBSubnetGroup?.DBSubnetGroupName ?? "",
            port: Port,
            preferredBackupWindow: found.PreferredBackupWindow ?? "",
            preferredMaintenanceWindow: found.PreferredMaintenanceWindow ?? "",
            promotionTier: found.PromotionTier ?? 0,
            publiclyAccessible: found.PubliclyAccessible ?? false,
            storageEncrypted: found.StorageEncrypted ?? false,
            storageType: found.StorageType ?? "standard",
            tags: await tagsOf(found.DBInstanceArn, context),
            writer: await isWriter(found, context),
        };
    },
    async update(id, news, { changed }, context) {
        const when = <T>(name: keyof ClusterInstanceArgs, value: T): T | undefined =>
            changed.has(name) ? value : undefined;
        if ([...changed].every((name) => NOT_TOLD.has(name))) return;
        const command = new ModifyDBInstanceCommand({
            ApplyImmediately: news.applyImmediately ?? false,
            AutoMinorVersionUpgrade: when("autoMinorVersionUpgrade", news.autoMinorVersionUpgrade),
            DBInstanceClass: when("instanceClass", news.instanceClass),
            DBInstanceIdentifier: id,
            DBParameterGroupName: when("neptuneParameterGroupName", news.neptuneParameterGroupName),
            PreferredMaintenanceWindow: when("preferredMaintenanceWindow", news.preferredMaintenanceWindow),
            PromotionTier: when("promotionTier", news.promotionTier),
        });
        await retryWhile(isBusy, { ...context, timeoutSeconds: BUSY_SECONDS }, () =>
            neptune(context).send(command),
        );
        await untilAvailable(id, context);
    },
    tag: tagNeptune,
    async delete(id, { skipFinalSnapshot }, context) {
        const command = new DeleteDBInstanceCommand({
            DBInstanceIdentifier: id,
            SkipFinalSnapshot: skipFinalSnapshot,
        });
        await retryWhile(isBusy, { ...context, timeoutSeconds: BUSY_SECONDS }, () =>
            neptune(context).send(command),
        );
        const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
        await waitFor(`Neptune Cluster Instance (${id}) to be deleted`, patience, async () => {
            const found = await describe(id, context);
            return found ? pending(found.DBInstanceStatus) : done(true);
        });
    },
});

/** Inputs that are remembered alone; AWS is told them with a change or a deletion. */
const NOT_TOLD: ReadonlySet<string> = new Set<keyof ClusterInstanceArgs>([
    "applyImmediately",
    "skipFinalSnapshot",
]);

const isBusy = (error: unknown): boolean => errorCode(error).startsWith("InvalidDBInstanceState");

/** Only the cluster tells which of its members writes. */
async function isWriter(found: DBInstance, context: AwsContext): Promise<boolean> {
    const command = new DescribeDBClustersCommand({ DBClusterIdentifier: found.DBClusterIdentifier });
    const members = (await neptune(context).send(command)).DBClusters?.[0]?.DBClusterMembers ?? [];
    const self = members.find((member) => member.DBInstanceIdentifier === found.DBInstanceIdentifier);
    return self?.IsClusterWriter ?? false;
}

async function untilAvailable(id: string, context: AwsContext): Promise<void> {
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    await waitFor(`Neptune Cluster Instance (${id}) to become available`, patience, async () => {
        const found = await describe(id, context);
        return found?.DBInstanceStatus === "available" ? done(true) : pending(found?.DBInstanceStatus);
    });
}

async function describe(id: string, context: AwsContext): Promise<DBInstance | undefined> {
    try {
        const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
        return (await neptune(context).send(command)).DBInstances?.[0];
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}
