import type { PlannedResource } from "./resource";

/** A resource that holds to a rule, and what breaks it. Paths are those of the resource: `inputs.encrypted`. */
export interface Fixture {
    readonly rule: string;
    readonly type: string;
    readonly right: Partial<PlannedResource>;
    /** One value that is wrong, each on its own; `undefined` leaves it out. */
    readonly wrong: readonly (readonly [path: string, value: unknown])[];
    /** What cannot be judged while it is unknown. */
    readonly unknown?: readonly string[];
}

const KEY = "urn:pulumi:lab::pulsar-lab::pulsar-lab:security:EncryptionKey$aws:kms/key:Key::lab-key";
const OTHER = "urn:pulumi:lab::pulsar-lab::aws:kms/alias:Alias::lab-key";

const policy = (statement: Record<string, unknown>): string =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });

const rule = (type: "ingress" | "egress") => ({
    type,
    protocol: "tcp",
    fromPort: 443,
    toPort: 443,
    description: "HTTPS",
    cidrBlocks: ["10.0.0.0/16"],
});

const TAGS = {
    Project: "pulsar-lab",
    Stack: "lab",
    ManagedBy: "pulumi",
    Owner: "data-platform",
    ExperimentID: "exp-20260131-093000",
    ExpiresAt: "2026-02-03T09:30:00Z",
    Component: "broker",
};

const encrypted = (
    type: string,
    inputs: Record<string, unknown>,
    [input, ...more]: readonly [string, ...string[]],
    on?: string,
): Fixture => ({
    rule: "everything at rest is encrypted with the stack's own key",
    type,
    right: { inputs, propertyDependencies: { [input]: [KEY] } },
    wrong: [
        ...(on === undefined ? [] : [[`inputs.${on}`, false] as const, [`inputs.${on}`, undefined] as const]),
        [`inputs.${[input, ...more].join(".")}`, undefined],
        [`propertyDependencies.${input}`, []],
        [`propertyDependencies.${input}`, [OTHER]],
    ],
    unknown: on === undefined ? [] : [`inputs.${on}`],
});

const KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1";

const ENCRYPTED: readonly Fixture[] = [
    encrypted("aws:ebs/volume:Volume", { encrypted: true, kmsKeyId: KEY_ARN }, ["kmsKeyId"], "encrypted"),
    encrypted(
        "aws:ec2/instance:Instance",
        { rootBlockDevice: { encrypted: true, kmsKeyId: KEY_ARN } },
        ["rootBlockDevice", "kmsKeyId"],
        "rootBlockDevice.encrypted",
    ),
    encrypted(
        "aws:neptune/cluster:Cluster",
        { storageEncrypted: true, kmsKeyArn: KEY_ARN },
        ["kmsKeyArn"],
        "storageEncrypted",
    ),
    encrypted(
        "aws:opensearch/domain:Domain",
        { encryptAtRest: { enabled: true, kmsKeyId: KEY_ARN } },
        ["encryptAtRest", "kmsKeyId"],
        "encryptAtRest.enabled",
    ),
    encrypted("aws:sagemaker/domain:Domain", { kmsKeyId: KEY_ARN }, ["kmsKeyId"]),
    encrypted("aws:sns/topic:Topic", { kmsMasterKeyId: KEY_ARN }, ["kmsMasterKeyId"]),
    encrypted("aws:secretsmanager/secret:Secret", { kmsKeyId: KEY_ARN }, ["kmsKeyId"]),
    encrypted("aws:cloudwatch/logGroup:LogGroup", { kmsKeyId: KEY_ARN }, ["kmsKeyId"]),
];

