import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient } from "@aws-sdk/client-sns";

import { policy, type Scenario, type Surroundings, tagged } from "../scenario";
import { given } from "../support";

export const SNS_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:sns/topic:Topic",
        inputs: async (around) => ({ kmsMasterKeyId: await around.keyArn(), ...tagged("alarms") }),
        update: async (around) => ({ kmsMasterKeyId: await around.keyArn(), ...tagged("renamed") }),
        replace: { inputs: async () => ({ name: "given" }), replaces: ["name"] },
        drift: {
            inject: (around, { id }) =>
                around.client(SNSClient).send(
                    new SetTopicAttributesCommand({
                        TopicArn: id,
                        AttributeName: "KmsMasterKeyId",
                        AttributeValue: "alias/aws/sns",
                    }),
                ),
            shows: ["kmsMasterKeyId"],
        },
    },
    {
        token: "aws:sns/topicPolicy:TopicPolicy",
        inputs: async (around) => ({ arn: await topicArn(around), policy: policy("sns:Publish") }),
        update: async () => ({ policy: policy("sns:Subscribe") }),
        replace: { inputs: async (around) => ({ arn: await topicArn(around) }), replaces: ["arn"] },
        survives: true,
    },
    {
        token: "aws:sns/topicSubscription:TopicSubscription",
        inputs: async (around) => ({
            endpoint: "team@example.com",
            protocol: "email",
            topic: await topicArn(around),
        }),
        replace: { inputs: async () => ({ endpoint: "other@example.com" }), replaces: ["endpoint"] },
    },
];

let topics = 0;
async function topicArn(around: Surroundings): Promise<string> {
    const command = new CreateTopicCommand({ Name: `topic-${topics++}` });
    return given((await around.client(SNSClient).send(command)).TopicArn);
}
