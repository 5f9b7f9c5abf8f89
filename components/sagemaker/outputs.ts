import type * as pulumi from "@pulumi/pulumi";

/** What others take from a Studio domain, whether the program made it or found it. */
export interface SageMakerOutputs {
    /** Id of the domain, such as `d-abcdefghijkl`. */
    readonly domainId: pulumi.Output<string>;
    /** ARN of the domain. */
    readonly domainArn: pulumi.Output<string>;
    /** Where users sign in. */
    readonly domainUrl: pulumi.Output<string>;
    /** Id of the EFS file system with the users' home directories. */
    readonly homeEfsFileSystemId: pulumi.Output<string>;
    /** The role as which the users' notebooks run, unless their profile names another. */
    readonly executionRoleArn: pulumi.Output<string>;
    /** The security groups of users whose profile names none. */
    readonly securityGroupIds: pulumi.Output<string[]>;
}
