import type { Problem } from "../validation";

/** The part of a domain's arguments that decides about nodes, zones and volumes. */
interface Shape {
    readonly availabilityZones: readonly string[];
    readonly dataNodeCount: number;
    readonly dataNodeType: string;
    readonly zoneCount?: number | undefined;
    readonly dedicatedMasterCount: number;
    readonly dedicatedMasterType: string;
    readonly multiAzWithStandby: boolean;
    readonly volumeSizeGib: number;
    readonly autoTune?: boolean | undefined;
}

const MOST_ZONES = 3;

/** Zones over which the nodes are spread, by default: one for a single node, otherwise all, at most three. */
export function zoneCountOf({
    zoneCount,
    dataNodeCount,
    availabilityZones,
}: Pick<Shape, "zoneCount" | "dataNodeCount" | "availabilityZones">): number {
    return zoneCount ?? (dataNodeCount === 1 ? 1 : Math.min(MOST_ZONES, availabilityZones.length));
}

/** Whether AWS tunes the domain, by default: where it can. */
export function autoTuneOf(shape: BurstableShape & Pick<Shape, "autoTune">): boolean {
    return shape.autoTune ?? burstableTypes(shape).length === 0;
}

type BurstableShape = Pick<Shape, "dataNodeType" | "dedicatedMasterCount" | "dedicatedMasterType">;

/** Instance types that AWS neither tunes nor uses with standby. */
const isBurstable = (type: string) => /^t\d/.test(type);

/** Those of a domain's instance types that are burstable. */
function burstableTypes({ dataNodeType, dedicatedMasterCount, dedicatedMasterType }: BurstableShape) {
    const types = [dataNodeType, ...(dedicatedMasterCount > 0 ? [dedicatedMasterType] : [])];
    return types.filter(isBurstable);
}

/** The rules between the arguments of a domain; each of them is right by itself. Pure. */

export function burstableProblems({ dataNodeCount, dataNodeType }: Shape): Problem[] {
    if (!isBurstable(dataNodeType) || dataNodeCount <= 10) return [];
    const allowed = `at most 10 nodes of ${dataNodeType}: AWS allows no more of a burstable type`;
    return [{ key: "dataNodeCount", value: dataNodeCount, allowed }];
}

export function zoneProblems(shape: Pick<Shape, "zoneCount" | "dataNodeCount" | "availabilityZones">) {
    const { dataNodeCount, availabilityZones } = shape;
    const zoneCount = zoneCountOf(shape);
    const problem = (key: string, value: number, allowed: string): Problem[] => [{ key, value, allowed }];
    if (zoneCount > availabilityZones.length) {
        const given = availabilityZones.join(", ");
        const allowed = `at most ${availabilityZones.length}, as many as there are in availabilityZones (${given})`;
        return problem("zoneCount", zoneCount, allowed);
    }
    if (dataNodeCount % zoneCount === 0) return [];
    const below = dataNodeCount - (dataNodeCount % zoneCount);
    const counts = below === 0 ? `${zoneCount}` : `${below} or ${below + zoneCount}`;
    const allowed = `a multiple of the ${zoneCount} zones, so that each has as many nodes: ${counts}; or another zoneCount`;
    return problem("dataNodeCount", dataNodeCount, allowed);
}

export function standbyProblems(shape: Shape): Problem[] {
    if (!shape.multiAzWithStandby) return [];
    const zoneCount = zoneCountOf(shape);
    const { dedicatedMasterCount, dataNodeType, dedicatedMasterType } = shape;
    const missing = [
        ...(zoneCount === MOST_ZONES ? [] : [`3 zones and not ${zoneCount} (zoneCount, availabilityZones)`]),
        ...(dedicatedMasterCount === 3
            ? []
            : [`3 dedicated masters and not ${dedicatedMasterCount} (dedicatedMasterCount)`]),
        ...(isBurstable(dataNodeType) ? [`another dataNodeType than ${dataNodeType}`] : []),
        ...(dedicatedMasterCount > 0 && isBurstable(dedicatedMasterType)
            ? [`another dedicatedMasterType than ${dedicatedMasterType}`]
            : []),
    ];
    if (missing.length === 0) return [];
    const allowed = `with standby a domain needs ${missing.join("; ")}`;
    return [{ key: "multiAzWithStandby", value: true, allowed }];
}

/** The smallest gp3 volume, in GiB. */
export const SMALLEST_VOLUME = 10;

/** The largest gp3 volumes of the small types, in GiB (AWS: "EBS volume size quotas"). */
const LARGEST_VOLUMES: Readonly<Record<string, number>> = {
    "t3.small.search": 100,
    "t3.medium.search": 200,
};

export function volumeProblems({ volumeSizeGib, dataNodeType }: Shape): Problem[] {
    const largest = LARGEST_VOLUMES[dataNodeType];
    if (largest === undefined || volumeSizeGib <= largest) return [];
    const allowed = `a whole number from ${SMALLEST_VOLUME} to ${largest} for ${dataNodeType}`;
    return [{ key: "volumeSizeGib", value: volumeSizeGib, allowed }];
}

export function autoTuneProblems(shape: BurstableShape & Pick<Shape, "autoTune">): Problem[] {
    const burstable = burstableTypes(shape);
    if (shape.autoTune !== true || burstable.length === 0) return [];
    const allowed = `false, or left out: AWS does not tune ${burstable.join(" and ")}`;
    return [{ key: "autoTune", value: true, allowed }];
}

/** The type of masters that do not exist is not judged. */
export function masterTypeProblems({ dedicatedMasterCount, dedicatedMasterType }: Shape): Problem[] {
    if (dedicatedMasterCount === 0) return [];
    return instanceTypeProblems("dedicatedMasterType", dedicatedMasterType);
}

export function subnetProblems(
    subnetIds: readonly unknown[],
    availabilityZones: readonly string[],
): Problem[] {
    if (subnetIds.length === availabilityZones.length) return [];
    const value = subnetIds.map((id) => (typeof id === "string" ? id : "(not known yet)"));
    const allowed = `one subnet for each of availabilityZones (${availabilityZones.join(", ")}), in their order`;
    return [{ key: "subnetIds", value, allowed }];
}

/** Families without encryption at rest, which this component always has (AWS: "Supported instance types"). */
const UNENCRYPTED_FAMILIES = new Set(["t2", "m3", "r3"]);
/** Families with disks of their own, which support no EBS volume. */
const INSTANCE_STORE_FAMILIES = new Set(["i2", "i3", "im4gn", "r6gd"]);

/** What is wrong with the instance type of data nodes: their data is on EBS volumes. */
export function dataNodeTypeProblems(type: string): Problem[] {
    const problems = instanceTypeProblems("", type);
    const family = familyOf(type);
    if (problems.length > 0 || !INSTANCE_STORE_FAMILIES.has(family)) return problems;
    const allowed = `a type with EBS volumes, such as r6g.large.search; ${family} supports none`;
    return [{ key: "", value: type, allowed }];
}

function instanceTypeProblems(key: string, type: string): Problem[] {
    const problem = (allowed: string) => [{ key, value: type, allowed }];
    if (!/^[a-z][a-z0-9]*\.[a-z0-9]+\.search$/.test(type))
        return problem("an instance type of OpenSearch Service, such as m6g.large.search");
    const family = familyOf(type);
    if (UNENCRYPTED_FAMILIES.has(family))
        return problem(`a type that encrypts at rest, such as t3.small.search; ${family} does not`);
    return [];
}

const familyOf = (type: string) => type.split(".")[0] ?? "";
