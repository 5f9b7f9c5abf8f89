import assert from "node:assert/strict";

import fc from "fast-check";

import {
    contains,
    cut,
    formatAddress,
    formatRange,
    parseBlock,
    parseIp,
    subtract,
} from "../../../lib/addresses/ip";
import { formatIpv6, parseCidr6, parseIpv6 } from "../../../lib/addresses/ipv6";
import cases from "./ipaddress-v6-cases.json";

describe("IPv6", () => {
    for (const [text, expected] of cases.addresses as [string, string | null][])
        it(`reads the address ${JSON.stringify(text)} as Python does`, () => {
            if (expected === null) assert.throws(() => parseIpv6(text), /is not an IPv6 address/);
            else assert.equal(parseIpv6(text), BigInt(expected));
        });

    for (const [text, expected] of cases.networks as [string, [string, number] | null][])
        it(`reads the block ${JSON.stringify(text)} as Python does`, () => {
            if (expected === null) assert.throws(() => parseCidr6(text), /not an IPv6|bits set after/);
            else assert.deepEqual(parseCidr6(text), { base: BigInt(expected[0]), length: expected[1] });
        });

    it("writes addresses as Python does", () => {
        for (const [value, text] of cases.canonical as [string, string][])
            // Python writes the last 32 bits of ::ffff:0:0/96 as it writes all others; so do we.
            assert.equal(formatIpv6(BigInt(value)), text);
    });

    it("reads back what it writes", () => {
        fc.assert(
            fc.property(
                fc.bigInt(0n, 2n ** 128n - 1n),
                (address) => parseIpv6(formatIpv6(address)) === address,
            ),
        );
    });
});

describe("addresses of both families", () => {
    it("never takes one family for the other", () => {
        assert.equal(contains(parseBlock("0.0.0.0/0"), parseIp("::1")), false);
        assert.equal(contains(parseBlock("::/0"), parseIp("10.0.0.1")), false);
        assert.equal(contains(parseBlock("::/0"), parseIp("::1")), true);
    });

    it("takes blocks away from a range and leaves the rest, for each family", () => {
        for (const [whole, parts, rest] of [
            [
                "10.0.0.0/24",
                ["10.0.0.0/26", "10.0.0.128/26"],
                ["10.0.0.64-10.0.0.127", "10.0.0.192-10.0.0.255"],
            ],
            ["2001:db8::/126", ["2001:db8::1/128"], ["2001:db8::", "2001:db8::2-2001:db8::3"]],
            ["10.0.0.0/24", ["10.0.0.0/8"], []],
        ] as const)
            assert.deepEqual(subtract(parseBlock(whole), parts.map(parseBlock)).map(formatRange), rest);
    });

    it("cuts a range into pieces without a gap, each of them in the same blocks throughout", () => {
        const block = fc
            .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }))
            .map(([last, length]) => parseBlock(`10.0.0.${last - (last % 2 ** (32 - length))}/${length}`));
        fc.assert(
            fc.property(block, fc.array(block, { maxLength: 5 }), (range, blocks) => {
                const pieces = cut(range, blocks);
                assert.equal(pieces[0]?.first, range.first);
                assert.equal(pieces.at(-1)?.last, range.last);
                for (const [index, piece] of pieces.entries()) {
                    const next = pieces[index + 1];
                    if (next !== undefined) assert.equal(Number(piece.last) + 1, next.first);
                    const at = (address: number | bigint) =>
                        blocks.map((one) => contains(one, { family: 4, first: address, last: address }));
                    assert.deepEqual(at(piece.first), at(piece.last));
                }
            }),
        );
    });

    it("writes what it reads", () => {
        assert.equal(formatAddress(parseIp("10.0.0.1").first), "10.0.0.1");
        assert.equal(formatAddress(parseIp("2001:DB8:0::1").first), "2001:db8::1");
    });
});