const NETWORK: readonly Fixture[] = [
    {
        rule: "rules and routes are resources of their own",
        type: "aws:ec2/securityGroup:SecurityGroup",
        right: { inputs: {} },
        wrong: [
            ["inputs.ingress", [{ protocol: "tcp" }]],
            ["inputs.egress", []],
        ],
        unknown: ["inputs.ingress"],
    },
    {
        rule: "rules and routes are resources of their own",
        type: "aws:ec2/routeTable:RouteTable",
        right: { inputs: {} },
        wrong: [["inputs.routes", [{ cidrBlock: "0.0.0.0/0" }]]],
    },
    {
        rule: "the default security group is locked",
        type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        right: { inputs: { ingress: [], egress: [] } },
        wrong: [
            ["inputs.ingress", [{ self: true }]],
            ["inputs.egress", undefined],
        ],
    },
    {
        rule: "nothing comes in from the internet",
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        right: { inputs: rule("ingress") },
        wrong: [
            ["inputs.cidrBlocks", ["10.0.0.0/16", "0.0.0.0/0"]],
            ["inputs.cidrBlocks", ["128.0.0.0/1"]],
            ["inputs.ipv6CidrBlocks", ["::/0"]],
        ],
        unknown: ["inputs.cidrBlocks"],
    },
    {
        rule: "nothing comes in from the internet",
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        right: { inputs: { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "10.0.0.0/16" } },
        wrong: [
            ["inputs.cidrIpv4", "0.0.0.0/0"],
            ["inputs.cidrIpv6", "::/0"],
        ],
    },
    {
        rule: "only HTTPS goes out to the internet",
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        right: { inputs: { ...rule("egress"), cidrBlocks: ["0.0.0.0/0"] } },
        wrong: [
            ["inputs.protocol", "udp"],
            ["inputs.protocol", "-1"],
            ["inputs.fromPort", 80],
            ["inputs.toPort", 65535],
        ],
        unknown: ["inputs.cidrBlocks"],
    },
    {
        rule: "no SSH and no Remote Desktop",
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        right: { inputs: rule("ingress") },
        wrong: [
            ["inputs.fromPort", 22],
            ["inputs.toPort", 3389],
            ["inputs.protocol", "-1"],
        ],
        unknown: ["inputs.fromPort", "inputs.protocol"],
    },
    {
        rule: "every security group and rule says what it is for",
        type: "aws:ec2/securityGroupRule:SecurityGroupRule",
        right: { inputs: rule("ingress") },
        wrong: [
            ["inputs.description", undefined],
            ["inputs.description", ""],
        ],
    },
    {
        rule: "nothing but NAT has a public address",
        type: "aws:ec2/instance:Instance",
        right: { inputs: {} },
        wrong: [["inputs.associatePublicIpAddress", true]],
        unknown: ["inputs.associatePublicIpAddress"],
    },
    {
        rule: "nothing but NAT has a public address",
        type: "aws:ec2/launchTemplate:LaunchTemplate",
        right: { inputs: { networkInterfaces: [{ associatePublicIpAddress: "false" }] } },
        wrong: [["inputs.networkInterfaces", [{ associatePublicIpAddress: "true" }]]],
        unknown: ["inputs.networkInterfaces"],
    },
    {
        rule: "nothing but NAT has a public address",
        type: "aws:ec2/subnet:Subnet",
        right: { inputs: { mapPublicIpOnLaunch: false } },
        wrong: [["inputs.mapPublicIpOnLaunch", true]],
    },
    {
        rule: "nothing but NAT has a public address",
        type: "aws:neptune/clusterInstance:ClusterInstance",
        right: { inputs: { publiclyAccessible: false } },
        wrong: [["inputs.publiclyAccessible", true]],
    },
    {
        rule: "names are looked up in the VPC alone",
        type: "aws:route53/zone:Zone",
        right: { inputs: { vpcs: [{ vpcId: "vpc-1" }] } },
        wrong: [["inputs.vpcs", undefined]],
    },
    {
        rule: "instances answer IMDSv2 alone",
        type: "aws:ec2/instance:Instance",
        right: { inputs: { metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 } } },
        wrong: [
            ["inputs.metadataOptions", undefined],
            ["inputs.metadataOptions.httpTokens", "optional"],
            ["inputs.metadataOptions.httpPutResponseHopLimit", 2],
        ],
        unknown: ["inputs.metadataOptions"],
    },
    {
        rule: "no key pairs",
        type: "aws:ec2/instance:Instance",
        right: { inputs: {} },
        wrong: [["inputs.keyName", "mine"]],
        unknown: ["inputs.keyName"],
    },
];

