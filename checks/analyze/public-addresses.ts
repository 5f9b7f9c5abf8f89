import { contains, type Family, type IpRange, parseBlock, subtract } from "../../lib/addresses/ip";
import { NEVER_PUBLIC_IPV4 } from "../../lib/addresses/special-purpose";
import type { Model } from "./model";

const NOT_PUBLIC = NEVER_PUBLIC_IPV4.map(parseBlock);
/** RFC 1918, RFC 6598 and RFC 4193: what an internet gateway never carries. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"].map(
    parseBlock,
);
export const EVERYTHING = { 4: parseBlock("0.0.0.0/0"), 6: parseBlock("2000::/3") };

/** The addresses that "the internet" means, seen from a VPC: all that are public and not its own. */
export function internetRanges(model: Model, vpcId: string, family: Family): readonly IpRange[] {
    const excluded = family === 4 ? NOT_PUBLIC : [];
    return subtract(EVERYTHING[family], [...excluded, ...model.blocksOf(vpcId)]);
}

export function isPrivate(address: IpRange): boolean {
    return PRIVATE.some((block) => contains(block, address));
}
