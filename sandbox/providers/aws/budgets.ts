import type { Budget, Notification, Subscriber } from "@aws-sdk/client-budgets";
import type { BudgetArgs, BudgetState } from "@pulumi/aws/budgets/budget";
import type { Unwrap } from "@pulumi/pulumi";

import { oneOf, text } from "../server/property";
import { tagList, toApi } from "./api";
import type { AwsContext } from "./context";
import { resource } from "./resource";
import { idParts } from "./text";

type Inputs = Unwrap<BudgetArgs>;

interface Alert {
    Notification: Notification;
    Subscribers: Subscriber[];
}

const address = idParts(/^([^:]*):([^:]*)/, "ACCOUNTID:NAME", "AccountId", "BudgetName");

/** Budgets with one limit for every period; the account is the caller's. */
export const budget = resource<BudgetArgs, BudgetState, Budget>("budgets/budget:Budget", {
    noun: "Budget",
    fixed: ["name"],
    plain: ["costFilters", "limitUnit", "notifications"],
    inputs: {
        budgetType: { validate: oneOf("COST") },
        limitAmount: {
            same: (a, b) => Number(a) === Number(b),
            validate: text(100, /^\d+(\.\d+)?$/, "a number"),
        },
        name: { validate: text(100, /^[^:\\]+$/, "without : and \\") },
        timeUnit: { validate: oneOf("DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY") },
    },
    autoname: { property: "name", maxLength: 100 },
    names: { limitAmount: "BudgetLimit.Amount", limitUnit: "BudgetLimit.Unit", name: "BudgetName" },
    find: async (id, { aws }) => (await aws.budgets.describeBudget(address(id))).Budget,
    outputs: async ({ CostFilters = {} }, id, context) => ({
        accountId: address(id).AccountId,
        arn: arnOf(id, context),
        costFilters: Object.entries(CostFilters).map(([name, values]) => ({ name, values })),
        notifications: (await present(id, context)).map(({ Notification: it, Subscribers }) => ({
            comparisonOperator: it.ComparisonOperator ?? "",
            notificationType: it.NotificationType ?? "",
            threshold: it.Threshold ?? 0,
            thresholdType: it.ThresholdType ?? "PERCENTAGE",
            subscriberEmailAddresses: addresses(Subscribers, "EMAIL"),
            subscriberSnsTopicArns: addresses(Subscribers, "SNS"),
        })),
    }),
    async create(inputs, context) {
        const AccountId = await context.accountId();
        const tags = tagList(context.tags);
        await context.aws.budgets.createBudget({
            AccountId,
            Budget: budgetOf(inputs.name ?? "", inputs),
            NotificationsWithSubscribers: alertsOf(inputs),
            ResourceTags: tags.length > 0 ? tags : undefined,
        });
        return `${AccountId}:${inputs.name ?? ""}`;
    },
    async update(id, news, { changed }, context) {
        const { budgets } = context.aws;
        const { AccountId, BudgetName } = address(id);
        await budgets.updateBudget({ AccountId, NewBudget: budgetOf(BudgetName, news) });
        if (!changed.has("notifications")) return;
        for (const { Notification } of await present(id, context))
            await budgets.deleteNotification({ AccountId, BudgetName, Notification });
        for (const alert of alertsOf(news))
            await budgets.createNotification({ AccountId, BudgetName, ...alert });
    },
    tags: {
        read: async ({ arn: ResourceARN }, { aws }) =>
            (await aws.budgets.listTagsForResource({ ResourceARN })).ResourceTags,
        put: ({ id }, ResourceTags, context) =>
            context.aws.budgets.tagResource({ ResourceARN: arnOf(id, context), ResourceTags }),
        remove: ({ id }, ResourceTagKeys, context) =>
            context.aws.budgets.untagResource({ ResourceARN: arnOf(id, context), ResourceTagKeys }),
    },
    delete: (id, _state, { aws }) => aws.budgets.deleteBudget(address(id)),
});

function arnOf(id: string, { partition }: AwsContext): string {
    const { AccountId, BudgetName } = address(id);
    return `arn:${partition}:budgets::${AccountId}:budget/${BudgetName}`;
}

const budgetOf = (BudgetName: string, { costFilters = [], ...inputs }: Inputs): Budget => ({
    BudgetName,
    BudgetType: inputs.budgetType as Budget["BudgetType"],
    TimeUnit: inputs.timeUnit as Budget["TimeUnit"],
    BudgetLimit: { Amount: inputs.limitAmount, Unit: inputs.limitUnit },
    CostFilters: Object.fromEntries(costFilters.map(({ name, values }) => [name, values])),
});

function alertsOf({ notifications = [] }: Inputs): Alert[] {
    return notifications.map(({ subscriberEmailAddresses: mails = [], subscriberSnsTopicArns, ...it }) => ({
        Notification: toApi(it) as object as Notification,
        Subscribers: [
            ...mails.map((Address): Subscriber => ({ SubscriptionType: "EMAIL", Address })),
            ...(subscriberSnsTopicArns ?? []).map((Address): Subscriber => ({
                SubscriptionType: "SNS",
                Address,
            })),
        ],
    }));
}

/** The notifications that a budget has, each with its subscribers. */
async function present(id: string, { aws }: AwsContext): Promise<Alert[]> {
    const at = address(id);
    const { Notifications = [] } = await aws.budgets.describeNotificationsForBudget(at);
    return Promise.all(
        Notifications.map(async ({ NotificationState: _state, ...Notification }) => {
            const request = { ...at, Notification };
            const { Subscribers = [] } = await aws.budgets.describeSubscribersForNotification(request);
            return { Notification, Subscribers };
        }),
    );
}

const addresses = (subscribers: readonly Subscriber[], type: Subscriber["SubscriptionType"]): string[] =>
    subscribers.flatMap(({ SubscriptionType, Address = [] }) => (SubscriptionType === type ? Address : []));
