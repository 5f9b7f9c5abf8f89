import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";

import { type Ami, amiFilters, amiRefusal, findAmi } from "../../../components/pulsar/ami";
import { Recorder, settled, valueOf } from "../../support/mocks";

const AMI: Ami = {
    id: "ami-1",
    architecture: "x86_64",
    tags: { PulsarVersion: "4.0.7", Validated: "true" },
};
const QUERY = { owners: ["self"], pulsarVersion: "4.0.7", architecture: "x86_64" } as const;

describe("the image of a Pulsar cluster", () => {
    it("is looked up by version, validation, state and architecture", () => {
        assert.deepEqual(amiFilters(QUERY), [
            { name: "state", values: ["available"] },
            { name: "tag:PulsarVersion", values: ["4.0.7"] },
            { name: "tag:Validated", values: ["true"] },
            { name: "architecture", values: ["x86_64"] },
        ]);
        assert.equal(amiFilters({ ...QUERY, architecture: undefined }).length, 3);
    });

    it("is taken when it holds the version for the architecture", () => {
        assert.equal(amiRefusal(AMI, QUERY), undefined);
        assert.equal(amiRefusal(AMI, { ...QUERY, architecture: undefined }), undefined);
    });

    const refusals: [string, Partial<Ami>, RegExp][] = [
        [
            "another version",
            { tags: { PulsarVersion: "3.3.0", Validated: "true" } },
            /^the image ami-1 holds Pulsar 3\.3\.0 .* but pulsarVersion is 4\.0\.7: set pulsarVersion to 3\.3\.0, or name an image of 4\.0\.7$/,
        ],
        ["no version", { tags: {} }, /^the image ami-1 has no tag PulsarVersion/],
        [
            "another architecture",
            { architecture: "arm64" },
            /^the image ami-1 is built for arm64, but the instance types are x86_64/,
        ],
    ];
    for (const [what, change, message] of refusals) {
        for (const preview of [false, true]) {
            it(`is refused for ${what}, in ${preview ? "a preview" : "an update"}`, async () => {
                await Recorder.install(preview, { "aws:ec2/getAmi:getAmi": { ...AMI, ...change } });
                const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
                const id = findAmi({ ...QUERY, amiId: "ami-1" }, parent) as unknown as {
                    promise(): Promise<string>;
                };
                const error = await id.promise().then(
                    () => assert.fail("the image was taken"),
                    (reason: Error) => reason,
                );
                assert.match(error.message, message);
                // What Pulumi does for each resource that waits for the image.
                error.message = `error serializing property "ami": ${error.message}`;
                assert.match(error.message, message);
                await settled();
            });
        }
    }

    it("is what was found", async () => {
        await Recorder.install(false, { "aws:ec2/getAmi:getAmi": { ...AMI } });
        const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
        assert.equal(await valueOf(findAmi(QUERY, parent)), "ami-1");
    });
});
