import { createHash } from "node:crypto";

/** What OpenSearch Service accepts as the name of a domain (CreateDomain, `DomainName`). */
export const DOMAIN_NAME = /^[a-z][a-z0-9-]{2,27}$/;
const LONGEST = 28;
const HASH_DIGITS = 6;

/**
 * A name for a domain, made from texts that together are unique in the account and region, such as the names of the project and the
 * stack. The same texts always give the same name. Texts that are no valid name get a short hash: two texts that differ only in
 * characters that are left out still give two names.
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

/** The ARN of a domain, known before the domain exists: AWS chooses no part of it. */
export function domainArnOf(owner: {
    accountId: string;
    region: string;
    partition: string;
    domainName: string;
}): string {
    return `arn:${owner.partition}:es:${owner.region}:${owner.accountId}:domain/${owner.domainName}`;
}
