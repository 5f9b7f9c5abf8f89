import { z } from "zod";

import { allowed, fieldFacts } from "../../components/schema/fields";
import { judgedBy } from "../../components/schema/problems";
import type { Problem } from "../../components/validation";

/** Tag keys that the program sets itself; `tags` in the configuration may not name them. */
export const RESERVED_TAGS: readonly string[] = [
    "Project",
    "Stack",
    "ManagedBy",
    "Owner",
    "ExperimentID",
    "ExpiresAt",
    "Component",
    "Name",
];

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAG_CHARACTERS = "letters, digits, spaces and _ . : / = + - @";

/** The longest key and value that AWS accepts. */
const LONGEST = { key: 128, value: 256 } as const;

const tagValue = z
    .string(allowed("a text in quotes"))
    .max(LONGEST.value, allowed(`at most ${LONGEST.value} characters`))
    .regex(TAG_TEXT, allowed(TAG_CHARACTERS));

/** Who answers for a stack. */
export const owner = tagValue
    .min(1, allowed("who answers for the stack: a team or a person"))
    .register(fieldFacts, { type: "text", allowed: `1 to ${LONGEST.value} ${TAG_CHARACTERS}` });

/** Tags of everything, besides those that the program sets. */
export const tags = z
    .record(z.string(), tagValue, allowed('an object of texts, such as { CostCenter: "1234" }'))
    .superRefine(judgedBy(keyProblems))
    .register(fieldFacts, {
        type: "object of texts",
        allowed: `keys of at most ${LONGEST.key} and values of at most ${LONGEST.value} ${TAG_CHARACTERS}; not ${RESERVED_TAGS.join(", ")}, which the program sets`,
    });

function keyProblems(given: Record<string, string>): Problem[] {
    return Object.keys(given).flatMap((key) => {
        const problem = (text: string) => [{ key: "", value: key, allowed: text }];
        if (RESERVED_TAGS.includes(key)) return problem(`not ${key}: the program sets it itself`);
        if (/^aws:/i.test(key)) return problem("no key that begins with aws:, which AWS reserves");
        if (key.length <= LONGEST.key && TAG_TEXT.test(key)) return [];
        return problem(`keys of at most ${LONGEST.key} ${TAG_CHARACTERS}`);
    });
}
