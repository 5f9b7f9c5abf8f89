import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { alarmCountProblems, alarmsOf, type AlarmSpec } from "./observability/alarms";
import type { ObservabilityArgs } from "./observability/args";
import { budgetNotifications, tagFilter } from "./observability/budget";
import { dashboardBody } from "./observability/dashboard";
import { observabilitySchema } from "./observability/schema";
import { topicPolicy } from "./observability/topic-policy";
import { validated } from "./schema/problems";
import { childTags } from "./tags";
import { assertNoProblems } from "./validation";

export * from "./observability/args";

const COMPONENT = "observability";

/** What each part is created from. */
interface Plan {
    readonly name: string;
    readonly args: ObservabilityArgs;
    /** The arguments of the schema, complete. */
    readonly settings: z.output<typeof observabilitySchema>;
    readonly parent: pulumi.Resource;
}

/**
 * What tells people that something is wrong: alarms for each service, one alarm over all of them, a dashboard, a budget, and the
 * encrypted topic that they speak through.
 *
 * Every alarm notifies by itself, when it begins and when it is over, since a composite alarm says nothing of a second fault while
 * the first lasts. The composite alarm notifies nobody: it is the one state of the lab for the dashboard and for programs. Where a
 * threshold comes from is in the alarm's description. Logs are kept by the components that write them, each group with its own
 * retention.
 *
 * Alarms, topic and budget have generated names. Composite alarm and dashboard, which need one given, end like the topic's, so
 * that two stacks may live in an account and region.
 *
 * **Cost** (us-east-1, a month): 0.10 USD an alarm, 0.50 the composite one, 3 the dashboard beyond the account's first three; of
 * budgets the notifications cost nothing, e-mails 2 USD for 100,000. With the defaults of every service, about 40 alarms, 7.50 USD.
 */
export class Observability extends pulumi.ComponentResource {
    /** ARN of the topic, once its policy is there. Subscribe whatever else is to know. */
    readonly topicArn: pulumi.Output<string>;
    /** Names of the alarms. */
    readonly alarmNames: pulumi.Output<string[]>;
    /** Name of the alarm over all; undefined when nothing is watched. */
    readonly compositeAlarmName: pulumi.Output<string | undefined>;
    /** Name of the dashboard; undefined when nothing is watched. */
    readonly dashboardName: pulumi.Output<string | undefined>;
    /** Name of the budget; undefined when there is none. */
    readonly budgetName: pulumi.Output<string | undefined>;

    /**
     * @param name The logical name; children are named from it.
     * @param args What is watched, who is told, and what a month may cost.
     * @param opts Component options.
     * @throws when the arguments cannot work; every problem is listed.
     */
    constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:observability:Observability", name, {}, opts);
        const settings = validated(this, name, observabilitySchema, args);
        const specs = alarmsOf(settings.services, args.accountId);
        assertNoProblems(this, name, alarmCountProblems(specs.length));
        const plan: Plan = { name, args, settings, parent: this };

        const topic = createTopic(plan);
        const policy = createTopicPolicy(plan, topic);
        // Only with its policy: AWS Budgets refuses a topic that it may not publish to.
        this.topicArn = pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
        createSubscriptions(plan, this.topicArn);
        const alarms = specs.map((spec) => createAlarm(plan, spec, this.topicArn));
        this.alarmNames = pulumi.all(alarms.map((alarm) => alarm.name));
        const stackName = topic.name.apply((topicName) => `${name}-${topicName.slice(-7)}`);
        const isWatching = alarms.length > 0;
        const composite = isWatching ? createCompositeAlarm(plan, stackName, this.alarmNames) : undefined;
        const dashboard = composite && createDashboard(plan, stackName, [composite, ...alarms]);
        const budget = createBudget(plan, this.topicArn);

        this.compositeAlarmName = pulumi.output(composite?.alarmName);
        this.dashboardName = pulumi.output(dashboard?.dashboardName);
        this.budgetName = pulumi.output(budget?.name);
        this.registerOutputs({
            topicArn: this.topicArn,
            compositeAlarmName: this.compositeAlarmName,
            dashboardName: this.dashboardName,
            budgetName: this.budgetName,
        });
    }
}

