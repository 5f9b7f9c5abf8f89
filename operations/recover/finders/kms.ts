import {
    DescribeKeyCommand,
    KMSClient,
    paginateListAliases,
    paginateListKeys,
    paginateListResourceTags,
} from "@aws-sdk/client-kms";

import { collect, type Finders, isTagged, onlyOne, text } from "../finder";

export const finders: Finders = {
    "aws:kms/alias:Alias": async ({ name, targetKeyId }, aws) => {
        const pages = paginateListAliases({ client: aws.client(KMSClient) }, { KeyId: text(targetKeyId) });
        const aliases = await collect(pages, ({ Aliases }) => Aliases);
        return aliases.find((alias) => alias.AliasName === name)?.AliasName;
    },
    "aws:kms/key:Key": async (inputs, aws, known) => {
        const client = aws.client(KMSClient);
        const found: string[] = [];
        for (const { KeyId } of await collect(paginateListKeys({ client }, {}), ({ Keys }) => Keys)) {
            if (KeyId === undefined || known.has(KeyId)) continue;
            const tags = await collect(paginateListResourceTags({ client }, { KeyId }), ({ Tags }) => Tags);
            if (
                !isTagged(
                    inputs,
                    tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })),
                )
            )
                continue;
            const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
            // A key that an earlier destroy scheduled for deletion can have the same tags.
            if (KeyMetadata?.KeyState !== "PendingDeletion") found.push(KeyId);
        }
        return onlyOne(found);
    },
};
