import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { childTags, type Tags } from "../tags";
import { assumeRolePolicy } from "./execution-role";

/** Arguments of a {@link StudioRole}. */
export interface StudioRoleArgs {
    /** The AWS account of the role, 12 digits. */
    readonly accountId: pulumi.Input<string>;
    /**
     * Tags of the role.
     * @default none but `Component` and `Name`
     */
    readonly tags?: Tags;
}

/**
 * The role as which notebooks run, without any permission: a `SageMakerDomain` adds those. It is a component of its own so that a data
 * store can admit the role before the domain is there, which is told where that store is.
 *
 * **Cost**: none.
 */
export class StudioRole extends pulumi.ComponentResource {
    /** ARN of the role. */
    readonly arn: pulumi.Output<string>;
    /** Name of the role. */
    readonly roleName: pulumi.Output<string>;

    /**
     * @param name The logical name; the role is named from it.
     * @param args Whose the role is.
     * @param opts Component options.
     */
    constructor(name: string, args: StudioRoleArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:sagemaker:StudioRole", name, {}, opts);
        const role = new aws.iam.Role(
            name,
            {
                description: "What notebooks of the SageMaker Studio domain run as",
                assumeRolePolicy: pulumi
                    .output(args.accountId)
                    .apply((accountId) => JSON.stringify(assumeRolePolicy(accountId))),
                tags: childTags(args.tags, "sagemaker", name),
            },
            { parent: this },
        );
        this.arn = role.arn;
        this.roleName = role.name;
        this.registerOutputs({ arn: this.arn, roleName: this.roleName });
    }
}
