import type { Clock } from "../../../lib/clock";

export { type Clock, systemClock } from "../../../lib/clock";

/** First pause between two tries, and the longest one, in milliseconds. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** How long to keep trying, and how to say what was waited for. */
export interface Patience {
    clock: Clock;
    /** Gives up after so many seconds. */
    timeoutSeconds: number;
    /** Stops at once when it is aborted. */
    signal?: AbortSignal;
}

/** Whether something has come about: what was waited for, or how far things are. */
export type Answer<T> =
    { readonly done: true; readonly value: T } | { readonly done: false; readonly state: string };

/** It has. */
export const done = <T>(value: T): Answer<T> => ({ done: true, value });

/** It has not, and this is how far things are. */
export const pending = (state: string | undefined): Answer<never> => ({
    done: false,
    state: state ?? "not found",
});

/**
 * Asks until there is an answer, with growing pauses between the tries (jittered, capped).
 *
 * @param what Ends the sentence "timeout while waiting for ...".
 * @throws when the time is up or the operation was cancelled; whatever `ask` throws.
 */
export async function waitFor<T>(
    what: string,
    patience: Patience,
    ask: () => Promise<Answer<T>>,
): Promise<T> {
    const { clock, timeoutSeconds, signal } = patience;
    const deadline = clock.now() + timeoutSeconds * 1000;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
        if (signal?.aborted) throw new Error(`cancelled while waiting for ${what}`);
        const answer = await ask();
        if (answer.done) return answer.value;
        const jittered = pause * (0.5 + clock.random() / 2);
        if (clock.now() + jittered > deadline) {
            throw new Error(
                `timeout while waiting for ${what} (last state: ${answer.state}, timeout: ${timeoutSeconds}s)`,
            );
        }
        await clock.sleep(jittered);
    }
}

/**
 * Tries again as long as the error is one that passes.
 *
 * @throws the last error when the time is up, or at once one that does not pass.
 */
export async function retryWhile<T>(
    passes: (error: unknown) => boolean,
    patience: Patience,
    attempt: () => Promise<T>,
): Promise<T> {
    let last: unknown;
    try {
        return await waitFor("it to succeed", patience, async () => {
            try {
                return done(await attempt());
            } catch (error) {
                last = error;
                if (!passes(error)) throw error;
                return pending("failed");
            }
        });
    } catch (error) {
        throw last ?? error;
    }
}
