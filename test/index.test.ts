import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { values, WRONG_CONFIGS } from "./support/configs";
import { Recorder, settled } from "./support/mocks";

const LOOKUPS = {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
    "aws:index/getPartition:getPartition": { partition: "aws" },
};

/** Runs the whole program under mocks; node has run the file before, so it is forgotten first. */
async function run(recorder: Recorder, overrides: Record<string, unknown>): Promise<Record<string, unknown>> {
    recorder.resources.length = 0;
    pulumi.runtime.setAllConfig(values(overrides));
    delete require.cache[require.resolve("../index")];
    try {
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- a fresh run needs the cache that import() has not
        return require("../index") as Record<string, unknown>;
    } finally {
        await settled();
        pulumi.runtime.setAllConfig({});
    }
}

describe("the program", () => {
    for (const preview of [false, true]) {
        const when = preview ? "a preview" : "an update";
        it(`makes a foundation in ${when} and exports flat outputs`, async () => {
            const recorder = await Recorder.install(preview, LOOKUPS);
            const outputs = await run(recorder, { "pulsar-lab:composition": "foundation" });
            for (const type of ["security:EncryptionKey", "network:Network", "checks:ConnectivityChecks"]) {
                assert.equal(recorder.ofType(`pulsar-lab:${type}`).length, 1);
            }
            assert.deepEqual(Object.keys(outputs), [
                "region",
                "experimentId",
                "expiresAt",
                "vpcId",
                "vpcCidrBlock",
                "availabilityZones",
                "publicSubnetIds",
                "privateSubnetIds",
                "isolatedSubnetIds",
                "natPublicIps",
                "clientSecurityGroupId",
                "endpointSecurityGroupId",
                "interfaceEndpoints",
                "s3PrefixListId",
                "flowLogGroupName",
                "encryptionKeyArn",
                "connectivityHealthy",
                "connectivityMatrix",
                "connectivityRepairs",
            ]);
        });

        it(`makes a lab without services in ${when}: its network, and no output of a service`, async () => {
            const recorder = await Recorder.install(preview, LOOKUPS);
            const outputs = await run(recorder, {});
            assert.deepEqual(
                recorder
                    .names()
                    .filter((name) => /pulsar:PulsarCluster|neptune|opensearch|sagemaker/.test(name)),
                [],
            );
            assert.deepEqual(Object.keys(outputs), [
                "region",
                "experimentId",
                "expiresAt",
                "vpcId",
                "availabilityZones",
                "privateSubnetIds",
                "isolatedSubnetIds",
                "vpcCidrBlock",
                "publicSubnetIds",
                "natPublicIps",
                "flowLogGroupName",
                "securityGroupIds",
                "encryptionKeyArn",
                "alarmTopicArn",
                "dashboardName",
                "connectivityHealthy",
                "connectivityMatrix",
                "connectivityRepairs",
            ]);
        });
    }

    for (const [what, overrides, expected] of WRONG_CONFIGS) {
        it(`registers nothing for a configuration with ${what}`, async () => {
            const recorder = await Recorder.install(false, LOOKUPS);
            await assert.rejects(run(recorder, overrides), (error: Error) =>
                error.message.includes(expected),
            );
            assert.deepEqual(recorder.resources, []);
        });
    }
});
