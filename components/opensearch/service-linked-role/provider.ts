import { IAMClient } from "@aws-sdk/client-iam";

import { type DeadlineSettings, settingsWithin } from "../../../lib/aws/clients";
import { type Clock, Deadline, systemClock } from "../../../lib/clock";
import { errorText } from "../../../lib/aws/errors";
import { failure } from "../../../lib/dynamic/failure";
import { hasUnknown } from "../../../lib/dynamic/unknown";
import {
    ensureServiceLinkedRole,
    findRole,
    type Iam,
    iamOf,
    ROLE_TIMEOUT_SECONDS,
    type ServiceLinkedRoleName,
} from "./ensure";

/** The inputs, as the engine hands them over. */
export interface RoleInputs extends ServiceLinkedRoleName {
    /** Where the IAM of the partition is reached. */
    region: string;
    /** What needs the role: the role is looked for again when this changes. */
    neededBy: string;
}

/** The outputs repeat the inputs: Pulumi hands only outputs to diff and read. */
export interface RoleOutputs extends RoleInputs {
    roleArn: string;
    /** Whether the last look found it missing and made it. */
    created: boolean;
}

/** What the provider depends on; tests give their own. */
export interface RoleDependencies {
    connect(settings: DeadlineSettings): IAMClient;
    clock: Clock;
    log(text: string): void;
}

/**
 * The methods of the dynamic provider behind {@link import("./resource").ServiceLinkedRole}. Check and diff are pure, so that a
 * preview asks AWS nothing.
 */
export class ServiceLinkedRoleProvider {
    constructor(private readonly dependencies: RoleDependencies) {}

    async check(_olds: unknown, news: Record<string, unknown>) {
        return { inputs: news, failures: inputFailures(news) };
    }

    async diff(_id: string, olds: Partial<RoleOutputs>, news: RoleInputs) {
        if (hasUnknown(news)) return { changes: true, replaces: [] };
        const replaces = (["serviceName", "roleName"] as const).filter((key) => olds[key] !== news[key]);
        // A failed look leaves no ARN: it has to be done again.
        const changed = olds.neededBy !== news.neededBy || (olds.roleArn ?? "") === "";
        return { changes: changed || replaces.length > 0, replaces };
    }

    async create(inputs: RoleInputs): Promise<{ id: string; outs: RoleOutputs }> {
        return { id: inputs.roleName, outs: await this.ensure(inputs) };
    }

    async update(_id: string, _olds: unknown, news: RoleInputs): Promise<{ outs: RoleOutputs }> {
        return { outs: await this.ensure(news) };
    }

    /** A refresh: a role that is not there any more is forgotten, and the next update makes it again. */
    async read(
        id: string,
        stored: Partial<RoleOutputs>,
    ): Promise<{ id: string; props?: Partial<RoleOutputs> }> {
        if (stored.region === undefined)
            throw new Error(
                "a service-linked role cannot be imported: it is looked up by its name at each update",
            );
        const roleArn = await findRole(this.connect(stored.region), id);
        return roleArn === undefined ? { id: "" } : { id, props: { ...stored, roleArn } };
    }

    /** Nothing: the role is the account's, and other domains of the account may live by it. */
    async delete(): Promise<void> {}

    private connect(region: string): Iam {
        const deadline = new Deadline(this.dependencies.clock, ROLE_TIMEOUT_SECONDS);
        return iamOf(this.dependencies.connect(settingsWithin(deadline, region)), deadline);
    }

    private async ensure(inputs: RoleInputs): Promise<RoleOutputs> {
        const { serviceName, roleName, region, neededBy } = inputs;
        const known = { serviceName, roleName, region, neededBy };
        try {
            const { arn, created } = await ensureServiceLinkedRole(this.connect(region), inputs);
            if (created)
                this.dependencies.log(`Made the service-linked role ${roleName}, which this account lacked.`);
            return { ...known, roleArn: arn, created };
        } catch (error) {
            const report = [
                `X_OS_SLR: ${serviceName} may lack its service-linked role ${roleName}, and could not be given it: ${errorText(error)}.`,
                `By hand: aws iam create-service-linked-role --aws-service-name ${serviceName}, then run \`pulumi up\` again.`,
            ].join("\n");
            throw failure(roleName, inputs, { ...known, roleArn: "", created: false }, report);
        }
    }
}

/** What is wrong with the inputs, in the engine's form. Unknown ones are judged when they are known. */
function inputFailures(inputs: Record<string, unknown>): { property: string; reason: string }[] {
    const rules: Record<keyof RoleInputs, { pattern: RegExp; allowed: string }> = {
        serviceName: {
            pattern: /^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/,
            allowed: "a service principal, such as opensearchservice.amazonaws.com",
        },
        roleName: {
            pattern: /^AWSServiceRoleFor\w+$/,
            allowed: "the name of a service-linked role, such as AWSServiceRoleForAmazonOpenSearchService",
        },
        region: { pattern: /^[a-z0-9-]+$/, allowed: "the name of an AWS region, such as us-east-1" },
        neededBy: { pattern: /./, allowed: "the name of what needs the role" },
    };
    return Object.entries(rules).flatMap(([property, { pattern, allowed }]) => {
        const value = inputs[property];
        if (hasUnknown(value) || (typeof value === "string" && pattern.test(value))) return [];
        const given = value === undefined ? "is missing" : `${JSON.stringify(value)} is not allowed`;
        return [{ property, reason: `${property} ${given}: it has to be ${allowed}` }];
    });
}

/** Endpoint and credentials come from the environment, as for every tool that uses the AWS SDK. */
export const serviceLinkedRole = new ServiceLinkedRoleProvider({
    connect: (settings) => new IAMClient(settings),
    clock: systemClock,
    log: (text) => console.log(text),
});
