import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { PolicyStatement } from "../lib/policy/statement";
import { type NeptuneAccess, type NeptuneData, neptuneGrant, neptuneGrantPolicy } from "./neptune/access";
import { createBulkLoadRole } from "./neptune/bulk-load";
import { parameterGroupFamily, SERVERLESS_INSTANCE_CLASS } from "./neptune/engine";
import { NEPTUNE_PORT, type NeptuneOutputs } from "./neptune/outputs";
import { neptuneSchema, SMALLEST_CAPACITY } from "./neptune/schema";
import { validated } from "./schema/problems";
import { childTags, type Tags } from "./tags";

/** Arguments of a {@link NeptuneCluster}: the plain ones of its schema, and these, which may come from resources. */
export interface NeptuneClusterArgs extends z.input<typeof neptuneSchema> {
    /** Subnets without a route to the internet, at least one in each of `availabilityZones`. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Security groups of the instances. They admit {@link NEPTUNE_PORT} for every client; none is made here. */
    securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
    /** ARN of the KMS key of the storage, the snapshots and the audit log; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /** The AWS account of the cluster, 12 digits. */
    accountId: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /**
     * Name of the final snapshot. It must be free when the cluster is deleted, or AWS refuses the deletion. The default ends like
     * the generated name of the subnet group, so that each deployment of a stack has its own. When one deployment replaces its
     * cluster a second time under the same name, give another.
     * @default "<clusterIdentifier>-final-<7 hex digits>"
     */
    finalSnapshotIdentifier?: pulumi.Input<string>;
    /**
     * Tags of everything that can be tagged; snapshots get those of the cluster.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/** What each part of a cluster is made from. */
interface Plan {
    readonly name: string;
    readonly args: NeptuneClusterArgs;
    /** The plain arguments, complete. */
    readonly settings: z.output<typeof neptuneSchema>;
    readonly parent: pulumi.Resource;
}

/**
 * An Amazon Neptune cluster: a writer and read replicas over the zones, in isolated subnets, not public.
 *
 * Requests are signed (IAM authentication); access to the data is granted with {@link grantPolicy}. Storage, snapshots and audit
 * log are encrypted with the given key. Every request is in the audit log, for which both the cluster parameter and the
 * export are on. Its log group is made first, since AWS would make one without a key, a retention period and tags. Audit logging
 * is a static parameter: an instance that existed before needs a restart.
 *
 * **Cost** (us-east-1): serverless 0.1608 USD an NCU-hour, so that the default pair is 0.32 USD an hour at rest; storage 0.10 USD
 * a GB-month and 0.20 USD for a million requests to it; backups beyond the size of the data and snapshots are billed by size.
 */
export class NeptuneCluster extends pulumi.ComponentResource implements NeptuneOutputs {
    readonly clusterIdentifier: pulumi.Output<string>;
    readonly clusterResourceId: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    readonly readerEndpoint: pulumi.Output<string>;
    readonly port: pulumi.Output<number>;
    /** Names of the instances, the first writer first. After a failover another one writes. */
    readonly instanceIdentifiers: pulumi.Output<string[]>;
    /** Name of the audit log's log group. */
    readonly auditLogGroupName: pulumi.Output<string>;
    /** The `iamRoleArn` of a bulk load; `undefined` without `bulkLoad`. */
    readonly bulkLoadRoleArn: pulumi.Output<string> | undefined;

