import assert from "node:assert/strict";

import fc from "fast-check";

import { Deadline } from "../../../lib/clock";
import { Ec2 } from "../../../lib/aws/ec2";
import { type NetworkIntent } from "../../../checks/intent";
import { type FindingId, MESSAGES } from "../../../checks/messages";
import { renderFinding } from "../../../checks/render";
import type { CheckOutputs } from "../../../checks/provider/check-inputs";
import { applyEdit, type Edit } from "../../../checks/repair/edits";
import { refusal } from "../../../checks/repair/gate";
import { awsError, FakeEc2 } from "../support/fake-ec2";
import { firstOf } from "../support/findings";
import { allFaults, type Fault } from "../support/faults";
import { id, LAB, soundNetwork } from "../support/network";
import { FakeClock } from "../../support/fake-clock";
import { checkInputs, comparable, provider, runAll } from "../support/world";

function broken(...wanted: { row: number; place?: number }[]): {
    ec2: FakeEc2;
    intent: NetworkIntent;
    faults: Fault[];
} {
    const { snapshot, intent } = soundNetwork(LAB);
    const ec2 = new FakeEc2(snapshot);
    const faults = wanted.map(({ row, place = 0 }) => {
        const fault = allFaults(intent).filter((one) => one.row === row)[place];
        assert.ok(fault, `row ${row}`);
        return fault;
    });
    for (const fault of faults) fault.inject(ec2);
    return { ec2, intent, faults };
}

const outputs = (results: CheckOutputs[]) => ({
    findings: results.flatMap((one) => one.findings),
    repairs: results.flatMap((one) => one.repairs),
});

