import type { OperationContext } from "../server/resource";
import type { Clients } from "./clients";

/** What an operation of the `aws` package is given. */
export interface AwsContext extends OperationContext {
    /** First part of every ARN: `aws`, `aws-cn` or `aws-us-gov`. */
    partition: string;
    /** The account, 12 digits; asked for once. */
    accountId(): Promise<string>;
    /** Clients of the services, for the operation's region. */
    aws: Clients;
}

/** The ARN of a thing in the operation's region. `account` is its owner's. */
export function regionalArn(
    { partition, region }: AwsContext,
    service: string,
    account: string | undefined,
    resource: string,
): string {
    return `arn:${partition}:${service}:${region}:${account ?? ""}:${resource}`;
}
