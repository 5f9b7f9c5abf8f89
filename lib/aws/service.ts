import { type Clock, type Deadline, DeadlineExceededError } from "../clock";
import { isAccessDenied, isRetryable } from "./errors";

/** What one call passes on to the SDK, so that the deadline also ends a request under way. */
export interface CallOptions {
    abortSignal: AbortSignal;
}

/** A permission that the credentials lack. */
export class PermissionMissingError extends Error {
    constructor(
        /** The IAM action to grant, such as ec2:DescribeVpcs. */
        readonly action: string,
        cause: unknown,
    ) {
        super(`the credentials may not ${action}`, { cause });
        this.name = "PermissionMissingError";
    }
}

/**
 * The first wait is 0.2 s, each further one twice as long up to 10 s, and every wait is a random part of that ("full
 * jitter"): EC2 refills its request buckets every second, and callers that were throttled together must not return together.
 */
const FIRST_WAIT_MILLISECONDS = 200;
const LONGEST_WAIT_MILLISECONDS = 10_000;
/** About a minute of waiting in the worst case; the deadline usually ends it sooner. */
const MOST_ATTEMPTS = 10;

/** Calls one service with retries of our own, one deadline for everything and missing permissions told apart. */
export class Service<Client> {
    private loaded?: Promise<Client>;

    /**
     * @param name The prefix of the service's IAM actions, such as "ec2".
     * @param client The SDK's client, or how to load it when it is first needed.
     * @param clock Time and randomness.
     * @param deadline When all calls have to be done.
     */
    constructor(
        private readonly name: string,
        private readonly client: Client | (() => Promise<Client>),
        private readonly clock: Clock,
        readonly deadline: Deadline,
    ) {}

    /**
     * Makes one call, again and again while AWS throttles or the connection breaks.
     *
     * @param action The API action, such as DescribeVpcs; with the service's name it makes the IAM action.
     * @throws {PermissionMissingError} when the credentials lack the action.
     * @throws {DeadlineExceededError} when the check's time is over.
     */
    async call<T>(action: string, send: (client: Client, options: CallOptions) => Promise<T>): Promise<T> {
        const client = await (this.loaded ??= this.load());
        const iamAction = `${this.name}:${action}`;
        for (let attempt = 1; ; attempt++) {
            const remaining = this.deadline.remainingMilliseconds();
            if (remaining === 0) throw new DeadlineExceededError(iamAction, this.deadline.seconds);
            try {
                return await send(client, { abortSignal: AbortSignal.timeout(remaining) });
            } catch (error) {
                if (isAccessDenied(error)) throw new PermissionMissingError(iamAction, error);
                if (isAbort(error)) throw new DeadlineExceededError(iamAction, this.deadline.seconds);
                if (attempt === MOST_ATTEMPTS || !isRetryable(error)) throw error;
                const longest = Math.min(
                    LONGEST_WAIT_MILLISECONDS,
                    FIRST_WAIT_MILLISECONDS * 2 ** (attempt - 1),
                );
                await this.wait(this.clock.random() * longest);
            }
        }
    }

    private async load(): Promise<Client> {
        return typeof this.client === "function" ? (this.client as () => Promise<Client>)() : this.client;
    }

    /** Waits, but not past the deadline. */
    async wait(milliseconds: number): Promise<void> {
        await this.clock.sleep(Math.min(milliseconds, this.deadline.remainingMilliseconds()));
    }

    now(): Date {
        return new Date(this.clock.now());
    }
}

function isAbort(error: unknown): boolean {
    return error instanceof Error && error.name === "AbortError";
}