describe("repairs", () => {
    const EDITS: [number, string, Record<string, unknown>][] = [
        [1, "ModifyVpcAttribute", { VpcId: id("vpc", 1), EnableDnsSupport: { Value: true } }],
        [2, "ModifyVpcAttribute", { VpcId: id("vpc", 1), EnableDnsHostnames: { Value: true } }],
        [7, "AssociateRouteTable", { RouteTableId: id("rtb", 0), SubnetId: id("subnet", 0) }],
        [8, "ReplaceRouteTableAssociation", { AssociationId: "rtbassoc-made1", RouteTableId: id("rtb", 0) }],
        [
            9,
            "CreateRoute",
            { RouteTableId: id("rtb", 1), DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: id("nat", 0) },
        ],
        [
            12,
            "ReplaceRoute",
            { RouteTableId: id("rtb", 1), DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: id("nat", 0) },
        ],
        [
            13,
            "CreateRoute",
            { RouteTableId: id("rtb", 0), DestinationCidrBlock: "0.0.0.0/0", GatewayId: id("igw", 1) },
        ],
        [17, "AttachInternetGateway", { InternetGatewayId: id("igw", 1), VpcId: id("vpc", 1) }],
        [32, "ModifyVpcEndpoint", { VpcEndpointId: id("vpce", 0), PrivateDnsEnabled: true }],
        [37, "ModifyVpcEndpoint", { VpcEndpointId: id("vpce", 100), AddRouteTableIds: [id("rtb", 1)] }],
        [
            34,
            "AuthorizeSecurityGroupIngress",
            {
                GroupId: id("sg", 1),
                IpPermissions: [
                    {
                        IpProtocol: "tcp",
                        FromPort: 443,
                        ToPort: 443,
                        UserIdGroupPairs: [
                            {
                                GroupId: id("sg", 2),
                                Description: "HTTPS from the clients of the VPC endpoints",
                            },
                        ],
                    },
                ],
            },
        ],
    ];
    for (const [row, action, input] of EDITS)
        it(`row ${row} is mended by exactly one ${action}`, async () => {
            const { ec2, intent } = broken({ row });
            const { repairs } = outputs(await runAll(ec2, intent));
            assert.deepEqual(
                ec2.calls.filter((call) => !/^(Describe|Get)/.test(call.action)),
                [{ action, input }],
            );
            assert.equal(repairs.length, 1);
            assert.match(repairs[0]?.at ?? "", /^2026-01-01T00:0\d:\d\d\.\d{3}Z$/);
        });

    it("restores DNS in the order that AWS asks for: support, hostnames, then private DNS", async () => {
        const { ec2, intent } = broken({ row: 32 }, { row: 2 }, { row: 1 });
        await runAll(ec2, intent);
        assert.deepEqual(
            ec2.calls
                .filter((call) => call.action.startsWith("Modify"))
                .map((call) => Object.keys(call.input)[1]),
            ["EnableDnsSupport", "EnableDnsHostnames", "PrivateDnsEnabled"],
        );
    });

    it("records what was before and what is after", async () => {
        const { ec2, intent } = broken({ row: 12 });
        const { repairs } = outputs(await runAll(ec2, intent));
        assert.deepEqual(repairs, [
            {
                what: `ReplaceRoute 0.0.0.0/0 of ${id("rtb", 1)} to ${id("nat", 0)}`,
                codes: ["IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"],
                before: id("igw", 1),
                after: id("nat", 0),
                at: "2026-01-01T00:00:00.000Z",
                undo: {
                    action: "ReplaceRoute",
                    routeTableId: id("rtb", 1),
                    destination: "0.0.0.0/0",
                    target: id("igw", 1),
                },
            },
        ]);
    });

    it("undoes to the network that was there before", async () => {
        const { intent } = soundNetwork(LAB);
        // The target of a blackhole is gone: nothing can point a route at it again.
        const faults = allFaults(intent).filter((fault) => fault.automatic && fault.row !== 10);
        const some = fc.uniqueArray(fc.constantFrom(...faults), {
            minLength: 1,
            maxLength: 3,
            selector: (fault) => fault.slot,
        });
        await fc.assert(
            fc.asyncProperty(some, async (chosen) => {
                const ec2 = new FakeEc2(soundNetwork(LAB).snapshot);
                for (const fault of chosen) fault.inject(ec2);
                const before = comparable(ec2.state);
                const { repairs } = outputs(await runAll(ec2, intent));
                assert.equal(repairs.length, chosen.length);
                const session = new Ec2(ec2.client, new Deadline(new FakeClock(), 60));
                for (const repair of repairs.reverse()) {
                    assert.ok(repair.undo, repair.what);
                    await applyEdit(repair.undo, { ec2: session });
                }
                assert.deepEqual(comparable(ec2.state), before);
            }),
            { numRuns: 40, seed: 20260101 },
        );
    });

    it("leaves what it repaired exactly as the program made it", async () => {
        const sound = comparable(soundNetwork(LAB).snapshot);
        const automatic = allFaults(soundNetwork(LAB).intent).filter((fault) => fault.automatic);
        for (const row of new Set(automatic.map((fault) => fault.row))) {
            const { ec2, intent } = broken({ row });
            await runAll(ec2, intent);
            assert.deepEqual(comparable(ec2.state), sound, `row ${row}`);
        }
    });
});

