import { z } from "zod";

import { logRetention, regionName, zoneNames, zoneProblems } from "../schema/aws";
import { flag, fromResource, listOf, object, steppedNumber, text, wholeNumber } from "../schema/fields";
import { judgedBy, together } from "../schema/problems";
import {
    capacityProblems,
    KNOWN_VERSIONS,
    parameterGroupFamily,
    publishesLogs,
    SERVERLESS_INSTANCE_CLASS,
} from "./engine";

/**
 * How one component is described: its plain arguments with their types, bounds and defaults, and the rules between them. The
 * component's arguments, the stack's configuration and docs/configuration.md all follow from it.
 */

const serverlessCapacity = object({
    /** The smallest capacity, in Neptune capacity units (NCU) of 2 GiB of memory. */
    minNcu: steppedNumber(1, 128, 0.5, "NCU"),
    /** The largest capacity, in NCU. */
    maxNcu: steppedNumber(2.5, 128, 0.5, "NCU"),
}).superRefine(
    judgedBy(({ minNcu, maxNcu }) =>
        minNcu <= maxNcu
            ? []
            : [{ key: "minNcu", value: minNcu, allowed: `at most maxNcu, which is ${maxNcu}` }],
    ),
);

/** How far serverless instances scale when nothing else is asked for. */
export const SMALLEST_CAPACITY: z.output<typeof serverlessCapacity> = { minNcu: 1, maxNcu: 2.5 };

