import assert from "node:assert/strict";

import { AdoptedPulsarCluster, type AdoptedPulsarClusterArgs } from "../../../components/pulsar/adopt";
import type { PulsarOutputs } from "../../../components/pulsar/outputs";
import { adoptedPulsarSchema } from "../../../components/pulsar/schema";
import { problemsOf } from "../../../components/schema/problems";
import { failureOf, Recorder, settled, valueOf } from "../../support/mocks";

const ARGS: AdoptedPulsarClusterArgs = {
    serviceUrl: "pulsar+ssl://pulsar.example.com:6651",
    adminUrl: "https://pulsar.example.com:8443",
    brokerSecurityGroupId: "sg-1",
    vpcId: "vpc-1",
};
const LOOKUPS = { "aws:ec2/getSecurityGroup:getSecurityGroup": { id: "sg-1", vpcId: "vpc-1" } };

for (const preview of [false, true]) {
    describe(`AdoptedPulsarCluster (${preview ? "preview" : "update"})`, () => {
        it("answers as a cluster does, and makes nothing", async () => {
            const recorder = await Recorder.install(preview, LOOKUPS);
            const cluster: PulsarOutputs = new AdoptedPulsarCluster("theirs", {
                ...ARGS,
                clientSecretArn: "arn:client",
            });
            assert.equal(await valueOf(cluster.serviceUrl), ARGS.serviceUrl);
            assert.equal(await valueOf(cluster.adminUrl), ARGS.adminUrl);
            assert.equal(await valueOf(cluster.brokerHostname), "pulsar.example.com");
            assert.deepEqual(await valueOf(cluster.brokerSecurityGroupIds), ["sg-1"]);
            assert.equal(await valueOf(cluster.clientSecretArn), "arn:client");
            assert.deepEqual(
                recorder.resources.filter(({ custom }) => custom),
                [],
            );
        });
    });
}

describe("AdoptedPulsarCluster arguments", () => {
    it("name a group that is there", async () => {
        await Recorder.install();
        assert.match(
            await failureOf(new AdoptedPulsarCluster("theirs", ARGS).serviceUrl),
            /^AdoptedPulsarCluster "theirs" cannot be adopted:\n {2}- brokerSecurityGroupId: "sg-1" is not allowed: the id of a security group of vpc-1 that exists in the region of the stack, .*getSecurityGroup/,
        );
    });

    it("refuses URLs without TLS, unless asked for by name", async () => {
        await Recorder.install(false, LOOKUPS);
        const plain = { ...ARGS, serviceUrl: "pulsar://p:6650", adminUrl: "http://p:8080" };
        assert.throws(
            () => new AdoptedPulsarCluster("theirs", plain),
            /serviceUrl: "pulsar:\/\/p:6650" .*set allowPlaintext to true\n {2}- adminUrl: "http:\/\/p:8080"/,
        );
        await settled();
        assert.deepEqual(problemsOf(adoptedPulsarSchema, { ...plain, allowPlaintext: true }), []);
    });

    for (const serviceUrl of [
        "",
        "pulsar.example.com:6651",
        "https://p:6651",
        "pulsar+ssl://",
        "pulsar+ssl://u:p@h:1",
        "pulsar+ssl://h:1/x",
    ]) {
        it(`refuses ${JSON.stringify(serviceUrl)} as service URL`, () => {
            assert.deepEqual(
                problemsOf(adoptedPulsarSchema, { ...ARGS, serviceUrl }).map(({ key }) => key),
                ["serviceUrl"],
            );
        });
    }
});
