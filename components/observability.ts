import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
    type AlarmSpec,
    natGatewayAlarms,
    neptuneAlarms,
    openSearchAlarms,
    pulsarAlarms,
    sageMakerAlarms,
} from "./observability/alarms";
import type { ObservabilityArgs } from "./observability/args";
import { budgetNotifications, tagFilter } from "./observability/budget";
import { dashboardBody } from "./observability/dashboard";
import { observabilityProblems } from "./observability/problems";
import { topicPolicy } from "./observability/topic-policy";
import { childTags } from "./tags";
import { assertNoProblems } from "./validation";

export * from "./observability/args";

const COMPONENT = "observability";

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
        const specs = alarmSpecs(args);
        assertNoProblems(this, name, observabilityProblems(args, specs.length));

        const topic = this.createTopic(name, args);
        const policy = this.createTopicPolicy(name, args, topic);
        // Only with its policy: AWS Budgets refuses a topic that it may not publish to.
        this.topicArn = pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
        this.subscribeEmails(name, args);
        const alarms = specs.map((spec) => this.createAlarm(name, args, spec));
        this.alarmNames = pulumi.all(alarms.map((alarm) => alarm.name));
        const physicalName = topic.name.apply((topicName) => `${name}-${topicName.slice(-7)}`);
        const isWatching = alarms.length > 0;
        const composite = isWatching ? this.createCompositeAlarm(name, args, physicalName) : undefined;
        const dashboard = composite && this.createDashboard(name, args, physicalName, [composite, ...alarms]);
        const budget = this.createBudget(name, args);

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

    private createTopic(name: string, { kmsKeyArn, tags }: ObservabilityArgs): aws.sns.Topic {
        return new aws.sns.Topic(
            `${name}-alarms`,
            { kmsMasterKeyId: kmsKeyArn, tags: childTags(tags, COMPONENT, `${name}-alarms`) },
            { parent: this },
        );
    }

    private createTopicPolicy(
        name: string,
        { accountId, region, partition = "aws" }: ObservabilityArgs,
        { arn: topicArn }: aws.sns.Topic,
    ): aws.sns.TopicPolicy {
        const owner = pulumi.output({ topicArn, accountId, region, partition });
        const policy = owner.apply((known) => JSON.stringify(topicPolicy(known)));
        return new aws.sns.TopicPolicy(`${name}-alarms`, { arn: topicArn, policy }, { parent: this });
    }

    private subscribeEmails(name: string, { alarmEmails }: ObservabilityArgs): void {
        for (const email of alarmEmails)
            new aws.sns.TopicSubscription(
                `${name}-${email}`,
                { topic: this.topicArn, protocol: "email", endpoint: email },
                { parent: this },
            );
    }

    private createAlarm(
        name: string,
        { tags }: ObservabilityArgs,
        { suffix, description, dimensions, ...spec }: AlarmSpec,
    ): aws.cloudwatch.MetricAlarm {
        return new aws.cloudwatch.MetricAlarm(
            `${name}-${suffix}`,
            {
                ...spec,
                dimensions: { ...dimensions },
                alarmDescription: description,
                alarmActions: [this.topicArn],
                okActions: [this.topicArn],
                tags: childTags(tags, COMPONENT, `${name}-${suffix}`),
            },
            { parent: this },
        );
    }

    private createCompositeAlarm(
        name: string,
        { tags }: ObservabilityArgs,
        physicalName: pulumi.Output<string>,
    ): aws.cloudwatch.CompositeAlarm {
        return new aws.cloudwatch.CompositeAlarm(
            `${name}-any`,
            {
                alarmName: pulumi.interpolate`${physicalName}-any`,
                alarmDescription: "At least one alarm of the lab is in alarm; it notifies by itself.",
                alarmRule: this.alarmNames.apply(anyOf),
                tags: childTags(tags, COMPONENT, `${name}-any`),
            },
            { parent: this },
        );
    }

    private createDashboard(
        name: string,
        { services, accountId, region }: ObservabilityArgs,
        physicalName: pulumi.Output<string>,
        alarms: readonly { readonly arn: pulumi.Output<string> }[],
    ): aws.cloudwatch.Dashboard {
        const { neptune, opensearch, pulsar, sagemaker, natGatewayIds = [] } = services;
        const content = pulumi.output({
            region,
            alarmArns: alarms.map((alarm) => alarm.arn),
            neptune: neptune && { clusterIdentifier: neptune.clusterIdentifier },
            opensearch: opensearch && { domainName: opensearch.domainName, accountId },
            pulsar: pulsar && { clusterName: pulsar.clusterName, instances: pulsar.nodes },
            sagemaker: sagemaker && { homeEfsFileSystemId: sagemaker.homeEfsFileSystemId },
            natGatewayIds: [...natGatewayIds],
        });
        return new aws.cloudwatch.Dashboard(
            `${name}-dashboard`,
            { dashboardName: physicalName, dashboardBody: content.apply(dashboardBody) },
            { parent: this },
        );
    }

    /** The budget, if one is asked for. */
    private createBudget(name: string, args: ObservabilityArgs): aws.budgets.Budget | undefined {
        const { monthlyBudgetUsd, budgetTag, alarmEmails, tags } = args;
        if (monthlyBudgetUsd === undefined) return undefined;
        return new aws.budgets.Budget(
            `${name}-monthly`,
            {
                budgetType: "COST",
                timeUnit: "MONTHLY",
                limitAmount: String(monthlyBudgetUsd),
                limitUnit: "USD",
                ...(budgetTag && { costFilters: [tagFilter(budgetTag)] }),
                notifications: budgetNotifications(this.topicArn, alarmEmails),
                tags: childTags(tags, COMPONENT, `${name}-monthly`),
            },
            { parent: this },
        );
    }
}

/** The alarms of all services, in a fixed order. */
function alarmSpecs({ services, accountId }: ObservabilityArgs): AlarmSpec[] {
    const { neptune, opensearch, pulsar, sagemaker, natGatewayIds = [] } = services;
    return [
        ...(neptune ? neptuneAlarms(neptune) : []),
        ...(opensearch ? openSearchAlarms(opensearch, accountId) : []),
        ...(pulsar ? pulsarAlarms(pulsar) : []),
        ...(sagemaker ? sageMakerAlarms(sagemaker) : []),
        ...natGatewayAlarms(natGatewayIds),
    ];
}

/** The rule of a composite alarm that is in alarm while any of these is. */
function anyOf(alarmNames: readonly string[]): string {
    return alarmNames.map((alarmName) => `ALARM("${alarmName}")`).join(" OR ");
}
