import {
    BudgetsClient,
    CreateBudgetCommand,
    CreateNotificationCommand,
    DeleteBudgetCommand,
    DeleteNotificationCommand,
    DescribeBudgetCommand,
    DescribeNotificationsForBudgetCommand,
    DescribeSubscribersForNotificationCommand,
    ListTagsForResourceCommand,
    TagResourceCommand,
    UntagResourceCommand,
    UpdateBudgetCommand,
    type Budget,
    type BudgetType,
    type ComparisonOperator,
    type Notification,
    type NotificationType,
    type Subscriber,
    type ThresholdType,
    type TimeUnit,
} from "@aws-sdk/client-budgets";
import type { BudgetArgs, BudgetState } from "@pulumi/aws/budgets/budget";
import type { Unwrap } from "@pulumi/pulumi";

import { oneOf, set, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

type Inputs = Unwrap<BudgetArgs>;

const budgets = (context: AwsContext) => context.client(BudgetsClient);
const tagList = (tags: Readonly<Record<string, string>>) =>
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Budgets with one limit for every period; the account is the caller's. */
export const budget = resource<BudgetArgs, BudgetState>({
    noun: "Budget",
    regional: false,
    properties: {
        budgetType: string({ required: true, validate: oneOf("COST") }),
        costFilters: set({ computed: true }),
        limitAmount: string({
            computed: true,
            same: (a, b) => Number(a) === Number(b),
            validate: text(100, /^\d+(\.\d+)?$/, "a number"),
        }),
        limitUnit: string({ computed: true }),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(100, /^[^:\\]+$/, "without : and \\"),
        }),
        notifications: set(),
        timeUnit: string({ required: true, validate: oneOf("DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY") }),
    },
    autoname: { property: "name", maxLength: 100 },
    async create(inputs, context) {
        const AccountId = await context.accountId();
        const Tags = tagList(context.tags);
        await budgets(context).send(
            new CreateBudgetCommand({
                AccountId,
                Budget: wanted(inputs.name ?? "", inputs),
                NotificationsWithSubscribers: notifications(inputs),
                ResourceTags: Tags.length > 0 ? Tags : undefined,
            }),
        );
        return `${AccountId}:${inputs.name ?? ""}`;
    },
    async read(id, context) {
        const at = address(id);
        const { Budget: found } = await budgets(context).send(new DescribeBudgetCommand(at));
        if (!found) return undefined;
        const arn = arnOf(id, context);
        const { ResourceTags = [] } = await budgets(context).send(
            new ListTagsForResourceCommand({ ResourceARN: arn }),
        );
        return {
            accountId: at.AccountId,
            arn,
            budgetType: found.BudgetType,
            costFilters: Object.entries(found.CostFilters ?? {}).map(([name, values]) => ({ name, values })),
            limitAmount: found.BudgetLimit?.Amount ?? "",
            limitUnit: found.BudgetLimit?.Unit ?? "",
            name: found.BudgetName,
            namePrefix: "",
            notifications: (await present(id, context)).map(({ Notification: it, Subscribers }) => ({
                comparisonOperator: it.ComparisonOperator ?? "",
                notificationType: it.NotificationType ?? "",
                threshold: it.Threshold ?? 0,
                thresholdType: it.ThresholdType ?? "PERCENTAGE",
                subscriberEmailAddresses: addresses(Subscribers, "EMAIL"),
                subscriberSnsTopicArns: addresses(Subscribers, "SNS"),
            })),
            tags: Object.fromEntries(ResourceTags.map(({ Key = "", Value = "" }) => [Key, Value])),
            timeUnit: found.TimeUnit,
        };
    },
    async update(id, news, { changed }, context) {
        const at = address(id);
        const { AccountId } = at;
        await budgets(context).send(
            new UpdateBudgetCommand({ AccountId, NewBudget: wanted(at.BudgetName, news) }),
        );
        if (!changed.has("notifications")) return;
        for (const { Notification: it } of await present(id, context))
            await budgets(context).send(new DeleteNotificationCommand({ ...at, Notification: it }));
        for (const notification of notifications(news))
            await budgets(context).send(new CreateNotificationCommand({ ...at, ...notification }));
    },
    async tag(id, { put, remove }, context) {
        const ResourceARN = arnOf(id, context);
        if (remove.length > 0)
            await budgets(context).send(new UntagResourceCommand({ ResourceARN, ResourceTagKeys: remove }));
        if (Object.keys(put).length > 0)
            await budgets(context).send(new TagResourceCommand({ ResourceARN, ResourceTags: tagList(put) }));
    },
    async delete(id, _state, context) {
        await budgets(context).send(new DeleteBudgetCommand(address(id)));
    },
});

/** What an id means: `<account>:<name>`. */
function address(id: string): { AccountId: string; BudgetName: string } {
    const [AccountId = "", BudgetName = ""] = id.split(":");
    return { AccountId, BudgetName };
}

function arnOf(id: string, { partition }: AwsContext): string {
    const { AccountId, BudgetName } = address(id);
    return `arn:${partition}:budgets::${AccountId}:budget/${BudgetName}`;
}

function wanted(BudgetName: string, inputs: Inputs): Budget {
    return {
        BudgetName,
        BudgetType: inputs.budgetType as BudgetType,
        TimeUnit: inputs.timeUnit as TimeUnit,
        BudgetLimit: { Amount: inputs.limitAmount, Unit: inputs.limitUnit },
        CostFilters: Object.fromEntries((inputs.costFilters ?? []).map(({ name, values }) => [name, values])),
    };
}

function notifications(inputs: Inputs): { Notification: Notification; Subscribers: Subscriber[] }[] {
    return (inputs.notifications ?? []).map((it) => ({
        Notification: {
            ComparisonOperator: it.comparisonOperator as ComparisonOperator,
            NotificationType: it.notificationType as NotificationType,
            Threshold: it.threshold,
            ThresholdType: it.thresholdType as ThresholdType,
        },
        Subscribers: [
            ...(it.subscriberEmailAddresses ?? []).map((Address): Subscriber => ({
                SubscriptionType: "EMAIL",
                Address,
            })),
            ...(it.subscriberSnsTopicArns ?? []).map((Address): Subscriber => ({
                SubscriptionType: "SNS",
                Address,
            })),
        ],
    }));
}

/** The notifications that a budget has, each with whom it tells. */
async function present(
    id: string,
    context: AwsContext,
): Promise<{ Notification: Notification; Subscribers: Subscriber[] }[]> {
    const at = address(id);
    const { Notifications = [] } = await budgets(context).send(new DescribeNotificationsForBudgetCommand(at));
    return Promise.all(
        Notifications.map(async ({ NotificationState: _state, ...it }) => {
            const { Subscribers = [] } = await budgets(context).send(
                new DescribeSubscribersForNotificationCommand({ ...at, Notification: it }),
            );
            return { Notification: it, Subscribers };
        }),
    );
}

function addresses(subscribers: readonly Subscriber[], type: "EMAIL" | "SNS"): string[] {
    return subscribers.flatMap(({ SubscriptionType, Address }) =>
        SubscriptionType === type && Address !== undefined ? Address : [],
    );
}
