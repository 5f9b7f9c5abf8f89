import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { logRetention } from "./schema/aws";
import { validated } from "./schema/problems";
import { childTags, type Tags } from "./tags";

const flowLogsSchema = z.object({
    /**
     * Days that records are kept.
     * @default 365, the year that control CKV_AWS_338 asks for
     */
    retentionInDays: logRetention().default(365),
    /**
     * Seconds over which packets are summed up into one record: 60 or 600.
     * @default 60: a record that is ten minutes old does not help with a connection that fails now
     */
    maxAggregationIntervalSeconds: z
        .literal([60, 600], { error: "60 or 600 seconds, the intervals that VPC Flow Logs offers" })
        .default(60),
});

/** Arguments of {@link FlowLogs}: the plain ones of its schema, and these, which may come from resources. */
export interface FlowLogsArgs extends z.input<typeof flowLogsSchema> {
    /** The VPC whose traffic is recorded. */
    vpcId: pulumi.Input<string>;
    /** The AWS account of the VPC, 12 digits: only its flow logs may assume the delivery role. */
    accountId: pulumi.Input<string>;
    /** ARN of the KMS key of the log group; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
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
        const settings = validated(this, name, flowLogsSchema, args);
        const tags = childTags(args.tags, "network", name);
        const logGroup = new aws.cloudwatch.LogGroup(
            name,
            { retentionInDays: settings.retentionInDays, kmsKeyId: args.kmsKeyArn, tags },
            { parent: this },
        );
        const role = createDeliveryRole(name, args.accountId, tags, this);
        const policy = allowDelivery(name, role, logGroup, this);
        new aws.ec2.FlowLog(
            name,
            {
                vpcId: args.vpcId,
                trafficType: "ALL",
                logDestinationType: "cloud-watch-logs",
                logDestination: logGroup.arn,
                iamRoleArn: role.arn,
                maxAggregationInterval: settings.maxAggregationIntervalSeconds,
                tags,
            },
            // Without its policy the role delivers nothing, and the flow log would say so only hours later.
            { parent: this, dependsOn: [policy] },
        );

        this.logGroupName = logGroup.name;
        this.registerOutputs({ logGroupName: this.logGroupName });
    }
}

function createDeliveryRole(
    name: string,
    accountId: pulumi.Input<string>,
    tags: Tags,
    parent: pulumi.Resource,
): aws.iam.Role {
    const trust = {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "vpc-flow-logs.amazonaws.com" },
                Action: "sts:AssumeRole",
                // Without it the flow logs of any account could be made to use the role (confused deputy).
                Condition: { StringEquals: { "aws:SourceAccount": accountId } },
            },
        ],
    };
    return new aws.iam.Role(
        name,
        {
            description: "Lets VPC Flow Logs write to their log group",
            assumeRolePolicy: pulumi.jsonStringify(trust),
            tags,
        },
        { parent },
    );
}

/** Lets the role write to the log group. */
function allowDelivery(
    name: string,
    role: aws.iam.Role,
    { arn }: aws.cloudwatch.LogGroup,
    parent: pulumi.Resource,
): aws.iam.RolePolicy {
    const policy = {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                Resource: [arn, pulumi.interpolate`${arn}:log-stream:*`],
            },
            {
                // Delivery finds its log group by listing. That cannot be narrowed to one group.
                Effect: "Allow",
                Action: "logs:DescribeLogGroups",
                Resource: arn.apply((text) => `${text.split(":").slice(0, 6).join(":")}:*`),
            },
        ],
    };
    return new aws.iam.RolePolicy(name, { role: role.id, policy: pulumi.jsonStringify(policy) }, { parent });
}
