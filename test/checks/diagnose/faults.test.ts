import assert from "node:assert/strict";

import fc from "fast-check";

import { analyzeStage, STAGE_KINDS } from "../../../checks/diagnose/stages";
import type { FlowResult } from "../../../checks/diagnose/view";
import { groupFlows, type NetworkIntent } from "../../../checks/intent";
import { type Finding, finding, MESSAGES, STAGES } from "../../../checks/messages";
import type { Snapshot } from "../../../checks/snapshot/types";
import { FakeEc2 } from "../support/fake-ec2";
import { allFaults, type Fault } from "../support/faults";
import { DEV, id, LAB, type NetworkOptions, soundNetwork } from "../support/network";
import { severalFaults } from "../support/several-faults";
import { runAll } from "../support/world";

/** All findings of all stages, as "ID component". */
function names(findings: readonly { id: string; component: string }[]): string[] {
    return [...new Set(findings.map((one) => `${one.id} ${one.component}`))].sort();
}

function analyzeAll(snapshot: Snapshot, intent: NetworkIntent): { findings: Finding[]; flows: FlowResult[] } {
    const earlier: Finding[] = [];
    const parts = STAGES.map((stage) => {
        const part = analyzeStage(stage, snapshot, intent, {}, earlier);
        earlier.push(...part.findings);
        return part;
    });
    return { findings: parts.flatMap((part) => part.findings), flows: parts.flatMap((part) => part.flows) };
}

async function withFaults(options: NetworkOptions, faults: (intent: NetworkIntent) => Fault[]) {
    const { snapshot, intent } = soundNetwork(options);
    const ec2 = new FakeEc2(snapshot);
    const injected = faults(intent);
    for (const fault of injected) fault.inject(ec2);
    return { ec2, intent, injected };
}

const EVERY_OPTION: [string, NetworkOptions][] = [
    ["three zones, a NAT gateway in each", LAB],
    ["two zones, one NAT gateway", DEV],
    ["two zones, no NAT gateway", { ...DEV, nat: "none" }],
];

