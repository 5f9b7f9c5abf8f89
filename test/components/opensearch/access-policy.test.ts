import assert from "node:assert/strict";

import { accessPolicy, domainStatement } from "../../../components/opensearch/access-policy";
import { roleArn } from "../../../components/schema/aws";
import { problemsOf } from "../../../components/schema/problems";

const ARN = "arn:aws:es:us-east-1:123456789012:domain/search";
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

describe("access to an OpenSearch domain", () => {
    it("is for data alone, in the policy of a role", () => {
        assert.deepEqual(domainStatement(ARN, "write"), {
            Sid: "WriteOpenSearch",
            Effect: "Allow",
            Action: ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost", "es:ESHttpPut", "es:ESHttpDelete"],
            Resource: `${ARN}/*`,
        });
        assert.doesNotMatch(String(domainStatement(ARN, "read").Action), /Put|Delete|Patch/);
    });

    it("is for each named role once, and without a wildcard", () => {
        const policy = accessPolicy(ARN, [role("a"), role("b"), role("a")]) as {
            Statement: { Principal: unknown; Action: string[] }[];
        };
        assert.deepEqual(policy.Statement[0]?.Principal, { AWS: [role("a"), role("b")] });
        assert.ok(!policy.Statement.some(({ Action }) => Action.some((action) => action.includes("*"))));
    });

    for (const arn of [role("a"), role("path/a"), "arn:aws-us-gov:iam::123456789012:role/a"])
        it(`takes ${arn}`, () => assert.deepEqual(problemsOf(roleArn(), arn), []));

    for (const arn of [
        "*",
        "123456789012",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::123456789012:user/me",
        "arn:aws:sts::123456789012:assumed-role/a/session",
        role("*"),
    ])
        it(`refuses ${arn}`, () => assert.equal(problemsOf(roleArn(), arn).length, 1));
});
