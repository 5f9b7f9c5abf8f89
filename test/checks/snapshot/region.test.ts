import assert from "node:assert/strict";

import { Deadline } from "../../../lib/clock";
import { Ec2, type Ec2Client } from "../../../lib/aws/ec2";
import { ALL_KINDS, takeSnapshot } from "../../../checks/snapshot/take";
import { FakeClock } from "../../support/fake-clock";

describe("snapshot of a region", () => {
    const take = async (denied?: string) => {
        const calls: { action: string; input: unknown }[] = [];
        const client = {
            send: async ({ input, constructor }: { input: unknown; constructor: { name: string } }) => {
                const action = constructor.name.replace(/Command$/, "");
                calls.push({ action, input });
                if (action === denied)
                    throw Object.assign(new Error(action), { name: "UnauthorizedOperation" });
                const vpcs = ["vpc-a", "vpc-b"].map((VpcId) => ({ VpcId, OwnerId: "123456789012" }));
                return action === "DescribeVpcs" ? { Vpcs: vpcs } : {};
            },
        } as unknown as Ec2Client;
        const clock = new FakeClock();
        const ec2 = new Ec2(client, clock, new Deadline(clock, 60));
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
