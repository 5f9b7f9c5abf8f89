import assert from "node:assert/strict";

import { _InstanceType } from "@aws-sdk/client-ec2";

import { instanceTypeFacts, KNOWN_INSTANCE_FAMILIES } from "../../../components/pulsar/instance-types";

/** The memory of each size in GiB, by the tables of "Amazon EC2 instance types" (Instance Types Guide). */
const MEMORY_GIB: Record<string, Record<string, number>> = {
    t: { micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, "2xlarge": 32 },
    c: { large: 4, xlarge: 8, "2xlarge": 16, "4xlarge": 32 },
    m: { large: 8, xlarge: 16, "2xlarge": 32, "4xlarge": 64, "8xlarge": 128 },
    r: { large: 16, xlarge: 32, "2xlarge": 64, "4xlarge": 128, "8xlarge": 256 },
};
/** All families of Nitro with these sizes, the ones with a processor of ARM at the end. */
const FAMILIES = {
    x86_64: ["t3", "t3a", "c5", "c6i", "c7i", "m5", "m6i", "m7i", "r5", "r6i", "r7i"],
    arm64: ["t4g", "c6g", "c7g", "m6g", "m7g", "r6g", "r7g"],
};

describe("the instance types that the lab knows", () => {
    const names: string[] = Object.values(_InstanceType);

    for (const [architecture, families] of Object.entries(FAMILIES))
        it(`have the memory that EC2 says (${architecture})`, () => {
            for (const family of families)
                for (const [size, memoryGib] of Object.entries(MEMORY_GIB[family.charAt(0)] ?? {})) {
                    const type = `${family}.${size}`;
                    assert.deepEqual(instanceTypeFacts(type), { memoryGib, architecture }, type);
                    assert.ok(names.includes(type), `EC2 has no ${type}`);
                }
        });

    it("are of these families and sizes alone", () => {
        const known = names.filter((name) => instanceTypeFacts(name) !== undefined);
        const families = Object.values(FAMILIES).flat();
        const sizes = (family: string) => Object.keys(MEMORY_GIB[family.charAt(0)] ?? {});
        const all = families.flatMap((family) => sizes(family).map((size) => `${family}.${size}`));
        assert.deepEqual(known.sort(), all.sort());
        assert.deepEqual([...KNOWN_INSTANCE_FAMILIES].sort(), families.sort());
    });
});
