import { createHash, randomBytes } from "node:crypto";

import type { Autoname } from "./resource";

/** Hex digits after the logical name, as the official provider has them. */
const RANDOM_DIGITS = 7;

/**
 * Makes up a name: the logical name and seven hex digits that come from the engine's seed, so that the preview and the
 * update that follows it agree.
 *
 * @throws when the logical name leaves no room for the digits.
 */
export function makeName(autoname: Autoname, logicalName: string, seed: Uint8Array): string {
    const source = seed.length > 0 ? seed : randomBytes(32);
    const digits = createHash("sha256").update(source).digest("hex").slice(0, RANDOM_DIGITS);
    const name = `${logicalName}-${digits}`;
    if (name.length > autoname.maxLength) {
        throw new Error(
            `the name made from "${logicalName}" would have ${name.length} characters, and AWS takes ` +
                `${autoname.maxLength}; give the property "${autoname.property}" yourself`,
        );
    }
    const prefix = autoname.prefix ?? "";
    return name.startsWith(prefix) ? name : prefix + name;
}
