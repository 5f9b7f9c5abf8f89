import * as pulumi from "@pulumi/pulumi";

/** Percents of the budget at which it tells: of what was spent. */
const ACTUAL_PERCENTS: readonly number[] = [50, 80, 100];
/** The same, of what AWS expects the month to cost. */
const FORECAST_PERCENTS: readonly number[] = [100];

/** A notification of a budget, as `aws.budgets.Budget` takes it. */
export interface BudgetNotification {
    readonly comparisonOperator: "GREATER_THAN";
    readonly notificationType: "ACTUAL" | "FORECASTED";
    readonly threshold: number;
    readonly thresholdType: "PERCENTAGE";
    readonly subscriberEmailAddresses: string[];
    readonly subscriberSnsTopicArns: pulumi.Input<string>[];
}

/**
 * The notifications of a budget: 50, 80 and 100 % spent, and 100 % expected. They go to the topic and, once more, to the
 * addresses themselves: AWS Budgets asks nobody to confirm, whereas an address gets nothing of a topic before its owner did.
 */
export function budgetNotifications(
    topicArn: pulumi.Input<string>,
    emails: readonly string[],
): BudgetNotification[] {
    const notification = (
        notificationType: BudgetNotification["notificationType"],
        threshold: number,
    ): BudgetNotification => ({
        comparisonOperator: "GREATER_THAN",
        notificationType,
        threshold,
        thresholdType: "PERCENTAGE",
        subscriberEmailAddresses: [...emails],
        subscriberSnsTopicArns: [topicArn],
    });
    return [
        ...ACTUAL_PERCENTS.map((percent) => notification("ACTUAL", percent)),
        ...FORECAST_PERCENTS.map((percent) => notification("FORECASTED", percent)),
    ];
}

/** A filter for costs with one cost allocation tag, in the form of AWS: `user:<key>$<value>`. */
export function tagFilter({ key, value }: { readonly key: string; readonly value: pulumi.Input<string> }): {
    name: string;
    values: pulumi.Output<string>[];
} {
    return { name: "TagKeyValue", values: [pulumi.interpolate`user:${key}$${value}`] };
}