const STORES: readonly Fixture[] = [
    {
        rule: "the key is on and rotates",
        type: "aws:kms/key:Key",
        right: { inputs: { enableKeyRotation: true } },
        wrong: [
            ["inputs.isEnabled", false],
            ["inputs.enableKeyRotation", false],
            ["inputs.enableKeyRotation", undefined],
        ],
    },
    {
        rule: "logs are kept, and not for ever",
        type: "aws:cloudwatch/logGroup:LogGroup",
        right: { inputs: { retentionInDays: 365 } },
        wrong: [
            ["inputs.retentionInDays", undefined],
            ["inputs.retentionInDays", 0],
            ["inputs.retentionInDays", 30],
        ],
        unknown: ["inputs.retentionInDays"],
    },
    {
        rule: "a Neptune cluster wants signed requests, writes an audit log and is backed up",
        type: "aws:neptune/cluster:Cluster",
        right: {
            inputs: {
                iamDatabaseAuthenticationEnabled: true,
                enableCloudwatchLogsExports: ["audit"],
                backupRetentionPeriod: 7,
                copyTagsToSnapshot: true,
                deletionProtection: true,
                skipFinalSnapshot: false,
            },
        },
        wrong: [
            ["inputs.iamDatabaseAuthenticationEnabled", undefined],
            ["inputs.enableCloudwatchLogsExports", ["slowquery"]],
            ["inputs.backupRetentionPeriod", 1],
            ["inputs.copyTagsToSnapshot", false],
            ["inputs.deletionProtection", false],
            ["inputs.skipFinalSnapshot", true],
        ],
        unknown: ["inputs.iamDatabaseAuthenticationEnabled", "inputs.enableCloudwatchLogsExports"],
    },
    {
        rule: "Neptune's audit log is turned on by its parameters",
        type: "aws:neptune/clusterParameterGroup:ClusterParameterGroup",
        right: { inputs: { parameters: [{ name: "neptune_enable_audit_log", value: "1" }] } },
        wrong: [
            ["inputs.parameters", []],
            ["inputs.parameters", [{ name: "neptune_enable_audit_log", value: "0" }]],
        ],
        unknown: ["inputs.parameters"],
    },
    {
        rule: "an OpenSearch domain is in the VPC, speaks TLS alone, knows roles alone and writes its logs",
        type: "aws:opensearch/domain:Domain",
        right: {
            inputs: {
                nodeToNodeEncryption: { enabled: true },
                domainEndpointOptions: {
                    enforceHttps: true,
                    tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
                },
                advancedSecurityOptions: {
                    enabled: true,
                    internalUserDatabaseEnabled: false,
                    masterUserOptions: { masterUserArn: "arn:aws:iam::123456789012:role/r" },
                },
                accessPolicies: "{}",
                vpcOptions: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
                logPublishingOptions: [
                    { logType: "AUDIT_LOGS" },
                    { logType: "ES_APPLICATION_LOGS" },
                    { logType: "INDEX_SLOW_LOGS" },
                    { logType: "SEARCH_SLOW_LOGS" },
                ],
            },
        },
        wrong: [
            ["inputs.nodeToNodeEncryption.enabled", false],
            ["inputs.domainEndpointOptions.enforceHttps", false],
            ["inputs.domainEndpointOptions.tlsSecurityPolicy", "Policy-Min-TLS-1-0-2019-07"],
            ["inputs.advancedSecurityOptions.enabled", false],
            ["inputs.advancedSecurityOptions.internalUserDatabaseEnabled", true],
            ["inputs.advancedSecurityOptions.masterUserOptions.masterUserArn", undefined],
            ["inputs.advancedSecurityOptions.masterUserOptions.masterUserPassword", "secret"],
            ["inputs.accessPolicies", undefined],
            ["inputs.vpcOptions", undefined],
            ["inputs.vpcOptions.securityGroupIds", []],
            ["inputs.logPublishingOptions", [{ logType: "AUDIT_LOGS" }]],
        ],
        unknown: ["inputs.nodeToNodeEncryption", "inputs.logPublishingOptions"],
    },
    {
        rule: "a search domain whose data is kept outlives a zone",
        type: "aws:opensearch/domain:Domain",
        right: {
            inputs: {
                clusterConfig: {
                    instanceCount: 3,
                    zoneAwarenessEnabled: true,
                    dedicatedMasterEnabled: true,
                    dedicatedMasterCount: 3,
                },
            },
        },
        wrong: [
            ["inputs.clusterConfig.instanceCount", 2],
            ["inputs.clusterConfig.zoneAwarenessEnabled", false],
            ["inputs.clusterConfig.dedicatedMasterEnabled", undefined],
            ["inputs.clusterConfig.dedicatedMasterCount", 2],
            ["inputs.clusterConfig", undefined],
        ],
        unknown: ["inputs.clusterConfig"],
    },
    {
        rule: "instances have a role, close monitoring and a way of their own to their volumes",
        type: "aws:ec2/instance:Instance",
        right: { inputs: { iamInstanceProfile: "profile", monitoring: true, ebsOptimized: true } },
        wrong: [
            ["inputs.iamInstanceProfile", undefined],
            ["inputs.monitoring", false],
            ["inputs.ebsOptimized", undefined],
        ],
        unknown: ["inputs.monitoring"],
    },
    {
        rule: "interfaces take no traffic that is not theirs",
        type: "aws:ec2/networkInterface:NetworkInterface",
        right: { inputs: { sourceDestCheck: true } },
        wrong: [
            ["inputs.sourceDestCheck", false],
            ["inputs.sourceDestCheck", undefined],
        ],
        unknown: ["inputs.sourceDestCheck"],
    },
    {
        rule: "every alarm tells somebody",
        type: "aws:cloudwatch/metricAlarm:MetricAlarm",
        right: { inputs: { actionsEnabled: true, alarmActions: ["arn:aws:sns:us-east-1:123456789012:t"] } },
        wrong: [
            ["inputs.actionsEnabled", false],
            ["inputs.alarmActions", []],
            ["inputs.alarmActions", undefined],
        ],
        unknown: ["inputs.actionsEnabled"],
    },
    {
        rule: "Studio's traffic stays in the VPC",
        type: "aws:sagemaker/domain:Domain",
        right: { inputs: { appNetworkAccessType: "VpcOnly", subnetIds: ["subnet-1"] } },
        wrong: [
            ["inputs.appNetworkAccessType", "PublicInternetOnly"],
            ["inputs.appNetworkAccessType", undefined],
            ["inputs.subnetIds", undefined],
        ],
        unknown: ["inputs.appNetworkAccessType"],
    },
    {
        rule: "data is protected where the stack says so",
        type: "aws:ebs/volume:Volume",
        right: { inputs: {}, protect: true },
        wrong: [
            ["protect", false],
            ["protect", undefined],
        ],
    },
    {
        rule: "homes are kept where the stack says so",
        type: "aws:sagemaker/domain:Domain",
        right: { inputs: { retentionPolicy: { homeEfsFileSystem: "Retain" } } },
        wrong: [
            ["inputs.retentionPolicy.homeEfsFileSystem", "Delete"],
            ["inputs.retentionPolicy", undefined],
        ],
        unknown: ["inputs.retentionPolicy"],
    },
    {
        rule: "homes are kept where the stack says so",
        type: "pulumi-nodejs:dynamic/sagemaker:StudioHomes",
        right: { inputs: { homeRetention: "Retain" } },
        wrong: [
            ["inputs.homeRetention", "Delete"],
            ["inputs.homeRetention", undefined],
        ],
        unknown: ["inputs.homeRetention"],
    },
];

const TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/t";

const POLICIES: readonly Fixture[] = [
    {
        rule: "roles may do what is spelled out, on what is spelled out",
        type: "aws:iam/rolePolicy:RolePolicy",
        right: {
            inputs: { policy: policy({ Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: TABLE }) },
        },
        wrong: [
            ["inputs.policy", policy({ Action: "*", Resource: TABLE })],
            ["inputs.policy", policy({ Action: ["dynamodb:*"], Resource: [TABLE] })],
            ["inputs.policy", policy({ Action: "dynamodb:Get*", Resource: "*" })],
            ["inputs.policy", policy({ Action: "dynamodb:GetItem", Resource: "*" })],
            ["inputs.policy", policy({ Action: "s3:GetObject", Resource: [TABLE, "arn:aws:s3:::*"] })],
            ["inputs.policy", policy({ NotAction: "iam:*", Resource: TABLE })],
            ["inputs.policy", policy({ Action: "dynamodb:GetItem", NotResource: TABLE })],
            ["inputs.policy", "{"],
        ],
        unknown: ["inputs.policy"],
    },
    {
        rule: "roles may do what is spelled out, on what is spelled out",
        type: "aws:iam/policy:Policy",
        right: { inputs: { policy: policy({ Action: "ec2:DescribeSubnets", Resource: "*" }) } },
        wrong: [["inputs.policy", policy({ Action: "ec2:Describe*", Resource: "*" })]],
    },
    {
        rule: "no policies of AWS's own",
        type: "aws:iam/role:Role",
        right: { inputs: {} },
        wrong: [["inputs.managedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"]]],
        unknown: ["inputs.managedPolicyArns"],
    },
    {
        rule: "no policies of AWS's own",
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        right: { inputs: { policyArn: "arn:aws:iam::123456789012:policy/own" } },
        wrong: [["inputs.policyArn", "arn:aws-us-gov:iam::aws:policy/service-role/X"]],
    },
    {
        rule: "who may use something is named",
        type: "aws:iam/role:Role",
        right: {
            inputs: {
                assumeRolePolicy: policy({
                    Principal: { Service: "ec2.amazonaws.com" },
                    Action: "sts:AssumeRole",
                }),
            },
        },
        wrong: [
            ["inputs.assumeRolePolicy", policy({ Principal: "*", Action: "sts:AssumeRole" })],
            ["inputs.assumeRolePolicy", policy({ Principal: { AWS: ["*"] }, Action: "sts:AssumeRole" })],
            [
                "inputs.assumeRolePolicy",
                policy({ NotPrincipal: { AWS: "123456789012" }, Action: "sts:AssumeRole" }),
            ],
            ["inputs.assumeRolePolicy", policy({ Principal: { AWS: "123456789012" }, Action: "sts:*" })],
        ],
        unknown: ["inputs.assumeRolePolicy"],
    },
    ...(
        [
            ["aws:kms/key:Key", "policy"],
            ["aws:opensearch/domain:Domain", "accessPolicies"],
            ["aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "policyDocument"],
            ["aws:sns/topic:Topic", "policy"],
            ["aws:sns/topicPolicy:TopicPolicy", "policy"],
            ["aws:secretsmanager/secret:Secret", "policy"],
        ] as const
    ).map(([type, property]) => ({
        rule: "who may use something is named",
        type,
        right: { inputs: { [property]: policy({ Principal: { AWS: "arn:aws:iam::123456789012:role/r" } }) } },
        wrong: [[`inputs.${property}`, policy({ Principal: { AWS: "*" } })] as const],
        unknown: [`inputs.${property}`],
    })),
];

