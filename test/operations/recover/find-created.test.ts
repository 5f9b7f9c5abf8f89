import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

import { awsOf, type Aws } from "../../../lib/aws/clients";
import { findCreated } from "../../../operations/recover/find-created";

/** An answer of AWS, by the command that asks; an `Error` is thrown. */
type Answers = Readonly<Record<string, unknown>>;

const settings = { region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } };

/** AWS that knows these answers, and no other. */
function awsThatSays(answers: Answers): Aws {
    return {
        region: settings.region,
        client<Client>(Client: new (given: typeof settings) => Client): Client {
            const send = async (command: object) => {
                const name = command.constructor.name.replace(/Command$/, "");
                if (!Object.hasOwn(answers, name)) throw new Error(`no answer is prepared for ${name}`);
                if (answers[name] instanceof Error) throw answers[name];
                return answers[name];
            };
            return Object.assign(new Client(settings) as object, { send }) as Client;
        },
    };
}

const missing = (name: string, message = "") => Object.assign(new Error(message), { name });
const find = (type: string, inputs: object, answers: Answers, known: string[] = []) =>
    findCreated({ urn: "urn:lost", type, inputs: { ...inputs } }, awsThatSays(answers), new Set(known));

const tags = { Name: "lost", ExperimentID: "exp-1" };
const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const OTHERS = [{ Key: "Name", Value: "lost" }];

const natGatewayWith = (address: object, State = "available"): Answers => ({
    DescribeNatGateways: { NatGateways: [{ State, NatGatewayAddresses: [address] }] },
});

interface Case {
    readonly type: string;
    readonly inputs: object;
    readonly id: string;
    readonly answers: Answers;
    /** What AWS says when there is none. */
    readonly none: Answers;
    /** What AWS says of another one's under the same name; left out where there can be none. */
    readonly others?: Answers;
}

const neptune = (of: string, noun: string, input: string, name: string, arn: string): Case => ({
    type: `aws:neptune/${of}`,
    inputs: { [input]: "lost", tags },
    id: "lost",
    answers: {
        [`Describe${noun}s`]: { [`${noun}s`]: [{ [name]: "lost", [arn]: "arn" }] },
        ListTagsForResource: { TagList: Tags },
    },
    none: { [`Describe${noun}s`]: missing(`${noun}NotFoundFault`) },
    others: { ListTagsForResource: { TagList: OTHERS } },
});