function createTopic({ name, args, parent }: Plan): aws.sns.Topic {
    const tags = childTags(args.tags, COMPONENT, `${name}-alarms`);
    return new aws.sns.Topic(`${name}-alarms`, { kmsMasterKeyId: args.kmsKeyArn, tags }, { parent });
}

function createTopicPolicy(
    { name, args: { accountId, region, partition = "aws" }, parent }: Plan,
    { arn: topicArn }: aws.sns.Topic,
): aws.sns.TopicPolicy {
    const owner = pulumi.output({ topicArn, accountId, region, partition });
    const policy = owner.apply((known) => JSON.stringify(topicPolicy(known)));
    return new aws.sns.TopicPolicy(`${name}-alarms`, { arn: topicArn, policy }, { parent });
}

function createSubscriptions({ name, settings, parent }: Plan, topic: pulumi.Output<string>): void {
    for (const endpoint of settings.alarmEmails)
        new aws.sns.TopicSubscription(
            `${name}-${endpoint}`,
            { topic, protocol: "email", endpoint },
            { parent },
        );
}

function createAlarm(
    { name, args, parent }: Plan,
    { suffix, description, dimensions, ...spec }: AlarmSpec,
    topicArn: pulumi.Output<string>,
): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
        `${name}-${suffix}`,
        {
            ...spec,
            dimensions: { ...dimensions },
            alarmDescription: description,
            alarmActions: [topicArn],
            okActions: [topicArn],
            tags: childTags(args.tags, COMPONENT, `${name}-${suffix}`),
        },
        { parent },
    );
}

function createCompositeAlarm(
    { name, args, parent }: Plan,
    stackName: pulumi.Output<string>,
    alarmNames: pulumi.Output<string[]>,
): aws.cloudwatch.CompositeAlarm {
    return new aws.cloudwatch.CompositeAlarm(
        `${name}-any`,
        {
            alarmName: pulumi.interpolate`${stackName}-any`,
            alarmDescription: "At least one alarm of the lab is in alarm; it notifies by itself.",
            alarmRule: alarmNames.apply(anyOf),
            tags: childTags(args.tags, COMPONENT, `${name}-any`),
        },
        { parent },
    );
}

function createDashboard(
    { name, args: { accountId, region }, settings, parent }: Plan,
    dashboardName: pulumi.Output<string>,
    alarms: readonly { readonly arn: pulumi.Output<string> }[],
): aws.cloudwatch.Dashboard {
    const { neptune, opensearch, pulsar, sagemaker, natGatewayIds } = settings.services;
    const content = pulumi.output({
        region,
        alarmArns: alarms.map((alarm) => alarm.arn),
        neptune: neptune && { clusterIdentifier: neptune.clusterIdentifier },
        opensearch: opensearch && { domainName: opensearch.domainName, accountId },
        pulsar: pulsar && { clusterName: pulsar.clusterName, instances: pulsar.nodes },
        sagemaker,
        natGatewayIds,
    });
    return new aws.cloudwatch.Dashboard(
        `${name}-dashboard`,
        { dashboardName, dashboardBody: content.apply(dashboardBody) },
        { parent },
    );
}

/** The budget, if one is asked for. */
function createBudget(
    { name, args, settings, parent }: Plan,
    topicArn: pulumi.Output<string>,
): aws.budgets.Budget | undefined {
    const { monthlyBudgetUsd, budgetTag, alarmEmails } = settings;
    if (monthlyBudgetUsd === undefined) return undefined;
    return new aws.budgets.Budget(
        `${name}-monthly`,
        {
            budgetType: "COST",
            timeUnit: "MONTHLY",
            limitAmount: String(monthlyBudgetUsd),
            limitUnit: "USD",
            ...(budgetTag && { costFilters: [tagFilter(budgetTag)] }),
            notifications: budgetNotifications(topicArn, alarmEmails),
            tags: childTags(args.tags, COMPONENT, `${name}-monthly`),
        },
        { parent },
    );
}

/** The rule of a composite alarm that is in alarm while any of these is. */
function anyOf(alarmNames: readonly string[]): string {
    return alarmNames.map((alarmName) => `ALARM("${alarmName}")`).join(" OR ");
}
