import assert from "node:assert/strict";

import type * as pulumi from "@pulumi/pulumi";

import { Network, type NetworkArgs } from "../../components/network";
import { networkSchema } from "../../components/network/schema";
import { problemsOf } from "../../components/schema/problems";
import { Recorder, settled, valueOf } from "../support/mocks";

const ARGS: NetworkArgs = {
    accountId: "123456789012",
    region: "us-east-1",
    availabilityZones: ["us-east-1a", "us-east-1b"],
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    tags: { Project: "p", Stack: "s", ManagedBy: "pulumi", Owner: "me" },
};
const VPC = "awsx:ec2:Vpc";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

for (const preview of [false, true]) {
    describe(`Network (${preview ? "preview" : "update"})`, () => {
        it("hands awsx explicit ranges, a NAT gateway in each zone and DNS", async () => {
            const recorder = await Recorder.install(preview);
            new Network("lab", ARGS);
            await settled();
            assert.deepEqual(recorder.get(VPC, "lab").inputs, {
                cidrBlock: "10.0.0.0/16",
                availabilityZoneNames: ["us-east-1a", "us-east-1b"],
                subnetStrategy: "Auto",
                subnetSpecs: [
                    { type: "Public", cidrBlocks: ["10.0.16.0/22", "10.0.48.0/22"] },
                    { type: "Private", cidrBlocks: ["10.0.0.0/20", "10.0.32.0/20"] },
                    { type: "Isolated", cidrBlocks: ["10.0.20.0/22", "10.0.52.0/22"] },
                ],
                natGateways: { strategy: "OnePerAz" },
                enableDnsSupport: true,
                enableDnsHostnames: true,
                tags: { ...ARGS.tags, Component: "network" },
            });
        });

        it("locks the default security group and records traffic", async () => {
            const recorder = await Recorder.install(preview);
            new Network("lab", ARGS);
            await settled();
            const group = recorder.get(
                "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
                "lab-default",
            ).inputs;
            assert.deepEqual([group.ingress, group.egress], [[], []]);
            assert.equal(recorder.ofType("aws:ec2/flowLog:FlowLog").length, 1);
            assert.equal(
                recorder.get("aws:cloudwatch/logGroup:LogGroup", "lab-flow-logs").inputs.kmsKeyId,
                ARGS.kmsKeyArn,
            );
        });

        it("tags everything that can be tagged", async () => {
            const recorder = await Recorder.install(preview);
            new Network("lab", ARGS);
            await settled();
            const untaggable = /SecurityGroupRule$|:RolePolicy$|^pulsar-lab:/;
            for (const { type, name, inputs } of recorder.resources.filter((r) => !untaggable.test(r.type))) {
                const tags = inputs.tags as Record<string, string> | undefined;
                for (const [key, value] of Object.entries({ ...ARGS.tags, Component: "network" })) {
                    assert.equal(tags?.[key], value, `${type} ${name} lacks the tag ${key}`);
                }
            }
        });

        it("takes no NAT gateway, other ranges and retention", async () => {
            const recorder = await Recorder.install(preview);
            new Network("lab", {
                ...ARGS,
                cidrBlock: "10.9.0.0/20",
                natGateways: "none",
                flowLogRetentionInDays: 7,
            });
            await settled();
            const { inputs } = recorder.get(VPC, "lab");
            assert.equal(inputs.cidrBlock, "10.9.0.0/20");
            assert.deepEqual(inputs.natGateways, { strategy: "None" });
            assert.equal(
                recorder.get("aws:cloudwatch/logGroup:LogGroup", "lab-flow-logs").inputs.retentionInDays,
                7,
            );
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new Network("one", ARGS);
            new Network("two", ARGS);
            await settled();
            assert.equal(new Set(recorder.names()).size, recorder.resources.length);
        });
    });
}

