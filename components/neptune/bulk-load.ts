import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { childTags, type Tags } from "../tags";
import type { Problem } from "../validation";

/** A folder of a bucket that may be loaded. */
export interface BulkLoadSource {
    /** Name of the bucket, in the region of the cluster: the loader takes no other. */
    readonly bucket: pulumi.Input<string>;
    /** The folder, with its closing slash: `graphs/2026/`. The empty string stands for the whole bucket. */
    readonly prefix: string;
}

/** What a bulk load may read. */
export interface BulkLoad {
    /** The folders, and nothing else in their buckets. */
    readonly sources: readonly BulkLoadSource[];
    /**
     * ARNs of the KMS keys that encrypt the objects (SSE-KMS).
     * @default none: the objects are encrypted with keys of S3
     */
    readonly kmsKeyArns?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What is wrong with what a bulk load may read. */
export function bulkLoadProblems(bulkLoad: Pick<BulkLoad, "sources">): Problem[] {
    if (bulkLoad.sources.length === 0) {
        const allowed = "at least one bucket and prefix; leave bulkLoad out when nothing is to be loaded";
        return [{ key: "bulkLoad.sources", value: bulkLoad.sources, allowed }];
    }
    return bulkLoad.sources.flatMap(({ prefix }, index) => {
        if (prefix === "" || /^[^/*?$][^*?$]*\/$/.test(prefix)) return [];
        const allowed =
            "a folder such as graphs/, without a slash before it, with one behind it (graphs would match graphs-private too) " +
            'and without * ? $; or "" for the whole bucket';
        return [{ key: `bulkLoad.sources[${index}].prefix`, value: prefix, allowed }];
    });
}

/** Who may take the role: Neptune, which goes by the name of RDS, on behalf of this account alone (confused deputy). */
export function bulkLoadTrust(accountId: string): object {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "rds.amazonaws.com" },
                Action: "sts:AssumeRole",
                Condition: { StringEquals: { "aws:SourceAccount": accountId } },
            },
        ],
    };
}

/** What the role may do: list and read these folders, and decrypt with these keys. */
export function bulkLoadPolicy(
    partition: string,
    sources: readonly { bucket: string; prefix: string }[],
    kmsKeyArns: readonly string[],
): object {
    const bucketArn = (bucket: string) => `arn:${partition}:s3:::${bucket}`;
    const statements: object[] = [
        {
            Sid: "ReadObjects",
            Effect: "Allow",
            Action: "s3:GetObject",
            Resource: sources.map(({ bucket, prefix }) => `${bucketArn(bucket)}/${prefix}*`),
        },
        {
            Sid: "LocateBuckets",
            Effect: "Allow",
            Action: "s3:GetBucketLocation",
            Resource: [...new Set(sources.map(({ bucket }) => bucketArn(bucket)))],
        },
        ...sources.map(({ bucket, prefix }, index) => ({
            Sid: `ListFolder${index + 1}`,
            Effect: "Allow",
            Action: "s3:ListBucket",
            Resource: bucketArn(bucket),
            ...(prefix === "" ? {} : { Condition: { StringLike: { "s3:prefix": `${prefix}*` } } }),
        })),
    ];
    if (kmsKeyArns.length > 0) {
        statements.push({
            Sid: "DecryptObjects",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: kmsKeyArns,
        });
    }
    return { Version: "2012-10-17", Statement: statements };
}

/** Makes the role that the loader reads S3 by. Its ARN resolves only after the role may read. */
export function createBulkLoadRole(
    name: string,
    args: {
        bulkLoad: BulkLoad;
        accountId: pulumi.Input<string>;
        partition: pulumi.Input<string>;
        tags: Tags | undefined;
    },
    parent: pulumi.Resource,
): pulumi.Output<string> {
    const { sources, kmsKeyArns } = args.bulkLoad;
    const role = new aws.iam.Role(
        name,
        {
            description: "Lets the bulk loader of Neptune read its folders in S3",
            assumeRolePolicy: pulumi.jsonStringify(pulumi.output(args.accountId).apply(bulkLoadTrust)),
            tags: childTags(args.tags, "neptune", name),
        },
        { parent },
    );
    const policy = new aws.iam.RolePolicy(
        name,
        {
            role: role.id,
            policy: pulumi
                .all([args.partition, pulumi.output(sources.map((source) => source)), kmsKeyArns ?? []])
                .apply(([partition, folders, keys]) =>
                    JSON.stringify(bulkLoadPolicy(partition, folders, keys)),
                ),
        },
        { parent },
    );
    return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
}
