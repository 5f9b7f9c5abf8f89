import {
    type AlarmType,
    CloudWatchClient,
    DescribeAlarmsCommand,
    GetDashboardCommand,
    ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import {
    CloudWatchLogsClient,
    DescribeResourcePoliciesCommand,
    ListTagsForResourceCommand as ListLogTagsCommand,
    paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";

import { collect, type Finder, type Finders, isTagged, text, unlessMissing } from "../finder";

const alarm =
    (nameInput: string, type: AlarmType): Finder =>
    async (inputs, aws) => {
        const client = aws.client(CloudWatchClient);
        const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
            new DescribeAlarmsCommand({ AlarmNames: [text(inputs[nameInput])], AlarmTypes: [type] }),
        );
        const found = (type === "MetricAlarm" ? MetricAlarms : CompositeAlarms)[0];
        if (!found) return undefined;
        const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: found.AlarmArn }));
        return isTagged(inputs, Tags) ? found.AlarmName : undefined;
    };

export const finders: Finders = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": alarm("name", "MetricAlarm"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": alarm("alarmName", "CompositeAlarm"),
    // There is at most one dashboard of a name, and writing one replaces it: this one is the program's.
    "aws:cloudwatch/dashboard:Dashboard": async ({ dashboardName }, aws) => {
        const command = new GetDashboardCommand({ DashboardName: text(dashboardName) });
        return (await unlessMissing(aws.client(CloudWatchClient).send(command)))?.DashboardName;
    },
    "aws:cloudwatch/logGroup:LogGroup": async (inputs, aws) => {
        const client = aws.client(CloudWatchLogsClient);
        const pages = paginateDescribeLogGroups({ client }, { logGroupNamePrefix: text(inputs.name) });
        const groups = await collect(pages, ({ logGroups }) => logGroups);
        const found = groups.find(({ logGroupName }) => logGroupName === inputs.name);
        if (!found) return undefined;
        const resourceArn = (found.arn ?? "").replace(/:\*$/, "");
        const { tags } = await client.send(new ListLogTagsCommand({ resourceArn }));
        return isTagged(inputs, tags) ? found.logGroupName : undefined;
    },
    // As with dashboards. The SDK has no paginator for these.
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": async ({ policyName }, aws) => {
        let nextToken: string | undefined;
        do {
            const page = await aws
                .client(CloudWatchLogsClient)
                .send(new DescribeResourcePoliciesCommand({ nextToken }));
            const found = page.resourcePolicies?.find((policy) => policy.policyName === policyName);
            if (found) return found.policyName;
            ({ nextToken } = page);
        } while (nextToken);
        return undefined;
    },
};