    private readonly data: pulumi.Output<NeptuneData>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the cluster is, how large, and how its data is protected.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; see {@link neptuneSchema}.
     */
    constructor(name: string, args: NeptuneClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:neptune:NeptuneCluster", name, {}, opts);
        const plan: Plan = { name, args, settings: validated(this, name, neptuneSchema, args), parent: this };
        warnOfSingleInstance(plan);

        const subnetGroup = createSubnetGroup(plan);
        const parameterGroups = createParameterGroups(plan);
        const auditLog = createAuditLog(plan);
        const bulkLoadRoleArn = createRoleOfBulkLoads(plan);
        const cluster = createCluster(plan, { subnetGroup, ...parameterGroups, auditLog, bulkLoadRoleArn });
        const instances = createInstances(plan, { cluster, subnetGroup, ...parameterGroups });

        // The endpoints have names before an instance answers. Only the writer is waited for: it answers for readers too while there
        // are none. So a replica that is added changes neither endpoint, nor what uses them.
        const writer = instances[0]?.id;
        const onceAnswering = <T>(output: pulumi.Output<T>) =>
            pulumi.all([output, writer]).apply(([value]) => value as T);
        this.clusterIdentifier = cluster.clusterIdentifier;
        this.clusterResourceId = cluster.clusterResourceId;
        this.endpoint = onceAnswering(cluster.endpoint);
        this.readerEndpoint = onceAnswering(cluster.readerEndpoint);
        this.port = cluster.port.apply((port) => port ?? NEPTUNE_PORT);
        this.instanceIdentifiers = pulumi.all(instances.map((instance) => instance.identifier));
        this.auditLogGroupName = auditLog.name;
        this.bulkLoadRoleArn = bulkLoadRoleArn;
        this.data = pulumi.output({
            partition: args.partition ?? "aws",
            region: args.region,
            accountId: args.accountId,
            clusterResourceId: cluster.clusterResourceId,
        });
        this.registerOutputs({
            clusterIdentifier: this.clusterIdentifier,
            clusterResourceId: this.clusterResourceId,
            endpoint: this.endpoint,
            readerEndpoint: this.readerEndpoint,
            port: this.port,
            instanceIdentifiers: this.instanceIdentifiers,
            auditLogGroupName: this.auditLogGroupName,
            bulkLoadRoleArn: this.bulkLoadRoleArn,
        });
    }

    grantPolicy(...accesses: [NeptuneAccess, ...NeptuneAccess[]]): pulumi.Output<string> {
        return neptuneGrantPolicy(this.data, accesses);
    }

    accessStatement(access: NeptuneAccess): pulumi.Output<PolicyStatement> {
        return this.data.apply((data) => neptuneGrant(data, access));
    }
}

function warnOfSingleInstance({ settings, parent }: Plan): void {
    if (settings.readReplicas > 0) return;
    void pulumi.log.warn(
        `the cluster has one instance, in ${settings.availabilityZones[0]}: when its zone fails, there is no graph. ` +
            `Set readReplicas to 1 or more if the cluster has to stay available.`,
        parent,
    );
}

function createSubnetGroup({ name, args, parent }: Plan): aws.neptune.SubnetGroup {
    return new aws.neptune.SubnetGroup(
        `${name}-subnets`,
        {
            description: `Isolated subnets of ${args.clusterIdentifier}`,
            subnetIds: args.subnetIds,
            tags: childTags(args.tags, "neptune", `${name}-subnets`),
        },
        { parent },
    );
}

/** The parameter groups of a cluster and of its instances. */
interface ParameterGroups {
    readonly clusterParameters: aws.neptune.ClusterParameterGroup;
    readonly instanceParameters: aws.neptune.ParameterGroup;
}

/**
 * Their names are generated: an upgrade to another family makes new groups, moves the cluster over to them and only then deletes
 * the old ones.
 */
function createParameterGroups({ name, args, settings, parent }: Plan): ParameterGroups {
    const family = parameterGroupFamily(settings.engineVersion) as string;
    const clusterParameters = new aws.neptune.ClusterParameterGroup(
        `${name}-cluster-parameters`,
        {
            family,
            description: `Cluster parameters of ${args.clusterIdentifier}`,
            parameters: [{ name: "neptune_enable_audit_log", value: "1", applyMethod: "pending-reboot" }],
            tags: childTags(args.tags, "neptune", `${name}-cluster-parameters`),
        },
        { parent },
    );
    const timeout = String(settings.queryTimeoutMilliseconds);
    const instanceParameters = new aws.neptune.ParameterGroup(
        `${name}-instance-parameters`,
        {
            family,
            description: `Instance parameters of ${args.clusterIdentifier}`,
            parameters: [{ name: "neptune_query_timeout", value: timeout, applyMethod: "pending-reboot" }],
            tags: childTags(args.tags, "neptune", `${name}-instance-parameters`),
        },
        { parent },
    );
    return { clusterParameters, instanceParameters };
}

function createAuditLog({ name, args, settings, parent }: Plan): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
        `${name}-audit`,
        {
            // AWS makes this name from the cluster's, which is why that one is given and not generated.
            name: `/aws/neptune/${settings.clusterIdentifier}/audit`,
            kmsKeyId: args.kmsKeyArn,
            retentionInDays: settings.auditLogRetentionInDays,
            tags: childTags(args.tags, "neptune", `${name}-audit`),
        },
        { parent },
    );
}

function createRoleOfBulkLoads({ name, args, settings, parent }: Plan): pulumi.Output<string> | undefined {
    const { bulkLoad } = settings;
    if (bulkLoad === undefined) return undefined;
    const { accountId, partition = "aws", tags } = args;
    return createBulkLoadRole(`${name}-bulk-load`, { bulkLoad, accountId, partition, tags }, parent);
}

