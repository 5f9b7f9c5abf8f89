import assert from "node:assert/strict";

import { EC2Client } from "@aws-sdk/client-ec2";

import { retriesWithin } from "../../../lib/aws/retry";
import { Deadline } from "../../../lib/clock";
import { Ec2 } from "../../../lib/aws/ec2";
import { SnapshotCache } from "../../../checks/snapshot/cache";
import { takeSnapshot } from "../../../checks/snapshot/take";
import { awsError, FakeEc2 } from "../support/fake-ec2";
import { DEV, LAB, REGION, soundNetwork } from "../support/network";
import { FakeClock } from "../../support/fake-clock";
import { clientInMemory } from "../../support/sdk-client";
import { checkInputs, provider, runAll } from "../support/world";

function session(ec2: FakeEc2, seconds = 300) {
    const clock = new FakeClock();
    const deadline = new Deadline(clock, seconds, "timeoutSeconds");
    return { clock, ec2: new Ec2(ec2.connect(retriesWithin(deadline)), deadline) };
}

describe("snapshot", () => {
    it("holds the items of every page, verbatim", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const taken = await takeSnapshot(session(new FakeEc2(snapshot)).ec2, REGION, intent.vpcId);
        assert.deepEqual(taken, snapshot);
    });

    it("asks AWS to filter by the VPC wherever AWS can", async () => {
        const { snapshot, intent } = soundNetwork(DEV);
        const ec2 = new FakeEc2(snapshot);
        await takeSnapshot(session(ec2).ec2, REGION, intent.vpcId);
        const unfiltered = ec2.calls.filter(({ input }) => !JSON.stringify(input).includes(intent.vpcId));
        assert.deepEqual(
            new Set(unfiltered.map(({ action }) => action)),
            new Set([
                "DescribeDhcpOptions",
                "DescribeInternetGateways",
                "DescribeManagedPrefixLists",
                "GetManagedPrefixListEntries",
            ]),
        );
    });

    it("keeps at most four calls under way", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        let [running, most] = [0, 0];
        const client = clientInMemory(EC2Client, async (command) => {
            most = Math.max(most, (running += 1));
            await new Promise(setImmediate);
            running -= 1;
            return ec2.send(command);
        });
        const clock = new FakeClock();
        await takeSnapshot(new Ec2(client, new Deadline(clock, 60)), REGION, intent.vpcId);
        assert.equal(most, 4);
    });

    it("records what it may not read, with the action to grant, and reads the rest", async () => {
        for (const [action, kind] of [
            ["DescribeRouteTables", "RouteTables"],
            ["DescribeVpcAttribute", "VpcAttributes"],
            ["GetManagedPrefixListEntries", "ManagedPrefixLists"],
        ] as const) {
            const { snapshot, intent } = soundNetwork(DEV);
            const ec2 = new FakeEc2(snapshot);
            ec2.denied.add(action);
            const taken = await takeSnapshot(session(ec2).ec2, REGION, intent.vpcId);
            assert.deepEqual(taken.MissingPermissions, [{ kind, action: `ec2:${action}` }]);
            assert.equal(taken[kind], undefined);
            assert.equal(taken.Subnets?.length, intent.subnets.length);
        }
    });

    it("waits longer and longer while AWS throttles, then goes on", async () => {
        const { snapshot, intent } = soundNetwork(DEV);
        const ec2 = new FakeEc2(snapshot);
        ec2.errors.set(
            "DescribeVpcs",
            Array.from({ length: 8 }, () => awsError("RequestLimitExceeded")),
        );
        const { ec2: calls, clock } = session(ec2);
        const taken = await takeSnapshot(calls, REGION, intent.vpcId);
        assert.equal(taken.Vpcs?.length, 1);
        assert.deepEqual(clock.sleeps, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
    });

    it("tries again after a broken connection and a fault of AWS, but not after a wrong request", async () => {
        const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
        const fault = Object.assign(new Error("oops"), { name: "Weird", $metadata: { httpStatusCode: 503 } });
        const { snapshot, intent } = soundNetwork(DEV);
        const ec2 = new FakeEc2(snapshot);
        ec2.errors.set("DescribeSubnets", [reset, fault]);
        const { ec2: calls, clock } = session(ec2);
        await takeSnapshot(calls, REGION, intent.vpcId);
        assert.equal(clock.sleeps.length, 2);
        ec2.errors.set("DescribeSubnets", [awsError("InvalidParameterValue")]);
        await assert.rejects(takeSnapshot(session(ec2).ec2, REGION, intent.vpcId), {
            name: "InvalidParameterValue",
        });
    });

    it("ends when its time is over, and says which setting to change", async () => {
        const { snapshot, intent } = soundNetwork(DEV);
        const ec2 = new FakeEc2(snapshot);
        ec2.errors.set(
            "DescribeVpcs",
            Array.from({ length: 20 }, () => awsError("Throttling")),
        );
        await assert.rejects(takeSnapshot(session(ec2, 10).ec2, REGION, intent.vpcId), {
            name: "DeadlineExceededError",
            message: /ec2:Describe\w+ did not finish within 10 seconds \(timeoutSeconds\)/,
        });
    });
});

