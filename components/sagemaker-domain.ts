import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { DEFAULT_INSTANCE_TYPES, type SageMakerDomainArgs } from "./sagemaker/args";
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

        const child = { parent: this };
        const tags = (childName: string) => childTags(args.tags, COMPONENT, childName);
        const role =
            args.executionRole ??
            new StudioRole(`${name}-execution`, { accountId: args.accountId, tags: args.tags }, child);
        const lifecycle = this.createLifecycle(name, args, tags(`${name}-jupyterlab`));
        const repository = this.createRepository(name, args, tags(`${name}-repository`));
        const homeRetention = args.homeRetention ?? "Retain";
        const { region, vpcId } = args;
        // Destroyed in the opposite order: sessions, profiles, homes, domain, and what that leaves in the VPC.
        const leftovers = new StudioLeftovers(
            `${name}-leftovers`,
            { region, vpcId, subnetIds: args.subnetIds },
            child,
        );

        const domain = new aws.sagemaker.Domain(
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
            {
                ...child,
                dependsOn: [leftovers, ...(repository ? [repository] : [])],
                deleteBeforeReplace: true,
                // SageMaker takes subnets into a domain; the provider replaces the domain, and every user's home with it, for a new zone.
                ignoreChanges: ["subnetIds"],
            },
        );
        const homes = new StudioHomes(`${name}-homes`, { region, domainId: domain.id, homeRetention }, child);
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
                { ...child, dependsOn: [policy, homes] },
            );
        });

        new StudioSessions(
            `${name}-sessions`,
            { region, vpcId, domainId: domain.id, homeRetention },
            { ...child, dependsOn: [policy, homes, ...profiles] },
        );

        this.domainId = domain.id;
        this.domainArn = domain.arn;
        this.domainUrl = domain.url;
        this.homeEfsFileSystemId = domain.homeEfsFileSystemId;
        this.executionRoleArn = role.arn;
        this.executionRoleName = role.roleName;
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

    /** The role's permissions: they name the domain, so that they come after it, and before its users. */
    private createPolicy(
        name: string,
        args: SageMakerDomainArgs,
        role: StudioRole,
        domain: aws.sagemaker.Domain,
    ): aws.iam.RolePolicy {
        const source = args.packageSource;
        return new aws.iam.RolePolicy(
            `${name}-execution`,
            {
                role: role.roleName,
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
                        executionPolicyText({
                            ...facts,
                            allowedInstanceTypes: args.allowedInstanceTypes ?? DEFAULT_INSTANCE_TYPES,
                            codeArtifact: source?.kind === "codeArtifact" ? source : undefined,
                        }),
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
