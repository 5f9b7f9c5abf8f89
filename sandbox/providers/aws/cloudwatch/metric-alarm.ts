import {
    DescribeAlarmsCommand,
    PutMetricAlarmCommand,
    type ComparisonOperator,
    type Statistic,
} from "@aws-sdk/client-cloudwatch";
import type { MetricAlarmArgs, MetricAlarmState } from "@pulumi/aws/cloudwatch/metricAlarm";
import type { Unwrap } from "@pulumi/pulumi";

import { boolean, each, arn, integer, map, number, oneOf, set, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { alarmTags, cloudwatch, deleteAlarm, tagAlarm, tagList } from "./alarm-support";

/** What an alarm on one metric cannot be without; alarms on expressions are not done. */
const NEEDED = [
    "comparisonOperator",
    "evaluationPeriods",
    "metricName",
    "namespace",
    "period",
    "statistic",
    "threshold",
] as const;

export const metricAlarm = resource<MetricAlarmArgs, MetricAlarmState>({
    noun: "CloudWatch Metric Alarm",
    properties: {
        actionsEnabled: boolean({ default: true }),
        alarmActions: set({ validate: each(arn) }),
        alarmDescription: string({ validate: text(1024) }),
        comparisonOperator: string({
            validate: oneOf(
                "GreaterThanOrEqualToThreshold",
                "GreaterThanThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
            ),
        }),
        datapointsToAlarm: integer(),
        dimensions: map(),
        evaluationPeriods: integer(),
        insufficientDataActions: set({ validate: each(arn) }),
        metricName: string({ validate: text(255) }),
        name: string({ computed: true, forceNew: true, validate: text(255) }),
        namespace: string({ validate: text(255) }),
        okActions: set({ validate: each(arn) }),
        period: integer(),
        statistic: string({ validate: oneOf("SampleCount", "Average", "Sum", "Minimum", "Maximum") }),
        threshold: number(),
        treatMissingData: string({
            default: "missing",
            validate: oneOf("breaching", "notBreaching", "ignore", "missing"),
        }),
    },
    autoname: { property: "name", maxLength: 255 },
    check: (inputs, isUnknown) =>
        NEEDED.filter((name) => inputs[name] === undefined && !isUnknown(name)).map(
            (name) =>
                `Missing required argument: "${name}" is required; alarms on expressions are not implemented`,
        ),
    async create(inputs, context) {
        await put(inputs.name ?? "", inputs, context, true);
        return inputs.name ?? "";
    },
    async read(id, context) {
        const { MetricAlarms = [] } = await cloudwatch(context).send(
            new DescribeAlarmsCommand({ AlarmNames: [id], AlarmTypes: ["MetricAlarm"] }),
        );
        const [found] = MetricAlarms;
        if (!found) return undefined;
        return {
            actionsEnabled: found.ActionsEnabled ?? true,
            alarmActions: found.AlarmActions ?? [],
            alarmDescription: found.AlarmDescription ?? "",
            arn: found.AlarmArn,
            comparisonOperator: found.ComparisonOperator,
            datapointsToAlarm: found.DatapointsToAlarm ?? 0,
            dimensions: Object.fromEntries(
                (found.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
            ),
            evaluateLowSampleCountPercentiles: found.EvaluateLowSampleCountPercentile ?? "",
            evaluationPeriods: found.EvaluationPeriods,
            insufficientDataActions: found.InsufficientDataActions ?? [],
            metricName: found.MetricName,
            name: found.AlarmName,
            namespace: found.Namespace,
            okActions: found.OKActions ?? [],
            period: found.Period,
            statistic: found.Statistic,
            tags: await alarmTags(found.AlarmArn ?? "", context),
            threshold: found.Threshold,
            treatMissingData: found.TreatMissingData ?? "missing",
        };
    },
    update: (id, news, _change, context) => put(id, news, context, false),
    tag: tagAlarm,
    delete: (id, _state, context) => deleteAlarm(id, context),
});

/** PutMetricAlarm replaces the whole alarm, but for its tags, which it takes only when it makes one. */
async function put(
    id: string,
    inputs: Unwrap<MetricAlarmArgs>,
    context: AwsContext,
    isNew: boolean,
): Promise<void> {
    await cloudwatch(context).send(
        new PutMetricAlarmCommand({
            AlarmName: id,
            ActionsEnabled: inputs.actionsEnabled,
            AlarmActions: inputs.alarmActions as string[] | undefined,
            AlarmDescription: inputs.alarmDescription,
            ComparisonOperator: inputs.comparisonOperator as ComparisonOperator,
            DatapointsToAlarm: inputs.datapointsToAlarm,
            Dimensions: Object.entries(inputs.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
            EvaluationPeriods: inputs.evaluationPeriods,
            InsufficientDataActions: inputs.insufficientDataActions as string[] | undefined,
            MetricName: inputs.metricName,
            Namespace: inputs.namespace,
            OKActions: inputs.okActions as string[] | undefined,
            Period: inputs.period,
            Statistic: inputs.statistic as Statistic,
            Threshold: inputs.threshold,
            TreatMissingData: inputs.treatMissingData,
            Tags: isNew ? tagList(context.tags) : undefined,
        }),
    );
}
