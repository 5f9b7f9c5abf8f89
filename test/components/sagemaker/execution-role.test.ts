import assert from "node:assert/strict";

import {
    assumeRolePolicy,
    type ExecutionRoleFacts,
    executionPolicy,
    executionPolicyText,
} from "../../../components/sagemaker/execution-role";

const FACTS: ExecutionRoleFacts = {
    partition: "aws",
    region: "eu-west-1",
    accountId: "123456789012",
    domainId: "d-1",
    vpcId: "vpc-1",
    subnetIds: ["subnet-1", "subnet-2"],
    kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/k",
    allowedInstanceTypes: ["ml.t3.medium", "ml.m5.large"],
    policyStatements: [],
};
const SAGEMAKER = "arn:aws:sagemaker:eu-west-1:123456789012";
const EC2 = "arn:aws:ec2:eu-west-1:123456789012";
const LOGS = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/studio";
const OWN_PROFILE = `${SAGEMAKER}:user-profile/d-1/\${sagemaker:UserProfileName}`;
const DOMAIN_PARTS = [
    `${SAGEMAKER}:user-profile/d-1/*`,
    `${SAGEMAKER}:space/d-1/*`,
    `${SAGEMAKER}:app/d-1/*`,
];

const allow = (Sid: string, Action: string | string[], Resource: string | string[], Condition?: object) => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...(Condition && { Condition }),
});

