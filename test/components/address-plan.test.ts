import assert from "node:assert/strict";
import fc from "fast-check";

import type { SubnetTier } from "../../checks/intent";
import { type Cidr, containsCidr, formatCidr, parseCidr } from "../../lib/addresses/ipv4";
import { addressPlanProblems, planAddresses } from "../../components/address-plan";

const TIERS: SubnetTier[] = ["public", "private", "isolated"];

/** Any VPC range that the rules allow. */
const vpcRange = fc
    .tuple(
        fc.constantFrom("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        fc.integer({ min: 16, max: 22 }),
        fc.nat(),
    )
    .map(([parent, prefixLength, seed]) => {
        const { base, length: parentPrefix } = parseCidr(parent);
        const slot = seed % 2 ** (prefixLength - parentPrefix);
        return formatCidr({ base: base + slot * 2 ** (32 - prefixLength), length: prefixLength });
    })
    .filter((range) => addressPlanProblems(range).length === 0);

const zoneList = fc
    .shuffledSubarray(["a", "b", "c", "d", "e", "f", "g", "h"], { minLength: 1 })
    .map((letters) => letters.map((letter) => `eu-west-1${letter}`));

const overlap = (one: Cidr, other: Cidr) => containsCidr(one, other) || containsCidr(other, one);

describe("address plan", () => {
    it("is the documented one for the range of the dev stack", () => {
        assert.deepEqual(
            planAddresses({
                cidrBlock: "10.20.0.0/16",
                availabilityZones: ["us-east-1a", "us-east-1c"],
                tiers: TIERS,
            }),
            {
                private: ["10.20.0.0/20", "10.20.64.0/20"],
                public: ["10.20.16.0/22", "10.20.80.0/22"],
                isolated: ["10.20.20.0/22", "10.20.84.0/22"],
            },
        );
    });

    it("stays inside the VPC, without overlap, in subnets that AWS can make", () => {
        fc.assert(
            fc.property(vpcRange, zoneList, (cidrBlock, availabilityZones) => {
                const plan = planAddresses({ cidrBlock, availabilityZones, tiers: TIERS });
                const ranges = TIERS.flatMap((tier) => plan[tier]).map(parseCidr);
                assert.equal(ranges.length, availabilityZones.length * TIERS.length);
                for (const [index, range] of ranges.entries()) {
                    assert.ok(containsCidr(parseCidr(cidrBlock), range));
                    assert.ok(range.length <= 28);
                    for (const other of ranges.slice(index + 1)) assert.ok(!overlap(range, other));
                }
            }),
        );
    });

    it("moves nothing when a zone or a tier is added, wherever it stands in the list", () => {
        fc.assert(
            fc.property(vpcRange, zoneList, fc.subarray(TIERS), fc.nat(), (cidrBlock, zones, tiers, seed) => {
                const whole = planAddresses({ cidrBlock, availabilityZones: zones, tiers: TIERS });
                const left = zones.filter((_, index) => index !== seed % zones.length);
                const part = planAddresses({ cidrBlock, availabilityZones: left, tiers });
                for (const tier of tiers) {
                    left.forEach((zone, index) =>
                        assert.equal(part[tier][index], whole[tier][zones.indexOf(zone)]),
                    );
                }
            }),
        );
    });

    it("gives a tier that is not asked for no range", () => {
        const plan = planAddresses({
            cidrBlock: "10.0.0.0/16",
            availabilityZones: ["us-east-1a"],
            tiers: ["private"],
        });
        assert.deepEqual(plan, { private: ["10.0.0.0/20"], public: [], isolated: [] });
    });

    it("refuses a zone that has no place", () => {
        assert.throws(
            () =>
                planAddresses({ cidrBlock: "10.0.0.0/16", availabilityZones: ["us-east-1z"], tiers: TIERS }),
            /us-east-1z does not end in a to h/,
        );
    });
});

describe("address plan problems", () => {
    const cases: [string, RegExp | undefined][] = [
        ["10.0.0.0/16", undefined],
        ["10.255.252.0/22", undefined],
        ["172.16.0.0/16", undefined],
        ["100.64.0.0/16", undefined],
        ["10.0.0.0/15", /at most a \/16/],
        ["10.0.0.0/23", /at least a \/22/],
        ["10.0.0.0", /an IPv4 range/],
        ["10.0.0.1/16", /an IPv4 range/],
        ["10.0.0.0/33", /an IPv4 range/],
        ["010.0.0.0/16", /an IPv4 range/],
        ["10.0.0/16", /an IPv4 range/],
        ["fd00::/16", /an IPv4 range/],
        ["8.8.0.0/16", /a range inside 10\.0\.0\.0\/8/],
        ["172.32.0.0/16", /a range inside/],
        ["172.17.0.0/16", /Docker/],
        ["172.17.128.0/20", /Docker/],
    ];
    for (const [range, expected] of cases) {
        it(`${range} is ${expected ? "refused" : "allowed"}`, () => {
            const problems = addressPlanProblems(range);
            assert.equal(problems.length, expected ? 1 : 0);
            if (expected) assert.match(problems[0]?.allowed ?? "", expected);
        });
    }
});
