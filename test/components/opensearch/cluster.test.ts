import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { autoTuneOf, zoneCountOf } from "../../../components/opensearch/cluster";
import { opensearchSchema, TLS_SECURITY_POLICIES } from "../../../components/opensearch/schema";
import { problemsOf } from "../../../components/schema/problems";

type Args = z.input<typeof opensearchSchema>;

const BASE: Args = {
    availabilityZones: ["a", "b", "c"],
    subnetIds: pulumi.output([]),
    securityGroupIds: ["sg-1"],
    masterUserArn: "arn:aws:iam::123456789012:role/master",
};
const problems = (args: Partial<Args>) =>
    problemsOf(opensearchSchema, { ...BASE, ...args }).map(
        ({ key, value, allowed }) => `${key} ${String(value)}: ${allowed}`,
    );

describe("shape of an OpenSearch domain", () => {
    it("is derived from the nodes and zones", () => {
        const shape = (args: Partial<Args>) => {
            const settings = opensearchSchema.parse({ ...BASE, ...args });
            return { zoneCount: zoneCountOf(settings), autoTune: autoTuneOf(settings) };
        };
        assert.deepEqual(shape({}), { zoneCount: 3, autoTune: true });
        assert.deepEqual(shape({ availabilityZones: ["a", "b", "c", "d"] }), {
            zoneCount: 3,
            autoTune: true,
        });
        assert.deepEqual(shape({ availabilityZones: ["a", "b"], dataNodeCount: 2 }), {
            zoneCount: 2,
            autoTune: true,
        });
        assert.deepEqual(shape({ dataNodeCount: 1 }), { zoneCount: 1, autoTune: true });
        assert.deepEqual(shape({ dataNodeType: "t3.small.search" }), { zoneCount: 3, autoTune: false });
        assert.deepEqual(shape({ dedicatedMasterType: "t3.small.search" }), {
            zoneCount: 3,
            autoTune: false,
        });
        assert.deepEqual(shape({ dedicatedMasterType: "t3.small.search", dedicatedMasterCount: 0 }), {
            zoneCount: 3,
            autoTune: true,
        });
    });

    for (const [what, args] of Object.entries<Partial<Args>>({
        "the default": {},
        "one small node": {
            dataNodeCount: 1,
            dataNodeType: "t3.small.search",
            dedicatedMasterCount: 0,
            volumeSizeGib: 10,
        },
        "two small nodes in two zones": {
            availabilityZones: ["a", "b"],
            dataNodeCount: 2,
            dataNodeType: "t3.small.search",
            dedicatedMasterCount: 0,
        },
        "three nodes in one zone": { zoneCount: 1 },
        standby: { multiAzWithStandby: true },
        "five masters": { dedicatedMasterCount: 5 },
        "ten burstable nodes": { dataNodeCount: 10, dataNodeType: "t3.medium.search", zoneCount: 2 },
        "the largest volume of a small type": { dataNodeType: "t3.small.search", volumeSizeGib: 100 },
        "a type of masters that there are none of": {
            dedicatedMasterCount: 0,
            dedicatedMasterType: "t2.small.search",
        },
        "masters with disks of their own": { dedicatedMasterType: "i3.large.search" },
    }))
        it(`takes ${what}`, () => assert.deepEqual(problems(args), []));

    for (const policy of TLS_SECURITY_POLICIES)
        it(`takes ${policy}`, () => assert.deepEqual(problems({ tlsSecurityPolicy: policy }), []));

    const REFUSED: [Partial<Args>, string[]][] = [
        [{ availabilityZones: [] }, ["availabilityZones : the zones of the subnets, at least one"]],
        [{ zoneCount: 0 }, ["zoneCount 0: 1, 2 or 3"]],
        [{ zoneCount: 4 }, ["zoneCount 4: 1, 2 or 3"]],
        [
            { availabilityZones: ["a", "b"], zoneCount: 3 },
            ["zoneCount 3: at most 2, as many as there are in availabilityZones (a, b)"],
        ],
        [
            { dataNodeCount: 4 },
            [
                "dataNodeCount 4: a multiple of the 3 zones, so that each has as many nodes: 3 or 6; or another zoneCount",
            ],
        ],
        [
            { dataNodeCount: 2 },
            [
                "dataNodeCount 2: a multiple of the 3 zones, so that each has as many nodes: 3; or another zoneCount",
            ],
        ],
        [
            { dataNodeCount: 3, zoneCount: 2 },
            [
                "dataNodeCount 3: a multiple of the 2 zones, so that each has as many nodes: 2 or 4; or another zoneCount",
            ],
        ],
        [{ dataNodeCount: 0 }, ["dataNodeCount 0: a whole number from 1 to 80"]],
        [{ dataNodeCount: 81 }, ["dataNodeCount 81: a whole number from 1 to 80"]],
        [
            { dataNodeCount: 12, dataNodeType: "t3.medium.search" },
            [
                "dataNodeCount 12: at most 10 nodes of t3.medium.search: AWS allows no more of a burstable type",
            ],
        ],
        [
            { dataNodeCount: 11, dataNodeType: "t3.medium.search", zoneCount: 1 },
            [
                "dataNodeCount 11: at most 10 nodes of t3.medium.search: AWS allows no more of a burstable type",
            ],
        ],
        [
            { dataNodeType: "m6g.large" },
            ["dataNodeType m6g.large: an instance type of OpenSearch Service, such as m6g.large.search"],
        ],
        [
            { dataNodeType: "t2.small.search" },
            [
                "dataNodeType t2.small.search: a type that encrypts at rest, such as t3.small.search; t2 does not",
            ],
        ],
        [
            { dataNodeType: "i3.large.search" },
            [
                "dataNodeType i3.large.search: a type with EBS volumes, such as r6g.large.search; i3 supports none",
            ],
        ],
        [
            { dedicatedMasterType: "m3.medium.search" },
            [
                "dedicatedMasterType m3.medium.search: a type that encrypts at rest, such as t3.small.search; m3 does not",
            ],
        ],
        ...[1, 2, 4].map((dedicatedMasterCount): [Partial<Args>, string[]] => [
            { dedicatedMasterCount },
            [
                `dedicatedMasterCount ${dedicatedMasterCount}: 3 or 5, so that a majority survives the loss of one; or 0 for no dedicated masters`,
            ],
        ]),
        [
            {
                multiAzWithStandby: true,
                zoneCount: 1,
                dedicatedMasterCount: 0,
                dataNodeType: "t3.medium.search",
            },
            [
                "multiAzWithStandby true: with standby a domain needs 3 zones and not 1 (zoneCount, availabilityZones); 3 dedicated masters and not 0 (dedicatedMasterCount); another dataNodeType than t3.medium.search",
            ],
        ],
        [
            { multiAzWithStandby: true, dedicatedMasterType: "t3.medium.search" },
            [
                "multiAzWithStandby true: with standby a domain needs another dedicatedMasterType than t3.medium.search",
            ],
        ],
        [{ volumeSizeGib: 9 }, ["volumeSizeGib 9: a whole number from 10 to 24576"]],
        [
            { volumeSizeGib: 101, dataNodeType: "t3.small.search" },
            ["volumeSizeGib 101: a whole number from 10 to 100 for t3.small.search"],
        ],
        [{ volumeIops: 2999 }, ["volumeIops 2999: a whole number from 3000 to 80000"]],
        [{ volumeThroughputMibs: 124 }, ["volumeThroughputMibs 124: a whole number from 125 to 2000"]],
        [{ engineVersion: "2.19" }, ["engineVersion 2.19: a version of OpenSearch, such as OpenSearch_2.19"]],
        [
            { engineVersion: "Elasticsearch_7.10" },
            ["engineVersion Elasticsearch_7.10: a version of OpenSearch, such as OpenSearch_2.19"],
        ],
        [
            { tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" as never },
            [`tlsSecurityPolicy Policy-Min-TLS-1-0-2019-07: one of ${TLS_SECURITY_POLICIES.join(", ")}`],
        ],
        [
            { autoTune: true, dataNodeType: "t3.small.search" },
            ["autoTune true: false, or left out: AWS does not tune t3.small.search"],
        ],
        [{ offPeakStartHour: 24 }, ["offPeakStartHour 24: a whole number from 0 to 23"]],
        [{ snapshotStartHour: 2.5 }, ["snapshotStartHour 2.5: a whole number from 0 to 23"]],
    ];
    for (const [args, expected] of REFUSED)
        it(`refuses ${JSON.stringify(args)}`, () => assert.deepEqual(problems(args), expected));
});
