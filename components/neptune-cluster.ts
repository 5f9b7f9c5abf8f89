import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { type NeptuneAccess, type NeptuneData, neptuneGrant, neptuneGrantPolicy } from "./neptune/access";
import { type BulkLoad, createBulkLoadRole } from "./neptune/bulk-load";
import { parameterGroupFamily, SERVERLESS_INSTANCE_CLASS, type ServerlessCapacity } from "./neptune/engine";
import { NEPTUNE_PORT, type NeptuneOutputs } from "./neptune/outputs";
import { NEPTUNE_DEFAULTS, neptuneProblems } from "./neptune/problems";
import type { PolicyStatement } from "../lib/policy/statement";
import { childTags, type Tags } from "./tags";
import { assertNoProblems } from "./validation";

/** Arguments of a {@link NeptuneCluster}. What decides which resources there are is plain; the rest may come from resources. */
export interface NeptuneClusterArgs {
    /**
     * Name of the cluster, of its instances (`<name>-1`, ...) and of its audit log group (`/aws/neptune/<name>/audit`): unique
     * in the account and region, so that it has to tell the stack or the experiment. It is given and not generated because AWS
     * makes the log group's name of it, and the group must be there before the cluster. A new name replaces the cluster and
     * its data.
     */
    clusterIdentifier: string;
    /** Subnets without a route to the internet, at least one in each of `availabilityZones`. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** The zones of the subnets, by name, at least two; instances are spread over them in this order. */
    availabilityZones: readonly string[];
    /** Security groups of the instances. They admit {@link NEPTUNE_PORT} from whoever may query; none is made here. */
    securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
    /** ARN of the KMS key of the storage, the snapshots and the audit log; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /** The AWS account of the cluster, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the cluster. */
    region: string;
    /**
     * The AWS partition. In `aws-cn` Neptune exports no logs, so that the cluster is refused there.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /**
     * The engine, with all four numbers. The parameter group families follow from it.
     * @default "1.4.5.1"
     */
    engineVersion?: string;
    /**
     * Lets a new `engineVersion` be one of another family. AWS upgrades in place, and does not go back.
     * @default false
     */
    allowMajorVersionUpgrade?: boolean;
    /**
     * Lets AWS install patches and minor engine versions in the maintenance window. The program then declares an older version
     * than there is, until `engineVersion` follows.
     * @default false
     */
    autoMinorVersionUpgrade?: boolean;
    /**
     * The class of every instance: `db.serverless`, or a provisioned one such as `db.r6g.large`.
     * @default "db.serverless"
     */
    instanceClass?: string;
    /**
     * How far each serverless instance scales; only for `db.serverless`.
     * @default 1 to 2.5 NCU, the smallest range
     */
    serverlessCapacity?: ServerlessCapacity;
    /**
     * Instances besides the writer, 0 to 15. With one or more, another zone takes over when the writer's fails; without,
     * the cluster is down until AWS has made a new writer: it warns.
     * @default 1
     */
    readReplicas?: number;
    /**
     * Days that automatic backups are kept, 1 to 35. Control Neptune.5 asks for 7.
     * @default 7
     */
    backupRetentionDays?: number;
    /**
     * Refuses every deletion: AWS by deletion protection, Pulumi by `protect`. To end a lab, deploy once with `false`, then destroy.
     * @default true
     */
    protectData?: boolean;
    /**
     * Keeps a snapshot of a deleted cluster. It costs as long as it exists, and no program deletes it.
     * @default `protectData`
     */
    finalSnapshot?: boolean;
    /**
     * Name of the final snapshot. It must be free when the cluster is deleted, or AWS refuses the deletion. The default ends like
     * the generated name of the subnet group, so that each deployment of a stack has its own. When one deployment replaces its
     * cluster a second time under the same name, give another.
     * @default "<clusterIdentifier>-final-<7 hex digits>"
     */
    finalSnapshotIdentifier?: pulumi.Input<string>;
    /**
     * Days that audit records are kept.
     * @default 365
     */
    auditLogRetentionInDays?: number;
    /**
     * Milliseconds after which a query is ended.
     * @default 120000, as AWS has it
     */
    queryTimeoutMilliseconds?: number;
    /**
     * What the bulk loader may read: makes a role for it and attaches it to the cluster. The subnets need the gateway endpoint of S3.
     * @default none: nothing can be loaded in bulk
     */
    bulkLoad?: BulkLoad;
    /**
     * Whether changes of the cluster and its instances, some of which restart them, are made by the deployment or in the
     * maintenance window. What waits for the window shows as a change in every deployment until then.
     * @default true
     */
    applyImmediately?: boolean;
    /**
     * Tags of everything that can be tagged; snapshots get those of the cluster.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * An Amazon Neptune cluster: a writer and read replicas over the zones, in isolated subnets, not public.
 *
 * Requests are signed (IAM authentication); access to the data is granted with {@link grantPolicy}. Storage, snapshots and audit
 * log are encrypted with the given key. Every request is in the audit log, for which both the cluster parameter and the
 * export are on; its log group is made first, since AWS would make one without a key, an end and tags. Audit logging is a
 * static parameter: an instance that was there before it needs a restart.
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
    /** What to call a bulk load with, as `iamRoleArn`; `undefined` without {@link NeptuneClusterArgs.bulkLoad}. */
    readonly bulkLoadRoleArn: pulumi.Output<string> | undefined;

