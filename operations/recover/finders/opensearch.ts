import { DescribeDomainCommand, ListTagsCommand, OpenSearchClient } from "@aws-sdk/client-opensearch";

import { type Finders, isTagged, text, unlessMissing } from "../finder";

export const finders: Finders = {
    // Pulumi imports it by its name, though its id is its ARN.
    "aws:opensearch/domain:Domain": async (inputs, aws) => {
        const client = aws.client(OpenSearchClient);
        const command = new DescribeDomainCommand({ DomainName: text(inputs.domainName) });
        const found = (await unlessMissing(client.send(command)))?.DomainStatus;
        if (!found || found.Deleted) return undefined;
        const { TagList } = await client.send(new ListTagsCommand({ ARN: found.ARN }));
        return isTagged(inputs, TagList) ? found.DomainName : undefined;
    },
};
