import { CreateServiceLinkedRoleCommand, GetRoleCommand, type IAMClient } from "@aws-sdk/client-iam";

import { errorCode } from "../../../lib/aws/errors";
import { PermissionMissingError, Service } from "../../../lib/aws/service";
import type { Deadline } from "../../../lib/clock";
import { poll } from "../../../lib/poll";

/** IAM, with the client's own retries under the deadline. */
export type Iam = Service<IAMClient>;

/** The longest that a new role may take to show up, in seconds: IAM is eventually consistent. */
export const ROLE_TIMEOUT_SECONDS = 120;

export function iamOf(client: IAMClient, deadline: Deadline): Iam {
    return new Service("iam", client, deadline);
}

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

const SHOWING_UP = { firstMilliseconds: 500, longestMilliseconds: 10_000 };

/**
 * Makes sure that a service-linked role exists: looks for it, creates it when it is missing, and waits until it shows up. An account has
 * one of a kind, so that another program may create it at the same moment; that is as good.
 *
 * @throws when a permission is missing, when IAM refuses, or when the role does not show up in time.
 */
export async function ensureServiceLinkedRole(iam: Iam, role: ServiceLinkedRoleName): Promise<EnsuredRole> {
    try {
        const found = await findRole(iam, role.roleName);
        if (found !== undefined) return { arn: found, created: false };
        const created = await createRole(iam, role);
        const arn = await poll(iam.deadline, SHOWING_UP, () => findRole(iam, role.roleName));
        if (arn !== undefined) return { arn, created };
    } catch (error) {
        if (!(error instanceof PermissionMissingError)) throw error;
        throw new Error(`${error.message}: grant it, or have the role created once for the account`, {
            cause: error,
        });
    }
    throw new Error(
        `${role.roleName} was made and did not show up within ${iam.deadline.seconds} seconds; run \`pulumi up\` again`,
    );
}

/** The ARN of a role; undefined when there is none of that name. */
export async function findRole(iam: Iam, roleName: string): Promise<string | undefined> {
    try {
        return (await iam.send(new GetRoleCommand({ RoleName: roleName }))).Role?.Arn;
    } catch (error) {
        if (/^NoSuchEntity/.test(errorCode(error))) return undefined;
        throw error;
    }
}

/** Whether it was this call that created the role. */
async function createRole(iam: Iam, { serviceName }: ServiceLinkedRoleName): Promise<boolean> {
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
