import { z } from "zod";

import type { Problem } from "../../components/validation";
import { allowed, TAG_TEXT, tagValue, valueJudgedBy } from "./common";

/** Tag keys that the program sets itself; `tags` in the configuration may not name them. */
export const RESERVED_TAGS = [
    "Project",
    "Stack",
    "ManagedBy",
    "Owner",
    "ExperimentID",
    "ExpiresAt",
    "Component",
    "Name",
] as const;

/** Tags of everything, besides those that the program sets. */
export const tagsSchema = z
    .record(z.string(), tagValue, allowed('an object of texts, such as { CostCenter: "1234" }'))
    .superRefine(valueJudgedBy(tagKeyProblems))
    .default({});

/** What is wrong with the keys of the additional tags. */
function tagKeyProblems(tags: Record<string, string>): Problem[] {
    const reserved: readonly string[] = RESERVED_TAGS;
    return Object.keys(tags).flatMap((key) => {
        if (reserved.includes(key))
            return [{ key, value: key, allowed: `not ${key}: the program sets it itself` }];
        if (/^aws:/i.test(key))
            return [{ key, value: key, allowed: "no key that begins with aws:, which AWS reserves" }];
        if (key.length > 128 || !TAG_TEXT.test(key)) {
            return [
                {
                    key,
                    value: key,
                    allowed: "keys of at most 128 letters, digits, spaces and _ . : / = + - @",
                },
            ];
        }
        return [];
    });
}