/** What a cluster is put together from. */
interface ClusterParts extends ParameterGroups {
    readonly subnetGroup: aws.neptune.SubnetGroup;
    readonly auditLog: aws.cloudwatch.LogGroup;
    readonly bulkLoadRoleArn: pulumi.Output<string> | undefined;
}

function createCluster(plan: Plan, parts: ClusterParts): aws.neptune.Cluster {
    const { name, args, settings, parent } = plan;
    const serverless = settings.instanceClass === SERVERLESS_INSTANCE_CLASS;
    const { minNcu, maxNcu } = settings.serverlessCapacity ?? SMALLEST_CAPACITY;
    return new aws.neptune.Cluster(
        name,
        {
            clusterIdentifier: settings.clusterIdentifier,
            engine: "neptune",
            engineVersion: settings.engineVersion,
            allowMajorVersionUpgrade: settings.allowMajorVersionUpgrade,
            neptuneClusterParameterGroupName: parts.clusterParameters.name,
            // Only an upgrade to another family uses it, and AWS refuses such an upgrade without it.
            neptuneInstanceParameterGroupName: parts.instanceParameters.name,
            neptuneSubnetGroupName: parts.subnetGroup.name,
            vpcSecurityGroupIds: args.securityGroupIds,
            port: NEPTUNE_PORT,
            iamDatabaseAuthenticationEnabled: true,
            iamRoles: parts.bulkLoadRoleArn ? [parts.bulkLoadRoleArn] : [],
            storageEncrypted: true,
            kmsKeyArn: args.kmsKeyArn,
            enableCloudwatchLogsExports: ["audit"],
            ...(serverless && {
                serverlessV2ScalingConfiguration: { minCapacity: minNcu, maxCapacity: maxNcu },
            }),
            backupRetentionPeriod: settings.backupRetentionDays,
            copyTagsToSnapshot: true,
            deletionProtection: settings.protectData,
            ...finalSnapshotOf(plan, parts.subnetGroup),
            applyImmediately: settings.applyImmediately,
            tags: childTags(args.tags, "neptune", name),
        },
        {
            parent,
            dependsOn: [parts.auditLog],
            protect: settings.protectData,
            // Two clusters cannot have one name. The name is given, so the old cluster has to go first.
            deleteBeforeReplace: true,
        },
    );
}

/** Whether a deleted cluster leaves a snapshot, and its name; see {@link NeptuneClusterArgs.finalSnapshotIdentifier}. */
function finalSnapshotOf({ args, settings }: Plan, subnetGroup: aws.neptune.SubnetGroup) {
    if (!(settings.finalSnapshot ?? settings.protectData)) return { skipFinalSnapshot: true };
    const generated = subnetGroup.name.apply(
        (name) => `${settings.clusterIdentifier}-final-${name.split("-").at(-1)}`,
    );
    return {
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: args.finalSnapshotIdentifier ?? generated,
    };
}

/** The writer and its replicas, spread over the zones. */
function createInstances(
    { name, args, settings, parent }: Plan,
    {
        cluster,
        subnetGroup,
        instanceParameters,
    }: Pick<ClusterParts, "subnetGroup" | "instanceParameters"> & {
        readonly cluster: aws.neptune.Cluster;
    },
): aws.neptune.ClusterInstance[] {
    const zones = settings.availabilityZones;
    return Array.from({ length: settings.readReplicas + 1 }, (_, index) => {
        const instanceName = `${name}-${index + 1}`;
        return new aws.neptune.ClusterInstance(
            instanceName,
            {
                identifier: `${settings.clusterIdentifier}-${index + 1}`,
                clusterIdentifier: cluster.id,
                engine: "neptune",
                instanceClass: settings.instanceClass,
                availabilityZone: zones[index % zones.length],
                neptuneSubnetGroupName: subnetGroup.name,
                neptuneParameterGroupName: instanceParameters.name,
                port: NEPTUNE_PORT,
                publiclyAccessible: false,
                autoMinorVersionUpgrade: settings.autoMinorVersionUpgrade,
                // A serverless replica of tier 0 or 1 is kept as large as the writer, ready to take over. One is enough.
                promotionTier: Math.min(index, 15),
                applyImmediately: settings.applyImmediately,
                tags: childTags(args.tags, "neptune", instanceName),
            },
            { parent, deleteBeforeReplace: true },
        );
    });
}
