import assert from "node:assert/strict";

import {
    AdoptedNetwork,
    type AdoptedNetworkArgs,
    missingProblems,
    networkFitProblems,
} from "../../components/adopted-network";
import { adoptedNetworkSchema } from "../../components/network/schema";
import { problemsOf } from "../../components/schema/problems";
import { Recorder, settled, valueOf } from "../support/mocks";

const VPC = "vpc-0123456789abcdef0";
const PRIVATE = ["subnet-0000000000000000a", "subnet-0000000000000000b"];
const ISOLATED = ["subnet-0000000000000001a", "subnet-0000000000000001b"];
const ARGS: AdoptedNetworkArgs = {
    region: "us-east-1",
    vpcId: VPC,
    availabilityZones: ["us-east-1a", "us-east-1b"],
    privateSubnetIds: PRIVATE,
    isolatedSubnetIds: ISOLATED,
    tags: { Project: "p", Owner: "me" },
};
const FOUND = {
    enableDnsSupport: true,
    enableDnsHostnames: true,
    subnets: [...PRIVATE, ...ISOLATED].map((id) => ({
        id,
        vpcId: VPC,
        availabilityZone: `us-east-1${id.at(-1)!}`,
    })),
};

describe("AdoptedNetwork", () => {
    it("reads what it is told of, makes nothing and claims no route", async () => {
        const recorder = await Recorder.install(false, {
            "aws:ec2/getVpc:getVpc": { enableDnsSupport: true, enableDnsHostnames: true },
            "aws:ec2/getSubnet:getSubnet": FOUND.subnets[0]!,
            "aws:ec2/getManagedPrefixList:getManagedPrefixList": { id: "pl-s3" },
        });
        // One subnet for all, since the mocks answer every look-up of a kind alike.
        const network = new AdoptedNetwork("lab", {
            ...ARGS,
            availabilityZones: ["us-east-1a"],
            privateSubnetIds: [PRIVATE[0]!],
            isolatedSubnetIds: [PRIVATE[0]!],
        });
        assert.equal(await valueOf(network.vpcId), VPC);
        assert.equal(await valueOf(network.prefixListIds.s3), "pl-s3");
        const intent = await valueOf(network.intent);
        assert.deepEqual([intent.subnets, intent.natGateways, intent.flows], [[], [], []]);
        assert.deepEqual(intent.ownerTags, { Project: "p" });
        assert.deepEqual(recorder.names(), ["pulsar-lab:network:AdoptedNetwork lab"]);
    });

    it("refuses ids that are none, before it reads", async () => {
        const recorder = await Recorder.install();
        assert.throws(
            () => new AdoptedNetwork("lab", { ...ARGS, vpcId: "mine" }),
            /vpcId: "mine" is not allowed/,
        );
        await settled();
        assert.deepEqual(recorder.names(), ["pulsar-lab:network:AdoptedNetwork lab"]);
    });
});

describe("the ids of an adopted network", () => {
    const keys = (change: Partial<AdoptedNetworkArgs>) =>
        problemsOf(adoptedNetworkSchema, { ...ARGS, ...change }).map(({ key }) => key);

    it("are a VPC and a subnet for each zone", () => {
        assert.deepEqual(keys({}), []);
        assert.deepEqual(keys({ vpcId: "vpc-1" }), ["vpcId"]);
        assert.deepEqual(keys({ privateSubnetIds: PRIVATE.slice(1) }), ["privateSubnetIds"]);
        assert.deepEqual(keys({ isolatedSubnetIds: [...ISOLATED.slice(1), "x"] }), ["isolatedSubnetIds[1]"]);
    });
});

describe("what is not there of a network", () => {
    it("is named, each by its key, with what AWS says", () => {
        const failures = new Map([
            [VPC, "no matching EC2 VPC found"],
            [ISOLATED[1]!, "no matching EC2 Subnet found"],
        ]);
        const where = "that exists in the region of the stack, and that the credentials may describe";
        assert.deepEqual(missingProblems(ARGS, failures), [
            {
                key: "vpcId",
                value: VPC,
                allowed: `the id of a VPC ${where} (no matching EC2 VPC found)`,
            },
            {
                key: "isolatedSubnetIds[1]",
                value: ISOLATED[1],
                allowed: `the id of a subnet ${where} (no matching EC2 Subnet found)`,
            },
        ]);
    });
});

describe("an existing network", () => {
    const problems = (change: Partial<typeof FOUND>) =>
        networkFitProblems(ARGS, { ...FOUND, ...change }).map(({ key, allowed }) => `${key}: ${allowed}`);

    it("fits with DNS and its subnets where they are said to be", () => {
        assert.deepEqual(problems({}), []);
    });

    it("does not fit without DNS", () => {
        assert.deepEqual(problems({ enableDnsSupport: false, enableDnsHostnames: false }), [
            "enableDnsSupport: true: the lab is reached by names",
            "enableDnsHostnames: true: private DNS of the VPC endpoints needs it",
        ]);
    });

    it("does not fit with subnets of another VPC or in other zones", () => {
        const [first, second, ...rest] = FOUND.subnets;
        assert.deepEqual(
            problems({
                subnets: [
                    { ...first!, vpcId: "vpc-other" },
                    { ...second!, availabilityZone: "us-east-1f" },
                    ...rest,
                ],
            }),
            [
                `privateSubnetIds[0]: a subnet of ${VPC}; this one is in vpc-other`,
                "privateSubnetIds[1]: a subnet in us-east-1b; this one is in us-east-1f",
            ],
        );
    });
});
