import { isDeepStrictEqual } from "node:util";

/** Whether two policies are the same document, however they are written. What is no JSON is only the same as itself. */
export function sameDocument(one: string | undefined, other: string | undefined): boolean {
    if (one === undefined || other === undefined) return one === other;
    return isDeepStrictEqual(parsed(one), parsed(other));
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch {
        return text;
    }
}
