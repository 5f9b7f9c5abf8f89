import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { childTags, type Tags } from "../tags";
import type { BulkLoad } from "./schema";

/** Who may assume the role: Neptune, whose service principal is that of RDS, for this account only (confused deputy). */
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

/** Makes the role with which the loader reads S3. Its ARN resolves only after the role may read. */
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
                .all([args.partition, pulumi.output([...sources]), kmsKeyArns ?? []])
                .apply(([partition, folders, keys]) =>
                    JSON.stringify(bulkLoadPolicy(partition, folders, keys)),
                ),
        },
        { parent },
    );
    return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
}
