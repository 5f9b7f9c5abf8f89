import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { executionPolicy } from "../../components/sagemaker/execution-role";
import {
    lifecycleContent,
    nameOfContent,
    lifecycleScript,
} from "../../components/sagemaker/lifecycle-script";
import { DEFAULT_INSTANCE_TYPES } from "../../components/sagemaker/schema";
import { SageMakerDomain, type SageMakerDomainArgs } from "../../components/sagemaker-domain";
import { Recorder, settled, valueOf } from "../support/mocks";

const DOMAIN = "aws:sagemaker/domain:Domain";
const PROFILE = "aws:sagemaker/userProfile:UserProfile";
const LIFECYCLE = "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig";
const REPOSITORY = "aws:sagemaker/codeRepository:CodeRepository";
const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

const ARGS: SageMakerDomainArgs = {
    domainName: "lab",
    accountId: "123456789012",
    region: "us-east-1",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    securityGroupIds: ["sg-notebooks"],
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    userProfiles: [
        { name: "ada", securityGroupIds: ["sg-ada"] },
        { name: "grace", securityGroupIds: ["sg-grace"] },
    ],
    tags: { Owner: "me" },
};
const ROLE_ARN = "arn:aws:iam::123456789012:role/studio-execution";
const LIFECYCLE_ARN = "arn:aws:sagemaker:us-east-1:123456789012:studio-lifecycle-config/studio-jupyterlab";
const REPOSITORY_URL = "https://git.example.com/team/notebooks.git";
const IDLE = (idle: number, most: number) => ({
    idleSettings: {
        lifecycleManagement: "ENABLED",
        idleTimeoutInMinutes: idle,
        minIdleTimeoutInMinutes: 60,
        maxIdleTimeoutInMinutes: most,
    },
});

for (const preview of [false, true]) {
    describe(`SageMakerDomain (${preview ? "preview" : "update"})`, () => {
        it("is not replaced, and its homes with it, when a zone is added", async () => {
            await Recorder.install(preview);
            let ignored: string[] | undefined;
            const transformation: pulumi.ResourceTransformation = ({ type, opts }) => {
                if (type === DOMAIN) ({ ignoreChanges: ignored } = opts as pulumi.CustomResourceOptions);
                return undefined;
            };
            new SageMakerDomain("studio", ARGS, { transformations: [transformation] });
            await settled();
            assert.deepEqual(ignored, ["subnetIds"]);
        });

        it("keeps its traffic in the VPC, its homes encrypted, and Docker off", async () => {
            const recorder = await Recorder.install(preview);
            new SageMakerDomain("studio", ARGS);
            await settled();
            const { inputs } = recorder.get(DOMAIN, "studio-domain");
            assert.equal(inputs.domainName, "lab");
            assert.equal(inputs.appNetworkAccessType, "VpcOnly");
            assert.equal(inputs.authMode, "IAM");
            assert.equal(inputs.vpcId, "vpc-1");
            assert.deepEqual(inputs.subnetIds, ["subnet-1", "subnet-2"]);
            assert.equal(inputs.kmsKeyId, ARGS.kmsKeyArn);
            assert.deepEqual(inputs.retentionPolicy, { homeEfsFileSystem: "Retain" });
            assert.equal(inputs.tagPropagation, "ENABLED");
            assert.deepEqual(inputs.domainSettings, {
                dockerSettings: { enableDockerAccess: "DISABLED" },
                executionRoleIdentityConfig: "USER_PROFILE_NAME",
            });
        });

        it("gives each user a profile with their own group, and no group of anybody else's", async () => {
            const recorder = await Recorder.install(preview);
            new SageMakerDomain("studio", ARGS);
            await settled();
            assert.deepEqual(
                recorder
                    .ofType(PROFILE)
                    .map(({ inputs }) => [
                        inputs.userProfileName,
                        (inputs.userSettings as { securityGroups: string[] }).securityGroups,
                    ]),
                [
                    ["ada", ["sg-ada"]],
                    ["grace", ["sg-grace"]],
                ],
            );
        });

        it("tags all that can be tagged", async () => {
            const recorder = await Recorder.install(preview);
            new SageMakerDomain("studio", { ...ARGS, repository: { url: REPOSITORY_URL } });
            await settled();
            const taggable = [DOMAIN, PROFILE, LIFECYCLE, REPOSITORY, ROLE].flatMap((type) =>
                recorder.ofType(type),
            );
            assert.equal(taggable.length, 6);
            for (const { name, inputs } of taggable)
                assert.deepEqual(inputs.tags, { Owner: "me", Component: "sagemaker", Name: name });
        });

        it("makes no group, rule or key of its own", async () => {
            const recorder = await Recorder.install(preview);
            new SageMakerDomain("studio", ARGS);
            await settled();
            assert.deepEqual(
                recorder.resources.map(({ type }) => type).filter((type) => /ec2|kms|vpc/.test(type)),
                [],
            );
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new SageMakerDomain("one", { ...ARGS, domainName: "one", repository: { url: REPOSITORY_URL } });
            new SageMakerDomain("two", { ...ARGS, domainName: "two", repository: { url: REPOSITORY_URL } });
            await settled();
            assert.equal(new Set(recorder.names()).size, recorder.resources.length);
            assert.deepEqual(
                recorder.ofType(REPOSITORY).map(({ inputs }) => inputs.codeRepositoryName),
                ["one", "two"].map((name) =>
                    nameOfContent(name, JSON.stringify([REPOSITORY_URL, undefined])),
                ),
            );
        });

        it("takes values that resources make", async () => {
            const recorder = await Recorder.install(preview);
            new SageMakerDomain("studio", {
                ...ARGS,
                vpcId: pulumi.output("vpc-2"),
                subnetIds: pulumi.output(["subnet-3"]),
                endpoints: { opensearch: { endpoint: pulumi.output("search.example.com") } },
                policyStatements: [
                    pulumi.output({
                        Effect: "Allow" as const,
                        Action: "es:ESHttpGet",
                        Resource: "arn:search",
                    }),
                ],
            });
            await settled();
            assert.equal(recorder.get(DOMAIN, "studio-domain").inputs.vpcId, "vpc-2");
        });
    });
}

