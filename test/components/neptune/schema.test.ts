import assert from "node:assert/strict";
import { inspect } from "node:util";

import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { parameterGroupFamily } from "../../../components/neptune/engine";
import { neptuneSchema } from "../../../components/neptune/schema";
import { problemsOf } from "../../../components/schema/problems";

type Args = z.input<typeof neptuneSchema>;

const BASE: Args = {
    clusterIdentifier: "lab-graph",
    region: "us-east-1",
    availabilityZones: ["us-east-1a", "us-east-1b"],
};

const CASES: [Partial<Args>, string[]][] = [
    [{}, []],
    [{ clusterIdentifier: "a" }, []],
    [{ clusterIdentifier: "a".repeat(60) }, []],
    [{ clusterIdentifier: "a".repeat(61) }, ["clusterIdentifier"]],
    [{ clusterIdentifier: "" }, ["clusterIdentifier"]],
    [{ clusterIdentifier: "1graph" }, ["clusterIdentifier"]],
    [{ clusterIdentifier: "Graph" }, ["clusterIdentifier"]],
    [{ clusterIdentifier: "lab--graph" }, ["clusterIdentifier"]],
    [{ clusterIdentifier: "graph-" }, ["clusterIdentifier"]],
    [{ clusterIdentifier: "lab_graph" }, ["clusterIdentifier"]],
    [{ availabilityZones: [] }, ["availabilityZones"]],
    [{ availabilityZones: ["us-east-1a"] }, ["availabilityZones"]],
    [{ availabilityZones: ["us-east-1a", "us-east-1a"] }, ["availabilityZones[1]"]],
    [{ availabilityZones: ["us-east-1a", "eu-west-1a"] }, ["availabilityZones[1]"]],
    [{ engineVersion: "1.2.0.1" }, []],
    [{ engineVersion: "1.1.1.0" }, ["engineVersion"]],
    [{ engineVersion: "1.4" }, ["engineVersion"]],
    [{ engineVersion: "1.6.0.0" }, ["engineVersion"]],
    [{ engineVersion: "1.2.0.0" }, ["engineVersion"]],
    [{ engineVersion: "1.2.0.0", instanceClass: "db.r5.large" }, []],
    [{ instanceClass: "r5.large" }, ["instanceClass"]],
    [{ instanceClass: "db.r5" }, ["instanceClass"]],
    [{ instanceClass: "db.r5.large", serverlessCapacity: { minNcu: 1, maxNcu: 8 } }, ["serverlessCapacity"]],
    [{ serverlessCapacity: { minNcu: 1, maxNcu: 2.5 } }, []],
    [{ serverlessCapacity: { minNcu: 128, maxNcu: 128 } }, []],
    [{ serverlessCapacity: { minNcu: 0.5, maxNcu: 8 } }, ["serverlessCapacity.minNcu"]],
    [{ serverlessCapacity: { minNcu: 1.25, maxNcu: 8 } }, ["serverlessCapacity.minNcu"]],
    [{ serverlessCapacity: { minNcu: 1, maxNcu: 2 } }, ["serverlessCapacity.maxNcu"]],
    [{ serverlessCapacity: { minNcu: 1, maxNcu: 128.5 } }, ["serverlessCapacity.maxNcu"]],
    [
        { serverlessCapacity: { minNcu: NaN, maxNcu: NaN } },
        ["serverlessCapacity.minNcu", "serverlessCapacity.maxNcu"],
    ],
    [{ serverlessCapacity: { minNcu: 9, maxNcu: 8 } }, ["serverlessCapacity.minNcu"]],
    [{ readReplicas: 0 }, []],
    [{ readReplicas: 15 }, []],
    [{ readReplicas: 16 }, ["readReplicas"]],
    [{ readReplicas: -1 }, ["readReplicas"]],
    [{ readReplicas: 1.5 }, ["readReplicas"]],
    [{ backupRetentionDays: 0 }, ["backupRetentionDays"]],
    [{ backupRetentionDays: 36 }, ["backupRetentionDays"]],
    [{ auditLogRetentionInDays: 2 }, ["auditLogRetentionInDays"]],
    [{ queryTimeoutMilliseconds: 9 }, ["queryTimeoutMilliseconds"]],
    [{ serverlessCapacity: { minNcu: 1, maxNcu: 8, steps: 2 } as never }, ["serverlessCapacity.steps"]],
    [{ engineVersion: "1.2.0.0", readReplicas: 16 }, ["readReplicas", "engineVersion"]],
    [{ engineVersion: "1.2.0.0", instanceClass: "r5.large" }, ["instanceClass"]],
    [{ bulkLoad: { sources: [] } }, ["bulkLoad.sources"]],
    [{ bulkLoad: { sources: [{ bucket: pulumi.output("b"), prefix: "" }] } }, []],
    [{ bulkLoad: { sources: [{ prefix: "" } as never] } }, ["bulkLoad.sources[0].bucket"]],
    [{ bulkLoad: { sources: [{ bucket: "b", prefix: "" }] } }, []],
    [{ bulkLoad: { sources: [{ bucket: "b", prefix: "graphs/2026/" }] } }, []],
    [
        {
            bulkLoad: {
                sources: ["graphs", "/graphs/", "graphs/*/", "/"].map((prefix) => ({ bucket: "b", prefix })),
            },
        },
        [0, 1, 2, 3].map((index) => `bulkLoad.sources[${index}].prefix`),
    ],
];

describe("the arguments of a Neptune cluster", () => {
    for (const [args, keys] of CASES) {
        it(`${inspect(args, { depth: 3, breakLength: Infinity })}: ${keys.join(", ") || "fine"}`, () => {
            assert.deepEqual(
                problemsOf(neptuneSchema, { ...BASE, ...args }).map(({ key }) => key),
                keys,
            );
        });
    }

    it("every problem says what is allowed", () => {
        for (const [args] of CASES) {
            for (const { allowed } of problemsOf(neptuneSchema, { ...BASE, ...args }))
                assert.ok(allowed.length > 10);
        }
    });
});

describe("parameter group family", () => {
    for (const [version, family] of [
        ["1.2.0.0", "neptune1.2"],
        ["1.2.1.2", "neptune1.2"],
        ["1.3.4.0", "neptune1.3"],
        ["1.4.5.1", "neptune1.4"],
        ["1.1.1.0", undefined],
        ["1.20.0.0", undefined],
        ["1.4.5", undefined],
        ["1.4.5.1.R2", undefined],
        ["", undefined],
    ] as const) {
        it(`${version}: ${family}`, () => assert.equal(parameterGroupFamily(version), family));
    }

    it("is known for the default version", () => {
        const { engineVersion } = neptuneSchema.parse(BASE);
        assert.notEqual(parameterGroupFamily(engineVersion), undefined);
    });
});
