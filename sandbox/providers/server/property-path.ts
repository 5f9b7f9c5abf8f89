/** Splits a property path as Pulumi writes them: `tags.Name`, `tags["a.b"]`, `rules[0].port`. */
export function parsePath(path: string): string[] {
    return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)].map(
        ([, quoted, index, name]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? "",
    );
}

/** Writes the path of a member of a map. */
export function memberPath(property: string, key: string): string {
    return /^[A-Za-z_$][\w$]*$/.test(key)
        ? `${property}.${key}`
        : `${property}["${key.replace(/["\\]/g, "\\$&")}"]`;
}

/** Whether a path is one of the given ones or lies within one; `*` stands for any step. */
export function isWithin(path: string, patterns: readonly string[]): boolean {
    const steps = parsePath(path);
    return patterns.some((pattern) => {
        const wanted = parsePath(pattern);
        return wanted.length <= steps.length && wanted.every((step, i) => step === "*" || step === steps[i]);
    });
}
