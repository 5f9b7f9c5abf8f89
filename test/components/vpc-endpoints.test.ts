import assert from "node:assert/strict";

import { ENDPOINT_RULE_DESCRIPTION } from "../../checks/intent";
import {
    interfaceServiceProblems,
    VpcEndpoints,
    type VpcEndpointsArgs,
} from "../../components/vpc-endpoints";
import { Recorder, settled, valueOf } from "../support/mocks";

const ARGS: VpcEndpointsArgs = {
    vpcId: "vpc-1",
    region: "eu-west-1",
    routeTableIds: ["rtb-1", "rtb-2"],
    subnetIds: ["subnet-1", "subnet-2"],
    tags: { Owner: "me" },
};
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

for (const preview of [false, true]) {
    describe(`VpcEndpoints (${preview ? "preview" : "update"})`, () => {
        it("has the two gateway endpoints on every table, and no interface endpoint, by default", async () => {
            const recorder = await Recorder.install(preview);
            new VpcEndpoints("net", ARGS);
            await settled();
            assert.deepEqual(
                recorder
                    .ofType(ENDPOINT)
                    .map(({ inputs }) => [inputs.vpcEndpointType, inputs.serviceName, inputs.routeTableIds]),
                [
                    ["Gateway", "com.amazonaws.eu-west-1.s3", ["rtb-1", "rtb-2"]],
                    ["Gateway", "com.amazonaws.eu-west-1.dynamodb", ["rtb-1", "rtb-2"]],
                ],
            );
            assert.deepEqual(
                recorder.ofType("aws:ec2/securityGroup:SecurityGroup").map(({ name }) => name),
                ["net-clients"],
            );
        });

        it("makes interface endpoints with private DNS in every subnet", async () => {
            const recorder = await Recorder.install(preview);
            new VpcEndpoints("net", { ...ARGS, interfaceServices: ["ssm", "sagemaker.api"] });
            await settled();
            for (const service of ["ssm", "sagemaker.api"]) {
                const { inputs } = recorder.get(ENDPOINT, `net-${service}`);
                assert.equal(inputs.serviceName, `com.amazonaws.eu-west-1.${service}`);
                assert.equal(inputs.privateDnsEnabled, true);
                assert.deepEqual(inputs.subnetIds, ["subnet-1", "subnet-2"]);
                assert.deepEqual(inputs.tags, { Owner: "me", Component: "network", Name: `net-${service}` });
            }
        });

        it("opens no range of addresses, declares no rule inside a group, and describes every rule", async () => {
            const recorder = await Recorder.install(preview);
            new VpcEndpoints("net", { ...ARGS, interfaceServices: ["ssm"] });
            await settled();
            for (const { inputs } of recorder.ofType("aws:ec2/securityGroup:SecurityGroup")) {
                assert.equal(inputs.ingress, undefined);
                assert.equal(inputs.egress, undefined);
            }
            const rules = recorder.ofType(RULE);
            assert.equal(rules.length, 4);
            for (const { inputs } of rules) {
                assert.equal(inputs.cidrBlocks, undefined);
                assert.deepEqual([inputs.protocol, inputs.fromPort, inputs.toPort], ["tcp", 443, 443]);
                assert.ok(inputs.description);
            }
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new VpcEndpoints("one", { ...ARGS, interfaceServices: ["ssm"] });
            new VpcEndpoints("two", { ...ARGS, interfaceServices: ["ssm"] });
            await settled();
            assert.equal(new Set(recorder.names()).size, recorder.resources.length);
        });
    });
}

describe("VpcEndpoints groups", () => {
    it("admit the clients, and nobody else, on 443", async () => {
        const recorder = await Recorder.install();
        const component = new VpcEndpoints("net", { ...ARGS, interfaceServices: ["ssm"] });
        await settled();
        assert.deepEqual(recorder.get(RULE, "net-interfaces-from-clients").inputs, {
            type: "ingress",
            securityGroupId: "net-interfaces_id",
            sourceSecurityGroupId: "net-clients_id",
            protocol: "tcp",
            fromPort: 443,
            toPort: 443,
            description: ENDPOINT_RULE_DESCRIPTION,
        });
        assert.deepEqual(recorder.ofType(RULE).filter(({ inputs }) => inputs.type === "ingress").length, 1);
        assert.equal(recorder.get(RULE, "net-clients-to-s3").inputs.securityGroupId, "net-clients_id");
        assert.deepEqual(recorder.get(RULE, "net-clients-to-s3").inputs.prefixListIds, ["pl-net-s3"]);
        assert.equal(await valueOf(component.clientSecurityGroupId), "net-clients_id");
    });

    it("tell the checks what is meant", async () => {
        await Recorder.install();
        const component = new VpcEndpoints("net", { ...ARGS, interfaceServices: ["ssm"] });
        assert.deepEqual(await valueOf(component.gatewayEndpoints), [
            { service: "s3", vpcEndpointId: "net-s3_id", routeTableIds: ["rtb-1", "rtb-2"] },
            { service: "dynamodb", vpcEndpointId: "net-dynamodb_id", routeTableIds: ["rtb-1", "rtb-2"] },
        ]);
        assert.deepEqual(await valueOf(component.interfaceEndpoints), [
            {
                service: "ssm",
                vpcEndpointId: "net-ssm_id",
                subnetIds: ["subnet-1", "subnet-2"],
                securityGroupIds: ["net-interfaces_id"],
            },
        ]);
    });
});

describe("interface endpoint services", () => {
    const cases: [string[], [string, RegExp][]][] = [
        [[], []],
        [["ssm", "logs"], []],
        [["ssm", "ssm"], [["interfaceServices[1]", /each service once/]]],
        [["s3"], [["interfaceServices[0]", /gateway endpoint, which is free/]]],
        [["sqs", "ssm"], [["interfaceServices[0]", /one of ec2, ec2messages/]]],
        [
            ["nope", "dynamodb"],
            [
                ["interfaceServices[0]", /one of/],
                ["interfaceServices[1]", /leave it out/],
            ],
        ],
    ];
    for (const [services, expected] of cases) {
        it(`${JSON.stringify(services)}: ${expected.length} problems`, () => {
            const problems = interfaceServiceProblems(services);
            assert.deepEqual(
                problems.map(({ key }) => key),
                expected.map(([key]) => key),
            );
            expected.forEach(([, pattern], index) => assert.match(problems[index]?.allowed ?? "", pattern));
        });
    }
});
