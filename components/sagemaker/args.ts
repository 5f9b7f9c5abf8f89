import type * as pulumi from "@pulumi/pulumi";

import type { PolicyStatement } from "../../lib/policy/statement";
import type { Tags } from "../tags";
import type { NotebookEndpoints, PackageSource } from "./lifecycle-script";
import type { AuthMode, HomeRetention } from "./problems";
import type { StudioRole } from "./studio-role";

/** Values, each of which may come from a resource; which there are is plain. */
type Inputs<T> = {
    readonly [Name in keyof T]: T[Name] extends object | undefined ? T[Name] : pulumi.Input<T[Name]>;
};

/** A user of a `SageMakerDomain`. */
export interface UserProfileArgs {
    /** Name of the profile, unique in the domain: 1 to 63 letters, digits and hyphens. */
    readonly name: string;
    /**
     * The security groups of this user's apps: at most four. A group of their own keeps users apart. Apps need TCP 8192-65535
     * within the group (kernels), and NFS (TCP 2049) to the home file system.
     */
    readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * The role as which this user's notebooks run.
     * @default the domain's execution role
     */
    readonly executionRoleArn?: pulumi.Input<string>;
    /**
     * The user's name in IAM Identity Center; required with `authMode` SSO, and refused without.
     * @default none
     */
    readonly singleSignOnUserName?: string;
}

/** Where notebooks find the lab's services; which there are is plain, the values may come from resources. */
export interface NotebookEndpointsArgs {
    readonly neptune?: Inputs<NonNullable<NotebookEndpoints["neptune"]>>;
    readonly opensearch?: Inputs<NonNullable<NotebookEndpoints["opensearch"]>>;
    readonly pulsar?: Inputs<NonNullable<NotebookEndpoints["pulsar"]>>;
}

/** A Git repository that users get cloned into their home, so that notebooks outlive the domain. */
export interface NotebookRepositoryArgs {
    /** Its address, https and without credentials. */
    readonly url: string;
    /**
     * The branch that is checked out.
     * @default the repository's own default
     */
    readonly branch?: string;
    /**
     * ARN of a Secrets Manager secret with `{"username": ..., "password": ...}`. Notebooks may read it, and so may whoever
     * runs code in one: give it a token for this one repository.
     * @default none: the repository is public
     */
    readonly secretArn?: pulumi.Input<string>;
}

/** Arguments of a `SageMakerDomain`. What decides which resources there are is plain; the rest may come from resources. */
export interface SageMakerDomainArgs {
    /** Name of the domain; parts that must be unique in the account and region are named from it. */
    readonly domainName: string;
    /** The AWS account of the domain, 12 digits. */
    readonly accountId: pulumi.Input<string>;
    /** The region of the domain. */
    readonly region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    readonly partition?: pulumi.Input<string>;
    /** The VPC that all traffic of the domain goes through. */
    readonly vpcId: pulumi.Input<string>;
    /**
     * Private subnets for apps and the home file system, one a zone; each user takes two to four addresses. A domain keeps those that
     * it was made with: one that is added here later is not used by it before `aws sagemaker update-domain` has named it.
     */
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Security groups of users whose profile names none: at most four. */
    readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
    /** ARN of the KMS key of the home file system and of the spaces' volumes; its policy must delegate to IAM. */
    readonly kmsKeyArn: pulumi.Input<string>;
    /**
     * The users.
     * @default none
     */
    readonly userProfiles?: readonly UserProfileArgs[];
    /**
     * The services that notebooks are told of.
     * @default none
     */
    readonly endpoints?: NotebookEndpointsArgs;
    /**
     * Where the notebook tools are installed from. Without NAT that is a private index, CodeArtifact through its VPC endpoints,
     * or none; an index that cannot be reached keeps no notebook from starting.
     * @default pypi, the public index
     */
    readonly packageSource?: PackageSource;
    /**
     * The Git repository of the team's notebooks.
     * @default none
     */
    readonly repository?: NotebookRepositoryArgs;
    /**
     * Instance types that apps may run on; the first is the default.
     * @default {@link DEFAULT_INSTANCE_TYPES}
     */
    readonly allowedInstanceTypes?: readonly string[];
    /**
     * The role as which notebooks run; the domain gives it its permissions. A data store that is to admit it has to know it before
     * the domain is there.
     * @default one of its own
     */
    readonly executionRole?: StudioRole;
    /**
     * What else notebooks may do: statements of IAM policies, such as the use of a database or of a secret.
     * @default nothing
     */
    readonly policyStatements?: readonly pulumi.Input<PolicyStatement>[];
    /**
     * Minutes without activity after which an app is shut down, 60 to 525600.
     * @default 60, the least that SageMaker takes
     */
    readonly idleTimeoutMinutes?: number;
    /**
     * The most minutes that a user may choose for an app of their own.
     * @default idleTimeoutMinutes: users can shorten it and not lengthen it
     */
    readonly maxIdleTimeoutMinutes?: number;
    /**
     * Size of a space's volume: of a new one, and the largest that a user may choose.
     * @default 5 and 50 GB
     */
    readonly spaceVolumeSizeGb?: { readonly default: number; readonly maximum: number };
    /**
     * What becomes of the home directories and of the users' spaces when the domain is destroyed. `Retain` leaves the file system,
     * its interfaces and its security groups, so that the VPC cannot be deleted before they are. `Delete` deletes all of them.
     * It can be changed at any time: what holds when the domain is destroyed counts.
     * @default "Retain"
     */
    readonly homeRetention?: HomeRetention;
    /**
     * How users sign in.
     * @default "IAM"
     */
    readonly authMode?: AuthMode;
    /**
     * Whether apps may run Docker. It gives whoever runs code in an app the images' software too.
     * @default false
     */
    readonly enableDocker?: boolean;
    /**
     * Tags of everything that can be tagged; SageMaker passes them on to spaces and apps.
     * @default none but `Component` and `Name`
     */
    readonly tags?: Tags;
}

/** Instance types for notebooks that work on data elsewhere: a cheap one, and two with more memory. */
export const DEFAULT_INSTANCE_TYPES: readonly string[] = ["ml.t3.medium", "ml.t3.large", "ml.m5.large"];
