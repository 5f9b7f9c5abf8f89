/** What an instance type offers that a cluster has to know before anything is created. */
export interface InstanceTypeFacts {
    readonly memoryGib: number;
    readonly architecture: "x86_64" | "arm64";
}

/** Memory of the sizes of a family, in GiB. */
const BURSTABLE = { micro: 1, small: 2, medium: 4, large: 8, xlarge: 16, "2xlarge": 32 };
const COMPUTE = { large: 4, xlarge: 8, "2xlarge": 16, "4xlarge": 32 };
const GENERAL = { large: 8, xlarge: 16, "2xlarge": 32, "4xlarge": 64, "8xlarge": 128 };
const MEMORY = { large: 16, xlarge: 32, "2xlarge": 64, "4xlarge": 128, "8xlarge": 256 };

/**
 * The families that the lab knows, by the tables of "Amazon EC2 instance types" (AWS documentation, Instance Types Guide). All are
 * built on Nitro: only there is an EBS volume found by its id, as an NVMe device. Sizes that differ between the
 * generations of a family are left out.
 */
const FAMILIES: Readonly<
    Record<string, { architecture: InstanceTypeFacts["architecture"]; sizes: Record<string, number> }>
> = {
    t3: { architecture: "x86_64", sizes: BURSTABLE },
    t3a: { architecture: "x86_64", sizes: BURSTABLE },
    t4g: { architecture: "arm64", sizes: BURSTABLE },
    c5: { architecture: "x86_64", sizes: COMPUTE },
    c6i: { architecture: "x86_64", sizes: COMPUTE },
    c7i: { architecture: "x86_64", sizes: COMPUTE },
    c6g: { architecture: "arm64", sizes: COMPUTE },
    c7g: { architecture: "arm64", sizes: COMPUTE },
    m5: { architecture: "x86_64", sizes: GENERAL },
    m6i: { architecture: "x86_64", sizes: GENERAL },
    m7i: { architecture: "x86_64", sizes: GENERAL },
    m6g: { architecture: "arm64", sizes: GENERAL },
    m7g: { architecture: "arm64", sizes: GENERAL },
    r5: { architecture: "x86_64", sizes: MEMORY },
    r6i: { architecture: "x86_64", sizes: MEMORY },
    r7i: { architecture: "x86_64", sizes: MEMORY },
    r6g: { architecture: "arm64", sizes: MEMORY },
    r7g: { architecture: "arm64", sizes: MEMORY },
};

/** What is known of a type; a table and not a call, so that a preview without credentials can judge a cluster. */
export function instanceTypeFacts(instanceType: string): InstanceTypeFacts | undefined {
    const [familyName, size, ...rest] = instanceType.split(".");
    if (familyName === undefined || size === undefined || rest.length > 0) return undefined;
    const family = Object.hasOwn(FAMILIES, familyName) ? FAMILIES[familyName] : undefined;
    if (family === undefined || !Object.hasOwn(family.sizes, size)) return undefined;
    const memoryGib = family.sizes[size];
    return memoryGib === undefined ? undefined : { memoryGib, architecture: family.architecture };
}

/** For messages. */
export const KNOWN_INSTANCE_FAMILIES: readonly string[] = Object.keys(FAMILIES);
