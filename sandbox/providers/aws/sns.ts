import type { TopicArgs, TopicState } from "@pulumi/aws/sns/topic";
import type { TopicPolicyArgs, TopicPolicyState } from "@pulumi/aws/sns/topicPolicy";
import type { TopicSubscriptionArgs, TopicSubscriptionState } from "@pulumi/aws/sns/topicSubscription";

import { arn, oneOf, text } from "../server/property";
import { tagList } from "./api";
import type { AwsContext } from "./context";
import { isError } from "./propagation";
import { resource } from "./resource";

/** SNS gives all that a thing is like as texts by name. */
type Attributes = Record<string, string>;

const topicAttributes = async (TopicArn: string, { aws }: AwsContext): Promise<Attributes | undefined> =>
    (await aws.sns.getTopicAttributes({ TopicArn })).Attributes;

/** Standard topics; their policy is a resource of its own. */
export const topic = resource<TopicArgs, TopicState, Attributes>("sns/topic:Topic", {
    noun: "SNS Topic",
    fixed: ["name"],
    plain: ["kmsMasterKeyId"],
    inputs: {
        name: {
            validate: text(256, /^[A-Za-z0-9_-]+$/, "only alphanumeric characters, - and _ are allowed"),
        },
    },
    autoname: { property: "name", maxLength: 256 },
    find: topicAttributes,
    outputs: (_found, id) => ({ arn: id, name: id.split(":").at(-1) }),
    async create({ name, kmsMasterKeyId }, { aws, tags }) {
        const { TopicArn } = await aws.sns.createTopic({
            Name: name,
            Attributes: kmsMasterKeyId ? { KmsMasterKeyId: kmsMasterKeyId } : undefined,
            Tags: tagList(tags),
        });
        return TopicArn;
    },
    update: (TopicArn, { kmsMasterKeyId = "" }, _change, { aws }) =>
        aws.sns.setTopicAttributes({
            TopicArn,
            AttributeName: "KmsMasterKeyId",
            AttributeValue: kmsMasterKeyId,
        }),
    tags: {
        read: async ({ id }, { aws }) => (await aws.sns.listTagsForResource({ ResourceArn: id })).Tags,
        put: ({ id }, Tags, { aws }) => aws.sns.tagResource({ ResourceArn: id, Tags }),
        remove: ({ id }, TagKeys, { aws }) => aws.sns.untagResource({ ResourceArn: id, TagKeys }),
    },
    delete: (id, _state, { aws }) => aws.sns.deleteTopic({ TopicArn: id }),
});

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
export const topicPolicy = resource<TopicPolicyArgs, TopicPolicyState, Attributes>(
    "sns/topicPolicy:TopicPolicy",
    {
        noun: "SNS Topic Policy",
        fixed: ["arn"],
        plain: ["policy"],
        inputs: { arn: { validate: arn } },
        find: topicAttributes,
        outputs: (_found, id) => ({ arn: id }),
        async create(inputs, context) {
            await putPolicy(inputs.arn, inputs.policy, context);
            return inputs.arn;
        },
        update: (id, { policy }, _change, context) => putPolicy(id, policy, context),
        delete(id, _state, context) {
            const Condition = { StringEquals: { "AWS:SourceOwner": id.split(":")[4] } };
            const statement = {
                Sid: "__default_statement_ID",
                Effect: "Allow",
                Principal: { AWS: "*" },
                Action: OWNER_ACTIONS,
                Resource: id,
                Condition,
            };
            const policy = { Version: "2008-10-17", Id: "__default_policy_ID", Statement: [statement] };
            return putPolicy(id, policy, context);
        },
    },
);

function putPolicy(TopicArn: string, policy: unknown, { aws }: AwsContext): Promise<unknown> {
    const AttributeValue = typeof policy === "string" ? policy : JSON.stringify(policy);
    return aws.sns.setTopicAttributes({ TopicArn, AttributeName: "Policy", AttributeValue });
}

/** Addresses of people; they stay unconfirmed until the owner follows the link in a mail. */
export const topicSubscription = resource<TopicSubscriptionArgs, TopicSubscriptionState, Attributes>(
    "sns/topicSubscription:TopicSubscription",
    {
        noun: "SNS Topic Subscription",
        fixed: ["endpoint", "protocol", "topic"],
        inputs: { protocol: { validate: oneOf("email", "email-json") }, topic: { validate: arn } },
        names: { ownerId: "Owner", topic: "TopicArn" },
        find: async (id, { aws }) =>
            (await aws.sns.getSubscriptionAttributes({ SubscriptionArn: id })).Attributes,
        outputs: (_found, id) => ({ arn: id }),
        async create(_inputs, { aws }, request) {
            return (await aws.sns.subscribe(request({ ReturnSubscriptionArn: true }))).SubscriptionArn;
        },
        async delete(id, { pendingConfirmation }, { aws }) {
            try {
                await aws.sns.unsubscribe({ SubscriptionArn: id });
            } catch (error) {
                // An unconfirmed subscription cannot be taken back; AWS drops it after some days.
                if (!pendingConfirmation || !isError("", /pending confirmation/i)(error)) throw error;
            }
        },
    },
);