describe("repairs that do not go well", () => {
    const idsOf = (results: CheckOutputs[]): FindingId[] => outputs(results).findings.map((one) => one.id);

    it("undoes a repair that mends nothing, strikes it from the record and says so", async () => {
        const { ec2, intent } = broken({ row: 1 });
        // As soon as it is on, somebody turns the other one off.
        ec2.before = (action) => {
            const attributes = ec2.state.VpcAttributes?.[intent.vpcId];
            if (action === "DescribeVpcAttribute" && attributes && ec2.writes.length === 1)
                attributes.enableDnsHostnames = false;
        };
        const { check } = provider(ec2);
        const { outs } = await check.create(checkInputs("dns", intent));
        assert.equal(outs.verdict, "failed");
        assert.deepEqual(
            outs.findings.map((one) => one.id),
            ["DNS_SUPPORT_OFF", "REPAIR_UNDONE"],
        );
        assert.equal(firstOf(outs.findings, "REPAIR_UNDONE")?.args.outcome, "undone");
        assert.deepEqual(outs.repairs, []);
        assert.deepEqual(ec2.writes, ["ModifyVpcAttribute", "ModifyVpcAttribute"]);
        assert.equal(ec2.state.VpcAttributes?.[intent.vpcId]?.enableDnsSupport, false);

        const before = ec2.calls.length;
        await check.create(checkInputs("security-groups", intent));
        assert.ok(ec2.calls.length > before, "nobody shares a snapshot from before the undoing");
    });

    it("undoes nothing that somebody has changed since, strikes it from the record and says so", async () => {
        const { ec2, intent } = broken({ row: 1 });
        // Somebody turns it off again each time it is on.
        ec2.before = (action) => {
            const attributes = ec2.state.VpcAttributes?.[intent.vpcId];
            if (action === "DescribeVpcAttribute" && attributes) attributes.enableDnsSupport = false;
        };
        const { check, clock } = provider(ec2);
        const { outs } = await check.create(checkInputs("dns", intent));
        assert.deepEqual(
            outs.findings.map((one) => one.id),
            ["DNS_SUPPORT_OFF", "REPAIR_UNDONE"],
        );
        const undone = firstOf(outs.findings, "REPAIR_UNDONE");
        assert.match(undone?.args.outcome ?? "", /^left as it is: it was changed meanwhile/);
        assert.deepEqual(outs.repairs, []);
        assert.deepEqual(ec2.writes, ["ModifyVpcAttribute"]);
        assert.deepEqual(clock.sleeps, [1000, 2000, 4000, 8000]);
    });

    it("leaves what somebody put in the place of a repair that mended nothing", async () => {
        const { ec2, intent } = broken({ row: 12 });
        const others = "eni-0000000000000f1e";
        // The repair's route is pointed elsewhere before anybody looks at it again.
        ec2.before = (action) => {
            if (action !== "DescribeSubnets" || ec2.writes.length === 0) return;
            for (const route of ec2.table(id("rtb", 1)).Routes ?? [])
                if (route.NatGatewayId !== undefined) {
                    delete route.NatGatewayId;
                    route.NetworkInterfaceId = others;
                }
        };
        const { outs } = await provider(ec2).check.create(checkInputs("routes", intent));
        assert.deepEqual(ec2.writes, ["ReplaceRoute"]);
        assert.ok(ec2.table(id("rtb", 1)).Routes?.some((route) => route.NetworkInterfaceId === others));
        const undone = firstOf(outs.findings, "REPAIR_UNDONE");
        assert.match(undone?.args.outcome ?? "", /^left as it is/);
        assert.deepEqual(outs.repairs, []);
    });

    it("waits for a write to become visible before it judges", async () => {
        const { ec2, intent } = broken({ row: 17 });
        let looks = 0;
        ec2.before = (action) => {
            if (action !== "DescribeInternetGateways" || ec2.writes.length === 0) return;
            for (const one of ec2.state.InternetGateways ?? [])
                one.Attachments =
                    (looks += 1) > 2 ? [{ VpcId: intent.vpcId, State: "available" as "attached" }] : [];
        };
        const results = await runAll(ec2, intent);
        assert.equal(results[0]?.verdict, "repaired");
        assert.deepEqual(ec2.writes, ["AttachInternetGateway"]);
    });

    it("repairs the rest when one repair fails, tries that one a second time and names it", async () => {
        const { ec2, intent } = broken({ row: 9, place: 0 }, { row: 9, place: 1 });
        const refused = () => awsError("RouteLimitExceeded");
        ec2.errors.set("CreateRoute", [refused(), undefined as unknown as Error, refused()]);
        const results = await runAll(ec2, intent);
        assert.deepEqual(new Set(idsOf(results)), new Set(["PRIVATE_NO_DEFAULT_ROUTE", "REPAIR_FAILED"]));
        assert.equal(outputs(results).repairs.length, 1);
        assert.match(results[1]?.findings.map(renderFinding).join("\n") ?? "", /failed: RouteLimitExceeded/);
    });

    it("succeeds in the second round", async () => {
        const { ec2, intent } = broken({ row: 9, place: 0 }, { row: 9, place: 1 });
        ec2.errors.set("CreateRoute", [awsError("RouteLimitExceeded")]);
        const results = await runAll(ec2, intent);
        assert.deepEqual(outputs(results).findings, []);
        assert.equal(outputs(results).repairs.length, 2);
        assert.equal(results[1]?.verdict, "repaired");
    });

    it("does not record as its own what somebody else had done meanwhile", async () => {
        const { ec2, intent } = broken({ row: 7 });
        ec2.before = (action) => {
            if (action === "AssociateRouteTable") ec2.associate(id("rtb", 0), id("subnet", 0));
        };
        const results = await runAll(ec2, intent);
        assert.deepEqual(outputs(results), { findings: [], repairs: [] });
    });

    it("names the action to grant when a repair is not permitted", async () => {
        const { ec2, intent } = broken({ row: 9 });
        ec2.denied.add("CreateRoute");
        const { findings } = outputs(await runAll(ec2, intent));
        assert.ok(
            findings.some((one) => one.id === "PERMISSION_MISSING" && one.component === "ec2:CreateRoute"),
        );
    });

    it("keeps what it repaired on record when the time is over before it is verified", async () => {
        const { ec2, intent } = broken({ row: 17 });
        const { check, clock } = provider(ec2);
        ec2.before = (action) => {
            if (action === "AttachInternetGateway") void clock.sleep(400_000);
        };
        const { outs } = await check.create(checkInputs("vpc", intent));
        assert.equal(outs.verdict, "failed");
        assert.equal(outs.repairs.length, 1);
        assert.match(firstOf(outs.findings, "CHECK_INCOMPLETE")?.args.error ?? "", /300 seconds/);
    });

    it("waits for a NAT gateway that is pending, and gives up when the time is over", async () => {
        for (const arrives of [true, false]) {
            const { snapshot, intent } = soundNetwork(LAB);
            const ec2 = new FakeEc2(snapshot);
            const nat = snapshot.NatGateways?.[0];
            assert.ok(nat);
            nat.State = "pending";
            const { check, clock } = provider(ec2);
            const start = clock.now();
            ec2.before = () => {
                if (arrives && clock.now() - start > 60_000) nat.State = "available";
            };
            const { outs } = await check.create(checkInputs("vpc", intent, { mode: "validate" }));
            assert.equal(outs.verdict, arrives ? "healthy" : "failed");
            assert.deepEqual(
                outs.findings.map((one) => one.id),
                arrives ? [] : ["NAT_PENDING"],
            );
            assert.ok(clock.now() - start <= 300_000);
        }
    });
});

