/**
 * The Pulumi SDK takes a stack trace of every promise that it follows: 25,000 of them for a lab. ts-node maps each line of each
 * trace to TypeScript, which is half of the time that the program takes. The SDK shows these traces only under
 * PULUMI_DEBUG_PROMISE_LEAKS, so without that variable none is taken. The stack traces of errors stay as they are.
 *
 * To be imported before anything registers a resource.
 */

type Follow = <T>(promise: Promise<T>, context: string) => Promise<T>;

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the SDK leaves this function out of its declarations
const sdk = require("@pulumi/pulumi/runtime/debuggable") as { debuggablePromise: Follow };

if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    const follow = sdk.debuggablePromise;
    sdk.debuggablePromise = (promise, context) => {
        const { stackTraceLimit } = Error;
        Error.stackTraceLimit = 0;
        try {
            return follow(promise, context);
        } finally {
            Error.stackTraceLimit = stackTraceLimit;
        }
    };
}
