import {
    CreateTagsCommand,
    DeleteNetworkAclCommand,
    DescribeNetworkAclsCommand,
    DescribeVpcsCommand,
    type NetworkAcl,
} from "@aws-sdk/client-ec2";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import type { Finding } from "../../../checks/messages";
import { type BreakableNetwork, FAULTS } from "../../../sandbox/faults";
import { Deployment, type Outputs } from "./deployment";

/** A row of the catalogue, which place of several, and the one write that mends it. */
type Injection = readonly [row: number, write: string, index?: number];

/**
 * Several faults at once, none of which hides or mends another: what a deployment costs here is an update of the engine, whatever
 * the number of faults. Row 17 needs a network without NAT: AWS detaches no gateway while a NAT gateway's address is mapped through it.
 */
const BATCHES: readonly { natGateways: "single" | "none"; faults: readonly Injection[] }[] = [
    {
        natGateways: "single",
        faults: [
            [1, "ModifyVpcAttribute"],
            [2, "ModifyVpcAttribute"],
            [7, "AssociateRouteTable"],
            [9, "CreateRoute", 1],
            [13, "CreateRoute"],
            [24, "ReplaceNetworkAclAssociation", 1],
            [29, "RevokeSecurityGroupIngress"],
            [35, "ModifyVpcEndpoint"],
        ],
    },
    {
        natGateways: "single",
        faults: [
            [10, "ReplaceRoute"],
            [12, "ReplaceRoute", 1],
            [26, "AuthorizeSecurityGroupEgress"],
            // Before the endpoint loses the group whose rules it takes away.
            [34, "AuthorizeSecurityGroupIngress"],
            [27, "ModifyVpcEndpoint"],
            [32, "ModifyVpcEndpoint"],
            [37, "ModifyVpcEndpoint"],
            [38, "AuthorizeSecurityGroupEgress"],
        ],
    },
    { natGateways: "none", faults: [[17, "AttachInternetGateway"]] },
];

/** Entries of network ACLs, which are only mended by leave. */
const PROPOSED: readonly (readonly [...Injection, message: string])[] = [
    [20, "CreateNetworkAclEntry", 0, "NACL_DENIES"],
    [21, "DeleteNetworkAclEntry", 0, "NACL_DENIES_RETURN"],
    [23, "DeleteNetworkAclEntry", 0, "NACL_DENY_SHADOWS_ALLOW"],
];

