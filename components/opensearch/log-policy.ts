import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { assertNoProblems, type Problem } from "../validation";

/** Every log group of every domain begins so. */
export const LOG_GROUP_PREFIX = "/aws/opensearch/";

/** Arguments of an {@link OpenSearchLogPolicy}. */
export interface OpenSearchLogPolicyArgs {
    /** The name of the policy, unique in the account and region. */
    policyName: string;
    /**
     * The domain that may write: into log groups under `/aws/opensearch/<domainName>/`.
     * @default every domain of the account and region, into log groups under `/aws/opensearch/`
     */
    domainName?: string;
    /** The AWS account of the domains and the log groups, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the domains and the log groups. */
    region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
}

/**
 * Lets OpenSearch Service write the logs of domains into CloudWatch Logs.
 *
 * CloudWatch Logs takes ten such policies in a region, and every log group of a domain needs one. So a policy is for a prefix:
 * one for all logs of one domain, or, without `domainName`, one for all domains of the account and region. Where there are more
 * than a few domains, make the latter once and give its {@link policyName} to each as `logPolicyName`.
 *
 * **Cost**: none.
 */
export class OpenSearchLogPolicy extends pulumi.ComponentResource {
    /** Name of the policy. Resolves only after the policy exists. */
    readonly policyName: pulumi.Output<string>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Whose logs.
     * @param opts Component options.
     * @throws when the name of the policy is not one that CloudWatch Logs takes.
     */
    constructor(name: string, args: OpenSearchLogPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:search:OpenSearchLogPolicy", name, {}, opts);
        assertNoProblems(this, name, policyNameProblems(args.policyName));
        const policy = new aws.cloudwatch.LogResourcePolicy(
            `${name}-policy`,
            {
                policyName: args.policyName,
                policyDocument: pulumi
                    .all([args.accountId, args.region, args.partition ?? "aws"])
                    .apply(([accountId, region, partition]) =>
                        JSON.stringify(
                            logPolicy({ accountId, region, partition, domainName: args.domainName }),
                        ),
                    ),
            },
            // The name is given: two policies of that name cannot be at once.
            { parent: this, deleteBeforeReplace: true },
        );
        // Through the id, so that whoever needs the policy waits for it even when the name is known before.
        this.policyName = policy.id;
        this.registerOutputs({ policyName: this.policyName });
    }
}

/** What is wrong with the name of a policy (PutResourcePolicy takes any; the console and the CLI do not cope with all). */
function policyNameProblems(policyName: string): Problem[] {
    return /^[\w.-]{1,255}$/.test(policyName)
        ? []
        : [
              {
                  key: "policyName",
                  value: policyName,
                  allowed: "1 to 255 letters, digits, dots, hyphens and underscores",
              },
          ];
}

/** The policy; pure. The conditions keep other accounts' domains out (confused deputy). */
export function logPolicy(owner: {
    accountId: string;
    region: string;
    partition: string;
    domainName: string | undefined;
}): object {
    const { accountId, region, partition, domainName } = owner;
    const groups = domainName === undefined ? LOG_GROUP_PREFIX : `${LOG_GROUP_PREFIX}${domainName}/`;
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "OpenSearchServiceWritesLogs",
                Effect: "Allow",
                Principal: { Service: "es.amazonaws.com" },
                // The service writes in batches; without PutLogEventsBatch it refuses the log group.
                Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"],
                Resource: `arn:${partition}:logs:${region}:${accountId}:log-group:${groups}*`,
                Condition: {
                    StringEquals: { "aws:SourceAccount": accountId },
                    ArnLike: {
                        "aws:SourceArn": `arn:${partition}:es:${region}:${accountId}:domain/${domainName ?? "*"}`,
                    },
                },
            },
        ],
    };
}
