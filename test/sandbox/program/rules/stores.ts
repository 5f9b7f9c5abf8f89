import { sdkType } from "../../../../sandbox/providers/server/sdk-schema";
import {
    type Finding,
    isKnown,
    listAt,
    must,
    mustBe,
    mustBeAbsent,
    mustBeGiven,
    type PlannedResource,
    type StackFacts,
    unknown,
    valueAt,
    violation,
} from "./resource";

const KEY_TYPE = "aws:kms/key:Key";

/** Where a type says that it is encrypted (when that is a property of its own), and with which key. */
const ENCRYPTION: Readonly<Record<string, { readonly on?: string; readonly key: string }>> = {
    "aws:ebs/volume:Volume": { on: "encrypted", key: "kmsKeyId" },
    "aws:ec2/instance:Instance": { on: "rootBlockDevice.encrypted", key: "rootBlockDevice.kmsKeyId" },
    "aws:neptune/cluster:Cluster": { on: "storageEncrypted", key: "kmsKeyArn" },
    "aws:opensearch/domain:Domain": { on: "encryptAtRest.enabled", key: "encryptAtRest.kmsKeyId" },
    "aws:sagemaker/domain:Domain": { key: "kmsKeyId" },
    "aws:sns/topic:Topic": { key: "kmsMasterKeyId" },
    "aws:secretsmanager/secret:Secret": { key: "kmsKeyId" },
    "aws:cloudwatch/logGroup:LogGroup": { key: "kmsKeyId" },
};

const takesKey = (type: string): boolean =>
    [...(sdkType("@pulumi/aws", type)?.inputs ?? [])].some((name) => /^kms\w*(Id|Arn)$/.test(name));

export const canBeEncrypted = (type: string): boolean => type in ENCRYPTION || takesKey(type);

/**
 * With a key of the stack: its ARN is unknown in a preview, but the engine says of which resource it is. So a key of AWS, or one whose ARN
 * is written down, is seen in a preview as well.
 */
export function encryptedWithOwnKey(resource: PlannedResource): Finding[] {
    const where = ENCRYPTION[resource.type];
    if (!where) return [violation("kmsKeyId", "this type takes a key: say where in ENCRYPTION")];
    const [input = ""] = where.key.split(".");
    const sources = resource.propertyDependencies?.[input] ?? [];
    return [
        ...(where.on === undefined ? [] : mustBe(resource, where.on, true)),
        ...mustBeGiven(resource, where.key),
        ...(sources.some((urn) => urn.split("::")[2]?.split("$").at(-1) === KEY_TYPE)
            ? []
            : [violation(where.key, "is not that of a key of this stack")]),
        ...listAt(resource.inputs, "ebsBlockDevices").map(() =>
            violation("ebsBlockDevices", "a volume without a resource of its own"),
        ),
    ];
}

export const rotatedKey = (resource: PlannedResource): Finding[] => [
    ...mustBe(resource, "enableKeyRotation", true),
    ...must(resource, "isEnabled", (value) => value !== false, "on, which is the default"),
];

/** A year where the data is kept as well. */
export const logRetention = (resource: PlannedResource, { protectsData }: StackFacts): Finding[] => {
    const least = protectsData ? 365 : 1;
    return must(
        resource,
        "retentionInDays",
        (days) => typeof days === "number" && days >= least,
        `at least ${least} days`,
    );
};

export function neptuneCluster(resource: PlannedResource, { protectsData }: StackFacts): Finding[] {
    const least = protectsData ? 7 : 1;
    return [
        ...mustBe(resource, "iamDatabaseAuthenticationEnabled", true),
        ...must(
            resource,
            "enableCloudwatchLogsExports",
            (logs) => Array.isArray(logs) && logs.includes("audit"),
            "a list with the audit log",
        ),
        ...must(
            resource,
            "backupRetentionPeriod",
            (days) => typeof days === "number" && days >= least,
            `at least ${least} days`,
        ),
        ...mustBe(resource, "copyTagsToSnapshot", true),
        ...mustBe(resource, "deletionProtection", protectsData),
        ...mustBe(resource, "skipFinalSnapshot", !protectsData),
    ];
}

