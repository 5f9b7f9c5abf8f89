import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { assumeRolePolicy, executionPolicy, type PolicyStatement } from "./sagemaker/execution-role";
import {
    lifecycleContent,
    nameOfContent,
    lifecycleScript,
    type NotebookEndpoints,
    type PackageSource,
} from "./sagemaker/lifecycle-script";
import type { SageMakerOutputs } from "./sagemaker/outputs";
import {
    type AuthMode,
    type HomeRetention,
    IDLE_MINUTES,
    sageMakerDomainProblems,
} from "./sagemaker/problems";
import { childTags, type Tags } from "./tags";
import { assertNoProblems } from "./validation";

/** Values, each of which may come from a resource; which there are is plain. */
type Inputs<T> = {
    readonly [Name in keyof T]: T[Name] extends object | undefined ? T[Name] : pulumi.Input<T[Name]>;
};

/** A user of a {@link SageMakerDomain}. */
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

/** Arguments of a {@link SageMakerDomain}. What decides which resources there are is plain; the rest may come from resources. */
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
    /** Private subnets for apps and the home file system, one a zone; each user takes two to four addresses. */
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
     * The provider replaces the domain when this changes.
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

const COMPONENT = "sagemaker";

/**
 * A SageMaker Studio domain whose traffic stays in the VPC, with encrypted home directories, a role that can do what notebooks
 * need, idle shutdown, and a profile for each user.
 *
 * Each JupyterLab runs a script at its start that writes where the lab's services are, installs the tools for them and clones the
 * team's repository. Sessions carry the name of the user's profile (`sts:SourceIdentity`), so that CloudTrail tells users apart.
 *
 * **Cost** (us-east-1): the domain is free; an app on ml.t3.medium is 0.05 USD an hour while it runs, the home file system
 * 0.30 USD, and a space's volume about 0.11 USD a GB and month.
 */
export class SageMakerDomain extends pulumi.ComponentResource implements SageMakerOutputs {
    readonly domainId: pulumi.Output<string>;
    readonly domainArn: pulumi.Output<string>;
    readonly domainUrl: pulumi.Output<string>;
    readonly homeEfsFileSystemId: pulumi.Output<string>;
    readonly executionRoleArn: pulumi.Output<string>;
    readonly securityGroupIds: pulumi.Output<string[]>;
    /** Name of the execution role, for policies that are attached from outside. */
    readonly executionRoleName: pulumi.Output<string>;
    /** ARN of each user's profile, by the profile's name. */
    readonly userProfileArns: pulumi.Output<Record<string, string>>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the domain is, who uses it and for what.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; see {@link sageMakerDomainProblems}.
     */
    constructor(name: string, args: SageMakerDomainArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:sagemaker:SageMakerDomain", name, {}, opts);
        const userProfiles = args.userProfiles ?? [];
        assertNoProblems(this, name, sageMakerDomainProblems({ ...args, userProfiles }));

        const child = { parent: this };
        const tags = (childName: string) => childTags(args.tags, COMPONENT, childName);
        const role = this.createRole(name, args, tags(`${name}-execution`));
        const lifecycle = this.createLifecycle(name, args, tags(`${name}-jupyterlab`));
        const repository = this.createRepository(name, args, tags(`${name}-repository`));

        const domain = new aws.sagemaker.Domain(
            `${name}-domain`,
            {
                domainName: args.domainName,
                authMode: args.authMode ?? "IAM",
                appNetworkAccessType: "VpcOnly",
                vpcId: args.vpcId,
                subnetIds: args.subnetIds,
                kmsKeyId: args.kmsKeyArn,
                retentionPolicy: { homeEfsFileSystem: args.homeRetention ?? "Retain" },
                domainSettings: {
                    dockerSettings: {
                        enableDockerAccess: args.enableDocker === true ? "ENABLED" : "DISABLED",
                    },
                    executionRoleIdentityConfig: "USER_PROFILE_NAME",
                },
                defaultUserSettings: userSettings(args, role.arn, lifecycle.arn),
                defaultSpaceSettings: spaceSettings(args, role.arn, lifecycle.arn),
                tagPropagation: "ENABLED",
                tags: tags(`${name}-domain`),
            },
            // No two domains have one name: where the domain has to be replaced, the old one goes first.
            { ...child, dependsOn: repository, deleteBeforeReplace: true },
        );
        const policy = this.createPolicy(name, args, role, domain);
        const profiles = userProfiles.map((profile) => {
            const childName = `${name}-user-${profile.name}`;
            return new aws.sagemaker.UserProfile(
                childName,
                {
                    domainId: domain.id,
                    userProfileName: profile.name,
                    singleSignOnUserIdentifier:
                        profile.singleSignOnUserName === undefined ? undefined : "UserName",
                    singleSignOnUserValue: profile.singleSignOnUserName,
                    // Whatever is not said here is as the domain has it.
                    userSettings: {
                        executionRole: profile.executionRoleArn ?? role.arn,
                        securityGroups: profile.securityGroupIds,
                    },
                    tags: tags(childName),
                },
                // A user who signs in before the role may do anything gets errors that look like the domain's.
                { ...child, dependsOn: policy },
            );
        });

        this.domainId = domain.id;
        this.domainArn = domain.arn;
        this.domainUrl = domain.url;
        this.homeEfsFileSystemId = domain.homeEfsFileSystemId;
        this.executionRoleArn = role.arn;
        this.executionRoleName = role.name;
        this.securityGroupIds = pulumi.output(args.securityGroupIds);
        this.userProfileArns = pulumi
            .all(profiles.map((profile) => profile.arn))
            .apply((arns) =>
                Object.fromEntries(userProfiles.map((profile, index) => [profile.name, arns[index] ?? ""])),
            );
        this.registerOutputs({
            domainId: this.domainId,
            domainArn: this.domainArn,
            domainUrl: this.domainUrl,
            homeEfsFileSystemId: this.homeEfsFileSystemId,
            executionRoleArn: this.executionRoleArn,
            userProfileArns: this.userProfileArns,
        });
    }

