/**
 * IPv6 addresses and CIDR blocks as unsigned 128-bit numbers, read as strictly as IPv4: RFC 4291's text forms and nothing
 * else. A zone ("fe80::1%eth0") names a host's own interface and has no meaning in a VPC, so it is refused.
 */
import { parseIpv4 } from "./ipv4";

/** A block of addresses: the first one, and how many leading bits all of them share. */
export interface Cidr6 {
    /** The first address, as an unsigned 128-bit number. */
    readonly base: bigint;
    /** The prefix length, 0 to 128. */
    readonly length: number;
}

const GROUPS = 8;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
const PREFIX_LENGTH = /^(0|[1-9][0-9]{0,2})$/;

/** @throws when the text is not eight groups of hexadecimal digits, at most one "::" standing for those that are zero. */
export function parseIpv6(text: string): bigint {
    const groups = groupsOf(text);
    if (groups === undefined)
        throw new Error(
            `${JSON.stringify(text)} is not an IPv6 address: eight groups of up to four hexadecimal digits, one "::" for groups of zeros, such as 2001:db8::1`,
        );
    return groups.reduce((address, group) => (address << 16n) | BigInt(group), 0n);
}

/** @throws when the text is not address/length, or when bits after the prefix are set. */
export function parseCidr6(text: string): Cidr6 {
    const [address = "", length = "", ...rest] = text.split("/");
    if (rest.length > 0 || !PREFIX_LENGTH.test(length) || Number(length) > 128)
        throw new Error(
            `${JSON.stringify(text)} is not an IPv6 CIDR block: an address, "/" and a length from 0 to 128, such as 2001:db8::/56`,
        );
    const cidr = { base: parseIpv6(address), length: Number(length) };
    const size = 1n << BigInt(128 - cidr.length);
    const network = cidr.base - (cidr.base % size);
    if (network !== cidr.base)
        throw new Error(
            `${JSON.stringify(text)} has bits set after its prefix: write ${formatIpv6(network)}/${cidr.length}`,
        );
    return cidr;
}

/** The canonical form of RFC 5952: lower case, no leading zeros, "::" for the first longest run of zeros. */
export function formatIpv6(address: bigint): string {
    const groups = Array.from({ length: GROUPS }, (_, index) =>
        Number((address >> BigInt(16 * (GROUPS - 1 - index))) & 0xffffn),
    );
    let [start, most] = [0, 1];
    for (let from = 0; from < GROUPS; from++) {
        let run = 0;
        while (from + run < GROUPS && groups[from + run] === 0) run++;
        if (run > most) [start, most] = [from, run];
    }
    const text = groups.map((group) => group.toString(16));
    if (most < 2) return text.join(":");
    return `${text.slice(0, start).join(":")}::${text.slice(start + most).join(":")}`;
}

/** The eight groups; undefined when the text is no address. */
function groupsOf(text: string): number[] | undefined {
    const [head, tail, ...more] = text.split("::");
    if (head === undefined || more.length > 0) return undefined;
    const front = head === "" && tail !== undefined ? [] : readGroups(head, tail === undefined);
    if (tail === undefined) return front?.length === GROUPS ? front : undefined;
    const back = tail === "" ? [] : readGroups(tail, true);
    if (front === undefined || back === undefined) return undefined;
    const zeros = GROUPS - front.length - back.length;
    return zeros < 1 ? undefined : [...front, ...Array.from({ length: zeros }, () => 0), ...back];
}

/** Groups between colons; the last of an address may be an IPv4 address, which stands for two. */
function readGroups(text: string, isLast: boolean): number[] | undefined {
    const parts = text.split(":");
    const groups: number[] = [];
    for (const [index, part] of parts.entries()) {
        if (isLast && index === parts.length - 1 && part.includes(".")) {
            try {
                const address = parseIpv4(part);
                groups.push(Math.floor(address / 65_536), address % 65_536);
            } catch {
                return undefined;
            }
        } else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
        else return undefined;
    }
    return groups;
}
