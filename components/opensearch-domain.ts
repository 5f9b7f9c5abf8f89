import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { ServiceLinkedRole } from "./opensearch/service-linked-role/resource";
import { retentionProblems } from "./flow-logs";
import { accessPolicy, type DataAccess, domainStatement, roleArnProblems } from "./opensearch/access-policy";
import { type Cluster, type ClusterArgs, clusterProblems, resolveCluster } from "./opensearch/cluster";
import { domainArnOf, domainNameFrom, domainNameProblems } from "./opensearch/domain-name";
import { LOG_GROUP_PREFIX, OpenSearchLogPolicy } from "./opensearch/log-policy";
import type { OpenSearchOutputs } from "./opensearch/outputs";
import type { PolicyStatement } from "../lib/policy/statement";
import { childTags, type Tags } from "./tags";
import { assertNoProblems, type Problem } from "./validation";

/** Arguments of an {@link OpenSearchDomain}, beside those about nodes, zones and volumes in {@link ClusterArgs}. */
export interface OpenSearchDomainArgs extends ClusterArgs {
    /** Subnets of the isolated tier, in the order of `availabilityZones`; the domain takes the first `zoneCount`. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Security groups of the domain's network interfaces, with their rules; without any the VPC's default one would apply. */
    securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
    /** ARN of the KMS key for the data and the log groups; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /** The AWS account, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the domain. */
    region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /** ARN of the IAM role that administers fine-grained access control: it maps other roles to what they may do. */
    masterUserArn: pulumi.Input<string>;
    /**
     * ARNs of the IAM roles that may send requests, beside the master. The access policy lets them in; what they may do, the
     * master says in a role mapping, which AWS's API does not make.
     * @default none
     */
    accessRoleArns?: readonly pulumi.Input<string>[];
    /**
     * Name of the domain: 3 to 28 lower-case letters, digits and hyphens, the first of them a letter, unique in the account and
     * region. A new name is a new, empty domain.
     * @default made of the component's name; two stacks in an account and region each have to give their own
     */
    domainName?: string;
    /**
     * Days that the logs are kept: a period that CloudWatch Logs offers.
     * @default 365, the year that control CKV_AWS_338 asks for
     */
    logRetentionInDays?: number;
    /**
     * `policyName` of an {@link OpenSearchLogPolicy} that already lets the domain write below `/aws/opensearch/`. CloudWatch Logs
     * takes ten such policies in a region.
     * @default none: the domain gets a policy of its own
     */
    logPolicyName?: pulumi.Input<string>;
    /**
     * Protects the domain, and so its data, from deletion by Pulumi.
     * @default true
     */
    protectData?: boolean;
    /**
     * Tags of the domain and its log groups.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/** The logs that OpenSearch Service publishes, and the last part of the name of each one's group. */
export const LOG_TYPES = {
    AUDIT_LOGS: "audit",
    ES_APPLICATION_LOGS: "application",
    INDEX_SLOW_LOGS: "index-slow",
    SEARCH_SLOW_LOGS: "search-slow",
} as const;

/** The role by which OpenSearch Service puts a domain's interfaces into a VPC. */
export const SERVICE_LINKED_ROLE = {
    serviceName: "opensearchservice.amazonaws.com",
    roleName: "AWSServiceRoleForAmazonOpenSearchService",
} as const;

/**
 * An Amazon OpenSearch Service domain inside a VPC: encrypted at rest, between nodes and on the wire, entered by named IAM roles
 * alone, with all four logs.
 *
 * It makes no security group and no rule. The role that OpenSearch Service needs in the account is made when it is missing, and
 * stays when the domain goes. A domain's name is its identity, so what forces a new domain (the name, the key, another VPC)
 * deletes the old one first; with `protectData` Pulumi refuses that.
 *
 * **Cost** (us-east-1, by the hour): six m6g.large.search of the default 0.77 USD together, a single t3.small.search 0.036; gp3
 * volumes 0.122 USD a GiB and month; logs 0.50 USD for each GB ingested.
 */
export class OpenSearchDomain extends pulumi.ComponentResource implements OpenSearchOutputs {
    readonly endpoint: pulumi.Output<string>;
    readonly dashboardEndpoint: pulumi.Output<string>;
    readonly domainArn: pulumi.Output<string>;
    readonly domainName: pulumi.Output<string>;
    readonly securityGroupIds: pulumi.Output<string[]>;
    readonly subnetIds: pulumi.Output<string[]>;
    /** Names of the four log groups, in the order of {@link LOG_TYPES}. */
    readonly logGroupNames: pulumi.Output<string[]>;
    /** ARN of the service-linked role. */
    readonly serviceLinkedRoleArn: pulumi.Output<string>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the domain is, who may use it and how large it is.
     * @param opts Component options.
     * @throws when the arguments cannot work together; every problem is listed.
     */
    constructor(name: string, args: OpenSearchDomainArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:search:OpenSearchDomain", name, {}, opts);
        const cluster = resolveCluster(args);
        const domainName = args.domainName ?? domainNameFrom(name);
        assertNoProblems(this, name, openSearchDomainProblems(args, cluster, domainName));

        const partition = args.partition ?? "aws";
        // One by one: the list as a whole is unknown while another zone's subnet is being made.
        const given = pulumi.output(args.subnetIds);
        const subnetIds = Array.from({ length: cluster.zoneCount }, (_, index) => given[index] ?? "");
        const securityGroupIds = pulumi.output(args.securityGroupIds).apply((ids) => {
            assertNoProblems(this, name, securityGroupProblems(ids));
            return ids;
        });
        const roleArns = pulumi
            .all([args.masterUserArn, pulumi.all([...(args.accessRoleArns ?? [])])])
            .apply(([master, others]) => {
                assertNoProblems(this, name, roleProblems(master, others));
                return [master, ...others];
            });
        const domainArn = pulumi
            .all([args.accountId, args.region, partition])
            .apply(([accountId, region, part]) =>
                domainArnOf({ accountId, region, partition: part, domainName }),
            );

        const role = new ServiceLinkedRole(
            `${name}-service-linked-role`,
            { ...SERVICE_LINKED_ROLE, region: args.region, neededBy: domainName },
            { parent: this },
        );
        // Again when they are known: what resources give cannot be judged before.
        const judged = given.apply((ids) => {
            assertNoProblems(this, name, subnetProblems(ids, cluster));
            return role;
        });
        const logGroups = this.createLogGroups(name, domainName, args);
        const logPolicyName =
            args.logPolicyName === undefined
                ? new OpenSearchLogPolicy(
                      `${name}-logs`,
                      {
                          policyName: `opensearch-${domainName}`,
                          domainName,
                          accountId: args.accountId,
                          region: args.region,
                          partition,
                      },
                      { parent: this },
                  ).policyName
                : pulumi.output(args.logPolicyName);

        const domain = new aws.opensearch.Domain(
            `${name}-domain`,
            {
                domainName,
                engineVersion: cluster.engineVersion,
                ...clusterInputs(cluster),
                ...scheduleInputs(cluster),
                vpcOptions: { subnetIds, securityGroupIds },
                encryptAtRest: { enabled: true, kmsKeyId: args.kmsKeyArn },
                nodeToNodeEncryption: { enabled: true },
                domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: cluster.tlsSecurityPolicy },
                advancedSecurityOptions: {
                    enabled: true,
                    internalUserDatabaseEnabled: false,
                    masterUserOptions: { masterUserArn: args.masterUserArn },
                },
                // On the domain itself and not as aws.opensearch.DomainPolicy: between the two the domain would have none.
                accessPolicies: pulumi
                    .all([domainArn, roleArns])
                    .apply(([arn, roles]) => JSON.stringify(accessPolicy(arn, roles))),
                // A group's ARN is handed on only once the policy is there: AWS refuses a group that it may not write to.
                logPublishingOptions: logGroups.map(({ logType, group }) => ({
                    logType,
                    cloudwatchLogGroupArn: pulumi.all([group.arn, logPolicyName]).apply(([arn]) => arn),
                })),
                tags: childTags(args.tags, "opensearch", `${name}-domain`),
            },
            {
                parent: this,
                dependsOn: [role, judged],
                // On the domain itself: a component's own option does not reach every child.
                protect: args.protectData ?? true,
                deleteBeforeReplace: true,
            },
        );

