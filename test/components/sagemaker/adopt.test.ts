import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { AdoptedSageMakerDomain, adoptionProblems } from "../../../components/sagemaker/adopt";
import { describeProblem } from "../../../components/validation";
import { Recorder, settled, valueOf } from "../../support/mocks";

const DOMAIN = "aws:sagemaker/domain:Domain";
const FITTING = {
    appNetworkAccessType: "VpcOnly",
    vpcId: "vpc-1",
    arn: "arn:aws:sagemaker:us-east-1:123456789012:domain/d-abc",
    homeEfsFileSystemId: "fs-theirs",
    defaultUserSettings: {
        executionRole: "arn:aws:iam::123456789012:role/theirs",
        securityGroups: ["sg-theirs"],
    },
};
const UNFIT = { ...FITTING, appNetworkAccessType: "PublicInternetOnly", vpcId: "vpc-2" };

/** Mocks in which the domain exists already and is like this. */
const install = (domain: object, preview = false) =>
    Recorder.install(preview, {}, { [DOMAIN]: domain as Record<string, unknown> });

describe("AdoptedSageMakerDomain", () => {
    for (const preview of [false, true]) {
        it(`reads the domain and makes nothing (${preview ? "preview" : "update"})`, async () => {
            const recorder = await install(FITTING, preview);
            new AdoptedSageMakerDomain("found", { domainId: "d-abc", vpcId: "vpc-1" });
            await settled();
            assert.deepEqual(recorder.names(), [
                "pulsar-lab:sagemaker:AdoptedSageMakerDomain found",
                "aws:sagemaker/domain:Domain found-domain",
            ]);
            assert.deepEqual(recorder.get(DOMAIN, "found-domain").inputs, {});
        });
    }

    it("answers like a domain that the program made", async () => {
        await install(FITTING);
        const found = new AdoptedSageMakerDomain("found", {
            domainId: "d-abc",
            vpcId: pulumi.output("vpc-1"),
        });
        assert.equal(await valueOf(found.domainId), "d-abc");
        assert.equal(await valueOf(found.executionRoleArn), "arn:aws:iam::123456789012:role/theirs");
        assert.equal(await valueOf(found.homeEfsFileSystemId), "fs-theirs");
        assert.deepEqual(await valueOf(found.securityGroupIds), ["sg-theirs"]);
    });

    it("gives out nothing of a domain that does not fit", async () => {
        await install(UNFIT);
        const open = new AdoptedSageMakerDomain("open", { domainId: "d-abc", vpcId: "vpc-1" });
        const outcome = await (open.domainArn as unknown as { promise(): Promise<string> }).promise().then(
            () => "given out",
            (error: Error) => error.message,
        );
        assert.match(outcome, /^AdoptedSageMakerDomain "open" has arguments that cannot work:\n/);
        assert.match(outcome, /the domain's appNetworkAccessType: "PublicInternetOnly" is not allowed/);
        assert.match(outcome, /the domain's vpcId: "vpc-2" is not allowed: vpc-1/);
    });

    it("refuses what is no domain's id before anything is read", async () => {
        const recorder = await Recorder.install();
        assert.throws(() => new AdoptedSageMakerDomain("found", { domainId: "my-domain", vpcId: "vpc-1" }), {
            message: /domainId: "my-domain" is not allowed: the id of a domain, such as d-abcdefghijkl/,
        });
        await settled();
        assert.deepEqual(recorder.ofType(DOMAIN), []);
    });
});

describe("what keeps a domain from being adopted", () => {
    const fit = { domainId: "d-abc", vpcId: "vpc-1", appNetworkAccessType: "VpcOnly" };

    it("is nothing when it fits", () => assert.deepEqual(adoptionProblems(fit, "vpc-1"), []));

    it("is its network, with what to do", () => {
        assert.deepEqual(
            adoptionProblems({ ...fit, appNetworkAccessType: undefined, vpcId: "vpc-2" }, "vpc-1").map(
                describeProblem,
            ),
            [
                `the domain's appNetworkAccessType: "PublicInternetOnly" is not allowed: VpcOnly, so that no traffic goes past the VPC: update domain d-abc, which takes that while no app runs, or name another`,
                `the domain's vpcId: "vpc-2" is not allowed: vpc-1, the VPC of the lab: a domain cannot be moved, so name another or let the lab create one`,
            ],
        );
    });
});
