import * as assert from "node:assert/strict";
import { recording, VpcProgram } from "./support";

/** Bringing engine and Python environment for the first time takes minutes; a deployment takes seconds. */
const START_MS = 600_000;
const DEPLOY_MS = 120_000;

describe("sandbox/providers/awsx on the engine", () => {
    let program: VpcProgram;

    before(async function () {
        this.timeout(START_MS);
        program = await VpcProgram.start();
    });

    after(async function () {
        this.timeout(DEPLOY_MS);
        await program.stop();
    });

    afterEach(async function () {
        this.timeout(DEPLOY_MS);
        const { code, text } = await program.run({}, "destroy", "--yes", "--skip-preview");
        assert.equal(code, 0, text);
        assert.deepEqual(await program.sandbox.resources(), []);
    });

    for (const name of ["standard-layout", "explicit-ranges"]) {
        it(`registers and answers what the official component does: ${name}`, async function () {
            this.timeout(DEPLOY_MS);
            const { args, ...official } = recording(name);
            const graph = await program.graph(args);
            assert.deepEqual(
                graph.resources.map(({ type, name: resource }) => `${type}::${resource}`),
                official.resources.map(({ type, name: resource }) => `${type}::${resource}`),
            );
            for (const [index, resource] of official.resources.entries()) {
                assert.deepEqual(graph.resources[index], resource);
            }
            assert.deepEqual(graph.outputs, official.outputs);
            const unchanged = await program.run(args, "preview", "--expect-no-changes");
            assert.equal(unchanged.code, 0, unchanged.text);
        });
    }

    it("previews without creating anything, and adds a zone to explicit ranges without touching the others", async function () {
        this.timeout(2 * DEPLOY_MS);
        const { args } = recording("explicit-ranges");
        const writes = await program.sandbox.writesDuring(async () => {
            const preview = await program.run(args, "preview");
            assert.equal(preview.code, 0, preview.text);
        });
        assert.deepEqual(writes, []);
        const two = await program.graph(args);

        const third = ["10.20.2.0/24", "10.20.48.0/20", "10.20.10.0/24"];
        const specs = args.subnetSpecs as { cidrBlocks: string[] }[];
        const grown = {
            ...args,
            availabilityZoneNames: ["us-east-1a", "us-east-1b", "us-east-1c"],
            subnetSpecs: specs.map((spec, index) => ({
                ...spec,
                cidrBlocks: [...spec.cidrBlocks, third[index]],
            })),
        };
        const previewed = await program.run(grown, "preview", "--json");
        const { changeSummary } = JSON.parse(previewed.text.slice(previewed.text.indexOf("{"))) as {
            changeSummary: Record<string, number>;
        };
        // Three subnets, each with its table and association, and the public one's route.
        assert.deepEqual(Object.keys(changeSummary).sort(), ["create", "same"]);
        assert.equal(changeSummary.create, 10);
        const three = await program.graph(grown);
        for (const resource of two.resources) {
            assert.ok(
                three.resources.some((other) => JSON.stringify(other) === JSON.stringify(resource)),
                resource.name,
            );
        }
        assert.equal(three.resources.length, two.resources.length + 10);
    });

    for (const [what, args, message] of [
        [
            "an argument that it does not do",
            { assignGeneratedIpv6CidrBlock: true },
            /\[assignGeneratedIpv6CidrBlock\] is not done/,
        ],
        [
            "ranges that are not as many as the zones",
            {
                availabilityZoneNames: ["us-east-1a", "us-east-1b"],
                subnetStrategy: "Auto",
                natGateways: { strategy: "None" },
                subnetSpecs: [{ type: "Public", cidrBlocks: ["10.0.0.0/24"] }],
            },
            /\[subnetSpecs\[0\]\.cidrBlocks\] has 1 ranges for 2 availability zones/,
        ],
    ] as const) {
        it(`refuses ${what} at preview, as the official one says it`, async function () {
            this.timeout(DEPLOY_MS);
            const { code, text } = await program.run(args, "preview");
            assert.notEqual(code, 0);
            assert.match(text, /awsx:ec2:Vpc resource 'net' has a problem: /);
            assert.match(text, message);
        });
    }
});
