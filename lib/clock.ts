/** Time and randomness, injected so that tests of waits and deadlines are fast and exact. */
export interface Clock {
    /** Milliseconds since the epoch. */
    now(): number;
    sleep(milliseconds: number): Promise<void>;
    /** Uniform in [0, 1). */
    random(): number;
}

export const systemClock: Clock = {
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: () => Math.random(),
};

/** The moment by which a whole check has to be done, however many calls it makes. */
export class Deadline {
    private readonly end: number;

    constructor(
        private readonly clock: Clock,
        /** How long from now, in seconds. */
        readonly seconds: number,
    ) {
        this.end = clock.now() + seconds * 1000;
    }

    remainingMilliseconds(): number {
        return Math.max(0, this.end - this.clock.now());
    }
}

export class DeadlineExceededError extends Error {
    constructor(what: string, seconds: number) {
        super(
            `${what} did not finish within ${seconds} seconds (timeoutSeconds): raise it, or see whether AWS throttles this account or is unreachable`,
        );
        this.name = "DeadlineExceededError";
    }
}
