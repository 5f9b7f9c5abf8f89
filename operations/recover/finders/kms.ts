import {
    DescribeKeyCommand,
    KMSClient,
    ListAliasesCommand,
    ListResourceTagsCommand,
    paginateListKeys,
} from "@aws-sdk/client-kms";

import { type Finders, isTagged, onlyOne, text } from "../finder";

export const finders: Finders = {
    "aws:kms/alias:Alias": async ({ name, targetKeyId }, aws) => {
        const command = new ListAliasesCommand({ KeyId: text(targetKeyId) });
        const { Aliases } = await aws.client(KMSClient).send(command);
        return Aliases?.find((alias) => alias.AliasName === name)?.AliasName;
    },
    "aws:kms/key:Key": async (inputs, aws, known) => {
        const client = aws.client(KMSClient);
        const found: string[] = [];
        for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
            for (const { KeyId } of Keys) {
                if (KeyId === undefined || known.has(KeyId)) continue;
                const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
                const tags = Tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));
                if (!isTagged(inputs, tags)) continue;
                const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
                // One that an earlier destruction has left to its deletion window may have the same tags.
                if (KeyMetadata?.KeyState !== "PendingDeletion") found.push(KeyId);
            }
        }
        return onlyOne(found);
    },
};
