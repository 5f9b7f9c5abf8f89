import assert from "node:assert/strict";

import fc from "fast-check";

import {
    containsAddress,
    containsCidr,
    coverRange,
    formatCidr,
    formatIpv4,
    parseCidr,
    parseIpv4,
    rangeOf,
} from "../../../lib/addresses/ipv4";
import cases from "./ipaddress-cases.json";

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const cidr = fc
    .tuple(uint32, fc.integer({ min: 0, max: 32 }))
    .map(([address, length]) => ({ base: address - (address % 2 ** (32 - length)), length }));

describe("IPv4", () => {
    for (const [text, expected] of cases.addresses as [string, number | null][])
        it(`reads the address ${JSON.stringify(text)} as Python does`, () => {
            if (expected === null) assert.throws(() => parseIpv4(text), /is not an IPv4 address/);
            else assert.equal(parseIpv4(text), expected);
        });

    for (const [text, expected] of cases.networks as [string, [number, number] | null][])
        it(`reads the block ${JSON.stringify(text)} as Python does`, () => {
            if (expected === null) assert.throws(() => parseCidr(text), /not an IPv4|bits set after/);
            else assert.deepEqual(parseCidr(text), { base: expected[0], length: expected[1] });
        });

    it("is stricter than Python where AWS never writes it so: no mask, no bare address, no zero before a length", () => {
        for (const text of ["10.0.0.0/255.0.0.0", "10.0.0.1", "10.0.0.0/08"])
            assert.throws(() => parseCidr(text), /is not an IPv4 CIDR block/);
    });

    it("says how a block with bits after its prefix is written", () => {
        assert.throws(() => parseCidr("10.1.2.3/16"), {
            message: '"10.1.2.3/16" has bits set after its prefix: write 10.1.0.0/16',
        });
    });

    it("reads back what it writes", () => {
        fc.assert(fc.property(uint32, (address) => parseIpv4(formatIpv4(address)) === address));
        fc.assert(fc.property(cidr, (block) => assert.deepEqual(parseCidr(formatCidr(block)), block)));
    });

    it("holds exactly the addresses of its range", () => {
        fc.assert(
            fc.property(cidr, uint32, (block, address) => {
                const { first, last } = rangeOf(block);
                assert.equal(containsAddress(block, address), first <= address && address <= last);
                assert.ok(containsAddress(block, first) && containsAddress(block, last));
            }),
        );
    });

    it("contains a block when it contains its first and its last address", () => {
        fc.assert(
            fc.property(cidr, cidr, (outer, inner) => {
                const { first, last } = rangeOf(inner);
                assert.equal(
                    containsCidr(outer, inner),
                    containsAddress(outer, first) && containsAddress(outer, last),
                );
            }),
        );
    });

    it("covers a block by its halves, and not by one of them", () => {
        const splittable = cidr.filter((block) => block.length < 32);
        fc.assert(
            fc.property(splittable, (block) => {
                const length = block.length + 1;
                const halves = [
                    { base: block.base, length },
                    { base: block.base + 2 ** (32 - length), length },
                ];
                assert.ok(coverRange(halves, rangeOf(block)));
                assert.ok(coverRange([...halves].reverse(), rangeOf(block)));
                for (const half of halves) assert.ok(!coverRange([half], rangeOf(block)));
            }),
        );
    });
});
