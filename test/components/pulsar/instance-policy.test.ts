import assert from "node:assert/strict";

import { INSTANCE_TRUST_POLICY, instancePolicy } from "../../../components/pulsar/instance-policy";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:lab-broker-AbCdEf";
const { Statement: statements } = instancePolicy({
    partition: "aws",
    region: "us-east-1",
    accountId: "123456789012",
    secretArn: SECRET,
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:lab-logs",
    metricNamespace: "PulsarLab/lab",
}) as {
    Statement: {
        Sid: string;
        Effect: string;
        Action: string | string[];
        Resource: string | string[];
        Condition?: object;
    }[];
};
const bySid = (sid: string) => statements.find((statement) => statement.Sid === sid);

describe("what a Pulsar instance may do", () => {
    it("has no wildcard action, and a wildcard resource only where AWS knows nothing smaller", () => {
        const actions = statements.flatMap(({ Action }) => Action);
        assert.deepEqual(
            actions.filter((action) => action.includes("*")),
            [],
        );
        assert.deepEqual(
            statements.filter(({ Resource }) => [Resource].flat().includes("*")).map(({ Sid }) => Sid),
            ["SessionsAndCommandsThroughSystemsManager", "WritesMetrics"],
        );
        assert.deepEqual(new Set(statements.map(({ Effect }) => Effect)), new Set(["Allow"]));
    });

    it("reads its own secret alone, through Secrets Manager alone", () => {
        assert.deepEqual(bySid("ReadsItsOwnSecret"), {
            Sid: "ReadsItsOwnSecret",
            Effect: "Allow",
            Action: "secretsmanager:GetSecretValue",
            Resource: SECRET,
        });
        assert.deepEqual(bySid("DecryptsItsOwnSecret"), {
            Sid: "DecryptsItsOwnSecret",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: "arn:aws:kms:us-east-1:123456789012:key/k",
            Condition: {
                StringEquals: {
                    "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com",
                    "kms:EncryptionContext:SecretARN": SECRET,
                },
            },
        });
    });

    it("reads no parameter, no bucket and no other instance", () => {
        const actions = statements.flatMap(({ Action }) => Action).sort();
        assert.deepEqual(
            actions.filter((action) => !/^(ssmmessages|ec2messages):/.test(action)),
            [
                "cloudwatch:PutMetricData",
                "kms:Decrypt",
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:PutLogEvents",
                "secretsmanager:GetSecretValue",
                "ssm:UpdateInstanceInformation",
            ],
        );
        assert.deepEqual(bySid("WritesMetrics")?.Condition, {
            StringEquals: { "cloudwatch:namespace": "PulsarLab/lab" },
        });
    });

    it("is for EC2 instances alone", () => {
        assert.deepEqual(INSTANCE_TRUST_POLICY.Statement, [
            { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
        ]);
    });
});
