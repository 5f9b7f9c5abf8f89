import { type Scenario, tagged } from "../scenario";

const notification = (threshold: number, ...subscriberEmailAddresses: string[]) => ({
    comparisonOperator: "GREATER_THAN",
    notificationType: "ACTUAL",
    threshold,
    thresholdType: "PERCENTAGE",
    subscriberEmailAddresses,
    subscriberSnsTopicArns: ["arn:aws:sns:us-east-1:123456789012:alarms"],
});

export const BUDGETS_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:budgets/budget:Budget",
        inputs: async () => ({
            budgetType: "COST",
            costFilters: [{ name: "TagKeyValue", values: ["user:Project$lab"] }],
            limitAmount: "500",
            limitUnit: "USD",
            notifications: [notification(50, "team@example.com"), notification(80)],
            timeUnit: "MONTHLY",
            ...tagged("monthly"),
        }),
        update: async () => ({
            limitAmount: "750.5",
            notifications: [notification(90, "other@example.com")],
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ name: "given" }), replaces: ["name"] },
    },
];