/** The values in a value, however deep they are. */
function leaves(value: unknown): unknown[] {
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

/** What the checks must find: that code, about all of those ids. */
interface Expected {
    readonly row: number;
    readonly code: string;
    readonly ids: readonly string[];
}

describe("faults behind Pulumi's back", function () {
    this.timeout(300_000);
    let deployment: Deployment;
    before(async () => {
        deployment = await Deployment.start();
    });
    after(() => deployment.stop());

    /** What `action` gives, and the calls during it that changed something. */
    const watch = async <T>(action: () => Promise<T>): Promise<[T, string[]]> => {
        const results: T[] = [];
        const writes = await deployment.sandbox.writesDuring(async () => results.push(await action()));
        return [results[0] as T, writes.map((call) => call.action)];
    };

    const inject = async (network: BreakableNetwork, faults: readonly Injection[]): Promise<Expected[]> => {
        const expected: Expected[] = [];
        for (const [row, , index = 0] of faults) {
            const fault = FAULTS[row];
            assert.ok(fault, `row ${row}`);
            expected.push({ row, code: fault.code, ids: await fault.inject({ ...network, index }) });
        }
        return expected;
    };

    const about = ({ component, args }: Finding) => [component, ...leaves(args)];
    const isOf = (one: Finding, { code, ids }: Expected) =>
        one.code === code && ids.every((id) => about(one).includes(id));

    /** Each fault is one finding, and there is none besides. */
    const assertFound = async (stack: string, expected: readonly Expected[]): Promise<void> => {
        const findings = await deployment.findings(stack);
        const seen = JSON.stringify(findings, undefined, 2);
        for (const one of expected)
            assert.ok(
                findings.some((candidate) => isOf(candidate, one)),
                `row ${one.row} is not found: ${seen}`,
            );
        for (const one of findings)
            assert.ok(
                expected.some((candidate) => isOf(one, candidate)),
                `${one.id} is too much: ${seen}`,
            );
        assert.equal(findings.length, expected.length, seen);
    };

    const healthyWith = async (stack: string, writes: readonly string[]): Promise<Outputs> => {
        const [{ code, text }, made] = await watch(() => deployment.up(stack));
        assert.equal(code, 0, text);
        assert.deepEqual(made.sort(), [...writes].sort(), text);
        const outputs = await deployment.outputs(stack);
        assert.equal(outputs.connectivityHealthy, true);
        return outputs;
    };

    for (const natGateways of ["single", "none"] as const) {
        describe(`in a network with natGateways: ${natGateways}`, () => {
            const stack = `faults-${natGateways}`;
            const configure = (checks: Record<string, unknown>) =>
                deployment.configure(stack, {
                    composition: "foundation",
                    network: { natGateways },
                    checks: { everyUpdate: true, ...checks },
                });
            const network = async () => ({
                ec2: deployment.ec2,
                vpcId: (await deployment.outputs(stack)).vpcId,
            });
            const acls = async ({ ec2, vpcId }: BreakableNetwork): Promise<NetworkAcl[]> => {
                const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
                return (await ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls ?? [];
            };

            before(async () => {
                await configure({ mode: "fix" });
                const { code, text } = await deployment.up(stack);
                assert.equal(code, 0, text);
            });
            after(async () => {
                // Those that row 24 made are nobody's, as they would be in AWS.
                const { ec2, vpcId } = await network();
                for (const { NetworkAclId, IsDefault } of await acls({ ec2, vpcId }))
                    if (IsDefault !== true) await ec2.send(new DeleteNetworkAclCommand({ NetworkAclId }));
                const { code, text } = await deployment.pulumi("destroy", "--yes", "--stack", stack);
                assert.equal(code, 0, text);
                assert.deepEqual(await deployment.sandbox.resources(), []);
            });

            for (const { faults } of BATCHES.filter((batch) => batch.natGateways === natGateways)) {
                const rows = faults.map(([row]) => row).join(", ");
                it(`rows ${rows}: each reported without a write, then mended by one write, then healthy`, async () => {
                    const expected = await inject(await network(), faults);

                    // A check that fails the deployment keeps the later ones from being run.
                    await configure({ mode: "validate", onFailure: "warn" });
                    const [report, reportWrites] = await watch(() => deployment.up(stack));
                    assert.equal(report.code, 0, report.text);
                    assert.deepEqual(reportWrites, []);
                    await assertFound(stack, expected);
                    for (const id of expected.flatMap(({ ids }) => ids))
                        assert.ok(report.text.includes(id), `${id} is not named:\n${report.text}`);

                    const broken = await deployment.outputs(stack);
                    assert.equal(broken.connectivityHealthy, false);
                    await configure({ mode: "fix" });
                    const repaired = await healthyWith(
                        stack,
                        faults.map(([, write]) => write),
                    );
                    // What a repair made and Pulumi does not know of stays recorded until it is undone.
                    const recorded = repaired.connectivityRepairs.filter(
                        (done) => !broken.connectivityRepairs.some((known) => isDeepStrictEqual(known, done)),
                    );
                    assert.equal(recorded.length, faults.length);

                    await healthyWith(stack, []);
                });
            }

            if (natGateways === "single")
                it(`rows ${PROPOSED.map(([row]) => row).join(", ")}: proposed, and made only by leave`, async () => {
                    const { ec2, vpcId } = await network();
                    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
                    const [own] = await acls({ ec2, vpcId }).then((all) =>
                        all.filter((one) => one.IsDefault),
                    );
                    const id = own?.NetworkAclId ?? "";
                    const faults = PROPOSED.map(([row, write, index]) => [row, write, index] as const);
                    const expected = await inject({ ec2, vpcId }, faults);

                    // The VPC's own ACL carries no tags of ours: whatever is allowed, it is somebody else's.
                    const allowedRepairs = PROPOSED.map(([, , , message]) => message);
                    await configure({ mode: "fix-proposed", allowedRepairs });
                    const [foreign, foreignWrites] = await watch(() => deployment.up(stack));
                    assert.notEqual(foreign.code, 0, foreign.text);
                    assert.match(foreign.text, /does not carry the tags/);
                    assert.deepEqual(foreignWrites, []);

                    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: Vpcs?.[0]?.Tags }));
                    await configure({ mode: "fix" });
                    const [report, writes] = await watch(() => deployment.up(stack));
                    assert.notEqual(report.code, 0, report.text);
                    assert.deepEqual(writes, []);
                    await assertFound(stack, expected);
                    for (const message of allowedRepairs)
                        assert.match(
                            report.text,
                            new RegExp(`Proposed: .*${message} in checks.allowedRepairs`),
                        );

                    await configure({ mode: "fix-proposed", allowedRepairs });
                    await healthyWith(
                        stack,
                        PROPOSED.map(([, write]) => write),
                    );
                    await healthyWith(stack, []);
                });

            if (natGateways === "single")
                it("row 36: the declared policy is proposed, and put back only by leave", async () => {
                    const message = "ENDPOINT_POLICY_DENIES";
                    const expected = await inject(await network(), [[36, "ModifyVpcEndpoint"]]);

                    await configure({ mode: "fix" });
                    const [report, writes] = await watch(() => deployment.up(stack));
                    assert.notEqual(report.code, 0, report.text);
                    assert.deepEqual(writes, []);
                    await assertFound(stack, expected);
                    assert.match(
                        report.text,
                        new RegExp(`Proposed: ModifyVpcEndpoint .*"Effect":"Allow".*${message}`),
                    );

                    await configure({ mode: "fix-proposed", allowedRepairs: [message] });
                    await healthyWith(stack, ["ModifyVpcEndpoint"]);
                    await healthyWith(stack, []);
                });

            it("converges with a refresh after all the repairs", async () => {
                const refresh = await deployment.pulumi("refresh", "--yes", "--stack", stack);
                assert.equal(refresh.code, 0, refresh.text);
                await healthyWith(stack, []);
            });
        });
    }

    describe("in a lab whose Studio uses a graph database", () => {
        const stack = "faults-services";
        const configure = (checks: Record<string, unknown>) =>
            deployment.configure(stack, {
                composition: "lab",
                others: {
                    protectData: false,
                    neptune: {
                        mode: "create",
                        readReplicas: 0,
                        serverlessCapacity: { minNcu: 1, maxNcu: 2.5 },
                    },
                    sagemaker: { mode: "create", userProfiles: [], homeRetention: "Delete" },
                },
                checks: { everyUpdate: true, ...checks },
            });
        const FAULTS_OF_SERVICES: readonly Injection[] = [
            [25, "AuthorizeSecurityGroupIngress"],
            [49, "UpdateDomain"],
        ];

        before(async () => {
            await configure({ mode: "fix" });
            const { code, text } = await deployment.up(stack);
            assert.equal(code, 0, text);
        });

        after(async () => {
            const { code, text } = await deployment.pulumi("destroy", "--yes", "--stack", stack);
            assert.equal(code, 0, text);
            assert.deepEqual(await deployment.sandbox.resources(), []);
        });

        it("rows 25, 49: each reported without a write; the rule mended, the domain only by leave", async () => {
            const { vpcId } = await deployment.outputs(stack);
            const sageMaker = new SageMakerClient(deployment.sandbox.clientSettings());
            const expected = await inject({ ec2: deployment.ec2, sageMaker, vpcId }, FAULTS_OF_SERVICES);

            await configure({ mode: "validate", onFailure: "warn" });
            const [report, reportWrites] = await watch(() => deployment.up(stack));
            assert.equal(report.code, 0, report.text);
            assert.deepEqual(reportWrites, []);
            await assertFound(stack, expected);

            await configure({ mode: "fix", onFailure: "warn" });
            const [fixed, fixWrites] = await watch(() => deployment.up(stack));
            assert.deepEqual(fixWrites, ["AuthorizeSecurityGroupIngress"], fixed.text);
            await assertFound(
                stack,
                expected.filter(({ row }) => row === 49),
            );

            await configure({ mode: "fix-proposed", allowedRepairs: ["STUDIO_NOT_PRIVATE"] });
            await healthyWith(stack, ["UpdateDomain"]);
            await healthyWith(stack, []);
        });
    });
});
