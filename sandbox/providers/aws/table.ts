import { createRequire } from "node:module";

import type { AnyFunction, AnyResource } from "../server/resource";
import type { AwsContext } from "./context";

/** Loads a module at the first use of one of its types: starting costs nothing for what a program does not use. */
const load = createRequire(__filename);

/** Resource types: token, module and its export. */
const RESOURCES: Readonly<Record<string, readonly [module: string, name: string]>> = {
    "aws:budgets/budget:Budget": ["./budgets/budget", "budget"],
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ["./cloudwatch/composite-alarm", "compositeAlarm"],
    "aws:cloudwatch/dashboard:Dashboard": ["./cloudwatch/dashboard", "dashboard"],
    "aws:cloudwatch/metricAlarm:MetricAlarm": ["./cloudwatch/metric-alarm", "metricAlarm"],
    "aws:cloudwatch/logGroup:LogGroup": ["./cloudwatch/log-group", "logGroup"],
    "aws:ebs/volume:Volume": ["./ebs/volume", "volume"],
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": [
        "./cloudwatch/log-resource-policy",
        "logResourcePolicy",
    ],
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
        "./ec2/default-security-group",
        "defaultSecurityGroup",
    ],
    "aws:ec2/eip:Eip": ["./ec2/eip", "eip"],
    "aws:ec2/flowLog:FlowLog": ["./ec2/flow-log", "flowLog"],
    "aws:ec2/instance:Instance": ["./ec2/instance", "instance"],
    "aws:ec2/internetGateway:InternetGateway": ["./ec2/internet-gateway", "internetGateway"],
    "aws:ec2/natGateway:NatGateway": ["./ec2/nat-gateway", "natGateway"],
    "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation": [
        "./ec2/nat-gateway-eip-association",
        "natGatewayEipAssociation",
    ],
    "aws:ec2/networkInterface:NetworkInterface": ["./ec2/network-interface", "networkInterface"],
    "aws:ec2/route:Route": ["./ec2/route", "route"],
    "aws:ec2/routeTable:RouteTable": ["./ec2/route-table", "routeTable"],
    "aws:ec2/routeTableAssociation:RouteTableAssociation": [
        "./ec2/route-table-association",
        "routeTableAssociation",
    ],
    "aws:ec2/securityGroup:SecurityGroup": ["./ec2/security-group", "securityGroup"],
    "aws:ec2/securityGroupRule:SecurityGroupRule": ["./ec2/security-group-rule", "securityGroupRule"],
    "aws:ec2/subnet:Subnet": ["./ec2/subnet", "subnet"],
    "aws:ec2/volumeAttachment:VolumeAttachment": ["./ec2/volume-attachment", "volumeAttachment"],
    "aws:ec2/vpc:Vpc": ["./ec2/vpc", "vpc"],
    "aws:ec2/vpcEndpoint:VpcEndpoint": ["./ec2/vpc-endpoint", "vpcEndpoint"],
    "aws:iam/instanceProfile:InstanceProfile": ["./iam/instance-profile", "instanceProfile"],
    "aws:iam/role:Role": ["./iam/role", "role"],
    "aws:iam/rolePolicy:RolePolicy": ["./iam/role-policy", "rolePolicy"],
    "aws:kms/alias:Alias": ["./kms/alias", "alias"],
    "aws:kms/key:Key": ["./kms/key", "key"],
    "aws:neptune/cluster:Cluster": ["./neptune/cluster", "cluster"],
    "aws:neptune/clusterInstance:ClusterInstance": ["./neptune/cluster-instance", "clusterInstance"],
    "aws:neptune/clusterParameterGroup:ClusterParameterGroup": [
        "./neptune/cluster-parameter-group",
        "clusterParameterGroup",
    ],
    "aws:neptune/parameterGroup:ParameterGroup": ["./neptune/parameter-group", "parameterGroup"],
    "aws:neptune/subnetGroup:SubnetGroup": ["./neptune/subnet-group", "subnetGroup"],
    "aws:opensearch/domain:Domain": ["./opensearch/domain", "domain"],
    "aws:route53/record:Record": ["./route53/record", "record"],
    "aws:route53/zone:Zone": ["./route53/zone", "zone"],
    "aws:sagemaker/codeRepository:CodeRepository": ["./sagemaker/code-repository", "codeRepository"],
    "aws:sagemaker/domain:Domain": ["./sagemaker/domain", "domain"],
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": [
        "./sagemaker/studio-lifecycle-config",
        "studioLifecycleConfig",
    ],
    "aws:sagemaker/userProfile:UserProfile": ["./sagemaker/user-profile", "userProfile"],
    "aws:secretsmanager/secret:Secret": ["./secretsmanager/secret", "secret"],
    "aws:secretsmanager/secretVersion:SecretVersion": ["./secretsmanager/secret-version", "secretVersion"],
    "aws:sns/topic:Topic": ["./sns/topic", "topic"],
    "aws:sns/topicPolicy:TopicPolicy": ["./sns/topic-policy", "topicPolicy"],
    "aws:sns/topicSubscription:TopicSubscription": ["./sns/topic-subscription", "topicSubscription"],
};

/** Functions: token, module and its export. */
const FUNCTIONS: Readonly<Record<string, readonly [module: string, name: string]>> = {
    "aws:ec2/getAmi:getAmi": ["./ec2/get-ami", "getAmi"],
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": [
        "./ec2/get-managed-prefix-list",
        "getManagedPrefixList",
    ],
    "aws:ec2/getSecurityGroup:getSecurityGroup": ["./ec2/get-security-group", "getSecurityGroup"],
    "aws:ec2/getSubnet:getSubnet": ["./ec2/get-subnet", "getSubnet"],
    "aws:ec2/getVpc:getVpc": ["./ec2/get-vpc", "getVpc"],
    "aws:index/getAvailabilityZones:getAvailabilityZones": ["./functions", "getAvailabilityZones"],
    "aws:index/getCallerIdentity:getCallerIdentity": ["./functions", "getCallerIdentity"],
    "aws:index/getPartition:getPartition": ["./functions", "getPartition"],
    "aws:index/getRegion:getRegion": ["./functions", "getRegion"],
    "aws:opensearch/getDomain:getDomain": ["./opensearch/get-domain", "getDomain"],
    "aws:rds/getCluster:getCluster": ["./rds/get-cluster", "getCluster"],
    "aws:rds/getSubnetGroup:getSubnetGroup": ["./rds/get-subnet-group", "getSubnetGroup"],
};

/** Tokens of all types and functions, for the tests that go through the table. */
export const resourceTokens: readonly string[] = Object.keys(RESOURCES);
export const functionTokens: readonly string[] = Object.keys(FUNCTIONS);

/** The type of a token; undefined when the stand-in does not do it. */
export function findResource(token: string): AnyResource<AwsContext> | undefined {
    return find(RESOURCES, token) as AnyResource<AwsContext> | undefined;
}

/** The function of a token; undefined when the stand-in does not do it. */
export function findFunction(token: string): AnyFunction<AwsContext> | undefined {
    return find(FUNCTIONS, token) as AnyFunction<AwsContext> | undefined;
}

function find(table: typeof RESOURCES, token: string): unknown {
    const entry = Object.hasOwn(table, token) ? table[token] : undefined;
    return entry && (load(entry[0]) as Record<string, unknown>)[entry[1]];
}
