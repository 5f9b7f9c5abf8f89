import * as fs from "node:fs";

/** One call that the sandbox's AWS has answered. */
export interface ApiCall {
    /** ISO 8601. */
    readonly time: string;
    /** As in the call's signature: `ec2`, `sts`, ... */
    readonly service: string;
    /** The name of the operation, or method and path for the REST protocols. */
    readonly action: string;
    readonly region: string;
    readonly userAgent: string;
    /** The HTTP status of the answer. */
    readonly status: number;
}

const READ = /^(Describe|Get|List|Head|GET |HEAD )/;

/** Whether a call can change anything. */
export function isWrite(call: ApiCall): boolean {
    return !READ.test(call.action);
}

/** The calls in a request log, oldest first. Requests that are no AWS API calls (readiness and the like) have no service. */
export function readRequests(file: string): ApiCall[] {
    if (!fs.existsSync(file)) {
        return [];
    }
    const lines = fs.readFileSync(file, "utf8").split("\n");
    // What follows the last line end is empty, or a line that is being written.
    return lines
        .slice(0, -1)
        .map((line) => JSON.parse(line) as ApiCall)
        .filter((call) => call.service !== "");
}
