import {
    ListTagsForResourceCommand,
    paginateListSubscriptionsByTopic,
    paginateListTopics,
    SNSClient,
} from "@aws-sdk/client-sns";

import { collect, type Finders, isTagged, onlyOne, text, unlessMissing } from "../finder";

export const finders: Finders = {
    "aws:sns/topic:Topic": async (inputs, aws) => {
        const client = aws.client(SNSClient);
        const topics = await collect(paginateListTopics({ client }, {}), ({ Topics }) => Topics);
        const arn = topics.find(({ TopicArn }) => TopicArn?.split(":").at(-1) === inputs.name)?.TopicArn;
        if (arn === undefined) return undefined;
        const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
        return isTagged(inputs, Tags) ? arn : undefined;
    },
    // Every topic has a policy, which is deleted with it; setting it again changes nothing.
    "aws:sns/topicPolicy:TopicPolicy": async () => undefined,
    "aws:sns/topicSubscription:TopicSubscription": async ({ topic, protocol, endpoint }, aws, known) => {
        const pages = paginateListSubscriptionsByTopic(
            { client: aws.client(SNSClient) },
            { TopicArn: text(topic) },
        );
        const subscriptions = await unlessMissing(collect(pages, ({ Subscriptions }) => Subscriptions));
        return onlyOne(
            (subscriptions ?? [])
                .filter((one) => one.Protocol === protocol && one.Endpoint === endpoint)
                .map(({ SubscriptionArn = "" }) => SubscriptionArn)
                // A subscription that is not confirmed has no ARN yet; subscribing again gives the same one.
                .filter((arn) => arn.startsWith("arn:") && !known.has(arn)),
        );
    },
};
