import type { PolicyStatement } from "../../lib/policy/statement";

/** An IAM policy document. */
export interface PolicyDocument<Statement> {
    Version: "2012-10-17";
    Statement: Statement[];
}

/** A CodeArtifact repository that notebooks install packages from. */
export interface CodeArtifactRepository {
    /** The domain of the repository. */
    domain: string;
    /** The account that owns the domain, 12 digits. */
    domainOwner: string;
    repository: string;
}

/** What the permissions of a domain's notebooks follow from; every value is known. */
export interface ExecutionRoleFacts {
    partition: string;
    region: string;
    accountId: string;
    domainId: string;
    vpcId: string;
    subnetIds: readonly string[];
    kmsKeyArn: string;
    allowedInstanceTypes: readonly string[];
    /** Secret with the Git repository's credentials. */
    gitSecretArn?: string | undefined;
    codeArtifact?: CodeArtifactRepository | undefined;
    /** What else notebooks may do: use a database, read a secret. */
    policyStatements: readonly PolicyStatement[];
}

/** Who may take the role: SageMaker, for this account, and nobody else. */
export function assumeRolePolicy(accountId: string): PolicyDocument<object> {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "sagemaker.amazonaws.com" },
                // The second is what lets the domain put the name of the user profile into every session (CloudTrail shows it).
                Action: ["sts:AssumeRole", "sts:SetSourceIdentity"],
                // Without it any account's domain could be made to use the role (confused deputy).
                Condition: { StringEquals: { "aws:SourceAccount": accountId } },
            },
        ],
    };
}

/**
 * What notebooks may do: have spaces and apps in their own domain on the instance types that are allowed, use the domain's
 * key, write Studio's logs, and have interfaces in the domain's subnets. By "Provide users with access to private spaces",
 * "SageMaker AI roles" and "Logging with CloudWatch" of the SageMaker developer guide, and narrower than their examples.
 */
export function executionPolicy(facts: ExecutionRoleFacts): PolicyDocument<PolicyStatement> {
    const { partition, region, accountId } = facts;
    const arn = (service: string, resource: string) =>
        `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
    return {
        Version: "2012-10-17",
        Statement: [
            ...studioStatements(facts, (resource) => arn("sagemaker", resource)),
            {
                Sid: "EncryptVolumes",
                Effect: "Allow",
                Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
                Resource: facts.kmsKeyArn,
            },
            {
                Sid: "GrantKeyToVolumes",
                Effect: "Allow",
                Action: "kms:CreateGrant",
                Resource: facts.kmsKeyArn,
                // Only a service that acts for the user gets the grant: EBS for a space's volume, EFS for the home directories.
                Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
            },
            {
                // The name is AWS's and the same for all domains of an account and region.
                Sid: "WriteStudioLogs",
                Effect: "Allow",
                Action: [
                    "logs:CreateLogGroup",
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:PutLogEvents",
                ],
                Resource: [
                    arn("logs", "log-group:/aws/sagemaker/studio"),
                    arn("logs", "log-group:/aws/sagemaker/studio:log-stream:*"),
                ],
            },
            ...networkStatements(facts, (resource) => arn("ec2", resource)),
            ...gitStatements(facts),
            ...packageStatements(facts),
            ...facts.policyStatements,
        ],
    };
}

/** The longest that all policies inside of one role may be together (IAM quotas). */
export const MAX_INLINE_POLICY_LENGTH = 10_240;

/** The document as IAM takes it. */
export function executionPolicyText(facts: ExecutionRoleFacts): string {
    const text = JSON.stringify(executionPolicy(facts));
    if (text.length > MAX_INLINE_POLICY_LENGTH) {
        throw new Error(
            `the policy of the notebooks' execution role is ${text.length} characters long; IAM takes ${MAX_INLINE_POLICY_LENGTH}: ` +
                `give some of the ${facts.policyStatements.length} policyStatements in a managed policy, attached to executionRoleName`,
        );
    }
    return text;
}

