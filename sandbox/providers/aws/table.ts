import { createRequire } from "node:module";

import type { AnyFunction, AnyResource } from "../server/resource";
import type { AwsContext } from "./context";

/** Loads a module at the first use of one of its types: starting costs nothing for what a program does not use. */
const load = createRequire(__filename);

/** Types and functions by module, with the module of the SDK that has them. */
const MODULES: readonly (readonly [file: string, sdkModule: string, names: string])[] = [
    ["./budgets", "budgets", "budget"],
    ["./cloudwatch/alarms", "cloudwatch", "compositeAlarm dashboard metricAlarm"],
    ["./cloudwatch/logs", "cloudwatch", "logGroup logResourcePolicy"],
    ["./ebs", "ebs", "volume"],
    ["./ebs", "ec2", "volumeAttachment"],
    ["./ec2/endpoints", "ec2", "getManagedPrefixList vpcEndpoint"],
    ["./ec2/flow-log", "ec2", "flowLog"],
    ["./ec2/gateways", "ec2", "eip internetGateway natGateway natGatewayEipAssociation"],
    ["./ec2/images", "ec2", "getAmi"],
    ["./ec2/instance", "ec2", "instance"],
    ["./ec2/network-interface", "ec2", "networkInterface"],
    ["./ec2/routes", "ec2", "route routeTable routeTableAssociation"],
    ["./ec2/security-group-rule", "ec2", "securityGroupRule"],
    ["./ec2/security-groups", "ec2", "defaultSecurityGroup getSecurityGroup securityGroup"],
    ["./ec2/subnet", "ec2", "getSubnet subnet"],
    ["./ec2/vpc", "ec2", "getVpc vpc"],
    ["./functions", "index", "getAvailabilityZones getCallerIdentity getPartition getRegion"],
    ["./iam", "iam", "instanceProfile role rolePolicy"],
    ["./kms", "kms", "alias key"],
    ["./neptune/cluster", "neptune", "cluster"],
    ["./neptune/cluster-instance", "neptune", "clusterInstance"],
    ["./neptune/groups", "neptune", "clusterParameterGroup parameterGroup subnetGroup"],
    ["./opensearch", "opensearch", "domain getDomain"],
    ["./rds", "rds", "getCluster getSubnetGroup"],
    ["./route53/record", "route53", "record"],
    ["./route53/zone", "route53", "zone"],
    ["./sagemaker/attachments", "sagemaker", "codeRepository studioLifecycleConfig"],
    ["./sagemaker/domain", "sagemaker", "domain"],
    ["./sagemaker/user-profile", "sagemaker", "userProfile"],
    ["./secretsmanager", "secretsmanager", "secret secretVersion"],
    ["./sns", "sns", "topic topicPolicy topicSubscription"],
];

/** Where a token's type or function is. */
const PLACES = new Map<string, { file: string; name: string }>(
    MODULES.flatMap(([file, sdkModule, names]) =>
        names.split(" ").map((name) => {
            // Types are classes, with a capital letter.
            const member = name.startsWith("get") ? name : name.charAt(0).toUpperCase() + name.slice(1);
            return [`aws:${sdkModule}/${name}:${member}`, { file, name }] as const;
        }),
    ),
);

/** Tokens of all types and functions, for the tests that go through the table. */
const tokens = [...PLACES.keys()].sort();
export const resourceTokens: readonly string[] = tokens.filter((token) => !token.includes(":get"));
export const functionTokens: readonly string[] = tokens.filter((token) => token.includes(":get"));

/** The type of a token; undefined when the stand-in does not do it. */
export const findResource = (token: string) => find(token) as AnyResource<AwsContext> | undefined;

/** The function of a token; undefined when the stand-in does not do it. */
export const findFunction = (token: string) => find(token) as AnyFunction<AwsContext> | undefined;

function find(token: string): unknown {
    const place = PLACES.get(token);
    return place && (load(place.file) as Record<string, unknown>)[place.name];
}
