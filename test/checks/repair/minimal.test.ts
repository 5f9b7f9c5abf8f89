import assert from "node:assert/strict";

import fc from "fast-check";

import { Deadline } from "../../../lib/clock";
import { Ec2 } from "../../../lib/aws/ec2";
import { Studio } from "../../../lib/aws/studio";
import { analyzeStage } from "../../../checks/diagnose/stages";
import { type Finding, findingKey, STAGES } from "../../../checks/messages";
import type { ObservedNetwork } from "../../../checks/observations";
import { applyEdit, describeEdit, type Edit, editCost } from "../../../checks/repair/edits";
import { refusal } from "../../../checks/repair/gate";
import { type PlannedEdit, planProposals, planRepairs } from "../../../checks/repair/plan";
import { takeSnapshot } from "../../../checks/snapshot/take";
import { FakeClock } from "../../support/fake-clock";
import { FakeEc2 } from "../support/fake-ec2";
import { FakeStudio } from "../support/fake-studio";
import { allFaults, type Fault } from "../support/faults";
import { DEV, id, LAB, type NetworkOptions, soundNetwork } from "../support/network";

/** Plans are minimal: without any one of its edits something of what the plan mends stays, and nothing cheaper mends it. */

const NETWORKS: readonly NetworkOptions[] = [LAB, { ...DEV, roles: true, ownNetworkAcl: true }];
const { intent } = soundNetwork(LAB);

function networkWith(options: NetworkOptions, faults: readonly Fault[]): FakeEc2 {
    const ec2 = new FakeEc2(soundNetwork(options).snapshot);
    ec2.pageSize = 1000;
    for (const fault of faults) fault.inject(ec2);
    return ec2;
}

function servicesOf(ec2: FakeEc2) {
    const clock = new FakeClock();
    const deadline = new Deadline(clock, 600);
    return {
        ec2: new Ec2(ec2.client, deadline),
        studio: new Studio(new FakeStudio(ec2).client, deadline),
    };
}

async function look(ec2: FakeEc2): Promise<ObservedNetwork> {
    const snapshot = await takeSnapshot(servicesOf(ec2).ec2, intent.region, intent.vpcId);
    return { ...snapshot, observations: structuredClone(ec2.observations) };
}

interface Judged {
    seen: ObservedNetwork;
    findings: Finding[];
    plan: PlannedEdit[];
}

/** What all stages find, and what they would do about it if everything were allowed. */
async function judge(ec2: FakeEc2, options: NetworkOptions): Promise<Judged> {
    const { intent: declared } = soundNetwork(options);
    const seen = await look(ec2);
    const findings: Finding[] = [];
    const plan = new Map<string, PlannedEdit>();
    for (const stage of STAGES) {
        const earlier = [...findings];
        const part = analyzeStage(stage, seen, declared, ec2.observations, earlier);
        const own = part.findings.filter((one) => !part.borrowed?.includes(one));
        findings.push(...own);
        for (const [permit, planned] of [
            ["automatic", planRepairs(own)],
            ["proposed", planProposals(own)],
        ] as const)
            for (const one of planned)
                if (refusal(one.edit, declared, seen, permit) === undefined) {
                    const known = plan.get(JSON.stringify(one.edit));
                    if (known === undefined) plan.set(JSON.stringify(one.edit), one);
                    else known.cures.push(...one.cures);
                }
    }
    return { seen, findings, plan: [...plan.values()] };
}

async function findingsAfter(
    options: NetworkOptions,
    faults: readonly Fault[],
    edits: readonly Edit[],
): Promise<Set<string>> {
    const ec2 = networkWith(options, faults);
    const services = servicesOf(ec2);
    for (const edit of edits) await applyEdit(edit, services);
    const { findings } = await judge(ec2, options);
    return new Set(findings.map(findingKey));
}

/** Leaves out each edit of the plan in turn. */
async function assertMinimal(options: NetworkOptions, faults: readonly Fault[]): Promise<void> {
    const { plan } = await judge(networkWith(options, faults), options);
    const edits = plan.map(({ edit }) => edit);
    const all = await findingsAfter(options, faults, edits);
    for (const { edit, cures } of plan) {
        const about = `${faults.map(({ row, slot }) => `${row} ${slot}`).join(", ")}: ${describeEdit(edit)}`;
        const keys = cures.map(findingKey);
        assert.ok(!keys.some((key) => all.has(key)), `mended by the plan: ${about}`);
        const without = await findingsAfter(
            options,
            faults,
            edits.filter((other) => other !== edit),
        );
        assert.ok(
            keys.every((key) => without.has(key)),
            `mended without it: ${about}`,
        );
    }
}

/** The first and the last place of each row that an edit can mend. */
function places(options: NetworkOptions): Fault[] {
    const faults = allFaults(soundNetwork(options).intent).filter(
        (fault) => fault.automatic || fault.proposed === true,
    );
    return [...new Set(faults.map(({ row }) => row))].flatMap((row) => {
        const own = faults.filter((fault) => fault.row === row);
        return [...new Set([own[0], own.at(-1)])].flatMap((fault) => fault ?? []);
    });
}

