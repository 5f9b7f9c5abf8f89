import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { NetworkInterfaceIntent } from "../checks/intent";
import { findAmi } from "./pulsar/ami";
import type { PulsarClusterArgs, PulsarInstance } from "./pulsar/args";
import { PulsarCredentials } from "./pulsar/credentials/pulsar-credentials";
import { adminUrl, metricNamespace, nodeName, roleHostname, serviceUrl } from "./pulsar/names";
import { PulsarNode } from "./pulsar/node";
import type { PulsarOutputs } from "./pulsar/outputs";
import { placeInstances } from "./pulsar/placement";
import { PULSAR_ROLES, type PulsarRole } from "./pulsar/ports";
import { pulsarClusterProblems } from "./pulsar/problems";
import { DEFAULT_QUORUM, type Quorum, quorumWarning } from "./pulsar/quorum";
import { RoleIdentity } from "./pulsar/role-identity";
import { architectureOf, resolveRoles, type Role, singleInstanceRoles } from "./pulsar/roles";
import { memoryOf } from "./pulsar/sizing";
import { childTags } from "./tags";
import { assertNoProblems } from "./validation";

export * from "./pulsar/args";

/**
 * An Apache Pulsar cluster on EC2, from an image that holds to docs/ami-contract.md.
 *
 * ZooKeepers, bookies, brokers, clients and, if asked for, proxies are spread over the zones; a bookie's rack is its zone. Each instance
 * has a network interface, a private name and, where it keeps data, EBS volumes that outlive it, so that a new image
 * replaces instances and nothing else. Within a role they are replaced one after the other.
 *
 * There is no key pair and no SSH: Systems Manager reaches the instances. The instance metadata service answers tokens only; volumes,
 * secrets and logs are encrypted with the given key; every connection is TLS; each role reads its own secret and no
 * other. Certificates and tokens are made once and are in no state (see `PulsarCredentials`).
 *
 * **Cost** (us-east-1, on demand, a month): the defaults are about 3 t3.small 46, 5 m6i.large 350, 1 t3.medium 30, 1 TiB of gp3 80, 5
 * secrets 2, the zone 0.50, detailed monitoring 19 USD; traffic between zones is billed besides. The least, one
 * t3.small each for ZooKeeper, bookie and broker, is about 46 and its volumes.
 */
