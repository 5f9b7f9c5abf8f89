import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { PulsarClusterArgs } from "./args";
import type { PulsarCredentials } from "./credentials/pulsar-credentials";
import { metricNamespace, nodeName, roleHostname } from "./names";
import { PulsarNode } from "./node";
import { placeInstances } from "./placement";
import type { ClusterPlan } from "./plan";
import type { PulsarRole } from "./ports";
import { RoleIdentity } from "./role-identity";
import { memoryOf } from "./sizing";

/** The cluster that a role belongs to. */
export interface RoleContext {
    /** The logical name of the cluster; everything is named from it. */
    readonly name: string;
    readonly parent: pulumi.Resource;
    readonly args: PulsarClusterArgs;
    readonly plan: ClusterPlan;
    readonly amiId: pulumi.Output<string>;
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly zone: aws.route53.Zone;
    readonly credentials: PulsarCredentials;
}

/** What was created for one role. */
export interface RoleInstances {
    readonly role: PulsarRole;
    readonly identity: RoleIdentity;
    readonly nodes: readonly PulsarNode[];
    /** The DNS record with the addresses of all nodes; only for a role that others find by one name. */
    readonly record: aws.route53.Record | undefined;
}

/** Creates the instances of one role, with their IAM role and their common name. */
export function createRoleInstances(context: RoleContext, role: PulsarRole): RoleInstances {
    const identity = createIdentity(context, role);
    const nodes = createNodes(context, role, identity);
    const record = hasCommonName(role) ? createRecord(context, role, nodes) : undefined;
    return { role, identity, nodes, record };
}

/** Bookies are found through ZooKeeper, and no connection goes to clients. */
function hasCommonName(role: PulsarRole): boolean {
    return role !== "client" && role !== "bookkeeper";
}

function createIdentity(
    { name, parent, args, plan, logGroup, credentials }: RoleContext,
    role: PulsarRole,
): RoleIdentity {
    return new RoleIdentity(
        `${name}-${role}`,
        {
            role,
            partition: args.partition ?? "aws",
            region: args.region,
            accountId: args.accountId,
            secretArn: credentials.secretArnOf(role),
            kmsKeyArn: args.kmsKeyArn,
            logGroupArn: logGroup.arn,
            metricNamespace: metricNamespace(plan.clusterName),
            tags: args.tags,
        },
        { parent },
    );
}

function createNodes(context: RoleContext, role: PulsarRole, identity: RoleIdentity): PulsarNode[] {
    const { args, plan, credentials } = context;
    const { count, placement } = plan.roles[role];
    const nodes: PulsarNode[] = [];
    for (const availabilityZone of placeInstances(count, args.availabilityZones, placement)) {
        // Each waits for the one before: an update replaces the instances of a role one at a time.
        const after = [credentials.ready, identity.ready, ...(nodes.at(-1)?.ready ?? [])];
        const place = { role, ordinal: nodes.length + 1, availabilityZone };
        nodes.push(createNode(context, place, identity, after));
    }
    return nodes;
}

function createNode(
    { name, parent, args, plan, amiId, logGroup, zone, credentials }: RoleContext,
    { role, ordinal, availabilityZone }: { role: PulsarRole; ordinal: number; availabilityZone: string },
    identity: RoleIdentity,
    after: readonly pulumi.Resource[],
): PulsarNode {
    const settings = plan.roles[role];
    return new PulsarNode(
        `${name}-${nodeName(role, ordinal)}`,
        {
            role,
            ordinal,
            availabilityZone,
            availabilityZones: args.availabilityZones,
            subnetIds: args.subnetIds,
            securityGroupIds: args.securityGroupIds[role] ?? [],
            amiId,
            instanceType: settings.instanceType,
            rootVolumeGib: settings.rootVolumeGib,
            volumes: settings.volumes,
            kmsKeyArn: args.kmsKeyArn,
            profileName: identity.profileName,
            secretArn: credentials.secretArnOf(role),
            logGroupName: logGroup.name,
            zoneId: zone.zoneId,
            userData: {
                role,
                ordinal,
                cluster: plan.clusterName,
                pulsarVersion: args.pulsarVersion,
                region: args.region,
                zoneName: plan.zoneName,
                zookeepers: plan.roles.zookeeper.count,
                serviceHostname: plan.serviceHostname,
                metricNamespace: metricNamespace(plan.clusterName),
                memory: memoryOf(role, settings),
                quorum: plan.quorum,
            },
            protectData: args.protectData ?? true,
            disableApiTermination: args.disableApiTermination ?? false,
            after,
            tags: args.tags,
        },
        { parent },
    );
}

function createRecord(
    { name, parent, plan, zone }: RoleContext,
    role: PulsarRole,
    nodes: readonly PulsarNode[],
): aws.route53.Record {
    return new aws.route53.Record(
        `${name}-${role}`,
        {
            zoneId: zone.zoneId,
            name: roleHostname(role, plan.zoneName),
            type: "A",
            ttl: 60,
            records: nodes.map((node) => node.privateIp),
        },
        {
            parent,
            // Clients get the name once instances answer under it. The names that peers use come first: peers look them up while they
            // start, and a resolver caches for minutes that a name does not exist.
            dependsOn: role === plan.serviceRole ? nodes.flatMap((node) => node.ready) : [],
        },
    );
}