/** The parameter and the export: without both there is no audit log. */
export const neptuneAudit = (resource: PlannedResource): Finding[] =>
    must(
        resource,
        "parameters",
        (parameters) =>
            Array.isArray(parameters) &&
            parameters.some(
                (parameter) =>
                    valueAt(parameter, "name") === "neptune_enable_audit_log" &&
                    valueAt(parameter, "value") === "1",
            ),
        "a list that turns neptune_enable_audit_log on",
    );

const LOG_TYPES = ["AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS"];

export function openSearchDomain(resource: PlannedResource): Finding[] {
    const options = listAt(resource.inputs, "logPublishingOptions");
    const published = options.map((option) => valueAt(option, "logType"));
    return [
        ...mustBe(resource, "nodeToNodeEncryption.enabled", true),
        ...mustBe(resource, "domainEndpointOptions.enforceHttps", true),
        ...must(
            resource,
            "domainEndpointOptions.tlsSecurityPolicy",
            (policy) => typeof policy === "string" && /^Policy-Min-TLS-1-[23]/.test(policy),
            "a policy of TLS 1.2 or newer",
        ),
        ...mustBe(resource, "advancedSecurityOptions.enabled", true),
        ...mustBe(resource, "advancedSecurityOptions.internalUserDatabaseEnabled", false),
        ...mustBeGiven(resource, "advancedSecurityOptions.masterUserOptions.masterUserArn"),
        ...mustBeAbsent(resource, "advancedSecurityOptions.masterUserOptions.masterUserPassword"),
        ...mustBeGiven(resource, "accessPolicies"),
        ...mustBeGiven(resource, "vpcOptions.subnetIds"),
        ...mustBeGiven(resource, "vpcOptions.securityGroupIds"),
        ...LOG_TYPES.filter((logType) => !published.includes(logType)).map((logType) =>
            published.every(isKnown)
                ? violation("logPublishingOptions", `${logType} are not published`)
                : unknown("logPublishingOptions"),
        ),
    ];
}

const atLeast = (least: number) => (value: unknown) => typeof value === "number" && value >= least;

/** Three data nodes over the zones, and masters that can outvote the loss of one. A lab whose data may go does without. */
export const searchOutlivesZone = (resource: PlannedResource, { protectsData }: StackFacts): Finding[] =>
    protectsData
        ? [
              ...must(resource, "clusterConfig.instanceCount", atLeast(3), "at least 3"),
              ...mustBe(resource, "clusterConfig.zoneAwarenessEnabled", true),
              ...mustBe(resource, "clusterConfig.dedicatedMasterEnabled", true),
              ...must(resource, "clusterConfig.dedicatedMasterCount", atLeast(3), "at least 3"),
          ]
        : [];

export const studioInVpc = (resource: PlannedResource): Finding[] => [
    ...mustBe(resource, "appNetworkAccessType", "VpcOnly"),
    ...mustBeGiven(resource, "subnetIds"),
];

/** What holds data that nothing else has; Studio's homes outlive their domain by its retention policy instead. */
export const DATA_STORES = [
    "aws:ebs/volume:Volume",
    "aws:neptune/cluster:Cluster",
    "aws:opensearch/domain:Domain",
];

export const protection = ({ protect }: PlannedResource, { protectsData }: StackFacts): Finding[] =>
    (protect ?? false) === protectsData
        ? []
        : [violation("protect", protectsData ? "data is not protected" : "nobody could destroy the stack")];

/** Another policy of the domain would be another domain; what deletes the homes is asked last. */
export const HOMES = "pulumi-nodejs:dynamic/sagemaker:StudioHomes";

export const homeRetention = (resource: PlannedResource, { protectsData }: StackFacts): Finding[] =>
    resource.type === HOMES
        ? mustBe(resource, "homeRetention", protectsData ? "Retain" : "Delete")
        : mustBe(resource, "retentionPolicy.homeEfsFileSystem", "Retain");
