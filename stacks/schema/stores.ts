import { z } from "zod";

import { adoptedNeptuneSettings, neptuneSettings } from "../../components/neptune/schema";
import { TLS_SECURITY_POLICIES } from "../../components/opensearch/cluster";
import { domainNameProblems } from "../../components/opensearch/domain-name";
import { allowed, flag, number, oneOf, text, valueJudgedBy } from "./common";
import { serviceSchema } from "./service";

const arn = (what: string) => text(`the ARN of ${what}`);

/** Amazon Neptune. */
export const neptuneSchema = serviceSchema(
    {
        ...neptuneSettings,
        /** @default a name made from the names of the project and the stack */
        clusterIdentifier: neptuneSettings.clusterIdentifier.optional(),
    },
    (adopt) => adopt(adoptedNeptuneSettings),
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
