import type { SubnetTier } from "../checks/intent";
import { type Cidr, containsCidr, formatCidr, parseCidr } from "../lib/addresses/ipv4";
import type { Problem } from "./validation";

/** What is to be placed. */
export interface AddressPlanArgs {
    /** IPv4 range of the VPC; see {@link addressPlanProblems} for what is allowed. */
    readonly cidrBlock: string;
    /** Zone names, each ending in its letter, `a` to `h`. */
    readonly availabilityZones: readonly string[];
    /** The tiers to place in each zone. */
    readonly tiers: readonly SubnetTier[];
}

/** The range of each tier in each zone, in the order of the zones that were given. */
export type AddressPlan = Readonly<Record<SubnetTier, readonly string[]>>;

/** Shortest and longest prefix of a VPC: /16 is AWS's largest VPC; below /22 a public subnet would be smaller than AWS's /28. */
const VPC_PREFIX = { shortest: 16, longest: 22 } as const;

/** A VPC is divided into this many zones' places, by the letters a to h; no region has more zones today. */
const ZONE_BITS = 3;

/**
 * Where a tier lies in its zone's place, in quarters of a half: the private tier takes the first half, where workloads
 * run; the second half has four equal parts, of which the last two stay free for tiers to come.
 */
const TIER_PLACES: Readonly<Record<SubnetTier, { readonly bits: number; readonly index: number }>> = {
    private: { bits: 1, index: 0 },
    public: { bits: 3, index: 4 },
    isolated: { bits: 3, index: 5 },
};

/** Ranges that a VPC may lie in: RFC 1918, and RFC 6598 for those who have run out. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"] as const;

/** The range of Docker's bridge, which SageMaker and other AWS services use inside (VPC user guide, "VPC CIDR blocks"). */
const DOCKER_RANGE = "172.17.0.0/16";

/**
 * Divides a VPC among zones and tiers. A range hangs on the VPC's range, the letter of the zone and the tier alone, so
 * that adding a zone or a tier moves nothing that exists.
 *
 * @throws when the arguments were not checked with {@link addressPlanProblems} before.
 */
export function planAddresses({ cidrBlock, availabilityZones, tiers }: AddressPlanArgs): AddressPlan {
    const vpc = parseCidr(cidrBlock);
    const range = (zone: string, tier: SubnetTier): string => {
        const place = TIER_PLACES[tier];
        const zonePrefix = vpc.length + ZONE_BITS;
        const length = zonePrefix + place.bits;
        const base = vpc.base + zoneIndex(zone) * 2 ** (32 - zonePrefix) + place.index * 2 ** (32 - length);
        return formatCidr({ base, length });
    };
    const rangesOf = (tier: SubnetTier) =>
        tiers.includes(tier) ? availabilityZones.map((zone) => range(zone, tier)) : [];
    return { public: rangesOf("public"), private: rangesOf("private"), isolated: rangesOf("isolated") };
}

/** What is wrong with the range of a VPC. */
export function addressPlanProblems(cidrBlock: string): Problem[] {
    const problem = (allowed: string): Problem[] => [{ key: "", value: cidrBlock, allowed }];
    let vpc: Cidr;
    try {
        vpc = parseCidr(cidrBlock);
    } catch (error) {
        return problem(`an IPv4 range such as 10.0.0.0/16 (${(error as Error).message})`);
    }
    const { shortest, longest } = VPC_PREFIX;
    if (vpc.length < shortest) return problem(`at most a /${shortest}, the largest VPC that AWS makes`);
    if (vpc.length > longest) {
        return problem(
            `at least a /${longest}: each of ${2 ** ZONE_BITS} zones needs room for its tiers, and AWS makes no subnet below /28`,
        );
    }
    if (!PRIVATE_RANGES.some((range) => containsCidr(parseCidr(range), vpc))) {
        return problem(`a range inside ${PRIVATE_RANGES.join(", ")}`);
    }
    // Two CIDR blocks overlap only if one holds the other, and no VPC is larger than this /16.
    if (containsCidr(parseCidr(DOCKER_RANGE), vpc)) {
        return problem(`no part of ${DOCKER_RANGE}: Docker and SageMaker use it inside their hosts`);
    }
    return [];
}

/** `us-east-1c` is 2. */
function zoneIndex(zone: string): number {
    const index = zone.charCodeAt(zone.length - 1) - "a".charCodeAt(0);
    if (index < 0 || index >= 2 ** ZONE_BITS)
        throw new RangeError(`availability zone ${zone} does not end in a to h`);
    return index;
}
