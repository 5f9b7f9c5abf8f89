import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

import { FAULTS } from "../../../sandbox/faults";
import { Deployment, type StackSettings } from "./deployment";

/** Row 17 needs a network without NAT: AWS detaches no gateway while a NAT gateway's address is mapped through it. */
const WITHOUT_NAT = new Set(["17"]);

describe("faults behind Pulumi's back", function () {
    this.timeout(180_000);
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

    for (const natGateways of ["single", "none"]) {
        const rows = Object.entries(FAULTS).filter(
            ([row]) => WITHOUT_NAT.has(row) === (natGateways === "none"),
        );
        describe(`in a network with natGateways: ${natGateways}`, () => {
            const stack = `faults-${natGateways}`;
            const configure = (mode: string) => {
                const settings: StackSettings = {
                    network: { natGateways },
                    checks: { mode, everyUpdate: true },
                };
                return deployment.configure(stack, settings);
            };
            const network = async () => ({
                ec2: deployment.ec2,
                vpcId: (await deployment.outputs(stack)).vpcId,
            });

            before(async () => {
                await configure("fix");
                const { code, text } = await deployment.up(stack);
                assert.equal(code, 0, text);
            });
            after(async () => {
                const { code, text } = await deployment.pulumi("destroy", "--yes", "--stack", stack);
                assert.equal(code, 0, text);
                assert.deepEqual(await deployment.sandbox.resources(), []);
            });

            for (const [row, fault] of rows) {
                it(`row ${row}: ${fault.title}: reported without a write, then repaired, then healthy`, async () => {
                    const broken = await fault.inject(await network());

                    await configure("validate");
                    const [report, reportWrites] = await watch(() => deployment.up(stack));
                    assert.notEqual(report.code, 0, report.text);
                    assert.ok(report.text.includes(fault.code), report.text);
                    for (const id of broken)
                        assert.ok(report.text.includes(id), `${id} is not named:\n${report.text}`);
                    assert.deepEqual(reportWrites, []);

                    const earlier = (await deployment.outputs(stack)).connectivityRepairs;
                    await configure("fix");
                    const [repair, repairWrites] = await watch(() => deployment.up(stack));
                    assert.equal(repair.code, 0, repair.text);
                    assert.ok(repair.text.includes(`Was broken [${fault.code}]`), repair.text);
                    assert.notDeepEqual(repairWrites, []);
                    const repaired = await deployment.outputs(stack);
                    assert.equal(repaired.connectivityHealthy, true);
                    // What a repair made and Pulumi does not know of stays recorded until it is undone.
                    const recorded = repaired.connectivityRepairs.filter(
                        (done) => !earlier.some((known) => isDeepStrictEqual(known, done)),
                    );
                    assert.equal(recorded.length, repairWrites.length);

                    const [again, againWrites] = await watch(() => deployment.up(stack));
                    assert.equal(again.code, 0, again.text);
                    assert.deepEqual(againWrites, []);
                    assert.equal((await deployment.outputs(stack)).connectivityHealthy, true);
                });
            }

            it("converges with a refresh after all the repairs", async () => {
                const refresh = await deployment.pulumi("refresh", "--yes", "--stack", stack);
                assert.equal(refresh.code, 0, refresh.text);
                const up = await deployment.up(stack);
                assert.equal(up.code, 0, up.text);
                assert.equal((await deployment.outputs(stack)).connectivityHealthy, true);
            });
        });
    }
});