describe("the gate", () => {
    const { snapshot, intent } = soundNetwork(LAB);
    const nat = id("nat", 0);
    const route = {
        action: "ReplaceRoute",
        routeTableId: id("rtb", 1),
        destination: "0.0.0.0/0",
        target: nat,
    } as const;

    const httpsRule = {
        direction: "ingress",
        groupId: id("sg", 1),
        protocol: "tcp",
        ports: { from: 443, to: 443 },
        peer: { securityGroupId: id("sg", 2) },
        description: "HTTPS from the clients of the VPC endpoints",
    } as const;

    it("admits what every repairable fault needs", async () => {
        const byRow = new Map(allFaults(intent).map((fault) => [fault.row, fault]));
        for (const fault of [...byRow.values()].filter((one) => one.automatic)) {
            const ec2 = new FakeEc2(soundNetwork(LAB).snapshot);
            fault.inject(ec2);
            const { findings } = outputs(await runAll(ec2, intent));
            assert.deepEqual(findings, [], `row ${fault.row}`);
        }
    });

    const refused: [string, Edit][] = [
        ["a route of a private table to the internet gateway", { ...route, target: id("igw", 1) }],
        ["a route to another zone's NAT gateway", { ...route, target: id("nat", 1) }],
        ["a route of an isolated table", { ...route, routeTableId: id("rtb", 2) }],
        ["a route to something other than the whole internet", { ...route, destination: "10.1.0.0/16" }],
        ["a route of a table that nobody declared", { ...route, routeTableId: "rtb-foreign" }],
        ["the removal of a route", { ...route, action: "DeleteRoute" }],
        [
            "DNS support turned off",
            {
                action: "ModifyVpcAttribute",
                vpcId: intent.vpcId,
                attribute: "enableDnsSupport",
                value: false,
            },
        ],
        [
            "DNS support of another VPC",
            { action: "ModifyVpcAttribute", vpcId: "vpc-2", attribute: "enableDnsSupport", value: true },
        ],
        [
            "another internet gateway",
            { action: "AttachInternetGateway", internetGatewayId: "igw-2", vpcId: intent.vpcId },
        ],
        [
            "a detachment",
            { action: "DetachInternetGateway", internetGatewayId: id("igw", 1), vpcId: intent.vpcId },
        ],
        [
            "a subnet on another subnet's table",
            { action: "AssociateRouteTable", routeTableId: id("rtb", 2), subnetId: id("subnet", 1) },
        ],
        [
            "another subnet's association",
            {
                action: "ReplaceRouteTableAssociation",
                associationId: id("rtbassoc", 3),
                routeTableId: id("rtb", 1),
                subnetId: id("subnet", 1),
            },
        ],
        [
            "private DNS turned off",
            {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: id("vpce", 0),
                change: { privateDnsEnabled: false },
            },
        ],
        [
            "a gateway endpoint on a public table",
            {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: id("vpce", 100),
                change: { addRouteTableIds: [id("rtb", 0)] },
            },
        ],
        [
            "a gateway endpoint taken off a table",
            {
                action: "ModifyVpcEndpoint",
                vpcEndpointId: id("vpce", 100),
                change: { removeRouteTableIds: [id("rtb", 1)] },
            },
        ],
        [
            "clients of no declared group",
            {
                action: "AuthorizeSecurityGroupIngress",
                rule: { ...httpsRule, peer: { securityGroupId: "sg-foreign" } },
            },
        ],
        [
            "a rule on a group that is no endpoint's",
            { action: "AuthorizeSecurityGroupIngress", rule: { ...httpsRule, groupId: id("sg", 2) } },
        ],
    ];
    for (const [name, edit] of refused)
        it(`refuses ${name}`, () =>
            assert.equal(refusal(edit, intent, snapshot), "it is no part of the declared network"));

    it("refuses to touch what does not carry all tags of this deployment", async () => {
        for (const row of [1, 7, 9, 17, 32, 34, 37]) {
            const { ec2, intent: declared } = broken({ row });
            for (const items of [
                ec2.state.Vpcs,
                ec2.state.Subnets,
                ec2.state.RouteTables,
                ec2.state.InternetGateways,
                ec2.state.VpcEndpoints,
                ec2.state.SecurityGroups,
            ])
                for (const item of items ?? [])
                    item.Tags = item.Tags?.filter((tag) => tag.Key !== "ExperimentID");
            const { findings } = outputs(await runAll(ec2, declared));
            assert.deepEqual(ec2.writes, [], `row ${row}`);
            const reason = firstOf(findings, "REPAIR_REFUSED")?.args.reason ?? "";
            assert.match(reason, /does not carry the tags .*ExperimentID=exp-20260101-000000/);
            assert.equal(MESSAGES.REPAIR_REFUSED.severity, "error");
        }
    });

    it("refuses everything when no owner tags are declared", () => {
        assert.match(
            refusal(route, { ...intent, ownerTags: {} }, snapshot) ?? "",
            /no owner tags are declared/,
        );
    });

    it("refuses a route of a table that serves subnets with different ways out", () => {
        const subnets = intent.subnets.map((subnet) =>
            subnet.subnetId === id("subnet", 4) ? { ...subnet, routeTableId: id("rtb", 1) } : subnet,
        );
        assert.equal(
            refusal(route, { ...intent, subnets }, snapshot),
            "it is no part of the declared network",
        );
    });
});