    private createRole(
        name: string,
        args: SageMakerDomainArgs,
        tags: Record<string, pulumi.Input<string>>,
    ): aws.iam.Role {
        return new aws.iam.Role(
            `${name}-execution`,
            {
                description: "What notebooks of the SageMaker Studio domain run as",
                assumeRolePolicy: pulumi
                    .output(args.accountId)
                    .apply((accountId) => JSON.stringify(assumeRolePolicy(accountId))),
                tags,
            },
            { parent: this },
        );
    }

    /** The role's permissions: they name the domain, so that they come after it, and before its users. */
    private createPolicy(
        name: string,
        args: SageMakerDomainArgs,
        role: aws.iam.Role,
        domain: aws.sagemaker.Domain,
    ): aws.iam.RolePolicy {
        const source = args.packageSource;
        return new aws.iam.RolePolicy(
            `${name}-execution`,
            {
                role: role.id,
                policy: pulumi
                    .output({
                        partition: args.partition ?? "aws",
                        region: args.region,
                        accountId: args.accountId,
                        domainId: domain.id,
                        vpcId: args.vpcId,
                        subnetIds: args.subnetIds,
                        kmsKeyArn: args.kmsKeyArn,
                        gitSecretArn: args.repository?.secretArn,
                        policyStatements: [...(args.policyStatements ?? [])],
                    })
                    .apply((facts) =>
                        JSON.stringify(
                            executionPolicy({
                                ...facts,
                                allowedInstanceTypes: args.allowedInstanceTypes ?? DEFAULT_INSTANCE_TYPES,
                                codeArtifact: source?.kind === "codeArtifact" ? source : undefined,
                            }),
                        ),
                    ),
            },
            { parent: this },
        );
    }

