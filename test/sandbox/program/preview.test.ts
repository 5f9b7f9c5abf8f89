import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";

import { Deployment } from "./deployment";
import { factsOf, judge, RULES, tell } from "./rules";
import type { PlannedResource, StackFacts } from "./rules/resource";

/** The services of a lab, each with the type that is there exactly when the lab has it. */
const SERVICES = {
    pulsar: "aws:ec2/instance:Instance",
    neptune: "aws:neptune/cluster:Cluster",
    opensearch: "aws:opensearch/domain:Domain",
    sagemaker: "aws:sagemaker/domain:Domain",
} as const;
type Service = keyof typeof SERVICES;
const NAMES = Object.keys(SERVICES) as Service[];

/** Each way to have some of the services and not the others: 2^4. */
const COMBINATIONS = Array.from({ length: 2 ** NAMES.length }, (_, bits) =>
    NAMES.filter((_, index) => (bits >> index) % 2 === 1),
);

/**
 * What only a stack that is there can be judged by: policies that name what does not exist yet. Everything else that a rule asks
 * about has to be known in a preview.
 */
const UNKNOWN_IN_A_PREVIEW = new Set([
    "aws:iam/rolePolicy:RolePolicy policy",
    "aws:opensearch/domain:Domain accessPolicies",
    "aws:sns/topicPolicy:TopicPolicy policy",
]);

/** Rules about what no stack of this program has; their fixtures show that they would see it. */
const ABOUT_NOTHING_HERE: readonly string[] = [];

/** Fails on what breaks a rule, and on what is unknown and need not be. */
function assertHolds(resources: readonly PlannedResource[], of: StackFacts): void {
    const verdicts = judge(resources, of);
    const surprises = verdicts.filter(
        ({ kind, type, property }) =>
            kind === "violation" || !UNKNOWN_IN_A_PREVIEW.has(`${type} ${property}`),
    );
    assert.deepEqual(tell(surprises), []);
}

describe("what a preview plans", function () {
    this.timeout(300_000);
    let deployment: Deployment;
    before(async () => {
        deployment = await Deployment.start();
    });
    after(() => deployment.stop());

    for (const [stack, protectsData] of [
        ["dev", false],
        ["lab", true],
    ] as const) {
        it(`holds to every rule in ${stack}`, async () => {
            const resources = await deployment.preview(stack);
            for (const type of Object.values(SERVICES))
                assert.ok(
                    resources.some((resource) => resource.type === type),
                    `no ${type}`,
                );
            assertHolds(resources, factsOf(stack, protectsData));

            const idle = RULES.filter(({ concerns }) => !resources.some(({ type }) => concerns(type)));
            assert.deepEqual(
                idle.map(({ name }) => name),
                ABOUT_NOTHING_HERE,
                "a rule that looks at nothing holds for nothing",
            );
        });
    }

    describe("of a lab", () => {
        const stack = "combination";
        before(async () => {
            await deployment.configure(stack);
        });

        for (const on of COMBINATIONS) {
            it(`holds to every rule with ${on.length === 0 ? "no service" : on.join(", ")}`, async () => {
                await configureFrom("lab", on);
                const resources = await deployment.preview(stack);
                assertHolds(resources, factsOf(stack, true));
                for (const service of NAMES)
                    assert.equal(
                        resources.some(({ type }) => type === SERVICES[service]),
                        on.includes(service),
                        `${service} is ${on.includes(service) ? "missing" : "there"}`,
                    );
            });
        }

        /** The configuration of `of`, of whose services only some are on. */
        const configureFrom = async (of: string, on: readonly Service[]): Promise<void> => {
            const file = (name: string) => path.join(deployment.sandbox.projectDir, `Pulumi.${name}.yaml`);
            const { config } = parse(await readFile(file(of), "utf8")) as { config: Record<string, unknown> };
            const off = NAMES.filter((service) => !on.includes(service)).map(
                (service) => [`pulsar-lab:${service}`, { mode: "off" }] as const,
            );
            await writeFile(file(stack), stringify({ config: { ...config, ...Object.fromEntries(off) } }));
        };
    });

    describe("lab, deployed", () => {
        it("holds to every rule once nothing is unknown any more", async () => {
            const { code, text } = await deployment.up("lab");
            assert.equal(code, 0, text);
            assert.deepEqual(tell(judge(await deployment.resources("lab"), factsOf("lab", true))), []);
        });

        it("refuses to be destroyed while its data is protected, and loses nothing", async () => {
            // By the rules all data stores are. One is enough to see what becomes of it: the engine takes minutes to refuse them all.
            const store = (await deployment.resources("lab")).find(
                ({ type }) => type === SERVICES.opensearch,
            );
            assert.ok(store);
            const writes = await deployment.sandbox.writesDuring(async () => {
                const destroy = ["destroy", "--yes", "--stack", "lab", "--target", store.urn];
                const { code, text } = await deployment.pulumi(...destroy);
                assert.notEqual(code, 0, text);
                assert.match(text, /cannot be deleted\s+because it is protected/);
            });
            assert.deepEqual(writes, []);
        });

        it("leaves nothing behind once its protection is taken away", async () => {
            const set = await deployment.pulumi("config", "set", "protectData", "false", "--stack", "lab");
            assert.equal(set.code, 0, set.text);
            const up = await deployment.up("lab");
            assert.equal(up.code, 0, up.text);
            assert.deepEqual(tell(judge(await deployment.resources("lab"), factsOf("lab", false))), []);
            const destroy = await deployment.pulumi("destroy", "--yes", "--skip-preview", "--stack", "lab");
            assert.equal(destroy.code, 0, destroy.text);
            assert.deepEqual(await deployment.sandbox.resources(), []);
        });
    });
});
