let count = 0;

/**
 * A name that no other test of this process takes. All tests share one emulated account, in which the names of, say, database
 * clusters are taken once and for all.
 */
export function uniqueName(what: string): string {
    return `${what}-${++count}`;
}
