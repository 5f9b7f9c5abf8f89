import type { Problem } from "../validation";

/** A data volume of type gp3. */
export interface VolumeArgs {
    /** Size in GiB, 1 to 65536. It can grow later, and never shrink. */
    readonly sizeGib: number;
    /**
     * Input and output operations a second, 3000 to 80000, at most 500 for each GiB.
     * @default 3000, which is included in the price of the size
     */
    readonly iops?: number;
    /**
     * Throughput in MiB a second, 125 to 2000, at most a quarter of `iops`.
     * @default 125, which is included in the price of the size
     */
    readonly throughputMibps?: number;
}

/** What comes with every gp3 volume, whatever its size. */
export const GP3_BASELINE = { iops: 3000, throughputMibps: 125 } as const;

/** The limits of gp3, by "Amazon EBS volume types" (Amazon EBS User Guide). */
const GP3 = {
    sizeGib: { least: 1, most: 65536 },
    iops: { least: 3000, most: 80000, perGib: 500 },
    throughputMibps: { least: 125, most: 2000, perIops: 0.25 },
} as const;

/** What is wrong with a volume. */
export function volumeProblems(key: string, { sizeGib, ...args }: VolumeArgs): Problem[] {
    const iops = args.iops ?? GP3_BASELINE.iops;
    const throughputMibps = args.throughputMibps ?? GP3_BASELINE.throughputMibps;
    const problems: Problem[] = [];
    const values = { sizeGib, iops, throughputMibps };
    for (const name of ["sizeGib", "iops", "throughputMibps"] as const) {
        const value = values[name];
        const { least, most } = GP3[name];
        if (!(Number.isInteger(value) && value >= least && value <= most))
            problems.push({
                key: `${key}.${name}`,
                value,
                allowed: `a whole number from ${least} to ${most}, which is what gp3 offers`,
            });
    }
    if (problems.length > 0) return problems;
    // The baseline comes with a volume of any size.
    if (iops > GP3.iops.least && iops > sizeGib * GP3.iops.perGib)
        problems.push({
            key: `${key}.iops`,
            value: iops,
            allowed: `at most ${GP3.iops.perGib} for each GiB, so ${sizeGib * GP3.iops.perGib} for ${sizeGib} GiB: take a larger volume or fewer`,
        });
    if (throughputMibps > iops * GP3.throughputMibps.perIops)
        problems.push({
            key: `${key}.throughputMibps`,
            value: throughputMibps,
            allowed: `at most a quarter of iops, so ${iops * GP3.throughputMibps.perIops} for ${iops}: raise iops or lower it`,
        });
    return problems;
}
