import { type Backoff, pauseAfter } from "./backoff";
import type { Deadline } from "./clock";

/**
 * Looks again and again until there is something, or the time is over. Half of each pause is random.
 *
 * @param look What is waited for, or nothing as long as it is not there.
 * @returns nothing when the time is over: the caller knows best what to say then.
 */
export async function poll<T>(
    deadline: Deadline,
    backoff: Backoff,
    look: () => Promise<T | undefined>,
): Promise<T | undefined> {
    for (let attempt = 0; !deadline.isOver(); attempt++) {
        const found = await look();
        if (found !== undefined) return found;
        await deadline.sleep(pauseAfter(attempt, backoff) * (0.5 + deadline.clock.random() / 2));
    }
    return undefined;
}
