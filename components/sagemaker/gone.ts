import { isGone } from "../../lib/aws/errors";

/** The answer of a call, or nothing when what it is about does not exist any more. */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
    try {
        return await call;
    } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
    }
}
