import * as pulumi from "@pulumi/pulumi";

import { trampoline } from "../../../lib/dynamic/trampoline";

/** Arguments of a {@link ServiceLinkedRole}. */
export interface ServiceLinkedRoleArgs {
    /** The service principal, such as opensearchservice.amazonaws.com. */
    serviceName: string;
    /** The name that the service gives its role; AWS derives it from no rule. */
    roleName: string;
    /** A region of the partition: IAM is one for all of them. */
    region: pulumi.Input<string>;
    /** The name of what needs the role. A new name means that the role is looked for again. */
    neededBy: pulumi.Input<string>;
}

/** One provider for all roles: the SDK serializes an instance once. */
const provider = trampoline("components/opensearch/service-linked-role/provider", "serviceLinkedRole");

/**
 * The role by which an AWS service acts in the account: looked for, made when it is missing, waited for.
 *
 * Not `aws.iam.ServiceLinkedRole`: an account has one role of a kind, so that resource fails in every account that has used the
 * service before, and takes the role from everybody else when the stack is destroyed. This one is never deleted; a role
 * without the service costs nothing and lets nobody in.
 */
export class ServiceLinkedRole extends pulumi.dynamic.Resource {
    /** ARN of the role. */
    declare readonly roleArn: pulumi.Output<string>;
    /** Whether the last look found it missing and made it. */
    declare readonly created: pulumi.Output<boolean>;

    constructor(name: string, args: ServiceLinkedRoleArgs, opts?: pulumi.CustomResourceOptions) {
        super(
            provider,
            name,
            {
                serviceName: args.serviceName,
                roleName: args.roleName,
                region: args.region,
                neededBy: args.neededBy,
                // Outputs have to be named here to exist.
                roleArn: undefined,
                created: undefined,
            },
            opts,
            "checks",
            "ServiceLinkedRole",
        );
    }
}
