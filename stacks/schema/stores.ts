import { z } from "zod";

import { clusterIdentifierProblems } from "../../components/neptune/problems";
import { TLS_SECURITY_POLICIES } from "../../components/opensearch/cluster";
import { domainNameProblems } from "../../components/opensearch/domain-name";
import { allowed, flag, number, object, oneOf, text, valueJudgedBy } from "./common";
import { serviceSchema } from "./service";

const arn = (what: string) => text(`the ARN of ${what}`);

/** Amazon Neptune. */
export const neptuneSchema = serviceSchema(
    {
        clusterIdentifier: text("the name of the cluster")
            .superRefine(valueJudgedBy(clusterIdentifierProblems))
            .optional(),
        engineVersion: text('a version in quotes, such as "1.4.5.1"').optional(),
        allowMajorVersionUpgrade: flag().optional(),
        autoMinorVersionUpgrade: flag().optional(),
        instanceClass: text("db.serverless, or a class such as db.r6g.large").optional(),
        serverlessCapacity: z
            .strictObject({ minNcu: number("a number of NCU"), maxNcu: number("a number of NCU") }, object)
            .optional(),
        readReplicas: number("a number of instances").optional(),
        backupRetentionDays: number("a number of days").optional(),
        finalSnapshot: flag().optional(),
        auditLogRetentionInDays: number("a number of days").optional(),
        queryTimeoutMilliseconds: number("a number of milliseconds").optional(),
        bulkLoad: z
            .strictObject(
                {
                    sources: z.array(
                        z.strictObject(
                            { bucket: text("the name of a bucket"), prefix: text("a folder with its slash") },
                            object,
                        ),
                        allowed("a list of { bucket, prefix }"),
                    ),
                    kmsKeyArns: z.array(arn("a KMS key"), allowed("a list of ARNs")).optional(),
                },
                object,
            )
            .optional(),
        applyImmediately: flag().optional(),
    },
    (adopt) => adopt({ clusterIdentifier: text("the name of a cluster that is there") }),
);

/** Amazon OpenSearch Service. */
export const opensearchSchema = serviceSchema(
    {
        domainName: text("the name of the domain").superRefine(valueJudgedBy(domainNameProblems)).optional(),
        engineVersion: text('a version in quotes, such as "OpenSearch_2.19"').optional(),
        dataNodeCount: number("a number of nodes").optional(),
        dataNodeType: text("an instance type, such as m6g.large.search").optional(),
        zoneCount: number("a number of zones").optional(),
        dedicatedMasterCount: number("a number of nodes").optional(),
        dedicatedMasterType: text("an instance type, such as m6g.large.search").optional(),
        multiAzWithStandby: flag().optional(),
        volumeSizeGib: number("a number of GiB").optional(),
        volumeIops: number("a number of operations a second").optional(),
        volumeThroughputMibs: number("a number of MiB a second").optional(),
        autoTune: flag().optional(),
        offPeakStartHour: number("an hour, UTC").optional(),
        snapshotStartHour: number("an hour, UTC").optional(),
        tlsSecurityPolicy: oneOf(TLS_SECURITY_POLICIES).optional(),
        logRetentionInDays: number("a number of days").optional(),
        masterUserArn: arn("the IAM role that administers the domain").optional(),
        accessRoleArns: z.array(arn("an IAM role"), allowed("a list of ARNs")).default([]),
    },
    (adopt) =>
        adopt({
            domainName: text("the name of a domain that is there").superRefine(
                valueJudgedBy(domainNameProblems),
            ),
        }),
);
