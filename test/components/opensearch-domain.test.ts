import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { LOG_TYPES, OpenSearchDomain, type OpenSearchDomainArgs } from "../../components/opensearch-domain";
import { failureOf, Recorder, settled, valueOf } from "../support/mocks";

const DOMAIN = "aws:opensearch/domain:Domain";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const ROLE = "pulumi-nodejs:dynamic/checks:ServiceLinkedRole";
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

const ARGS: OpenSearchDomainArgs = {
    availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    securityGroupIds: ["sg-search"],
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    accountId: "123456789012",
    region: "us-east-1",
    masterUserArn: role("master"),
    accessRoleArns: [role("studio"), role("ingest")],
    tags: { Owner: "me" },
};

/** The smallest domain. */
const SMALL: OpenSearchDomainArgs = {
    ...ARGS,
    dataNodeCount: 1,
    dataNodeType: "t3.small.search",
    dedicatedMasterCount: 0,
    volumeSizeGib: 10,
};

for (const preview of [false, true]) {
    describe(`OpenSearchDomain (${preview ? "preview" : "update"})`, () => {
        it("is spread over three zones, encrypted everywhere and entered by named roles alone", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("search", ARGS);
            await settled();
            const { inputs, protect, deleteBeforeReplace } = recorder.get(DOMAIN, "search-domain");
            assert.equal(protect, true);
            assert.equal(deleteBeforeReplace, true);
            const { accessPolicies, logPublishingOptions, ...rest } = inputs;
            assert.deepEqual(rest, {
                domainName: "search",
                engineVersion: "OpenSearch_2.19",
                clusterConfig: {
                    instanceType: "m6g.large.search",
                    instanceCount: 3,
                    zoneAwarenessEnabled: true,
                    zoneAwarenessConfig: { availabilityZoneCount: 3 },
                    dedicatedMasterEnabled: true,
                    dedicatedMasterCount: 3,
                    dedicatedMasterType: "m6g.large.search",
                    multiAzWithStandbyEnabled: false,
                },
                ebsOptions: {
                    ebsEnabled: true,
                    volumeType: "gp3",
                    volumeSize: 64,
                    iops: 3000,
                    throughput: 125,
                },
                vpcOptions: {
                    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
                    securityGroupIds: ["sg-search"],
                },
                encryptAtRest: { enabled: true, kmsKeyId: ARGS.kmsKeyArn },
                nodeToNodeEncryption: { enabled: true },
                domainEndpointOptions: {
                    enforceHttps: true,
                    tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
                },
                advancedSecurityOptions: {
                    enabled: true,
                    internalUserDatabaseEnabled: false,
                    masterUserOptions: { masterUserArn: role("master") },
                },
                autoTuneOptions: {
                    desiredState: "ENABLED",
                    rollbackOnDisable: "NO_ROLLBACK",
                    useOffPeakWindow: true,
                },
                offPeakWindowOptions: {
                    enabled: true,
                    offPeakWindow: { windowStartTime: { hours: 7, minutes: 0 } },
                },
                snapshotOptions: { automatedSnapshotStartHour: 3 },
                softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
                tags: { Owner: "me", Component: "opensearch", Name: "search-domain" },
            });
            // All that the policy says is known before anything is made.
            assert.deepEqual(JSON.parse(accessPolicies as string), {
                Version: "2012-10-17",
                Statement: [
                    {
                        Sid: "NamedRolesCallTheDomain",
                        Effect: "Allow",
                        Principal: { AWS: [role("master"), role("studio"), role("ingest")] },
                        Action: ["Get", "Head", "Post", "Put", "Patch", "Delete"].map(
                            (method) => `es:ESHttp${method}`,
                        ),
                        Resource: "arn:aws:es:us-east-1:123456789012:domain/search/*",
                    },
                ],
            });
            const published = logPublishingOptions as { logType: string; cloudwatchLogGroupArn: unknown }[];
            assert.deepEqual(
                published.map(({ logType }) => logType),
                Object.keys(LOG_TYPES),
            );
            if (!preview)
                assert.deepEqual(
                    published.map(({ cloudwatchLogGroupArn }) => cloudwatchLogGroupArn),
                    Object.values(LOG_TYPES).map(
                        (suffix) =>
                            `arn:aws:logs:us-east-1:123456789012:log-group:/aws/opensearch/search/${suffix}`,
                    ),
                );
        });

        it("has four encrypted log groups under one prefix, and one policy for them", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("search", ARGS);
            await settled();
            assert.deepEqual(
                recorder.ofType(LOG_GROUP).map(({ name, inputs }) => ({ name, ...inputs })),
                Object.values(LOG_TYPES).map((suffix) => ({
                    name: `/aws/opensearch/search/${suffix}`,
                    retentionInDays: 365,
                    kmsKeyId: ARGS.kmsKeyArn,
                    tags: { Owner: "me", Component: "opensearch", Name: `search-${suffix}-logs` },
                })),
            );
            const [policy, ...others] = recorder.ofType(LOG_POLICY);
            assert.deepEqual(others, []);
            assert.equal(policy?.inputs.policyName, "opensearch-search");
            assert.deepEqual(JSON.parse(policy?.inputs.policyDocument as string), {
                Version: "2012-10-17",
                Statement: [
                    {
                        Sid: "OpenSearchServiceWritesLogs",
                        Effect: "Allow",
                        Principal: { Service: "es.amazonaws.com" },
                        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"],
                        Resource: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/opensearch/search/*",
                        Condition: {
                            StringEquals: { "aws:SourceAccount": "123456789012" },
                            ArnLike: { "aws:SourceArn": "arn:aws:es:us-east-1:123456789012:domain/search" },
                        },
                    },
                ],
            });
        });

        it("asks for the service-linked role", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("search", ARGS);
            await settled();
            const { serviceName, roleName, region, neededBy } = recorder.get(
                ROLE,
                "search-service-linked-role",
            ).inputs;
            assert.deepEqual(
                [serviceName, roleName, region, neededBy],
                [
                    "opensearchservice.amazonaws.com",
                    "AWSServiceRoleForAmazonOpenSearchService",
                    "us-east-1",
                    "search",
                ],
            );
        });

        it("is one small node in one subnet where that is asked for", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("search", { ...SMALL, protectData: false });
            await settled();
            const { inputs, protect } = recorder.get(DOMAIN, "search-domain");
            assert.equal(protect, false);
            assert.deepEqual(inputs.clusterConfig, {
                instanceType: "t3.small.search",
                instanceCount: 1,
                zoneAwarenessEnabled: false,
                dedicatedMasterEnabled: false,
                multiAzWithStandbyEnabled: false,
            });
            assert.deepEqual((inputs.vpcOptions as { subnetIds: string[] }).subnetIds, ["subnet-a"]);
            assert.deepEqual(inputs.autoTuneOptions, {
                desiredState: "DISABLED",
                rollbackOnDisable: "NO_ROLLBACK",
                useOffPeakWindow: false,
            });
        });

        it("knows its own subnets while another zone's are being made", async () => {
            const recorder = await Recorder.install(preview);
            // What a preview has of a list that grows; the SDK leaves the unknown value out of its declarations.
            const { unknown } = pulumi as unknown as { unknown: string };
            new OpenSearchDomain("search", {
                ...SMALL,
                subnetIds: pulumi.output(["subnet-a", "subnet-b", preview ? unknown : "subnet-c"]),
            });
            await settled();
            const { inputs } = recorder.get(DOMAIN, "search-domain");
            assert.deepEqual((inputs.vpcOptions as { subnetIds: string[] }).subnetIds, ["subnet-a"]);
        });

        it("takes two of three subnets for two zones", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("search", { ...ARGS, dataNodeCount: 4, zoneCount: 2 });
            await settled();
            const { inputs } = recorder.get(DOMAIN, "search-domain");
            assert.deepEqual((inputs.vpcOptions as { subnetIds: string[] }).subnetIds, [
                "subnet-a",
                "subnet-b",
            ]);
            assert.deepEqual((inputs.clusterConfig as Record<string, unknown>).zoneAwarenessConfig, {
                availabilityZoneCount: 2,
            });
        });

        it("takes every other setting", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("search", {
                ...ARGS,
                partition: "aws-us-gov",
                domainName: "given",
                engineVersion: "OpenSearch_2.17",
                dataNodeCount: 6,
                dataNodeType: "r6g.xlarge.search",
                dedicatedMasterType: "c6g.large.search",
                multiAzWithStandby: true,
                volumeSizeGib: 500,
                volumeIops: 6000,
                volumeThroughputMibs: 250,
                autoTune: false,
                offPeakStartHour: 22,
                snapshotStartHour: 0,
                tlsSecurityPolicy: "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
                logRetentionInDays: 7,
            });
            await settled();
            const { inputs } = recorder.get(DOMAIN, "search-domain");
            assert.equal(inputs.domainName, "given");
            assert.equal(inputs.engineVersion, "OpenSearch_2.17");
            assert.deepEqual(inputs.clusterConfig, {
                instanceType: "r6g.xlarge.search",
                instanceCount: 6,
                zoneAwarenessEnabled: true,
                zoneAwarenessConfig: { availabilityZoneCount: 3 },
                dedicatedMasterEnabled: true,
                dedicatedMasterCount: 3,
                dedicatedMasterType: "c6g.large.search",
                multiAzWithStandbyEnabled: true,
            });
            assert.deepEqual(inputs.ebsOptions, {
                ebsEnabled: true,
                volumeType: "gp3",
                volumeSize: 500,
                iops: 6000,
                throughput: 250,
            });
            assert.equal((inputs.autoTuneOptions as { desiredState: string }).desiredState, "DISABLED");
            assert.deepEqual(inputs.offPeakWindowOptions, {
                enabled: true,
                offPeakWindow: { windowStartTime: { hours: 22, minutes: 0 } },
            });
            assert.deepEqual(inputs.snapshotOptions, { automatedSnapshotStartHour: 0 });
            assert.deepEqual(inputs.domainEndpointOptions, {
                enforceHttps: true,
                tlsSecurityPolicy: "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
            });
            assert.match(
                inputs.accessPolicies as string,
                /"arn:aws-us-gov:es:us-east-1:123456789012:domain\/given\/\*"/,
            );
            assert.deepEqual(
                recorder.ofType(LOG_GROUP).map((group) => group.inputs.retentionInDays),
                [7, 7, 7, 7],
            );
        });

        it("shares a log policy that it is given", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("search", { ...ARGS, logPolicyName: "all-domains" });
            await settled();
            assert.deepEqual(recorder.ofType(LOG_POLICY), []);
            assert.equal(recorder.ofType(DOMAIN).length, 1);
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview);
            new OpenSearchDomain("one", ARGS);
            new OpenSearchDomain("two", SMALL);
            await settled();
            const names = recorder.names();
            assert.equal(new Set(names).size, names.length);
            const physical = recorder.resources.flatMap(({ inputs }) =>
                [inputs.domainName, inputs.policyName, inputs.name].filter((name) => name !== undefined),
            );
            assert.equal(physical.length, 12);
            assert.equal(new Set(physical).size, 12);
        });
    });
}

describe("OpenSearchDomain outputs", () => {
    it("say how to reach it, and let a role in", async () => {
        await Recorder.install();
        const search = new OpenSearchDomain("search", { ...ARGS, zoneCount: 1 });
        assert.equal(await valueOf(search.endpoint), "vpc-search-domain.us-east-1.es.amazonaws.com");
        assert.equal(
            await valueOf(search.dashboardEndpoint),
            "vpc-search-domain.us-east-1.es.amazonaws.com/_dashboards",
        );
        assert.equal(await valueOf(search.domainArn), "arn:aws:es:us-east-1:123456789012:domain/search");
        assert.equal(await valueOf(search.domainName), "search");
        assert.deepEqual(await valueOf(search.securityGroupIds), ["sg-search"]);
        assert.deepEqual(await valueOf(search.subnetIds), ["subnet-a"]);
        assert.equal((await valueOf(search.logGroupNames)).length, 4);
        assert.match(await valueOf(search.serviceLinkedRoleArn), /AWSServiceRoleForAmazonOpenSearchService$/);
        assert.deepEqual(await valueOf(search.accessStatement("read")), {
            Sid: "ReadOpenSearch",
            Effect: "Allow",
            Action: ["es:ESHttpGet", "es:ESHttpHead", "es:ESHttpPost"],
            Resource: "arn:aws:es:us-east-1:123456789012:domain/search/*",
        });
    });

    it("take ids that only resources know", async () => {
        const recorder = await Recorder.install();
        new OpenSearchDomain("search", {
            ...ARGS,
            subnetIds: pulumi.output(["subnet-1", "subnet-2", "subnet-3"]),
            securityGroupIds: [pulumi.output("sg-1")],
            masterUserArn: pulumi.output(role("made")),
            accessRoleArns: [pulumi.output(role("too"))],
        });
        await settled();
        const { inputs } = recorder.get(DOMAIN, "search-domain");
        assert.deepEqual(inputs.vpcOptions, {
            subnetIds: ["subnet-1", "subnet-2", "subnet-3"],
            securityGroupIds: ["sg-1"],
        });
        assert.match(inputs.accessPolicies as string, /role\/made","arn:aws:iam::123456789012:role\/too"/);
    });
});

describe("OpenSearchDomain arguments", () => {
    const REFUSED: [string, Partial<OpenSearchDomainArgs>, string][] = [
        [
            "a name that no domain can have",
            { domainName: "My_Domain" },
            'domainName: "My_Domain" is not allowed',
        ],
        [
            "a retention that CloudWatch Logs does not offer",
            { logRetentionInDays: 31 },
            "logRetentionInDays: 31 is not allowed",
        ],
        [
            "fewer subnets than zones",
            { subnetIds: ["subnet-a"] },
            'subnetIds: ["subnet-a"] is not allowed: one subnet for each of availabilityZones (us-east-1a, us-east-1b, us-east-1c), in their order',
        ],
        [
            "more subnets than zones",
            { subnetIds: ["subnet-a", "subnet-b", "subnet-c", "subnet-d"] },
            'subnetIds: ["subnet-a","subnet-b","subnet-c","subnet-d"] is not allowed: one subnet for each of availabilityZones',
        ],
        [
            "six security groups",
            { securityGroupIds: ["1", "2", "3", "4", "5", "6"] },
            'securityGroupIds: ["1","2","3","4","5","6"] is not allowed: 1 to 5 security groups',
        ],
        [
            "no security group",
            { securityGroupIds: [] },
            "securityGroupIds: [] is not allowed: 1 to 5 security groups",
        ],
        [
            "the account as master",
            { masterUserArn: "arn:aws:iam::123456789012:root" },
            'masterUserArn: "arn:aws:iam::123456789012:root" is not allowed: the ARN of one IAM role',
        ],
        [
            "everybody as a role",
            { accessRoleArns: [role("one"), "*"] },
            'accessRoleArns[1]: "*" is not allowed: the ARN of one IAM role',
        ],
        ["nodes that three zones cannot share", { dataNodeCount: 4 }, "dataNodeCount: 4 is not allowed"],
    ];
    for (const [what, change, message] of REFUSED) {
        it(`refuse ${what}, before anything is made`, async () => {
            const recorder = await Recorder.install();
            assert.throws(
                () => new OpenSearchDomain("search", { ...ARGS, ...change }),
                (error: Error) => {
                    assert.ok(
                        error.message.startsWith(
                            'OpenSearchDomain "search" has arguments that cannot work:\n',
                        ),
                    );
                    assert.ok(error.message.includes(`\n  - ${message}`), error.message);
                    return true;
                },
            );
            await settled();
            assert.deepEqual(
                recorder.resources.filter(({ custom }) => custom),
                [],
            );
        });
    }

    it("may be five security groups", async () => {
        const recorder = await Recorder.install();
        new OpenSearchDomain("search", { ...ARGS, securityGroupIds: ["1", "2", "3", "4", "5"] });
        await settled();
        assert.equal(recorder.ofType(DOMAIN).length, 1);
    });

    for (const [what, change] of Object.entries<Partial<OpenSearchDomainArgs>>({
        subnets: { subnetIds: pulumi.output(["subnet-a"]) },
        "security groups": { securityGroupIds: pulumi.output<string[]>([]) },
        roles: { accessRoleArns: [pulumi.output("*")] },
        "the master": { masterUserArn: pulumi.output("me") },
    }))
        it(`are judged once resources give them, so that no domain is made: ${what}`, async () => {
            const recorder = await Recorder.install();
            const fine = new OpenSearchDomain("fine", ARGS);
            new OpenSearchDomain("search", { ...ARGS, ...change });
            assert.equal(
                await new Promise((resolve) => fine.domainArn.apply(resolve)),
                "arn:aws:es:us-east-1:123456789012:domain/fine",
            );
            // The other one had the same time.
            await new Promise((resolve) => setTimeout(resolve, 50));
            assert.deepEqual(
                recorder.ofType(DOMAIN).map(({ name }) => name),
                ["fine-domain"],
            );
        });

    it("say which list is wrong once it is known", async () => {
        await Recorder.install();
        const { securityGroupIds } = new OpenSearchDomain("search", {
            ...ARGS,
            securityGroupIds: pulumi.output<string[]>([]),
        });
        assert.match(
            await failureOf(securityGroupIds),
            /^OpenSearchDomain "search" has arguments that cannot work:\n {2}- securityGroupIds: \[\] is not allowed: 1 to 5 security groups/,
        );
    });

    it("are refused all at once", async () => {
        await Recorder.install();
        assert.throws(
            () => new OpenSearchDomain("search", { ...ARGS, domainName: "A", zoneCount: 4 }),
            /- domainName: .*\n {2}- zoneCount: /,
        );
        await settled();
    });
});
