import assert from "node:assert/strict";

import { NeptuneCluster, type NeptuneClusterArgs } from "../../components/neptune-cluster";
import { Recorder, settled, valueOf } from "../support/mocks";

const CLUSTER = "aws:neptune/cluster:Cluster";
const INSTANCE = "aws:neptune/clusterInstance:ClusterInstance";
const CLUSTER_PARAMETERS = "aws:neptune/clusterParameterGroup:ClusterParameterGroup";
const INSTANCE_PARAMETERS = "aws:neptune/parameterGroup:ParameterGroup";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

const ARGS: NeptuneClusterArgs = {
    clusterIdentifier: "lab-graph",
    subnetIds: ["subnet-a", "subnet-b"],
    availabilityZones: ["us-east-1a", "us-east-1b"],
    securityGroupIds: ["sg-1"],
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    accountId: "123456789012",
    region: "us-east-1",
    tags: { Owner: "me", ExperimentID: "exp-1" },
};

for (const preview of [false, true]) {
    describe(`NeptuneCluster (${preview ? "preview" : "update"})`, () => {
        it("is encrypted, private, audited, backed up, protected and asks for signed requests", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("graph", ARGS);
            await settled();
            const { inputs } = recorder.get(CLUSTER, "graph");
            assert.equal(inputs.clusterIdentifier, "lab-graph");
            assert.equal(inputs.engine, "neptune");
            assert.equal(inputs.engineVersion, "1.4.5.1");
            assert.equal(inputs.port, 8182);
            assert.equal(inputs.storageEncrypted, true);
            assert.equal(inputs.kmsKeyArn, ARGS.kmsKeyArn);
            assert.equal(inputs.iamDatabaseAuthenticationEnabled, true);
            assert.deepEqual(inputs.enableCloudwatchLogsExports, ["audit"]);
            assert.equal(inputs.backupRetentionPeriod, 7);
            assert.equal(inputs.copyTagsToSnapshot, true);
            assert.equal(inputs.deletionProtection, true);
            assert.equal(inputs.skipFinalSnapshot, false);
            assert.deepEqual(inputs.serverlessV2ScalingConfiguration, { minCapacity: 1, maxCapacity: 2.5 });
            assert.deepEqual(inputs.vpcSecurityGroupIds, ["sg-1"]);
            assert.deepEqual(inputs.iamRoles, []);
            assert.equal(inputs.allowMajorVersionUpgrade, false);
        });

        it("has a writer and a replica in different zones, neither of them public", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("graph", ARGS);
            await settled();
            assert.deepEqual(
                recorder
                    .ofType(INSTANCE)
                    .map(({ name, inputs }) => [
                        name,
                        inputs.identifier,
                        inputs.availabilityZone,
                        inputs.instanceClass,
                        inputs.promotionTier,
                        inputs.publiclyAccessible,
                        inputs.autoMinorVersionUpgrade,
                    ]),
                [
                    ["graph-1", "lab-graph-1", "us-east-1a", "db.serverless", 0, false, false],
                    ["graph-2", "lab-graph-2", "us-east-1b", "db.serverless", 1, false, false],
                ],
            );
        });

        it("makes the audit log group with a key, an end and the name that AWS expects", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("graph", ARGS);
            await settled();
            assert.deepEqual(recorder.get(LOG_GROUP, "graph-audit").inputs, {
                name: "/aws/neptune/lab-graph/audit",
                kmsKeyId: ARGS.kmsKeyArn,
                retentionInDays: 365,
                tags: { ...ARGS.tags, Component: "neptune", Name: "graph-audit" },
            });
        });

        it("computes the families of both kinds of parameter groups", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("new", ARGS);
            new NeptuneCluster("old", {
                ...ARGS,
                engineVersion: "1.3.4.0",
                queryTimeoutMilliseconds: 30_000,
            });
            await settled();
            const clusterParameters = recorder.get(CLUSTER_PARAMETERS, "new-cluster-parameters").inputs;
            assert.equal(clusterParameters.family, "neptune1.4");
            assert.deepEqual(clusterParameters.parameters, [
                { name: "neptune_enable_audit_log", value: "1", applyMethod: "pending-reboot" },
            ]);
            const instanceParameters = recorder.get(INSTANCE_PARAMETERS, "old-instance-parameters").inputs;
            assert.equal(instanceParameters.family, "neptune1.3");
            assert.deepEqual(instanceParameters.parameters, [
                { name: "neptune_query_timeout", value: "30000", applyMethod: "pending-reboot" },
            ]);
            assert.equal(
                recorder.get(CLUSTER_PARAMETERS, "old-cluster-parameters").inputs.family,
                "neptune1.3",
            );
        });

        it("tags everything that can be tagged", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("graph", { ...ARGS, bulkLoad: { sources: [{ bucket: "b", prefix: "" }] } });
            await settled();
            const taggable = recorder.resources.filter(
                ({ type, custom }) => custom && type !== "aws:iam/rolePolicy:RolePolicy",
            );
            assert.equal(taggable.length, 8);
            for (const { name, inputs } of taggable) {
                assert.deepEqual(inputs.tags, { ...ARGS.tags, Component: "neptune", Name: name });
            }
        });

        it("makes neither security groups nor rules, and looks nothing up", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("graph", ARGS);
            await settled();
            assert.deepEqual(recorder.names().sort(), [
                "aws:cloudwatch/logGroup:LogGroup graph-audit",
                "aws:neptune/cluster:Cluster graph",
                "aws:neptune/clusterInstance:ClusterInstance graph-1",
                "aws:neptune/clusterInstance:ClusterInstance graph-2",
                "aws:neptune/clusterParameterGroup:ClusterParameterGroup graph-cluster-parameters",
                "aws:neptune/parameterGroup:ParameterGroup graph-instance-parameters",
                "aws:neptune/subnetGroup:SubnetGroup graph-subnets",
                "pulsar-lab:neptune:NeptuneCluster graph",
            ]);
        });

        it("is provisioned, larger, and free to go when that is asked for", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("graph", {
                ...ARGS,
                engineVersion: "1.2.0.0",
                instanceClass: "db.r6g.large",
                readReplicas: 4,
                backupRetentionDays: 35,
                protectData: false,
                auditLogRetentionInDays: 30,
                allowMajorVersionUpgrade: true,
                autoMinorVersionUpgrade: true,
                applyImmediately: false,
            });
            await settled();
            const { inputs } = recorder.get(CLUSTER, "graph");
            assert.equal(inputs.engineVersion, "1.2.0.0");
            assert.equal(inputs.backupRetentionPeriod, 35);
            assert.equal(inputs.deletionProtection, false);
            assert.equal(inputs.skipFinalSnapshot, true);
            assert.equal(inputs.allowMajorVersionUpgrade, true);
            assert.equal(inputs.applyImmediately, false);
            assert.ok(!("serverlessV2ScalingConfiguration" in inputs));
            assert.ok(!("finalSnapshotIdentifier" in inputs));
            assert.deepEqual(
                recorder
                    .ofType(INSTANCE)
                    .map(({ inputs: instance }) => [instance.availabilityZone, instance.instanceClass]),
                ["a", "b", "a", "b", "a"].map((zone) => [`us-east-1${zone}`, "db.r6g.large"]),
            );
            assert.equal(recorder.get(INSTANCE, "graph-1").inputs.autoMinorVersionUpgrade, true);
            assert.equal(recorder.get(LOG_GROUP, "graph-audit").inputs.retentionInDays, 30);
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("one", ARGS);
            new NeptuneCluster("two", { ...ARGS, clusterIdentifier: "lab-graph-2" });
            await settled();
            assert.equal(new Set(recorder.names()).size, 16);
        });

        it("takes another capacity, alone in one zone", async () => {
            const recorder = await Recorder.install(preview);
            new NeptuneCluster("graph", {
                ...ARGS,
                readReplicas: 0,
                serverlessCapacity: { minNcu: 2, maxNcu: 128 },
            });
            await settled();
            assert.deepEqual(recorder.get(CLUSTER, "graph").inputs.serverlessV2ScalingConfiguration, {
                minCapacity: 2,
                maxCapacity: 128,
            });
            assert.equal(recorder.ofType(INSTANCE).length, 1);
        });
    });
}

