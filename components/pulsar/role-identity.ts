import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { childTags, type Tags } from "../tags";
import { INSTANCE_TRUST_POLICY, instancePolicy } from "./instance-policy";
import type { PulsarRole } from "./ports";

/** Arguments of a {@link RoleIdentity}. */
export interface RoleIdentityArgs {
    role: PulsarRole;
    partition: pulumi.Input<string>;
    region: string;
    accountId: pulumi.Input<string>;
    secretArn: pulumi.Input<string>;
    kmsKeyArn: pulumi.Input<string>;
    logGroupArn: pulumi.Input<string>;
    metricNamespace: string;
    tags?: Tags | undefined;
}

/** The instance profile of one role of a cluster, with the permissions of {@link instancePolicy} and no others. */
export class RoleIdentity extends pulumi.ComponentResource {
    /** Name of the instance profile. */
    readonly profileName: pulumi.Output<string>;
    /** ARN of the IAM role. */
    readonly roleArn: pulumi.Output<string>;
    /** Exists when the role has its permissions: an instance that starts sooner is refused its secret. */
    readonly ready: pulumi.Resource;

    /**
     * @param name The logical name; children are named from it.
     * @param args What the role may reach.
     * @param opts Component options.
     */
    constructor(name: string, args: RoleIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:pulsar:RoleIdentity", name, {}, opts);
        const tags = childTags(args.tags, args.role, name);
        const role = new aws.iam.Role(
            name,
            {
                description: `Instances of a Pulsar cluster: ${args.role}`,
                assumeRolePolicy: JSON.stringify(INSTANCE_TRUST_POLICY),
                tags,
            },
            { parent: this },
        );
        const { partition, accountId, secretArn, kmsKeyArn, logGroupArn } = args;
        const policy = new aws.iam.RolePolicy(
            name,
            {
                role: role.id,
                policy: pulumi
                    .all([partition, accountId, secretArn, kmsKeyArn, logGroupArn])
                    .apply(([inPartition, inAccount, secret, key, logGroup]) =>
                        JSON.stringify(
                            instancePolicy({
                                partition: inPartition,
                                region: args.region,
                                accountId: inAccount,
                                secretArn: secret,
                                kmsKeyArn: key,
                                logGroupArn: logGroup,
                                metricNamespace: args.metricNamespace,
                            }),
                        ),
                    ),
            },
            { parent: this },
        );
        const profile = new aws.iam.InstanceProfile(name, { role: role.name, tags }, { parent: this });

        this.profileName = profile.name;
        this.roleArn = role.arn;
        this.ready = policy;
        this.registerOutputs({ profileName: this.profileName, roleArn: this.roleArn });
    }
}