describe("fault catalogue", function () {
    this.timeout(60_000);
    for (const [name, options] of EVERY_OPTION) {
        describe(name, () => {
            it("finds nothing wrong with a sound network, and every verdict as intended", () => {
                const { snapshot, intent } = soundNetwork(options);
                const { findings, flows } = analyzeAll(snapshot, intent);
                assert.deepEqual(findings, []);
                for (const flow of flows)
                    assert.equal(flow.verdict, flow.expected, `${flow.from} -> ${flow.to}`);
                const perSubnet = 1 + intent.gatewayEndpoints.length + intent.interfaceEndpoints.length;
                const ofSubnets = flows.filter((flow) => flow.between === undefined);
                assert.equal(ofSubnets.length, intent.subnets.length * perSubnet);
                assert.equal(flows.length - ofSubnets.length, groupFlows(intent).length);
                const closed = flows.filter(
                    (flow) => flow.to === "internet" && flow.expected === "UNREACHABLE",
                );
                const inner = intent.subnets.filter(
                    (subnet) => subnet.tier !== "public" && subnet.natGatewayId === undefined,
                );
                assert.equal(closed.length, inner.length);
            });

            const rows = new Map<number, Fault[]>();
            for (const fault of allFaults(soundNetwork(options).intent))
                rows.set(fault.row, [...(rows.get(fault.row) ?? []), fault]);

            for (const [row, faults] of [...rows].sort(([a], [b]) => a - b))
                it(`row ${row}: found with its code, reported, repaired as its class says`, async () => {
                    // The campaign goes to all places; here are the first and the last.
                    for (const place of new Set([0, faults.length - 1])) {
                        const { expected, also = [], automatic } = faults[place] ?? assert.fail();
                        const { ec2, intent } = await withFaults(options, (all) => {
                            const fault = allFaults(all).filter((one) => one.row === row)[place];
                            assert.ok(fault);
                            return [fault];
                        });
                        const wanted = names([expected, ...also]);
                        assert.equal(MESSAGES[expected.id].row, row);

                        const reported = await runAll(ec2, intent, { mode: "validate" });
                        assert.deepEqual(names(reported.flatMap((one) => one.findings)), wanted);
                        assert.deepEqual(ec2.writes, []);

                        const fixed = await runAll(ec2, intent);
                        assert.equal(ec2.writes.length, automatic ? 1 : 0);
                        assert.deepEqual(
                            names(fixed.flatMap((one) => one.findings)),
                            automatic ? [] : wanted,
                        );
                        const verdicts = fixed.map((one) => one.verdict);
                        const left = !automatic && MESSAGES[expected.id].severity !== "warning";
                        assert.equal(verdicts.includes("repaired"), automatic);
                        assert.equal(verdicts.includes("failed"), left);

                        const writes = ec2.writes.length;
                        const again = await runAll(ec2, intent);
                        assert.equal(ec2.writes.length, writes, "the second run writes nothing");
                        if (automatic)
                            assert.deepEqual(new Set(again.map((one) => one.verdict)), new Set(["healthy"]));
                    }
                });
        });
    }

    it("covers the rows that the checks are for", () => {
        const covered = new Set(allFaults(soundNetwork(LAB).intent).map((fault) => fault.row));
        for (const row of [...Array.from({ length: 38 }, (_, index) => index + 1), 45, 49, 50, 51, 52])
            assert.ok(covered.has(row), `row ${row}`);
    });

    it("sends a subnet back to its own NAT gateway from another zone's that does not work, by leave", async () => {
        const { intent } = soundNetwork(LAB);
        const faults = allFaults(intent);
        const crossing = faults.find(({ expected }) => expected.id === "NAT_CROSSES_ZONE");
        const routeTableId = crossing?.expected.component ?? "";
        const { ec2 } = await withFaults(LAB, () => (crossing === undefined ? [] : [crossing]));
        const other = ec2
            .table(routeTableId)
            .Routes?.find(({ NatGatewayId }) => NatGatewayId !== undefined)?.NatGatewayId;
        faults
            .find(({ expected }) => expected.id === "NAT_NOT_PUBLIC" && expected.component === other)
            ?.inject(ec2);
        const reported = await runAll(ec2, intent, { mode: "validate" });
        assert.deepEqual(names(reported.flatMap((one) => one.findings)), [
            `NAT_NOT_PUBLIC ${other}`,
            `PRIVATE_WRONG_NEXT_HOP ${routeTableId}`,
        ]);
        await runAll(ec2, intent);
        assert.deepEqual(ec2.writes, [], "somebody chose that target");
        const allowedRepairs = ["PRIVATE_WRONG_NEXT_HOP"];
        const fixed = await runAll(ec2, intent, { mode: "fix-proposed", allowedRepairs });
        assert.deepEqual(names(fixed.flatMap((one) => one.findings)), [`NAT_NOT_PUBLIC ${other}`]);
        assert.equal(ec2.writes.length, 1);
    });

    it("names a rule that is missing behind one that admits the world, and makes it before that one goes", async () => {
        const { intent } = soundNetwork(LAB);
        const faults = allFaults(intent);
        const missing = faults.find(
            ({ row, expected }) => row === 25 && expected.id === "FLOW_LACKS_INGRESS",
        );
        const component = missing?.expected.component;
        const open = faults.find(({ row, expected }) => row === 29 && expected.component === component);
        assert.ok(missing && open);
        const { ec2 } = await withFaults(LAB, () => [missing, open]);
        const reported = await runAll(ec2, intent, { mode: "validate" });
        assert.deepEqual(names(reported.flatMap((one) => one.findings)), [
            `FLOW_LACKS_INGRESS ${component}`,
            `WORLD_OPEN ${component}`,
        ]);
        const fixed = await runAll(ec2, intent);
        assert.deepEqual(
            fixed.flatMap((one) => one.findings),
            [],
        );
        assert.deepEqual(ec2.writes, ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
    });

    it("names all of several faults at once, and repairs what may be repaired", async () => {
        const { intent } = soundNetwork(LAB);
        await fc.assert(
            fc.asyncProperty(severalFaults(intent), async (faults) => {
                const { ec2 } = await withFaults(LAB, () => faults);
                const reported = await runAll(ec2, intent, { mode: "validate" });
                assert.deepEqual(
                    names(reported.flatMap((one) => one.findings)),
                    names(faults.flatMap((one) => [one.expected, ...(one.also ?? [])])),
                );
                assert.deepEqual(ec2.writes, []);

                const fixed = await runAll(ec2, intent);
                const left = faults.filter((fault) => !fault.automatic);
                assert.deepEqual(
                    names(fixed.flatMap((one) => one.findings)),
                    names(left.flatMap((one) => [one.expected, ...(one.also ?? [])])),
                );
                assert.equal(ec2.writes.length, faults.length - left.length, "one edit a fault");
                await runAll(ec2, intent);
                assert.equal(ec2.writes.length, faults.length - left.length, "the second run writes nothing");
            }),
            { numRuns: 60, seed: 20260101 },
        );
    });

    it("never calls a flow good that is not, and explains every one that is not as intended", async () => {
        const { intent } = soundNetwork(LAB);
        await fc.assert(
            fc.asyncProperty(severalFaults(intent), async (faults) => {
                const { ec2 } = await withFaults(LAB, () => faults);
                const { flows, findings } = analyzeAll(ec2.state, intent);
                assert.ok(findings.every((one) => one.id !== "UNEXPLAINED"));
                for (const flow of flows.filter((one) => one.verdict !== one.expected))
                    assert.ok(flow.explanations.length > 0, `${flow.from} -> ${flow.to}`);
            }),
            { numRuns: 60, seed: 20260101 },
        );
    });
});

describe("analysis", () => {
    function lab(): { snapshot: Snapshot; intent: NetworkIntent } {
        return soundNetwork(LAB);
    }
    const flowOf = (flows: FlowResult[], from: string, to: string) => {
        const found = flows.find((flow) => flow.from === from && flow.to === to);
        assert.ok(found, `${from} -> ${to}`);
        return found;
    };
    const tableOf = (snapshot: Snapshot, intent: NetworkIntent, tier: string) => {
        const subnet = intent.subnets.find((one) => one.tier === tier);
        const table = snapshot.RouteTables?.find((one) => one.RouteTableId === subnet?.routeTableId);
        assert.ok(table?.Routes && subnet);
        return { table, subnet, routes: table.Routes };
    };

    it("follows the way hop by hop", () => {
        const { snapshot, intent } = lab();
        const { flows } = analyzeAll(snapshot, intent);
        const flow = flowOf(flows, "private us-east-1a", "internet");
        assert.deepEqual(flow.path, [
            id("subnet", 1),
            id("rtb", 1),
            id("nat", 0),
            id("subnet", 0),
            id("rtb", 0),
            id("igw", 1),
            "internet",
        ]);
        assert.equal(flow.via, id("nat", 0));
        assert.equal(flowOf(flows, "isolated us-east-1a", "s3").via, id("vpce", 100));
        assert.equal(flowOf(flows, "public us-east-1a", "s3").via, id("igw", 1));
        assert.equal(flowOf(flows, "isolated us-east-1a", "ssm").via, id("vpce", 0));
    });

    it("gets nothing from an internet gateway without a public address", () => {
        const { snapshot, intent } = lab();
        const { routes } = tableOf(snapshot, intent, "isolated");
        routes.push({
            DestinationCidrBlock: "0.0.0.0/0",
            GatewayId: id("igw", 1),
            State: "active",
            Origin: "CreateRoute",
        });
        const { flows, findings } = analyzeAll(snapshot, intent);
        assert.equal(flowOf(flows, "isolated us-east-1a", "internet").verdict, "UNREACHABLE");
        assert.deepEqual(
            names(findings),
            [`UNINTENDED_EGRESS ${id("subnet", 2)}`],
            "it is one address away from open",
        );
    });

    it("does not skip a more specific blackhole: some addresses fail, so the internet is not reached", () => {
        const { snapshot, intent } = lab();
        const { routes, table } = tableOf(snapshot, intent, "private");
        routes.push({
            DestinationCidrBlock: "8.8.8.0/24",
            NetworkInterfaceId: "eni-gone",
            State: "blackhole",
            Origin: "CreateRoute",
        });
        const flow = flowOf(analyzeAll(snapshot, intent).flows, "private us-east-1a", "internet");
        assert.equal(flow.verdict, "UNREACHABLE");
        const routeTableId = table.RouteTableId ?? "";
        const about = { cidr: "8.8.8.0/24", actualTarget: "eni-gone" };
        const blackhole = finding("MORE_SPECIFIC_BLACKHOLE", routeTableId, about);
        const [action, destination, target] = ["DeleteRoute" as const, "8.8.8.0/24", "eni-gone"];
        assert.deepEqual(flow.explanations, [
            { ...blackhole, remedies: [{ action, routeTableId, destination, target }] },
        ]);
    });

    it("does not mistake routes to private addresses for a hijack", () => {
        const { snapshot, intent } = lab();
        const { routes } = tableOf(snapshot, intent, "private");
        routes.push({
            DestinationCidrBlock: "172.16.0.0/12",
            TransitGatewayId: "tgw-1",
            State: "active",
            Origin: "CreateRoute",
        });
        assert.deepEqual(analyzeAll(snapshot, intent).findings, []);
    });

    it("reports a static route over a part of a gateway endpoint's addresses", () => {
        const { snapshot, intent } = lab();
        const { routes, table } = tableOf(snapshot, intent, "isolated");
        routes.push({
            DestinationCidrBlock: "52.216.8.0/24",
            NetworkInterfaceId: "eni-1",
            State: "active",
            Origin: "CreateRoute",
        });
        const { flows, findings } = analyzeAll(snapshot, intent);
        assert.equal(flowOf(flows, "isolated us-east-1a", "s3").verdict, "UNKNOWN");
        assert.ok(
            findings.some(
                (one) =>
                    one.id === "GATEWAY_ENDPOINT_OVERRIDDEN" && one.args.routeTableId === table.RouteTableId,
            ),
        );
    });

    it("reaches S3 through NAT when the endpoint is not on the table, and still says so", () => {
        const { snapshot, intent } = lab();
        const ec2 = new FakeEc2(snapshot);
        ec2.unrouteEndpoint(
            ec2.endpoint(id("vpce", 100)),
            tableOf(snapshot, intent, "private").table.RouteTableId ?? "",
        );
        const { flows } = analyzeAll(snapshot, intent);
        const flow = flowOf(flows, "private us-east-1a", "s3");
        assert.equal(flow.verdict, "REACHABLE");
        assert.equal(flow.via, id("nat", 0));
        assert.deepEqual(names(flow.explanations), [`GATEWAY_ENDPOINT_NOT_ROUTED ${id("vpce", 100)}`]);
    });

    it("calls an isolated subnet with a way out open", () => {
        const { snapshot, intent } = lab();
        const { routes, subnet } = tableOf(snapshot, intent, "isolated");
        routes.push({
            DestinationCidrBlock: "0.0.0.0/0",
            NatGatewayId: id("nat", 0),
            State: "active",
            Origin: "CreateRoute",
        });
        const { flows, findings } = analyzeAll(snapshot, intent);
        assert.equal(flowOf(flows, "isolated us-east-1a", "internet").verdict, "REACHABLE");
        assert.deepEqual(names(findings), [`UNINTENDED_EGRESS ${subnet.subnetId}`]);
    });

    it("names the fault of the NAT gateway's subnet once, for all that leave through it", () => {
        const { snapshot, intent } = soundNetwork(DEV);
        const { table } = tableOf(snapshot, intent, "public");
        table.Routes = table.Routes?.filter((route) => route.DestinationCidrBlock !== "0.0.0.0/0");
        const { flows, findings } = analyzeAll(snapshot, intent);
        assert.deepEqual(names(findings), [`PUBLIC_NO_DEFAULT_ROUTE ${table.RouteTableId}`]);
        for (const zone of ["us-east-1a", "us-east-1b"])
            assert.deepEqual(
                names(flowOf(flows, `private ${zone}`, "internet").explanations),
                names(findings),
            );
    });

    it("warns of a NAT gateway in another zone, and calls it reachable", () => {
        const { snapshot, intent } = lab();
        const { routes, table } = tableOf(snapshot, intent, "private");
        for (const route of routes) if (route.NatGatewayId !== undefined) route.NatGatewayId = id("nat", 1);
        const { flows, findings } = analyzeAll(snapshot, intent);
        assert.equal(flowOf(flows, "private us-east-1a", "internet").verdict, "REACHABLE");
        assert.deepEqual(names(findings), [`NAT_CROSSES_ZONE ${table.RouteTableId}`]);
        assert.equal(MESSAGES.NAT_CROSSES_ZONE.severity, "warning");
    });

    it("knows a private NAT gateway, Block Public Access and a NAT gateway in its own client's subnet", () => {
        const edits: [string, string, (snapshot: Snapshot, intent: NetworkIntent) => void][] = [
            [
                "NAT_NOT_PUBLIC",
                id("nat", 0),
                ({ NatGateways }) => Object.assign(NatGateways?.[0] ?? {}, { ConnectivityType: "private" }),
            ],
            [
                "BLOCK_PUBLIC_ACCESS",
                id("vpc", 1),
                ({ Vpcs }) =>
                    Object.assign(Vpcs?.[0] ?? {}, {
                        BlockPublicAccessStates: { InternetGatewayBlockMode: "block-bidirectional" },
                    }),
            ],
            [
                "NAT_SELF_LOOP",
                id("subnet", 1),
                ({ NatGateways }) => Object.assign(NatGateways?.[0] ?? {}, { SubnetId: id("subnet", 1) }),
            ],
        ];
        for (const [message, component, edit] of edits) {
            const { snapshot, intent } = lab();
            edit(snapshot, intent);
            const { flows, findings } = analyzeAll(snapshot, intent);
            assert.equal(flowOf(flows, "private us-east-1a", "internet").verdict, "UNREACHABLE", message);
            assert.deepEqual(names(findings), [`${message} ${component}`]);
        }
    });

    it("explains a VPC that is gone by that alone", () => {
        const { snapshot, intent } = lab();
        for (const stage of STAGES)
            assert.deepEqual(analyzeStage(stage, { ...snapshot, Vpcs: [] }, intent), {
                findings: [finding("VPC_NOT_FOUND", intent.vpcId, { region: "us-east-1" })],
                flows: [],
            });
    });

    it("calls nothing reachable that it could not read, and names the action to grant", () => {
        for (const stage of STAGES)
            for (const kind of STAGE_KINDS[stage]) {
                const { snapshot, intent } = lab();
                const action = `ec2:Describe${kind}`;
                const part: Snapshot = {
                    ...snapshot,
                    [kind]: undefined,
                    MissingPermissions: [{ kind, action }],
                };
                const { findings, flows } = analyzeStage(stage, part, intent);
                assert.deepEqual(
                    names(findings),
                    [`PERMISSION_MISSING ${action}`],
                    `${stage} without ${kind}`,
                );
                for (const flow of flows) {
                    const unread = flow.verdict === "UNKNOWN";
                    assert.ok(
                        unread || (flow.to === "internet" && kind === "VpcEndpoints"),
                        `${stage} ${kind} ${flow.to}`,
                    );
                }
            }
    });

    it("calls a service unknown whose prefix list has no entries", () => {
        const { snapshot, intent } = lab();
        for (const list of snapshot.ManagedPrefixLists ?? []) list.Entries = [];
        const { flows, findings } = analyzeAll(snapshot, intent);
        assert.equal(flowOf(flows, "isolated us-east-1a", "s3").verdict, "UNKNOWN");
        assert.ok(findings.some((one) => one.id === "PREFIX_LIST_UNKNOWN"));
    });

    it("does not depend on the order of routes, rules, tables and subnets", () => {
        const { snapshot, intent } = lab();
        const slots = new Map(allFaults(intent).map((fault) => [fault.slot, fault]));
        for (const fault of slots.values()) fault.inject(new FakeEc2(snapshot));
        const turned: Snapshot = {
            ...snapshot,
            Subnets: snapshot.Subnets?.slice().reverse(),
            RouteTables: snapshot.RouteTables?.slice()
                .reverse()
                .map((table) => ({ ...table, Routes: table.Routes?.slice().reverse() })),
            VpcEndpoints: snapshot.VpcEndpoints?.slice().reverse(),
            SecurityGroups: snapshot.SecurityGroups?.slice().reverse(),
        };
        const verdicts = (flows: FlowResult[]) => flows.map((flow) => [flow.from, flow.to, flow.verdict]);
        const [one, other] = [analyzeAll(snapshot, intent), analyzeAll(turned, intent)];
        assert.deepEqual(names(one.findings), names(other.findings));
        assert.deepEqual(verdicts(one.flows), verdicts(other.flows));
    });
});
