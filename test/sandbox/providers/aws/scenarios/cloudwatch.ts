import {
    CloudWatchClient,
    DisableAlarmActionsCommand,
    PutDashboardCommand,
    PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";

import { type Scenario, type Surroundings, tagged } from "../scenario";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms";
const body = (markdown: string) =>
    JSON.stringify({ widgets: [{ type: "text", width: 6, height: 1, properties: { markdown } }] });

export const CLOUDWATCH_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:cloudwatch/metricAlarm:MetricAlarm",
        inputs: async () => ({
            alarmActions: [TOPIC],
            alarmDescription: "busy",
            comparisonOperator: "GreaterThanThreshold",
            dimensions: { InstanceId: "i-0123456789abcdef0" },
            evaluationPeriods: 3,
            metricName: "CPUUtilization",
            namespace: "AWS/EC2",
            okActions: [TOPIC],
            period: 300,
            statistic: "Average",
            threshold: 80,
            treatMissingData: "notBreaching",
            ...tagged("busy"),
        }),
        update: async () => ({ threshold: 90.5, evaluationPeriods: 2, okActions: [], ...tagged("renamed") }),
        replace: { inputs: async () => ({ name: "given" }), replaces: ["name"] },
        drift: { inject: disableActions, shows: ["actionsEnabled"] },
    },
    {
        token: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        inputs: async (around) => {
            await makeAlarms(around);
            return {
                alarmDescription: "any",
                alarmName: "any",
                alarmRule: 'ALARM("first") OR ALARM("second")',
                ...tagged("any"),
            };
        },
        update: async () => ({ alarmRule: 'ALARM("first")', alarmActions: [TOPIC], ...tagged("renamed") }),
        replace: {
            inputs: async () => ({ alarmName: "other" }),
            replaces: ["alarmName"],
        },
    },
    {
        token: "aws:cloudwatch/dashboard:Dashboard",
        inputs: async () => ({ dashboardName: "lab", dashboardBody: body("one") }),
        update: async () => ({ dashboardBody: body("two") }),
        replace: { inputs: async () => ({ dashboardName: "other" }), replaces: ["dashboardName"] },
        drift: {
            inject: (around, { id }) =>
                around
                    .client(CloudWatchClient)
                    .send(new PutDashboardCommand({ DashboardName: id, DashboardBody: body("by hand") })),
            shows: ["dashboardBody"],
        },
    },
];

async function disableActions(around: Surroundings, { id }: { id: string }): Promise<void> {
    await around.client(CloudWatchClient).send(new DisableAlarmActionsCommand({ AlarmNames: [id] }));
}

async function makeAlarms(around: Surroundings): Promise<void> {
    for (const AlarmName of ["first", "second"])
        await around.client(CloudWatchClient).send(
            new PutMetricAlarmCommand({
                AlarmName,
                ComparisonOperator: "GreaterThanThreshold",
                EvaluationPeriods: 1,
                MetricName: "CPUUtilization",
                Namespace: "AWS/EC2",
                Period: 60,
                Statistic: "Average",
                Threshold: 1,
            }),
        );
}
