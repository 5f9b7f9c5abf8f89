import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { SageMakerDomainArgs } from "./sagemaker/args";
import { executionPolicyText } from "./sagemaker/execution-role";
import { lifecycleContent, lifecycleScript, nameOfContent } from "./sagemaker/lifecycle-script";
import type { SageMakerOutputs } from "./sagemaker/outputs";
import { sageMakerSchema } from "./sagemaker/schema";
import { spaceSettings, userSettings } from "./sagemaker/settings";
import { StudioRole } from "./sagemaker/studio-role";
import { StudioHomes, StudioLeftovers, StudioSessions } from "./sagemaker/teardown";
import { validated } from "./schema/problems";
import { childTags } from "./tags";

export * from "./sagemaker/args";

const COMPONENT = "sagemaker";

/** What each part of a domain is created from. */
interface Plan {
    readonly name: string;
    readonly args: SageMakerDomainArgs;
    /** The arguments of the schema, complete. */
    readonly settings: z.output<typeof sageMakerSchema>;
    readonly parent: pulumi.Resource;
}

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
     * @throws one error that lists every argument that cannot work; see {@link sageMakerSchema}.
     */
    constructor(name: string, args: SageMakerDomainArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:sagemaker:SageMakerDomain", name, {}, opts);
        const plan: Plan = {
            name,
            args,
            settings: validated(this, name, sageMakerSchema, args),
            parent: this,
        };

        const role = args.executionRole ?? createRole(plan);
        const lifecycle = createLifecycle(plan);
        const repository = createRepository(plan);
        // They are deleted in the opposite order: sessions, profiles, homes, domain, and what the domain leaves in the VPC.
        const leftovers = createLeftovers(plan);
        const before = [leftovers, ...(repository ? [repository] : [])];
        const domain = createDomain(plan, role, lifecycle, before);
        const homes = createHomes(plan, domain);
        const policy = createPolicy(plan, role, domain);
        // A user who signs in before the role has its permissions gets errors that look like the domain's.
        const profiles = createProfiles(plan, role, domain, [policy, homes]);
        createSessions(plan, domain, [policy, homes, ...profiles]);

        this.domainId = domain.id;
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
}

function createRole({ name, args: { accountId, tags }, parent }: Plan): StudioRole {
    return new StudioRole(`${name}-execution`, { accountId, tags }, { parent });
}

function createLifecycle({ name, args, settings, parent }: Plan): aws.sagemaker.StudioLifecycleConfig {
    const { packageSource, domainName, repository } = settings;
    const content = pulumi
        .output({ region: args.region, endpoints: args.endpoints ?? {}, repository })
        .apply((facts) => lifecycleContent(lifecycleScript({ ...facts, packageSource })));
    return new aws.sagemaker.StudioLifecycleConfig(
        `${name}-jupyterlab`,
        {
            studioLifecycleConfigName: content.apply((text) => nameOfContent(domainName, text)),
            studioLifecycleConfigAppType: "JupyterLab",
            studioLifecycleConfigContent: content,
            tags: childTags(args.tags, COMPONENT, `${name}-jupyterlab`),
        },
        { parent },
    );
}

function createRepository({ name, args, settings, parent }: Plan): aws.sagemaker.CodeRepository | undefined {
    if (settings.repository === undefined) return undefined;
    const { url, branch, secretArn } = settings.repository;
    return new aws.sagemaker.CodeRepository(
        `${name}-repository`,
        {
            // URL and branch cannot be changed: with others the repository is replaced, and the new one needs a name of its own.
            codeRepositoryName: nameOfContent(settings.domainName, JSON.stringify([url, branch])),
            gitConfig: { repositoryUrl: url, branch, secretArn },
            tags: childTags(args.tags, COMPONENT, `${name}-repository`),
        },
        { parent },
    );
}

