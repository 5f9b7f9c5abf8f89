import { writeFile } from "node:fs/promises";

import { UsageError } from "../errors";
import { userPath } from "../files";
import { options } from "../options";
import { missingText, takeRegionSnapshot } from "./take";

/** `lab snapshot`: writes the network of a region, or of one VPC of it, to a file. */
export async function snapshot(args: readonly string[], log: (line: string) => void): Promise<void> {
    const { values } = options(args, ["out", "region", "vpc"]);
    const { out } = values;
    if (out === undefined) throw new UsageError("--out FILE is missing");
    const taken = await takeRegionSnapshot(values.region, values.vpc);
    await writeFile(userPath(out), `${JSON.stringify(taken, undefined, 2)}\n`);
    const counts = Object.entries(taken).flatMap(([kind, items]) =>
        Array.isArray(items) && items.length > 0 ? [`${items.length} ${kind}`] : [],
    );
    log(`${out}: ${taken.region}, ${counts.join(", ")}`);
    const missing = missingText(taken);
    if (missing !== "")
        log(`Not read, for want of permission: ${missing}. What depends on it will be UNKNOWN.`);
}