const bulkLoad = object({
    /** The folders that the loader may read, and nothing else in their buckets. */
    sources: listOf(
        object({
            /** Name of the bucket. It has to be in the region of the cluster: the loader accepts no other. */
            bucket: fromResource(text("the name of a bucket")),
            /** The folder, with its closing slash: `graphs/2026/`. The empty text stands for the whole bucket. */
            prefix: text(
                "a folder such as graphs/, without a slash before it, with one behind it (graphs would match graphs-private too) " +
                    'and without * ? $; or "" for the whole bucket',
                /^$|^[^/*?$][^*?$]*\/$/,
            ),
        }),
        "a list of { bucket, prefix }",
        {
            least: 1,
            allowed: "at least one bucket and prefix; leave bulkLoad out when nothing is to be loaded",
        },
    ),
    /**
     * ARNs of the KMS keys that encrypt the objects (SSE-KMS).
     * @default none: the objects are encrypted with keys of S3
     */
    kmsKeyArns: fromResource(
        listOf(fromResource(text("the ARN of a KMS key")), "a list of ARNs of KMS keys"),
    ).optional(),
});

/** What a bulk load may read. */
export type BulkLoad = z.input<typeof bulkLoad>;

const KNOWN_VERSION = `a full Neptune version, such as 1.4.5.1, that begins with ${KNOWN_VERSIONS.join(", ")}: its parameter group family is known`;

/** What a user decides about a cluster: the fields of `neptune` in a stack's configuration. */
export const neptuneSettings = {
    /**
     * Name of the cluster, of its instances (`<name>-1`, ...) and of its audit log group (`/aws/neptune/<name>/audit`). It has to be
     * unique in the account and region. A new name replaces the cluster and its data.
     */
    clusterIdentifier: text(
        "1 to 60 lower-case letters, digits and single hyphens, with a letter first and no hyphen last",
        // AWS allows 63 characters. Three are kept for the instances, which have the cluster's name and a number.
        /^(?=.{1,60}$)[a-z](-?[a-z0-9])*$/,
    ),
    /**
     * Version of the engine, with all four numbers. The parameter group families follow from it.
     * @default "1.4.5.1"
     */
    // 1.4.5.0 cannot be used: AWS withdrew it because of a fault in serverless scaling, which 1.4.5.1 corrects.
    engineVersion: text(KNOWN_VERSION, (version) => parameterGroupFamily(version) !== undefined).default(
        "1.4.5.1",
    ),
    /**
     * Allows a new `engineVersion` of another family. AWS upgrades in place. There is no way back.
     * @default false
     */
    allowMajorVersionUpgrade: flag().default(false),
    /**
     * Allows AWS to install patches and minor engine versions in the maintenance window. The program then declares an older version
     * than there is, until `engineVersion` follows.
     * @default false
     */
    autoMinorVersionUpgrade: flag().default(false),
    /**
     * Class of every instance: `db.serverless`, or a provisioned one such as `db.r6g.large`.
     * @default "db.serverless"
     */
    instanceClass: text(
        `${SERVERLESS_INSTANCE_CLASS}, or a provisioned class such as db.r6g.large`,
        /^db\.(serverless|[a-z0-9]+\.[a-z0-9]+)$/,
    ).default(SERVERLESS_INSTANCE_CLASS),
    /**
     * How far each serverless instance scales. Only for `db.serverless`.
     * @default 1 to 2.5 NCU, the smallest range
     */
    serverlessCapacity: serverlessCapacity.optional(),
    /**
     * Instances besides the writer. With one or more, another zone takes over when the zone of the writer fails. With none, the
     * cluster is down until AWS has made a new writer: the component warns.
     * @default 1
     */
    readReplicas: wholeNumber(0, 15, "read replicas").default(1),
    /**
     * Days that automatic backups are kept. Control Neptune.5 asks for 7.
     * @default 7
     */
    backupRetentionDays: wholeNumber(1, 35, "days").default(7),
    /**
     * Keeps a snapshot of a deleted cluster. It costs as long as it exists, and no program deletes it.
     * @default `protectData`
     */
    finalSnapshot: flag().optional(),
    /**
     * Days that audit records are kept.
     * @default 365
     */
    auditLogRetentionInDays: logRetention().default(365),
    /**
     * Milliseconds after which a query is ended.
     * @default 120000, as in AWS
     */
    queryTimeoutMilliseconds: wholeNumber(10, 2_147_483_647, "milliseconds").default(120_000),
    /**
     * What the bulk loader may read. A role for it is made and attached to the cluster. The subnets need the gateway endpoint of S3.
     * @default none: nothing can be loaded in bulk
     */
    bulkLoad: bulkLoad.optional(),
    /**
     * Whether the deployment makes changes of the cluster and its instances at once. Some of them restart the instances. Otherwise
     * they are made in the maintenance window, and every deployment shows them as a change until then.
     * @default true
     */
    applyImmediately: flag().default(true),
};

/** The plain arguments of a cluster. */
export const neptuneSchema = z
    .object({
        /** The region of the cluster. */
        region: regionName(),
        /** The zones of the subnets, by name, at least two. Instances are spread over them in this order. */
        availabilityZones: zoneNames(),
        /**
         * Refuses every deletion: AWS by deletion protection, Pulumi by `protect`. To end a lab, deploy once with `false`, then destroy.
         * @default true
         */
        protectData: flag().default(true),
        ...neptuneSettings,
    })
    .check(
        together(({ availabilityZones, region }) => {
            const problems = zoneProblems(availabilityZones, region);
            if (problems.length > 0 || availabilityZones.length > 1) return problems;
            const allowed = "at least two zones: AWS refuses a subnet group that covers one alone";
            return [{ key: "availabilityZones", value: availabilityZones, allowed }];
        }),
        together(capacityProblems),
        together(({ region }) => {
            if (publishesLogs(region)) return [];
            const allowed = "a region outside of China: there Neptune publishes no audit log";
            return [{ key: "region", value: region, allowed }];
        }),
    );

/** The fields of `neptune` for a cluster that is there already. */
export const adoptedNeptuneSettings = {
    /** Name of the cluster that exists, in the account and region of the stack. */
    clusterIdentifier: text(
        "the name of a Neptune cluster: 1 to 63 lower-case letters, digits and single hyphens",
        /^(?=.{1,63}$)[a-z](-?[a-z0-9])*$/,
    ),
};

/** The plain arguments of a cluster that is there already. */
export const adoptedNeptuneSchema = z.object(adoptedNeptuneSettings);
