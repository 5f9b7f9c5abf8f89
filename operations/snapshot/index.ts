import { writeFile } from "node:fs/promises";

import { userPath } from "../files";
import type { Place, Print } from "../options";
import { missingText, takeRegionSnapshot } from "./take";

export interface SnapshotOptions extends Place {
    readonly out: string;
}

/** `lab snapshot`: writes the network of a region, or of one VPC, to a file. */
export async function snapshot({ out, region, vpc }: SnapshotOptions, print: Print): Promise<void> {
    const taken = await takeRegionSnapshot(region, vpc);
    await writeFile(userPath(out), `${JSON.stringify(taken, undefined, 2)}\n`);
    const counts = Object.entries(taken).flatMap(([kind, items]) =>
        Array.isArray(items) && items.length > 0 ? [`${items.length} ${kind}`] : [],
    );
    print(`${out}: ${taken.region}, ${counts.join(", ")}`);
    const missing = missingText(taken);
    if (missing !== "")
        print(
            `Not read, because a permission is missing: ${missing}. Flows that depend on it will be UNKNOWN.`,
        );
}
