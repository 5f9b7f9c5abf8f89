import assert from "node:assert/strict";

import { EC2Client } from "@aws-sdk/client-ec2";

import { Deadline } from "../../../lib/clock";
import { Ec2 } from "../../../lib/aws/ec2";
import { ALL_KINDS, takeSnapshot } from "../../../checks/snapshot/take";
import { FakeClock } from "../../support/fake-clock";
import { actionOf, clientInMemory } from "../../support/sdk-client";

describe("snapshot of a region", () => {
    const take = async (denied?: string) => {
        const calls: { action: string; input: unknown }[] = [];
        const client = clientInMemory(EC2Client, async (command) => {
            const action = actionOf(command);
            calls.push({ action, input: command.input });
            if (action === denied) throw Object.assign(new Error(action), { name: "UnauthorizedOperation" });
            const vpcs = ["vpc-a", "vpc-b"].map((VpcId) => ({ VpcId, OwnerId: "123456789012" }));
            return action === "DescribeVpcs" ? { Vpcs: vpcs } : {};
        });
        const clock = new FakeClock();
        const ec2 = new Ec2(client, new Deadline(clock, 60));
        return { calls, snapshot: await takeSnapshot(ec2, "us-east-1", undefined, ALL_KINDS) };
    };

    it("makes one call a kind, and two for each VPC's attributes", async () => {
        const { calls, snapshot } = await take();
        const counts = new Map<string, number>();
        for (const { action } of calls) counts.set(action, (counts.get(action) ?? 0) + 1);
        const once = ALL_KINDS.filter((kind) => kind !== "VpcAttributes").map((kind) => [
            `Describe${kind}`,
            1,
        ]);
        assert.deepEqual([...counts].sort(), [...once, ["DescribeVpcAttribute", 4]].sort());
        assert.ok(calls.every(({ input }) => !JSON.stringify(input).includes("vpc-id")));
        assert.equal(snapshot.accountId, "123456789012");
        assert.deepEqual(Object.keys(snapshot.VpcAttributes ?? {}).sort(), ["vpc-a", "vpc-b"]);
    });

    it("records each kind that it may not read, with the action", async () => {
        for (const kind of ["NetworkAcls", "NetworkInterfaces", "Instances", "SecurityGroupRules"] as const) {
            const { snapshot } = await take(`Describe${kind}`);
            assert.deepEqual(snapshot.MissingPermissions, [{ kind, action: `ec2:Describe${kind}` }]);
            assert.equal(snapshot[kind], undefined);
        }
    });
});