function createLeftovers({ name, args: { region, vpcId, subnetIds }, parent }: Plan): StudioLeftovers {
    return new StudioLeftovers(`${name}-leftovers`, { region, vpcId, subnetIds }, { parent });
}

function createDomain(
    { name, args, settings, parent }: Plan,
    role: StudioRole,
    lifecycle: aws.sagemaker.StudioLifecycleConfig,
    dependsOn: pulumi.Resource[],
): aws.sagemaker.Domain {
    return new aws.sagemaker.Domain(
        `${name}-domain`,
        {
            domainName: settings.domainName,
            authMode: settings.authMode,
            appNetworkAccessType: "VpcOnly",
            vpcId: args.vpcId,
            subnetIds: args.subnetIds,
            kmsKeyId: args.kmsKeyArn,
            // Never anything else: see StudioHomes.
            retentionPolicy: { homeEfsFileSystem: "Retain" },
            domainSettings: {
                dockerSettings: { enableDockerAccess: settings.enableDocker ? "ENABLED" : "DISABLED" },
                executionRoleIdentityConfig: "USER_PROFILE_NAME",
            },
            defaultUserSettings: userSettings(settings, role.arn, lifecycle.arn),
            defaultSpaceSettings: spaceSettings(settings, role.arn, lifecycle.arn),
            tagPropagation: "ENABLED",
            tags: childTags(args.tags, COMPONENT, `${name}-domain`),
        },
        {
            parent,
            dependsOn,
            // Two domains cannot have one name: where the domain has to be replaced, the old one is deleted first.
            deleteBeforeReplace: true,
            // For a new zone SageMaker can add a subnet to the domain. The provider would replace the domain, and delete every home.
            ignoreChanges: ["subnetIds"],
        },
    );
}

function createHomes(
    { name, args: { region }, settings: { homeRetention }, parent }: Plan,
    { id: domainId }: aws.sagemaker.Domain,
): StudioHomes {
    return new StudioHomes(`${name}-homes`, { region, domainId, homeRetention }, { parent });
}

/** The permissions of the role. They name the domain, so they come after it, and before its users. */
function createPolicy(
    { name, args, settings, parent }: Plan,
    role: StudioRole,
    { id: domainId }: aws.sagemaker.Domain,
): aws.iam.RolePolicy {
    const { partition = "aws", region, accountId, vpcId, subnetIds, kmsKeyArn, policyStatements = [] } = args;
    const { allowedInstanceTypes, repository, packageSource } = settings;
    const codeArtifact = packageSource.kind === "codeArtifact" ? packageSource : undefined;
    const policy = pulumi
        .output({
            ...{ partition, region, accountId, domainId, vpcId, subnetIds, kmsKeyArn },
            gitSecretArn: repository?.secretArn,
            policyStatements: [...policyStatements],
        })
        .apply((facts) => executionPolicyText({ ...facts, allowedInstanceTypes, codeArtifact }));
    return new aws.iam.RolePolicy(`${name}-execution`, { role: role.roleName, policy }, { parent });
}

function createProfiles(
    { name, args, settings, parent }: Plan,
    role: StudioRole,
    domain: aws.sagemaker.Domain,
    dependsOn: pulumi.Resource[],
): aws.sagemaker.UserProfile[] {
    return settings.userProfiles.map((user) => {
        const childName = `${name}-user-${user.name}`;
        const { singleSignOnUserName } = user;
        return new aws.sagemaker.UserProfile(
            childName,
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
                tags: childTags(args.tags, COMPONENT, childName),
            },
            { parent, dependsOn },
        );
    });
}

function createSessions(
    { name, args: { region, vpcId }, settings: { homeRetention }, parent }: Plan,
    { id: domainId }: aws.sagemaker.Domain,
    dependsOn: pulumi.Resource[],
): StudioSessions {
    const key = { region, vpcId, domainId, homeRetention };
    return new StudioSessions(`${name}-sessions`, key, { parent, dependsOn });
}
