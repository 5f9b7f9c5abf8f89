import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_INSTANCE_TYPES, type SageMakerDomainArgs, type UserProfileArgs } from "./sagemaker/args";
import { executionPolicyText } from "./sagemaker/execution-role";
import { lifecycleContent, nameOfContent, lifecycleScript } from "./sagemaker/lifecycle-script";
import type { SageMakerOutputs } from "./sagemaker/outputs";
import { sageMakerDomainProblems } from "./sagemaker/problems";
import { spaceSettings, userSettings } from "./sagemaker/settings";
import { StudioRole } from "./sagemaker/studio-role";
import { StudioHomes, StudioLeftovers, StudioSessions } from "./sagemaker/teardown";
import { childTags } from "./tags";
import { assertNoProblems } from "./validation";

export * from "./sagemaker/args";

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

        const { region, vpcId, subnetIds, homeRetention = "Retain" } = args;
        const child = { parent: this };
        const role = args.executionRole ?? this.createRole(name, args);
        const lifecycle = this.createLifecycle(name, args);
        const repository = this.createRepository(name, args);

        // They are deleted in the opposite order: sessions, profiles, homes, domain, and what the domain leaves in the VPC.
        const leftovers = new StudioLeftovers(`${name}-leftovers`, { region, vpcId, subnetIds }, child);
        const domain = this.createDomain(name, args, role, lifecycle, [
            leftovers,
            ...(repository ? [repository] : []),
        ]);
        const domainId = domain.id;
        const homes = new StudioHomes(`${name}-homes`, { region, domainId, homeRetention }, child);
        const policy = this.createPolicy(name, args, role, domainId);
        // A user who signs in before the role has its permissions gets errors that look like the domain's.
        const ready = [policy, homes];
        const profiles = userProfiles.map((user) =>
            this.createProfile(name, args, user, role, domain, ready),
        );
        new StudioSessions(
            `${name}-sessions`,
            { region, vpcId, domainId, homeRetention },
            { ...child, dependsOn: [...ready, ...profiles] },
        );

        this.domainId = domainId;
        this.domainArn = domain.arn;
        this.domainUrl = domain.url;
        this.homeEfsFileSystemId = domain.homeEfsFileSystemId;
        this.executionRoleArn = role.arn;
        this.executionRoleName = role.roleName;
        this.securityGroupIds = pulumi.output(args.securityGroupIds);
        this.userProfileArns = pulumi
            .all(profiles.map((profile) => pulumi.all([profile.userProfileName, profile.arn])))
            .apply((entries) => Object.fromEntries(entries));
        this.registerOutputs({
            domainId: this.domainId,
            domainArn: this.domainArn,
            domainUrl: this.domainUrl,
            homeEfsFileSystemId: this.homeEfsFileSystemId,
            executionRoleArn: this.executionRoleArn,
            userProfileArns: this.userProfileArns,
        });
    }

    private createRole(name: string, { accountId, tags }: SageMakerDomainArgs): StudioRole {
        return new StudioRole(`${name}-execution`, { accountId, tags }, { parent: this });
    }

    private createDomain(
        name: string,
        args: SageMakerDomainArgs,
        role: StudioRole,
        lifecycle: aws.sagemaker.StudioLifecycleConfig,
        dependsOn: pulumi.Resource[],
    ): aws.sagemaker.Domain {
        return new aws.sagemaker.Domain(
            `${name}-domain`,
            {
                domainName: args.domainName,
                authMode: args.authMode ?? "IAM",
                appNetworkAccessType: "VpcOnly",
                vpcId: args.vpcId,
                subnetIds: args.subnetIds,
                kmsKeyId: args.kmsKeyArn,
                // Never anything else: see StudioHomes.
                retentionPolicy: { homeEfsFileSystem: "Retain" },
                domainSettings: {
                    dockerSettings: { enableDockerAccess: args.enableDocker ? "ENABLED" : "DISABLED" },
                    executionRoleIdentityConfig: "USER_PROFILE_NAME",
                },
                defaultUserSettings: userSettings(args, role.arn, lifecycle.arn),
                defaultSpaceSettings: spaceSettings(args, role.arn, lifecycle.arn),
                tagPropagation: "ENABLED",
                tags: childTags(args.tags, COMPONENT, `${name}-domain`),
            },
            {
                parent: this,
                dependsOn,
                // Two domains cannot have one name: where the domain has to be replaced, the old one is deleted first.
                deleteBeforeReplace: true,
                // For a new zone SageMaker can add a subnet to the domain. The provider would replace the domain, and delete every home.
                ignoreChanges: ["subnetIds"],
            },
        );
    }

    private createProfile(
        name: string,
        args: SageMakerDomainArgs,
        user: UserProfileArgs,
        role: StudioRole,
        domain: aws.sagemaker.Domain,
        dependsOn: pulumi.Resource[],
    ): aws.sagemaker.UserProfile {
        const { singleSignOnUserName } = user;
        return new aws.sagemaker.UserProfile(
            `${name}-user-${user.name}`,
            {
                domainId: domain.id,
                userProfileName: user.name,
                singleSignOnUserIdentifier: singleSignOnUserName === undefined ? undefined : "UserName",
                singleSignOnUserValue: singleSignOnUserName,
                // All other settings come from the domain.
                userSettings: {
                    executionRole: user.executionRoleArn ?? role.arn,
                    securityGroups: user.securityGroupIds,
                },
                tags: childTags(args.tags, COMPONENT, `${name}-user-${user.name}`),
            },
            { parent: this, dependsOn },
        );
    }

    /** The permissions of the role. They name the domain, so they come after it, and before its users. */
    private createPolicy(
        name: string,
        args: SageMakerDomainArgs,
        role: StudioRole,
        domainId: pulumi.Output<string>,
    ): aws.iam.RolePolicy {
        const { partition = "aws", region, accountId, vpcId, subnetIds, kmsKeyArn, packageSource } = args;
        const allowedInstanceTypes = args.allowedInstanceTypes ?? DEFAULT_INSTANCE_TYPES;
        const codeArtifact = packageSource?.kind === "codeArtifact" ? packageSource : undefined;
        const policy = pulumi
            .output({
                ...{ partition, region, accountId, domainId, vpcId, subnetIds, kmsKeyArn },
                gitSecretArn: args.repository?.secretArn,
                policyStatements: [...(args.policyStatements ?? [])],
            })
            .apply((facts) => executionPolicyText({ ...facts, allowedInstanceTypes, codeArtifact }));
        return new aws.iam.RolePolicy(`${name}-execution`, { role: role.roleName, policy }, { parent: this });
    }

    private createLifecycle(
        name: string,
        { domainName, region, endpoints = {}, repository, packageSource, tags }: SageMakerDomainArgs,
    ): aws.sagemaker.StudioLifecycleConfig {
        const source = packageSource ?? { kind: "pypi" };
        const content = pulumi
            .output({ region, endpoints, repository })
            .apply((facts) => lifecycleContent(lifecycleScript({ ...facts, packageSource: source })));
        return new aws.sagemaker.StudioLifecycleConfig(
            `${name}-jupyterlab`,
            {
                studioLifecycleConfigName: content.apply((text) => nameOfContent(domainName, text)),
                studioLifecycleConfigAppType: "JupyterLab",
                studioLifecycleConfigContent: content,
                tags: childTags(tags, COMPONENT, `${name}-jupyterlab`),
            },
            { parent: this },
        );
    }

    private createRepository(
        name: string,
        { domainName, repository, tags }: SageMakerDomainArgs,
    ): aws.sagemaker.CodeRepository | undefined {
        if (repository === undefined) return undefined;
        const { url, branch, secretArn } = repository;
        return new aws.sagemaker.CodeRepository(
            `${name}-repository`,
            {
                // URL and branch cannot be changed: with others the repository is replaced, and the new one needs a name of its own.
                codeRepositoryName: nameOfContent(domainName, JSON.stringify([url, branch])),
                gitConfig: { repositoryUrl: url, branch, secretArn },
                tags: childTags(tags, COMPONENT, `${name}-repository`),
            },
            { parent: this },
        );
    }
}
