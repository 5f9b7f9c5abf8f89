import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { LOG_RETENTION_DAYS } from "./schema/aws";
import { childTags, type Tags } from "./tags";
import { assertNoProblems, type Problem } from "./validation";

/** Arguments of {@link FlowLogs}. */
export interface FlowLogsArgs {
    /** The VPC whose traffic is recorded. */
    vpcId: pulumi.Input<string>;
    /** The AWS account of the VPC, 12 digits: only its flow logs may assume the delivery role. */
    accountId: pulumi.Input<string>;
    /** ARN of the KMS key of the log group; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /**
     * Days that records are kept: one of {@link LOG_RETENTION_DAYS}.
     * @default 365, the year that control CKV_AWS_338 asks for
     */
    retentionInDays?: number;
    /**
     * Seconds over which packets are summed up into one record: 60 or 600.
     * @default 60: a ten-minute-old record is of no use to somebody whose connection fails now
     */
    maxAggregationIntervalSeconds?: 60 | 600;
    /**
     * Tags of the log group, the role and the flow log.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * Records accepted and rejected traffic of a VPC in an encrypted CloudWatch log group of its own.
 *
 * **Cost**: 0.50 USD for each GB ingested (us-east-1), plus storage until the retention ends.
 */
export class FlowLogs extends pulumi.ComponentResource {
    /** Name of the log group. */
    readonly logGroupName: pulumi.Output<string>;

    /**
     * @param name The logical name; children are named from it.
     * @param args The VPC, the key and the retention.
     * @param opts Component options.
     * @throws when `retentionInDays` is not a period that CloudWatch Logs offers.
     */
    constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:FlowLogs", name, {}, opts);
        const retentionInDays = args.retentionInDays ?? 365;
        assertNoProblems(this, name, retentionProblems(retentionInDays));
        const tags = childTags(args.tags, "network", name);

        const logGroup = new aws.cloudwatch.LogGroup(
            name,
            { retentionInDays, kmsKeyId: args.kmsKeyArn, tags },
            { parent: this },
        );
        const role = new aws.iam.Role(
            name,
            {
                description: "Lets VPC Flow Logs write to their log group",
                assumeRolePolicy: pulumi.jsonStringify({
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                            Action: "sts:AssumeRole",
                            // Without it any account's flow logs could be made to use the role (confused deputy).
                            Condition: { StringEquals: { "aws:SourceAccount": args.accountId } },
                        },
                    ],
                }),
                tags,
            },
            { parent: this },
        );
        const policy = new aws.iam.RolePolicy(
            name,
            {
                role: role.id,
                policy: pulumi.jsonStringify({
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                            Resource: [logGroup.arn, pulumi.interpolate`${logGroup.arn}:log-stream:*`],
                        },
                        {
                            // Delivery looks its log group up by listing; that cannot be narrowed to one group.
                            Effect: "Allow",
                            Action: "logs:DescribeLogGroups",
                            Resource: logGroup.arn.apply(
                                (arn) => `${arn.split(":").slice(0, 6).join(":")}:*`,
                            ),
                        },
                    ],
                }),
            },
            { parent: this },
        );
        new aws.ec2.FlowLog(
            name,
            {
                vpcId: args.vpcId,
                trafficType: "ALL",
                logDestinationType: "cloud-watch-logs",
                logDestination: logGroup.arn,
                iamRoleArn: role.arn,
                maxAggregationInterval: args.maxAggregationIntervalSeconds ?? 60,
                tags,
            },
            // Without its policy the role delivers nothing, and the flow log would say so only hours later.
            { parent: this, dependsOn: [policy] },
        );

        this.logGroupName = logGroup.name;
        this.registerOutputs({ logGroupName: this.logGroupName });
    }
}

/** What is wrong with a retention period. */
export function retentionProblems(days: number): Problem[] {
    return (LOG_RETENTION_DAYS as readonly number[]).includes(days)
        ? []
        : [
              {
                  key: "retentionInDays",
                  value: days,
                  allowed: `CloudWatch Logs keeps records for one of ${LOG_RETENTION_DAYS.join(", ")} days`,
              },
          ];
}
