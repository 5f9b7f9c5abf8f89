import assert from "node:assert/strict";

import { findResource, resourceTokens } from "../../../../sandbox/providers/aws/table";
import { allProperties } from "../../../../sandbox/providers/server/check";
import { sdkType } from "../../../../sandbox/providers/server/sdk-schema";
import { UNKNOWN, type PropertyMap } from "../../../../sandbox/providers/server/values";
import { ProviderUnderTest, START_TIMEOUT_MS } from "./support";

/** Inputs that must be refused, with what is said. */
const REFUSALS: [token: string, inputs: PropertyMap, reason: RegExp][] = [
    ["ec2/vpc:Vpc", {}, /"cidrBlock" is required/],
    ["ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/8" }, /network prefix from \/16 to \/28, got 10\.0\.0\.0\/8/],
    ["ec2/vpc:Vpc", { cidrBlock: "10.0.0.1/16" }, /not a network address; did you mean 10\.0\.0\.0\/16\?/],
    ["ec2/vpc:Vpc", { cidrBlock: "ten" }, /"cidrBlock" \(ten\) is not a valid IPv4 CIDR block/],
    [
        "ec2/vpc:Vpc",
        { cidrBlock: "10.0.0.0/16", instanceTenancy: "shared" },
        /to be one of \[default, dedicated\], got shared/,
    ],
    ["ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", assignGeneratedIpv6CidrBlock: true }, /only as false/],
    [
        "ec2/vpc:Vpc",
        { cidrBlock: "10.0.0.0/16", enableDnsSupport: "yes" },
        /to be a value of type boolean, got "yes"/,
    ],
    ["ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", tags: { "aws:x": "y" } }, /the key "aws:x" is reserved/],
    ["ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16", tags: { a: 1 } }, /tags\["a"\] to be a string, got 1/],
    [
        "ec2/subnet:Subnet",
        { cidrBlock: "10.0.0.0/24" },
        /"vpcId" is required.*Examine values at 'thing\.vpcId'/,
    ],
    [
        "ec2/subnet:Subnet",
        { vpcId: "v", cidrBlock: "10.0.0.0/24", availabilityZone: "a", availabilityZoneId: "b" },
        /conflicts with availabilityZoneId/,
    ],
    [
        "ec2/natGateway:NatGateway",
        { subnetId: "s" },
        /"allocationId" is required with connectivityType "public"/,
    ],
    [
        "ec2/natGateway:NatGateway",
        { subnetId: "s", connectivityType: "private", allocationId: "a" },
        /not supported/,
    ],
    [
        "ec2/natGateway:NatGateway",
        { subnetId: "s", allocationId: "a", availabilityMode: "regional" },
        /only as "zonal"/,
    ],
    [
        "ec2/routeTable:RouteTable",
        { vpcId: "v", routes: [{ cidrBlock: "0.0.0.0/0" }] },
        /use aws\.ec2\.Route/,
    ],
    ["ec2/routeTableAssociation:RouteTableAssociation", { routeTableId: "r" }, /"subnetId" is required/],
    ["opensearch/domain:Domain", { domainName: "My_Domain" }, /3 to 28 lower-case letters/],
    [
        "opensearch/domain:Domain",
        {
            domainName: "search",
            advancedSecurityOptions: { enabled: true, internalUserDatabaseEnabled: true },
        },
        /internalUserDatabaseEnabled only as false; use masterUserArn/,
    ],
    [
        "opensearch/domain:Domain",
        { domainName: "search", clusterConfig: { warmEnabled: true } },
        /does not implement the property "clusterConfig\.warmEnabled"/,
    ],
    [
        "opensearch/domain:Domain",
        { domainName: "search", ebsOptions: { volumeType: "gp3" } },
        /"ebsOptions\.ebsEnabled" is required/,
    ],
    [
        "opensearch/domain:Domain",
        { domainName: "search", domainEndpointOptions: { tlsSecurityPolicy: "TLS-1-3" } },
        /tlsSecurityPolicy to be one of \[Policy-Min-TLS-1-0-2019-07, /,
    ],
    [
        "opensearch/domain:Domain",
        {
            domainName: "search",
            logPublishingOptions: [
                { logType: "SLOW", cloudwatchLogGroupArn: "arn:aws:logs:r:123456789012:l" },
            ],
        },
        /expected logType to be one of \[AUDIT_LOGS/,
    ],
    [
        "opensearch/domain:Domain",
        { domainName: "search", engineVersion: "2.19" },
        /must be OpenSearch_X\.Y or Elasticsearch_X\.Y/,
    ],
    [
        "cloudwatch/logResourcePolicy:LogResourcePolicy",
        { policyDocument: "{}" },
        /"policyName" is required; policies of one log group are not implemented/,
    ],
    [
        "cloudwatch/logResourcePolicy:LogResourcePolicy",
        { policyDocument: "{}", policyName: "p", resourceArn: "arn:aws:logs:r:123456789012:log-group:g" },
        /resourceArn only as ""; use policyName/,
    ],
    ["sagemaker/domain:Domain", studio({ authMode: "LDAP" }), /authMode to be one of \[IAM, SSO\], got LDAP/],
    ["sagemaker/domain:Domain", studio({ domainName: "my lab" }), /domainName.*Valid characters/],
    ["sagemaker/domain:Domain", studio({ subnetIds: [] }), /1 to 16 items, but config has 0/],
    [
        "sagemaker/domain:Domain",
        studio({ defaultUserSettings: { securityGroups: ["sg"] } }),
        /"defaultUserSettings\.executionRole" is required/,
    ],
    [
        "sagemaker/domain:Domain",
        studio({ defaultUserSettings: { executionRole: "r", canvasAppSettings: {} } }),
        /does not implement defaultUserSettings\.canvasAppSettings/,
    ],
    [
        "sagemaker/domain:Domain",
        studio({ retentionPolicy: { homeEfsFileSystem: "Keep" } }),
        /retentionPolicy\.homeEfsFileSystem to be one of \[Retain, Delete\], got Keep/,
    ],
    [
        "sagemaker/domain:Domain",
        studio({
            defaultUserSettings: {
                executionRole: "r",
                jupyterLabAppSettings: {
                    appLifecycleManagement: { idleSettings: { idleTimeoutInMinutes: 30 } },
                },
            },
        }),
        /idleSettings\.idleTimeoutInMinutes to be in the range \(60 - 525600\), got 30/,
    ],
    [
        "sagemaker/userProfile:UserProfile",
        {
            domainId: "d-1",
            userProfileName: "ada",
            userSettings: { executionRole: "r", securityGroups: ["1", "2", "3", "4", "5", "6"] },
        },
        /userSettings\.securityGroups: attribute supports 5 item maximum, but config has 6/,
    ],
    [
        "sagemaker/studioLifecycleConfig:StudioLifecycleConfig",
        {
            studioLifecycleConfigName: "script",
            studioLifecycleConfigAppType: "RStudio",
            studioLifecycleConfigContent: "eA==",
        },
        /studioLifecycleConfigAppType to be one of .*, got RStudio/,
    ],
    [
        "sagemaker/codeRepository:CodeRepository",
        { codeRepositoryName: "notebooks", gitConfig: { branch: "main" } },
        /"gitConfig\.repositoryUrl" is required/,
    ],
    [
        "ec2/route:Route",
        { routeTableId: "r", destinationCidrBlock: "0.0.0.0/0" },
        /exactly one of \[gatewayId, .*got \[\]/,
    ],
    [
        "ec2/route:Route",
        { routeTableId: "r", destinationCidrBlock: "0.0.0.0/0", gatewayId: "a", natGatewayId: UNKNOWN },
        /exactly one of .*got \[gatewayId, natGatewayId\]/,
    ],
    ["ec2/securityGroup:SecurityGroup", { ingress: [{ fromPort: 1 }] }, /use aws\.ec2\.SecurityGroupRule/],
    ["ec2/securityGroup:SecurityGroup", { name: "sg-mine" }, /cannot begin with sg-/],
    [
        "ec2/defaultSecurityGroup:DefaultSecurityGroup",
        { egress: [{ fromPort: 1 }] },
        /use aws\.ec2\.SecurityGroupRule/,
    ],
    ["ec2/securityGroupRule:SecurityGroupRule", rule({}), /one of \[cidrBlocks, .*\] must be set/],
    [
        "ec2/securityGroupRule:SecurityGroupRule",
        rule({ self: true, cidrBlocks: ["10.0.0.0/8"] }),
        /"self": conflicts with/,
    ],
    [
        "ec2/securityGroupRule:SecurityGroupRule",
        rule({ cidrBlocks: ["10.0.0.1/8"] }),
        /cidrBlocks\[0\].*did you mean 10\.0\.0\.0\/8/,
    ],
    [
        "ec2/securityGroupRule:SecurityGroupRule",
        rule({ self: true, toPort: 70000 }),
        /in the range \(0 - 65535\)/,
    ],
    [
        "ec2/securityGroupRule:SecurityGroupRule",
        rule({ self: true, fromPort: 81 }),
        /must not be greater than toPort \(80\)/,
    ],
    [
        "ec2/securityGroupRule:SecurityGroupRule",
        rule({ self: true, protocol: "smtp" }),
        /tcp, udp, icmp.*got smtp/,
    ],
    [
        "ec2/securityGroupRule:SecurityGroupRule",
        rule({ self: true, description: "it's" }),
        /description must have/,
    ],
    ["ec2/vpcEndpoint:VpcEndpoint", { vpcId: "v" }, /"serviceName" is required/],
    [
        "ec2/vpcEndpoint:VpcEndpoint",
        { vpcId: "v", serviceName: "s", subnetIds: ["a"] },
        /subnetIds: only for .* type Interface/,
    ],
    [
        "ec2/vpcEndpoint:VpcEndpoint",
        { vpcId: "v", serviceName: "s", vpcEndpointType: "Interface", routeTableIds: ["r"] },
        /routeTableIds: only for endpoints of type Gateway/,
    ],
    [
        "ec2/vpcEndpoint:VpcEndpoint",
        { vpcId: "v", serviceName: "s", policy: "{" },
        /policy to be a valid JSON document/,
    ],
    ["ec2/flowLog:FlowLog", {}, /exactly one of \[vpcId, subnetId, eniId\]/],
    ["ec2/flowLog:FlowLog", { vpcId: "v", maxAggregationInterval: 61 }, /one of \[60, 600\], got 61/],
    ["ec2/flowLog:FlowLog", { vpcId: "v", iamRoleArn: "role" }, /"iamRoleArn" \(role\) is an invalid ARN/],
    ["kms/key:Key", { deletionWindowInDays: 3 }, /in the range \(7 - 30\), got 3/],
    ["kms/key:Key", { rotationPeriodInDays: 100 }, /enableKeyRotation must be true/],
    ["kms/alias:Alias", { targetKeyId: "k", name: "mine" }, /must begin with 'alias\/'/],
    [
        "cloudwatch/logGroup:LogGroup",
        { retentionInDays: 31 },
        /retentionInDays to be one of \[0, 1, 3, .*got 31/,
    ],
    ["iam/role:Role", {}, /"assumeRolePolicy" is required/],
    ["neptune/cluster:Cluster", {}, /"clusterIdentifier" is required/],
    [
        "neptune/cluster:Cluster",
        { clusterIdentifier: "Graph--1" },
        /single hyphens, a letter first\): Graph--1/,
    ],
    ["neptune/cluster:Cluster", graph({ backupRetentionPeriod: 36 }), /in the range \(1 - 35\), got 36/],
    [
        "neptune/cluster:Cluster",
        graph({ enableCloudwatchLogsExports: ["audit", "error"] }),
        /enableCloudwatchLogsExports\[1\] to be one of \[audit, slowquery\], got error/,
    ],
    [
        "neptune/cluster:Cluster",
        graph({ serverlessV2ScalingConfiguration: { minCapacity: 0.5, maxCapacity: 8 } }),
        /minCapacity to be in the range \(1 - 128\), got 0\.5/,
    ],
    [
        "neptune/cluster:Cluster",
        graph({ serverlessV2ScalingConfiguration: { minCapacity: 1, maxCapacity: 2 } }),
        /maxCapacity to be in the range \(2\.5 - 128\), got 2/,
    ],
    [
        "neptune/cluster:Cluster",
        graph({ serverlessV2ScalingConfiguration: { minCapacity: 1 } }),
        /only with both minCapacity and maxCapacity/,
    ],
    [
        "neptune/cluster:Cluster",
        graph({ iamRoles: ["loader"] }),
        /"iamRoles\[0\]" \(loader\) is an invalid ARN/,
    ],
    [
        "neptune/cluster:Cluster",
        graph({ snapshotIdentifier: "s" }),
        /does not implement the property "snapshotId/,
    ],
    [
        "neptune/clusterInstance:ClusterInstance",
        { clusterIdentifier: "graph", instanceClass: "db.serverless" },
        /"identifier" is required/,
    ],
    [
        "neptune/clusterInstance:ClusterInstance",
        { clusterIdentifier: "graph", instanceClass: "db.serverless", identifier: "g", promotionTier: 16 },
        /in the range \(0 - 15\), got 16/,
    ],
    [
        "neptune/parameterGroup:ParameterGroup",
        { family: "neptune1.4", parameters: [{ name: "neptune_query_timeout" }] },
        /parameters\[0\]\.value to be a string/,
    ],
    [
        "neptune/clusterParameterGroup:ClusterParameterGroup",
        { family: "neptune1.4", parameters: [{ name: "p", value: "1", applyMethod: "now" }] },
        /applyMethod to be one of \[immediate, pending-reboot\], got now/,
    ],
    ["neptune/subnetGroup:SubnetGroup", { subnetIds: ["a"], name: "Mine" }, /only lower-case letters/],
    [
        "iam/role:Role",
        { assumeRolePolicy: "{}", inlinePolicies: [{ name: "x" }] },
        /use aws\.iam\.RolePolicy/,
    ],
    ["ebs/volume:Volume", { availabilityZone: "a" }, /one of "size" and "snapshotId" must be set/],
    [
        "ebs/volume:Volume",
        { availabilityZone: "a", size: 1, type: "gp2", throughput: 125 },
        /must not be set when 'type' is 'gp2'/,
    ],
    [
        "ebs/volume:Volume",
        { availabilityZone: "a", size: 1, kmsKeyId: "k" },
        /"kmsKeyId" \(k\) is an invalid ARN/,
    ],
    ["ec2/instance:Instance", { ami: "ami-1" }, /"instanceType" is required; launch templates are not/],
    [
        "ec2/instance:Instance",
        instance({ primaryNetworkInterface: {} }),
        /"primaryNetworkInterface\.networkInterfaceId" is required/,
    ],
    [
        "ec2/instance:Instance",
        instance({ primaryNetworkInterface: { networkInterfaceId: UNKNOWN }, subnetId: "s" }),
        /"primaryNetworkInterface": conflicts with subnetId/,
    ],
    [
        "ec2/instance:Instance",
        instance({ userData: "a", userDataBase64: "Yg==" }),
        /"userData": conflicts with userDataBase64/,
    ],
    [
        "ec2/instance:Instance",
        instance({ metadataOptions: { httpTokens: "never" } }),
        /metadataOptions\.httpTokens to be one of \[optional, required\], got never/,
    ],
    [
        "ec2/instance:Instance",
        instance({ rootBlockDevice: { size: 8 } }),
        /does not implement the property "rootBlockDevice\.size"/,
    ],
    [
        "ec2/instance:Instance",
        instance({ rootBlockDevice: { kmsKeyId: "k" } }),
        /rootBlockDevice\.encrypted must be true/,
    ],
    [
        "ec2/instance:Instance",
        instance({ rootBlockDevice: { tags: { a: "b" } }, volumeTags: { a: "b" } }),
        /conflicts with rootBlockDevice\.tags/,
    ],
    ["iam/instanceProfile:InstanceProfile", { path: "lab" }, /must begin and end with \//],
    ["iam/rolePolicy:RolePolicy", { role: "r", policy: "{" }, /policy to be a valid JSON document/],
    ["sns/topicPolicy:TopicPolicy", { arn: "t", policy: "{}" }, /"arn" \(t\) is an invalid ARN/],
    ["route53/record:Record", { zoneId: "z", name: "n", type: "A", ttl: 60 }, /"records" is required/],
    [
        "route53/record:Record",
        { zoneId: "z", name: "n", type: "A", records: ["10.0.0.1"] },
        /"ttl" is required with "records"/,
    ],
    [
        "route53/record:Record",
        { zoneId: "z", name: "n", type: "B", ttl: 60, records: ["10.0.0.1"] },
        /type to be one of \[A, AAAA, .*got B/,
    ],
    ["route53/zone:Zone", { enableAcceleratedRecovery: true }, /only as false/],
    [
        "secretsmanager/secret:Secret",
        { recoveryWindowInDays: 3 },
        /to be 0 or in the range \(7 - 30\), got 3/,
    ],
    ["secretsmanager/secret:Secret", { replicas: [{ region: "eu-west-1" }] }, /replicas only as \[\]/],
    ["secretsmanager/secretVersion:SecretVersion", { secretId: "s" }, /"secretString" is required/],
    ["iam/role:Role", { assumeRolePolicy: "{}", region: "us-east-1" }, /Invalid or unknown key "region"/],
];

function instance(inputs: PropertyMap): PropertyMap {
    return { ami: "ami-1", instanceType: "m5.large", ...inputs };
}

function graph(inputs: PropertyMap): PropertyMap {
    return { clusterIdentifier: "graph", ...inputs };
}

function rule(inputs: PropertyMap): PropertyMap {
    return { type: "ingress", securityGroupId: "sg-1", protocol: "tcp", fromPort: 80, toPort: 80, ...inputs };
}

/** A Studio domain's inputs. */
function studio(more: PropertyMap): PropertyMap {
    return {
        domainName: "lab",
        authMode: "IAM",
        vpcId: "v",
        subnetIds: ["s"],
        defaultUserSettings: { executionRole: "r" },
        ...more,
    };
}

describe("check", function () {
    this.timeout(START_TIMEOUT_MS);
    let provider: ProviderUnderTest;

    before(async () => {
        provider = await ProviderUnderTest.start();
    });
    after(() => provider.stop());

    for (const [token, inputs, reason] of REFUSALS) {
        it(`refuses ${token} ${JSON.stringify(inputs)}`, async () => {
            const { failures } = await provider.check(`aws:${token}`, "thing", inputs);
            assert.equal(failures.length, 1, failures.join("\n"));
            assert.match(failures[0]!, reason);
        });
    }

    it("lists everything that is wrong", async () => {
        const inputs = { cidrBlock: "10.0.0.1/24", tags: { a: 1 }, nonsense: true };
        const { failures } = await provider.check("aws:ec2/subnet:Subnet", "thing", inputs);
        assert.equal(failures.length, 4, failures.join("\n"));
    });

    for (const token of resourceTokens) {
        it(`refuses by name what the SDK's ${token} has and the stand-in has not`, async () => {
            const implemented = allProperties(findResource(token)!);
            const missing = [...sdkType("@pulumi/aws", token)!.inputs].filter(
                (name) => !(name in implemented),
            );
            for (const name of missing) {
                const { failures } = await provider.check(token, "thing", { [name]: "something" });
                const expected =
                    `the sandbox's aws stand-in does not implement the property "${name}"; ` +
                    `see sandbox/providers/README.md. Examine values at 'thing.${name}'.`;
                assert.ok(failures.includes(expected), failures.join("\n"));
            }
        });
    }

    it("refuses a property that there is not", async () => {
        const { failures } = await provider.check("aws:ec2/vpc:Vpc", "thing", {
            cidrBlock: "10.0.0.0/16",
            dns: true,
        });
        assert.deepEqual(failures, [`Invalid or unknown key "dns". Examine values at 'thing.dns'.`]);
    });

    it("refuses a type that is not implemented", async () => {
        await assert.rejects(provider.check("aws:s3/bucket:Bucket", "data", {}), {
            details:
                "the sandbox's aws stand-in does not implement aws:s3/bucket:Bucket (resource data); " +
                "see sandbox/providers/README.md",
        });
        await assert.rejects(provider.check("toString", "data", {}), {
            details: /does not implement toString/,
        });
    });

    it("lets unknown values pass wherever they are", async () => {
        const { failures } = await provider.check("aws:ec2/securityGroupRule:SecurityGroupRule", "thing", {
            type: "ingress",
            securityGroupId: UNKNOWN,
            protocol: "tcp",
            fromPort: UNKNOWN,
            toPort: 80,
            cidrBlocks: [UNKNOWN, "10.0.0.0/8"],
        });
        assert.deepEqual(failures, []);
        for (const token of resourceTokens) {
            const required = [...sdkType("@pulumi/aws", token)!.required];
            const inputs = Object.fromEntries(required.map((name) => [name, UNKNOWN]));
            for (const failure of (await provider.check(token, "thing", inputs)).failures) {
                assert.doesNotMatch(
                    failure,
                    new RegExp(required.map((name) => `"${name}" is required`).join("|") || "$^"),
                );
            }
        }
    });

    it("takes a policy document given as an object, and one with unknown parts", async () => {
        const document = { Version: "2012-10-17", Statement: [] };
        const role = await provider.checked("aws:iam/role:Role", "r", { assumeRolePolicy: document });
        assert.deepEqual(JSON.parse(String(role.assumeRolePolicy)), document);
        const inputs = { role: "r", policy: { ...document, Statement: [{ Resource: UNKNOWN }] } };
        assert.equal((await provider.checked("aws:iam/rolePolicy:RolePolicy", "p", inputs)).policy, UNKNOWN);
    });
});

describe("made-up names", function () {
    this.timeout(START_TIMEOUT_MS);
    const GROUP = "aws:ec2/securityGroup:SecurityGroup";
    let provider: ProviderUnderTest;

    before(async () => {
        provider = await ProviderUnderTest.start();
    });
    after(() => provider.stop());

    it("are the logical name and seven hex digits, with a prefix where AWS wants one", async () => {
        assert.match(String((await provider.checked(GROUP, "web", {})).name), /^web-[0-9a-f]{7}$/);
        const alias = await provider.checked("aws:kms/alias:Alias", "logs", { targetKeyId: "k" });
        assert.match(String(alias.name), /^alias\/logs-[0-9a-f]{7}$/);
    });

    it("stay over updates, and are new for a replacement", async () => {
        const inputs = await provider.checked(GROUP, "web", {});
        const kept = { ...inputs, name: "web-fffffff" };
        assert.equal(
            (await provider.checked(GROUP, "web", { description: "new" }, kept)).name,
            "web-fffffff",
        );
        assert.notEqual((await provider.checked(GROUP, "web", { description: "new" })).name, "web-fffffff");
    });

    it("take the place of a name that the program gives no more", async () => {
        const given = await provider.checked(GROUP, "web", { name: "given" });
        assert.equal(given.name, "given");
        assert.match(String((await provider.checked(GROUP, "web", {}, given)).name), /^web-[0-9a-f]{7}$/);
    });

    it("keep the name of an import", async () => {
        assert.equal((await provider.checked(GROUP, "web", {}, { name: "found" })).name, "found");
    });

    it("are refused when AWS would not take them", async () => {
        const inputs = { assumeRolePolicy: "{}" };
        await assert.rejects(provider.check("aws:iam/role:Role", "r".repeat(57), inputs), {
            details: /would have 65 characters, and AWS takes 64; give the property "name" yourself/,
        });
    });

    it("let a replacement be made first; a name that the program gives does not", async () => {
        for (const [name, deleteBeforeReplace] of [
            [undefined, false],
            ["given", true],
        ] as const) {
            const inputs = await provider.checked(GROUP, "web", { name, description: "old" });
            const news = await provider.checked(GROUP, "web", { name, description: "new" }, inputs);
            const diff = await provider.diff(GROUP, { id: "sg-1", inputs, state: inputs }, news);
            assert.deepEqual(diff.replaces, ["description"]);
            assert.equal(diff.deleteBeforeReplace, deleteBeforeReplace);
        }
    });
});
