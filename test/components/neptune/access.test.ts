import assert from "node:assert/strict";

import {
    NEPTUNE_ACCESS,
    neptuneActions,
    neptuneGrant,
    neptuneGrantPolicy,
} from "../../../components/neptune/access";
import { valueOf } from "../../support/mocks";

const DATA = {
    partition: "aws",
    region: "eu-west-1",
    accountId: "123456789012",
    clusterResourceId: "cluster-ABC",
};

describe("neptune access", () => {
    it("read reads and does not write", () => {
        assert.deepEqual(neptuneGrant(DATA, "read"), {
            Sid: "NeptuneRead",
            Effect: "Allow",
            Action: [
                "neptune-db:GetEngineStatus",
                "neptune-db:GetGraphSummary",
                "neptune-db:GetQueryStatus",
                "neptune-db:GetStatisticsStatus",
                "neptune-db:ReadDataViaQuery",
            ],
            Resource: "arn:aws:neptune-db:eu-west-1:123456789012:cluster-ABC/*",
        });
    });

    it("write reads too, load does not query, stream reads the change log", () => {
        assert.deepEqual(
            neptuneActions("write").filter((action) => !neptuneActions("read").includes(action)),
            ["neptune-db:CancelQuery", "neptune-db:DeleteDataViaQuery", "neptune-db:WriteDataViaQuery"],
        );
        assert.deepEqual(neptuneActions("load"), [
            "neptune-db:GetEngineStatus",
            "neptune-db:CancelLoaderJob",
            "neptune-db:GetLoaderJobStatus",
            "neptune-db:ListLoaderJobs",
            "neptune-db:StartLoaderJob",
        ]);
        assert.deepEqual(neptuneActions("stream"), [
            "neptune-db:GetEngineStatus",
            "neptune-db:GetStreamRecords",
        ]);
    });

    for (const access of NEPTUNE_ACCESS) {
        it(`${access} has no wildcard action and never resets the database`, () => {
            assert.deepEqual(
                neptuneActions(access).filter((action) => /\*|Reset|Manage/.test(action)),
                [],
            );
        });
    }

    it("puts several accesses into one document, each with a Sid of its own", async () => {
        const policy = JSON.parse(await valueOf(neptuneGrantPolicy(DATA, ["write", "load"]))) as {
            Statement: { Sid: string; Resource: string }[];
        };
        assert.deepEqual(
            policy.Statement.map(({ Sid }) => Sid),
            ["NeptuneWrite", "NeptuneLoad"],
        );
        assert.equal(new Set(policy.Statement.map(({ Resource }) => Resource)).size, 1);
    });
});
