import { BudgetsClient, DescribeBudgetCommand, ListTagsForResourceCommand } from "@aws-sdk/client-budgets";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

import { type Finders, isTagged, text, unlessMissing } from "../finder";

export const finders: Finders = {
    "aws:budgets/budget:Budget": async (inputs, aws) => {
        const client = aws.client(BudgetsClient);
        const identity = await aws.client(STSClient).send(new GetCallerIdentityCommand({}));
        const account = text(inputs.accountId ?? identity.Account);
        const command = new DescribeBudgetCommand({ AccountId: account, BudgetName: text(inputs.name) });
        const found = (await unlessMissing(client.send(command)))?.Budget;
        if (!found) return undefined;
        const partition = identity.Arn?.split(":")[1] ?? "aws";
        const { ResourceTags } = await client.send(
            new ListTagsForResourceCommand({
                ResourceARN: `arn:${partition}:budgets::${account}:budget/${found.BudgetName}`,
            }),
        );
        return isTagged(inputs, ResourceTags) ? `${account}:${found.BudgetName}` : undefined;
    },
};
