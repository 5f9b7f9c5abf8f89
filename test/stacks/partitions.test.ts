import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";

import { parseConfig } from "../../stacks/config";
import { foundation, isFoundation } from "../../stacks/foundation";
import { lab } from "../../stacks/lab";
import { values } from "../support/configs";
import { type Place, Recorder, settled } from "../support/mocks";

const PLACES: Readonly<Record<string, Place>> = {
    commercial: { partition: "aws", region: "eu-central-1", dnsSuffix: "amazonaws.com" },
    GovCloud: { partition: "aws-us-gov", region: "us-gov-west-1", dnsSuffix: "amazonaws.com" },
    China: { partition: "aws-cn", region: "cn-north-1", dnsSuffix: "amazonaws.com.cn" },
};
const AMI = {
    id: "ami-0123456789abcdef0",
    architecture: "x86_64",
    tags: { PulsarVersion: "4.0.7", Validated: "true" },
};
const DEPLOYMENT = { project: "pulsar-lab", stack: "dev", startedAt: "2026-01-31T09:30:05Z" };

/** Everything that a stack registers in a place, and its outputs. */
async function deploy(place: Place, overrides: Record<string, unknown>, preview: boolean) {
    const recorder = await Recorder.install(
        preview,
        {
            "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
            "aws:index/getPartition:getPartition": { partition: place.partition },
            "aws:ec2/getAmi:getAmi": AMI,
        },
        {},
        place,
    );
    const zones = ["a", "b", "c"].map((letter) => `${place.region}${letter}`);
    const network = overrides["pulsar-lab:network"] as object | undefined;
    const config = parseConfig({
        project: DEPLOYMENT.project,
        stack: DEPLOYMENT.stack,
        values: values({
            ...overrides,
            "aws:region": place.region,
            "pulsar-lab:network": { availabilityZones: zones, ...network },
        }),
    });
    const outputs: Record<string, pulumi.Input<unknown>> = isFoundation(config)
        ? foundation(config, DEPLOYMENT)
        : lab(config, DEPLOYMENT);
    await settled();
    return { recorder, outputs };
}

/** A lab with all services that the place has, and every interface endpoint that the lab knows. */
const LAB = {
    "pulsar-lab:pulsar": {
        mode: "create",
        pulsarVersion: "4.0.7",
        amiId: "ami-0123456789abcdef0",
        proxy: { count: 2 },
    },
    "pulsar-lab:opensearch": { mode: "create" },
    "pulsar-lab:sagemaker": {
        mode: "create",
        userProfiles: [{ name: "ann" }],
        packageSource: {
            kind: "codeArtifact",
            domain: "packages",
            repository: "python",
            domainOwner: "123456789012",
        },
    },
    "pulsar-lab:observability": { alarmEmails: ["team@example.com"] },
    "pulsar-lab:cost": { monthlyBudgetUsd: 500 },
    "pulsar-lab:network": {
        natGateways: "none",
        interfaceEndpoints: ["ec2", "ec2messages", "ecr.api", "ecr.dkr", "kms"],
    },
};
const NEPTUNE = {
    "pulsar-lab:neptune": {
        mode: "create",
        bulkLoad: { sources: [{ bucket: "graphs", prefix: "" }] },
    },
};

/** All texts in the inputs of the resources, those inside of JSON texts too. */
function textsOf(value: unknown): string[] {
    if (typeof value === "string") {
        if (!/^[[{]/.test(value)) return [value];
        try {
            return textsOf(JSON.parse(value));
        } catch {
            return [value];
        }
    }
    if (Array.isArray(value)) return value.flatMap(textsOf);
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

for (const [what, place] of Object.entries(PLACES))
    for (const preview of [false, true])
        describe(`A whole lab in ${what} (${preview ? "preview" : "update"})`, function () {
            this.timeout(60_000);
            const china = place.partition === "aws-cn";
            let recorder: Recorder;
            let texts: string[];

            before(async () => {
                ({ recorder } = await deploy(place, { ...LAB, ...(china ? {} : NEPTUNE) }, preview));
                texts = recorder.resources.flatMap(({ inputs }) => textsOf(inputs));
            });

            it("names everything by ARNs of its partition", () => {
                const arns = texts.flatMap((text) => text.match(/arn:aws[a-z-]*(?=:)/g) ?? []);
                assert.ok(preview || arns.length > 50, `${arns.length} ARNs`);
                assert.deepEqual(new Set(arns), new Set([`arn:${place.partition}`]));
            });

            it("names no other region", () => {
                const regions = texts.flatMap(
                    (text) =>
                        text.match(/\b(us-gov|us|eu|cn|ap)-(north|south|east|west|central)(west)?-\d/g) ?? [],
                );
                assert.deepEqual(new Set(regions), new Set([place.region]));
            });

            it("names services by the host names and principals of its partition", () => {
                const hosts = new Set(
                    texts.flatMap((text) => text.match(/[a-z0-9.-]+\.amazonaws\.com(\.cn)?/g) ?? []),
                );
                const universal = [...hosts].filter((host) => !host.includes(place.region));
                for (const host of hosts)
                    if (host.includes(place.region)) assert.ok(host.endsWith(`.${place.dnsSuffix}`), host);
                // These have one principal in all partitions.
                assert.deepEqual(
                    universal.filter(
                        (host) =>
                            ![
                                "budgets",
                                "cloudwatch",
                                "codeartifact",
                                "ec2",
                                "es",
                                "opensearchservice",
                                "rds",
                                "sagemaker",
                                "vpc-flow-logs",
                            ].some((service) => host === `${service}.amazonaws.com`),
                    ),
                    [],
                );
                assert.ok(hosts.has(`logs.${place.region}.${place.dnsSuffix}`));
            });

            it("asks for its endpoints by the names that the region has", () => {
                const names = recorder
                    .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
                    .map(({ inputs }) => inputs.serviceName as string);
                assert.ok(names.length >= 14, names.join(", "));
                const apart = [
                    "ec2",
                    "ecr.api",
                    "ecr.dkr",
                    "monitoring",
                    "sagemaker.api",
                    "sagemaker.runtime",
                    "sts",
                ];
                for (const name of names) {
                    const service = name.slice(name.indexOf(`${place.region}.`) + place.region.length + 1);
                    const prefix = china && apart.includes(service) ? "cn.com.amazonaws" : "com.amazonaws";
                    assert.equal(name, `${prefix}.${place.region}.${service}`);
                }
            });
        });

describe("Neptune in China", () => {
    it("is refused before anything is made: it publishes no audit log there", async () => {
        await assert.rejects(
            deploy(PLACES.China!, { ...LAB, ...NEPTUNE }, false),
            /pulsar-lab:neptune\.mode: "create" is not allowed: adopt or off in cn-north-1: in China Neptune publishes no audit log/,
        );
    });
});

for (const [what, place] of Object.entries(PLACES))
    it(`A foundation in ${what} names everything of its partition`, async () => {
        const { recorder } = await deploy(place, { "pulsar-lab:composition": "foundation" }, false);
        const texts = recorder.resources.flatMap(({ inputs }) => textsOf(inputs));
        const arns = texts.flatMap((text) => text.match(/arn:aws[a-z-]*(?=:)/g) ?? []);
        assert.deepEqual(new Set(arns), new Set([`arn:${place.partition}`]));
        assert.ok(texts.includes(`logs.${place.region}.${place.dnsSuffix}`));
    });