describe("NeptuneCluster wiring", () => {
    it("puts its groups, subnets and cluster together", async () => {
        const recorder = await Recorder.install();
        new NeptuneCluster("graph", ARGS);
        await settled();
        const { inputs } = recorder.get(CLUSTER, "graph");
        assert.equal(inputs.neptuneSubnetGroupName, "graph-subnets-1234567");
        assert.equal(inputs.neptuneClusterParameterGroupName, "graph-cluster-parameters-1234567");
        assert.equal(inputs.neptuneInstanceParameterGroupName, "graph-instance-parameters-1234567");
        for (const { inputs: instance } of recorder.ofType(INSTANCE)) {
            assert.equal(instance.clusterIdentifier, "graph_id");
            assert.equal(instance.neptuneSubnetGroupName, "graph-subnets-1234567");
            assert.equal(instance.neptuneParameterGroupName, "graph-instance-parameters-1234567");
        }
        assert.deepEqual(
            recorder.get("aws:neptune/subnetGroup:SubnetGroup", "graph-subnets").inputs.subnetIds,
            ["subnet-a", "subnet-b"],
        );
    });

    it("names its final snapshot by the deployment, or as it is told", async () => {
        const recorder = await Recorder.install();
        new NeptuneCluster("graph", ARGS);
        new NeptuneCluster("told", { ...ARGS, finalSnapshotIdentifier: "mine" });
        await settled();
        assert.equal(
            recorder.get(CLUSTER, "graph").inputs.finalSnapshotIdentifier,
            "lab-graph-final-1234567",
        );
        assert.equal(recorder.get(CLUSTER, "told").inputs.finalSnapshotIdentifier, "mine");
    });

    it("keeps a final snapshot of a cluster that may go, when that is asked for", async () => {
        const recorder = await Recorder.install();
        new NeptuneCluster("graph", { ...ARGS, protectData: false, finalSnapshot: true });
        await settled();
        const { inputs } = recorder.get(CLUSTER, "graph");
        assert.deepEqual(
            [inputs.deletionProtection, inputs.skipFinalSnapshot, inputs.finalSnapshotIdentifier],
            [false, false, "lab-graph-final-1234567"],
        );
    });

    it("says what others need", async () => {
        await Recorder.install();
        const graph = new NeptuneCluster("graph", ARGS);
        assert.equal(await valueOf(graph.clusterIdentifier), "lab-graph");
        assert.equal(await valueOf(graph.clusterResourceId), "cluster-GRAPH");
        assert.equal(await valueOf(graph.endpoint), "graph.cluster-abc.us-east-1.neptune.amazonaws.com");
        assert.equal(
            await valueOf(graph.readerEndpoint),
            "graph.cluster-ro-abc.us-east-1.neptune.amazonaws.com",
        );
        assert.equal(await valueOf(graph.port), 8182);
        assert.deepEqual(await valueOf(graph.instanceIdentifiers), ["lab-graph-1", "lab-graph-2"]);
        assert.equal(await valueOf(graph.auditLogGroupName), "/aws/neptune/lab-graph/audit");
        assert.equal(graph.bulkLoadRoleArn, undefined);
    });

    it("grants access to its own data alone", async () => {
        await Recorder.install();
        const graph = new NeptuneCluster("graph", { ...ARGS, partition: "aws-us-gov" });
        assert.deepEqual(JSON.parse(await valueOf(graph.grantPolicy("status"))), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "NeptuneStatus",
                    Effect: "Allow",
                    Action: ["neptune-db:GetEngineStatus"],
                    Resource: "arn:aws-us-gov:neptune-db:us-east-1:123456789012:cluster-GRAPH/*",
                },
            ],
        });
    });

    it("attaches a role for the bulk loader", async () => {
        const recorder = await Recorder.install();
        const graph = new NeptuneCluster("graph", {
            ...ARGS,
            bulkLoad: { sources: [{ bucket: "data", prefix: "graphs/" }], kmsKeyArns: ["arn:key"] },
        });
        await settled();
        const arn = "arn:aws:iam::123456789012:role/graph-bulk-load";
        assert.deepEqual(recorder.get(CLUSTER, "graph").inputs.iamRoles, [arn]);
        assert.ok(graph.bulkLoadRoleArn);
        assert.equal(await valueOf(graph.bulkLoadRoleArn), arn);
        const order = recorder.resources.map(({ type }) => type);
        assert.ok(order.indexOf("aws:iam/rolePolicy:RolePolicy") < order.indexOf(CLUSTER), order.join(", "));
    });
});

describe("NeptuneCluster arguments", () => {
    it("refuses what cannot work, all at once, before anything is made", async () => {
        const recorder = await Recorder.install();
        assert.throws(
            () =>
                new NeptuneCluster("graph", { ...ARGS, clusterIdentifier: "Lab", engineVersion: "2.0.0.0" }),
            {
                message: [
                    'NeptuneCluster "graph" has arguments that cannot work:',
                    '  - clusterIdentifier: "Lab" is not allowed: 1 to 60 lower-case letters, digits and single hyphens, with a letter first and no hyphen last',
                    '  - engineVersion: "2.0.0.0" is not allowed: a full Neptune version, such as 1.4.5.1, that begins with 1.2, 1.3, 1.4, 1.5: its parameter group family is known',
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
