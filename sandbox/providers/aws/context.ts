import type { OperationContext } from "../server/resource";

/** Settings that every client of an AWS service takes. */
export interface ClientSettings {
    region: string;
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    maxAttempts: number;
}

/** What an operation of the `aws` package is given. */
export interface AwsContext extends OperationContext {
    /** First part of every ARN: `aws`, `aws-cn` or `aws-us-gov`. */
    partition: string;
    /** The account, 12 digits; asked for once. */
    accountId(): Promise<string>;
    /** The client of a service for the operation's region; made once for each. */
    client<Client>(Client: new (settings: ClientSettings) => Client): Client;
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
