import { CreateServiceLinkedRoleCommand, GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";

import { type Clock, Deadline } from "../../../lib/clock";
import { errorCode, isAccessDenied, isRetryable } from "../../../lib/aws/errors";

/** The part of the SDK's client that is used; tests pass one in memory. */
export type IamClient = Pick<IAMClient, "send">;

/** A service-linked role: the service that it belongs to, and the name that this service gives it. */
export interface ServiceLinkedRoleName {
    /** The service principal, such as opensearchservice.amazonaws.com. */
    serviceName: string;
    /** The role, such as AWSServiceRoleForAmazonOpenSearchService. */
    roleName: string;
}

export interface EnsuredRole {
    arn: string;
    /** Whether it was missing. */
    created: boolean;
}

/** The longest that a new role may take to show up, in seconds: IAM is eventually consistent. */
const TIMEOUT_SECONDS = 120;
const FIRST_PAUSE_MILLISECONDS = 500;
const LONGEST_PAUSE_MILLISECONDS = 10_000;

/**
 * Sees to it that a service-linked role exists: looks for it, makes it when it is missing, and waits until it shows up. An
 * account has one of a kind, so somebody else may make it at the same moment; that is as good.
 *
 * @throws when a permission is missing, when IAM refuses, or when the role does not show up in time.
 */
export async function ensureServiceLinkedRole(
    iam: IamClient,
    clock: Clock,
    role: ServiceLinkedRoleName,
): Promise<EnsuredRole> {
    const deadline = new Deadline(clock, TIMEOUT_SECONDS);
    const patient = <T>(action: string, attempt: () => Promise<T>) =>
        retryPassing(action, attempt, clock, deadline);

    const found = await patient("GetRole", () => findRole(iam, role.roleName));
    if (found !== undefined) return { arn: found, created: false };
    const created = await patient("CreateServiceLinkedRole", () => createRole(iam, role));
    for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)) {
        const arn = await patient("GetRole", () => findRole(iam, role.roleName));
        if (arn !== undefined) return { arn, created };
        await wait(`${role.roleName} was made and did not show up`, pause, clock, deadline);
    }
}

/** The ARN of a role; undefined when there is none of that name. */
export async function findRole(iam: IamClient, roleName: string): Promise<string | undefined> {
    try {
        return (await iam.send(new GetRoleCommand({ RoleName: roleName }))).Role?.Arn;
    } catch (error) {
        if (/^NoSuchEntity/.test(errorCode(error))) return undefined;
        throw error;
    }
}

/** Whether it was this call that made the role. */
async function createRole(iam: IamClient, { serviceName }: ServiceLinkedRoleName): Promise<boolean> {
    try {
        await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: serviceName }));
        return true;
    } catch (error) {
        // IAM has no code of its own for "it is there": InvalidInput stands for everything that is wrong with a request.
        const taken = /^InvalidInput/.test(errorCode(error)) && /has been taken/.test(String(error));
        if (taken) return false;
        throw error;
    }
}

async function retryPassing<T>(
    action: string,
    attempt: () => Promise<T>,
    clock: Clock,
    deadline: Deadline,
): Promise<T> {
    for (let pause = FIRST_PAUSE_MILLISECONDS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS)) {
        try {
            return await attempt();
        } catch (error) {
            if (isAccessDenied(error))
                throw new Error(
                    `the credentials may not iam:${action}: grant it, or let somebody who may make the role once for the account`,
                    { cause: error },
                );
            if (!isRetryable(error)) throw error;
            await wait(`iam:${action} did not succeed (${errorCode(error)})`, pause, clock, deadline);
        }
    }
}

async function wait(what: string, milliseconds: number, clock: Clock, deadline: Deadline): Promise<void> {
    const remaining = deadline.remainingMilliseconds();
    if (remaining === 0)
        throw new Error(`${what} within ${deadline.seconds} seconds; run \`pulumi up\` again`);
    await clock.sleep(Math.min(milliseconds * (0.5 + clock.random() / 2), remaining));
}
