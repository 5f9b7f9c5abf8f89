/** Whether two lists have the same members, in any order. */
export function sameMembers(a: readonly string[], b: readonly string[]): boolean {
    return a.length === b.length && a.every((one) => b.includes(one));
}
