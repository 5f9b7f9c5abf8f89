import type { Problem } from "../validation";

/**
 * The parameter group families of Neptune, by the first two numbers of the engine version. A group of one family does not fit
 * an engine of another, and Neptune's default group is of the oldest one. Engines before 1.2.0.0 (family `neptune1`) are left
 * out: they do not know the IAM actions that access is granted by.
 */
const FAMILIES: Readonly<Record<string, string>> = {
    "1.2": "neptune1.2",
    "1.3": "neptune1.3",
    "1.4": "neptune1.4",
    "1.5": "neptune1.5",
};

/** The first engine version with Neptune Serverless. */
const FIRST_SERVERLESS_VERSION = "1.2.0.1";

/** Whether Neptune publishes logs to CloudWatch Logs in a region: everywhere but in China ("Publishing Neptune Logs to CloudWatch Logs"). */
export const publishesLogs = (region: string) => !region.startsWith("cn-");

/** The instance class of Neptune Serverless. */
export const SERVERLESS_INSTANCE_CLASS = "db.serverless";

/** The beginnings of the engine versions whose parameter group family is known. */
export const KNOWN_VERSIONS: readonly string[] = Object.keys(FAMILIES);

/** The parameter group family of an engine version; `undefined` when the version is not known. */
export function parameterGroupFamily(engineVersion: string): string | undefined {
    const numbers = /^(\d+\.\d+)\.\d+\.\d+$/.exec(engineVersion);
    return numbers?.[1] === undefined ? undefined : FAMILIES[numbers[1]];
}

/** What does not go together: instance class, capacity and engine version. Each of them is right by itself. */
export function capacityProblems({
    instanceClass,
    serverlessCapacity,
    engineVersion,
}: {
    readonly instanceClass: string;
    readonly serverlessCapacity?: unknown;
    readonly engineVersion: string;
}): Problem[] {
    if (instanceClass !== SERVERLESS_INSTANCE_CLASS) {
        if (serverlessCapacity === undefined) return [];
        const allowed = `only with the instance class ${SERVERLESS_INSTANCE_CLASS}: leave it out, or the instanceClass`;
        return [{ key: "serverlessCapacity", value: serverlessCapacity, allowed }];
    }
    if (!isBefore(engineVersion, FIRST_SERVERLESS_VERSION)) return [];
    const allowed = `${FIRST_SERVERLESS_VERSION} or later for ${SERVERLESS_INSTANCE_CLASS}: take a later one, or a provisioned instanceClass`;
    return [{ key: "engineVersion", value: engineVersion, allowed }];
}

/** Whether a version comes before another. */
function isBefore(version: string, other: string): boolean {
    const others = other.split(".").map(Number);
    for (const [index, number] of version.split(".").map(Number).entries()) {
        const difference = number - (others[index] ?? 0);
        if (difference !== 0) return difference < 0;
    }
    return false;
}
