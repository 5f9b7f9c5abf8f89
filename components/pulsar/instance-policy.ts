import { kmsViaService } from "../../lib/aws/names";

/** What an instance may do in AWS; pure. */
export interface InstancePolicyArgs {
    readonly partition: string;
    readonly region: string;
    readonly accountId: string;
    /** The one secret that the role may read. */
    readonly secretArn: string;
    /** The key that encrypts the secret. */
    readonly kmsKeyArn: string;
    readonly logGroupArn: string;
    /** The namespace of the cluster's metrics. */
    readonly metricNamespace: string;
}

/** EC2 alone may take the role. */
export const INSTANCE_TRUST_POLICY = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
} as const;

/**
 * The permissions of one role's instances: to be reached by Systems Manager, to read their own secret, to write logs and metrics.
 *
 * Written out and not AmazonSSMManagedInstanceCore: that one also lets an instance read every parameter of the account
 * (`ssm:GetParameters` on `*`). A `*` as resource stands only with actions that AWS authorizes on nothing smaller ("Actions,
 * resources, and condition keys" of Systems Manager, ssmmessages, ec2messages and CloudWatch).
 */
export function instancePolicy(args: InstancePolicyArgs): object {
    const { partition, region, accountId } = args;
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "RegistersWithSystemsManager",
                Effect: "Allow",
                Action: "ssm:UpdateInstanceInformation",
                Resource: `arn:${partition}:ec2:${region}:${accountId}:instance/*`,
            },
            {
                Sid: "SessionsAndCommandsThroughSystemsManager",
                Effect: "Allow",
                Action: [
                    "ssmmessages:CreateControlChannel",
                    "ssmmessages:CreateDataChannel",
                    "ssmmessages:OpenControlChannel",
                    "ssmmessages:OpenDataChannel",
                    "ec2messages:AcknowledgeMessage",
                    "ec2messages:DeleteMessage",
                    "ec2messages:FailMessage",
                    "ec2messages:GetEndpoint",
                    "ec2messages:GetMessages",
                    "ec2messages:SendReply",
                ],
                Resource: "*",
            },
            {
                Sid: "ReadsItsOwnSecret",
                Effect: "Allow",
                Action: "secretsmanager:GetSecretValue",
                Resource: args.secretArn,
            },
            {
                Sid: "DecryptsItsOwnSecret",
                Effect: "Allow",
                Action: "kms:Decrypt",
                Resource: args.kmsKeyArn,
                Condition: {
                    StringEquals: {
                        "kms:ViaService": kmsViaService("secretsmanager", region),
                        "kms:EncryptionContext:SecretARN": args.secretArn,
                    },
                },
            },
            {
                Sid: "WritesLogs",
                Effect: "Allow",
                Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                Resource: [args.logGroupArn, `${args.logGroupArn}:log-stream:*`],
            },
            {
                Sid: "WritesMetrics",
                Effect: "Allow",
                Action: "cloudwatch:PutMetricData",
                Resource: "*",
                Condition: { StringEquals: { "cloudwatch:namespace": args.metricNamespace } },
            },
        ],
    };
}
