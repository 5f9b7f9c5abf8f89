/** What stands in a file is not what is expected there. */
export class InputError extends Error {}

/** @throws {InputError} when the text is not JSON. */
export function parseJson(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch (error) {
        throw new InputError(`is not JSON: ${(error as Error).message}`);
    }
}

/** What a value of a file is, for people. */
export function kindOf(value: unknown): string {
    if (value === undefined) return "nothing";
    if (value === null) return "null";
    if (Array.isArray(value)) return "an array";
    return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
