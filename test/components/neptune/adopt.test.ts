import assert from "node:assert/strict";

import { AdoptedNeptuneCluster, adoptionProblems } from "../../../components/neptune/adopt";
import type { NeptuneOutputs } from "../../../components/neptune/outputs";
import { failureOf, Recorder, settled, valueOf } from "../../support/mocks";

const ARGS = { clusterIdentifier: "theirs", vpcId: "vpc-1", accountId: "123456789012", region: "us-east-1" };

const CLUSTER = {
    engine: "neptune",
    clusterIdentifier: "theirs",
    clusterResourceId: "cluster-THEIRS",
    endpoint: "theirs.cluster-abc.us-east-1.neptune.amazonaws.com",
    readerEndpoint: "theirs.cluster-ro-abc.us-east-1.neptune.amazonaws.com",
    port: 8183,
    dbSubnetGroupName: "their-subnets",
    vpcSecurityGroupIds: ["sg-theirs"],
    iamDatabaseAuthenticationEnabled: true,
    storageEncrypted: true,
    clusterMembers: ["theirs-1"],
};

const LOOKUPS = {
    "aws:rds/getCluster:getCluster": CLUSTER,
    "aws:rds/getSubnetGroup:getSubnetGroup": { vpcId: "vpc-1" },
};

for (const preview of [false, true]) {
    describe(`AdoptedNeptuneCluster (${preview ? "preview" : "update"})`, () => {
        it("reads and makes nothing", async () => {
            const recorder = await Recorder.install(preview, LOOKUPS);
            new AdoptedNeptuneCluster("graph", ARGS);
            await settled();
            assert.deepEqual(recorder.names(), ["pulsar-lab:neptune:AdoptedNeptuneCluster graph"]);
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
        await Recorder.install(false, LOOKUPS);
        const graph: NeptuneOutputs & AdoptedNeptuneCluster = new AdoptedNeptuneCluster("graph", ARGS);
        assert.equal(await valueOf(graph.clusterIdentifier), "theirs");
        assert.equal(await valueOf(graph.clusterResourceId), "cluster-THEIRS");
        assert.equal(await valueOf(graph.endpoint), CLUSTER.endpoint);
        assert.equal(await valueOf(graph.readerEndpoint), CLUSTER.readerEndpoint);
        assert.equal(await valueOf(graph.port), 8183);
        assert.deepEqual(await valueOf(graph.securityGroupIds), ["sg-theirs"]);
        assert.match(await valueOf(graph.grantPolicy("read")), /123456789012:cluster-THEIRS\/\*/);
    });
});

describe("a cluster that is not there", () => {
    it("is said by its key, and nothing is given out", async () => {
        for (const token of Object.keys(LOOKUPS)) {
            // The mocks refuse what they have no answer to.
            await Recorder.install(false, { ...LOOKUPS, [token]: undefined });
            assert.match(
                await failureOf(new AdoptedNeptuneCluster("graph", ARGS).endpoint),
                new RegExp(
                    '^the Neptune cluster "theirs" cannot be adopted; nothing of it was changed:\\n' +
                        ' {2}- clusterIdentifier: "theirs" is not allowed: the name of a Neptune cluster that exists ' +
                        `in the region of the stack, and that the credentials may describe \\(.*${token}`,
                ),
            );
        }
    });
});

describe("adoption problems", () => {
    const good = {
        engine: "neptune",
        vpcId: "vpc-1",
        iamDatabaseAuthenticationEnabled: true,
        storageEncrypted: true,
        clusterMembers: ["theirs-1"],
    };
    const cases: [object, string[]][] = [
        [{}, []],
        [{ engine: "aurora-postgresql", storageEncrypted: false }, ["engine"]],
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
