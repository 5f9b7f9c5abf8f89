import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { logsPrincipal } from "../lib/aws/names";
import { wholeNumber } from "./schema/fields";
import { validated } from "./schema/problems";
import { childTags, type Tags } from "./tags";

/** What a user decides about a key: the fields of `encryption` in a stack's configuration. */
export const encryptionSettings = {
    /**
     * Days between the deletion of the key and the loss of all data that it encrypts.
     * @default 30, the longest that KMS offers
     */
    deletionWindowInDays: wholeNumber(7, 30, "days").default(30),
};

const encryptionSchema = z.object(encryptionSettings);

/** Arguments of an {@link EncryptionKey}: the plain ones of its schema, and these. */
export interface EncryptionKeyArgs extends z.input<typeof encryptionSchema> {
    /** What the key protects; shown in the KMS console. */
    description: string;
    /** The AWS account that owns the key, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the key; CloudWatch of this region alone may use it. */
    region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /**
     * Tags of the key.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * A customer-managed KMS key with yearly rotation.
 *
 * Its key policy has four statements: the account may administer the key and delegate its use through IAM; CloudWatch Logs of
 * this account and region may encrypt log groups with it; alarms of this account and region, and budgets of this account, may
 * publish to topics that it encrypts. Nobody else is named.
 *
 * **Cost**: about 1 USD a month, and as much again for each of the first two rotations, plus requests.
 */
export class EncryptionKey extends pulumi.ComponentResource {
    /** ARN of the key. Resolves only after the key exists with its policy. */
    readonly keyArn: pulumi.Output<string>;
    /** Id of the key. */
    readonly keyId: pulumi.Output<string>;
    /** Name of the alias, with its `alias/` prefix. */
    readonly aliasName: pulumi.Output<string>;

    /**
     * @param name The logical name; children are named from it.
     * @param args What the key is for and who owns it.
     * @param opts Component options.
     * @throws when `deletionWindowInDays` is not a whole number from 7 to 30.
     */
    constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:security:EncryptionKey", name, {}, opts);

        const { deletionWindowInDays } = validated(this, name, encryptionSchema, args);

        const key = new aws.kms.Key(
            `${name}-key`,
            {
                description: args.description,
                enableKeyRotation: true,
                deletionWindowInDays,
                policy: pulumi
                    .all([args.accountId, args.region, args.partition ?? "aws"])
                    .apply(([accountId, region, partition]) =>
                        JSON.stringify(keyPolicy({ accountId, region, partition })),
                    ),
                tags: childTags(args.tags, "encryption", `${name}-key`),
            },
            { parent: this },
        );
        // No physical name: an alias is unique in its account and region, and two stacks may live side by side.
        const alias = new aws.kms.Alias(`${name}-key`, { targetKeyId: key.keyId }, { parent: this });

        this.keyArn = key.arn;
        this.keyId = key.keyId;
        this.aliasName = alias.name;
        this.registerOutputs({ keyArn: this.keyArn, keyId: this.keyId, aliasName: this.aliasName });
    }
}

/**
 * What the account may do with the key, written out. `kms:*` would do, and would also admit every action that KMS is going
 * to have; the list keeps `PutKeyPolicy`, so that the account can never lock itself out.
 */
const ACCOUNT_ACTIONS: readonly string[] = [
    "CancelKeyDeletion",
    "CreateAlias",
    "CreateGrant",
    "Decrypt",
    "DeleteAlias",
    "DescribeKey",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "EnableKeyRotation",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "GetKeyPolicy",
    "GetKeyRotationStatus",
    "ListGrants",
    "ListKeyPolicies",
    "ListKeyRotations",
    "ListResourceTags",
    "PutKeyPolicy",
    "ReEncryptFrom",
    "ReEncryptTo",
    "RetireGrant",
    "RevokeGrant",
    "ScheduleKeyDeletion",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateKeyDescription",
];

/** The actions that CloudWatch Logs needs, by its user guide ("Encrypt log data using AWS KMS"), without their wildcards. */
const LOGS_ACTIONS: readonly string[] = [
    "Decrypt",
    "DescribeKey",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
    "ReEncryptFrom",
    "ReEncryptTo",
];

/**
 * What a service needs to publish to an encrypted topic, by the SNS developer guide ("Enable compatibility between event sources from
 * AWS services and encrypted topics"), without its wildcard.
 */
const PUBLISHER_ACTIONS: readonly string[] = [
    "Decrypt",
    "GenerateDataKey",
    "GenerateDataKeyWithoutPlaintext",
];

/** The key policy; pure. `Resource: "*"` means this key alone: a key policy can name no other. */
export function keyPolicy(owner: { accountId: string; region: string; partition: string }): object {
    const { accountId, region, partition } = owner;
    const actions = (names: readonly string[]) => names.map((action) => `kms:${action}`);
    const publishes = (Sid: string, service: string, sourceArn: string) => ({
        Sid,
        Effect: "Allow",
        Principal: { Service: service },
        Action: actions(PUBLISHER_ACTIONS),
        Resource: "*",
        Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": sourceArn },
        },
    });
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "AccountAdministersAndDelegates",
                Effect: "Allow",
                Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
                Action: actions(ACCOUNT_ACTIONS),
                Resource: "*",
            },
            {
                Sid: "CloudWatchLogsEncryptsLogGroups",
                Effect: "Allow",
                Principal: { Service: logsPrincipal(region) },
                Action: actions(LOGS_ACTIONS),
                Resource: "*",
                Condition: {
                    ArnLike: {
                        "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:*`,
                    },
                },
            },
            publishes(
                "CloudWatchAlarmsPublishToEncryptedTopics",
                "cloudwatch.amazonaws.com",
                `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`,
            ),
            publishes(
                "BudgetsPublishToEncryptedTopics",
                "budgets.amazonaws.com",
                `arn:${partition}:budgets::${accountId}:*`,
            ),
        ],
    };
}
