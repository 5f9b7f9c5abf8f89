/** Whose topic it is. */
export interface TopicOwner {
    readonly topicArn: string;
    readonly accountId: string;
    readonly region: string;
    readonly partition: string;
}

/**
 * The policy of the topic: alarms of this account and region and budgets of this account publish to it, and nobody publishes
 * without TLS. People and roles of the account need no statement; their own policies admit them.
 */
export function topicPolicy({ topicArn, accountId, region, partition }: TopicOwner): object {
    const publishes = (Sid: string, service: string, sourceArn: string) => ({
        Sid,
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": sourceArn },
        },
    });
    return {
        Version: "2012-10-17",
        Statement: [
            publishes(
                "CloudWatchAlarmsPublish",
                "cloudwatch.amazonaws.com",
                `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`,
            ),
            publishes("BudgetsPublish", "budgets.amazonaws.com", `arn:${partition}:budgets::${accountId}:*`),
            {
                Sid: "NobodyPublishesWithoutTls",
                Effect: "Deny",
                Principal: "*",
                Action: "sns:Publish",
                Resource: topicArn,
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
        ],
    };
}
