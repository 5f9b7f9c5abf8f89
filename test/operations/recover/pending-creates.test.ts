import assert from "node:assert/strict";

import { importFile } from "../../../operations/recover/import-file";
import { readStackState } from "../../../operations/recover/pending-creates";

const urn = (type: string, name: string) => `urn:pulumi:dev::pulsar-lab::a:b:Parent$${type}::${name}`;
const SUBNET = "aws:ec2/subnet:Subnet";

const exported = (deployment: object) => JSON.stringify({ version: 3, deployment });

describe("the state of a killed update", () => {
    it("names the resources whose creation had begun, with the inputs that find them", () => {
        const state = readStackState(
            exported({
                resources: [{ urn: urn("aws:ec2/vpc:Vpc", "lab"), type: "aws:ec2/vpc:Vpc", id: "vpc-1" }],
                pending_operations: [
                    {
                        type: "creating",
                        resource: {
                            urn: urn(SUBNET, "lab-private-1"),
                            type: SUBNET,
                            parent: "urn:parent",
                            inputs: { tags: { Name: "lab-private-1" } },
                        },
                    },
                    { type: "updating", resource: { urn: urn(SUBNET, "other"), type: SUBNET } },
                ],
            }),
        );
        assert.deepEqual(state.pendingCreates, [
            {
                urn: urn(SUBNET, "lab-private-1"),
                type: SUBNET,
                name: "lab-private-1",
                parent: "urn:parent",
                inputs: { tags: { Name: "lab-private-1" } },
                isInState: false,
            },
        ]);
        assert.deepEqual(state.knownIds, new Map([["aws:ec2/vpc:Vpc", new Set(["vpc-1"])]]));
    });

    it("marks resources that the state has under the same name: replaced ones, and those that an earlier recovery imported", () => {
        const resource = { urn: urn(SUBNET, "a"), type: SUBNET, id: "subnet-1" };
        const pending_operations = [{ type: "creating", resource }];
        const [pending] = readStackState(
            exported({ resources: [resource], pending_operations }),
        ).pendingCreates;
        assert.equal(pending?.isInState, true);
    });

    it("has no pending resources for a new stack", () => {
        assert.deepEqual(readStackState(exported({})).pendingCreates, []);
    });

    it("is refused when it is not an exported stack", () => {
        assert.throws(() => readStackState("{}"), /the output of pulumi stack export/);
        assert.throws(() => readStackState("nothing"), SyntaxError);
    });
});

describe("the import file", () => {
    it("names each parent once, and none where there is none", () => {
        const found = [
            { urn: "u1", type: SUBNET, name: "a", parent: "urn:vpc", id: "subnet-1" },
            { urn: "u2", type: SUBNET, name: "b", parent: "urn:vpc", id: "subnet-2" },
            { urn: "u3", type: "aws:kms/key:Key", name: "k", id: "key" },
        ].map((one) => ({ ...one, inputs: {}, isInState: false }));
        assert.deepEqual(importFile(found), {
            nameTable: { parent0: "urn:vpc" },
            resources: [
                { type: SUBNET, name: "a", id: "subnet-1", parent: "parent0" },
                { type: SUBNET, name: "b", id: "subnet-2", parent: "parent0" },
                { type: "aws:kms/key:Key", name: "k", id: "key" },
            ],
        });
    });
});
