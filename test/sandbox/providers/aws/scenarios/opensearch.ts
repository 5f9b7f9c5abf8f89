import {
    CreateLogGroupCommand,
    PutResourcePolicyCommand,
    type CloudWatchLogsClient,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateServiceLinkedRoleCommand } from "@aws-sdk/client-iam";
import {
    DescribeDomainCommand,
    OpenSearchClient,
    UpdateDomainConfigCommand,
} from "@aws-sdk/client-opensearch";

import type { PropertyMap } from "../../../../../sandbox/providers/server/values";
import { type Scenario, type Surroundings, tagged } from "../scenario";
import { REGION } from "../support";

const ACCOUNT = "123456789012";
const groupArn = (name: string) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`;

/** A policy that lets OpenSearch Service write to the log groups of every domain. */
export const logsPolicy = (...actions: string[]) =>
    JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { Service: "es.amazonaws.com" },
                Action: actions,
                Resource: groupArn("/aws/opensearch/*"),
                Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
            },
        ],
    });
export const LOG_ACTIONS = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:PutLogEventsBatch"];

const accessPolicy = (roleArn: string, ...methods: string[]) =>
    JSON.stringify({
        Version: "2012-10-17",
        Statement: [
            {
                Effect: "Allow",
                Principal: { AWS: [roleArn] },
                Action: methods.map((method) => `es:ESHttp${method}`),
                Resource: `arn:aws:es:${REGION}:${ACCOUNT}:domain/scenario/*`,
            },
        ],
    });

async function roleArn(around: Surroundings): Promise<string> {
    return `arn:aws:iam::${ACCOUNT}:role/${await around.roleName()}`;
}

async function logGroup(logs: CloudWatchLogsClient, name: string): Promise<string> {
    await logs.send(new CreateLogGroupCommand({ logGroupName: name })).catch(() => undefined);
    return groupArn(name);
}

/** A secure domain of two small nodes in two zones. */
export async function domainInputs(around: Surroundings): Promise<PropertyMap> {
    const { iam, logs, network } = around;
    const serviceName = "opensearchservice.amazonaws.com";
    // Another test may have made it: an account has one.
    await iam
        .send(new CreateServiceLinkedRoleCommand({ AWSServiceName: serviceName }))
        .catch(() => undefined);
    await logs.send(
        new PutResourcePolicyCommand({ policyName: "scenario", policyDocument: logsPolicy(...LOG_ACTIONS) }),
    );
    const master = await roleArn(around);
    return {
        domainName: "scenario",
        engineVersion: "OpenSearch_2.17",
        accessPolicies: accessPolicy(master, "Get", "Post"),
        advancedSecurityOptions: {
            enabled: true,
            internalUserDatabaseEnabled: false,
            masterUserOptions: { masterUserArn: master },
        },
        autoTuneOptions: {
            desiredState: "DISABLED",
            rollbackOnDisable: "NO_ROLLBACK",
        },
        clusterConfig: {
            instanceType: "t3.small.search",
            instanceCount: 2,
            zoneAwarenessEnabled: true,
            zoneAwarenessConfig: { availabilityZoneCount: 2 },
        },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 10, iops: 3000, throughput: 125 },
        encryptAtRest: {
            enabled: true,
            kmsKeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${await around.keyId()}`,
        },
        logPublishingOptions: await Promise.all(
            Object.entries({ AUDIT_LOGS: "audit", INDEX_SLOW_LOGS: "slow" }).map(async ([logType, name]) => ({
                logType,
                cloudwatchLogGroupArn: await logGroup(logs, `/aws/opensearch/${name}`),
                enabled: true,
            })),
        ),
        nodeToNodeEncryption: { enabled: true },
        offPeakWindowOptions: {
            enabled: true,
            offPeakWindow: { windowStartTime: { hours: 7, minutes: 30 } },
        },
        snapshotOptions: { automatedSnapshotStartHour: 3 },
        softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
        vpcOptions: {
            subnetIds: [
                await network.subnet("10.0.60.0/24", `${REGION}a`),
                await network.subnet("10.0.61.0/24", `${REGION}b`),
            ],
            securityGroupIds: [await network.securityGroup("domain")],
        },
        ...tagged("domain"),
    };
}

export const OPENSEARCH_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:opensearch/domain:Domain",
        inputs: domainInputs,
        outputs: { domainId: `${ACCOUNT}/scenario`, ipAddressType: "ipv4" },
        update: async (around) => ({
            accessPolicies: accessPolicy(await roleArn(around), "Get"),
            autoTuneOptions: {
                desiredState: "ENABLED",
                rollbackOnDisable: "NO_ROLLBACK",
                useOffPeakWindow: true,
            },
            clusterConfig: {
                instanceType: "m6g.large.search",
                instanceCount: 4,
                zoneAwarenessEnabled: true,
                zoneAwarenessConfig: { availabilityZoneCount: 2 },
                dedicatedMasterEnabled: true,
                dedicatedMasterCount: 3,
                dedicatedMasterType: "m6g.large.search",
            },
            domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" },
            ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 20, iops: 4000, throughput: 250 },
            snapshotOptions: { automatedSnapshotStartHour: 5 },
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async () => ({
                encryptAtRest: { enabled: true, kmsKeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:key/another` },
                nodeToNodeEncryption: { enabled: false },
            }),
            replaces: ["encryptAtRest", "nodeToNodeEncryption"],
            // Its name is given.
            deleteBeforeReplace: true,
        },
        drift: {
            inject: async (around) => {
                const client = around.client(OpenSearchClient);
                await client.send(
                    new UpdateDomainConfigCommand({
                        DomainName: "scenario",
                        SoftwareUpdateOptions: { AutoSoftwareUpdateEnabled: false },
                        LogPublishingOptions: {
                            AUDIT_LOGS: {
                                CloudWatchLogsLogGroupArn: groupArn("/aws/opensearch/audit"),
                                Enabled: false,
                            },
                        },
                    }),
                );
                // While one change is under way, AWS takes no other.
                const describe = new DescribeDomainCommand({ DomainName: "scenario" });
                while ((await client.send(describe)).DomainStatus?.Processing);
            },
            shows: ["logPublishingOptions", "softwareUpdateOptions"],
        },
        importId: ({ inputs }) => String(inputs.domainName),
        // AWS does not tell the master user.
        notImported: ["advancedSecurityOptions"],
    },
    {
        token: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
        inputs: async () => ({ policyName: "one", policyDocument: logsPolicy(...LOG_ACTIONS) }),
        outputs: { policyScope: "ACCOUNT" },
        update: async () => ({ policyDocument: logsPolicy("logs:PutLogEvents") }),
        replace: { inputs: async () => ({ policyName: "two" }), replaces: ["policyName"] },
        drift: {
            inject: ({ logs }) =>
                logs.send(
                    new PutResourcePolicyCommand({
                        policyName: "one",
                        policyDocument: logsPolicy("logs:CreateLogStream"),
                    }),
                ),
            shows: ["policyDocument"],
        },
    },
];
