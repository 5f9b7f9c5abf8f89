import { contains, type Family, type IpRange, parseBlock, subtract } from "../net/ip";
import type { Model } from "./model";

/** Blocks of IANA's special-purpose registries that are never addresses of the internet, and multicast and above. */
const NOT_PUBLIC = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/3",
].map(parseBlock);
/** RFC 1918 and RFC 6598: what an internet gateway never carries. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseBlock);
export const EVERYTHING = { 4: parseBlock("0.0.0.0/0"), 6: parseBlock("2000::/3") };

/** The addresses that "the internet" means, seen from a VPC: all that are public and not its own. */
export function internetRanges(model: Model, vpcId: string, family: Family): readonly IpRange[] {
    const excluded = family === 4 ? NOT_PUBLIC : [];
    return subtract(EVERYTHING[family], [...excluded, ...model.blocksOf(vpcId)]);
}

export function isPrivate(address: IpRange): boolean {
    return PRIVATE.some((block) => contains(block, address));
}
