/** An error whose message is all that its reader needs: printed without a stack, the command exits with 1. */
export class SandboxError extends Error {
    override readonly name: string = "SandboxError";
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
