import {
    AddTagsCommand,
    CreateDomainCommand,
    CreateStudioLifecycleConfigCommand,
    DescribeDomainCommand,
    SageMakerClient,
    UpdateCodeRepositoryCommand,
    UpdateDomainCommand,
    UpdateUserProfileCommand,
} from "@aws-sdk/client-sagemaker";

import { type Scenario, type Surroundings, tagged } from "../scenario";
import { given, REGION } from "../support";

const ROLE = "arn:aws:iam::123456789012:role/notebooks";
const OTHER_ROLE = "arn:aws:iam::123456789012:role/others";
const REPOSITORY_URL = "https://git.example.com/team/notebooks.git";
const secretArn = (name: string) => `arn:aws:secretsmanager:${REGION}:123456789012:secret:${name}-AbCdEf`;

let count = 0;
const unique = (what: string) => `${what}-${count++}`;

const idle = (minutes: number) => ({
    appLifecycleManagement: {
        idleSettings: {
            lifecycleManagement: "ENABLED",
            idleTimeoutInMinutes: minutes,
            minIdleTimeoutInMinutes: 60,
            maxIdleTimeoutInMinutes: minutes,
        },
    },
});

export const SAGEMAKER_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:sagemaker/domain:Domain",
        inputs: async (around) => {
            const lifecycleConfigArn = await lifecycleArn(around);
            const jupyterLabAppSettings = {
                ...idle(60),
                codeRepositories: [{ repositoryUrl: REPOSITORY_URL }],
                defaultResourceSpec: { instanceType: "ml.t3.medium", lifecycleConfigArn },
                lifecycleConfigArns: [lifecycleConfigArn],
            };
            const securityGroups = [await around.network.securityGroup(unique("notebooks"))];
            return {
                domainName: unique("lab"),
                authMode: "IAM",
                appNetworkAccessType: "VpcOnly",
                vpcId: around.vpcId,
                subnetIds: [await around.network.subnet("10.0.60.0/24")],
                kmsKeyId: await around.keyId(),
                retentionPolicy: { homeEfsFileSystem: "Delete" },
                defaultUserSettings: {
                    executionRole: ROLE,
                    securityGroups,
                    autoMountHomeEfs: "Enabled",
                    jupyterLabAppSettings,
                },
                defaultSpaceSettings: { executionRole: ROLE, securityGroups },
                domainSettings: {
                    dockerSettings: { enableDockerAccess: "DISABLED" },
                    executionRoleIdentityConfig: "USER_PROFILE_NAME",
                },
                ...tagged("domain"),
            };
        },
        outputs: { tagPropagation: "DISABLED", singleSignOnApplicationArn: "" },
        update: async (around) => ({
            defaultUserSettings: {
                executionRole: OTHER_ROLE,
                securityGroups: [await around.network.securityGroup(unique("notebooks"))],
                autoMountHomeEfs: "Disabled",
                jupyterLabAppSettings: { ...idle(120), codeRepositories: [], lifecycleConfigArns: [] },
            },
            domainSettings: {
                dockerSettings: { enableDockerAccess: "ENABLED" },
                executionRoleIdentityConfig: "DISABLED",
            },
            tagPropagation: "ENABLED",
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async ({ network }) => ({
                subnetIds: [await network.subnet("10.0.61.0/24")],
                retentionPolicy: { homeEfsFileSystem: "Retain" },
                domainName: "other-name",
            }),
            replaces: ["domainName", "retentionPolicy", "subnetIds"],
        },
        drift: {
            inject: async (around, { id, state }) => {
                const client = around.client(SageMakerClient);
                const DefaultUserSettings = { ExecutionRole: OTHER_ROLE };
                await client.send(new UpdateDomainCommand({ DomainId: id, DefaultUserSettings }));
                const Tags = [{ Key: "Intruder", Value: "yes" }];
                await client.send(new AddTagsCommand({ ResourceArn: state.arn as string, Tags }));
            },
            shows: ["defaultUserSettings", "tags"],
        },
        notImported: ["retentionPolicy"],
    },
    {
        token: "aws:sagemaker/userProfile:UserProfile",
        inputs: async (around) => ({
            domainId: await domainId(around),
            userProfileName: "ada",
            userSettings: {
                executionRole: ROLE,
                securityGroups: [await around.network.securityGroup(unique("ada"))],
            },
            ...tagged("ada"),
        }),
        outputs: { homeEfsFileSystemUid: "200005", singleSignOnUserValue: "" },
        update: async (around) => ({
            userSettings: {
                executionRole: OTHER_ROLE,
                securityGroups: [await around.network.securityGroup(unique("ada"))],
            },
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ userProfileName: "grace" }), replaces: ["userProfileName"] },
        drift: {
            inject: (around, { inputs }) =>
                around.client(SageMakerClient).send(
                    new UpdateUserProfileCommand({
                        DomainId: inputs.domainId as string,
                        UserProfileName: "ada",
                        UserSettings: { ExecutionRole: OTHER_ROLE },
                    }),
                ),
            shows: ["userSettings"],
        },
    },
    {
        token: "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig",
        inputs: async () => ({
            studioLifecycleConfigName: unique("lab"),
            studioLifecycleConfigAppType: "JupyterLab",
            studioLifecycleConfigContent: "ZXhpdCAw",
            ...tagged("script"),
        }),
        update: async () => tagged("renamed"),
        replace: {
            inputs: async () => ({ studioLifecycleConfigContent: "ZXhpdCAx" }),
            replaces: ["studioLifecycleConfigContent"],
        },
    },
    {
        token: "aws:sagemaker/codeRepository:CodeRepository",
        inputs: async () => ({
            codeRepositoryName: unique("notebooks"),
            gitConfig: { repositoryUrl: REPOSITORY_URL, branch: "main", secretArn: secretArn("git") },
            ...tagged("repository"),
        }),
        update: async () => ({
            gitConfig: { repositoryUrl: REPOSITORY_URL, branch: "main", secretArn: secretArn("other") },
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async () => ({ gitConfig: { repositoryUrl: REPOSITORY_URL, branch: "next" } }),
            replaces: ["gitConfig"],
        },
        drift: {
            inject: (around, { id }) =>
                around.client(SageMakerClient).send(
                    new UpdateCodeRepositoryCommand({
                        CodeRepositoryName: id,
                        GitConfig: { SecretArn: secretArn("by-hand") },
                    }),
                ),
            shows: ["gitConfig"],
        },
    },
];

async function lifecycleArn(around: Surroundings): Promise<string> {
    const command = new CreateStudioLifecycleConfigCommand({
        StudioLifecycleConfigName: unique("script"),
        StudioLifecycleConfigAppType: "JupyterLab",
        StudioLifecycleConfigContent: "ZXhpdCAw",
    });
    return given((await around.client(SageMakerClient).send(command)).StudioLifecycleConfigArn);
}

/** A domain in service, in a network of its own. */
async function domainId(around: Surroundings): Promise<string> {
    const client = around.client(SageMakerClient);
    const { network } = around;
    const { DomainId } = await client.send(
        new CreateDomainCommand({
            DomainName: unique("around"),
            AuthMode: "IAM",
            VpcId: network.vpcId,
            SubnetIds: [await network.subnet("10.0.62.0/24")],
            DefaultUserSettings: { ExecutionRole: ROLE },
        }),
    );
    await client.send(new DescribeDomainCommand({ DomainId }));
    return given(DomainId);
}
