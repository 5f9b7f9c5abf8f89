import type { Problem } from "../validation";

/** The limits of gp3, by "Amazon EBS volume types" (Amazon EBS User Guide). Every volume has the least `iops` and throughput. */
export const GP3 = {
    sizeGib: { least: 1, most: 65_536 },
    iops: { least: 3000, most: 80_000, perGib: 500 },
    throughputMibps: { least: 125, most: 2000, perIops: 0.25 },
} as const;

/** A data volume of type gp3. */
export interface DataVolume {
    readonly sizeGib: number;
    readonly iops: number;
    readonly throughputMibps: number;
}

/** What does not go together in a volume. Each of its numbers is within the limits. */
export function volumeProblems({ sizeGib, iops, throughputMibps }: DataVolume): Problem[] {
    const problems: Problem[] = [];
    const mostIops = sizeGib * GP3.iops.perGib;
    // A volume of any size has the least.
    if (iops > GP3.iops.least && iops > mostIops)
        problems.push({
            key: "iops",
            value: iops,
            allowed: `at most ${GP3.iops.perGib} for each GiB, so ${mostIops} for ${sizeGib} GiB: take a larger volume or fewer`,
        });
    const mostThroughput = iops * GP3.throughputMibps.perIops;
    if (throughputMibps > mostThroughput)
        problems.push({
            key: "throughputMibps",
            value: throughputMibps,
            allowed: `at most a quarter of iops, so ${mostThroughput} for ${iops}: raise iops or lower it`,
        });
    return problems;
}
