import assert from "node:assert/strict";

import { STAGES } from "../../../checks/messages";
import type { CheckOutputs } from "../../../checks/provider/check-inputs";
import { FakeEc2 } from "../support/fake-ec2";
import { LAB, soundNetwork } from "../support/network";
import { checkInputs, provider } from "../support/world";
import stored from "./stored/before-typed-edits.json";

/**
 * What version 0.1 stored, recorded by running it on the network of these tests: all six stages, once with repairs and once with
 * findings. A stack that was deployed by it has to be refreshed, updated and destroyed by this version.
 */
const { repaired, failed } = stored as unknown as Record<"repaired" | "failed", CheckOutputs[]>;
const all = [...repaired, ...failed];
const { intent } = soundNetwork(LAB);

/** The network after those repairs: sound, with the associations that they made. */
function network(): FakeEc2 {
    const ec2 = new FakeEc2(soundNetwork(LAB).snapshot);
    ec2.pageSize = 1000;
    for (const { associationId, subnetId, routeTableId } of leftovers)
        for (const association of ec2.table(routeTableId).Associations ?? [])
            if (association.SubnetId === subnetId) association.RouteTableAssociationId = associationId;
    return ec2;
}

const leftovers = repaired.flatMap(({ repairs }) => repairs.flatMap(({ leftover }) => leftover ?? []));
const isLeftover = ({ associationId }: { associationId: string }, ec2: FakeEc2) =>
    ec2.state.RouteTables?.some((table) =>
        table.Associations?.some((one) => one.RouteTableAssociationId === associationId),
    );

describe("state of version 0.1", () => {
    it("was recorded with repairs, findings and what has to be removed again", () => {
        assert.deepEqual(
            [repaired, failed].map((run) => run.map(({ stage }) => stage)),
            [STAGES, STAGES],
        );
        assert.ok(repaired.flatMap(({ repairs }) => repairs).length > 5);
        assert.ok(failed.every(({ findings, verdict }) => findings.length > 0 && verdict === "failed"));
        assert.equal(leftovers.length, 2);
    });

    it("is kept by a refresh, which says that it cannot judge it", async () => {
        for (const old of all) {
            const { check, log } = provider(network());
            assert.deepEqual(await check.read("id", old), { id: "id", props: old });
            assert.match(
                log.join(),
                /stored by an earlier version of this program.*`pulumi up` runs it again/,
            );
        }
    });

    it("is updated in its place, and the check runs again", async () => {
        for (const old of all) {
            const inputs = checkInputs(old.stage, intent, { mode: old.mode });
            const { check } = provider(network());
            assert.deepEqual(await check.diff("id", old, inputs), { changes: true, replaces: [] });
            const { outs } = await check.update("id", old, inputs);
            assert.deepEqual([outs.stage, outs.verdict, outs.findings], [old.stage, "healthy", []]);
            assert.deepEqual(
                outs.repairs,
                old.repairs.filter(({ leftover }) => leftover !== undefined),
            );
            assert.deepEqual(await check.diff("id", outs, inputs), { changes: false, replaces: [] });
        }
    });

    it("is deleted with what its repairs left", async () => {
        const ec2 = network();
        assert.ok(leftovers.every((one) => isLeftover(one, ec2)));
        for (const old of all) await provider(ec2).check.delete("id", old);
        assert.ok(!leftovers.some((one) => isLeftover(one, ec2)));
        assert.deepEqual(ec2.writes, ["DisassociateRouteTable", "DisassociateRouteTable"]);
    });
});
