import {
    DeleteRetentionPolicyCommand,
    TagResourceCommand as TagLogGroupCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
    AuthorizeSecurityGroupIngressCommand,
    DetachInternetGatewayCommand,
    ModifySecurityGroupRulesCommand,
    ModifySubnetAttributeCommand,
    ModifyVpcAttributeCommand,
    ModifyVpcEndpointCommand,
    ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";
import { PutRolePolicyCommand, UpdateRoleCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DisableKeyRotationCommand, UpdateAliasCommand } from "@aws-sdk/client-kms";

import { assumedBy, policy, retag, rolePolicy, type Scenario, type Surroundings, tagged } from "./scenario";
import { BUDGETS_SCENARIOS } from "./scenarios/budgets";
import { CLOUDWATCH_SCENARIOS } from "./scenarios/cloudwatch";
import { EBS_SCENARIOS } from "./scenarios/ebs";
import { EC2_INSTANCE_SCENARIOS } from "./scenarios/ec2-instances";
import { IAM_SCENARIOS } from "./scenarios/iam";
import { NEPTUNE_SCENARIOS } from "./scenarios/neptune";
import { OPENSEARCH_SCENARIOS } from "./scenarios/opensearch";
import { ROUTE53_SCENARIOS } from "./scenarios/route53";
import { SAGEMAKER_SCENARIOS } from "./scenarios/sagemaker";
import { SECRETS_MANAGER_SCENARIOS } from "./scenarios/secretsmanager";
import { SNS_SCENARIOS } from "./scenarios/sns";
import { given, Network, REGION } from "./support";

export const SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:ec2/vpc:Vpc",
        inputs: async () => ({ cidrBlock: "10.0.0.0/16", enableDnsHostnames: true, ...tagged("vpc") }),
        outputs: { enableDnsSupport: true, instanceTenancy: "default", ipv6CidrBlock: "" },
        update: async () => ({
            enableDnsHostnames: false,
            enableNetworkAddressUsageMetrics: true,
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ cidrBlock: "10.1.0.0/16" }), replaces: ["cidrBlock"] },
        drift: {
            inject: ({ ec2 }, { id }) =>
                ec2.send(new ModifyVpcAttributeCommand({ VpcId: id, EnableDnsSupport: { Value: false } })),
            shows: ["enableDnsSupport"],
        },
    },
    {
        token: "aws:ec2/subnet:Subnet",
        inputs: async ({ vpcId }) => ({
            vpcId,
            cidrBlock: "10.0.1.0/24",
            availabilityZone: `${REGION}a`,
            assignIpv6AddressOnCreation: false,
            mapPublicIpOnLaunch: true,
            ...tagged("subnet"),
        }),
        update: async () => ({ mapPublicIpOnLaunch: false, enableResourceNameDnsARecordOnLaunch: true }),
        replace: {
            inputs: async () => ({ cidrBlock: "10.0.2.0/24", availabilityZone: `${REGION}b` }),
            replaces: ["availabilityZone", "cidrBlock"],
        },
        drift: {
            inject: ({ ec2 }, { id }) =>
                ec2.send(
                    new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch: { Value: false } }),
                ),
            shows: ["mapPublicIpOnLaunch"],
        },
    },
    {
        token: "aws:ec2/internetGateway:InternetGateway",
        inputs: async () => ({ vpcId: (await Network.create()).vpcId, ...tagged("gateway") }),
        update: async (around) => ({ vpcId: await around.otherVpcId() }),
        drift: {
            inject: ({ ec2 }, { id, inputs }) =>
                ec2.send(
                    new DetachInternetGatewayCommand({
                        InternetGatewayId: id,
                        VpcId: inputs.vpcId as string,
                    }),
                ),
            shows: ["vpcId"],
        },
    },
    {
        token: "aws:ec2/eip:Eip",
        inputs: async () => ({ domain: "vpc", ...tagged("address") }),
        outputs: { associationId: "", instance: "", domain: "vpc" },
        update: async () => tagged("renamed"),
        replace: { inputs: async () => ({ address: "203.0.113.7" }), replaces: ["address"] },
        drift: { inject: retag, shows: ["tags"] },
    },
    {
        token: "aws:ec2/natGateway:NatGateway",
        inputs: async ({ network }) => {
            await network.internetGateway();
            return {
                subnetId: await network.subnet("10.0.10.0/24"),
                allocationId: await network.address(),
                ...tagged("nat"),
            };
        },
        outputs: { connectivityType: "public", availabilityMode: "zonal" },
        update: async () => tagged("renamed"),
        replace: {
            inputs: async ({ network }) => ({ subnetId: await network.subnet("10.0.11.0/24") }),
            replaces: ["subnetId"],
        },
        drift: { inject: retag, shows: ["tags"] },
    },
    {
        token: "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation",
        inputs: async ({ network }) => ({
            natGatewayId: await availableNatGateway(),
            allocationId: await network.address(),
        }),
        replace: {
            inputs: async ({ network }) => ({
                natGatewayId: await availableNatGateway(),
                allocationId: await network.address(),
            }),
            replaces: ["allocationId", "natGatewayId"],
        },
        importId: ({ inputs }) => `${String(inputs.natGatewayId)},${String(inputs.allocationId)}`,
    },
    {
        token: "aws:ec2/routeTable:RouteTable",
        inputs: async ({ vpcId }) => ({ vpcId, ...tagged("table") }),
        outputs: { routes: [], propagatingVgws: [] },
        update: async () => tagged("renamed"),
        replace: { inputs: async (around) => ({ vpcId: await around.otherVpcId() }), replaces: ["vpcId"] },
        drift: { inject: retag, shows: ["tags"] },
    },
    {
        token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
        inputs: async ({ network }) => ({
            routeTableId: await network.routeTable(),
            subnetId: await network.subnet("10.0.20.0/24"),
        }),
        update: async ({ network }) => ({ routeTableId: await network.routeTable() }),
        replace: {
            inputs: async ({ network }) => ({ subnetId: await network.subnet("10.0.21.0/24") }),
            replaces: ["subnetId"],
        },
        importId: ({ inputs }) => `${String(inputs.subnetId)}/${String(inputs.routeTableId)}`,
    },
    {
        token: "aws:ec2/route:Route",
        inputs: async ({ network }) => ({
            routeTableId: await network.routeTable(),
            destinationCidrBlock: "0.0.0.0/0",
            gatewayId: await network.internetGateway(),
        }),
        outputs: { state: "active", origin: "CreateRoute", natGatewayId: "" },
        update: async ({ network }) => {
            const gateway = await network.natGateway(
                await network.subnet("10.0.30.0/24"),
                await network.address(),
            );
            return { gatewayId: undefined, natGatewayId: gateway.NatGatewayId };
        },
        replace: {
            inputs: async () => ({ destinationCidrBlock: "192.0.2.0/24" }),
            replaces: ["destinationCidrBlock"],
        },
        drift: {
            inject: async ({ ec2, network }, { inputs }) => {
                const gateway = await network.natGateway(
                    await network.subnet("10.0.31.0/24"),
                    await network.address(),
                );
                await ec2.send(
                    new ReplaceRouteCommand({
                        RouteTableId: inputs.routeTableId as string,
                        DestinationCidrBlock: "0.0.0.0/0",
                        NatGatewayId: gateway.NatGatewayId,
                    }),
                );
            },
            shows: ["gatewayId", "natGatewayId"],
        },
        importId: ({ inputs }) => `${String(inputs.routeTableId)}_${String(inputs.destinationCidrBlock)}`,
    },
    {
        token: "aws:ec2/securityGroup:SecurityGroup",
        inputs: async ({ vpcId }) => ({ vpcId, description: "a group", ...tagged("group") }),
        outputs: { ingress: [], egress: [], revokeRulesOnDelete: false },
        update: async () => ({ revokeRulesOnDelete: true, ...tagged("renamed") }),
        replace: { inputs: async () => ({ description: "another" }), replaces: ["description"] },
        drift: { inject: retag, shows: ["tags"] },
        notImported: ["revokeRulesOnDelete"],
    },
    {
        token: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        inputs: async () => ({ vpcId: (await Network.create()).vpcId, ...tagged("default") }),
        outputs: { ingress: [], egress: [], name: "default" },
        update: async () => tagged("renamed"),
        replace: { inputs: async (around) => ({ vpcId: await around.otherVpcId() }), replaces: ["vpcId"] },
        drift: {
            inject: ({ ec2 }, { id }) =>
                ec2.send(
                    new AuthorizeSecurityGroupIngressCommand({
                        GroupId: id,
                        IpPermissions: [
                            {
                                IpProtocol: "tcp",
                                FromPort: 22,
                                ToPort: 22,
                                IpRanges: [{ CidrIp: "0.0.0.0/0" }],
                            },
                        ],
                    }),
                ),
            shows: ["ingress"],
        },
        notImported: ["revokeRulesOnDelete"],
        survives: true,
    },
    {
        token: "aws:ec2/securityGroupRule:SecurityGroupRule",
        inputs: async ({ network }) => ({
            type: "ingress",
            securityGroupId: await network.securityGroup("rules"),
            sourceSecurityGroupId: await network.securityGroup("clients"),
            protocol: "tcp",
            fromPort: 6650,
            toPort: 6651,
            description: "Pulsar clients",
        }),
        outputs: { self: false },
        update: async () => ({ description: "Pulsar clients and proxies" }),
        replace: { inputs: async () => ({ toPort: 6652 }), replaces: ["toPort"], deleteBeforeReplace: true },
        drift: {
            inject: async ({ ec2 }, { inputs, state }) => {
                await ec2.send(
                    new ModifySecurityGroupRulesCommand({
                        GroupId: inputs.securityGroupId as string,
                        SecurityGroupRules: [
                            {
                                SecurityGroupRuleId: state.securityGroupRuleId as string,
                                SecurityGroupRule: {
                                    IpProtocol: "tcp",
                                    FromPort: 6650,
                                    ToPort: 6651,
                                    ReferencedGroupId: inputs.sourceSecurityGroupId as string,
                                    Description: "changed by hand",
                                },
                            },
                        ],
                    }),
                );
            },
            shows: ["description"],
        },
        importId: ({
            inputs: { securityGroupId, type, protocol, fromPort, toPort, sourceSecurityGroupId },
        }) => [securityGroupId, type, protocol, fromPort, toPort, sourceSecurityGroupId].join("_"),
    },
    {
        token: "aws:ec2/vpcEndpoint:VpcEndpoint",
        inputs: async ({ network, vpcId }) => ({
            vpcId,
            serviceName: `com.amazonaws.${REGION}.s3`,
            routeTableIds: [await network.routeTable(), await network.routeTable()],
            ...tagged("s3"),
        }),
        outputs: { vpcEndpointType: "Gateway", state: "available", privateDnsEnabled: false },
        update: async ({ network }) => ({
            routeTableIds: [await network.routeTable()],
            policy: policy("s3:GetObject"),
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async () => ({ serviceName: `com.amazonaws.${REGION}.dynamodb` }),
            replaces: ["serviceName"],
        },
        drift: {
            inject: ({ ec2 }, { id, inputs }) =>
                ec2.send(
                    new ModifyVpcEndpointCommand({
                        VpcEndpointId: id,
                        RemoveRouteTableIds: (inputs.routeTableIds as string[]).slice(0, 1),
                    }),
                ),
            shows: ["routeTableIds"],
        },
    },
    {
        token: "aws:ec2/vpcEndpoint:VpcEndpoint",
        inputs: async ({ network, vpcId }) => ({
            vpcId,
            serviceName: `com.amazonaws.${REGION}.ssm`,
            vpcEndpointType: "Interface",
            subnetIds: [
                await network.subnet("10.0.40.0/24"),
                await network.subnet("10.0.41.0/24", `${REGION}b`),
            ],
            securityGroupIds: [await network.securityGroup("endpoints")],
            privateDnsEnabled: true,
            ...tagged("ssm"),
        }),
        outputs: { vpcEndpointType: "Interface", state: "available", prefixListId: "" },
        update: async ({ network }) => ({
            subnetIds: [await network.subnet("10.0.42.0/24")],
            securityGroupIds: [await network.securityGroup("endpoints-2")],
            privateDnsEnabled: false,
        }),
        replace: {
            inputs: async (around) => ({ vpcId: await around.otherVpcId() }),
            replaces: ["vpcId"],
        },
        drift: {
            inject: ({ ec2 }, { id }) =>
                ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, PrivateDnsEnabled: false })),
            shows: ["privateDnsEnabled"],
        },
    },
    {
        token: "aws:ec2/flowLog:FlowLog",
        inputs: async ({ vpcId }) => ({
            vpcId,
            trafficType: "ALL",
            logDestination: `arn:aws:logs:${REGION}:123456789012:log-group:flow`,
            iamRoleArn: "arn:aws:iam::123456789012:role/flow",
            maxAggregationInterval: 60,
            ...tagged("flow"),
        }),
        outputs: { logDestinationType: "cloud-watch-logs", subnetId: "", eniId: "" },
        update: async () => tagged("renamed"),
        replace: { inputs: async () => ({ trafficType: "REJECT" }), replaces: ["trafficType"] },
        drift: { inject: retag, shows: ["tags"] },
    },
    {
        token: "aws:kms/key:Key",
        inputs: async () => ({
            description: "logs",
            enableKeyRotation: true,
            deletionWindowInDays: 7,
            policy: policy("kms:*"),
            ...tagged("key"),
        }),
        outputs: {
            isEnabled: true,
            keyUsage: "ENCRYPT_DECRYPT",
            multiRegion: false,
            rotationPeriodInDays: 365,
        },
        update: async () => ({
            description: "logs of the lab",
            enableKeyRotation: false,
            policy: policy("kms:Encrypt", "kms:PutKeyPolicy"),
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ multiRegion: true }), replaces: ["multiRegion"] },
        drift: {
            inject: ({ kms }, { id }) => kms.send(new DisableKeyRotationCommand({ KeyId: id })),
            shows: ["enableKeyRotation"],
        },
        notImported: ["deletionWindowInDays", "bypassPolicyLockoutSafetyCheck"],
    },
    {
        token: "aws:kms/alias:Alias",
        inputs: async (around) => ({ targetKeyId: await around.keyId() }),
        update: async (around) => ({ targetKeyId: await around.keyId() }),
        replace: { inputs: async () => ({ name: "alias/given" }), replaces: ["name"] },
        drift: {
            inject: async (around, { id }) =>
                around.kms.send(new UpdateAliasCommand({ AliasName: id, TargetKeyId: await around.keyId() })),
            shows: ["targetKeyId"],
        },
    },
    {
        token: "aws:cloudwatch/logGroup:LogGroup",
        inputs: async (around) => ({
            retentionInDays: 30,
            kmsKeyId: await keyArn(around),
            ...tagged("logs"),
        }),
        outputs: { logGroupClass: "STANDARD", skipDestroy: false },
        update: async (around) => ({
            retentionInDays: 0,
            kmsKeyId: await keyArn(around),
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ name: "/given/name" }), replaces: ["name"] },
        drift: {
            inject: async ({ logs }, { id, state }) => {
                await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: id }));
                await logs.send(
                    new TagLogGroupCommand({ resourceArn: state.arn as string, tags: { Intruder: "yes" } }),
                );
            },
            shows: ["retentionInDays", "tags"],
        },
        notImported: ["skipDestroy"],
    },
    {
        token: "aws:iam/role:Role",
        inputs: async () => ({
            assumeRolePolicy: assumedBy("vpc-flow-logs.amazonaws.com"),
            description: "flow logs",
            ...tagged("role"),
        }),
        outputs: { path: "/", maxSessionDuration: 3600, managedPolicyArns: [] },
        update: async () => ({
            assumeRolePolicy: assumedBy("ec2.amazonaws.com"),
            description: undefined,
            maxSessionDuration: 7200,
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ path: "/lab/" }), replaces: ["path"] },
        drift: {
            inject: ({ iam }, { id }) =>
                iam.send(
                    new UpdateRoleCommand({ RoleName: id, Description: "by hand", MaxSessionDuration: 3600 }),
                ),
            shows: ["description"],
        },
        notImported: ["forceDetachPolicies"],
    },
    {
        token: "aws:iam/rolePolicy:RolePolicy",
        inputs: async (around) => ({
            role: await around.roleName(),
            policy: rolePolicy("logs:PutLogEvents"),
        }),
        update: async () => ({ policy: rolePolicy("logs:PutLogEvents", "logs:CreateLogStream") }),
        replace: { inputs: async (around) => ({ role: await around.roleName() }), replaces: ["role"] },
        drift: {
            inject: ({ iam }, { inputs }) =>
                iam.send(
                    new PutRolePolicyCommand({
                        RoleName: inputs.role as string,
                        PolicyName: inputs.name as string,
                        PolicyDocument: rolePolicy("*"),
                    }),
                ),
            shows: ["policy"],
        },
    },
    ...BUDGETS_SCENARIOS,
    ...CLOUDWATCH_SCENARIOS,
    ...EBS_SCENARIOS,
    ...EC2_INSTANCE_SCENARIOS,
    ...IAM_SCENARIOS,
    ...NEPTUNE_SCENARIOS,
    ...OPENSEARCH_SCENARIOS,
    ...ROUTE53_SCENARIOS,
    ...SAGEMAKER_SCENARIOS,
    ...SECRETS_MANAGER_SCENARIOS,
    ...SNS_SCENARIOS,
];

/** A NAT gateway in a network of its own. */
async function availableNatGateway(): Promise<string> {
    const network = await Network.create();
    await network.internetGateway();
    const { NatGatewayId } = await network.natGateway(
        await network.subnet("10.0.0.0/24"),
        await network.address(),
    );
    await network.describeNatGateway(given(NatGatewayId));
    return given(NatGatewayId);
}

/** A key that CloudWatch Logs may use. */
async function keyArn({ kms }: Surroundings): Promise<string> {
    const Statement = [
        {
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::123456789012:root" },
            Action: "kms:*",
            Resource: "*",
        },
        {
            Effect: "Allow",
            Principal: { Service: `logs.${REGION}.amazonaws.com` },
            Action: "kms:*",
            Resource: "*",
        },
    ];
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
    return given((await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn);
}