describe("Network outputs", () => {
    it("put gateway endpoints on every private and isolated table, and on no public one", async () => {
        const recorder = await Recorder.install();
        new Network("lab", ARGS);
        await settled();
        for (const { inputs } of recorder.ofType(ENDPOINT)) {
            assert.deepEqual(inputs.routeTableIds, [
                "lab-private-1_rtb",
                "lab-isolated-1_rtb",
                "lab-private-2_rtb",
                "lab-isolated-2_rtb",
            ]);
        }
    });

    it("say what the network is meant to be, for the checks", async () => {
        await Recorder.install();
        const intent = await valueOf(new Network("lab", ARGS).intent);
        assert.deepEqual(
            intent.subnets.slice(0, 3),
            [
                {
                    subnetId: "lab-public-1_id",
                    tier: "public",
                    availabilityZone: "us-east-1a",
                    routeTableId: "lab-public-1_rtb",
                },
                {
                    subnetId: "lab-private-1_id",
                    tier: "private",
                    availabilityZone: "us-east-1a",
                    routeTableId: "lab-private-1_rtb",
                    natGatewayId: "lab-1_nat",
                },
                {
                    subnetId: "lab-isolated-1_id",
                    tier: "isolated",
                    availabilityZone: "us-east-1a",
                    routeTableId: "lab-isolated-1_rtb",
                },
            ].map((subnet) => ({ natGatewayId: undefined, ...subnet })),
        );
        assert.equal(intent.subnets.length, 6);
        assert.deepEqual(intent.natGateways, [
            { natGatewayId: "lab-1_nat", subnetId: "lab-public-1_id" },
            { natGatewayId: "lab-2_nat", subnetId: "lab-public-2_id" },
        ]);
        assert.equal(intent.internetGatewayId, "lab_igw");
        assert.deepEqual(intent.interfaceEndpoints, []);
        assert.deepEqual(intent.flows, []);
        assert.deepEqual(intent.ownerTags, { Project: "p", Stack: "s", ManagedBy: "pulumi" });
    });

    it("send every private subnet to the one NAT gateway when there is one", async () => {
        await Recorder.install();
        const network = new Network("lab", { ...ARGS, natGateways: "single" });
        const intent = await valueOf(network.intent);
        assert.deepEqual(
            intent.subnets.map(({ tier, natGatewayId }) => [tier, natGatewayId]),
            [0, 1].flatMap(() => [
                ["public", undefined],
                ["private", "lab-1_nat"],
                ["isolated", undefined],
            ]),
        );
        assert.deepEqual(await valueOf(network.natPublicIps), ["203.0.113.1"]);
    });

    it("send no subnet to a NAT gateway when there is none", async () => {
        await Recorder.install();
        const network = new Network("lab", { ...ARGS, natGateways: "none" });
        const intent = await valueOf(network.intent);
        assert.deepEqual(
            intent.subnets.filter(({ natGatewayId }) => natGatewayId !== undefined),
            [],
        );
        assert.deepEqual(intent.natGateways, []);
    });
});

for (const preview of [false, true]) {
    describe(`Addresses of NAT gateways (${preview ? "preview" : "update"})`, () => {
        const EIP = "aws:ec2/eip:Eip";
        const ASSOCIATION = "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation";

        it("are the gateways' own when no more are asked for", async () => {
            const recorder = await Recorder.install(preview);
            new Network("lab", ARGS);
            new Network("none", { ...ARGS, natGateways: "none", natGatewayAddresses: 4 });
            await settled();
            assert.deepEqual([...recorder.ofType(EIP), ...recorder.ofType(ASSOCIATION)], []);
        });

        it("are added to each gateway, tagged, beside what awsx makes", async () => {
            const recorder = await Recorder.install(preview);
            new Network("lab", { ...ARGS, natGatewayAddresses: 3 });
            new Network("one", { ...ARGS, natGateways: "single", natGatewayAddresses: 2 });
            await settled();
            const names = [
                "lab-nat-address-1-2",
                "lab-nat-address-1-3",
                "lab-nat-address-2-2",
                "lab-nat-address-2-3",
                "one-nat-address-1-2",
            ];
            assert.deepEqual(
                recorder
                    .ofType(EIP)
                    .map(({ name }) => name)
                    .sort(),
                names,
            );
            assert.deepEqual(
                recorder
                    .ofType(ASSOCIATION)
                    .map(({ name }) => name)
                    .sort(),
                names,
            );
            for (const name of names)
                assert.deepEqual(recorder.get(EIP, name).inputs, {
                    domain: "vpc",
                    tags: { ...ARGS.tags, Component: "network", Name: name },
                });
            if (preview) return;
            assert.deepEqual(recorder.get(ASSOCIATION, "lab-nat-address-2-3").inputs, {
                natGatewayId: "lab-2_nat",
                allocationId: "lab-nat-address-2-3_allocation",
            });
        });
    });
}

