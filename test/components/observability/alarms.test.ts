import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import {
    alarmCountProblems,
    type AlarmSpec,
    alarmsOf,
    natGatewayAlarms,
    neptuneAlarms,
    openSearchAlarms,
    pulsarAlarms,
    sageMakerAlarms,
} from "../../../components/observability/alarms";
import { observabilitySchema } from "../../../components/observability/schema";
import { describeProblem } from "../../../components/validation";
import { Recorder, valueOf } from "../../support/mocks";

const services = (watched: z.input<typeof observabilitySchema>["services"]) =>
    observabilitySchema.parse({ alarmEmails: [], services: watched }).services;
const neptune = (more: object = {}) =>
    neptuneAlarms(services({ neptune: { clusterIdentifier: "c", ...more } }).neptune!);
const openSearch = (more: object = {}) =>
    openSearchAlarms(services({ opensearch: { domainName: "d", ...more } }).opensearch!, "123456789012");

/** `<statistic> <metric> <comparison> <threshold> for <periods> x <seconds>`, and what no value means. */
const rule = (spec: AlarmSpec) =>
    [
        spec.suffix,
        spec.statistic,
        spec.metricName,
        {
            GreaterThanOrEqualToThreshold: ">=",
            GreaterThanThreshold: ">",
            LessThanOrEqualToThreshold: "<=",
            LessThanThreshold: "<",
        }[spec.comparisonOperator],
        spec.threshold,
        `${spec.evaluationPeriods}x${spec.period}`,
        spec.treatMissingData,
    ].join(" ");
const node = (name: string) => ({ name, instanceId: `i-${name}` });

