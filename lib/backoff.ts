/** Pauses that double, up to a longest one. */
export interface Backoff {
    firstMilliseconds: number;
    longestMilliseconds: number;
}

/**
 * The longest pause after an attempt. Callers take a random part of it: callers that were throttled together must not come back together.
 *
 * @param attempt The first one is 0.
 */
export function pauseAfter(attempt: number, { firstMilliseconds, longestMilliseconds }: Backoff): number {
    return Math.min(longestMilliseconds, firstMilliseconds * 2 ** attempt);
}
