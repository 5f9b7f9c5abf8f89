import { retryWhile } from "../server/clock";
import { errorCode } from "../server/errors";
import type { AwsContext } from "./context";

/** How long a service may not know what was just made in another one (roles, policies), in seconds; the official provider's. */
export const PROPAGATION_SECONDS = 120;

/** Calls again while a service does not know yet what was just made. */
export const propagated = <Answer>(
    context: AwsContext,
    isTooEarly: (error: unknown) => boolean,
    call: () => Promise<Answer>,
    timeoutSeconds = PROPAGATION_SECONDS,
): Promise<Answer> => retryWhile(isTooEarly, { ...context, timeoutSeconds }, call);

/** Whether an error has a code that begins so, and a message like this. */
export const isError =
    (code: string, message = /^/) =>
    (error: unknown): boolean =>
        errorCode(error).startsWith(code) && message.test(String(error));
