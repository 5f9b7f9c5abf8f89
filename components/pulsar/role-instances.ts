import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { PulsarCredentials } from "./credentials/pulsar-credentials";
import { metricNamespace, nodeName, roleHostname } from "./names";
import { type DataVolumes, PulsarNode } from "./node";
import { placeInstances } from "./placement";
import type { ClusterPlan } from "./plan";
import type { PulsarRole } from "./ports";
import { RoleIdentity } from "./role-identity";
import type { PulsarSettings } from "./schema";
import { memoryOf } from "./sizing";

/** What all instances of a cluster share. */
export interface ClusterParts {
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
export function createRoleInstances(plan: ClusterPlan, parts: ClusterParts, role: PulsarRole): RoleInstances {
    const identity = createIdentity(plan, parts, role);
    const nodes = createNodes(plan, parts, role, identity);
    const record = hasCommonName(role) ? createRecord(plan, parts, role, nodes) : undefined;
    return { role, identity, nodes, record };
}

/** Bookies are found through ZooKeeper, and no connection goes to clients. */
function hasCommonName(role: PulsarRole): boolean {
    return role !== "client" && role !== "bookkeeper";
}

function createIdentity(
    { name, args, settings, parent }: ClusterPlan,
    { logGroup, credentials }: ClusterParts,
    role: PulsarRole,
): RoleIdentity {
    return new RoleIdentity(
        `${name}-${role}`,
        {
            role,
            partition: args.partition ?? "aws",
            region: settings.region,
            accountId: args.accountId,
            secretArn: credentials.secretArnOf(role),
            kmsKeyArn: args.kmsKeyArn,
            logGroupArn: logGroup.arn,
            metricNamespace: metricNamespace(settings.clusterName),
            tags: args.tags,
        },
        { parent },
    );
}

function createNodes(
    plan: ClusterPlan,
    parts: ClusterParts,
    role: PulsarRole,
    identity: RoleIdentity,
): PulsarNode[] {
    const { availabilityZones, [role]: settings } = plan.settings;
    const nodes: PulsarNode[] = [];
    for (const availabilityZone of placeInstances(settings.count, availabilityZones, settings.placement)) {
        // Each waits for the one before: an update replaces the instances of a role one at a time.
        const after = [parts.credentials.ready, identity.ready, ...(nodes.at(-1)?.ready ?? [])];
        const place = { role, ordinal: nodes.length + 1, availabilityZone };
        nodes.push(createNode(plan, parts, identity, place, after));
    }
    return nodes;
}

function createNode(
    plan: ClusterPlan,
    { amiId, logGroup, zone, credentials }: ClusterParts,
    { profileName }: RoleIdentity,
    { role, ordinal, availabilityZone }: { role: PulsarRole; ordinal: number; availabilityZone: string },
    after: readonly pulumi.Resource[],
): PulsarNode {
    const { name, args, settings, parent, zoneName, serviceHostname } = plan;
    const { instanceType, rootVolumeGib } = settings[role];
    return new PulsarNode(
        `${name}-${nodeName(role, ordinal)}`,
        {
            role,
            ordinal,
            availabilityZone,
            availabilityZones: settings.availabilityZones,
            subnetIds: args.subnetIds,
            securityGroupIds: args.securityGroupIds[role] ?? [],
            amiId,
            instanceType,
            rootVolumeGib,
            volumes: volumesOf(settings, role),
            kmsKeyArn: args.kmsKeyArn,
            profileName,
            secretArn: credentials.secretArnOf(role),
            logGroupName: logGroup.name,
            zoneId: zone.zoneId,
            userData: {
                role,
                ordinal,
                cluster: settings.clusterName,
                pulsarVersion: settings.pulsarVersion,
                region: settings.region,
                zoneName,
                zookeepers: settings.zookeeper.count,
                serviceHostname,
                metricNamespace: metricNamespace(settings.clusterName),
                memory: memoryOf(role, settings[role]),
                quorum: settings.quorum,
            },
            protectData: settings.protectData,
            disableApiTermination: settings.disableApiTermination,
            after,
            tags: args.tags,
        },
        { parent },
    );
}

/** The data volumes of each of a role's instances. */
function volumesOf({ zookeeper, bookkeeper }: PulsarSettings, role: PulsarRole): DataVolumes {
    if (role === "zookeeper") return { zookeeper: zookeeper.dataVolume };
    if (role === "bookkeeper")
        return { journal: bookkeeper.journalVolume, ledgers: bookkeeper.ledgersVolume };
    return {};
}

function createRecord(
    { name, parent, zoneName, serviceRole }: ClusterPlan,
    { zone }: ClusterParts,
    role: PulsarRole,
    nodes: readonly PulsarNode[],
): aws.route53.Record {
    return new aws.route53.Record(
        `${name}-${role}`,
        {
            zoneId: zone.zoneId,
            name: roleHostname(role, zoneName),
            type: "A",
            ttl: 60,
            records: nodes.map((node) => node.privateIp),
        },
        {
            parent,
            // Clients get the name once instances answer under it. The names that peers use come first: peers look them up while they
            // start, and a resolver caches for minutes that a name does not exist.
            dependsOn: role === serviceRole ? nodes.flatMap((node) => node.ready) : [],
        },
    );
}
