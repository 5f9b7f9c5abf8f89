import type { PropertyMap } from "./values";

/** The code of an AWS error (`InvalidSubnet.Conflict`); the class name of any other error. */
export function errorCode(error: unknown): string {
    const { Code, name } = error as { Code?: unknown; name?: unknown };
    return typeof Code === "string" ? Code : typeof name === "string" ? name : "";
}

/** Whether AWS says that a thing does not exist. */
export function isNotFound(error: unknown): boolean {
    return /NotFound|NoSuch(Entity|HostedZone)|DoesNotExist/.test(errorCode(error));
}

/** Takes "not found" for an answer. */
export async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
        return await work();
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** Whether AWS refuses to delete a thing because another one, perhaps on its way out, still needs it. */
export function isInUse(error: unknown): boolean {
    return /^(DependencyViolation|DeleteConflict(Exception)?|InvalidGroup\.InUse|InvalidIPAddress\.InUse|VolumeInUse|ResourceInUse(Exception)?|OperationAborted(Exception)?)$/.test(
        errorCode(error),
    );
}

/** An error in one line: AWS's code and message, or the message alone. */
export function describeError(error: unknown): string {
    if (!(error instanceof Error)) return String(error);
    // A refused connection is an AggregateError without a message of its own.
    const message = [error.message, (error as { code?: string }).code, error.name].find(Boolean) ?? "";
    const isAws = "$metadata" in error && (error as { $fault?: string }).$fault !== undefined;
    return isAws ? `${errorCode(error)}: ${message}` : message;
}

/** The text of a refusal; what is refused is named, never ignored. */
export function notImplemented(packageName: string, what: string): string {
    return `the sandbox's ${packageName} stand-in does not implement ${what}; see sandbox/providers/README.md`;
}

/** A resource exists, or has changed, but not all of what was asked for is done; its state must be kept. */
export class IncompleteError extends Error {
    constructor(
        /** What went wrong. */
        message: string,
        /** Id of the resource. */
        readonly id: string,
        /** What the resource is like now. */
        readonly properties: PropertyMap,
        /** The inputs to remember. */
        readonly inputs: PropertyMap,
    ) {
        super(message);
    }
}
