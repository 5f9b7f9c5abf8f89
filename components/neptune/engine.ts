import type { Problem } from "../validation";

/**
 * The parameter group families of Neptune, by the first two numbers of the engine version. A group of one family does not fit
 * an engine of another, and Neptune's default group is of the oldest one. Engines before 1.2.0.0 (family `neptune1`) know
 * none of the actions that access is granted by, and are left out.
 */
const FAMILIES: Readonly<Record<string, string>> = {
    "1.2": "neptune1.2",
    "1.3": "neptune1.3",
    "1.4": "neptune1.4",
    "1.5": "neptune1.5",
};

/** The first engine version with Neptune Serverless. */
const FIRST_SERVERLESS_VERSION = "1.2.0.1";

/** The class of an instance whose capacity Neptune Serverless scales. */
export const SERVERLESS_INSTANCE_CLASS = "db.serverless";

/** How far one serverless instance scales, in Neptune capacity units (NCU) of 2 GiB of memory, in steps of 0.5. */
export interface ServerlessCapacity {
    /** The least: 1 or more. */
    readonly minNcu: number;
    /** The most: from 2.5 to 128. */
    readonly maxNcu: number;
}

/** The parameter group family of an engine version; `undefined` when the version is not known. */
export function parameterGroupFamily(engineVersion: string): string | undefined {
    const numbers = /^(\d+\.\d+)\.\d+\.\d+$/.exec(engineVersion);
    return numbers?.[1] === undefined ? undefined : FAMILIES[numbers[1]];
}

/** What is wrong with an engine version. */
export function engineVersionProblems(engineVersion: string): Problem[] {
    if (parameterGroupFamily(engineVersion) !== undefined) return [];
    return [
        {
            key: "engineVersion",
            value: engineVersion,
            allowed: `a full Neptune version, such as 1.4.5.1, that begins with ${Object.keys(FAMILIES).join(", ")}: its parameter group family is known`,
        },
    ];
}

/** What is wrong with an instance class and its capacity for an engine version. */
export function capacityProblems(
    instanceClass: string,
    capacity: ServerlessCapacity | undefined,
    engineVersion: string,
): Problem[] {
    if (!/^db\.(serverless|[a-z0-9]+\.[a-z0-9]+)$/.test(instanceClass)) {
        const allowed = `${SERVERLESS_INSTANCE_CLASS}, or a provisioned class such as db.r6g.large`;
        return [{ key: "instanceClass", value: instanceClass, allowed }];
    }
    if (instanceClass !== SERVERLESS_INSTANCE_CLASS) {
        if (capacity === undefined) return [];
        const allowed = `only with the instance class ${SERVERLESS_INSTANCE_CLASS}: leave it out, or the instanceClass`;
        return [{ key: "serverlessCapacity", value: capacity, allowed }];
    }
    const problems = capacity === undefined ? [] : limitProblems(capacity);
    if (isBefore(engineVersion, FIRST_SERVERLESS_VERSION)) {
        const allowed = `${FIRST_SERVERLESS_VERSION} or later for ${SERVERLESS_INSTANCE_CLASS}: take a later one, or a provisioned instanceClass`;
        problems.push({ key: "engineVersion", value: engineVersion, allowed });
    }
    return problems;
}

/** What is wrong with the limits themselves. */
function limitProblems({ minNcu, maxNcu }: ServerlessCapacity): Problem[] {
    const fits = (ncu: number, least: number) => ncu >= least && ncu <= 128 && Number.isInteger(ncu * 2);
    const problems: Problem[] = [];
    if (!fits(minNcu, 1)) {
        const allowed = "1 to 128 NCU in steps of 0.5";
        problems.push({ key: "serverlessCapacity.minNcu", value: minNcu, allowed });
    }
    if (!fits(maxNcu, 2.5)) {
        const allowed = "2.5 to 128 NCU in steps of 0.5";
        problems.push({ key: "serverlessCapacity.maxNcu", value: maxNcu, allowed });
    }
    if (problems.length === 0 && minNcu > maxNcu) {
        const allowed = `at most maxNcu, which is ${maxNcu}`;
        problems.push({ key: "serverlessCapacity.minNcu", value: minNcu, allowed });
    }
    return problems;
}

/** Whether a version is known and comes before another. */
function isBefore(version: string, other: string): boolean {
    if (parameterGroupFamily(version) === undefined) return false;
    const others = other.split(".").map(Number);
    for (const [index, number] of version.split(".").map(Number).entries()) {
        const difference = number - (others[index] ?? 0);
        if (difference !== 0) return difference < 0;
    }
    return false;
}
