import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { Observability, type ObservabilityArgs } from "../../components/observability";
import { Recorder, settled, valueOf } from "../support/mocks";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const BUDGET = "aws:budgets/budget:Budget";
const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const TOPIC_ARN = "arn:aws:sns:us-east-1:123456789012:lab-alarms-1234567";

/** Made anew for each test: outputs belong to the engine that was installed when they were made. */
const args = (): ObservabilityArgs => ({
    services: {
        neptune: { clusterIdentifier: "lab-graph" },
        opensearch: { domainName: "lab-search" },
        pulsar: {
            clusterName: "lab",
            nodes: [
                { name: "zookeeper-1", instanceId: pulumi.output("i-zookeeper") },
                { name: "broker-1", instanceId: pulumi.output("i-broker") },
            ],
        },
        sagemaker: { homeEfsFileSystemId: "fs-homes" },
        natGatewayIds: [pulumi.output("nat-a"), pulumi.output("nat-b")],
    },
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    accountId: "123456789012",
    region: "us-east-1",
    alarmEmails: ["team@example.com", "me@example.com"],
    monthlyBudgetUsd: 250.5,
    tags: { Owner: "me" },
});
const bare = (): ObservabilityArgs => ({
    services: {},
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    accountId: "123456789012",
    region: "us-east-1",
    alarmEmails: [],
});

const ALARM_NAMES = [
    "neptune-capacity",
    "neptune-queue",
    "neptune-replica-lag",
    "opensearch-red",
    "opensearch-yellow",
    "opensearch-storage",
    "opensearch-writes-blocked",
    "opensearch-nodes",
    "opensearch-snapshot",
    "opensearch-cpu",
    "opensearch-memory",
    "opensearch-old-memory",
    "opensearch-master-cpu",
    "opensearch-master-memory",
    "opensearch-key-disabled",
    "opensearch-key-inaccessible",
    "pulsar-zookeeper-1-status",
    "pulsar-zookeeper-1-cpu",
    "pulsar-broker-1-status",
    "pulsar-broker-1-cpu",
    "sagemaker-home-io",
    "sagemaker-home-credits",
    "nat-1-ports",
    "nat-2-ports",
].map((suffix) => `lab-${suffix}`);

for (const preview of [false, true]) {
    describe(`Observability (${preview ? "preview" : "update"})`, () => {
        it("makes the same resources in a preview and an update", async () => {
            const recorder = await Recorder.install(preview);
            new Observability("lab", args());
            await settled();
            // In the order in which what they hang on is known, which is the engine's.
            assert.deepEqual(
                recorder
                    .ofType(ALARM)
                    .map(({ name }) => name)
                    .sort(),
                [...ALARM_NAMES].sort(),
            );
            assert.deepEqual(
                recorder
                    .names()
                    .filter((entry) => !entry.startsWith(ALARM))
                    .sort(),
                [
                    "pulsar-lab:observability:Observability lab",
                    `${TOPIC} lab-alarms`,
                    `${TOPIC_POLICY} lab-alarms`,
                    `${SUBSCRIPTION} lab-team@example.com`,
                    `${SUBSCRIPTION} lab-me@example.com`,
                    `${COMPOSITE} lab-any`,
                    `${DASHBOARD} lab-dashboard`,
                    `${BUDGET} lab-monthly`,
                ].sort(),
            );
        });

        it("tags all that AWS lets it tag", async () => {
            const recorder = await Recorder.install(preview);
            new Observability("lab", args());
            await settled();
            for (const { type, name, inputs, custom } of recorder.resources) {
                if (!custom || [TOPIC_POLICY, SUBSCRIPTION, DASHBOARD].includes(type)) continue;
                assert.deepEqual(
                    inputs.tags,
                    { Owner: "me", Component: "observability", Name: name },
                    `${type} ${name}`,
                );
            }
        });

        it("encrypts the topic with the given key", async () => {
            const recorder = await Recorder.install(preview);
            new Observability("lab", args());
            await settled();
            const { kmsMasterKeyId, name, policy } = recorder.get(TOPIC, "lab-alarms").inputs;
            assert.deepEqual(
                { kmsMasterKeyId, name, policy },
                { kmsMasterKeyId: args().kmsKeyArn, name: undefined, policy: undefined },
            );
        });

        it("is a topic alone where nothing is watched and nothing budgeted", async () => {
            const recorder = await Recorder.install(preview);
            const component = new Observability("lab", bare());
            await settled();
            assert.deepEqual(recorder.names(), [
                "pulsar-lab:observability:Observability lab",
                `${TOPIC} lab-alarms`,
                `${TOPIC_POLICY} lab-alarms`,
            ]);
            assert.equal(await valueOf(component.compositeAlarmName), undefined);
            assert.equal(await valueOf(component.dashboardName), undefined);
            assert.equal(await valueOf(component.budgetName), undefined);
            assert.deepEqual(await valueOf(component.alarmNames), []);
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new Observability("one", args());
            new Observability("two", args());
            await settled();
            const names = recorder.names();
            assert.equal(new Set(names).size, names.length);
            assert.equal(names.length, 2 * (8 + ALARM_NAMES.length));
        });
    });
}

