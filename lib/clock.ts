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

/** The moment by which a whole piece of work has to be done, however many calls it makes. */
export class Deadline {
    private readonly end: number;

    constructor(
        readonly clock: Clock,
        /** How long from now, in seconds. */
        readonly seconds: number,
        /**
         * The setting that says so, for the message when the time is over.
         * @default none: the time is fixed
         */
        private readonly setting?: string,
    ) {
        this.end = clock.now() + seconds * 1000;
    }

    remainingMilliseconds(): number {
        return Math.max(0, this.end - this.clock.now());
    }

    isOver(): boolean {
        return this.remainingMilliseconds() === 0;
    }

    /** Waits, but not past the deadline. */
    async sleep(milliseconds: number): Promise<void> {
        await this.clock.sleep(Math.min(milliseconds, this.remainingMilliseconds()));
    }

    /** The error for work that is not done in time. */
    exceeded(what: string, cause?: unknown): DeadlineExceededError {
        const seconds = `${this.seconds} seconds`;
        const [within, advice] =
            this.setting === undefined
                ? [seconds, "see"]
                : [`${seconds} (${this.setting})`, "raise it, or see"];
        return new DeadlineExceededError(
            `${what} did not finish within ${within}: ${advice} whether AWS throttles this account or is unreachable`,
            { cause },
        );
    }
}

export class DeadlineExceededError extends Error {
    constructor(message: string, options?: ErrorOptions) {
        super(message, options);
        this.name = "DeadlineExceededError";
    }
}
