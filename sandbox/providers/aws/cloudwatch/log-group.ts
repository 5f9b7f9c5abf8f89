import {
    AssociateKmsKeyCommand,
    CloudWatchLogsClient,
    CreateLogGroupCommand,
    DeleteLogGroupCommand,
    DeleteRetentionPolicyCommand,
    DisassociateKmsKeyCommand,
    ListTagsForResourceCommand,
    paginateDescribeLogGroups,
    PutRetentionPolicyCommand,
    TagResourceCommand,
    UntagResourceCommand,
    type LogGroup,
    type LogGroupClass,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogGroupArgs, LogGroupState } from "@pulumi/aws/cloudwatch/logGroup";

import { boolean, integer, only, oneOf, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

/** Periods that PutRetentionPolicy takes, in days; 0 stands for "for ever". */
const RETENTION_DAYS = [
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
    3653,
];

const logs = (context: AwsContext) => context.client(CloudWatchLogsClient);

export const logGroup = resource<LogGroupArgs, LogGroupState>({
    noun: "CloudWatch Logs Log Group",
    properties: {
        deletionProtectionEnabled: only("boolean", false),
        kmsKeyId: string(),
        logGroupClass: string({
            computed: true,
            forceNew: true,
            validate: oneOf("STANDARD", "INFREQUENT_ACCESS"),
        }),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(
                512,
                /^[.\-_/#A-Za-z0-9]+$/,
                "only alphanumeric characters and . - _ / # are allowed",
            ),
        }),
        retentionInDays: integer({ default: 0, validate: oneOf(...RETENTION_DAYS) }),
        skipDestroy: boolean({ default: false }),
    },
    autoname: { property: "name", maxLength: 255 },
    async create(inputs, context) {
        const name = inputs.name ?? "";
        const hasTags = Object.keys(context.tags).length > 0;
        await logs(context).send(
            new CreateLogGroupCommand({
                logGroupName: name,
                kmsKeyId: inputs.kmsKeyId,
                logGroupClass: inputs.logGroupClass as LogGroupClass,
                tags: hasTags ? context.tags : undefined,
            }),
        );
        return name;
    },
    async settle(id, { retentionInDays }, context) {
        if (retentionInDays) await setRetention(id, retentionInDays, context);
    },
    async read(id, context) {
        const found = await find(id, context);
        if (!found) return undefined;
        const arn = (found.arn ?? "").replace(/:\*$/, "");
        const { tags } = await logs(context).send(new ListTagsForResourceCommand({ resourceArn: arn }));
        return {
            arn,
            kmsKeyId: found.kmsKeyId ?? "",
            deletionProtectionEnabled: found.deletionProtectionEnabled ?? false,
            logGroupClass: found.logGroupClass ?? "STANDARD",
            name: found.logGroupName,
            namePrefix: "",
            retentionInDays: found.retentionInDays ?? 0,
            tags: tags ?? {},
        };
    },
    async update(id, news, { changed }, context) {
        if (changed.has("retentionInDays")) await setRetention(id, news.retentionInDays ?? 0, context);
        if (changed.has("kmsKeyId")) {
            const command = news.kmsKeyId
                ? new AssociateKmsKeyCommand({ logGroupName: id, kmsKeyId: news.kmsKeyId })
                : new DisassociateKmsKeyCommand({ logGroupName: id });
            await (command instanceof AssociateKmsKeyCommand
                ? logs(context).send(command)
                : logs(context).send(command));
        }
    },
    async tag(_id, { put, remove }, context, { arn: resourceArn }) {
        if (remove.length > 0) {
            await logs(context).send(new UntagResourceCommand({ resourceArn, tagKeys: remove }));
        }
        if (Object.keys(put).length > 0)
            await logs(context).send(new TagResourceCommand({ resourceArn, tags: put }));
    },
    async delete(id, { skipDestroy }, context) {
        if (!skipDestroy) await logs(context).send(new DeleteLogGroupCommand({ logGroupName: id }));
    },
});

async function find(name: string, context: AwsContext): Promise<LogGroup | undefined> {
    for await (const page of paginateDescribeLogGroups(
        { client: logs(context) },
        { logGroupNamePrefix: name },
    )) {
        const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
        if (found) return found;
    }
    return undefined;
}

async function setRetention(
    logGroupName: string,
    retentionInDays: number,
    context: AwsContext,
): Promise<void> {
    if (retentionInDays === 0) await logs(context).send(new DeleteRetentionPolicyCommand({ logGroupName }));
    else await logs(context).send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
}