const CASES: readonly Case[] = [
    neptune("cluster:Cluster", "DBCluster", "clusterIdentifier", "DBClusterIdentifier", "DBClusterArn"),
    neptune(
        "clusterInstance:ClusterInstance",
        "DBInstance",
        "identifier",
        "DBInstanceIdentifier",
        "DBInstanceArn",
    ),
    neptune(
        "clusterParameterGroup:ClusterParameterGroup",
        "DBClusterParameterGroup",
        "name",
        "DBClusterParameterGroupName",
        "DBClusterParameterGroupArn",
    ),
    neptune(
        "parameterGroup:ParameterGroup",
        "DBParameterGroup",
        "name",
        "DBParameterGroupName",
        "DBParameterGroupArn",
    ),
    neptune("subnetGroup:SubnetGroup", "DBSubnetGroup", "name", "DBSubnetGroupName", "DBSubnetGroupArn"),
    {
        type: "aws:opensearch/domain:Domain",
        inputs: { domainName: "lost", tags },
        id: "lost",
        answers: {
            DescribeDomain: { DomainStatus: { DomainName: "lost", ARN: "arn" } },
            ListTags: { TagList: Tags },
        },
        none: { DescribeDomain: missing("ResourceNotFoundException") },
        others: { ListTags: { TagList: OTHERS } },
    },
    {
        type: "aws:sagemaker/domain:Domain",
        inputs: { domainName: "lost", tags },
        id: "d-1",
        answers: {
            ListDomains: { Domains: [{ DomainId: "d-1", DomainName: "lost", DomainArn: "arn" }] },
            ListTags: { Tags },
        },
        none: {
            ListDomains: {
                Domains: [{ DomainId: "d-1", DomainName: "lost", DomainArn: "arn", Status: "Deleting" }],
            },
        },
        others: { ListTags: { Tags: OTHERS } },
    },
    {
        type: "aws:sagemaker/userProfile:UserProfile",
        inputs: { domainId: "d-1", userProfileName: "lost", tags },
        id: "arn:profile",
        answers: { DescribeUserProfile: { UserProfileArn: "arn:profile" }, ListTags: { Tags } },
        none: { DescribeUserProfile: missing("ResourceNotFound") },
        others: { ListTags: { Tags: OTHERS } },
    },
    {
        type: "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig",
        inputs: { studioLifecycleConfigName: "lost", tags },
        id: "lost",
        answers: {
            DescribeStudioLifecycleConfig: {
                StudioLifecycleConfigName: "lost",
                StudioLifecycleConfigArn: "arn",
            },
            ListTags: { Tags },
        },
        none: { DescribeStudioLifecycleConfig: missing("ResourceNotFound") },
        others: { ListTags: { Tags: OTHERS } },
    },
    {
        type: "aws:sagemaker/codeRepository:CodeRepository",
        inputs: { codeRepositoryName: "lost", tags },
        id: "lost",
        answers: {
            DescribeCodeRepository: { CodeRepositoryName: "lost", CodeRepositoryArn: "arn" },
            ListTags: { Tags },
        },
        none: { DescribeCodeRepository: missing("ValidationException", "Cannot find CodeRepository lost") },
        others: { ListTags: { Tags: OTHERS } },
    },
    {
        type: "aws:secretsmanager/secret:Secret",
        inputs: { name: "lost", tags },
        id: "arn:secret",
        answers: { DescribeSecret: { Name: "lost", ARN: "arn:secret", Tags } },
        none: { DescribeSecret: { Name: "lost", ARN: "arn:secret", Tags, DeletedDate: new Date(0) } },
        others: { DescribeSecret: { Name: "lost", ARN: "arn:secret", Tags: OTHERS } },
    },
    {
        type: "aws:iam/role:Role",
        inputs: { name: "lost", tags },
        id: "lost",
        answers: { GetRole: { Role: { RoleName: "lost", Tags } } },
        none: { GetRole: missing("NoSuchEntityException") },
        others: { GetRole: { Role: { RoleName: "lost", Tags: OTHERS } } },
    },
    {
        type: "aws:iam/instanceProfile:InstanceProfile",
        inputs: { name: "lost", tags },
        id: "lost",
        answers: { GetInstanceProfile: { InstanceProfile: { InstanceProfileName: "lost", Tags } } },
        none: { GetInstanceProfile: missing("NoSuchEntityException") },
        others: { GetInstanceProfile: { InstanceProfile: { InstanceProfileName: "lost", Tags: OTHERS } } },
    },
    {
        type: "aws:iam/policy:Policy",
        inputs: { name: "lost", tags },
        id: "arn:policy",
        answers: {
            ListPolicies: { Policies: [{ PolicyName: "lost", Arn: "arn:policy" }] },
            ListPolicyTags: { Tags },
        },
        none: { ListPolicies: { Policies: [{ PolicyName: "lost-too", Arn: "arn:other" }] } },
        others: { ListPolicyTags: { Tags: OTHERS } },
    },
    {
        type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs: { role: "role", policyArn: "arn:policy" },
        id: "role/arn:policy",
        answers: { ListAttachedRolePolicies: { AttachedPolicies: [{ PolicyArn: "arn:policy" }] } },
        none: { ListAttachedRolePolicies: missing("NoSuchEntityException") },
    },
    {
        type: "aws:route53/zone:Zone",
        inputs: { name: "lost.internal", vpcs: [{ vpcId: "vpc-1" }], tags },
        id: "Z1",
        answers: {
            ListHostedZonesByVPC: { HostedZoneSummaries: [{ HostedZoneId: "Z1", Name: "lost.internal." }] },
        },
        none: {
            ListHostedZonesByVPC: { HostedZoneSummaries: [{ HostedZoneId: "Z2", Name: "other.internal." }] },
        },
    },
    {
        type: "aws:route53/record:Record",
        inputs: { zoneId: "Z1", name: "Broker", type: "A" },
        id: "Z1_broker_A",
        answers: {
            GetHostedZone: { HostedZone: { Name: "lost.internal." } },
            ListResourceRecordSets: { ResourceRecordSets: [{ Name: "broker.lost.internal.", Type: "A" }] },
        },
        none: {
            GetHostedZone: { HostedZone: { Name: "lost.internal." } },
            ListResourceRecordSets: { ResourceRecordSets: [{ Name: "broker.lost.internal.", Type: "AAAA" }] },
        },
    },
    {
        type: "aws:ec2/volumeAttachment:VolumeAttachment",
        inputs: { deviceName: "/dev/sdf", volumeId: "vol-1", instanceId: "i-1" },
        id: "/dev/sdf:vol-1:i-1",
        answers: {
            DescribeVolumes: {
                Volumes: [{ Attachments: [{ Device: "/dev/sdf", InstanceId: "i-1", State: "attached" }] }],
            },
        },
        none: {
            DescribeVolumes: {
                Volumes: [{ Attachments: [{ Device: "/dev/sdf", InstanceId: "i-2", State: "attached" }] }],
            },
        },
    },
    {
        type: "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation",
        inputs: { natGatewayId: "nat-1", allocationId: "eipalloc-2" },
        id: "nat-1,eipalloc-2",
        answers: natGatewayWith({ AllocationId: "eipalloc-2", Status: "associating" }),
        none: natGatewayWith({ AllocationId: "eipalloc-3", Status: "succeeded" }),
    },
    {
        type: "aws:cloudwatch/logGroup:LogGroup",
        inputs: { name: "/lost", tags },
        id: "/lost",
        answers: {
            DescribeLogGroups: {
                logGroups: [{ logGroupName: "/lost/not" }, { logGroupName: "/lost", arn: "arn:*" }],
            },
            ListTagsForResource: { tags },
        },
        none: { DescribeLogGroups: { logGroups: [{ logGroupName: "/lost/not" }] } },
        others: { ListTagsForResource: { tags: { Name: "lost" } } },
    },
    {
        type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        inputs: { policyName: "lost" },
        id: "lost",
        answers: { DescribeResourcePolicies: { resourcePolicies: [{ policyName: "lost" }] } },
        none: { DescribeResourcePolicies: { resourcePolicies: [{ policyName: "other" }] } },
    },
    {
        type: "aws:cloudwatch/metricAlarm:MetricAlarm",
        inputs: { name: "lost", tags },
        id: "lost",
        answers: {
            DescribeAlarms: { MetricAlarms: [{ AlarmName: "lost", AlarmArn: "arn" }] },
            ListTagsForResource: { Tags },
        },
        none: { DescribeAlarms: {} },
        others: { ListTagsForResource: { Tags: OTHERS } },
    },
    {
        type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        inputs: { alarmName: "lost", tags },
        id: "lost",
        answers: {
            DescribeAlarms: { CompositeAlarms: [{ AlarmName: "lost", AlarmArn: "arn" }] },
            ListTagsForResource: { Tags },
        },
        none: { DescribeAlarms: {} },
        others: { ListTagsForResource: { Tags: OTHERS } },
    },
    {
        type: "aws:cloudwatch/dashboard:Dashboard",
        inputs: { dashboardName: "lost" },
        id: "lost",
        answers: { GetDashboard: { DashboardName: "lost" } },
        none: { GetDashboard: missing("DashboardNotFoundError") },
    },
    {
        type: "aws:sns/topic:Topic",
        inputs: { name: "lost", tags },
        id: "arn:aws:sns:us-east-1:1:lost",
        answers: {
            ListTopics: { Topics: [{ TopicArn: "arn:aws:sns:us-east-1:1:lost" }] },
            ListTagsForResource: { Tags },
        },
        none: { ListTopics: { Topics: [{ TopicArn: "arn:aws:sns:us-east-1:1:not-lost" }] } },
        others: { ListTagsForResource: { Tags: OTHERS } },
    },
    {
        type: "aws:sns/topicSubscription:TopicSubscription",
        inputs: { topic: "arn:topic", protocol: "email", endpoint: "a@b.c" },
        id: "arn:subscription",
        answers: {
            ListSubscriptionsByTopic: {
                Subscriptions: [
                    { SubscriptionArn: "arn:subscription", Protocol: "email", Endpoint: "a@b.c" },
                ],
            },
        },
        none: {
            ListSubscriptionsByTopic: {
                Subscriptions: [
                    { SubscriptionArn: "PendingConfirmation", Protocol: "email", Endpoint: "a@b.c" },
                ],
            },
        },
    },
    {
        type: "aws:budgets/budget:Budget",
        inputs: { name: "lost", tags },
        id: "111122223333:lost",
        answers: {
            GetCallerIdentity: { Account: "111122223333", Arn: "arn:aws:sts::111122223333:x" },
            DescribeBudget: { Budget: { BudgetName: "lost" } },
            ListTagsForResource: { ResourceTags: Tags },
        },
        none: {
            GetCallerIdentity: { Account: "111122223333" },
            DescribeBudget: missing("NotFoundException"),
        },
        others: { ListTagsForResource: { ResourceTags: OTHERS } },
    },
];