describe("plans", function () {
    this.timeout(300_000);

    for (const [index, options] of NETWORKS.entries())
        it(`lack nothing and have nothing to spare, for each row, in network ${index + 1}`, async () => {
            for (const fault of places(options)) {
                const { plan } = await judge(networkWith(options, [fault]), options);
                assert.ok(plan.length > 0, `row ${fault.row} has a plan`);
                await assertMinimal(options, [fault]);
            }
        });

    it("lack nothing and have nothing to spare where several things are broken", async () => {
        const able = allFaults(intent).filter((fault) => fault.automatic || fault.proposed === true);
        const some = fc.uniqueArray(fc.constantFrom(...able), {
            minLength: 2,
            maxLength: 3,
            selector: (fault) => fault.slot,
        });
        await fc.assert(
            fc.asyncProperty(some, (chosen) => assertMinimal(LAB, chosen)),
            { numRuns: 15, seed: 20260101 },
        );
    });

    it("are the cheapest of all edits that the gate would admit", async () => {
        const faults = places(LAB);
        // What is planned for any fault of the network is what a planner could come up with.
        const universe = new Map<string, Edit>();
        for (const fault of faults)
            for (const { edit } of (await judge(networkWith(LAB, [fault]), LAB)).plan)
                universe.set(JSON.stringify(edit), edit);
        assert.ok(universe.size > 30);
        let tried = 0;
        for (const fault of faults) {
            const { seen, plan } = await judge(networkWith(LAB, [fault]), LAB);
            const cost = plan.reduce((sum, { edit }) => sum + editCost(edit), 0);
            const keys = plan.flatMap(({ cures }) => cures).map(findingKey);
            const cheaper = [...universe.values()].filter(
                (edit) => editCost(edit) < cost && refusal(edit, intent, seen, "proposed") === undefined,
            );
            for (const edit of cheaper) {
                const left = await findingsAfter(LAB, [fault], [edit]).catch(() => undefined);
                // What cannot even be made mends nothing.
                if (left === undefined) continue;
                tried += 1;
                assert.ok(
                    keys.some((key) => left.has(key)),
                    `row ${fault.row} is mended by the cheaper ${describeEdit(edit)}`,
                );
            }
        }
        assert.ok(tried > 20, `${tried} edits were tried`);
    });

    it("lead around a NAT gateway in its own subnet to the one of the same zone, when there is one", async () => {
        const loop = allFaults(intent).find((fault) => fault.row === 14);
        assert.ok(loop);
        const target = async (change: (ec2: FakeEc2) => void) => {
            const ec2 = networkWith(LAB, [loop]);
            change(ec2);
            const { plan } = await judge(ec2, LAB);
            const edit = plan.map((one) => one.edit).find(({ action }) => action === "ReplaceRoute");
            return edit && "target" in edit ? edit.target : undefined;
        };
        assert.equal(await target(() => undefined), id("nat", 1));
        assert.equal(
            await target((ec2) => {
                const third = ec2.state.NatGateways?.find((nat) => nat.NatGatewayId === id("nat", 2));
                assert.ok(third);
                third.SubnetId = id("subnet", 0);
            }),
            id("nat", 2),
        );
    });
});

describe("the costs of edits", () => {
    const rule = {
        groupId: "sg-1",
        protocol: "tcp",
        ports: { from: 1, to: 1 },
        direction: "ingress" as const,
    };
    const route = { routeTableId: "rtb-1", destination: "0.0.0.0/0", target: "nat-1" };
    const entry = {
        ruleNumber: 1,
        egress: true,
        ruleAction: "deny" as const,
        protocol: "6",
        cidr: "10.0.0.0/8",
    };

    it("are lower for what a check makes by itself than for what it makes by leave", () => {
        const automatic: Edit[] = [
            { action: "AuthorizeSecurityGroupIngress", rule: { ...rule, peer: { securityGroupId: "sg-2" } } },
            { action: "RevokeSecurityGroupIngress", rule: { ...rule, peer: { cidr: "0.0.0.0/0" } } },
            { action: "ReplaceRoute", ...route },
            { action: "ModifyVpcEndpoint", vpcEndpointId: "vpce-1", change: { privateDnsEnabled: true } },
        ];
        const proposed: Edit[] = [
            { action: "AuthorizeSecurityGroupIngress", rule: { ...rule, peer: { cidr: "10.0.0.0/20" } } },
            { action: "ModifyVpcEndpoint", vpcEndpointId: "vpce-1", change: { policy: "{}" } },
            { action: "DeleteRoute", ...route },
            { action: "DeleteNetworkAclEntry", networkAclId: "acl-1", entry },
            {
                action: "UpdateDomain",
                domainId: "d-1",
                accessType: "VpcOnly",
                vpcId: "vpc-1",
                subnetIds: ["subnet-1"],
            },
        ];
        assert.ok(Math.max(...automatic.map(editCost)) < Math.min(...proposed.map(editCost)));
        assert.ok(proposed.every((edit) => editCost(edit) < Infinity));
    });

    it("have no bound for what only undoes", () => {
        const gateway = { internetGatewayId: "igw-1", vpcId: "vpc-1" };
        assert.equal(editCost({ action: "DetachInternetGateway", ...gateway }), Infinity);
    });
});
