import {
    CreateTopicCommand,
    DeleteTopicCommand,
    GetTopicAttributesCommand,
    ListTagsForResourceCommand,
    SetTopicAttributesCommand,
    SNSClient,
    TagResourceCommand,
    UntagResourceCommand,
} from "@aws-sdk/client-sns";
import type { TopicArgs, TopicState } from "@pulumi/aws/sns/topic";

import { string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

const sns = (context: AwsContext) => context.client(SNSClient);
const tagList = (tags: Readonly<Record<string, string>>) =>
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Standard topics; their policy is a resource of its own. */
export const topic = resource<TopicArgs, TopicState>({
    noun: "SNS Topic",
    properties: {
        kmsMasterKeyId: string(),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(256, /^[A-Za-z0-9_-]+$/, "only alphanumeric characters, - and _ are allowed"),
        }),
    },
    autoname: { property: "name", maxLength: 256 },
    async create({ name, kmsMasterKeyId }, context) {
        const command = new CreateTopicCommand({
            Name: name,
            Attributes: kmsMasterKeyId ? { KmsMasterKeyId: kmsMasterKeyId } : undefined,
            Tags: tagList(context.tags),
        });
        return (await sns(context).send(command)).TopicArn ?? "";
    },
    async read(id, context) {
        const { Attributes: found } = await sns(context).send(
            new GetTopicAttributesCommand({ TopicArn: id }),
        );
        if (!found) return undefined;
        const { Tags = [] } = await sns(context).send(new ListTagsForResourceCommand({ ResourceArn: id }));
        return {
            arn: id,
            beginningArchiveTime: found.BeginningArchiveTime ?? "",
            displayName: found.DisplayName ?? "",
            kmsMasterKeyId: found.KmsMasterKeyId ?? "",
            name: id.split(":").at(-1),
            namePrefix: "",
            owner: found.Owner ?? "",
            policy: found.Policy ?? "",
            tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
        };
    },
    async update(id, { kmsMasterKeyId = "" }, { changed }, context) {
        if (!changed.has("kmsMasterKeyId")) return;
        await sns(context).send(
            new SetTopicAttributesCommand({
                TopicArn: id,
                AttributeName: "KmsMasterKeyId",
                AttributeValue: kmsMasterKeyId,
            }),
        );
    },
    async tag(ResourceArn, { put, remove }, context) {
        if (remove.length > 0)
            await sns(context).send(new UntagResourceCommand({ ResourceArn, TagKeys: remove }));
        if (Object.keys(put).length > 0)
            await sns(context).send(new TagResourceCommand({ ResourceArn, Tags: tagList(put) }));
    },
    async delete(id, _state, context) {
        await sns(context).send(new DeleteTopicCommand({ TopicArn: id }));
    },
});