    private createLifecycle(
        name: string,
        args: SageMakerDomainArgs,
        tags: Record<string, pulumi.Input<string>>,
    ): aws.sagemaker.StudioLifecycleConfig {
        const content = pulumi
            .output({ region: args.region, endpoints: args.endpoints ?? {}, repository: args.repository })
            .apply(({ region, endpoints, repository }) =>
                lifecycleContent(
                    lifecycleScript({
                        region,
                        endpoints: endpoints,
                        repository: repository,
                        packageSource: args.packageSource ?? { kind: "pypi" },
                    }),
                ),
            );
        return new aws.sagemaker.StudioLifecycleConfig(
            `${name}-jupyterlab`,
            {
                studioLifecycleConfigName: content.apply((text) => nameOfContent(args.domainName, text)),
                studioLifecycleConfigAppType: "JupyterLab",
                studioLifecycleConfigContent: content,
                tags,
            },
            { parent: this },
        );
    }

    private createRepository(
        name: string,
        args: SageMakerDomainArgs,
        tags: Record<string, pulumi.Input<string>>,
    ): aws.sagemaker.CodeRepository | undefined {
        if (args.repository === undefined) return undefined;
        const { url, branch, secretArn } = args.repository;
        return new aws.sagemaker.CodeRepository(
            `${name}-repository`,
            {
                // Its URL and branch cannot be changed: for others there is another one, before this one goes.
                codeRepositoryName: nameOfContent(args.domainName, JSON.stringify([url, branch])),
                gitConfig: { repositoryUrl: url, branch, secretArn },
                tags,
            },
            { parent: this },
        );
    }
}

/** Shuts idle apps down; both kinds of app that users start take the same. */
function idleShutdown(args: SageMakerDomainArgs) {
    const idleTimeoutInMinutes = args.idleTimeoutMinutes ?? IDLE_MINUTES.least;
    return {
        idleSettings: {
            lifecycleManagement: "ENABLED",
            idleTimeoutInMinutes,
            minIdleTimeoutInMinutes: IDLE_MINUTES.least,
            maxIdleTimeoutInMinutes: args.maxIdleTimeoutMinutes ?? idleTimeoutInMinutes,
        },
    };
}

function jupyterLab(args: SageMakerDomainArgs, lifecycleArn: pulumi.Output<string>) {
    return {
        appLifecycleManagement: idleShutdown(args),
        codeRepositories:
            args.repository === undefined ? undefined : [{ repositoryUrl: args.repository.url }],
        defaultResourceSpec: {
            instanceType: (args.allowedInstanceTypes ?? DEFAULT_INSTANCE_TYPES)[0],
            lifecycleConfigArn: lifecycleArn,
        },
        lifecycleConfigArns: [lifecycleArn],
    };
}

function storage(args: SageMakerDomainArgs) {
    const size = args.spaceVolumeSizeGb ?? { default: 5, maximum: 50 };
    return {
        defaultEbsStorageSettings: {
            defaultEbsVolumeSizeInGb: size.default,
            maximumEbsVolumeSizeInGb: size.maximum,
        },
    };
}

/** What holds for each user, and for their private spaces. */
function userSettings(
    args: SageMakerDomainArgs,
    executionRole: pulumi.Output<string>,
    lifecycleArn: pulumi.Output<string>,
): aws.types.input.sagemaker.DomainDefaultUserSettings {
    return {
        executionRole,
        securityGroups: args.securityGroupIds,
        autoMountHomeEfs: "Enabled",
        defaultLandingUri: "studio::",
        studioWebPortal: "ENABLED",
        // A shared notebook would take its output, and the data in it, to a bucket.
        sharingSettings: { notebookOutputOption: "Disabled" },
        spaceStorageSettings: storage(args),
        jupyterLabAppSettings: jupyterLab(args, lifecycleArn),
        codeEditorAppSettings: {
            appLifecycleManagement: idleShutdown(args),
            defaultResourceSpec: { instanceType: (args.allowedInstanceTypes ?? DEFAULT_INSTANCE_TYPES)[0] },
        },
    };
}

/** What holds for spaces that users share: SageMaker does not apply the users' settings there. */
function spaceSettings(
    args: SageMakerDomainArgs,
    executionRole: pulumi.Output<string>,
    lifecycleArn: pulumi.Output<string>,
): aws.types.input.sagemaker.DomainDefaultSpaceSettings {
    return {
        executionRole,
        securityGroups: args.securityGroupIds,
        spaceStorageSettings: storage(args),
        jupyterLabAppSettings: jupyterLab(args, lifecycleArn),
    };
}