describe("SageMakerDomain defaults", () => {
    it("for users and for shared spaces are these", async () => {
        const recorder = await Recorder.install();
        new SageMakerDomain("studio", ARGS);
        await settled();
        const { inputs } = recorder.get(DOMAIN, "studio-domain");
        const storage = {
            defaultEbsStorageSettings: { defaultEbsVolumeSizeInGb: 5, maximumEbsVolumeSizeInGb: 50 },
        };
        const jupyterLabAppSettings = {
            appLifecycleManagement: IDLE(60, 60),
            defaultResourceSpec: { instanceType: "ml.t3.medium", lifecycleConfigArn: LIFECYCLE_ARN },
            lifecycleConfigArns: [LIFECYCLE_ARN],
        };
        assert.deepEqual(inputs.defaultUserSettings, {
            executionRole: ROLE_ARN,
            securityGroups: ["sg-notebooks"],
            autoMountHomeEfs: "Enabled",
            defaultLandingUri: "studio::",
            studioWebPortal: "ENABLED",
            sharingSettings: { notebookOutputOption: "Disabled" },
            spaceStorageSettings: storage,
            jupyterLabAppSettings,
            codeEditorAppSettings: {
                appLifecycleManagement: IDLE(60, 60),
                defaultResourceSpec: { instanceType: "ml.t3.medium" },
            },
        });
        assert.deepEqual(inputs.defaultSpaceSettings, {
            executionRole: ROLE_ARN,
            securityGroups: ["sg-notebooks"],
            spaceStorageSettings: storage,
            jupyterLabAppSettings,
        });
    });

    it("are loosened by name", async () => {
        const recorder = await Recorder.install();
        new SageMakerDomain("studio", {
            ...ARGS,
            enableDocker: true,
            homeRetention: "Delete",
            authMode: "SSO",
            userProfiles: [
                {
                    name: "ada",
                    securityGroupIds: ["sg-ada"],
                    singleSignOnUserName: "ada@example.com",
                    executionRoleArn: "arn:aws:iam::123456789012:role/ada",
                },
            ],
            idleTimeoutMinutes: 120,
            maxIdleTimeoutMinutes: 480,
            allowedInstanceTypes: ["ml.m5.large"],
            spaceVolumeSizeGb: { default: 20, maximum: 100 },
        });
        await settled();
        const { inputs } = recorder.get(DOMAIN, "studio-domain");
        assert.deepEqual(
            inputs.retentionPolicy,
            { homeEfsFileSystem: "Retain" },
            "or it would be another domain",
        );
        assert.equal(inputs.authMode, "SSO");
        const settings = inputs.domainSettings as { dockerSettings: object };
        assert.deepEqual(settings.dockerSettings, { enableDockerAccess: "ENABLED" });
        const user = inputs.defaultUserSettings as Record<string, Record<string, unknown>>;
        assert.deepEqual(user.codeEditorAppSettings, {
            appLifecycleManagement: IDLE(120, 480),
            defaultResourceSpec: { instanceType: "ml.m5.large" },
        });
        assert.deepEqual(user.spaceStorageSettings, {
            defaultEbsStorageSettings: { defaultEbsVolumeSizeInGb: 20, maximumEbsVolumeSizeInGb: 100 },
        });
        const { inputs: profile } = recorder.get(PROFILE, "studio-user-ada");
        assert.deepEqual(
            [profile.singleSignOnUserIdentifier, profile.singleSignOnUserValue],
            ["UserName", "ada@example.com"],
        );
        assert.deepEqual(profile.userSettings, {
            executionRole: "arn:aws:iam::123456789012:role/ada",
            securityGroups: ["sg-ada"],
        });
    });
});

