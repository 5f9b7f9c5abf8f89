/**
 * IPv4 addresses and CIDR blocks as unsigned 32-bit numbers. The parser is strict on purpose: the packages at hand read
 * `010.0.0.1` as 8.0.0.1 or `1.2.3/24` as 0.1.2.0/24, and an address that is read wrong is judged wrong.
 */

/** A block of addresses: the first one, and how many leading bits all of them share. */
export interface Cidr {
    /** The first address, as an unsigned 32-bit number. */
    readonly base: number;
    /** The prefix length, 0 to 32. */
    readonly length: number;
}

/** An inclusive range of addresses. */
export interface AddressRange {
    readonly first: number;
    readonly last: number;
}

const OCTET = /^(0|[1-9][0-9]{0,2})$/;
const PREFIX_LENGTH = /^(0|[1-9][0-9]?)$/;

/** @throws when the text is not four decimal octets without leading zeros. */
export function parseIpv4(text: string): number {
    const octets = text.split(".");
    const valid = octets.length === 4 && octets.every((octet) => OCTET.test(octet) && Number(octet) <= 255);
    if (!valid)
        throw new Error(
            `${JSON.stringify(text)} is not an IPv4 address: four numbers from 0 to 255 without leading zeros, such as 10.0.0.1`,
        );
    return octets.reduce((address, octet) => address * 256 + Number(octet), 0);
}

/** @throws when the text is not address/length, or when bits after the prefix are set. */
export function parseCidr(text: string): Cidr {
    const [address = "", length = "", ...rest] = text.split("/");
    if (rest.length > 0 || !PREFIX_LENGTH.test(length) || Number(length) > 32)
        throw new Error(
            `${JSON.stringify(text)} is not an IPv4 CIDR block: an address, "/" and a length from 0 to 32, such as 10.0.0.0/16`,
        );
    const cidr = { base: parseIpv4(address), length: Number(length) };
    const network = networkOf(cidr.base, cidr.length);
    if (network !== cidr.base)
        throw new Error(
            `${JSON.stringify(text)} has bits set after its prefix: write ${formatCidr({ ...cidr, base: network })}`,
        );
    return cidr;
}

export function formatIpv4(address: number): string {
    return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

export function formatCidr(cidr: Cidr): string {
    return `${formatIpv4(cidr.base)}/${cidr.length}`;
}

export function rangeOf(cidr: Cidr): AddressRange {
    return { first: cidr.base, last: cidr.base + 2 ** (32 - cidr.length) - 1 };
}

export function containsAddress(cidr: Cidr, address: number): boolean {
    return networkOf(address, cidr.length) === cidr.base;
}

/** Whether every address of `inner` is one of `outer`. */
export function containsCidr(outer: Cidr, inner: Cidr): boolean {
    return outer.length <= inner.length && containsAddress(outer, inner.base);
}

/** Whether the blocks together hold every address of the range. */
export function coverRange(blocks: readonly Cidr[], range: AddressRange): boolean {
    let next = range.first;
    for (const { first, last } of blocks.map(rangeOf).sort((a, b) => a.first - b.first)) {
        if (first > next) return false;
        next = Math.max(next, last + 1);
        if (next > range.last) return true;
    }
    return false;
}

// A shift by 32 is a shift by 0 in JavaScript, hence the division.
function networkOf(address: number, length: number): number {
    const size = 2 ** (32 - length);
    return Math.floor(address / size) * size;
}