describe("the search for what a killed update created", () => {
    for (const { type, inputs, id, answers, none, others } of CASES) {
        it(`finds ${type}`, async () => {
            assert.equal(await find(type, inputs, answers), id);
            assert.equal(await find(type, inputs, none), undefined, "there is none");
            if (others) {
                const answered = { ...answers, ...others };
                assert.equal(await find(type, inputs, answered), undefined, "the name is another's");
            }
        });
    }

    it("goes by tags where AWS names the resource, and leaves out what is in the state", async () => {
        const instances = (...ids: string[]) => ({
            DescribeInstances: { Reservations: ids.map((InstanceId) => ({ Instances: [{ InstanceId }] })) },
        });
        const INSTANCE = "aws:ec2/instance:Instance";
        assert.equal(await find(INSTANCE, { tags }, instances("i-1")), "i-1");
        assert.equal(await find(INSTANCE, { tags }, instances("i-1", "i-2"), ["i-1"]), "i-2");
        assert.equal(await find(INSTANCE, { tags }, instances()), undefined);
        await assert.rejects(find(INSTANCE, { tags }, instances("i-1", "i-2")), /i-1 and i-2 both fit/);
        await assert.rejects(find(INSTANCE, {}, instances("i-1")), /urn:lost.*no tags/);

        const volume = { DescribeVolumes: { Volumes: [{ VolumeId: "vol-1" }] } };
        assert.equal(await find("aws:ebs/volume:Volume", { tags }, volume), "vol-1");
        const gateways = (tagged: object[]) => ({
            DescribeNatGateways: { NatGateways: [{ NatGatewayId: "nat-1", Tags: tagged }] },
        });
        assert.equal(await find("aws:ec2/natGateway:NatGateway", { tags }, gateways(Tags)), "nat-1");
        assert.equal(await find("aws:ec2/natGateway:NatGateway", { tags }, gateways(OTHERS)), undefined);
    });

    it("leaves out an address that failed, that is disassociating, or whose NAT gateway is deleted", async () => {
        const ASSOCIATION = "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation";
        const inputs = { natGatewayId: "nat-1", allocationId: "eipalloc-2" };
        const found = (Status: string, State?: string) =>
            find(ASSOCIATION, inputs, natGatewayWith({ AllocationId: "eipalloc-2", Status }, State));
        assert.equal(await found("succeeded"), "nat-1,eipalloc-2");
        assert.equal(await found("failed"), undefined);
        assert.equal(await found("disassociating"), undefined);
        assert.equal(await found("succeeded", "deleted"), undefined);
        const gone = { DescribeNatGateways: missing("NatGatewayNotFound") };
        assert.equal(await find(ASSOCIATION, inputs, gone), undefined);
    });

    it("leaves out a key that is scheduled for deletion", async () => {
        const KEY = "aws:kms/key:Key";
        const answers = (KeyState: string) => ({
            ListKeys: { Keys: [{ KeyId: "key-1" }] },
            ListResourceTags: { Tags: Tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) },
            DescribeKey: { KeyMetadata: { KeyState } },
        });
        assert.equal(await find(KEY, { tags }, answers("Enabled")), "key-1");
        assert.equal(await find(KEY, { tags }, answers("PendingDeletion")), undefined);
    });

    it("refuses to guess for a public zone", async () => {
        await assert.rejects(
            find("aws:route53/zone:Zone", { name: "a.com", tags }, {}),
            /urn:lost.*public zone/,
        );
    });

    it("finds nothing where creating it again changes nothing", async () => {
        for (const type of [
            "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
            "aws:sns/topicPolicy:TopicPolicy",
            "pulumi-nodejs:dynamic/experiment:Experiment",
            "pulumi-nodejs:dynamic/checks:ConnectivityCheck",
            "pulumi-nodejs:dynamic/checks:ServiceLinkedRole",
            "pulumi-nodejs:dynamic/pulsar:IssuedCredentials",
            "pulumi-nodejs:dynamic/sagemaker:StudioHomes",
            "pulumi-nodejs:dynamic/sagemaker:StudioLeftovers",
            "pulumi-nodejs:dynamic/sagemaker:StudioSessions",
        ]) {
            assert.equal(await find(type, {}, {}), undefined, type);
        }
    });

    it("refuses a type that it cannot find", async () => {
        for (const type of [
            "aws:s3/bucket:Bucket",
            "aws:ec2/unheardOf:Of",
            "pulumi-nodejs:dynamic/new:New",
            "constructor",
        ]) {
            await assert.rejects(find(type, {}, {}), /urn:lost may have been created; find it in AWS/);
        }
    });

    it("fails when AWS refuses to answer", async () => {
        await assert.rejects(
            find(
                "aws:iam/role:Role",
                { name: "lost", tags },
                { GetRole: missing("AccessDenied", "not you") },
            ),
            /urn:lost may have been created: not you/,
        );
    });
});

describe("the AWS clients of the recovery", () => {
    it("are created once each", () => {
        const aws = awsOf(settings);
        class Client {}
        assert.equal(aws.client(Client), aws.client(Client));
    });

    it("are loaded only when a type of theirs is searched", () => {
        const loaded = execFileSync(
            process.execPath,
            [
                "-r",
                "ts-node/register/transpile-only",
                "-e",
                `require("./operations/recover");
                 console.log(Object.keys(require.cache).filter((file) => file.includes("@aws-sdk")).length);`,
            ],
            { cwd: path.join(__dirname, "../../.."), encoding: "utf8" },
        );
        assert.equal(loaded.trim(), "0");
    });
});
