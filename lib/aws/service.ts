import type { CommandIO, MetadataBearer } from "@smithy/types";

import type { Deadline } from "../clock";
import { isAccessDenied } from "./errors";
import { isRetryable } from "./retry";

/** What one call passes on to the SDK, so that the deadline also ends a request or a pause under way. */
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
 * Calls one service under one deadline, and tells missing permissions and the end of the time from other errors. Retries are the
 * client's: it is made with {@link import("./retry").retriesWithin} the same deadline.
 */
export class Service<Client extends object> {
    private loaded?: Promise<Client>;

    /**
     * @param name The prefix of the service's IAM actions, such as "ec2".
     * @param client The SDK's client, or how to load it when it is first needed.
     * @param deadline When all calls have to be done.
     */
    constructor(
        private readonly name: string,
        private readonly client: Client | (() => Promise<Client>),
        readonly deadline: Deadline,
    ) {}

    /**
     * Sends one command.
     *
     * @throws {PermissionMissingError} when the credentials lack the action.
     * @throws {DeadlineExceededError} when the time is over.
     */
    send<Input extends object, Output extends MetadataBearer>(
        command: CommandIO<Input, Output>,
    ): Promise<Output> {
        const action = command.constructor.name.replace(/Command$/, "");
        return this.call(action, (client, options) =>
            (client as unknown as Sender).send<Output>(command, options),
        );
    }

    /**
     * Reads all pages of a list.
     *
     * @param action The API action, such as DescribeVpcs; with the service's name it makes the IAM action.
     * @param paginate The SDK's paginator of the action.
     * @param itemsOf What a page holds.
     * @throws as {@link send} does.
     */
    list<Page, Item>(
        action: string,
        paginate: (client: Client, options: CallOptions) => AsyncIterable<Page>,
        itemsOf: (page: Page) => readonly Item[] | undefined,
    ): Promise<Item[]> {
        return this.call(action, async (client, options) => {
            const items: Item[] = [];
            for await (const page of paginate(client, options)) items.push(...(itemsOf(page) ?? []));
            return items;
        });
    }

    now(): Date {
        return new Date(this.deadline.clock.now());
    }

    private async call<T>(
        action: string,
        work: (client: Client, options: CallOptions) => Promise<T>,
    ): Promise<T> {
        const { deadline } = this;
        const iamAction = `${this.name}:${action}`;
        if (deadline.isOver()) throw deadline.exceeded(iamAction);
        try {
            const abortSignal = AbortSignal.timeout(deadline.remainingMilliseconds());
            return await work(await (this.loaded ??= this.load()), { abortSignal });
        } catch (error) {
            if (isAccessDenied(error)) throw new PermissionMissingError(iamAction, error);
            if (isAbort(error) || (deadline.isOver() && isRetryable(error)))
                throw deadline.exceeded(iamAction, error);
            throw error;
        }
    }

    private async load(): Promise<Client> {
        return typeof this.client === "function" ? this.client() : this.client;
    }
}

/** What the client of each service has. The SDK types the commands of each service apart. */
interface Sender {
    send<Output>(command: unknown, options: CallOptions): Promise<Output>;
}

function isAbort(error: unknown): boolean {
    return error instanceof Error && error.name === "AbortError";
}
