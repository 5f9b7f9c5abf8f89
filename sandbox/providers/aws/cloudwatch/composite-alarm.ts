import { DescribeAlarmsCommand, PutCompositeAlarmCommand } from "@aws-sdk/client-cloudwatch";
import type { CompositeAlarmArgs, CompositeAlarmState } from "@pulumi/aws/cloudwatch/compositeAlarm";
import type { Unwrap } from "@pulumi/pulumi";

import { arn, boolean, each, set, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { alarmTags, cloudwatch, deleteAlarm, tagAlarm, tagList } from "./alarm-support";

export const compositeAlarm = resource<CompositeAlarmArgs, CompositeAlarmState>({
    noun: "CloudWatch Composite Alarm",
    properties: {
        actionsEnabled: boolean({ default: true, forceNew: true }),
        alarmActions: set({ validate: each(arn) }),
        alarmDescription: string({ validate: text(1024) }),
        alarmName: string({ required: true, forceNew: true, validate: text(255) }),
        alarmRule: string({ required: true, validate: text(10240) }),
        insufficientDataActions: set({ validate: each(arn) }),
        okActions: set({ validate: each(arn) }),
    },
    async create(inputs, context) {
        await put(inputs, context, true);
        return inputs.alarmName;
    },
    async read(id, context) {
        const { CompositeAlarms = [] } = await cloudwatch(context).send(
            new DescribeAlarmsCommand({ AlarmNames: [id], AlarmTypes: ["CompositeAlarm"] }),
        );
        const [found] = CompositeAlarms;
        if (!found) return undefined;
        return {
            actionsEnabled: found.ActionsEnabled ?? true,
            alarmActions: found.AlarmActions ?? [],
            alarmDescription: found.AlarmDescription ?? "",
            alarmName: found.AlarmName,
            alarmRule: found.AlarmRule,
            arn: found.AlarmArn,
            insufficientDataActions: found.InsufficientDataActions ?? [],
            okActions: found.OKActions ?? [],
            tags: await alarmTags(found.AlarmArn ?? "", context),
        };
    },
    update: (_id, news, _change, context) => put(news, context, false),
    tag: tagAlarm,
    delete: (id, _state, context) => deleteAlarm(id, context),
});

async function put(inputs: Unwrap<CompositeAlarmArgs>, context: AwsContext, isNew: boolean): Promise<void> {
    await cloudwatch(context).send(
        new PutCompositeAlarmCommand({
            ActionsEnabled: inputs.actionsEnabled,
            AlarmActions: inputs.alarmActions,
            AlarmDescription: inputs.alarmDescription,
            AlarmName: inputs.alarmName,
            AlarmRule: inputs.alarmRule,
            InsufficientDataActions: inputs.insufficientDataActions,
            OKActions: inputs.okActions,
            Tags: isNew ? tagList(context.tags) : undefined,
        }),
    );
}
