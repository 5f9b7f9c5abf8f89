import {
    GetSubscriptionAttributesCommand,
    SNSClient,
    SubscribeCommand,
    UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import type { TopicSubscriptionArgs, TopicSubscriptionState } from "@pulumi/aws/sns/topicSubscription";

import { arn, oneOf, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

const sns = (context: AwsContext) => context.client(SNSClient);

/** Addresses of people; they stay unconfirmed until the owner follows the link in a mail. */
export const topicSubscription = resource<TopicSubscriptionArgs, TopicSubscriptionState>({
    noun: "SNS Topic Subscription",
    properties: {
        endpoint: string({ required: true, forceNew: true }),
        protocol: string({ required: true, forceNew: true, validate: oneOf("email", "email-json") }),
        topic: string({ required: true, forceNew: true, validate: arn }),
    },
    async create({ endpoint, protocol, topic }, context) {
        const command = new SubscribeCommand({
            Endpoint: endpoint,
            Protocol: protocol,
            ReturnSubscriptionArn: true,
            TopicArn: topic as string,
        });
        return (await sns(context).send(command)).SubscriptionArn ?? "";
    },
    async read(id, context) {
        const { Attributes: found } = await sns(context).send(
            new GetSubscriptionAttributesCommand({ SubscriptionArn: id }),
        );
        if (!found) return undefined;
        return {
            arn: id,
            confirmationWasAuthenticated: found.ConfirmationWasAuthenticated === "true",
            endpoint: found.Endpoint,
            filterPolicyScope: found.FilterPolicyScope ?? "",
            ownerId: found.Owner ?? "",
            pendingConfirmation: found.PendingConfirmation === "true",
            protocol: found.Protocol,
            rawMessageDelivery: found.RawMessageDelivery === "true",
            topic: found.TopicArn,
        };
    },
    async delete(id, { pendingConfirmation }, context) {
        try {
            await sns(context).send(new UnsubscribeCommand({ SubscriptionArn: id }));
        } catch (error) {
            // Nobody can take back one that nobody confirmed; AWS drops it by itself after some days.
            if (!(pendingConfirmation && /pending confirmation/i.test(String(error)))) throw error;
        }
    },
});
