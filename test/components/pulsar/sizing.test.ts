import fc from "fast-check";
import assert from "node:assert/strict";

import { instanceTypeFacts, KNOWN_INSTANCE_FAMILIES } from "../../../components/pulsar/instance-types";
import { PULSAR_ROLES } from "../../../components/pulsar/ports";
import { memoryOf, sizingProblems } from "../../../components/pulsar/sizing";

describe("memory of a Pulsar instance", () => {
    const defaults = [
        ["zookeeper", "t3.small", 1216, 288],
        ["bookkeeper", "m6i.large", 2304, 3456],
        ["bookkeeper", "t3.small", 448, 672],
        ["broker", "m6i.large", 2752, 3360],
        ["client", "t3.medium", 2144, 896],
        ["proxy", "t3.medium", 1216, 1824],
        // A ZooKeeper's heap is not let grow with its instance.
        ["zookeeper", "m6i.2xlarge", 4096, 4896],
    ] as const;
    for (const [role, instanceType, heapMib, directMemoryMib] of defaults) {
        it(`is ${heapMib} + ${directMemoryMib} MiB for ${role} on ${instanceType}`, () => {
            assert.deepEqual(memoryOf(role, { instanceType }), { heapMib, directMemoryMib });
            assert.deepEqual(sizingProblems(role, { instanceType }), []);
        });
    }

    it("fits by default wherever it is not refused, to within 75% of the instance", () => {
        const role = fc.constantFrom(...PULSAR_ROLES);
        fc.assert(
            fc.property(role, fc.integer({ min: 1, max: 512 }), (name, memoryGib) => {
                const args = { instanceType: "any.large", memoryGib };
                const problems = sizingProblems(name, args);
                if (problems.length > 0) return memoryGib < 2;
                const { heapMib, directMemoryMib } = memoryOf(name, args);
                const beside = name === "bookkeeper" ? 384 : 0;
                return heapMib >= 256 && heapMib + directMemoryMib + beside <= memoryGib * 1024 * 0.75;
            }),
        );
    });

    it("takes one number and finds the other, or both", () => {
        const instanceType = "m6i.large";
        assert.deepEqual(memoryOf("broker", { instanceType, heapMib: 4096 }), {
            heapMib: 4096,
            directMemoryMib: 2048,
        });
        assert.deepEqual(memoryOf("broker", { instanceType, directMemoryMib: 4096 }), {
            heapMib: 2048,
            directMemoryMib: 4096,
        });
        assert.deepEqual(memoryOf("broker", { instanceType, heapMib: 512, directMemoryMib: 512 }), {
            heapMib: 512,
            directMemoryMib: 512,
        });
    });

    it("is refused above 75%, autorecovery counted, and allowed at exactly 75%", () => {
        const at = (directMemoryMib: number) =>
            sizingProblems("bookkeeper", { instanceType: "m6i.large", heapMib: 2048, directMemoryMib });
        assert.deepEqual(at(6144 - 2048 - 384), []);
        const [problem] = at(6144 - 2048 - 384 + 1);
        assert.equal(problem?.value, "heap 2048 + direct 3713 + autorecovery 384 = 6145 MiB");
        assert.match(problem?.allowed ?? "", /^at most 6144 MiB on m6i\.large, 75% of its 8192 MiB/);
    });

    const smallest = { zookeeper: 428, bookkeeper: 1366, broker: 759, client: 488, proxy: 854 };
    for (const role of PULSAR_ROLES)
        it(`is refused for ${role} with less than ${smallest[role]} MiB: it would not start`, () => {
            const at = (mib: number) =>
                sizingProblems(role, { instanceType: "any.large", memoryGib: mib / 1024 });
            assert.deepEqual(at(smallest[role]), []);
            assert.match(
                at(smallest[role] - 1)[0]?.allowed ?? "",
                /^a larger type: .* at least 256 \+ 64 is needed$/,
            );
        });

    it("is known of Nitro families, and asked for of others", () => {
        assert.deepEqual(instanceTypeFacts("t3.small"), { memoryGib: 2, architecture: "x86_64" });
        assert.deepEqual(instanceTypeFacts("m7g.xlarge"), { memoryGib: 16, architecture: "arm64" });
        for (const type of ["m4.large", "t3", "t3.small.x", "t3.constructor", "constructor.small", ""])
            assert.equal(instanceTypeFacts(type), undefined, type);
        assert.deepEqual(sizingProblems("broker", { instanceType: "i4i.large", memoryGib: 16 }), []);
        assert.equal(KNOWN_INSTANCE_FAMILIES.length, 18);
    });
});