function studioStatements(
    { domainId, allowedInstanceTypes }: ExecutionRoleFacts,
    arn: (resource: string) => string,
): PolicyStatement[] {
    // Studio sets these for each session, so that a user has what is theirs and no more.
    const ownProfile = arn(`user-profile/${domainId}/\${sagemaker:UserProfileName}`);
    const owned = (sharing: string[]): PolicyStatement["Condition"] => ({
        ArnLike: { "sagemaker:OwnerUserProfileArn": ownProfile },
        StringEquals: { "sagemaker:SpaceSharingType": sharing },
    });
    return [
        {
            Sid: "SeeDomain",
            Effect: "Allow",
            Action: ["sagemaker:DescribeDomain", "sagemaker:ListTags"],
            Resource: [
                arn(`domain/${domainId}`),
                arn(`user-profile/${domainId}/*`),
                arn(`space/${domainId}/*`),
                arn(`app/${domainId}/*`),
            ],
        },
        {
            Sid: "SeeSpacesAndApps",
            Effect: "Allow",
            Action: ["sagemaker:DescribeApp", "sagemaker:DescribeSpace", "sagemaker:DescribeUserProfile"],
            Resource: [
                arn(`user-profile/${domainId}/*`),
                arn(`space/${domainId}/*`),
                arn(`app/${domainId}/*`),
            ],
        },
        {
            // Lists know no resource: they need "*", only read, and show names and states.
            Sid: "ListForStudio",
            Effect: "Allow",
            Action: [
                "sagemaker:ListApps",
                "sagemaker:ListDomains",
                "sagemaker:ListSpaces",
                "sagemaker:ListUserProfiles",
            ],
            Resource: "*",
        },
        {
            Sid: "SignInAsOneself",
            Effect: "Allow",
            Action: "sagemaker:CreatePresignedDomainUrl",
            Resource: ownProfile,
        },
        {
            Sid: "HaveSpaces",
            Effect: "Allow",
            Action: ["sagemaker:CreateSpace", "sagemaker:DeleteSpace", "sagemaker:UpdateSpace"],
            Resource: arn(`space/${domainId}/*`),
            Condition: owned(["Private", "Shared"]),
        },
        {
            Sid: "RunAppsOnAllowedInstances",
            Effect: "Allow",
            Action: "sagemaker:CreateApp",
            Resource: arn(`app/${domainId}/*`),
            // AWS's form of an instance type limit. An app that names no type gets the domain's default, which is on the list;
            // "system" is the type of apps that run on nothing of the account's.
            Condition: {
                ...owned(["Private"]),
                "ForAllValues:StringEquals": {
                    "sagemaker:InstanceTypes": [...allowedInstanceTypes, "system"],
                },
            },
        },
        {
            Sid: "StopApps",
            Effect: "Allow",
            Action: "sagemaker:DeleteApp",
            Resource: arn(`app/${domainId}/*`),
            Condition: owned(["Private"]),
        },
        {
            // The domain passes its tags on to what users make; nobody may tag later.
            Sid: "TagWhatIsMade",
            Effect: "Allow",
            Action: "sagemaker:AddTags",
            Resource: [arn(`space/${domainId}/*`), arn(`app/${domainId}/*`)],
            Condition: { Null: { "sagemaker:TaggingAction": "false" } },
        },
    ];
}

/** The interfaces of apps and jobs in the VPC. */
function networkStatements(
    { region, vpcId, subnetIds }: ExecutionRoleFacts,
    arn: (resource: string) => string,
): PolicyStatement[] {
    const subnets = subnetIds.map((id) => arn(`subnet/${id}`));
    const inVpc = { ArnEquals: { "ec2:Vpc": arn(`vpc/${vpcId}`) } };
    const inSubnets = { ArnEquals: { "ec2:Subnet": subnets } };
    return [
        {
            Sid: "CreateInterfacesInSubnets",
            Effect: "Allow",
            Action: "ec2:CreateNetworkInterface",
            Resource: subnets,
        },
        {
            Sid: "CreateInterfaces",
            Effect: "Allow",
            Action: ["ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission"],
            Resource: arn("network-interface/*"),
            Condition: inSubnets,
        },
        {
            Sid: "CreateInterfacesInGroups",
            Effect: "Allow",
            Action: "ec2:CreateNetworkInterface",
            Resource: arn("security-group/*"),
            Condition: inVpc,
        },
        {
            Sid: "DeleteInterfaces",
            Effect: "Allow",
            Action: ["ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"],
            Resource: arn("network-interface/*"),
            Condition: inSubnets,
        },
        {
            // EC2's Describe actions know neither resources nor the VPC as a condition: "*" in this region, and they only read.
            Sid: "SeeNetwork",
            Effect: "Allow",
            Action: [
                "ec2:DescribeDhcpOptions",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcEndpoints",
                "ec2:DescribeVpcs",
            ],
            Resource: "*",
            Condition: { StringEquals: { "aws:RequestedRegion": region } },
        },
    ];
}

function gitStatements({ gitSecretArn }: ExecutionRoleFacts): PolicyStatement[] {
    if (gitSecretArn === undefined) return [];
    return [
        {
            Sid: "ReadGitCredentials",
            Effect: "Allow",
            Action: "secretsmanager:GetSecretValue",
            Resource: gitSecretArn,
        },
    ];
}

function packageStatements({ partition, region, codeArtifact }: ExecutionRoleFacts): PolicyStatement[] {
    if (codeArtifact === undefined) return [];
    const { domain, domainOwner, repository } = codeArtifact;
    const arn = (resource: string) => `arn:${partition}:codeartifact:${region}:${domainOwner}:${resource}`;
    return [
        {
            Sid: "SignInToPackages",
            Effect: "Allow",
            Action: "codeartifact:GetAuthorizationToken",
            Resource: arn(`domain/${domain}`),
        },
        {
            Sid: "ReadPackages",
            Effect: "Allow",
            Action: ["codeartifact:GetRepositoryEndpoint", "codeartifact:ReadFromRepository"],
            Resource: arn(`repository/${domain}/${repository}`),
        },
        {
            // The token is one of STS, which knows no resource; the condition leaves CodeArtifact alone.
            Sid: "GetPackageToken",
            Effect: "Allow",
            Action: "sts:GetServiceBearerToken",
            Resource: "*",
            Condition: { StringEquals: { "sts:AWSServiceName": "codeartifact.amazonaws.com" } },
        },
    ];
}