    private readonly data: pulumi.Output<NeptuneData>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the cluster is, how large, and how its data is protected.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; see {@link neptuneProblems}.
     */
    constructor(name: string, args: NeptuneClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:neptune:NeptuneCluster", name, {}, opts);
        assertNoProblems(this, name, neptuneProblems(args));

        const child = { parent: this };
        const tags = (childName: string) => childTags(args.tags, "neptune", childName);
        const engineVersion = args.engineVersion ?? NEPTUNE_DEFAULTS.engineVersion;
        const instanceClass = args.instanceClass ?? NEPTUNE_DEFAULTS.instanceClass;
        const readReplicas = args.readReplicas ?? NEPTUNE_DEFAULTS.readReplicas;
        const protectData = args.protectData ?? true;
        const applyImmediately = args.applyImmediately ?? true;
        if (readReplicas === 0) {
            void pulumi.log.warn(
                `one instance (in ${args.availabilityZones[0]}) is the whole cluster: when its zone fails, there is no graph. ` +
                    `Set readReplicas to 1 or more for anything that must stay up.`,
                this,
            );
        }

        const subnetGroup = new aws.neptune.SubnetGroup(
            `${name}-subnets`,
            {
                description: `Isolated subnets of ${args.clusterIdentifier}`,
                subnetIds: args.subnetIds,
                tags: tags(`${name}-subnets`),
            },
            child,
        );
        const { clusterParameters, instanceParameters } = this.parameterGroups(name, args, engineVersion);
        const auditLog = new aws.cloudwatch.LogGroup(
            `${name}-audit`,
            {
                name: `/aws/neptune/${args.clusterIdentifier}/audit`,
                kmsKeyId: args.kmsKeyArn,
                retentionInDays: args.auditLogRetentionInDays ?? NEPTUNE_DEFAULTS.auditLogRetentionInDays,
                tags: tags(`${name}-audit`),
            },
            child,
        );
        const bulkLoadRoleArn =
            args.bulkLoad &&
            createBulkLoadRole(
                `${name}-bulk-load`,
                {
                    bulkLoad: args.bulkLoad,
                    accountId: args.accountId,
                    partition: args.partition ?? "aws",
                    tags: args.tags,
                },
                this,
            );

        const finalSnapshot = args.finalSnapshot ?? protectData;
        const cluster = new aws.neptune.Cluster(
            name,
            {
                clusterIdentifier: args.clusterIdentifier,
                engine: "neptune",
                engineVersion,
                allowMajorVersionUpgrade: args.allowMajorVersionUpgrade ?? false,
                neptuneClusterParameterGroupName: clusterParameters.name,
                // Takes effect with an upgrade to another family alone, which AWS refuses without it.
                neptuneInstanceParameterGroupName: instanceParameters.name,
                neptuneSubnetGroupName: subnetGroup.name,
                vpcSecurityGroupIds: args.securityGroupIds,
                port: NEPTUNE_PORT,
                iamDatabaseAuthenticationEnabled: true,
                iamRoles: bulkLoadRoleArn ? [bulkLoadRoleArn] : [],
                storageEncrypted: true,
                kmsKeyArn: args.kmsKeyArn,
                enableCloudwatchLogsExports: ["audit"],
                ...(instanceClass === SERVERLESS_INSTANCE_CLASS
                    ? { serverlessV2ScalingConfiguration: scaling(args.serverlessCapacity) }
                    : {}),
                backupRetentionPeriod: args.backupRetentionDays ?? NEPTUNE_DEFAULTS.backupRetentionDays,
                copyTagsToSnapshot: true,
                deletionProtection: protectData,
                skipFinalSnapshot: !finalSnapshot,
                ...(finalSnapshot
                    ? {
                          finalSnapshotIdentifier:
                              args.finalSnapshotIdentifier ??
                              snapshotName(args.clusterIdentifier, subnetGroup.name),
                      }
                    : {}),
                applyImmediately,
                tags: tags(name),
            },
            {
                parent: this,
                dependsOn: [auditLog],
                protect: protectData,
                // Two clusters of one name cannot be; the name is given, so that the old one has to go first.
                deleteBeforeReplace: true,
            },
        );
        const instances = Array.from({ length: readReplicas + 1 }, (_, index) => {
            const instanceName = `${name}-${index + 1}`;
            return new aws.neptune.ClusterInstance(
                instanceName,
                {
                    identifier: `${args.clusterIdentifier}-${index + 1}`,
                    clusterIdentifier: cluster.id,
                    engine: "neptune",
                    instanceClass,
                    availabilityZone: args.availabilityZones[index % args.availabilityZones.length],
                    neptuneSubnetGroupName: subnetGroup.name,
                    neptuneParameterGroupName: instanceParameters.name,
                    port: NEPTUNE_PORT,
                    publiclyAccessible: false,
                    autoMinorVersionUpgrade: args.autoMinorVersionUpgrade ?? false,
                    // A serverless replica of tier 0 or 1 is kept as large as the writer, ready to take over; one is enough.
                    promotionTier: Math.min(index, 15),
                    applyImmediately,
                    tags: tags(instanceName),
                },
                { parent: this, deleteBeforeReplace: true },
            );
        });

        // The endpoints have names before there is an instance that could answer. The writer alone is waited for: it answers for readers
        // too while there are none, and so a replica that is added leaves both known, and whoever uses them as they are.
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

    /**
     * The groups of both kinds. Their names are generated: an upgrade to another family makes new groups, moves the cluster over
     * to them and only then deletes the old ones.
     */
    private parameterGroups(name: string, args: NeptuneClusterArgs, engineVersion: string) {
        const family = parameterGroupFamily(engineVersion) as string;
        const clusterParameters = new aws.neptune.ClusterParameterGroup(
            `${name}-cluster-parameters`,
            {
                family,
                description: `Cluster parameters of ${args.clusterIdentifier}`,
                parameters: [{ name: "neptune_enable_audit_log", value: "1", applyMethod: "pending-reboot" }],
                tags: childTags(args.tags, "neptune", `${name}-cluster-parameters`),
            },
            { parent: this },
        );
        const timeout = args.queryTimeoutMilliseconds ?? NEPTUNE_DEFAULTS.queryTimeoutMilliseconds;
        const instanceParameters = new aws.neptune.ParameterGroup(
            `${name}-instance-parameters`,
            {
                family,
                description: `Instance parameters of ${args.clusterIdentifier}`,
                parameters: [
                    { name: "neptune_query_timeout", value: String(timeout), applyMethod: "pending-reboot" },
                ],
                tags: childTags(args.tags, "neptune", `${name}-instance-parameters`),
            },
            { parent: this },
        );
        return { clusterParameters, instanceParameters };
    }
}

function scaling(capacity: ServerlessCapacity = NEPTUNE_DEFAULTS.serverlessCapacity) {
    return { minCapacity: capacity.minNcu, maxCapacity: capacity.maxNcu };
}

/** See {@link NeptuneClusterArgs.finalSnapshotIdentifier}. */
function snapshotName(
    clusterIdentifier: string,
    subnetGroupName: pulumi.Output<string>,
): pulumi.Output<string> {
    return subnetGroupName.apply((name) => `${clusterIdentifier}-final-${name.split("-").at(-1)}`);
}
