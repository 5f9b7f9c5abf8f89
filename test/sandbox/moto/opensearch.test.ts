import * as assert from "node:assert/strict";

import {
    CloudWatchLogsClient,
    CreateLogGroupCommand,
    DeleteLogGroupCommand,
    DeleteResourcePolicyCommand,
    PutResourcePolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
    DeleteSecurityGroupCommand,
    DeleteSubnetCommand,
    DescribeNetworkInterfacesCommand,
} from "@aws-sdk/client-ec2";
import {
    CreateRoleCommand,
    CreateServiceLinkedRoleCommand,
    DeleteRoleCommand,
    DeleteServiceLinkedRoleCommand,
    GetRoleCommand,
    IAMClient,
} from "@aws-sdk/client-iam";
import {
    AddTagsCommand,
    CreateDomainCommand,
    type CreateDomainCommandInput,
    DeleteDomainCommand,
    DescribeDomainCommand,
    DescribeDomainConfigCommand,
    type DomainStatus,
    ListTagsCommand,
    OpenSearchClient,
    RemoveTagsCommand,
    UpdateDomainConfigCommand,
    UpgradeDomainCommand,
} from "@aws-sdk/client-opensearch";

import { clientSettings, given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

const ROLE = {
    AWSServiceName: "opensearchservice.amazonaws.com",
    RoleName: "AWSServiceRoleForAmazonOpenSearchService",
};
const LOGS_POLICY = "opensearch";
const arnOf = (name: string) => `arn:aws:es:${REGION}:123456789012:domain/${name}`;
const groupArn = (name: string) => `arn:aws:logs:${REGION}:123456789012:log-group:${name}`;

describe("sandbox/moto OpenSearch Service", function () {
    this.timeout(START_TIMEOUT_MS);
    let opensearch: OpenSearchClient;
    let iam: IAMClient;
    let logs: CloudWatchLogsClient;
    let network: Network;
    let subnets: string[];
    let group: string;

    before(async () => {
        const settings = await clientSettings();
        opensearch = new OpenSearchClient(settings);
        iam = new IAMClient(settings);
        logs = new CloudWatchLogsClient(settings);
        network = await Network.create();
        subnets = await Promise.all(
            ["a", "b", "c"].map((zone, index) => network.subnet(`10.0.${index}.0/24`, `${REGION}${zone}`)),
        );
        group = await network.securityGroup("search");
    });

    const small = (
        name: string,
        change: Partial<CreateDomainCommandInput> = {},
    ): CreateDomainCommandInput => ({
        DomainName: name,
        ClusterConfig: { InstanceType: "t3.small.search", InstanceCount: 1 },
        VPCOptions: { SubnetIds: subnets.slice(0, 1), SecurityGroupIds: [group] },
        ...change,
    });
    const create = (input: CreateDomainCommandInput) => opensearch.send(new CreateDomainCommand(input));
    const describeDomain = async (DomainName: string): Promise<DomainStatus> =>
        given((await opensearch.send(new DescribeDomainCommand({ DomainName }))).DomainStatus);
    /** Deletes a domain and looks until it is gone. */
    const remove = async (DomainName: string) => {
        await opensearch.send(new DeleteDomainCommand({ DomainName }));
        while (await describeDomain(DomainName).catch(() => undefined));
    };
    const resources = async () => {
        const { endpoint } = await sharedServer();
        const response = await fetch(`${endpoint}/_sandbox/resources`);
        return (await response.json()) as { service: string; type: string; id: string }[];
    };

    describe("service-linked role", () => {
        before(() =>
            iam.send(new DeleteServiceLinkedRoleCommand({ RoleName: ROLE.RoleName })).catch(() => undefined),
        );

        it("is missing at first, and without it no domain gets into a VPC", async () => {
            await refused(
                create(small("without-role")),
                "ValidationException",
                /you must enable a service-linked role to give Amazon OpenSearch Service permissions to access your VPC/,
            );
            await refused(describeDomain("without-role"), "ResourceNotFoundException");
        });

        it("has the service's own name, once in an account, and cannot be deleted as a role", async () => {
            await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: ROLE.AWSServiceName }));
            const { Role } = await iam.send(new GetRoleCommand({ RoleName: ROLE.RoleName }));
            assert.equal(
                Role?.Arn,
                `arn:aws:iam::123456789012:role/aws-service-role/${ROLE.AWSServiceName}/${ROLE.RoleName}`,
            );
            await refused(
                iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: ROLE.AWSServiceName })),
                "InvalidInputException",
                /has been taken in this account, please try a different suffix/,
            );
            await refused(
                iam.send(new DeleteRoleCommand({ RoleName: ROLE.RoleName })),
                "UnmodifiableEntityException",
                /only modifiable by AWS/,
            );
            await iam.send(new DeleteServiceLinkedRoleCommand({ RoleName: ROLE.RoleName }));
            await refused(iam.send(new GetRoleCommand({ RoleName: ROLE.RoleName })), "NoSuchEntityException");
            await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: ROLE.AWSServiceName }));
        });

        it("is the account's, and so no left-over of a stack", async () => {
            const roles = (await resources()).filter(({ id }) => id.includes(ROLE.RoleName));
            assert.deepEqual(roles, []);
        });
    });

    describe("life of a domain", () => {
        it("takes time, has an interface in each subnet, and an endpoint in the VPC when it is ready", async () => {
            const { DomainStatus } = await create(
                small("lives", {
                    ClusterConfig: {
                        InstanceType: "t3.small.search",
                        InstanceCount: 2,
                        ZoneAwarenessEnabled: true,
                        ZoneAwarenessConfig: { AvailabilityZoneCount: 2 },
                    },
                    VPCOptions: { SubnetIds: subnets.slice(0, 2), SecurityGroupIds: [group] },
                    TagList: [{ Key: "a", Value: "b" }],
                }),
            );
            assert.equal(DomainStatus?.ARN, arnOf("lives"));
            assert.equal(DomainStatus?.Processing, true);
            assert.equal(DomainStatus?.Endpoints, undefined);
            assert.equal((await describeDomain("lives")).Processing, true);
            const ready = await describeDomain("lives");
            assert.equal(ready.Processing, false);
            assert.equal(ready.DomainProcessingStatus, "Active");
            assert.equal(ready.Endpoint, undefined);
            assert.match(
                ready.Endpoints?.vpc ?? "",
                /^vpc-lives-[0-9a-f]{26}\.us-east-1\.es\.amazonaws\.com$/,
            );
            assert.deepEqual(ready.VPCOptions, {
                VPCId: network.vpcId,
                SubnetIds: subnets.slice(0, 2),
                SecurityGroupIds: [group],
                AvailabilityZones: [`${REGION}a`, `${REGION}b`],
            });
            const { NetworkInterfaces } = await network.ec2.send(
                new DescribeNetworkInterfacesCommand({
                    Filters: [{ Name: "description", Values: ["ES lives"] }],
                }),
            );
            assert.deepEqual(
                NetworkInterfaces?.map(({ SubnetId }) => SubnetId).sort(),
                subnets.slice(0, 2).sort(),
            );
            assert.ok(NetworkInterfaces?.every(({ Groups }) => Groups?.[0]?.GroupId === group));
            await refused(
                network.ec2.send(new DeleteSecurityGroupCommand({ GroupId: group })),
                "DependencyViolation",
            );
            await refused(
                network.ec2.send(new DeleteSubnetCommand({ SubnetId: subnets[0] })),
                "DependencyViolation",
            );
            await refused(create(small("lives")), "ResourceAlreadyExistsException");
        });

        it("is changed while it works on, one change at a time", async () => {
            const change = (SnapshotOptions: { AutomatedSnapshotStartHour: number }) =>
                opensearch.send(new UpdateDomainConfigCommand({ DomainName: "lives", SnapshotOptions }));
            await change({ AutomatedSnapshotStartHour: 5 });
            await refused(
                change({ AutomatedSnapshotStartHour: 6 }),
                "ValidationException",
                /A change\/update is in progress/,
            );
            const changing = await describeDomain("lives");
            assert.equal(changing.Processing, true);
            assert.ok(changing.Endpoints?.vpc);
            const changed = await describeDomain("lives");
            assert.equal(changed.Processing, false);
            assert.equal(changed.SnapshotOptions?.AutomatedSnapshotStartHour, 5);
        });

        it("goes up to another version, and not down", async () => {
            const upgrade = (TargetVersion: string) =>
                opensearch.send(new UpgradeDomainCommand({ DomainName: "lives", TargetVersion }));
            const { EngineVersion } = await describeDomain("lives");
            assert.equal(EngineVersion, "OpenSearch_2.5");
            await upgrade("OpenSearch_2.19");
            assert.equal((await describeDomain("lives")).UpgradeProcessing, true);
            const done = await describeDomain("lives");
            assert.deepEqual([done.UpgradeProcessing, done.EngineVersion], [false, "OpenSearch_2.19"]);
            await refused(upgrade("OpenSearch_2.17"), "ValidationException", /not supported/);
        });

        it("has tags", async () => {
            const ARN = arnOf("lives");
            const tags = async () => (await opensearch.send(new ListTagsCommand({ ARN }))).TagList;
            assert.deepEqual(await tags(), [{ Key: "a", Value: "b" }]);
            await opensearch.send(new AddTagsCommand({ ARN, TagList: [{ Key: "c", Value: "d" }] }));
            await opensearch.send(new RemoveTagsCommand({ ARN, TagKeys: ["a"] }));
            assert.deepEqual(await tags(), [{ Key: "c", Value: "d" }]);
        });

        it("takes time to go, keeps its name meanwhile, and then gives everything back", async () => {
            assert.ok((await resources()).some(({ id }) => id === arnOf("lives")));
            const DomainName = "lives";
            const { DomainStatus } = await opensearch.send(new DeleteDomainCommand({ DomainName }));
            assert.equal(DomainStatus?.Deleted, true);
            assert.ok(!(await resources()).some(({ id }) => id === arnOf("lives")));
            await refused(create(small("lives")), "ValidationException", /still being deleted/);
            await refused(describeDomain("lives"), "ResourceNotFoundException");
            await create(small("lives"));
            assert.deepEqual(
                (await opensearch.send(new ListTagsCommand({ ARN: arnOf("lives") }))).TagList,
                [],
            );
            await remove("lives");
            const { NetworkInterfaces } = await network.ec2.send(
                new DescribeNetworkInterfacesCommand({
                    Filters: [{ Name: "description", Values: ["ES lives"] }],
                }),
            );
            assert.deepEqual(NetworkInterfaces, []);
        });
    });

    describe("shape of a domain", () => {
        const nodes = (InstanceCount: number, zones: number) => ({
            ClusterConfig: {
                InstanceType: "m6g.large.search" as const,
                InstanceCount,
                ZoneAwarenessEnabled: zones > 1,
                ...(zones > 1 ? { ZoneAwarenessConfig: { AvailabilityZoneCount: zones } } : {}),
            },
        });
        const REFUSED: [string, () => Partial<CreateDomainCommandInput>, RegExp][] = [
            [
                "two subnets for one zone",
                () => ({ VPCOptions: { SubnetIds: subnets.slice(0, 2) } }),
                /^You must specify exactly one subnet\.$/,
            ],
            [
                "one subnet for two zones",
                () => nodes(2, 2),
                /^You must specify exactly two subnets because you've set zone count to two\.$/,
            ],
            ["three nodes for two zones", () => nodes(3, 2), /even number of data nodes/],
            ["two nodes for three zones", () => nodes(2, 3), /minimum of three data nodes/],
            [
                "standby without dedicated masters",
                () => ({
                    ClusterConfig: { ...nodes(3, 3).ClusterConfig, MultiAZWithStandbyEnabled: true },
                    VPCOptions: { SubnetIds: subnets },
                }),
                /^Multi-AZ with Standby requires three Availability Zones/,
            ],
            [
                "auto-tune of a t3",
                () => ({ AutoTuneOptions: { DesiredState: "ENABLED" } }),
                /^Autotune is not supported in t2\/t3 instance types\./,
            ],
            [
                "a subnet that is not there",
                () => ({ VPCOptions: { SubnetIds: ["subnet-0"] } }),
                /^Invalid subnet/,
            ],
            [
                "a security group that is not there",
                () => ({ VPCOptions: { SubnetIds: subnets.slice(0, 1), SecurityGroupIds: ["sg-0"] } }),
                /^Invalid security group/,
            ],
            [
                "a name that is too long",
                () => ({ DomainName: "a".repeat(29) }),
                /failed to satisfy constraint/,
            ],
        ];
        for (const [what, change, message] of REFUSED)
            it(`is refused with ${what}`, async () => {
                await refused(create(small("shaped", change())), "ValidationException", message);
            });

        it("is that of three zones with standby where everything fits", async () => {
            await create(
                small("standby", {
                    ClusterConfig: {
                        ...nodes(3, 3).ClusterConfig,
                        MultiAZWithStandbyEnabled: true,
                        DedicatedMasterEnabled: true,
                        DedicatedMasterCount: 3,
                        DedicatedMasterType: "m6g.large.search",
                    },
                    VPCOptions: { SubnetIds: subnets, SecurityGroupIds: [group] },
                }),
            );
            await remove("standby");
        });
    });

    describe("security of a domain", () => {
        const secure: Partial<CreateDomainCommandInput> = {
            EncryptionAtRestOptions: { Enabled: true },
            NodeToNodeEncryptionOptions: { Enabled: true },
            DomainEndpointOptions: {
                EnforceHTTPS: true,
                TLSSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
            },
            AdvancedSecurityOptions: {
                Enabled: true,
                MasterUserOptions: { MasterUserARN: "arn:aws:iam::123456789012:role/master" },
            },
        };

        for (const without of [
            "EncryptionAtRestOptions",
            "NodeToNodeEncryptionOptions",
            "DomainEndpointOptions",
        ] as const)
            it(`takes no fine-grained access control without ${without}`, async () => {
                await refused(
                    create(small("insecure", { ...secure, [without]: undefined })),
                    "ValidationException",
                    /^Fine-grained access control requires/,
                );
            });

        it("tells no master user, and what else it was given", async () => {
            await create(
                small("secure", {
                    ...secure,
                    AutoTuneOptions: { DesiredState: "DISABLED" },
                    OffPeakWindowOptions: {
                        Enabled: true,
                        OffPeakWindow: { WindowStartTime: { Hours: 7, Minutes: 0 } },
                    },
                    SoftwareUpdateOptions: { AutoSoftwareUpdateEnabled: true },
                }),
            );
            const found = await describeDomain("secure");
            assert.deepEqual(found.AdvancedSecurityOptions, {
                Enabled: true,
                InternalUserDatabaseEnabled: false,
                AnonymousAuthEnabled: false,
            });
            assert.deepEqual(found.DomainEndpointOptions, {
                EnforceHTTPS: true,
                TLSSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
                CustomEndpointEnabled: false,
            });
            assert.deepEqual(found.OffPeakWindowOptions?.OffPeakWindow?.WindowStartTime, {
                Hours: 7,
                Minutes: 0,
            });
            assert.equal(found.SoftwareUpdateOptions?.AutoSoftwareUpdateEnabled, true);
            assert.equal(found.AutoTuneOptions?.State, "DISABLED");
            const { DomainConfig } = await opensearch.send(
                new DescribeDomainConfigCommand({ DomainName: "secure" }),
            );
            assert.equal(DomainConfig?.AutoTuneOptions?.Options?.DesiredState, "DISABLED");
            assert.equal(DomainConfig?.AutoTuneOptions?.Options?.RollbackOnDisable, "NO_ROLLBACK");
            await remove("secure");
        });

        it("lets roles in that exist, and no others", async () => {
            const policy = (role: string) => ({
                AccessPolicies: JSON.stringify({
                    Version: "2012-10-17",
                    Statement: [
                        {
                            Effect: "Allow",
                            Principal: { AWS: [`arn:aws:iam::123456789012:role/${role}`] },
                            Action: "es:ESHttpGet",
                            Resource: `${arnOf("entered")}/*`,
                        },
                    ],
                }),
            });
            await refused(
                create(small("entered", policy("nobody"))),
                "InvalidTypeException",
                /^Error setting policy/,
            );
            await iam.send(new CreateRoleCommand({ RoleName: "somebody", AssumeRolePolicyDocument: "{}" }));
            await create(small("entered", policy("somebody")));
            await remove("entered");
            await iam.send(new DeleteRoleCommand({ RoleName: "somebody" }));
        });
    });

    describe("logs of a domain", () => {
        const GROUP = "/aws/opensearch/logged/application";
        const logged = () =>
            small("logged", {
                LogPublishingOptions: {
                    ES_APPLICATION_LOGS: { CloudWatchLogsLogGroupArn: groupArn(GROUP), Enabled: true },
                },
            });
        const statement = (change: object = {}) => ({
            Effect: "Allow",
            Principal: { Service: "es.amazonaws.com" },
            Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"],
            Resource: groupArn("/aws/opensearch/logged/*"),
            Condition: {
                StringEquals: { "aws:SourceAccount": "123456789012" },
                ArnLike: { "aws:SourceArn": arnOf("logged") },
            },
            ...change,
        });
        const put = (...statements: object[]) =>
            logs.send(
                new PutResourcePolicyCommand({
                    policyName: LOGS_POLICY,
                    policyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
                }),
            );
        const REFUSAL = new RegExp(
            `^The Resource Access Policy specified for the CloudWatch Logs log group ${GROUP} does not grant sufficient permissions`,
        );

        before(() => logs.send(new CreateLogGroupCommand({ logGroupName: GROUP })));
        after(async () => {
            await logs.send(new DeleteLogGroupCommand({ logGroupName: GROUP }));
            await logs.send(new DeleteResourcePolicyCommand({ policyName: LOGS_POLICY }));
        });

        it("need a resource policy of CloudWatch Logs", () =>
            refused(create(logged()), "ValidationException", REFUSAL));

        for (const [what, change] of Object.entries<object>({
            "for other groups": { Resource: groupArn("/aws/opensearch/other/*") },
            "for another domain": { Condition: { ArnLike: { "aws:SourceArn": arnOf("other") } } },
            "for another account": { Condition: { StringEquals: { "aws:SourceAccount": "999999999999" } } },
            "for another service": { Principal: { Service: "ec2.amazonaws.com" } },
            "that does not let it write in batches": {
                Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
            },
        }))
            it(`need more than one ${what}`, async () => {
                await put(statement(change));
                await refused(create(logged()), "ValidationException", REFUSAL);
            });

        it("go into a group that the policy is for; the policy is listed while it is there", async () => {
            await put(statement());
            await create(logged());
            assert.deepEqual((await describeDomain("logged")).LogPublishingOptions, {
                ES_APPLICATION_LOGS: { CloudWatchLogsLogGroupArn: groupArn(GROUP), Enabled: true },
            });
            const policies = (await resources()).filter(({ type }) => type === "log-resource-policy");
            assert.deepEqual(
                policies.map(({ service, id }) => ({ service, id })),
                [{ service: "logs", id: LOGS_POLICY }],
            );
            await remove("logged");
        });

        it("of audits need fine-grained access control", async () => {
            await put(statement());
            const AUDIT_LOGS = { CloudWatchLogsLogGroupArn: groupArn(GROUP), Enabled: true };
            await refused(
                create({ ...logged(), LogPublishingOptions: { AUDIT_LOGS } }),
                "ValidationException",
                /audit logs/,
            );
        });

        it("need a group that is there", async () => {
            await put(statement({ Resource: "*" }));
            const AUDIT_LOGS = {
                CloudWatchLogsLogGroupArn: groupArn("/aws/opensearch/logged/no"),
                Enabled: true,
            };
            await refused(
                create({ ...logged(), LogPublishingOptions: { SEARCH_SLOW_LOGS: AUDIT_LOGS } }),
                "ValidationException",
                /does not grant sufficient permissions/,
            );
        });
    });
});
