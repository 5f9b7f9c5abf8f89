/** Addresses of both families under one type: IPv4 as a number, IPv6 as a bigint. They never mix in one range. */
import { formatIpv4, parseCidr, parseIpv4, rangeOf } from "./ipv4";
import { formatIpv6, parseCidr6, parseIpv6 } from "./ipv6";

export type Family = 4 | 6;
export type Address = number | bigint;

/** An inclusive range of addresses of one family. */
export interface IpRange {
    readonly family: Family;
    readonly first: Address;
    readonly last: Address;
}

/** A range that is a CIDR block. */
export interface Block extends IpRange {
    readonly length: number;
}

function isIpv6(text: string): boolean {
    return text.includes(":");
}

/** One address as a range. @throws when the text is no address of either family. */
export function parseIp(text: string): IpRange {
    const address = isIpv6(text) ? parseIpv6(text) : parseIpv4(text);
    return { family: isIpv6(text) ? 6 : 4, first: address, last: address };
}

const blocks = new Map<string, Block>();
/** So many distinct blocks that no account has them; a bound all the same. */
const MOST_REMEMBERED = 100_000;

/** @throws when the text is no CIDR block of either family. */
export function parseBlock(text: string): Block {
    const known = blocks.get(text);
    if (known !== undefined) return known;
    const block = readBlock(text);
    if (blocks.size >= MOST_REMEMBERED) blocks.clear();
    blocks.set(text, block);
    return block;
}

function readBlock(text: string): Block {
    if (!isIpv6(text)) {
        const cidr = parseCidr(text);
        return { family: 4, ...rangeOf(cidr), length: cidr.length };
    }
    const { base, length } = parseCidr6(text);
    return { family: 6, first: base, last: base + (1n << BigInt(128 - length)) - 1n, length };
}

export function formatAddress(address: Address): string {
    return typeof address === "bigint" ? formatIpv6(address) : formatIpv4(address);
}

export function formatRange({ first, last }: IpRange): string {
    return first === last ? formatAddress(first) : `${formatAddress(first)}-${formatAddress(last)}`;
}

export function formatBlock({ first, length }: Block): string {
    return `${formatAddress(first)}/${length}`;
}

export function overlaps(a: IpRange, b: IpRange): boolean {
    return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: IpRange, inner: IpRange): boolean {
    return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** What is left of the range when the others are taken away, in ascending order. */
export function subtract(range: IpRange, others: readonly IpRange[]): IpRange[] {
    if (others.length === 0) return [range];
    const left: IpRange[] = [];
    let next: Address = range.first;
    const sorted = others
        .filter((other) => overlaps(other, range))
        .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    for (const { first, last } of sorted) {
        if (first > next) left.push({ family: range.family, first: next, last: step(first, -1) });
        if (last >= next) next = step(last, 1);
        if (next > range.last) return left;
    }
    left.push({ family: range.family, first: next, last: range.last });
    return left;
}

/** The pieces of the range between the edges of the blocks: all addresses of a piece lie in the same blocks. */
export function cut(range: IpRange, blocks: readonly IpRange[]): IpRange[] {
    if (range.first === range.last) return [range];
    const starts = new Set<Address>([range.first]);
    for (const block of blocks) {
        if (block.family !== range.family) continue;
        if (block.first > range.first && block.first <= range.last) starts.add(block.first);
        const after = step(block.last, 1);
        if (after > range.first && after <= range.last) starts.add(after);
    }
    const sorted = [...starts].sort((a, b) => (a < b ? -1 : 1));
    return sorted.map((first, index) => {
        const next = sorted[index + 1];
        return { family: range.family, first, last: next === undefined ? range.last : step(next, -1) };
    });
}

function step(address: Address, by: 1 | -1): Address {
    return typeof address === "bigint" ? address + BigInt(by) : address + by;
}
