import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { layOutSubnets, type LayoutOptions } from "../../../../sandbox/providers/awsx/subnet-layout";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"];

/** Three tiers with a /24 for each zone, in the order given. */
function explicit(zones: number, changes: Partial<LayoutOptions> = {}): LayoutOptions {
    const blocks = (third: number) => ZONES.slice(0, zones).map((_, index) => `10.0.${third + index}.0/24`);
    return {
        name: "net",
        cidrBlock: "10.0.0.0/16",
        zones: ZONES.slice(0, zones),
        natStrategy: "None",
        strategy: "Auto",
        specs: [
            { type: "Isolated", name: "data", cidrBlocks: blocks(32), tags: { Tier: "data" } },
            { type: "Public", cidrBlocks: blocks(0) },
            { type: "Private", cidrBlocks: blocks(16) },
        ],
        ...changes,
    };
}

describe("sandbox/providers/awsx subnet layout", () => {
    it("goes zone by zone, public before private before isolated, whatever the order of the specs", () => {
        const { subnets, resolved } = layOutSubnets(explicit(2));
        assert.deepEqual(
            subnets.map(({ name, type, zone, cidrBlock }) => [name, type, zone, cidrBlock]),
            [
                ["net-public-1", "Public", "us-east-1a", "10.0.0.0/24"],
                ["net-private-1", "Private", "us-east-1a", "10.0.16.0/24"],
                ["net-data-1", "Isolated", "us-east-1a", "10.0.32.0/24"],
                ["net-public-2", "Public", "us-east-1b", "10.0.1.0/24"],
                ["net-private-2", "Private", "us-east-1b", "10.0.17.0/24"],
                ["net-data-2", "Isolated", "us-east-1b", "10.0.33.0/24"],
            ],
        );
        assert.deepEqual(subnets[2]?.tags, { Tier: "data" });
        assert.deepEqual(resolved[0], {
            type: "Isolated",
            name: "data",
            cidrBlocks: ["10.0.32.0/24", "10.0.33.0/24"],
        });
        assert.deepEqual(resolved[1], { type: "Public", cidrBlocks: ["10.0.0.0/24", "10.0.1.0/24"] });
    });

    it("adds a zone without changing the others", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: ZONES.length - 1 }), (zones) => {
                const before = layOutSubnets(explicit(zones)).subnets;
                const after = layOutSubnets(explicit(zones + 1)).subnets;
                assert.deepEqual(after.slice(0, before.length), before);
                assert.equal(after.length, before.length + 3);
            }),
        );
    });

    const standard = (zones: number, cidrBlock = "10.20.0.0/16"): LayoutOptions => ({
        name: "net",
        cidrBlock,
        zones: ZONES.slice(0, zones),
        natStrategy: "OnePerAz",
    });

    it("without specs gives each zone a private half and a public quarter", () => {
        const { subnets, resolved } = layOutSubnets(standard(3));
        assert.deepEqual(
            subnets.map(({ name, cidrBlock }) => `${name} ${cidrBlock}`),
            [
                "net-public-1 10.20.32.0/20",
                "net-private-1 10.20.0.0/19",
                "net-public-2 10.20.96.0/20",
                "net-private-2 10.20.64.0/19",
                "net-public-3 10.20.160.0/20",
                "net-private-3 10.20.128.0/19",
            ],
        );
        assert.deepEqual(resolved, [
            { type: "Private", cidrMask: 19 },
            { type: "Unused", cidrMask: 19 },
            { type: "Private", cidrMask: 19 },
        ]);
        const one = layOutSubnets(standard(1, "10.0.0.0/24"));
        assert.deepEqual(one.resolved, [
            { type: "Private", cidrMask: 25 },
            { type: "Public", cidrMask: 26 },
        ]);
        assert.deepEqual(layOutSubnets({ ...standard(0), natStrategy: "None" }), {
            subnets: [],
            resolved: [],
        });
    });

    it("without specs never overlaps and stays inside the VPC", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 16, max: 22 }), (zones, length) => {
                // Overlaps are refused by the layout itself; Exact would refuse what leaves the VPC.
                const { subnets } = layOutSubnets(standard(zones, `10.4.0.0/${length}`));
                assert.equal(subnets.length, 2 * zones);
                const end = 2 ** (32 - length);
                for (const { cidrBlock } of subnets) {
                    const [, , third = 0, fourth = 0, mask = 0] = cidrBlock.split(/[./]/).map(Number);
                    assert.ok(third * 256 + fourth + 2 ** (32 - mask) <= end, cidrBlock);
                }
            }),
        );
    });

    for (const [what, options, message] of [
        [
            "lists of another length than the zones'",
            explicit(2, { zones: ZONES.slice(0, 3) }),
            /\[subnetSpecs\[0\]\.cidrBlocks\] has 2 ranges for 3 availability zones: give one range for each zone/,
        ],
        [
            "what is no range",
            explicit(1, { specs: [{ type: "Public", cidrBlocks: ["10.0.0/24"] }] }),
            /\[subnetSpecs\[0\]\.cidrBlocks\[0\]\] "10\.0\.0\/24" is not an IPv4 CIDR block|is not an IPv4 address/,
        ],
        [
            "ranges that overlap",
            explicit(1, {
                specs: [
                    { type: "Public", cidrBlocks: ["10.0.0.0/24"] },
                    { type: "Private", cidrBlocks: ["10.0.0.128/25"] },
                ],
            }),
            /subnets overlap: net-public-1 \(10\.0\.0\.0\/24\), net-private-1 \(10\.0\.0\.128\/25\)/,
        ],
        [
            "NAT gateways without public subnets",
            explicit(1, { natStrategy: "Single", specs: [{ type: "Private", cidrBlocks: ["10.0.0.0/24"] }] }),
            /\[natGateways\.strategy\] Single needs public subnets/,
        ],
        [
            "NAT gateways without private subnets",
            explicit(1, {
                natStrategy: "OnePerAz",
                specs: [{ type: "Public", cidrBlocks: ["10.0.0.0/24"] }],
            }),
            /\[natGateways\.strategy\] OnePerAz needs public subnets/,
        ],
        [
            "gaps under Exact",
            explicit(1, { strategy: "Exact" }),
            /a gap before net-data-1 \(10\.0\.32\.0\/24\)/,
        ],
        [
            "a gap at the end under Exact",
            explicit(1, { strategy: "Exact", specs: [{ type: "Public", cidrBlocks: ["10.0.0.0/17"] }] }),
            /a gap at the end of the VPC \(10\.0\.0\.0\/16\)/,
        ],
    ] as const) {
        it(`refuses ${what}`, () => {
            assert.throws(() => layOutSubnets(options), message);
        });
    }

    it("takes whole ranges under Exact, the unused ones too, and makes no subnet of these", () => {
        const { subnets } = layOutSubnets(
            explicit(1, {
                strategy: "Exact",
                specs: [
                    { type: "Public", cidrBlocks: ["10.0.0.0/17"] },
                    { type: "Unused", cidrBlocks: ["10.0.128.0/17"] },
                ],
            }),
        );
        assert.deepEqual(
            subnets.map(({ name }) => name),
            ["net-public-1"],
        );
    });
});