describe("Observability", () => {
    it("lets alarms and budgets of the account publish, and nobody without TLS", async () => {
        const recorder = await Recorder.install();
        const component = new Observability("lab", args());
        assert.equal(await valueOf(component.topicArn), TOPIC_ARN);
        const { arn, policy } = recorder.get(TOPIC_POLICY, "lab-alarms").inputs;
        assert.equal(arn, TOPIC_ARN);
        const statements = (JSON.parse(policy as string) as { Statement: { Sid: string }[] }).Statement;
        assert.deepEqual(
            statements.map(({ Sid }) => Sid),
            ["CloudWatchAlarmsPublish", "BudgetsPublish", "NobodyPublishesWithoutTls"],
        );
    });

    it("subscribes every address", async () => {
        const recorder = await Recorder.install();
        new Observability("lab", args());
        await settled();
        assert.deepEqual(
            recorder.ofType(SUBSCRIPTION).map(({ inputs }) => inputs),
            ["team@example.com", "me@example.com"].map((endpoint) => ({
                topic: TOPIC_ARN,
                protocol: "email",
                endpoint,
            })),
        );
    });

    it("notifies when an alarm begins and when it ends", async () => {
        const recorder = await Recorder.install();
        new Observability("lab", args());
        await settled();
        for (const { inputs } of recorder.ofType(ALARM)) {
            assert.deepEqual(inputs.alarmActions, [TOPIC_ARN]);
            assert.deepEqual(inputs.okActions, [TOPIC_ARN]);
            assert.equal(inputs.insufficientDataActions, undefined);
        }
    });

    it("makes an alarm of its specification", async () => {
        const recorder = await Recorder.install();
        new Observability("lab", args());
        await settled();
        assert.deepEqual(recorder.get(ALARM, "lab-pulsar-broker-1-status").inputs, {
            alarmActions: [TOPIC_ARN],
            alarmDescription:
                "Pulsar's broker-1 fails EC2's status checks. AWS recommends it (CloudWatch: Recommended alarms).",
            comparisonOperator: "GreaterThanOrEqualToThreshold",
            dimensions: { InstanceId: "i-broker" },
            evaluationPeriods: 2,
            metricName: "StatusCheckFailed",
            namespace: "AWS/EC2",
            okActions: [TOPIC_ARN],
            period: 300,
            statistic: "Maximum",
            tags: { Owner: "me", Component: "observability", Name: "lab-pulsar-broker-1-status" },
            threshold: 1,
            treatMissingData: "missing",
        });
        assert.deepEqual(recorder.get(ALARM, "lab-nat-2-ports").inputs.dimensions, { NatGatewayId: "nat-b" });
    });

    it("has one alarm over all that notifies nobody, named like the topic", async () => {
        const recorder = await Recorder.install();
        const component = new Observability("lab", args());
        assert.equal(await valueOf(component.compositeAlarmName), "lab-1234567-any");
        assert.deepEqual(
            await valueOf(component.alarmNames),
            ALARM_NAMES.map((name) => `${name}-1234567`),
        );
        const { alarmRule, alarmActions, okActions } = recorder.get(COMPOSITE, "lab-any").inputs;
        assert.equal(alarmRule, ALARM_NAMES.map((name) => `ALARM("${name}-1234567")`).join(" OR "));
        assert.deepEqual([alarmActions, okActions], [undefined, undefined]);
    });

    it("shows all alarms and services on the dashboard", async () => {
        const recorder = await Recorder.install();
        const component = new Observability("lab", args());
        assert.equal(await valueOf(component.dashboardName), "lab-1234567");
        const body = recorder.get(DASHBOARD, "lab-dashboard").inputs.dashboardBody as string;
        const { widgets } = JSON.parse(body) as {
            widgets: { type: string; properties: { alarms?: string[]; title: string } }[];
        };
        assert.equal(widgets[0]?.properties.alarms?.length, 1 + ALARM_NAMES.length);
        assert.equal(
            widgets[0].properties.alarms[0],
            "arn:aws:cloudwatch:us-east-1:123456789012:alarm:lab-1234567-any",
        );
        for (const id of ["lab-graph", "lab-search", "i-broker", "i-zookeeper", "fs-homes", "nat-a", "nat-b"])
            assert.ok(body.includes(`"${id}"`), id);
    });

    it("tells of the budget at 50, 80 and 100 % spent and at 100 % expected", async () => {
        const recorder = await Recorder.install();
        const component = new Observability("lab", args());
        assert.equal(await valueOf(component.budgetName), "lab-monthly-1234567");
        const { notifications, ...inputs } = recorder.get(BUDGET, "lab-monthly").inputs;
        assert.deepEqual(inputs, {
            budgetType: "COST",
            timeUnit: "MONTHLY",
            limitAmount: "250.5",
            limitUnit: "USD",
            tags: { Owner: "me", Component: "observability", Name: "lab-monthly" },
        });
        assert.deepEqual(
            notifications,
            (
                [
                    ["ACTUAL", 50],
                    ["ACTUAL", 80],
                    ["ACTUAL", 100],
                    ["FORECASTED", 100],
                ] as const
            ).map(([notificationType, threshold]) => ({
                comparisonOperator: "GREATER_THAN",
                notificationType,
                threshold,
                thresholdType: "PERCENTAGE",
                subscriberEmailAddresses: ["team@example.com", "me@example.com"],
                subscriberSnsTopicArns: [TOPIC_ARN],
            })),
        );
    });

    it("counts what one tag marks where that is asked for", async () => {
        const recorder = await Recorder.install();
        new Observability("lab", {
            ...bare(),
            monthlyBudgetUsd: 100,
            budgetTag: { key: "ExperimentID", value: pulumi.output("exp-1") },
        });
        await settled();
        assert.deepEqual(recorder.get(BUDGET, "lab-monthly").inputs.costFilters, [
            { name: "TagKeyValue", values: ["user:ExperimentID$exp-1"] },
        ]);
    });

    it("follows the partition", async () => {
        const recorder = await Recorder.install();
        new Observability("lab", { ...bare(), partition: "aws-us-gov", region: "us-gov-west-1" });
        await settled();
        const policy = recorder.get(TOPIC_POLICY, "lab-alarms").inputs.policy as string;
        assert.ok(policy.includes("arn:aws-us-gov:cloudwatch:us-gov-west-1:123456789012:alarm:*"));
        assert.ok(policy.includes("arn:aws-us-gov:budgets::123456789012:*"));
    });

    it("refuses what cannot work, before anything is made", async () => {
        const recorder = await Recorder.install();
        assert.throws(
            () => new Observability("lab", { ...bare(), alarmEmails: ["nobody"], monthlyBudgetUsd: 0 }),
            {
                message: [
                    'Observability "lab" has arguments that cannot work:',
                    '  - alarmEmails[0]: "nobody" is not allowed: an address such as team@example.com',
                    "  - monthlyBudgetUsd: 0 is not allowed: a number of US dollars above 0",
                ].join("\n"),
            },
        );
        await settled();
        assert.deepEqual(
            recorder.resources.filter(({ custom }) => custom),
            [],
        );
    });
});
