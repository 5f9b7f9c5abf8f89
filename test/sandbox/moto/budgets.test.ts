import * as assert from "node:assert/strict";
import {
    BudgetsClient,
    CreateBudgetCommand,
    DeleteBudgetCommand,
    DescribeBudgetCommand,
    DescribeSubscribersForNotificationCommand,
    ListTagsForResourceCommand,
    UpdateBudgetCommand,
    type Budget,
    type Notification,
    type Subscriber,
} from "@aws-sdk/client-budgets";
import { clientSettings } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto Budgets", () => {
    it("changes a budget, tells its tags and subscribers, and lists it by its name while it is there", async function () {
        this.timeout(START_TIMEOUT_MS);
        const client = new BudgetsClient(await clientSettings());
        const at = { AccountId: "123456789012", BudgetName: "moto-monthly" };
        const budget = (Amount: string): Budget => ({
            BudgetName: at.BudgetName,
            BudgetType: "COST",
            TimeUnit: "MONTHLY",
            BudgetLimit: { Amount, Unit: "USD" },
        });
        const Notification: Notification = {
            ComparisonOperator: "GREATER_THAN",
            NotificationType: "ACTUAL",
            Threshold: 50,
        };
        const Subscribers: Subscriber[] = [{ SubscriptionType: "EMAIL", Address: "team@example.com" }];
        const ResourceTags = [{ Key: "Component", Value: "test" }];
        await client.send(
            new CreateBudgetCommand({
                AccountId: at.AccountId,
                Budget: budget("1"),
                NotificationsWithSubscribers: [{ Notification, Subscribers }],
                ResourceTags,
            }),
        );
        await client.send(new UpdateBudgetCommand({ AccountId: at.AccountId, NewBudget: budget("2") }));
        const { Budget: found } = await client.send(new DescribeBudgetCommand(at));
        assert.equal(found?.BudgetLimit?.Amount, "2");
        const told = await client.send(
            new DescribeSubscribersForNotificationCommand({ ...at, Notification }),
        );
        assert.deepEqual(told.Subscribers, Subscribers);
        const ResourceARN = `arn:aws:budgets::${at.AccountId}:budget/${at.BudgetName}`;
        const tags = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
        assert.deepEqual(tags.ResourceTags, ResourceTags);
        assert.deepEqual(await listed(), [at.BudgetName]);
        await client.send(new DeleteBudgetCommand(at));
        assert.deepEqual(await listed(), []);
    });
});

async function listed(): Promise<string[]> {
    const { endpoint } = await sharedServer();
    const all = (await (await fetch(`${endpoint}/_sandbox/resources`)).json()) as Record<string, string>[];
    return all.flatMap(({ type, id = "" }) => (type === "budget" && id.startsWith("moto-") ? id : []));
}