        this.endpoint = domain.endpoint;
        this.dashboardEndpoint = domain.dashboardEndpoint;
        this.domainArn = domain.arn;
        this.domainName = domain.domainName;
        this.securityGroupIds = securityGroupIds;
        this.subnetIds = pulumi.all(subnetIds);
        this.logGroupNames = pulumi.all(logGroups.map(({ group }) => group.name));
        this.serviceLinkedRoleArn = role.roleArn;
        this.registerOutputs({
            endpoint: this.endpoint,
            dashboardEndpoint: this.dashboardEndpoint,
            domainArn: this.domainArn,
            domainName: this.domainName,
        });
    }

    accessStatement(access: DataAccess): pulumi.Output<PolicyStatement> {
        return this.domainArn.apply((arn) => domainStatement(arn, access));
    }

    private createLogGroups(
        name: string,
        domainName: string,
        args: OpenSearchDomainArgs,
    ): { logType: string; group: aws.cloudwatch.LogGroup }[] {
        return Object.entries(LOG_TYPES).map(([logType, suffix]) => {
            const childName = `${name}-${suffix}-logs`;
            const group = new aws.cloudwatch.LogGroup(
                childName,
                {
                    name: `${LOG_GROUP_PREFIX}${domainName}/${suffix}`,
                    retentionInDays: args.logRetentionInDays ?? 365,
                    kmsKeyId: args.kmsKeyArn,
                    tags: childTags(args.tags, "opensearch", childName),
                },
                { parent: this },
            );
            return { logType, group };
        });
    }
}

