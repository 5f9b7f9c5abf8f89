import type { LogGroup, LogGroupClass, ResourcePolicy } from "@aws-sdk/client-cloudwatch-logs";
import type { LogGroupArgs, LogGroupState } from "@pulumi/aws/cloudwatch/logGroup";
import type { LogResourcePolicyArgs, LogResourcePolicyState } from "@pulumi/aws/cloudwatch/logResourcePolicy";

import { oneOf, text } from "../../server/property";
import { mapOf } from "../api";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { needs } from "../rules";

/** Periods that PutRetentionPolicy takes, in days; 0 stands for "for ever". */
const RETENTION_DAYS = [
    0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
    3653,
];

export const logGroup = resource<LogGroupArgs, LogGroupState, LogGroup>("cloudwatch/logGroup:LogGroup", {
    noun: "CloudWatch Logs Log Group",
    fixed: ["logGroupClass", "name"],
    plain: ["kmsKeyId"],
    remembered: ["skipDestroy"],
    inputs: {
        deletionProtectionEnabled: { computed: false },
        logGroupClass: { validate: oneOf("STANDARD", "INFREQUENT_ACCESS") },
        name: {
            validate: text(
                512,
                /^[.\-_/#A-Za-z0-9]+$/,
                "only alphanumeric characters and . - _ / # are allowed",
            ),
        },
        retentionInDays: { default: 0, validate: oneOf(...RETENTION_DAYS) },
        skipDestroy: { default: false },
    },
    only: { deletionProtectionEnabled: false },
    autoname: { property: "name", maxLength: 255 },
    names: { name: "logGroupName" },
    otherwise: { logGroupClass: "STANDARD" },
    async find(name, { aws }) {
        for await (const { logGroups = [] } of aws.logs.paginateDescribeLogGroups({
            logGroupNamePrefix: name,
        })) {
            const found = logGroups.find(({ logGroupName }) => logGroupName === name);
            if (found) return found;
        }
        return undefined;
    },
    outputs: ({ arn = "" }) => ({ arn: arn.replace(/:\*$/, "") }),
    async create({ name, kmsKeyId, logGroupClass }, { aws, tags }) {
        await aws.logs.createLogGroup({
            logGroupName: name,
            kmsKeyId,
            logGroupClass: logGroupClass as LogGroupClass,
            tags: Object.keys(tags).length > 0 ? tags : undefined,
        });
        return name;
    },
    async settle(id, { retentionInDays }, context) {
        if (retentionInDays) await setRetention(id, retentionInDays, context);
    },
    async update(logGroupName, { kmsKeyId, retentionInDays }, { changed }, context) {
        const { logs } = context.aws;
        if (changed.has("retentionInDays")) await setRetention(logGroupName, retentionInDays, context);
        if (!changed.has("kmsKeyId")) return;
        if (kmsKeyId) await logs.associateKmsKey({ logGroupName, kmsKeyId });
        else await logs.disassociateKmsKey({ logGroupName });
    },
    tags: {
        read: async ({ arn }, { aws }) => (await aws.logs.listTagsForResource({ resourceArn: arn })).tags,
        put: ({ arn }, tags, { aws }) => aws.logs.tagResource({ resourceArn: arn, tags: mapOf(tags) }),
        remove: ({ arn }, tagKeys, { aws }) => aws.logs.untagResource({ resourceArn: arn, tagKeys }),
    },
    async delete(id, { skipDestroy }, { aws }) {
        if (!skipDestroy) await aws.logs.deleteLogGroup({ logGroupName: id });
    },
});

async function setRetention(logGroupName: string, retentionInDays = 0, { aws }: AwsContext): Promise<void> {
    if (retentionInDays === 0) await aws.logs.deleteRetentionPolicy({ logGroupName });
    else await aws.logs.putRetentionPolicy({ logGroupName, retentionInDays });
}

/** Policies of an account and region, of which there may be ten; those of a single log group are not done. */
export const logResourcePolicy = resource<LogResourcePolicyArgs, LogResourcePolicyState, ResourcePolicy>(
    "cloudwatch/logResourcePolicy:LogResourcePolicy",
    {
        noun: "CloudWatch Logs Resource Policy",
        fixed: ["policyName"],
        plain: ["policyDocument"],
        only: { resourceArn: "" },
        instead: "use policyName",
        rules: [needs("policyName", "; policies of one log group are not implemented")],
        otherwise: { policyScope: "ACCOUNT" },
        async find(name, { aws }) {
            let nextToken: string | undefined;
            do {
                const page = await aws.logs.describeResourcePolicies({ nextToken });
                const found = page.resourcePolicies?.find(({ policyName }) => policyName === name);
                if (found) return found;
                ({ nextToken } = page);
            } while (nextToken);
            return undefined;
        },
        async create({ policyName = "", policyDocument }, context) {
            await putPolicy(policyName, policyDocument, context);
            return policyName;
        },
        update: (id, { policyDocument }, _change, context) => putPolicy(id, policyDocument, context),
        delete: (id, _state, { aws }) => aws.logs.deleteResourcePolicy({ policyName: id }),
    },
);

function putPolicy(policyName: string, document: unknown, { aws }: AwsContext): Promise<unknown> {
    const policyDocument = typeof document === "string" ? document : JSON.stringify(document);
    return aws.logs.putResourcePolicy({ policyName, policyDocument });
}
