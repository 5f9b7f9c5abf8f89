import { retryMiddleware } from "@smithy/core/retry";
import { SMITHY_CONTEXT_KEY } from "@smithy/types";

import type { Retries } from "../../lib/aws/retry";

/** A command as the SDK makes it. */
export interface SentCommand {
    input: Record<string, unknown>;
    constructor: { name: string };
}

/** The API action of a command, such as DescribeVpcs. */
export function actionOf({ constructor: { name } }: SentCommand): string {
    return name.replace(/Command$/, "");
}

/**
 * A client of the SDK that answers from memory. The SDK's paginators accept it, and errors are retried by the SDK's own
 * middleware, as they are in the real client.
 *
 * @param Client The client's class.
 * @param answer What AWS would answer; throws what the SDK would throw.
 * @param retries How errors are retried; without it they are not.
 */
export function clientInMemory<Client>(
    Client: { prototype: Client },
    answer: (command: SentCommand) => Promise<unknown>,
    retries?: Retries,
): Client {
    const send = async (command: SentCommand, options: { abortSignal?: AbortSignal } = {}) => {
        if (retries === undefined) return answer(command);
        const { maxAttempts, retryStrategy } = retries;
        const middleware = retryMiddleware({
            maxAttempts: async () => maxAttempts,
            retryStrategy: async () => retryStrategy,
        });
        let output: unknown;
        const next = async () => {
            output = await answer(command);
            return { response: {}, output: { $metadata: {} } };
        };
        const context = { [SMITHY_CONTEXT_KEY]: { abortSignal: options.abortSignal } };
        await middleware(next as never, context as never)({ input: command.input, request: {} } as never);
        return output;
    };
    return Object.assign(Object.create(Client.prototype as object), { send }) as Client;
}
