import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { fileJournal } from "../../../checks/repair/journal";
import { FakeEc2 } from "../support/fake-ec2";
import { allFaults } from "../support/faults";
import { LAB, soundNetwork } from "../support/network";
import { FakeClock } from "../../support/fake-clock";
import { checkInputs, provider } from "../support/world";

/** The process dies: nothing after this runs in it, not even what the code would do about an error. */
class Killed extends Error {}

describe("a run that is cut off", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "journal-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    for (const when of ["before the call", "after the call"])
        it(`${when} of the second edit is taken up by the next run`, async () => {
            const { snapshot, intent } = soundNetwork(LAB);
            const ec2 = new FakeEc2(snapshot);
            for (const place of [0, 3])
                allFaults(intent)
                    .filter((fault) => fault.row === 7)
                    [place]?.inject(ec2);
            const file = join(folder, "deep", "vpc.jsonl");
            let dead = false;
            const dying = {
                ...fileJournal(file),
                write: (line: Parameters<ReturnType<typeof fileJournal>["write"]>[0]) => {
                    if (dead) throw new Killed();
                    const isSecond = ec2.writes.length === 1;
                    fileJournal(file).write(line);
                    if (isSecond && line.event === "begin" && when === "before the call") {
                        dead = true;
                        throw new Killed();
                    }
                },
            };
            ec2.before = (action) => {
                if (when === "after the call" && ec2.writes.length === 2 && action === "AssociateRouteTable")
                    dead = true;
            };
            const inputs = checkInputs("routes", intent, { journal: file });
            const { check } = provider(ec2, new FakeClock(), dying);
            await check.create(inputs).catch(() => undefined);
            assert.ok(dead);
            appendFileSync(file, '{"half a li');
            ec2.before = () => undefined;

            const { outs } = await provider(ec2, new FakeClock(), fileJournal(file)).check.create(inputs);
            assert.equal(outs.verdict, "repaired");
            assert.equal(outs.repairs.length, 2);
            assert.ok(
                outs.repairs.every((repair) =>
                    /^rtbassoc-made\d$/.test(repair.leftover?.associationId ?? ""),
                ),
            );
            assert.ok(outs.findings.every((one) => one.id === "REPAIR_RESUMED"));

            const writes = ec2.writes.length;
            const { outs: again } = await provider(ec2, new FakeClock(), fileJournal(file)).check.create(
                inputs,
            );
            assert.deepEqual([again.verdict, again.repairs, ec2.writes.length], ["healthy", [], writes]);
        });

    it("makes no edit that it cannot write down", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        allFaults(intent)
            .find((fault) => fault.row === 9)
            ?.inject(ec2);
        const full = {
            read: () => [],
            write: () => {
                throw new Error("no space left on device");
            },
        };
        const inputs = checkInputs("routes", intent, { journal: "j" });
        const { outs } = await provider(ec2, new FakeClock(), full).check.create(inputs);
        assert.equal(outs.verdict, "failed");
        assert.deepEqual(ec2.writes, []);
    });
});
