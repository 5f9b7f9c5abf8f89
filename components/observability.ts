import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
    type AlarmSpec,
    natGatewayAlarms,
    neptuneAlarms,
    type NeptuneToWatch,
    openSearchAlarms,
    type OpenSearchToWatch,
    pulsarAlarms,
    type PulsarToWatch,
    sageMakerAlarms,
    type SageMakerToWatch,
} from "./observability/alarms";
import { budgetNotifications, tagKeyValue } from "./observability/budget";
import { dashboardBody } from "./observability/dashboard";
import { observabilityProblems } from "./observability/problems";
import { topicPolicy } from "./observability/topic-policy";
import { childTags, type Tags } from "./tags";
import { assertNoProblems } from "./validation";

/** What is there to be watched; what is left out gets no alarms. */
export interface WatchedServices {
    readonly neptune?: NeptuneToWatch;
    readonly opensearch?: OpenSearchToWatch;
    readonly pulsar?: PulsarToWatch;
    readonly sagemaker?: SageMakerToWatch;
    /** Ids of NAT gateways. */
    readonly natGatewayIds?: readonly pulumi.Input<string>[];
}

/** Arguments of an {@link Observability}. What decides which resources there are is plain; the rest may come from resources. */
export interface ObservabilityArgs {
    /** The services to watch. Without any there is the topic and, if asked for, the budget. */
    services: WatchedServices;
    /** ARN of the KMS key of the topic; its policy must admit `cloudwatch.amazonaws.com` and `budgets.amazonaws.com`. */
    kmsKeyArn: pulumi.Input<string>;
    /** The AWS account, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the services. */
    region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /**
     * Addresses that alarms and the budget are told to, at most ten. Each gets a mail that asks to confirm the subscription; until
     * its owner did, alarms do not reach it. `[]` for none, when something else subscribes to the topic.
     */
    alarmEmails: readonly string[];
    /**
     * US dollars that a month may cost, above 0. It is told of at 50, 80 and 100 % spent and when 100 % is to be expected; nothing
     * is stopped.
     * @default none: there is no budget
     */
    monthlyBudgetUsd?: number;
    /**
     * Counts only what carries this tag. AWS can tell costs by a tag only once the account (or the organization's payer) activated
     * it as a cost allocation tag in the Billing console, and only from then on: until then such a budget stays at 0.
     * @default none: all costs of the account count
     */
    budgetTag?: { readonly key: string; readonly value: pulumi.Input<string> };
    /**
     * Tags of everything that can be tagged; AWS tags neither subscriptions nor dashboards.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
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
        const specs = alarmSpecs(args);
        assertNoProblems(this, name, observabilityProblems(args, specs.length));
        const child = { parent: this };
        const tags = (childName: string) => childTags(args.tags, "observability", childName);
        const partition = args.partition ?? "aws";

        const topic = new aws.sns.Topic(
            `${name}-alarms`,
            { kmsMasterKeyId: args.kmsKeyArn, tags: tags(`${name}-alarms`) },
            child,
        );
        const policy = new aws.sns.TopicPolicy(
            `${name}-alarms`,
            {
                arn: topic.arn,
                policy: pulumi
                    .all([topic.arn, args.accountId, args.region, partition])
                    .apply(([topicArn, accountId, region, part]) =>
                        JSON.stringify(topicPolicy({ topicArn, accountId, region, partition: part })),
                    ),
            },
            child,
        );
        // Handed on only once the policy is there: AWS Budgets refuses a topic that it may not publish to.
        this.topicArn = pulumi.all([topic.arn, policy.id]).apply(([arn]) => arn);
        for (const email of args.alarmEmails)
            new aws.sns.TopicSubscription(
                `${name}-${email}`,
                { topic: this.topicArn, protocol: "email", endpoint: email },
                child,
            );

        const alarms = specs.map(({ suffix, description, dimensions, ...spec }) => {
            const childName = `${name}-${suffix}`;
            return new aws.cloudwatch.MetricAlarm(
                childName,
                {
                    ...spec,
                    dimensions: { ...dimensions },
                    alarmDescription: description,
                    alarmActions: [this.topicArn],
                    okActions: [this.topicArn],
                    tags: tags(childName),
                },
                child,
            );
        });
        this.alarmNames = pulumi.all(alarms.map((alarm) => alarm.name));
        const stackName = topic.name.apply((topicName) => `${name}-${topicName.slice(-7)}`);
        const [composite, dashboard] =
            alarms.length > 0 ? this.createOverview(name, args, alarms, stackName) : [];
        this.compositeAlarmName = pulumi.output(composite?.alarmName);
        this.dashboardName = pulumi.output(dashboard?.dashboardName);
        this.budgetName = pulumi.output(this.createBudget(name, args)?.name);
        this.registerOutputs({
            topicArn: this.topicArn,
            compositeAlarmName: this.compositeAlarmName,
            dashboardName: this.dashboardName,
            budgetName: this.budgetName,
        });
    }

    /** One alarm over all, and the dashboard. */
    private createOverview(
        name: string,
        { services, accountId, region, tags }: ObservabilityArgs,
        alarms: readonly aws.cloudwatch.MetricAlarm[],
        stackName: pulumi.Output<string>,
    ): [aws.cloudwatch.CompositeAlarm, aws.cloudwatch.Dashboard] {
        const composite = new aws.cloudwatch.CompositeAlarm(
            `${name}-any`,
            {
                alarmName: pulumi.interpolate`${stackName}-any`,
                alarmDescription: "At least one alarm of the lab is in alarm; it notifies by itself.",
                alarmRule: this.alarmNames.apply(anyOf),
                tags: childTags(tags, "observability", `${name}-any`),
            },
            { parent: this },
        );
        const { neptune, opensearch, pulsar, sagemaker, natGatewayIds = [] } = services;
        const dashboard = new aws.cloudwatch.Dashboard(
            `${name}-dashboard`,
            {
                dashboardName: stackName,
                dashboardBody: pulumi
                    .output({
                        region,
                        alarmArns: [composite.arn, ...alarms.map((alarm) => alarm.arn)],
                        neptune: neptune && { clusterIdentifier: neptune.clusterIdentifier },
                        opensearch: opensearch && { domainName: opensearch.domainName, accountId },
                        pulsar: pulsar && { clusterName: pulsar.clusterName, instances: pulsar.nodes },
                        sagemaker: sagemaker && { homeEfsFileSystemId: sagemaker.homeEfsFileSystemId },
                        natGatewayIds: [...natGatewayIds],
                    })
                    .apply(dashboardBody),
            },
            { parent: this },
        );
        return [composite, dashboard];
    }

    /** The budget, if one is asked for. */
    private createBudget(name: string, args: ObservabilityArgs): aws.budgets.Budget | undefined {
        if (args.monthlyBudgetUsd === undefined) return undefined;
        const { budgetTag } = args;
        return new aws.budgets.Budget(
            `${name}-monthly`,
            {
                budgetType: "COST",
                timeUnit: "MONTHLY",
                limitAmount: String(args.monthlyBudgetUsd),
                limitUnit: "USD",
                ...(budgetTag && {
                    costFilters: [
                        {
                            name: "TagKeyValue",
                            values: [
                                pulumi
                                    .output(budgetTag.value)
                                    .apply((value) => tagKeyValue(budgetTag.key, value)),
                            ],
                        },
                    ],
                }),
                notifications: budgetNotifications(this.topicArn, args.alarmEmails),
                tags: childTags(args.tags, "observability", `${name}-monthly`),
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
