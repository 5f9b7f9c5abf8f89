import { isServerError, isThrottlingError, isTransientError } from "@smithy/core/retry";
import type { RetryErrorInfo, RetryStrategyV2, RetryToken, SdkError } from "@smithy/types";

import { type Backoff, pauseAfter } from "../backoff";
import type { Deadline } from "../clock";
import { errorCode } from "./errors";

/** EC2 refills its request buckets every second. */
const BACKOFF: Backoff = { firstMilliseconds: 200, longestMilliseconds: 10_000 };

/** About a minute of waiting in the worst case; the deadline usually ends it sooner. */
const MOST_ATTEMPTS = 10;

/** What a client of the SDK needs to retry under a deadline. */
export interface Retries {
    maxAttempts: number;
    retryStrategy: RetryStrategyV2;
}

/** The retries of every client of a piece of work: the SDK retries, this says whether and when. */
export function retriesWithin(deadline: Deadline): Retries {
    return { maxAttempts: MOST_ATTEMPTS, retryStrategy: new DeadlineRetryStrategy(deadline) };
}

/**
 * Worth another attempt: a throttled call, a timeout, a broken connection, a name that could not be resolved, a fault of the service. Not
 * bad credentials, a missing permission or a wrong request.
 */
export function isRetryable(error: unknown): boolean {
    if (!(error instanceof Error)) return false;
    const sdkError = error as SdkError;
    return (
        isThrottlingError(sdkError) ||
        isTransientError(sdkError) ||
        isServerError(sdkError) ||
        // An endpoint or a gateway is between two states.
        errorCode(error) === "IncorrectState"
    );
}

/**
 * The SDK's standard strategy waits by the system's time and knows no deadline. This one waits by the deadline's clock, and not past it.
 * The pauses grow, and each is a random part of its longest ("full jitter").
 */
class DeadlineRetryStrategy implements RetryStrategyV2 {
    constructor(private readonly deadline: Deadline) {}

    async acquireInitialRetryToken(): Promise<RetryToken> {
        return tokenAfter(0);
    }

    /** @throws when there is to be no further attempt: the SDK then answers with the error of the last one. */
    async refreshRetryTokenForRetry(token: RetryToken, info: RetryErrorInfo): Promise<RetryToken> {
        const retries = token.getRetryCount();
        if (retries + 1 >= MOST_ATTEMPTS || !isRetryable(info.error)) throw new Error("no further attempt");
        const { clock } = this.deadline;
        const pause = clock.random() * pauseAfter(retries, BACKOFF);
        // The SDK makes a moment of the system's time of the seconds that the service asks for.
        const hint = info.retryAfterHint === undefined ? 0 : info.retryAfterHint.getTime() - Date.now();
        await this.deadline.sleep(Math.max(pause, Math.min(hint, BACKOFF.longestMilliseconds)));
        if (this.deadline.isOver()) throw new Error("no time for a further attempt");
        return tokenAfter(retries + 1);
    }

    recordSuccess(): void {}
}

/** The strategy has waited itself: the SDK does not have to. */
function tokenAfter(retries: number): RetryToken {
    return { getRetryCount: () => retries, getRetryDelay: () => 0 };
}