describe("alarms", () => {
    it("watch a serverless Neptune cluster by its capacity", () => {
        assert.deepEqual(neptune().map(rule), [
            "neptune-capacity Maximum NCUUtilization >= 90 3x300 notBreaching",
            "neptune-queue Maximum MainRequestQueuePendingRequests > 0 3x300 notBreaching",
            "neptune-replica-lag Maximum ClusterReplicaLagMaximum >= 1000 3x300 notBreaching",
        ]);
    });

    it("watch a provisioned Neptune cluster without replicas by its CPU", () => {
        const specs = neptune({ serverless: false, readReplicas: 0 });
        assert.deepEqual(specs.map(rule), [
            "neptune-cpu Maximum CPUUtilization >= 75 3x300 notBreaching",
            "neptune-queue Maximum MainRequestQueuePendingRequests > 0 3x300 notBreaching",
        ]);
        for (const { namespace, dimensions } of specs)
            assert.deepEqual([namespace, dimensions], ["AWS/Neptune", { DBClusterIdentifier: "c" }]);
    });

    it("watch an OpenSearch domain as AWS recommends", () => {
        const specs = openSearch();
        assert.deepEqual(specs.map(rule), [
            "opensearch-red Maximum ClusterStatus.red >= 1 1x60 missing",
            "opensearch-yellow Maximum ClusterStatus.yellow >= 1 5x60 missing",
            "opensearch-storage Minimum FreeStorageSpace <= 16384 1x60 missing",
            "opensearch-writes-blocked Maximum ClusterIndexWritesBlocked >= 1 1x300 notBreaching",
            "opensearch-nodes Minimum Nodes < 6 1x86400 missing",
            "opensearch-snapshot Maximum AutomatedSnapshotFailure >= 1 1x60 notBreaching",
            "opensearch-cpu Maximum CPUUtilization >= 80 3x900 missing",
            "opensearch-memory Maximum JVMMemoryPressure >= 95 3x60 missing",
            "opensearch-old-memory Maximum OldGenJVMMemoryPressure >= 80 3x60 missing",
            "opensearch-master-cpu Maximum MasterCPUUtilization >= 50 3x900 missing",
            "opensearch-master-memory Maximum MasterJVMMemoryPressure >= 95 3x60 missing",
            "opensearch-key-disabled Maximum KMSKeyError >= 1 1x60 notBreaching",
            "opensearch-key-inaccessible Maximum KMSKeyInaccessible >= 1 1x60 notBreaching",
        ]);
        for (const { namespace, dimensions } of specs)
            assert.deepEqual(
                [namespace, dimensions],
                ["AWS/ES", { DomainName: "d", ClientId: "123456789012" }],
            );
    });

    it("leave out what a single node cannot be, and count nodes and storage of the domain", () => {
        const rules = openSearch({ dataNodeCount: 1, dedicatedMasterCount: 0, volumeSizeGib: 10 }).map(rule);
        assert.ok(!rules.some((text) => /yellow|master/.test(text)), rules.join("\n"));
        assert.ok(rules.includes("opensearch-storage Minimum FreeStorageSpace <= 2560 1x60 missing"));
        assert.ok(rules.includes("opensearch-nodes Minimum Nodes < 1 1x86400 missing"));
    });

    it("watch each of Pulsar's instances by its id", async () => {
        await Recorder.install();
        const specs = pulsarAlarms({
            clusterName: "lab",
            nodes: [node("broker-1"), node("broker-2")],
        });
        assert.deepEqual(specs.map(rule), [
            "pulsar-broker-1-status Maximum StatusCheckFailed >= 1 2x300 missing",
            "pulsar-broker-1-cpu Average CPUUtilization > 80 3x300 missing",
            "pulsar-broker-2-status Maximum StatusCheckFailed >= 1 2x300 missing",
            "pulsar-broker-2-cpu Average CPUUtilization > 80 3x300 missing",
        ]);
        const ids = await valueOf(pulumi.all(specs.map(({ dimensions }) => dimensions.InstanceId)));
        assert.deepEqual(ids, ["i-broker-1", "i-broker-1", "i-broker-2", "i-broker-2"]);
    });

    it("watch the homes of notebooks", () => {
        const specs = sageMakerAlarms({ homeEfsFileSystemId: "fs" });
        assert.deepEqual(specs.map(rule), [
            "sagemaker-home-io Average PercentIOLimit >= 100 15x60 notBreaching",
            "sagemaker-home-credits Average BurstCreditBalance <= 0 15x60 notBreaching",
        ]);
        for (const { namespace, dimensions } of specs)
            assert.deepEqual([namespace, dimensions], ["AWS/EFS", { FileSystemId: "fs" }]);
    });

    it("watch each NAT gateway", async () => {
        await Recorder.install();
        const specs = natGatewayAlarms([pulumi.output("nat-a"), pulumi.output("nat-b")]);
        assert.deepEqual(specs.map(rule), [
            "nat-1-ports Sum ErrorPortAllocation > 0 15x60 missing",
            "nat-2-ports Sum ErrorPortAllocation > 0 15x60 missing",
        ]);
        const ids = await valueOf(pulumi.all(specs.map(({ dimensions }) => dimensions.NatGatewayId)));
        assert.deepEqual(ids, ["nat-a", "nat-b"]);
    });

    it("fit what CloudWatch takes: a day at most where the period is under an hour, a week otherwise", () => {
        for (const spec of [
            ...neptune(),
            ...openSearch(),
            ...sageMakerAlarms({ homeEfsFileSystemId: "fs" }),
        ]) {
            const most = spec.period < 3600 ? 86_400 : 604_800;
            assert.ok(spec.period % 60 === 0 && spec.period * spec.evaluationPeriods <= most, spec.suffix);
            assert.ok(spec.description.length <= 1024, spec.suffix);
            assert.match(
                spec.description,
                /AWS recommends it|The threshold is this project's|AWS draws the line/,
            );
        }
    });

    it("are none where nothing is watched, and more than one replica or data node has the same as two", () => {
        assert.deepEqual(alarmsOf(services({}), "123456789012"), []);
        assert.deepEqual(neptune({ readReplicas: 2 }).map(rule), neptune({ readReplicas: 1 }).map(rule));
        assert.ok(
            openSearch({ dataNodeCount: 2 })
                .map(rule)
                .some((text) => text.startsWith("opensearch-yellow")),
        );
    });

    it("are as many as a composite alarm takes", () => {
        assert.deepEqual(alarmCountProblems(100), []);
        assert.deepEqual(alarmCountProblems(101).map(describeProblem), [
            'services: "101 alarms" is not allowed: at most 100 alarms, which is what a composite alarm takes; watch the services with two of these components',
        ]);
    });
});
