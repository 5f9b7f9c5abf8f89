import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { PolicyStatement } from "../lib/policy/statement";
import { accessPolicy, type DataAccess, domainStatement } from "./opensearch/access-policy";
import { autoTuneOf, subnetProblems, zoneCountOf } from "./opensearch/cluster";
import { domainArnOf, domainNameFrom } from "./opensearch/domain-name";
import { LOG_GROUP_PREFIX, OpenSearchLogPolicy } from "./opensearch/log-policy";
import type { OpenSearchOutputs } from "./opensearch/outputs";
import { opensearchSchema } from "./opensearch/schema";
import { ServiceLinkedRole } from "./opensearch/service-linked-role/resource";
import { argumentProblems, validated } from "./schema/problems";
import { childTags, type Tags } from "./tags";
import { assertNoProblems, type Problem } from "./validation";

/** Arguments of an {@link OpenSearchDomain}: those of its schema, and these. */
export interface OpenSearchDomainArgs extends z.input<typeof opensearchSchema> {
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
    /**
     * `policyName` of an {@link OpenSearchLogPolicy} that already lets the domain write below `/aws/opensearch/`. CloudWatch Logs
     * allows ten such policies in a region.
     * @default none: the domain gets a policy of its own
     */
    logPolicyName?: pulumi.Input<string>;
    /**
     * Tags of the domain and its log groups.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/** What each part of a domain is made from. */
interface Plan {
    readonly name: string;
    readonly args: OpenSearchDomainArgs;
    readonly settings: Settings;
    readonly partition: pulumi.Input<string>;
    readonly parent: pulumi.ComponentResource;
}

/** The arguments that are judged, complete. */
type Settings = z.output<typeof opensearchSchema> & {
    readonly domainName: string;
    readonly zoneCount: number;
    readonly autoTune: boolean;
};

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
        const settings = complete(name, validated(this, name, opensearchSchema, args));
        const plan: Plan = { name, args, settings, partition: args.partition ?? "aws", parent: this };

        const role = createServiceLinkedRole(plan);
        const logs = createLogs(plan);
        const place = placeOf(plan);
        const domain = createDomain(plan, { role, logs, place });

        this.endpoint = domain.endpoint;
        this.dashboardEndpoint = domain.dashboardEndpoint;
        this.domainArn = domain.arn;
        this.domainName = domain.domainName;
        this.securityGroupIds = place.securityGroupIds;
        this.subnetIds = pulumi.all(place.subnetIds);
        this.logGroupNames = pulumi.all(logs.map(({ group }) => group.name));
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
}

/** Fills in what follows from other arguments. */
function complete(name: string, settings: z.output<typeof opensearchSchema>): Settings {
    return {
        ...settings,
        domainName: settings.domainName ?? domainNameFrom(name),
        zoneCount: zoneCountOf(settings),
        autoTune: autoTuneOf(settings),
    };
}

function createServiceLinkedRole({ name, args, settings, parent }: Plan): ServiceLinkedRole {
    return new ServiceLinkedRole(
        `${name}-service-linked-role`,
        { ...SERVICE_LINKED_ROLE, region: args.region, neededBy: settings.domainName },
        { parent },
    );
}

/** A kind of log and where it goes. */
interface Log {
    readonly logType: string;
    readonly group: aws.cloudwatch.LogGroup;
    /** ARN of the group. Resolves only once the domain may write to it: AWS refuses any other. */
    readonly writableArn: pulumi.Output<string>;
}

function createLogs(plan: Plan): Log[] {
    const { name, args, settings, parent } = plan;
    const groups = Object.entries(LOG_TYPES).map(([logType, suffix]) => {
        const childName = `${name}-${suffix}-logs`;
        const group = new aws.cloudwatch.LogGroup(
            childName,
            {
                name: `${LOG_GROUP_PREFIX}${settings.domainName}/${suffix}`,
                retentionInDays: settings.logRetentionInDays,
                kmsKeyId: args.kmsKeyArn,
                tags: childTags(args.tags, "opensearch", childName),
            },
            { parent },
        );
        return { logType, group };
    });
    const policyName = args.logPolicyName ?? createLogPolicy(plan).policyName;
    return groups.map(({ logType, group }) => ({
        logType,
        group,
        writableArn: pulumi.all([group.arn, policyName]).apply(([arn]) => arn),
    }));
}