/** What is wrong with the arguments, as far as it can be seen before anything is made. */
export function openSearchDomainProblems(
    args: OpenSearchDomainArgs,
    cluster: Cluster,
    domainName: string,
): Problem[] {
    const retention = args.logRetentionInDays ?? 365;
    return [
        ...domainNameProblems(domainName),
        ...clusterProblems(cluster),
        ...retentionProblems(retention).map((problem) => ({ ...problem, key: "logRetentionInDays" })),
        ...ifPlain(args.subnetIds, (ids) => subnetProblems(ids, cluster)),
        ...ifPlain(args.securityGroupIds, securityGroupProblems),
        ...roleProblems(args.masterUserArn, args.accessRoleArns ?? []),
    ];
}

function subnetProblems(subnetIds: readonly unknown[], { zoneCount, availabilityZones }: Cluster): Problem[] {
    if (subnetIds.length === availabilityZones.length && subnetIds.length >= zoneCount) return [];
    return [
        {
            key: "subnetIds",
            value: subnetIds.map((id) => (typeof id === "string" ? id : "(not known yet)")),
            allowed: `one subnet for each of availabilityZones (${availabilityZones.join(", ")}), in their order`,
        },
    ];
}

function securityGroupProblems(ids: readonly unknown[]): Problem[] {
    return ids.length > 0 && ids.length <= 5
        ? []
        : [
              {
                  key: "securityGroupIds",
                  value: ids,
                  allowed: "1 to 5 security groups: without any, the VPC's default one would apply",
              },
          ];
}

/** An ARN that is not known yet is judged when it is. */
function roleProblems(master: unknown, others: readonly unknown[]): Problem[] {
    const judge = (key: string, arn: unknown) => (typeof arn === "string" ? roleArnProblems(key, arn) : []);
    return [
        ...judge("masterUserArn", master),
        ...others.flatMap((arn, index) => judge(`accessRoleArns[${index}]`, arn)),
    ];
}

/** What is wrong with a list, when its length is known. */
function ifPlain(
    value: pulumi.Input<pulumi.Input<string>[]>,
    problems: (items: readonly unknown[]) => Problem[],
): Problem[] {
    return Array.isArray(value) ? problems(value) : [];
}

/** Nodes, zones and volumes as the resource takes them. */
function clusterInputs(cluster: Cluster): Pick<aws.opensearch.DomainArgs, "clusterConfig" | "ebsOptions"> {
    const { zoneCount, dedicatedMasterCount } = cluster;
    return {
        clusterConfig: {
            instanceType: cluster.dataNodeType,
            instanceCount: cluster.dataNodeCount,
            zoneAwarenessEnabled: zoneCount > 1,
            ...(zoneCount > 1 ? { zoneAwarenessConfig: { availabilityZoneCount: zoneCount } } : {}),
            dedicatedMasterEnabled: dedicatedMasterCount > 0,
            ...(dedicatedMasterCount > 0
                ? { dedicatedMasterCount, dedicatedMasterType: cluster.dedicatedMasterType }
                : {}),
            multiAzWithStandbyEnabled: cluster.multiAzWithStandby,
        },
        ebsOptions: {
            ebsEnabled: true,
            volumeType: "gp3",
            volumeSize: cluster.volumeSizeGib,
            iops: cluster.volumeIops,
            throughput: cluster.volumeThroughputMibs,
        },
    };
}

/** What AWS may do by itself, and when. */
function scheduleInputs(
    cluster: Cluster,
): Pick<
    aws.opensearch.DomainArgs,
    "autoTuneOptions" | "offPeakWindowOptions" | "snapshotOptions" | "softwareUpdateOptions"
> {
    return {
        autoTuneOptions: {
            desiredState: cluster.autoTune ? "ENABLED" : "DISABLED",
            rollbackOnDisable: "NO_ROLLBACK",
            useOffPeakWindow: cluster.autoTune,
        },
        offPeakWindowOptions: {
            enabled: true,
            offPeakWindow: { windowStartTime: { hours: cluster.offPeakStartHour, minutes: 0 } },
        },
        snapshotOptions: { automatedSnapshotStartHour: cluster.snapshotStartHour },
        softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
    };
}
