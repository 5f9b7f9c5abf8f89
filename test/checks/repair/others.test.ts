import assert from "node:assert/strict";

import fc from "fast-check";

import type { RouteTable } from "@aws-sdk/client-ec2";

import { awsError, FakeEc2 } from "../support/fake-ec2";
import { firstOf } from "../support/findings";
import { allFaults, type Fault } from "../support/faults";
import { id, LAB, soundNetwork } from "../support/network";
import { checkInputs, comparable, provider, runAll } from "../support/world";

/** Repairs while AWS, other people and other faults have their own way. */

const { intent } = soundNetwork(LAB);

function broken(row: number): FakeEc2 {
    const ec2 = new FakeEc2(soundNetwork(LAB).snapshot);
    ec2.pageSize = 1000;
    const fault = allFaults(intent).find((one) => one.row === row);
    assert.ok(fault, `row ${row}`);
    fault.inject(ec2);
    return ec2;
}

describe("repairs that AWS throttles", () => {
    it("are tried again, a little later each time, and made once", async () => {
        const ec2 = broken(9);
        const throttled = () => awsError("RequestLimitExceeded");
        ec2.errors.set("CreateRoute", [throttled(), throttled(), throttled()]);
        const { check, clock } = provider(ec2);
        const { outs } = await check.create(checkInputs("routes", intent));
        assert.equal(outs.verdict, "repaired");
        assert.equal(outs.repairs.length, 1);
        assert.deepEqual(ec2.writes, ["CreateRoute", "CreateRoute", "CreateRoute", "CreateRoute"]);
        assert.deepEqual(clock.sleeps, [200, 400, 800]);
        assert.deepEqual(comparable(ec2.state), comparable(soundNetwork(LAB).snapshot));
    });

    it("are given up at the deadline, and nothing is claimed of them", async () => {
        const ec2 = broken(9);
        const before = comparable(ec2.state);
        ec2.errors.set(
            "CreateRoute",
            Array.from({ length: 1000 }, () => awsError("RequestLimitExceeded")),
        );
        const { check, clock } = provider(ec2);
        const start = clock.now();
        const { outs } = await check.create(checkInputs("routes", intent, { timeoutSeconds: 10 }));
        assert.equal(outs.verdict, "failed");
        assert.deepEqual(outs.repairs, []);
        assert.equal(clock.now() - start, 10_000);
        assert.ok(outs.findings.some((one) => one.id === "PRIVATE_NO_DEFAULT_ROUTE"));
        assert.match(firstOf(outs.findings, "REPAIR_FAILED")?.args.error ?? "", /within 10 seconds/);
        assert.deepEqual(comparable(ec2.state), before);
    });
});

describe("a change by somebody else between the look and the repair", () => {
    /** Happens after the first look, when the repair looks at its route again. */
    const meanwhile = (ec2: FakeEc2, change: (table: RouteTable) => void) => {
        let looks = 0;
        ec2.before = (action) => {
            if (action === "DescribeRouteTables" && (looks += 1) === 2) change(ec2.table(id("rtb", 1)));
        };
    };
    const pointTo = (target: object) => (table: RouteTable) => {
        const route = { DestinationCidrBlock: "0.0.0.0/0", Origin: "CreateRoute", State: "active" } as const;
        table.Routes = [
            ...(table.Routes ?? []).filter((one) => one.DestinationCidrBlock !== "0.0.0.0/0"),
            { ...route, ...target },
        ];
    };

    it("is not overwritten when it is another way out, which then is reported", async () => {
        const ec2 = broken(12);
        meanwhile(ec2, pointTo({ NetworkInterfaceId: "eni-0000000000000f1e" }));
        const { outs } = await provider(ec2).check.create(checkInputs("routes", intent));
        assert.deepEqual(ec2.writes, []);
        assert.deepEqual(outs.repairs, []);
        assert.equal(outs.verdict, "failed");
        const [route] = outs.findings.filter((one) => one.component === id("rtb", 1));
        assert.equal(route?.id, "PRIVATE_WRONG_NEXT_HOP");
        const failed = firstOf(outs.findings, "REPAIR_FAILED");
        assert.match(failed?.args.error ?? "", /changed meanwhile, from igw-\w+ \(active\) to eni-\w+/);
    });

    it("is left alone when it mends the fault", async () => {
        const ec2 = broken(12);
        meanwhile(ec2, pointTo({ NatGatewayId: id("nat", 0) }));
        const { outs } = await provider(ec2).check.create(checkInputs("routes", intent));
        assert.deepEqual(ec2.writes, []);
        assert.deepEqual([outs.verdict, outs.findings, outs.repairs], ["healthy", [], []]);
    });

    it("does not keep a fault that is still there from being mended", async () => {
        const ec2 = broken(12);
        meanwhile(ec2, pointTo({ NatGatewayId: "nat-0000000000000dead", State: "blackhole" }));
        const { outs } = await provider(ec2).check.create(checkInputs("routes", intent));
        assert.deepEqual(ec2.writes, ["ReplaceRoute"]);
        assert.deepEqual([outs.verdict, outs.findings], ["repaired", []]);
        assert.equal(outs.repairs[0]?.before, "nat-0000000000000dead");
    });
});