function createLogPolicy({ name, args, settings, partition, parent }: Plan): OpenSearchLogPolicy {
    const { domainName } = settings;
    const { accountId, region } = args;
    return new OpenSearchLogPolicy(
        `${name}-logs`,
        { policyName: `opensearch-${domainName}`, domainName, accountId, region, partition },
        { parent },
    );
}

/** Where a domain is and who may call it; judged again once it is known what resources gave. */
interface Place {
    readonly subnetIds: (pulumi.Output<string> | string)[];
    readonly securityGroupIds: pulumi.Output<string[]>;
    readonly roleArns: pulumi.Output<string[]>;
    /** Resolves when the subnets are known and right. */
    readonly subnetsFit: pulumi.Output<unknown>;
}

function placeOf({ name, args, settings, parent }: Plan): Place {
    const refuse = (problems: Problem[]) => assertNoProblems(parent, name, problems);
    const given = pulumi.output(args.subnetIds);
    const { masterUserArn, accessRoleArns } = settings;
    return {
        // One by one: the list as a whole is unknown while another zone's subnet is being made.
        subnetIds: Array.from({ length: settings.zoneCount }, (_, index) => given[index] ?? ""),
        subnetsFit: given.apply((ids) => refuse(subnetProblems(ids, settings.availabilityZones))),
        securityGroupIds: pulumi.output(args.securityGroupIds).apply((ids) => {
            refuse(argumentProblems(opensearchSchema, "securityGroupIds", ids));
            return ids;
        }),
        roleArns: pulumi.all([masterUserArn, pulumi.all([...accessRoleArns])]).apply(([master, others]) => {
            refuse([
                ...argumentProblems(opensearchSchema, "masterUserArn", master),
                ...argumentProblems(opensearchSchema, "accessRoleArns", others),
            ]);
            return [master, ...others];
        }),
    };
}

/** What a domain is put together from. */
interface DomainParts {
    readonly role: ServiceLinkedRole;
    readonly logs: readonly Log[];
    readonly place: Place;
}

function createDomain(plan: Plan, { role, logs, place }: DomainParts): aws.opensearch.Domain {
    const { name, args, settings, partition, parent } = plan;
    const { domainName } = settings;
    const domainArn = pulumi
        .all([args.accountId, args.region, partition])
        .apply(([accountId, region, part]) =>
            domainArnOf({ accountId, region, partition: part, domainName }),
        );
    return new aws.opensearch.Domain(
        `${name}-domain`,
        {
            domainName,
            engineVersion: settings.engineVersion,
            ...clusterInputs(settings),
            ...scheduleInputs(settings),
            vpcOptions: { subnetIds: place.subnetIds, securityGroupIds: place.securityGroupIds },
            encryptAtRest: { enabled: true, kmsKeyId: args.kmsKeyArn },
            nodeToNodeEncryption: { enabled: true },
            domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: settings.tlsSecurityPolicy },
            advancedSecurityOptions: {
                enabled: true,
                internalUserDatabaseEnabled: false,
                masterUserOptions: { masterUserArn: args.masterUserArn },
            },
            // On the domain itself and not as aws.opensearch.DomainPolicy: between the two the domain would have none.
            accessPolicies: pulumi
                .all([domainArn, place.roleArns])
                .apply(([arn, roles]) => JSON.stringify(accessPolicy(arn, roles))),
            logPublishingOptions: logs.map(({ logType, writableArn }) => ({
                logType,
                cloudwatchLogGroupArn: writableArn,
            })),
            tags: childTags(args.tags, "opensearch", `${name}-domain`),
        },
        {
            parent,
            dependsOn: [role, place.subnetsFit.apply(() => role)],
            // On the domain itself: a component's own option does not reach every child.
            protect: settings.protectData,
            deleteBeforeReplace: true,
        },
    );
}

/** Nodes, zones and volumes as the resource takes them. */
function clusterInputs(cluster: Settings): Pick<aws.opensearch.DomainArgs, "clusterConfig" | "ebsOptions"> {
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
    cluster: Settings,
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
