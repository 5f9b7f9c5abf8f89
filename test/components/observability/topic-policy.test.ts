import assert from "node:assert/strict";

import { topicPolicy } from "../../../components/observability/topic-policy";

describe("topic policy", () => {
    it("is exactly this", () => {
        const topicArn = "arn:aws:sns:eu-west-1:123456789012:lab";
        const publishes = (Sid: string, Service: string, sourceArn: string) => ({
            Sid,
            Effect: "Allow",
            Principal: { Service },
            Action: "sns:Publish",
            Resource: topicArn,
            Condition: {
                StringEquals: { "aws:SourceAccount": "123456789012" },
                ArnLike: { "aws:SourceArn": sourceArn },
            },
        });
        assert.deepEqual(
            topicPolicy({ topicArn, accountId: "123456789012", region: "eu-west-1", partition: "aws" }),
            {
                Version: "2012-10-17",
                Statement: [
                    publishes(
                        "CloudWatchAlarmsPublish",
                        "cloudwatch.amazonaws.com",
                        "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*",
                    ),
                    publishes("BudgetsPublish", "budgets.amazonaws.com", "arn:aws:budgets::123456789012:*"),
                    {
                        Sid: "NobodyPublishesWithoutTls",
                        Effect: "Deny",
                        Principal: "*",
                        Action: "sns:Publish",
                        Resource: topicArn,
                        Condition: { Bool: { "aws:SecureTransport": "false" } },
                    },
                ],
            },
        );
    });
});