export class PulsarCluster extends pulumi.ComponentResource implements PulsarOutputs {
    readonly serviceUrl: pulumi.Output<string>;
    readonly adminUrl: pulumi.Output<string>;
    readonly brokerHostname: pulumi.Output<string>;
    readonly brokerSecurityGroupIds: pulumi.Output<string[]>;
    readonly clientSecretArn: pulumi.Output<string | undefined>;
    /** Name of the cluster in Pulsar. */
    readonly clusterName: string;
    /** The image that the instances start from. */
    readonly amiId: pulumi.Output<string>;
    /** Every instance: what it is, where it is and how it is reached. */
    readonly instances: pulumi.Output<PulsarInstance[]>;
    /** The instances' network interfaces with the groups that each is to carry, for the connectivity checks. */
    readonly networkInterfaces: pulumi.Output<NetworkInterfaceIntent[]>;
    /** Name and EC2 id of every instance, one by one: a further one leaves what is known of the others known. */
    readonly nodes: readonly { readonly name: string; readonly instanceId: pulumi.Output<string> }[];
    /** Id of the private Route 53 zone. */
    readonly zoneId: pulumi.Output<string>;
    /** Name of the log group of all instances. */
    readonly logGroupName: pulumi.Output<string>;
    /** The CloudWatch namespace of the cluster's metrics. */
    readonly metricNamespace: string;
    /** ARN of the secret with the authority and the token of the superuser `admin`. */
    readonly authoritySecretArn: pulumi.Output<string>;
    /** Each role's secret: version, end and fingerprint of what was issued. */
    readonly issuedCredentials: PulsarCredentials["issued"];
    /** ARN of the IAM role of each role's instances. */
    readonly roleArns: Readonly<Partial<Record<PulsarRole, pulumi.Output<string>>>>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the cluster is, what it starts from and how large it is.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; see {@link pulsarClusterProblems}.
     */
    constructor(name: string, args: PulsarClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:pulsar:PulsarCluster", name, {}, opts);
        const clusterName = args.clusterName ?? name;
        assertNoProblems(this, name, pulsarClusterProblems({ ...args, clusterName }));

        const child = { parent: this };
        const roles = resolveRoles(args);
        const quorum = args.quorum ?? DEFAULT_QUORUM;
        const zoneName = args.zoneName ?? `${clusterName}.pulsar.internal`;
        const serviceRole = roles.proxy.count > 0 ? "proxy" : "broker";
        const serviceHostname = roleHostname(serviceRole, zoneName);
        this.warn(roles, quorum);

        const amiId = findAmi(
            {
                amiId: args.amiId,
                owners: args.amiOwners ?? ["self"],
                pulsarVersion: args.pulsarVersion,
                architecture: architectureOf(roles),
            },
            this,
        );
        const logGroup = new aws.cloudwatch.LogGroup(
            `${name}-logs`,
            {
                retentionInDays: args.logRetentionInDays ?? 365,
                kmsKeyId: args.kmsKeyArn,
                tags: childTags(args.tags, "pulsar", `${name}-logs`),
            },
            child,
        );
        const zone = new aws.route53.Zone(
            `${name}-zone`,
            {
                name: zoneName,
                comment: `Names of Pulsar cluster ${clusterName}`,
                vpcs: [{ vpcId: args.vpcId, vpcRegion: args.region }],
                tags: childTags(args.tags, "pulsar", `${name}-zone`),
            },
            child,
        );
        const present = PULSAR_ROLES.filter((role) => roles[role].count > 0);
        const credentials = new PulsarCredentials(
            `${name}-credentials`,
            {
                region: args.region,
                cluster: clusterName,
                zoneName,
                // Clients have a secret even when the cluster runs none: there are others than its own.
                roles: PULSAR_ROLES.filter((role) => role === "client" || roles[role].count > 0),
                kmsKeyArn: args.kmsKeyArn,
                validityDays: args.credentialValidityDays ?? 365,
                rotation: args.credentialRotation ?? 1,
                recoveryWindowInDays: args.secretRecoveryWindowInDays ?? 30,
                tags: args.tags,
            },
            child,
        );

        const made: PulsarNode[] = [];
        const instances: pulumi.Output<PulsarInstance>[] = [];
        const nodes: PulsarCluster["nodes"][number][] = [];
        const roleRecords: Partial<Record<PulsarRole, aws.route53.Record>> = {};
        const roleArns: Partial<Record<PulsarRole, pulumi.Output<string>>> = {};
        for (const role of present) {
            const { count, placement, volumes, instanceType, rootVolumeGib } = roles[role];
            const secretArn = credentials.secretArns[role] ?? "";
            const identity = new RoleIdentity(
                `${name}-${role}`,
                {
                    role,
                    partition: args.partition ?? "aws",
                    region: args.region,
                    accountId: args.accountId,
                    secretArn,
                    kmsKeyArn: args.kmsKeyArn,
                    logGroupArn: logGroup.arn,
                    metricNamespace: metricNamespace(clusterName),
                    tags: args.tags,
                },
                child,
            );
            roleArns[role] = identity.roleArn;
            const ofRole: PulsarNode[] = [];
            placeInstances(count, args.availabilityZones, placement).forEach((availabilityZone, index) => {
                const ordinal = index + 1;
                const node = new PulsarNode(
                    `${name}-${nodeName(role, ordinal)}`,
                    {
                        role,
                        ordinal,
                        availabilityZone,
                        availabilityZones: args.availabilityZones,
                        subnetIds: args.subnetIds,
                        securityGroupIds: args.securityGroupIds[role] ?? [],
                        amiId,
                        instanceType,
                        rootVolumeGib,
                        volumes,
                        kmsKeyArn: args.kmsKeyArn,
                        profileName: identity.profileName,
                        secretArn,
                        logGroupName: logGroup.name,
                        zoneId: zone.zoneId,
                        userData: {
                            role,
                            ordinal,
                            cluster: clusterName,
                            pulsarVersion: args.pulsarVersion,
                            region: args.region,
                            zoneName,
                            zookeepers: roles.zookeeper.count,
                            serviceHostname,
                            metricNamespace: metricNamespace(clusterName),
                            memory: memoryOf(role, roles[role]),
                            quorum,
                        },
                        protectData: args.protectData ?? true,
                        disableApiTermination: args.disableApiTermination ?? false,
                        // After the one before: an update takes one instance of a role away at a time.
                        after: [credentials.ready, identity.ready, ...(ofRole.at(-1)?.ready ?? [])],
                        tags: args.tags,
                    },
                    child,
                );
                ofRole.push(node);
                nodes.push({ name: nodeName(role, ordinal), instanceId: node.instanceId });
                instances.push(
                    pulumi.output({
                        name: nodeName(role, ordinal),
                        role,
                        instanceId: node.instanceId,
                        hostname: node.hostname,
                        privateIp: node.privateIp,
                        availabilityZone: node.availabilityZone,
                    }),
                );
            });
            made.push(...ofRole);
            if (role === "client" || role === "bookkeeper") continue;
            roleRecords[role] = new aws.route53.Record(
                `${name}-${role}`,
                {
                    zoneId: zone.zoneId,
                    name: roleHostname(role, zoneName),
                    type: "A",
                    ttl: 60,
                    records: ofRole.map((node) => node.privateIp),
                },
                {
                    ...child,
                    // Clients find somebody under their name. Peers look for each other while they start: resolvers remember for
                    // minutes that a name was not there.
                    dependsOn: role === serviceRole ? ofRole.flatMap((node) => node.ready) : [],
                },
            );
        }

        // Whoever is told the URL connects to it: not before there are instances. Through the record, and not their ids: those are
        // unknown while an instance is added, and with one that is replaced goes everything that has a part of its id.
        const answers = pulumi.output(roleRecords[serviceRole]?.name);
        const onceItAnswers = (value: string) => answers.apply(() => value);
        this.serviceUrl = onceItAnswers(serviceUrl(serviceHostname));
        this.adminUrl = onceItAnswers(adminUrl(serviceHostname));
        this.brokerHostname = onceItAnswers(serviceHostname);
        this.brokerSecurityGroupIds = pulumi.output(args.securityGroupIds[serviceRole] ?? []);
        this.clientSecretArn = pulumi.output(credentials.secretArns.client);
        this.clusterName = clusterName;
        this.amiId = amiId;
        this.instances = pulumi.all(instances);
        this.networkInterfaces = pulumi.all(
            made.map(({ networkInterfaceId, securityGroupIds }) =>
                pulumi.output({ networkInterfaceId, securityGroupIds }),
            ),
        );
        this.nodes = nodes;
        this.zoneId = zone.zoneId;
        this.logGroupName = logGroup.name;
        this.metricNamespace = metricNamespace(clusterName);
        this.authoritySecretArn = credentials.authoritySecretArn;
        this.issuedCredentials = credentials.issued;
        this.roleArns = roleArns;
        this.registerOutputs({
            serviceUrl: this.serviceUrl,
            adminUrl: this.adminUrl,
            brokerHostname: this.brokerHostname,
            instances: this.instances,
        });
    }

    /** What works and gives something up is said once, at each preview. */
    private warn(roles: Readonly<Record<PulsarRole, Role>>, quorum: Quorum): void {
        const single = singleInstanceRoles(roles);
        const lines = [
            single.length > 0
                ? `one instance of ${single.join(", ")}: while it is replaced or gone, the cluster stands still. ` +
                  `Set count to 3 (brokers: 2) for anything that must stay up.`
                : undefined,
            quorumWarning(quorum, roles.bookkeeper.count),
        ];
        for (const line of lines) if (line !== undefined) void pulumi.log.warn(line, this);
    }
}
