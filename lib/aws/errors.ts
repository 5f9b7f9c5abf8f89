/** What an error of the AWS SDK means. The codes are those of the EC2 API reference, "Error codes". */

/** AWS's error code, or the name of a system error; "Error" when there is neither. */
export function errorCode(error: unknown): string {
    if (!(error instanceof Error)) return "Error";
    const { Code, code } = error as { Code?: unknown; code?: unknown };
    if (typeof Code === "string") return Code;
    // AWS's errors carry their code as the name; Node's system errors carry it as `code` under the name "Error".
    if (typeof code === "string") return code;
    return error.name;
}

export function errorText(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error);
    const code = errorCode(error);
    return code === "Error" || message.startsWith(code) ? message : `${code}: ${message}`;
}

const ACCESS_DENIED = new Set(["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"]);

/** The credentials are good, the permission is missing. (AuthFailure and its like mean bad credentials.) */
export function isAccessDenied(error: unknown): boolean {
    return ACCESS_DENIED.has(errorCode(error));
}

/** The write found its work done: by an earlier attempt whose answer was lost, or by somebody else. */
export function isAlreadyDone(error: unknown): boolean {
    return ["Resource.AlreadyAssociated", "RouteAlreadyExists", "InvalidPermission.Duplicate"].includes(
        errorCode(error),
    );
}

/** The thing to be removed is not there any more. */
export function isGone(error: unknown): boolean {
    const code = errorCode(error);
    return code.endsWith(".NotFound") || code.endsWith("NotFound") || code === "Gateway.NotAttached";
}