describe("the execution role of notebooks", () => {
    it("is taken by SageMaker for this account alone, with the user's name in the session", () => {
        assert.deepEqual(assumeRolePolicy("123456789012"), {
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { Service: "sagemaker.amazonaws.com" },
                    Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
                    Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
                },
            ],
        });
    });

    it("may do exactly this", () => {
        assert.deepEqual(executionPolicy(FACTS), {
            Version: "2012-10-17",
            Statement: [
                allow(
                    "SeeDomain",
                    ["sagemaker:DescribeDomain", "sagemaker:ListTags"],
                    [`${SAGEMAKER}:domain/d-1`, ...DOMAIN_PARTS],
                ),
                allow(
                    "SeeSpacesAndApps",
                    ["sagemaker:DescribeApp", "sagemaker:DescribeSpace", "sagemaker:DescribeUserProfile"],
                    DOMAIN_PARTS,
                ),
                allow(
                    "ListForStudio",
                    [
                        "sagemaker:ListApps",
                        "sagemaker:ListDomains",
                        "sagemaker:ListSpaces",
                        "sagemaker:ListUserProfiles",
                    ],
                    "*",
                ),
                allow("SignInAsOneself", "sagemaker:CreatePresignedDomainUrl", OWN_PROFILE),
                allow(
                    "HaveSpaces",
                    ["sagemaker:CreateSpace", "sagemaker:DeleteSpace", "sagemaker:UpdateSpace"],
                    `${SAGEMAKER}:space/d-1/*`,
                    {
                        ArnLike: { "sagemaker:OwnerUserProfileArn": OWN_PROFILE },
                        StringEquals: { "sagemaker:SpaceSharingType": ["Private", "Shared"] },
                    },
                ),
                allow("RunAppsOnAllowedInstances", "sagemaker:CreateApp", `${SAGEMAKER}:app/d-1/*`, {
                    ArnLike: { "sagemaker:OwnerUserProfileArn": OWN_PROFILE },
                    StringEquals: { "sagemaker:SpaceSharingType": ["Private"] },
                    "ForAllValues:StringEquals": {
                        "sagemaker:InstanceTypes": ["ml.t3.medium", "ml.m5.large", "system"],
                    },
                }),
                allow("StopApps", "sagemaker:DeleteApp", `${SAGEMAKER}:app/d-1/*`, {
                    ArnLike: { "sagemaker:OwnerUserProfileArn": OWN_PROFILE },
                    StringEquals: { "sagemaker:SpaceSharingType": ["Private"] },
                }),
                allow(
                    "TagWhatIsMade",
                    "sagemaker:AddTags",
                    [`${SAGEMAKER}:space/d-1/*`, `${SAGEMAKER}:app/d-1/*`],
                    { Null: { "sagemaker:TaggingAction": "false" } },
                ),
                allow(
                    "EncryptVolumes",
                    ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
                    FACTS.kmsKeyArn,
                ),
                allow("GrantKeyToVolumes", "kms:CreateGrant", FACTS.kmsKeyArn, {
                    Bool: { "kms:GrantIsForAWSResource": "true" },
                }),
                allow(
                    "WriteStudioLogs",
                    [
                        "logs:CreateLogGroup",
                        "logs:CreateLogStream",
                        "logs:DescribeLogStreams",
                        "logs:PutLogEvents",
                    ],
                    [LOGS, `${LOGS}:log-stream:*`],
                ),
                allow("CreateInterfacesInSubnets", "ec2:CreateNetworkInterface", [
                    `${EC2}:subnet/subnet-1`,
                    `${EC2}:subnet/subnet-2`,
                ]),
                allow(
                    "CreateInterfaces",
                    ["ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission"],
                    `${EC2}:network-interface/*`,
                    { ArnEquals: { "ec2:Subnet": [`${EC2}:subnet/subnet-1`, `${EC2}:subnet/subnet-2`] } },
                ),
                allow("CreateInterfacesInGroups", "ec2:CreateNetworkInterface", `${EC2}:security-group/*`, {
                    ArnEquals: { "ec2:Vpc": `${EC2}:vpc/vpc-1` },
                }),
                allow(
                    "DeleteInterfaces",
                    ["ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"],
                    `${EC2}:network-interface/*`,
                    { ArnEquals: { "ec2:Subnet": [`${EC2}:subnet/subnet-1`, `${EC2}:subnet/subnet-2`] } },
                ),
                allow(
                    "SeeNetwork",
                    [
                        "ec2:DescribeDhcpOptions",
                        "ec2:DescribeNetworkInterfaces",
                        "ec2:DescribeSecurityGroups",
                        "ec2:DescribeSubnets",
                        "ec2:DescribeVpcEndpoints",
                        "ec2:DescribeVpcs",
                    ],
                    "*",
                    { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
                ),
            ],
        });
    });

    it("has no wildcard in an action, and only reads where it has one for all resources", () => {
        const { Statement } = executionPolicy({
            ...FACTS,
            codeArtifact: { domain: "pkgs", domainOwner: "210987654321", repository: "pypi" },
            gitSecretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:git-AbCdEf",
        });
        const actions = (statement: (typeof Statement)[number]) => [statement.Action].flat();
        assert.deepEqual(
            Statement.flatMap(actions).filter((action) => action.includes("*")),
            [],
        );
        const everywhere = Statement.filter(({ Resource }) => [Resource].flat().includes("*"));
        assert.deepEqual(
            everywhere.flatMap(actions).filter((action) => !/:(List|Describe)/.test(action)),
            ["sts:GetServiceBearerToken"],
        );
        assert.deepEqual(everywhere.find(({ Sid }) => Sid === "GetPackageToken")?.Condition, {
            StringEquals: { "sts:AWSServiceName": "codeartifact.amazonaws.com" },
        });
    });

    it("reads the Git secret and the packages only when there are such", () => {
        const sids = (facts: Partial<ExecutionRoleFacts>) =>
            executionPolicy({ ...FACTS, ...facts }).Statement.map(({ Sid }) => Sid);
        const usual = new Set(sids({}));
        const added = (facts: Partial<ExecutionRoleFacts>) => sids(facts).filter((sid) => !usual.has(sid));
        assert.deepEqual(added({ gitSecretArn: "arn:s" }), ["ReadGitCredentials"]);
        assert.deepEqual(
            added({ codeArtifact: { domain: "d", domainOwner: "123456789012", repository: "r" } }),
            ["SignInToPackages", "ReadPackages", "GetPackageToken"],
        );
        const { Statement } = executionPolicy({ ...FACTS, gitSecretArn: "arn:s" });
        assert.deepEqual(
            Statement.find(({ Sid }) => Sid === "ReadGitCredentials"),
            allow("ReadGitCredentials", "secretsmanager:GetSecretValue", "arn:s"),
        );
    });

    it("ends with what was given from outside, as it was given", () => {
        const extra = { Effect: "Allow" as const, Action: "neptune-db:ReadDataViaQuery", Resource: "arn:n" };
        assert.deepEqual(executionPolicy({ ...FACTS, policyStatements: [extra] }).Statement.at(-1), extra);
    });

    it("leaves half of what IAM takes to others, and is refused when they take more", () => {
        const repository = { domain: "pkgs", domainOwner: "210987654321", repository: "pypi" };
        const subnetIds = ["a", "b", "c"].map((zone) => `subnet-0123456789abcde${zone}0`);
        const all = { ...FACTS, subnetIds, codeArtifact: repository, gitSecretArn: "arn:s" };
        assert.ok(executionPolicyText(all).length < 6_500, `${executionPolicyText(all).length}`);
        assert.deepEqual(JSON.parse(executionPolicyText(all)), executionPolicy(all));
        const big = { Effect: "Allow" as const, Action: "s3:GetObject", Resource: "x".repeat(8_000) };
        assert.throws(() => executionPolicyText({ ...all, policyStatements: [big] }), {
            message:
                /^the policy of the notebooks' execution role is \d+ characters long; IAM takes 10240: give some of the 1 policyStatements in a managed policy/,
        });
    });

    it("stays in its partition", () => {
        const text = JSON.stringify(executionPolicy({ ...FACTS, partition: "aws-cn", kmsKeyArn: "arn:k" }));
        assert.ok(text.includes("arn:aws-cn:sagemaker:"));
        assert.ok(!text.includes("arn:aws:"));
    });
});