describe("shared snapshot", () => {
    const callsOf = (ec2: FakeEc2, action: string) =>
        ec2.calls.filter((call) => call.action === action && call.input.NextToken === undefined).length;

    it("is taken once for all checks of a run", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        await runAll(ec2, intent);
        for (const action of new Set(ec2.calls.map((call) => call.action)))
            assert.equal(
                callsOf(ec2, action),
                { DescribeVpcAttribute: 2, GetManagedPrefixListEntries: 2 }[action] ?? 1,
                action,
            );
    });

    it("is taken once for a refresh, though its checks read at the same time", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const outs = await runAll(new FakeEc2(snapshot), intent);
        const ec2 = new FakeEc2(snapshot);
        const { check } = provider(ec2);
        await Promise.all(outs.map((stored) => check.read("id", stored)));
        assert.equal(callsOf(ec2, "DescribeRouteTables"), 1);
    });

    it("is never acted on: what it shows broken and somebody mended since is not reported", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        const table = ec2.state.RouteTables?.find(
            (one) => one.RouteTableId === intent.subnets[1]?.routeTableId,
        );
        const routes = table?.Routes;
        assert.ok(table && routes);
        const { check } = provider(ec2);
        table.Routes = routes.slice(0, 1);
        await check.create(checkInputs("vpc", intent));
        table.Routes = routes;
        const { outs } = await check.create(checkInputs("routes", intent));
        assert.equal(outs.verdict, "healthy");
        assert.deepEqual(ec2.writes, []);
    });

    it("is not the one of the refresh before an update, because Pulumi changes the network in between", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        const [, stored] = await runAll(ec2, intent);
        assert.ok(stored);
        const { check } = provider(ec2);
        await check.read("id", stored);
        const table = ec2.state.RouteTables?.find(
            (one) => one.RouteTableId === intent.subnets[1]?.routeTableId,
        );
        assert.ok(table?.Routes);
        table.Routes = table.Routes.slice(0, 1);
        const { outs } = await check.update("id", stored, checkInputs("routes", intent));
        assert.equal(outs.verdict, "repaired");
    });

    it("is taken anew by the first stage, after a write and when it is old", async () => {
        const clock = new FakeClock();
        const cache = new SnapshotCache(clock);
        let taken = 0;
        const get = () => cache.get("key", async () => ({ region: String((taken += 1)) }));
        assert.deepEqual([get().shared, get().shared], [false, true]);
        cache.invalidate("key");
        assert.equal(get().shared, false);
        await clock.sleep(15_000);
        assert.equal(get().shared, false);
        assert.equal(taken, 3);
    });

    it("is not kept when it could not be taken", async () => {
        const cache = new SnapshotCache(new FakeClock());
        await assert.rejects(cache.get("key", async () => Promise.reject(new Error("no"))).snapshot, /no/);
        await new Promise(setImmediate);
        assert.equal(cache.get("key", async () => ({ region: "us-east-1" })).shared, false);
    });
});
