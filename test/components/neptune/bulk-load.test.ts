import assert from "node:assert/strict";

import { bulkLoadPolicy, bulkLoadTrust } from "../../../components/neptune/bulk-load";

describe("bulk load role", () => {
    it("is taken by Neptune of this account alone", () => {
        assert.deepEqual(bulkLoadTrust("123456789012"), {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Service: "rds.amazonaws.com" },
                    Action: "sts:AssumeRole",
                    Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
                },
            ],
        });
    });

    it("reads its folders and decrypts with its keys, and nothing else", () => {
        const sources = [
            { bucket: "data", prefix: "graphs/" },
            { bucket: "data", prefix: "more/" },
            { bucket: "whole", prefix: "" },
        ];
        assert.deepEqual(bulkLoadPolicy("aws", sources, ["arn:key"]), {
            Version: "2012-10-17",
            Statement: [
                {
                    Sid: "ReadObjects",
                    Effect: "Allow",
                    Action: "s3:GetObject",
                    Resource: [
                        "arn:aws:s3:::data/graphs/*",
                        "arn:aws:s3:::data/more/*",
                        "arn:aws:s3:::whole/*",
                    ],
                },
                {
                    Sid: "LocateBuckets",
                    Effect: "Allow",
                    Action: "s3:GetBucketLocation",
                    Resource: ["arn:aws:s3:::data", "arn:aws:s3:::whole"],
                },
                {
                    Sid: "ListFolder1",
                    Effect: "Allow",
                    Action: "s3:ListBucket",
                    Resource: "arn:aws:s3:::data",
                    Condition: { StringLike: { "s3:prefix": "graphs/*" } },
                },
                {
                    Sid: "ListFolder2",
                    Effect: "Allow",
                    Action: "s3:ListBucket",
                    Resource: "arn:aws:s3:::data",
                    Condition: { StringLike: { "s3:prefix": "more/*" } },
                },
                {
                    Sid: "ListFolder3",
                    Effect: "Allow",
                    Action: "s3:ListBucket",
                    Resource: "arn:aws:s3:::whole",
                },
                { Sid: "DecryptObjects", Effect: "Allow", Action: "kms:Decrypt", Resource: ["arn:key"] },
            ],
        });
    });

    it("decrypts nothing without a key", () => {
        const policy = JSON.stringify(bulkLoadPolicy("aws-cn", [{ bucket: "b", prefix: "" }], []));
        assert.ok(!policy.includes("kms"));
        assert.ok(policy.includes("arn:aws-cn:s3:::b/*"));
    });
});
