import {
    CloudWatchLogsClient,
    DeleteResourcePolicyCommand,
    DescribeResourcePoliciesCommand,
    PutResourcePolicyCommand,
    type ResourcePolicy,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogResourcePolicyArgs, LogResourcePolicyState } from "@pulumi/aws/cloudwatch/logResourcePolicy";

import { json, only, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

const logs = (context: AwsContext) => context.client(CloudWatchLogsClient);

/** Policies of an account and region, of which there may be ten; those of a single log group are not done. */
export const logResourcePolicy = resource<LogResourcePolicyArgs, LogResourcePolicyState>({
    noun: "CloudWatch Logs Resource Policy",
    properties: {
        policyDocument: json({ required: true }),
        policyName: string({ forceNew: true }),
        resourceArn: only("string", "", "use policyName"),
    },
    check: ({ policyName }, isUnknown) =>
        (policyName ?? "") === "" && !isUnknown("policyName")
            ? [
                  'Missing required argument: "policyName" is required; policies of one log group are not implemented',
              ]
            : [],
    async create(inputs, context) {
        await put(inputs.policyName ?? "", inputs.policyDocument, context);
        return inputs.policyName ?? "";
    },
    async read(id, context) {
        const found = await find(id, context);
        if (!found) return undefined;
        return {
            policyDocument: found.policyDocument,
            policyName: found.policyName,
            policyScope: found.policyScope ?? "ACCOUNT",
            resourceArn: found.resourceArn ?? "",
            revisionId: found.revisionId ?? "",
        };
    },
    update: (id, { policyDocument }, _change, context) => put(id, policyDocument, context),
    async delete(id, _state, context) {
        await logs(context).send(new DeleteResourcePolicyCommand({ policyName: id }));
    },
});

async function put(policyName: string, document: unknown, context: AwsContext): Promise<void> {
    const policyDocument = typeof document === "string" ? document : JSON.stringify(document);
    await logs(context).send(new PutResourcePolicyCommand({ policyName, policyDocument }));
}

async function find(name: string, context: AwsContext): Promise<ResourcePolicy | undefined> {
    let nextToken: string | undefined;
    do {
        const page = await logs(context).send(new DescribeResourcePoliciesCommand({ nextToken }));
        const found = page.resourcePolicies?.find(({ policyName }) => policyName === name);
        if (found) return found;
        ({ nextToken } = page);
    } while (nextToken);
    return undefined;
}
