import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { NetworkInterfaceIntent } from "../checks/intent";
import { findAmi } from "./pulsar/ami";
import type { PulsarClusterArgs, PulsarInstance } from "./pulsar/args";
import { PulsarCredentials } from "./pulsar/credentials/pulsar-credentials";
import { adminUrl, metricNamespace, serviceUrl } from "./pulsar/names";
import type { PulsarOutputs } from "./pulsar/outputs";
import { type ClusterPlan, clusterWarnings, dnsNames } from "./pulsar/plan";
import { PULSAR_ROLES, type PulsarRole } from "./pulsar/ports";
import { type ClusterParts, createRoleInstances } from "./pulsar/role-instances";
import { architectureOf, presentRoles } from "./pulsar/roles";
import { pulsarSchema } from "./pulsar/schema";
import { validated } from "./schema/problems";
import { childTags } from "./tags";

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
     * @throws one error that lists every argument that cannot work; see {@link pulsarSchema}.
     */
    constructor(name: string, args: PulsarClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:pulsar:PulsarCluster", name, {}, opts);
        const { clusterName = name } = args;
        const settings = validated(this, name, pulsarSchema, { ...args, clusterName });
        const plan: ClusterPlan = { name, args, settings, parent: this, ...dnsNames(settings) };
        for (const warning of clusterWarnings(settings)) void pulumi.log.warn(warning, this);

        const amiId = findImage(plan);
        const logGroup = createLogGroup(plan);
        const zone = createZone(plan);
        const credentials = createCredentials(plan);
        const parts: ClusterParts = { amiId, logGroup, zone, credentials };
        const roles = presentRoles(settings).map((role) => createRoleInstances(plan, parts, role));
        const nodes = roles.flatMap((role) => role.nodes);
        const service = roles.find(({ role }) => role === plan.serviceRole);

        // The URLs are known once their DNS record has instances. They follow the record and not the instances' ids: ids are unknown
        // while an instance is added, and what has an id among its inputs is replaced together with that instance.
        const onceItAnswers = (value: string) => pulumi.output(service?.record?.name).apply(() => value);
        this.serviceUrl = onceItAnswers(serviceUrl(plan.serviceHostname));
        this.adminUrl = onceItAnswers(adminUrl(plan.serviceHostname));
        this.brokerHostname = onceItAnswers(plan.serviceHostname);
        this.brokerSecurityGroupIds = pulumi.output(args.securityGroupIds[plan.serviceRole] ?? []);
        this.clientSecretArn = pulumi.output(credentials.secretArns.client);
        this.clusterName = clusterName;
        this.amiId = amiId;
        this.instances = pulumi.all(nodes.map((node) => node.instance));
        this.networkInterfaces = pulumi.all(nodes.map((node) => node.networkInterface));
        this.nodes = nodes.map(({ nodeName, instanceId }) => ({ name: nodeName, instanceId }));
        this.zoneId = zone.zoneId;
        this.logGroupName = logGroup.name;
        this.metricNamespace = metricNamespace(clusterName);
        this.authoritySecretArn = credentials.authoritySecretArn;
        this.issuedCredentials = credentials.issued;
        this.roleArns = Object.fromEntries(roles.map(({ role, identity }) => [role, identity.roleArn]));
        this.registerOutputs({
            serviceUrl: this.serviceUrl,
            adminUrl: this.adminUrl,
            brokerHostname: this.brokerHostname,
            instances: this.instances,
        });
    }
}

function findImage({ args, settings, parent }: ClusterPlan): pulumi.Output<string> {
    const { amiOwners: owners, pulsarVersion } = settings;
    const architecture = architectureOf(settings);
    return findAmi({ amiId: args.amiId, owners, pulsarVersion, architecture }, parent);
}

function createLogGroup({ name, args, settings, parent }: ClusterPlan): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
        `${name}-logs`,
        {
            retentionInDays: settings.logRetentionInDays,
            kmsKeyId: args.kmsKeyArn,
            tags: childTags(args.tags, "pulsar", `${name}-logs`),
        },
        { parent },
    );
}

function createZone({ name, args, settings, parent, zoneName }: ClusterPlan): aws.route53.Zone {
    return new aws.route53.Zone(
        `${name}-zone`,
        {
            name: zoneName,
            comment: `Names of Pulsar cluster ${settings.clusterName}`,
            vpcs: [{ vpcId: args.vpcId, vpcRegion: settings.region }],
            tags: childTags(args.tags, "pulsar", `${name}-zone`),
        },
        { parent },
    );
}

function createCredentials({ name, args, settings, parent, zoneName }: ClusterPlan): PulsarCredentials {
    const present = presentRoles(settings);
    return new PulsarCredentials(
        `${name}-credentials`,
        {
            region: settings.region,
            cluster: settings.clusterName,
            zoneName,
            // Clients have a secret even when the cluster runs no client: notebooks and others are clients too.
            roles: PULSAR_ROLES.filter((role) => role === "client" || present.includes(role)),
            kmsKeyArn: args.kmsKeyArn,
            validityDays: settings.credentialValidityDays,
            rotation: settings.credentialRotation,
            recoveryWindowInDays: settings.secretRecoveryWindowInDays,
            tags: args.tags,
        },
        { parent },
    );
}