describe("Addresses of NAT gateways", () => {
    it("are all told to whoever has to admit them", async () => {
        await Recorder.install();
        const network = new Network("lab", { ...ARGS, natGateways: "single", natGatewayAddresses: 2 });
        assert.deepEqual(await valueOf(network.natPublicIps), ["203.0.113.1", "203.0.113.100"]);
    });

    it("come to a gateway one after the other, and leave it before they go to another", async () => {
        await Recorder.install();
        const ASSOCIATION = "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation";
        const seen = new Map<string, pulumi.CustomResourceOptions>();
        const transformation: pulumi.ResourceTransformation = ({ type, name, opts }) => {
            if (type === ASSOCIATION) seen.set(name, opts);
            return undefined;
        };
        new Network("lab", { ...ARGS, natGatewayAddresses: 4 }, { transformations: [transformation] });
        await settled();
        const waitsFor = async (name: string) =>
            Promise.all(
                ((seen.get(name)?.dependsOn ?? []) as pulumi.Resource[]).map(async (one) =>
                    (await valueOf(one.urn)).replace(/^.*::/, ""),
                ),
            );
        assert.deepEqual(await waitsFor("lab-nat-address-1-2"), []);
        assert.deepEqual(await waitsFor("lab-nat-address-1-3"), ["lab-nat-address-1-2"]);
        assert.deepEqual(await waitsFor("lab-nat-address-1-4"), ["lab-nat-address-1-3"]);
        // Gateways do not wait for one another.
        assert.deepEqual(await waitsFor("lab-nat-address-2-2"), []);
        assert.deepEqual(await waitsFor("lab-nat-address-2-3"), ["lab-nat-address-2-2"]);
        assert.equal(seen.size, 6);
        for (const { deleteBeforeReplace } of seen.values()) assert.equal(deleteBeforeReplace, true);
    });

    for (const natGatewayAddresses of [0, 9, 1.5])
        it(`cannot be ${natGatewayAddresses}`, () =>
            assert.deepEqual(
                problemsOf(networkSchema, { ...ARGS, natGatewayAddresses }).map(({ key }) => key),
                ["natGatewayAddresses"],
            ));
});

describe("Network arguments", () => {
    const base = { region: "us-east-1", availabilityZones: ["us-east-1a"] };
    const cases: [object, string[]][] = [
        [base, []],
        [{ ...base, availabilityZones: [] }, ["availabilityZones"]],
        [{ ...base, availabilityZones: ["us-east-1a", "us-east-1a"] }, ["availabilityZones[1]"]],
        [{ ...base, availabilityZones: ["us-west-2a"] }, ["availabilityZones[0]"]],
        [{ ...base, availabilityZones: ["us-east-1z"] }, ["availabilityZones[0]"]],
        [{ ...base, availabilityZones: ["us-east-1-bos-1a"] }, ["availabilityZones[0]"]],
        [{ ...base, cidrBlock: "10.0.0.0/8" }, ["cidrBlock"]],
        [{ ...base, flowLogRetentionInDays: 2 }, ["flowLogRetentionInDays"]],
        [
            { region: "us-east-1", availabilityZones: ["x"], cidrBlock: "y", flowLogRetentionInDays: 0 },
            ["cidrBlock", "flowLogRetentionInDays", "availabilityZones[0]"],
        ],
    ];
    for (const [args, keys] of cases) {
        it(`${JSON.stringify(args)}: ${keys.join(", ") || "fine"}`, () => {
            assert.deepEqual(
                problemsOf(networkSchema, args).map(({ key }) => key),
                keys,
            );
        });
    }

    it("are refused together, in one error, before anything is made", async () => {
        const recorder = await Recorder.install();
        assert.throws(() => new Network("lab", { ...ARGS, availabilityZones: [], cidrBlock: "10.0.0.0/8" }), {
            message: [
                'Network "lab" has arguments that cannot work:',
                '  - cidrBlock: "10.0.0.0/8" is not allowed: at most a /16, the largest VPC that AWS makes',
                "  - availabilityZones: [] is not allowed: at least one zone of us-east-1, such as us-east-1a",
            ].join("\n"),
        });
        await settled();
        assert.deepEqual(recorder.names(), ["pulsar-lab:network:Network lab"]);
    });
});