describe("a rule that admits the world", () => {
    const rule = (ec2: FakeEc2, Tags: { Key: string; Value: string }[]) => {
        const opened = ec2.state.SecurityGroups?.find((group) =>
            group.IpPermissions?.some((one) => one.IpRanges?.[0]?.CidrIp === "0.0.0.0/0"),
        );
        const permission = opened?.IpPermissions?.find((one) => one.IpRanges?.[0]?.CidrIp === "0.0.0.0/0");
        ec2.state.SecurityGroupRules = [
            {
                SecurityGroupRuleId: "sgr-1",
                GroupId: opened?.GroupId,
                IsEgress: false,
                IpProtocol: "tcp",
                FromPort: permission?.FromPort,
                ToPort: permission?.ToPort,
                CidrIpv4: "0.0.0.0/0",
                Tags,
            },
        ];
    };
    const writesTo = async (Tags: { Key: string; Value: string }[]) => {
        const ec2 = broken(29);
        rule(ec2, Tags);
        const results = await runAll(ec2, intent);
        return { ec2, findings: results.flatMap((one) => one.findings) };
    };

    it("is revoked when it carries no tags, as what a person opened by hand does not", async () => {
        const { ec2, findings } = await writesTo([]);
        assert.deepEqual(ec2.writes, ["RevokeSecurityGroupIngress"]);
        assert.deepEqual(findings, []);
    });

    it("is left when it carries tags, of whomever they are, and the report says whose", async () => {
        const { ec2, findings } = await writesTo([{ Key: "Team", Value: "other" }]);
        assert.deepEqual(ec2.writes, []);
        const refused = firstOf(findings, "REPAIR_REFUSED");
        assert.match(refused?.args.reason ?? "", /rule sgr-1 of sg-\w+ carries the tags Team=other/);
        assert.ok(findings.some((one) => one.id === "WORLD_OPEN"));
    });

    it("is left when it may not be known whether it carries tags", async () => {
        const ec2 = broken(29);
        ec2.denied.add("DescribeSecurityGroupRules");
        const findings = (await runAll(ec2, intent)).flatMap((one) => one.findings);
        assert.deepEqual(ec2.writes, []);
        assert.ok(findings.some((one) => one.component === "ec2:DescribeSecurityGroupRules"));
    });
});

describe("several faults", () => {
    it("commute: in any order, and all at once or one after the other, repairs end in the same network", async function () {
        this.timeout(240_000);
        const sound = comparable(soundNetwork(LAB).snapshot);
        const faults = allFaults(intent).filter((fault) => fault.automatic);
        const some = fc.uniqueArray(fc.constantFrom(...faults), {
            minLength: 2,
            maxLength: 4,
            selector: (fault) => fault.slot,
        });
        const mended = async (ec2: FakeEc2, about: string): Promise<void> => {
            const results = await runAll(ec2, intent);
            assert.deepEqual(
                results.flatMap((one) => one.findings),
                [],
                about,
            );
            assert.deepEqual(comparable(ec2.state), sound, about);
        };
        const names = (chosen: readonly Fault[]) => chosen.map(({ row, slot }) => `${row} ${slot}`).join();
        await fc.assert(
            fc.asyncProperty(some, async (chosen) => {
                for (const order of [chosen, [...chosen].reverse()]) {
                    const together = new FakeEc2(soundNetwork(LAB).snapshot);
                    together.pageSize = 1000;
                    for (const fault of order) fault.inject(together);
                    await mended(together, `together: ${names(order)}`);
                    assert.equal(together.writes.length, chosen.length);

                    const single = new FakeEc2(soundNetwork(LAB).snapshot);
                    single.pageSize = 1000;
                    for (const fault of order) {
                        fault.inject(single);
                        await mended(single, `one by one: ${names(order)}`);
                    }
                }
            }),
            { numRuns: 30, seed: 20260101 },
        );
    });
});
