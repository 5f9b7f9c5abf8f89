import {
    ListTagsForResourceCommand,
    paginateListSubscriptionsByTopic,
    paginateListTopics,
    SNSClient,
} from "@aws-sdk/client-sns";

import { type Finders, isTagged, onlyOne, text, unlessMissing } from "../finder";

export const finders: Finders = {
    "aws:sns/topic:Topic": async (inputs, aws) => {
        const client = aws.client(SNSClient);
        for await (const { Topics = [] } of paginateListTopics({ client }, {})) {
            const arn = Topics.find(({ TopicArn }) => TopicArn?.split(":").at(-1) === inputs.name)?.TopicArn;
            if (arn === undefined) continue;
            const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
            return isTagged(inputs, Tags) ? arn : undefined;
        }
        return undefined;
    },
    // Every topic has a policy, and it goes with its topic; putting it again changes nothing.
    "aws:sns/topicPolicy:TopicPolicy": async () => undefined,
    "aws:sns/topicSubscription:TopicSubscription": async ({ topic, protocol, endpoint }, aws, known) => {
        const matching = async () => {
            const found: string[] = [];
            const pages = paginateListSubscriptionsByTopic(
                { client: aws.client(SNSClient) },
                { TopicArn: text(topic) },
            );
            for await (const { Subscriptions = [] } of pages) {
                for (const { SubscriptionArn = "", Protocol, Endpoint } of Subscriptions) {
                    // One that nobody has confirmed has no ARN yet; subscribing again gives the same one.
                    const hasArn = SubscriptionArn.startsWith("arn:");
                    if (
                        hasArn &&
                        Protocol === protocol &&
                        Endpoint === endpoint &&
                        !known.has(SubscriptionArn)
                    )
                        found.push(SubscriptionArn);
                }
            }
            return found;
        };
        return onlyOne((await unlessMissing(matching())) ?? []);
    },
};
