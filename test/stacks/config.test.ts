import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse as parseYaml } from "yaml";

import { parseConfig } from "../../stacks/config";
import { values, WRONG_CONFIGS } from "../support/configs";

const parse = (overrides?: Record<string, unknown>) =>
    parseConfig({ project: "pulsar-lab", stack: "dev", values: values(overrides) });

describe("stack configuration", () => {
    it("needs little and fills in the safe choice", () => {
        assert.deepEqual(parse(), {
            region: "us-east-1",
            owner: "data-platform",
            tags: {},
            encryption: { deletionWindowInDays: 30 },
            composition: "lab",
            protectData: true,
            experiment: {},
            network: {
                mode: "create",
                cidrBlock: "10.0.0.0/16",
                availabilityZones: ["us-east-1a", "us-east-1b"],
                natGateways: "perAz",
                natGatewayAddresses: 1,
                interfaceEndpoints: [],
                httpsEgress: [],
                flowLogRetentionInDays: 365,
            },
            pulsar: { mode: "off" },
            neptune: { mode: "off" },
            opensearch: { mode: "off" },
            sagemaker: { mode: "off" },
            observability: { alarmEmails: [] },
            cost: { scope: "account" },
            checks: {
                mode: "fix",
                allowedRepairs: [],
                everyUpdate: false,
                timeoutSeconds: 300,
                onFailure: "fail",
            },
        });
    });

    it("takes every value", () => {
        const config = parse({
            "pulsar-lab:owner": "1234",
            "pulsar-lab:tags": { CostCenter: "42" },
            "pulsar-lab:encryption": { deletionWindowInDays: 7 },
            "pulsar-lab:network": {
                cidrBlock: "192.168.0.0/20",
                availabilityZones: ["us-east-1f"],
                natGateways: "none",
                natGatewayAddresses: 2,
                interfaceEndpoints: ["ssm"],
                flowLogRetentionInDays: 1,
            },
            "pulsar-lab:checks": {
                mode: "validate",
                everyUpdate: true,
                timeoutSeconds: 30,
                onFailure: "warn",
            },
        });
        assert.equal(config.owner, "1234", "a text of digits stays a text");
        assert.deepEqual(config.tags, { CostCenter: "42" });
        assert.ok(config.network.mode === "create");
        assert.equal(config.network.natGateways, "none");
        assert.equal(config.network.natGatewayAddresses, 2);
        assert.deepEqual(config.checks, {
            mode: "validate",
            allowedRepairs: [],
            everyUpdate: true,
            timeoutSeconds: 30,
            onFailure: "warn",
        });
    });

    it("leaves the keys of other namespaces alone", () => {
        parse({ "aws:profile": "me", "other:thing": "x" });
    });

    for (const [what, overrides, expected] of WRONG_CONFIGS) {
        it(`refuses ${what}`, () => {
            assert.throws(
                () => parse(overrides),
                (error: Error) => {
                    assert.ok(pulumi.RunError.isInstance(error));
                    assert.ok(error.message.includes(expected), error.message);
                    const problems = error.message.split("\n").length - 1;
                    assert.ok(
                        error.message.startsWith(
                            `The configuration of stack "dev" (Pulumi.dev.yaml) has ${problems} ${problems === 1 ? "problem" : "problems"}; `,
                        ),
                        error.message,
                    );
                    return true;
                },
            );
        });
    }

    it("lists everything that is wrong in one error", () => {
        assert.throws(
            () =>
                parse({
                    "pulsar-lab:owner": undefined,
                    "pulsar-lab:network": {
                        availabilityZones: ["us-east-1a"],
                        cidrBlock: "10.0.0.0/8",
                        natGateways: 3,
                        natGatewayAddresses: 9,
                    },
                    "pulsar-lab:checks": { mode: "x", onFailure: "y" },
                }),
            {
                message: [
                    'The configuration of stack "dev" (Pulumi.dev.yaml) has 6 problems; nothing was created:',
                    "  - pulsar-lab:owner is missing: a text in quotes",
                    '  - pulsar-lab:network.cidrBlock: "10.0.0.0/8" is not allowed: at most a /16, the largest VPC that AWS makes',
                    "  - pulsar-lab:network.natGateways: 3 is not allowed: one of none, single, perAz",
                    "  - pulsar-lab:network.natGatewayAddresses: 9 is not allowed: a whole number from 1 to 8; more than 2 need a higher quota of the account",
                    '  - pulsar-lab:checks.mode: "x" is not allowed: one of validate, fix, fix-proposed',
                    '  - pulsar-lab:checks.onFailure: "y" is not allowed: one of fail, warn',
                ].join("\n"),
            },
        );
    });
});

describe("the project's files", () => {
    const file = (name: string) =>
        parseYaml(readFileSync(path.join(__dirname, "../..", name), "utf8")) as unknown;
    const { config: declared } = file("Pulumi.yaml") as { config: Record<string, { default?: unknown }> };

    it("declare exactly the keys that the program knows", () => {
        assert.deepEqual(
            Object.keys(declared),
            Object.keys(parse()).filter((key) => key !== "region"),
        );
    });

    it("declare the defaults that the program has", () => {
        assert.deepEqual(declared.checks?.default, parse().checks);
    });

    for (const stack of ["dev", "lab"]) {
        it(`hold a valid Pulumi.${stack}.yaml, without a word about secrets`, () => {
            const { config, ...rest } = file(`Pulumi.${stack}.yaml`) as { config: Record<string, unknown> };
            assert.deepEqual(
                rest,
                {},
                "encryptionsalt and its like are written by Pulumi, for one user's passphrase",
            );
            parseConfig({
                project: "pulsar-lab",
                stack,
                values: values({ "pulsar-lab:network": undefined, ...config }),
            });
        });
    }
});
