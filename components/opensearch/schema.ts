import { z } from "zod";

import { logRetention, roleArn } from "../schema/aws";
import { flag, fromResource, listOf, oneOf, oneOfNumbers, text, wholeNumber } from "../schema/fields";
import { judgedBy, together } from "../schema/problems";
import {
    autoTuneProblems,
    burstableProblems,
    dataNodeTypeProblems,
    masterTypeProblems,
    SMALLEST_VOLUME,
    standbyProblems,
    subnetProblems,
    volumeProblems,
    zoneProblems,
} from "./cluster";
import { DOMAIN_NAME } from "./domain-name";

/** Policies that refuse everything below TLS 1.2. */
export const TLS_SECURITY_POLICIES = [
    // TLS 1.2 and 1.3, and only ciphers with perfect forward secrecy.
    "Policy-Min-TLS-1-2-PFS-2023-10",
    // Only the ciphers of RFC 9151, for FIPS; few clients support them.
    "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
    // TLS 1.2, for clients without a cipher that has forward secrecy.
    "Policy-Min-TLS-1-2-2019-07",
] as const;

const domainName = () =>
    text("3 to 28 lower-case letters, digits and hyphens, the first of them a letter", DOMAIN_NAME);

/** What a user decides about a domain: the fields of `opensearch` in a stack's configuration. */
export const opensearchSettings = {
    /**
     * Name of the domain, unique in the account and region. A new name is a new, empty domain.
     * @default made from the component's name; two stacks in an account and region each have to give their own
     */
    domainName: domainName().optional(),
    /**
     * Version of the engine.
     * @default "OpenSearch_2.19"
     */
    engineVersion: text("a version of OpenSearch, such as OpenSearch_2.19", /^OpenSearch_\d+\.\d+$/).default(
        "OpenSearch_2.19",
    ),
    /**
     * Data nodes, a multiple of the zones.
     * @default 3
     */
    dataNodeCount: wholeNumber(1, 80).default(3),
    /**
     * Instance type of the data nodes, with EBS volumes and encryption at rest.
     * @default "m6g.large.search"
     */
    dataNodeType: text("an instance type of OpenSearch Service, such as m6g.large.search")
        .superRefine(judgedBy(dataNodeTypeProblems))
        .default("m6g.large.search"),
    /**
     * Zones over which the nodes are spread. With one zone the domain has no zone awareness and exactly one subnet.
     * @default 1 for a single data node, otherwise all given zones, at most 3
     */
    zoneCount: oneOfNumbers([1, 2, 3], "1, 2 or 3").optional(),
    /**
     * Nodes that lead the cluster and hold no data. Without them the data nodes lead it as well.
     * @default 3
     */
    dedicatedMasterCount: oneOfNumbers(
        [0, 3, 5],
        "3 or 5, so that a majority survives the loss of one; or 0 for no dedicated masters",
    ).default(3),
    /**
     * Instance type of the dedicated master nodes.
     * @default "m6g.large.search"
     */
    dedicatedMasterType: text("an instance type of OpenSearch Service, such as m6g.large.search").default(
        "m6g.large.search",
    ),
    /**
     * Multi-AZ with Standby: one of three zones holds a full copy in reserve. It needs 3 zones, 3 dedicated masters and no
     * burstable instance.
     * @default false
     */
    multiAzWithStandby: flag().default(false),
    /**
     * Size of the gp3 volume of each data node, in GiB. Small instance types allow less.
     * @default 64
     */
    volumeSizeGib: wholeNumber(SMALLEST_VOLUME, 24_576).default(64),
    /**
     * Operations a second of each volume.
     * @default 3000, which gp3 includes in its price
     */
    volumeIops: wholeNumber(3000, 80_000).default(3000),
    /**
     * Throughput of each volume, in MiB a second.
     * @default 125, which gp3 includes in its price
     */
    volumeThroughputMibs: wholeNumber(125, 2000).default(125),
    /**
     * Allows AWS to tune memory and queues of the nodes.
     * @default true, but for instance types that AWS does not tune (t3)
     */
    autoTune: flag().optional(),
    /**
     * Hour (UTC) in which the daily ten hours begin that AWS may use for updates and tuning.
     * @default 7
     */
    offPeakStartHour: wholeNumber(0, 23).default(7),
    /**
     * Hour (UTC) of the automated snapshot. AWS takes a snapshot of OpenSearch every hour in any case, but it shows this value, and
     * audits read it.
     * @default 3
     */
    snapshotStartHour: wholeNumber(0, 23).default(3),
    /**
     * The lowest TLS version that the endpoint accepts.
     * @default "Policy-Min-TLS-1-2-PFS-2023-10"
     */
    tlsSecurityPolicy: oneOf(TLS_SECURITY_POLICIES).default("Policy-Min-TLS-1-2-PFS-2023-10"),
    /**
     * Days that the logs are kept.
     * @default 365, the year that control CKV_AWS_338 asks for
     */
    logRetentionInDays: logRetention().default(365),
    /** ARN of the IAM role that administers fine-grained access control: it maps other roles to what they may do. */
    masterUserArn: fromResource(roleArn()),
    /**
     * ARNs of the IAM roles that may send requests, besides the master. The access policy admits them. A role mapping of the master
     * says what they may do. AWS's API cannot make that mapping.
     * @default []
     */
    accessRoleArns: listOf(fromResource(roleArn()), "a list of ARNs of IAM roles").default([]),
};

/** The arguments of a domain that can be judged. */
export const opensearchSchema = z
    .object({
        ...opensearchSettings,
        /** The availability zones of the subnets, in the order of `subnetIds`. The domain uses the first `zoneCount` of them. */
        availabilityZones: listOf(text("the name of a zone"), "a list of zone names", {
            least: 1,
            allowed: "the zones of the subnets, at least one",
        }),
        /** Subnets of the isolated tier, in the order of `availabilityZones`; the domain uses the first `zoneCount`. */
        subnetIds: fromResource(listOf(fromResource(text("the id of a subnet")), "a list of subnets")),
        /** Security groups of the domain's network interfaces, with their rules. */
        securityGroupIds: fromResource(
            listOf(fromResource(text("the id of a security group")), "a list of security groups", {
                least: 1,
                most: 5,
                allowed: "1 to 5 security groups: without any, the VPC's default one would apply",
            }),
        ),
        /**
         * Protects the domain, and so its data, from deletion by Pulumi.
         * @default true
         */
        protectData: flag().default(true),
    })
    .check(
        together(burstableProblems),
        together(zoneProblems),
        together(masterTypeProblems),
        together(standbyProblems),
        together(volumeProblems),
        together(autoTuneProblems),
        together(({ subnetIds, availabilityZones }) =>
            Array.isArray(subnetIds) ? subnetProblems(subnetIds, availabilityZones) : [],
        ),
    );

/** The arguments of a domain, complete but for what follows from others. */
export type OpenSearchSettings = z.output<typeof opensearchSchema>;

/** The fields of `opensearch` for a domain that is there already. */
export const adoptedOpensearchSettings = {
    /** Name of the domain that exists, in the account and region of the stack. */
    domainName: domainName(),
};

/** The plain arguments of a domain that is there already. */
export const adoptedOpensearchSchema = z.object(adoptedOpensearchSettings);
