import { createHash } from "node:crypto";

import type { Problem } from "../validation";

/** What OpenSearch Service takes as the name of a domain (CreateDomain, `DomainName`). */
const DOMAIN_NAME = /^[a-z][a-z0-9-]{2,27}$/;
const LONGEST = 28;
const HASH_DIGITS = 6;

/** What is wrong with the name of a domain. */
export function domainNameProblems(domainName: string): Problem[] {
    return DOMAIN_NAME.test(domainName)
        ? []
        : [
              {
                  key: "domainName",
                  value: domainName,
                  allowed:
                      "3 to 28 lower-case letters, digits and hyphens, the first of them a letter; domainNameFrom() makes such a name of any text",
              },
          ];
}

/**
 * A name for a domain, made of texts that together are unique in the account and region, such as those of the project and the
 * stack. The same texts always give the same name. Texts that are not a valid name as they are get a short hash of
 * themselves, so that two that differ only in what had to go stay two names.
 */
export function domainNameFrom(...parts: readonly string[]): string {
    const text = parts.join("-");
    if (DOMAIN_NAME.test(text)) return text;
    const hash = createHash("sha256").update(text).digest("hex").slice(0, HASH_DIGITS);
    const slug = text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+/, "")
        .slice(0, LONGEST - HASH_DIGITS - 1)
        .replace(/-+$/, "");
    return slug === "" ? `domain-${hash}` : `${slug}-${hash}`;
}

/** The ARN that a domain has or is going to have: it is made of nothing that AWS chooses. */
export function domainArnOf(owner: {
    accountId: string;
    region: string;
    partition: string;
    domainName: string;
}): string {
    return `arn:${owner.partition}:es:${owner.region}:${owner.accountId}:domain/${owner.domainName}`;
}
