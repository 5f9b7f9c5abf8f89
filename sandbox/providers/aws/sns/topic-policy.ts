import { GetTopicAttributesCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";
import type { TopicPolicyArgs, TopicPolicyState } from "@pulumi/aws/sns/topicPolicy";

import { arn, json, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

const sns = (context: AwsContext) => context.client(SNSClient);

/** What the owner of a topic may do by the policy that every topic begins with. */
const OWNER_ACTIONS = [
    "SNS:GetTopicAttributes",
    "SNS:SetTopicAttributes",
    "SNS:AddPermission",
    "SNS:RemovePermission",
    "SNS:DeleteTopic",
    "SNS:Subscribe",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
];

/** A topic is never without a policy: deleting this one puts back the policy that a new topic has. */
export const topicPolicy = resource<TopicPolicyArgs, TopicPolicyState>({
    noun: "SNS Topic Policy",
    properties: {
        arn: string({ required: true, forceNew: true, validate: arn }),
        policy: json({ required: true }),
    },
    async create(inputs, context) {
        await put(inputs.arn, inputs.policy, context);
        return inputs.arn;
    },
    async read(id, context) {
        const { Attributes } = await sns(context).send(new GetTopicAttributesCommand({ TopicArn: id }));
        if (!Attributes) return undefined;
        return { arn: id, owner: Attributes.Owner ?? "", policy: Attributes.Policy ?? "" };
    },
    update: (id, { policy }, _change, context) => put(id, policy, context),
    async delete(id, _state, context) {
        const statement = {
            Sid: "__default_statement_ID",
            Effect: "Allow",
            Principal: { AWS: "*" },
            Action: OWNER_ACTIONS,
            Resource: id,
            Condition: { StringEquals: { "AWS:SourceOwner": id.split(":")[4] } },
        };
        await put(id, { Version: "2008-10-17", Id: "__default_policy_ID", Statement: [statement] }, context);
    },
});

async function put(TopicArn: string, policy: unknown, context: AwsContext): Promise<void> {
    const AttributeValue = typeof policy === "string" ? policy : JSON.stringify(policy);
    await sns(context).send(
        new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue }),
    );
}
