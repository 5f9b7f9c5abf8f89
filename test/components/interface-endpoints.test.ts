import assert from "node:assert/strict";
import { z } from "zod";

import { FULL_ACCESS_POLICY } from "../../checks/intent";
import { interfaceServices } from "../../components/endpoint-services";
import { GatewayEndpoints } from "../../components/gateway-endpoints";
import { InterfaceEndpoints, type InterfaceEndpointsArgs } from "../../components/interface-endpoints";
import { problemsOf } from "../../components/schema/problems";
import { Recorder, settled, valueOf } from "../support/mocks";

const ARGS: InterfaceEndpointsArgs = {
    vpcId: "vpc-1",
    region: "eu-west-1",
    subnetIds: ["subnet-1", "subnet-2"],
    securityGroupIds: ["sg-endpoints"],
    services: ["ssm", "sagemaker.api"],
    tags: { Owner: "me" },
};
const GATEWAY_ARGS = {
    vpcId: "vpc-1",
    region: "eu-west-1",
    routeTableIds: ["rtb-1", "rtb-2"],
    tags: { Owner: "me" },
};
const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

for (const preview of [false, true]) {
    describe(`VPC endpoints (${preview ? "preview" : "update"})`, () => {
        it("of gateways are the two there are, on every table", async () => {
            const recorder = await Recorder.install(preview);
            new GatewayEndpoints("net", GATEWAY_ARGS);
            await settled();
            assert.deepEqual(
                recorder.ofType(ENDPOINT).map(({ name, inputs }) => [name, inputs]),
                ["s3", "dynamodb"].map((service) => [
                    `net-${service}`,
                    {
                        vpcId: "vpc-1",
                        vpcEndpointType: "Gateway",
                        serviceName: `com.amazonaws.eu-west-1.${service}`,
                        routeTableIds: ["rtb-1", "rtb-2"],
                        tags: { Owner: "me", Component: "network", Name: `net-${service}` },
                    },
                ]),
            );
        });

        it("of services have private DNS, the given group and an interface in every subnet", async () => {
            const recorder = await Recorder.install(preview);
            new InterfaceEndpoints("net", ARGS);
            await settled();
            assert.deepEqual(
                recorder.ofType(ENDPOINT).map(({ name, inputs }) => [name, inputs]),
                ["ssm", "sagemaker.api"].map((service) => [
                    `net-${service}`,
                    {
                        vpcId: "vpc-1",
                        vpcEndpointType: "Interface",
                        serviceName: `com.amazonaws.eu-west-1.${service}`,
                        subnetIds: ["subnet-1", "subnet-2"],
                        securityGroupIds: ["sg-endpoints"],
                        privateDnsEnabled: true,
                        tags: { Owner: "me", Component: "network", Name: `net-${service}` },
                    },
                ]),
            );
        });

        it("live beside others", async () => {
            const recorder = await Recorder.install(preview);
            for (const name of ["one", "two"]) {
                new InterfaceEndpoints(name, ARGS);
                new GatewayEndpoints(name, GATEWAY_ARGS);
            }
            await settled();
            assert.equal(recorder.ofType(ENDPOINT).length, 8);
            assert.equal(new Set(recorder.names()).size, recorder.resources.length);
        });
    });
}

describe("VPC endpoints", () => {
    it("tell the checks what is meant", async () => {
        const policy = FULL_ACCESS_POLICY;
        await Recorder.install();
        const gateways = new GatewayEndpoints("net", GATEWAY_ARGS);
        const interfaces = new InterfaceEndpoints("net", { ...ARGS, services: ["ssm"] });
        assert.deepEqual(await valueOf(gateways.intent), [
            { service: "s3", vpcEndpointId: "net-s3_id", routeTableIds: ["rtb-1", "rtb-2"], policy },
            {
                service: "dynamodb",
                vpcEndpointId: "net-dynamodb_id",
                routeTableIds: ["rtb-1", "rtb-2"],
                policy,
            },
        ]);
        assert.equal(await valueOf(gateways.prefixListIds.s3), "pl-net-s3");
        assert.deepEqual(await valueOf(interfaces.intent), [
            {
                service: "ssm",
                vpcEndpointId: "net-ssm_id",
                subnetIds: ["subnet-1", "subnet-2"],
                securityGroupIds: ["sg-endpoints"],
                policy,
            },
        ]);
    });

    it("are refused with all that is wrong before anything is made", async () => {
        const recorder = await Recorder.install();
        assert.throws(
            () => new InterfaceEndpoints("net", { ...ARGS, services: ["ssm", "ssm"] }),
            /InterfaceEndpoints "net".*services\[1\]: "ssm" is not allowed: each service once/s,
        );
        await settled();
        assert.deepEqual(recorder.ofType(ENDPOINT), []);
    });
});

describe("interface endpoint services", () => {
    const cases: [string[], [string, RegExp][]][] = [
        [[], []],
        [["ssm", "logs"], []],
        [["ssm", "ssm"], [["services[1]", /each service once/]]],
        [["s3"], [["services[0]", /gateway endpoint, which is free/]]],
        [["sqs", "ssm"], [["services[0]", /one of ec2, ec2messages/]]],
        [
            ["nope", "dynamodb"],
            [
                ["services[0]", /one of/],
                ["services[1]", /leave it out/],
            ],
        ],
    ];
    for (const [services, expected] of cases) {
        it(`${JSON.stringify(services)}: ${expected.length} problems`, () => {
            const problems = problemsOf(z.object({ services: interfaceServices() }), { services });
            assert.deepEqual(
                problems.map(({ key }) => key),
                expected.map(([key]) => key),
            );
            expected.forEach(([, pattern], index) => assert.match(problems[index]?.allowed ?? "", pattern));
        });
    }
});
