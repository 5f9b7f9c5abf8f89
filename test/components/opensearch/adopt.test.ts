import assert from "node:assert/strict";

import {
    AdoptedOpenSearchDomain,
    adoptionProblems,
    type FoundDomain,
} from "../../../components/opensearch/adopt";
import type { OpenSearchOutputs } from "../../../components/opensearch/outputs";
import { failureOf, Recorder, settled, valueOf } from "../../support/mocks";

const GET_DOMAIN = "aws:opensearch/getDomain:getDomain";
const DOMAIN = "aws:opensearch/domain:Domain";
const ARN = "arn:aws:es:us-east-1:123456789012:domain/theirs";

const FOUND = {
    arn: ARN,
    domainName: "theirs",
    endpoint: "vpc-theirs.us-east-1.es.amazonaws.com",
    dashboardEndpoint: "vpc-theirs.us-east-1.es.amazonaws.com/_dashboards",
    vpcOptions: [
        { vpcId: "vpc-1", subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"], availabilityZones: ["a"] },
    ],
    encryptionAtRests: [{ enabled: true, kmsKeyId: "k" }],
    nodeToNodeEncryptions: [{ enabled: true }],
    advancedSecurityOptions: [{ enabled: true }],
};
const READ = {
    domainName: "theirs",
    arn: ARN,
    domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" },
};

for (const preview of [false, true]) {
    describe(`AdoptedOpenSearchDomain (${preview ? "preview" : "update"})`, () => {
        it("has the outputs of a domain that was made here, and makes nothing", async () => {
            const recorder = await Recorder.install(preview, { [GET_DOMAIN]: FOUND }, { [DOMAIN]: READ });
            const theirs: OpenSearchOutputs = new AdoptedOpenSearchDomain("search", {
                domainName: "theirs",
                vpcId: "vpc-1",
            });
            assert.equal(await valueOf(theirs.endpoint), FOUND.endpoint);
            assert.equal(await valueOf(theirs.dashboardEndpoint), FOUND.dashboardEndpoint);
            assert.equal(await valueOf(theirs.domainArn), ARN);
            assert.equal(await valueOf(theirs.domainName), "theirs");
            assert.deepEqual(await valueOf(theirs.securityGroupIds), ["sg-1"]);
            assert.deepEqual(await valueOf(theirs.subnetIds), ["subnet-1"]);
            assert.deepEqual((await valueOf(theirs.accessStatement("write"))).Resource, `${ARN}/*`);
            await settled();
            assert.deepEqual(recorder.names(), [
                "pulsar-lab:search:AdoptedOpenSearchDomain search",
                `${DOMAIN} search-domain`,
            ]);
        });
    });
}

describe("AdoptedOpenSearchDomain arguments", () => {
    it("name a domain that is there", async () => {
        await Recorder.install();
        assert.match(
            await failureOf(new AdoptedOpenSearchDomain("search", { domainName: "theirs" }).endpoint),
            /^AdoptedOpenSearchDomain "search" cannot be adopted:\n {2}- domainName: "theirs" is not allowed: the name of a domain that exists in the region of the stack, .*getDomain/,
        );
    });

    it("refuse a name that no domain can have", async () => {
        await Recorder.install();
        assert.throws(
            () => new AdoptedOpenSearchDomain("search", { domainName: "Theirs" }),
            /AdoptedOpenSearchDomain "search" .*\n {2}- domainName: "Theirs" is not allowed/,
        );
        await settled();
    });
});

describe("adoption of an OpenSearch domain", () => {
    const FIT: FoundDomain = {
        vpcId: "vpc-1",
        encryptedAtRest: true,
        encryptedBetweenNodes: true,
        fineGrainedAccessControl: true,
        enforcesHttps: true,
        tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
    };

    it("takes one that fits, in any VPC or in the one that is asked for", () => {
        assert.deepEqual(adoptionProblems("theirs", FIT), []);
        assert.deepEqual(adoptionProblems("theirs", FIT, "vpc-1"), []);
    });

    const UNFIT: [Partial<FoundDomain>, RegExp][] = [
        [{ vpcId: undefined }, /^a domain in a VPC; this one has a public endpoint/],
        [{ vpcId: "" }, /^a domain in a VPC; this one has a public endpoint/],
        [{ vpcId: "vpc-2" }, /^a domain in vpc-1; this one is in vpc-2$/],
        [{ encryptedAtRest: false }, /^a domain that is encrypted at rest/],
        [{ encryptedBetweenNodes: false }, /^a domain with node-to-node encryption/],
        [{ fineGrainedAccessControl: false }, /^a domain with fine-grained access control/],
        [{ enforcesHttps: false }, /^a domain that requires HTTPS/],
        [{ tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" }, /this one has Policy-Min-TLS-1-0-2019-07$/],
        [{ tlsSecurityPolicy: undefined }, /this one has no TLS policy$/],
    ];
    for (const [change, message] of UNFIT)
        it(`refuses ${JSON.stringify(change)}`, () => {
            const problems = adoptionProblems("theirs", { ...FIT, ...change }, "vpc-1");
            assert.equal(problems.length, 1);
            assert.match(problems[0]?.allowed ?? "", message);
        });
});
