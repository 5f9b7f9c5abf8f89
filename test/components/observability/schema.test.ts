import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { observabilitySchema } from "../../../components/observability/schema";
import { problemsOf } from "../../../components/schema/problems";
import { describeProblem } from "../../../components/validation";

type Args = z.input<typeof observabilitySchema>;

const ARGS: Args = { services: {}, alarmEmails: ["team@example.com"] };
const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}@example.com`);
const found = (args: Partial<Args>) =>
    problemsOf(observabilitySchema, { ...ARGS, ...args }).map(describeProblem);

describe("the arguments of an Observability", () => {
    const fine: Record<string, Partial<Args>> = {
        "one address": {},
        "no address": { alarmEmails: [] },
        "ten addresses": { alarmEmails: many(10) },
        "an address with a plus and subdomains": { alarmEmails: ["a.b+lab@mail.example.co.uk"] },
        "a budget of cents": { monthlyBudgetUsd: 0.5 },
        "a budget by a tag": { monthlyBudgetUsd: 5, budgetTag: { key: "ExperimentID", value: "exp-1" } },
        "the least services": {
            services: {
                neptune: { clusterIdentifier: "c", readReplicas: 0 },
                opensearch: { domainName: "d", dataNodeCount: 1, dedicatedMasterCount: 0, volumeSizeGib: 10 },
                natGatewayIds: [],
            },
        },
    };
    for (const [what, args] of Object.entries(fine)) {
        it(`finds nothing wrong with ${what}`, () => assert.deepEqual(found(args), []));
    }

    for (const email of ["", "nobody", "a@b", "a@@example.com", "a b@example.com", "a@example.", "a@.com"]) {
        it(`refuses the address ${JSON.stringify(email)}`, () =>
            assert.deepEqual(found({ alarmEmails: [email] }), [
                `alarmEmails[0]: ${JSON.stringify(email)} is not allowed: an address such as team@example.com`,
            ]));
    }

    for (const usd of [0, -1, NaN, Infinity]) {
        it(`refuses a budget of ${usd}`, () =>
            assert.deepEqual(found({ monthlyBudgetUsd: usd }), [
                `monthlyBudgetUsd: ${usd} is not allowed: a number of US dollars above 0`,
            ]));
    }

    const wrong: [string, Partial<Args>, string][] = [
        [
            "an address twice",
            { alarmEmails: ["a@example.com", "a@example.com"] },
            'alarmEmails[1]: "a@example.com" is not allowed: each address once; leave this one out',
        ],
        [
            "eleven addresses",
            { alarmEmails: many(11) },
            `alarmEmails: ${JSON.stringify(many(11)).slice(0, 117)}... is not allowed: at most 10 addresses, which is what AWS Budgets takes; give the address of a group`,
        ],
        [
            "a tag without a budget",
            { budgetTag: { key: "Project", value: "p" } },
            'budgetTag: "Project" is not allowed: given together with monthlyBudgetUsd; without that there is no budget',
        ],
        [
            "a tag that splits at the wrong $",
            { monthlyBudgetUsd: 1, budgetTag: { key: "a$b", value: "p" } },
            'budgetTag.key: "a$b" is not allowed: a tag\'s key of 1 to 128 characters without $, such as ExperimentID',
        ],
        [
            "half a replica",
            { services: { neptune: { clusterIdentifier: "c", readReplicas: 0.5 } } },
            "services.neptune.readReplicas: 0.5 is not allowed: a whole number of read replicas from 0 to 15",
        ],
        [
            "a domain without data nodes",
            { services: { opensearch: { domainName: "d", dataNodeCount: 0 } } },
            "services.opensearch.dataNodeCount: 0 is not allowed: a whole number from 1 to 80",
        ],
        [
            "negative masters",
            { services: { opensearch: { domainName: "d", dedicatedMasterCount: -1 } } },
            "services.opensearch.dedicatedMasterCount: -1 is not allowed: 3 or 5, so that a majority survives the loss of one; or 0 for no dedicated masters",
        ],
        [
            "no volume",
            { services: { opensearch: { domainName: "d", volumeSizeGib: 0 } } },
            "services.opensearch.volumeSizeGib: 0 is not allowed: a whole number from 10 to 24576",
        ],
        [
            "a node twice",
            {
                services: {
                    pulsar: {
                        clusterName: "c",
                        nodes: ["a", "b", "a"].map((name) => ({ name, instanceId: "i-1" })),
                    },
                },
            },
            'services.pulsar.nodes: "a" is not allowed: each name once, as PulsarCluster.nodes has them',
        ],
    ];
    for (const [what, args, message] of wrong) {
        it(`refuses ${what}`, () => assert.deepEqual(found(args), [message]));
    }

    it("watches as much as a service has by default", () => {
        const nodes = [{ name: "broker-1", instanceId: pulumi.output("i-1") }];
        const services = {
            neptune: { clusterIdentifier: "c" },
            opensearch: { domainName: "d" },
            pulsar: { clusterName: "p", nodes },
            sagemaker: { homeEfsFileSystemId: "fs" },
        };
        assert.deepEqual(observabilitySchema.parse({ alarmEmails: [], services }), {
            alarmEmails: [],
            services: {
                neptune: { clusterIdentifier: "c", serverless: true, readReplicas: 1 },
                opensearch: { domainName: "d", dataNodeCount: 3, dedicatedMasterCount: 3, volumeSizeGib: 64 },
                pulsar: { clusterName: "p", nodes },
                sagemaker: { homeEfsFileSystemId: "fs" },
                natGatewayIds: [],
            },
        });
    });

    it("takes tags of 1 to 128 characters", () => {
        const keys = (key: string) => found({ monthlyBudgetUsd: 1, budgetTag: { key, value: "v" } }).length;
        for (const key of ["a", "a".repeat(128), "a b"]) assert.equal(keys(key), 0, key);
        for (const key of ["", " a", "$", "a".repeat(129)]) assert.equal(keys(key), 1, key);
    });
});