describe("SageMakerDomain parts", () => {
    it("have the policy that the facts make, with the domain's own id", async () => {
        const recorder = await Recorder.install();
        const extra = { Effect: "Allow" as const, Action: "es:ESHttpGet", Resource: "arn:search" };
        const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:git-AbCdEf";
        new SageMakerDomain("studio", {
            ...ARGS,
            repository: { url: REPOSITORY_URL, branch: "main", secretArn },
            policyStatements: [extra],
        });
        await settled();
        const { inputs } = recorder.get(POLICY, "studio-execution");
        assert.equal(inputs.role, "studio-execution-1234567");
        assert.deepEqual(
            JSON.parse(inputs.policy as string),
            JSON.parse(
                JSON.stringify(
                    executionPolicy({
                        partition: "aws",
                        region: "us-east-1",
                        accountId: "123456789012",
                        domainId: "studio-domain_id",
                        vpcId: "vpc-1",
                        subnetIds: ["subnet-1", "subnet-2"],
                        kmsKeyArn: ARGS.kmsKeyArn as string,
                        allowedInstanceTypes: DEFAULT_INSTANCE_TYPES,
                        gitSecretArn: secretArn,
                        policyStatements: [extra],
                    }),
                ),
            ),
        );
        assert.deepEqual(recorder.get(REPOSITORY, "studio-repository").inputs.gitConfig, {
            repositoryUrl: REPOSITORY_URL,
            branch: "main",
            secretArn,
        });
    });

    it("attach the repository and the script, under a name of its content", async () => {
        const recorder = await Recorder.install();
        const pulsar = { serviceUrl: "pulsar://b:6650", adminUrl: "http://b:8080" };
        new SageMakerDomain("studio", {
            ...ARGS,
            repository: { url: REPOSITORY_URL },
            endpoints: { pulsar },
            packageSource: { kind: "none" },
        });
        await settled();
        const content = lifecycleContent(
            lifecycleScript({
                region: "us-east-1",
                endpoints: { pulsar },
                repository: { url: REPOSITORY_URL },
                packageSource: { kind: "none" },
            }),
        );
        const { inputs } = recorder.get(LIFECYCLE, "studio-jupyterlab");
        assert.equal(inputs.studioLifecycleConfigContent, content);
        assert.equal(inputs.studioLifecycleConfigName, nameOfContent("lab", content));
        assert.equal(inputs.studioLifecycleConfigAppType, "JupyterLab");
        for (const settings of ["defaultUserSettings", "defaultSpaceSettings"]) {
            const { jupyterLabAppSettings } = recorder.get(DOMAIN, "studio-domain").inputs[settings] as {
                jupyterLabAppSettings: Record<string, unknown>;
            };
            assert.deepEqual(jupyterLabAppSettings.codeRepositories, [{ repositoryUrl: REPOSITORY_URL }]);
            assert.deepEqual(jupyterLabAppSettings.lifecycleConfigArns, [LIFECYCLE_ARN]);
        }
    });

    it("say where they are", async () => {
        await Recorder.install();
        const studio = new SageMakerDomain("studio", ARGS);
        assert.equal(await valueOf(studio.domainId), "studio-domain_id");
        assert.equal(
            await valueOf(studio.domainArn),
            "arn:aws:sagemaker:us-east-1:123456789012:domain/studio-domain_id",
        );
        assert.equal(await valueOf(studio.domainUrl), "https://studio-domain.studio.us-east-1.sagemaker.aws");
        assert.equal(await valueOf(studio.homeEfsFileSystemId), "fs-studio-domain");
        assert.equal(await valueOf(studio.executionRoleArn), ROLE_ARN);
        assert.equal(await valueOf(studio.executionRoleName), "studio-execution-1234567");
        assert.deepEqual(await valueOf(studio.securityGroupIds), ["sg-notebooks"]);
        assert.deepEqual(await valueOf(studio.userProfileArns), {
            ada: "arn:aws:sagemaker:us-east-1:123456789012:user-profile/studio-user-ada",
            grace: "arn:aws:sagemaker:us-east-1:123456789012:user-profile/studio-user-grace",
        });
    });

    it("bring what ends sessions before the profiles go, and what goes over the VPC after the domain", async () => {
        const recorder = await Recorder.install();
        new SageMakerDomain("studio", { ...ARGS, homeRetention: "Delete" });
        await settled();
        const dynamic = (type: string, name: string) => {
            const { __provider, ...inputs } = recorder.get(
                `pulumi-nodejs:dynamic/sagemaker:${type}`,
                name,
            ).inputs;
            assert.ok(
                String(__provider).length < 2000,
                "the state holds a trampoline, not an implementation",
            );
            return inputs;
        };
        const key = { region: "us-east-1", vpcId: "vpc-1" };
        assert.deepEqual(dynamic("StudioSessions", "studio-sessions"), {
            ...key,
            domainId: "studio-domain_id",
            homeRetention: "Delete",
        });
        assert.deepEqual(dynamic("StudioHomes", "studio-homes"), {
            region: "us-east-1",
            domainId: "studio-domain_id",
            homeRetention: "Delete",
        });
        assert.deepEqual(dynamic("StudioLeftovers", "studio-leftovers"), {
            ...key,
            subnetIds: ["subnet-1", "subnet-2"],
        });
        const order = recorder.resources.map(({ name }) => name);
        const positions = [
            "studio-leftovers",
            "studio-domain",
            "studio-homes",
            "studio-user-ada",
            "studio-sessions",
        ].map((name) => order.indexOf(name));
        assert.deepEqual(
            positions,
            [...positions].sort((a, b) => a - b),
        );
    });

    it("are refused all at once, before anything is created", async () => {
        const recorder = await Recorder.install();
        assert.throws(
            () => new SageMakerDomain("studio", { ...ARGS, domainName: "my lab", idleTimeoutMinutes: 5 }),
            {
                message: [
                    'SageMakerDomain "studio" has arguments that cannot work:',
                    '  - domainName: "my lab" is not allowed: 1 to 63 letters, digits and hyphens, with a letter or digit at either end',
                    "  - idleTimeoutMinutes: 5 is not allowed: a whole number of minutes from 60 to 525600",
                ].join("\n"),
            },
        );
        await settled();
        assert.deepEqual(
            recorder.resources.filter(({ custom }) => custom),
            [],
        );
    });
});
