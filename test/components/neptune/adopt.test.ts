import assert from "node:assert/strict";

import { AdoptedNeptuneCluster, adoptionProblems } from "../../../components/neptune/adopt";
import type { NeptuneOutputs } from "../../../components/neptune/outputs";
import { Recorder, settled, valueOf } from "../../support/mocks";

const ARGS = { clusterIdentifier: "theirs", vpcId: "vpc-1", accountId: "123456789012", region: "us-east-1" };

const CLUSTER = {
    clusterIdentifier: "theirs",
    clusterResourceId: "cluster-THEIRS",
    endpoint: "theirs.cluster-abc.us-east-1.neptune.amazonaws.com",
    readerEndpoint: "theirs.cluster-ro-abc.us-east-1.neptune.amazonaws.com",
    port: 8183,
    neptuneSubnetGroupName: "their-subnets",
    vpcSecurityGroupIds: ["sg-theirs"],
    iamDatabaseAuthenticationEnabled: true,
    storageEncrypted: true,
    clusterMembers: ["theirs-1"],
};

const found = (cluster: object = {}) => ({
    "aws:neptune/cluster:Cluster": { ...CLUSTER, ...cluster },
    "aws:neptune/subnetGroup:SubnetGroup": { subnetIds: ["subnet-1", "subnet-2"] },
    "aws:ec2/subnet:Subnet": { vpcId: "vpc-1" },
});

for (const preview of [false, true]) {
    describe(`AdoptedNeptuneCluster (${preview ? "preview" : "update"})`, () => {
        it("reads and makes nothing", async () => {
            const recorder = await Recorder.install(preview, {}, found());
            new AdoptedNeptuneCluster("graph", ARGS);
            await settled();
            assert.deepEqual(recorder.names(), [
                "pulsar-lab:neptune:AdoptedNeptuneCluster graph",
                "aws:neptune/cluster:Cluster graph",
                "aws:neptune/subnetGroup:SubnetGroup graph-subnets",
                "aws:ec2/subnet:Subnet graph-subnet",
            ]);
            for (const { inputs, custom } of recorder.resources) if (custom) assert.deepEqual(inputs, {});
        });

        it("refuses a name that no cluster can have", async () => {
            await Recorder.install(preview);
            assert.throws(
                () => new AdoptedNeptuneCluster("graph", { ...ARGS, clusterIdentifier: "not a name" }),
                /clusterIdentifier: "not a name" is not allowed: the name of a Neptune cluster/,
            );
            await settled();
        });
    });
}

describe("AdoptedNeptuneCluster outputs", () => {
    it("say what those of a new cluster say", async () => {
        await Recorder.install(false, {}, found());
        const graph: NeptuneOutputs = new AdoptedNeptuneCluster("graph", ARGS);
        assert.equal(await valueOf(graph.clusterIdentifier), "theirs");
        assert.equal(await valueOf(graph.clusterResourceId), "cluster-THEIRS");
        assert.equal(await valueOf(graph.endpoint), CLUSTER.endpoint);
        assert.equal(await valueOf(graph.readerEndpoint), CLUSTER.readerEndpoint);
        assert.equal(await valueOf(graph.port), 8183);
        assert.match(await valueOf(graph.grantPolicy("read")), /123456789012:cluster-THEIRS\/\*/);
    });
});

describe("adoption problems", () => {
    const good = {
        vpcId: "vpc-1",
        iamDatabaseAuthenticationEnabled: true,
        storageEncrypted: true,
        clusterMembers: ["theirs-1"],
    };
    const cases: [object, string[]][] = [
        [{}, []],
        [{ vpcId: "vpc-2" }, ["vpcId"]],
        [{ iamDatabaseAuthenticationEnabled: false }, ["iamDatabaseAuthenticationEnabled"]],
        [{ iamDatabaseAuthenticationEnabled: undefined }, ["iamDatabaseAuthenticationEnabled"]],
        [{ storageEncrypted: false }, ["storageEncrypted"]],
        [{ clusterMembers: [] }, ["clusterMembers"]],
        [{ vpcId: "vpc-2", storageEncrypted: undefined }, ["vpcId", "storageEncrypted"]],
    ];
    for (const [change, keys] of cases) {
        it(`${JSON.stringify(change)}: ${keys.join(", ") || "fits"}`, () => {
            const problems = adoptionProblems({ ...good, ...change }, "vpc-1");
            assert.deepEqual(
                problems.map(({ key }) => key),
                keys,
            );
        });
    }

    it("say which VPC is expected", () => {
        assert.match(
            adoptionProblems({ ...good, vpcId: "vpc-2" }, "vpc-1")[0]?.allowed ?? "",
            /the VPC vpc-1/,
        );
    });
});
