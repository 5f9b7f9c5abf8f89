import type { CompositeAlarm, GetDashboardOutput, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { CompositeAlarmArgs, CompositeAlarmState } from "@pulumi/aws/cloudwatch/compositeAlarm";
import type { DashboardArgs, DashboardState } from "@pulumi/aws/cloudwatch/dashboard";
import type { MetricAlarmArgs, MetricAlarmState } from "@pulumi/aws/cloudwatch/metricAlarm";

import { arn, each, oneOf, text } from "../../server/property";
import { tagList } from "../api";
import type { AwsContext } from "../context";
import { resource, type Tagging } from "../resource";
import { needs } from "../rules";
import { words } from "../text";

const actions = { validate: each(arn) };

const tags: Tagging = {
    read: async ({ arn: ResourceARN }, { aws }) =>
        (await aws.cloudwatch.listTagsForResource({ ResourceARN })).Tags,
    put: ({ arn: ResourceARN }, Tags, { aws }) => aws.cloudwatch.tagResource({ ResourceARN, Tags }),
    remove: ({ arn: ResourceARN }, TagKeys, { aws }) =>
        aws.cloudwatch.untagResource({ ResourceARN, TagKeys }),
};

const deleteAlarm = (id: string, _state: unknown, { aws }: AwsContext) =>
    aws.cloudwatch.deleteAlarms({ AlarmNames: [id] });

/** Dimensions are a map in the SDK, and a list in the API. */
const dimensionList = (dimensions: Record<string, string> = {}) =>
    Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));

export const metricAlarm = resource<MetricAlarmArgs, MetricAlarmState, MetricAlarm>(
    "cloudwatch/metricAlarm:MetricAlarm",
    {
        noun: "CloudWatch Metric Alarm",
        fixed: ["name"],
        plain: ["datapointsToAlarm", "dimensions", "evaluationPeriods", "period"],
        inputs: {
            actionsEnabled: { default: true },
            alarmActions: actions,
            alarmDescription: { validate: text(1024) },
            comparisonOperator: {
                validate: oneOf(
                    "GreaterThanOrEqualToThreshold",
                    "GreaterThanThreshold",
                    "LessThanThreshold",
                    "LessThanOrEqualToThreshold",
                ),
            },
            insufficientDataActions: actions,
            metricName: { validate: text(255) },
            name: { validate: text(255) },
            namespace: { validate: text(255) },
            okActions: actions,
            statistic: { validate: oneOf("SampleCount", "Average", "Sum", "Minimum", "Maximum") },
            threshold: { kind: "number" },
            treatMissingData: {
                default: "missing",
                validate: oneOf("breaching", "notBreaching", "ignore", "missing"),
            },
        },
        autoname: { property: "name", maxLength: 255 },
        rules: [
            needs(
                words("comparisonOperator evaluationPeriods metricName namespace period statistic threshold"),
                "; alarms on expressions are not implemented",
            ),
        ],
        names: {
            arn: "AlarmArn",
            evaluateLowSampleCountPercentiles: "EvaluateLowSampleCountPercentile",
            name: "AlarmName",
            okActions: "OKActions",
        },
        async find(id, { aws }) {
            const request = { AlarmNames: [id], AlarmTypes: ["MetricAlarm" as const] };
            return (await aws.cloudwatch.describeAlarms(request)).MetricAlarms?.[0];
        },
        async create({ name, dimensions }, { aws, tags: given }, request) {
            const more = { Dimensions: dimensionList(dimensions), Tags: tagList(given) };
            await aws.cloudwatch.putMetricAlarm(request(more));
            return name;
        },
        // It replaces the whole alarm, but for its tags.
        update: (_id, { dimensions }, { whole }, { aws }) =>
            aws.cloudwatch.putMetricAlarm(whole({ Dimensions: dimensionList(dimensions) })),
        tags,
        delete: deleteAlarm,
    },
);

export const compositeAlarm = resource<CompositeAlarmArgs, CompositeAlarmState, CompositeAlarm>(
    "cloudwatch/compositeAlarm:CompositeAlarm",
    {
        noun: "CloudWatch Composite Alarm",
        fixed: ["actionsEnabled", "alarmName"],
        inputs: {
            actionsEnabled: { default: true },
            alarmActions: actions,
            alarmDescription: { validate: text(1024) },
            alarmName: { validate: text(255) },
            alarmRule: { validate: text(10240) },
            insufficientDataActions: actions,
            okActions: actions,
        },
        names: { arn: "AlarmArn", okActions: "OKActions" },
        async find(id, { aws }) {
            const request = { AlarmNames: [id], AlarmTypes: ["CompositeAlarm" as const] };
            return (await aws.cloudwatch.describeAlarms(request)).CompositeAlarms?.[0];
        },
        async create({ alarmName }, { aws, tags: given }, request) {
            await aws.cloudwatch.putCompositeAlarm(request({ Tags: tagList(given) }));
            return alarmName;
        },
        update: (_id, _news, { whole }, { aws }) => aws.cloudwatch.putCompositeAlarm(whole()),
        tags,
        delete: deleteAlarm,
    },
);

export const dashboard = resource<DashboardArgs, DashboardState, GetDashboardOutput>(
    "cloudwatch/dashboard:Dashboard",
    {
        noun: "CloudWatch Dashboard",
        fixed: ["dashboardName"],
        inputs: {
            dashboardBody: { kind: "json" },
            dashboardName: {
                validate: text(255, /^[A-Za-z0-9_-]+$/, "only alphanumeric characters, - and _ are allowed"),
            },
        },
        find: (id, { aws }) => aws.cloudwatch.getDashboard({ DashboardName: id }),
        async create({ dashboardName }, { aws }, request) {
            await aws.cloudwatch.putDashboard(request());
            return dashboardName;
        },
        update: (_id, _news, { whole }, { aws }) => aws.cloudwatch.putDashboard(whole()),
        delete: (id, _state, { aws }) => aws.cloudwatch.deleteDashboards({ DashboardNames: [id] }),
    },
);
