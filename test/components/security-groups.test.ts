import assert from "node:assert/strict";
import fc from "fast-check";

import { flowId } from "../../checks/flow";
import { planFlows, type PlannedFlow } from "../../components/flows";
import { securityGroupProblems, SecurityGroups } from "../../components/security-groups";
import { Recorder, type Registered, settled, valueOf } from "../support/mocks";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const TAGS = { Project: "p", Owner: "me" };
const PLAN = planFlows({
    roles: ["zookeeper", "broker", "neptune", "sagemaker"],
    httpsEgress: ["sagemaker"],
    userProfiles: ["ann"],
});
const ARGS = { vpcId: "vpc-1", ...PLAN, prefixListIds: { s3: "pl-s3" }, tags: TAGS };

/** What a rule admits, from which end it is seen. */
const admitted = ({ inputs }: Registered): string => {
    const { type, securityGroupId, sourceSecurityGroupId, self, cidrBlocks, prefixListIds } = inputs;
    const peer = self
        ? securityGroupId
        : (sourceSecurityGroupId ?? (cidrBlocks as string[])?.[0] ?? (prefixListIds as string[])?.[0]);
    return `${String(type)} ${String(securityGroupId)} ${String(peer)} ${String(inputs.protocol)} ${String(inputs.fromPort)}-${String(inputs.toPort)}`;
};

/** The two rules, or the one, that a flow stands for. */
const rulesOf = ({ from, to, ports }: PlannedFlow): string[] => {
    const range = `tcp ${ports.from}-${ports.to}`;
    const id = (key: string) => `lab-${key}_id`;
    if ("service" in to)
        return [`egress ${id(from)} ${to.service === "internet" ? "0.0.0.0/0" : "pl-s3"} ${range}`];
    return [`egress ${id(from)} ${id(to.group)} ${range}`, `ingress ${id(to.group)} ${id(from)} ${range}`];
};

for (const preview of [false, true]) {
    describe(`SecurityGroups (${preview ? "preview" : "update"})`, () => {
        it("makes a described, tagged group for each of the plan, without rules inside", async () => {
            const recorder = await Recorder.install(preview);
            new SecurityGroups("lab", ARGS);
            await settled();
            assert.deepEqual(
                recorder.ofType(GROUP).map(({ name, inputs }) => [name, inputs]),
                PLAN.groups.map(({ key, role, description }) => [
                    `lab-${key}`,
                    {
                        vpcId: "vpc-1",
                        description,
                        tags: {
                            ...TAGS,
                            Component: role === "endpoints" ? "network" : role,
                            Name: `lab-${key}`,
                        },
                    },
                ]),
            );
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new SecurityGroups("one", ARGS);
            new SecurityGroups("two", ARGS);
            await settled();
            assert.equal(new Set(recorder.names()).size, recorder.resources.length);
        });
    });
}

describe("SecurityGroups rules", () => {
    it("are the flows, and nothing else, for any plan", async function () {
        this.timeout(60_000);
        await fc.assert(
            fc.asyncProperty(
                fc.subarray([
                    "zookeeper",
                    "bookkeeper",
                    "broker",
                    "client",
                    "proxy",
                    "neptune",
                    "opensearch",
                    "sagemaker",
                    "monitoring",
                ] as const),
                fc.subarray(["sagemaker", "client"] as const),
                fc.subarray(["ann", "bob"]),
                fc.boolean(),
                async (roles, httpsEgress, userProfiles, nat) => {
                    const plan = planFlows({ roles, httpsEgress, userProfiles, nat });
                    const recorder = await Recorder.install();
                    new SecurityGroups("lab", { ...ARGS, ...plan });
                    await settled();
                    const made = recorder.ofType(RULE).map(admitted).sort();
                    assert.deepEqual(made, plan.flows.flatMap(rulesOf).sort());
                },
            ),
            { numRuns: 20 },
        );
    });

    it("admit no address but the internet's on HTTPS, outwards, and are all described", async () => {
        const recorder = await Recorder.install();
        new SecurityGroups("lab", ARGS);
        await settled();
        for (const { name, inputs } of recorder.ofType(RULE)) {
            assert.ok(inputs.description, name);
            if (inputs.cidrBlocks === undefined) continue;
            assert.deepEqual(
                [inputs.type, inputs.cidrBlocks, inputs.fromPort, inputs.toPort],
                ["egress", ["0.0.0.0/0"], 443, 443],
            );
        }
    });

    it("refer to their own group as self", async () => {
        const recorder = await Recorder.install();
        new SecurityGroups("lab", ARGS);
        await settled();
        assert.deepEqual(recorder.get(RULE, "lab-sagemaker-ann-from-sagemaker-ann-8192-65535").inputs, {
            type: "ingress",
            securityGroupId: "lab-sagemaker-ann_id",
            self: true,
            protocol: "tcp",
            fromPort: 8192,
            toPort: 65_535,
            description: "Studio applications to their kernels",
        });
    });

    it("are put into an existing group only where that is allowed", async () => {
        const recorder = await Recorder.install();
        const groups = new SecurityGroups("lab", {
            ...ARGS,
            existing: {
                neptune: { groupId: "sg-theirs" },
                endpoints: { groupId: "sg-shared", addRules: true },
            },
        });
        await settled();
        const changed = recorder.ofType(RULE).map(({ inputs }) => inputs.securityGroupId);
        assert.ok(!changed.includes("sg-theirs"));
        assert.ok(changed.includes("sg-shared"));
        assert.equal(
            recorder.get(RULE, "lab-sagemaker-to-neptune-8182").inputs.sourceSecurityGroupId,
            "sg-theirs",
        );
        assert.ok(groups.ids.neptune);
        assert.equal(await valueOf(groups.ids.neptune), "sg-theirs");
        assert.ok(!recorder.names().includes(`${GROUP} lab-neptune`));
    });

    it("tell the checks what they admit", async () => {
        await Recorder.install();
        const flows = await valueOf(new SecurityGroups("lab", ARGS).flows);
        assert.equal(flows.length, PLAN.flows.length);
        assert.deepEqual(flows[0], {
            from: "zookeeper",
            to: "zookeeper",
            sourceGroupId: "lab-zookeeper_id",
            destination: { securityGroupId: "lab-zookeeper_id" },
            protocol: "tcp",
            ports: { from: 2888, to: 2888 },
            description: "Pulsar: followers to the leader",
        });
        assert.deepEqual(flows.find((one) => flowId(one) === "sagemaker to internet tcp 443")?.destination, {
            service: "internet",
        });
    });

    it("are refused when an end of a flow is not there", () => {
        const groups = PLAN.groups.filter(({ key }) => key !== "neptune");
        const index = PLAN.flows.findIndex(({ id }) => id === "sagemaker to neptune tcp 8182");
        assert.deepEqual(
            securityGroupProblems({ ...ARGS, groups }).map(({ key, value, allowed }) => [
                key,
                value,
                allowed,
            ])[0],
            [
                `flows[${index}]`,
                "sagemaker to neptune tcp 8182",
                "flows between groups of the plan; there is no neptune",
            ],
        );
        assert.deepEqual(
            securityGroupProblems({ ...ARGS, prefixListIds: {} }).map(({ key }) => key)[0],
            "prefixListIds.s3",
        );
        assert.deepEqual(
            securityGroupProblems({ ...ARGS, groups: [...PLAN.groups, PLAN.groups[0]!] }).map(
                ({ key }) => key,
            ),
            [`groups[${PLAN.groups.length}]`],
        );
    });
});