const TAGGED: readonly Fixture[] = [
    {
        rule: "everything that can carry tags says whose it is",
        type: "aws:ec2/instance:Instance",
        right: { inputs: { tags: TAGS, rootBlockDevice: { tags: TAGS } } },
        wrong: [
            ...Object.keys(TAGS).flatMap((tag) => [
                [`inputs.tags.${tag}`, undefined] as const,
                [`inputs.rootBlockDevice.tags.${tag}`, ""] as const,
            ]),
            ["inputs.tags.Stack", "dev"],
            ["inputs.tags.ExperimentID", "latest"],
            ["inputs.tags", undefined],
            ["inputs.rootBlockDevice", undefined],
        ],
        unknown: ["inputs.tags", "inputs.tags.ExperimentID", "inputs.rootBlockDevice.tags"],
    },
    ...["aws:ebs/volume:Volume", "aws:ec2/networkInterface:NetworkInterface"].map((type) => ({
        rule: "everything that can carry tags says whose it is",
        type,
        right: { inputs: { tags: { ...TAGS, ExpiresAt: "never" } } },
        wrong: [["inputs.tags.ExpiresAt", "tomorrow"] as const],
    })),
];

export const FIXTURES: readonly Fixture[] = [...NETWORK, ...ENCRYPTED, ...STORES, ...POLICIES, ...TAGGED];
