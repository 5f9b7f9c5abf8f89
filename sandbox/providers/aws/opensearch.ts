import type {
    AutoTuneOptions,
    AutoTuneOptionsInput,
    CreateDomainRequest,
    DomainStatus,
    LogPublishingOption,
} from "@aws-sdk/client-opensearch";
import type { DomainArgs, DomainState } from "@pulumi/aws/opensearch/domain";
import type { GetDomainArgs, GetDomainResult } from "@pulumi/aws/opensearch/getDomain";
import type { Unwrap } from "@pulumi/pulumi";

import { errorCode, orUndefined } from "../server/errors";
import { arn, oneOf, text } from "../server/property";
import { sameMembers } from "../server/values";
import { mapOf, tagList, toApi } from "./api";
import { regionalArn, type AwsContext } from "./context";
import { propagated } from "./propagation";
import { fn, resource } from "./resource";

type Inputs = Unwrap<DomainArgs>;
type Logs = NonNullable<Inputs["logPublishingOptions"]>;

/** The official provider's patience for a change, in seconds. */
const UPDATE_TIMEOUT_SECONDS = 10_800;

/** A member that is nothing where it is left out, unlike others, whose values AWS chooses. */
const plain = { computed: false };
const required = { required: true };

/** Domains in a VPC or with a public endpoint; entered by IAM alone, without warm and cold storage. */
export const domain = resource<DomainArgs, DomainState, DomainStatus>("opensearch/domain:Domain", {
    noun: "OpenSearch Domain",
    fixed: ["domainName"],
    plain: ["advancedOptions"],
    inputs: {
        accessPolicies: { kind: "json" },
        advancedSecurityOptions: {
            members: {
                enabled: required,
                internalUserDatabaseEnabled: { ...plain, validate: onlyFalse },
                masterUserOptions: { ...plain, members: { masterUserArn: { ...plain, validate: arn } } },
            },
        },
        autoTuneOptions: {
            members: {
                desiredState: { ...required, validate: oneOf("ENABLED", "DISABLED") },
                rollbackOnDisable: { validate: oneOf("NO_ROLLBACK") },
                useOffPeakWindow: plain,
            },
        },
        clusterConfig: {
            members: {
                dedicatedMasterCount: plain,
                dedicatedMasterEnabled: plain,
                dedicatedMasterType: plain,
                instanceCount: {},
                instanceType: {},
                multiAzWithStandbyEnabled: plain,
                zoneAwarenessConfig: { members: { availabilityZoneCount: { validate: oneOf(2, 3) } } },
                zoneAwarenessEnabled: plain,
            },
        },
        domainEndpointOptions: {
            members: {
                enforceHttps: {},
                tlsSecurityPolicy: {
                    validate: oneOf(
                        "Policy-Min-TLS-1-0-2019-07",
                        "Policy-Min-TLS-1-2-2019-07",
                        "Policy-Min-TLS-1-2-PFS-2023-10",
                        "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
                    ),
                },
            },
        },
        domainName: {
            validate: text(
                28,
                /^[a-z][0-9a-z-]{2,}$/,
                "3 to 28 lower-case letters, digits and hyphens, the first a letter",
            ),
        },
        ebsOptions: {
            members: {
                ebsEnabled: required,
                iops: {},
                throughput: {},
                volumeSize: plain,
                volumeType: { validate: oneOf("gp2", "gp3", "io1", "standard") },
            },
        },
        encryptAtRest: { members: { enabled: required, kmsKeyId: { forceNew: true } } },
        engineVersion: {
            validate: text(
                18,
                /^(OpenSearch|Elasticsearch)_\d+\.\d+$/,
                "must be OpenSearch_X.Y or Elasticsearch_X.Y",
            ),
        },
        ipAddressType: { validate: oneOf("ipv4") },
        logPublishingOptions: { same: (a, b) => sameMembers(allLogs(a), allLogs(b)) },
        nodeToNodeEncryption: { members: { enabled: required } },
        offPeakWindowOptions: {
            members: {
                enabled: {},
                offPeakWindow: { members: { windowStartTime: { members: { hours: {}, minutes: {} } } } },
            },
        },
        snapshotOptions: { computed: true, members: { automatedSnapshotStartHour: required } },
        softwareUpdateOptions: { members: { autoSoftwareUpdateEnabled: {} } },
        vpcOptions: { members: { securityGroupIds: {}, subnetIds: plain } },
    },
    autoname: { property: "domainName", maxLength: 28 },
    rules: [({ logPublishingOptions = [] }) => logPublishingOptions.flatMap(logProblems)],
    // What cannot be switched off again, and where it lives.
    replaces(_changed, olds, news) {
        const off = (["advancedSecurityOptions", "encryptAtRest", "nodeToNodeEncryption"] as const).filter(
            (name) => olds[name]?.enabled === true && news[name]?.enabled === false,
        );
        const moved = (olds.vpcOptions === undefined) !== (news.vpcOptions === undefined);
        return [...off, ...(moved ? (["vpcOptions"] as const) : [])];
    },
    import: async (domainName, context) => ({
        id: regionalArn(context, "es", await context.accountId(), `domain/${domainName}`),
        known: { domainName },
    }),
    names: { encryptAtRest: "EncryptionAtRestOptions", nodeToNodeEncryption: "NodeToNodeEncryptionOptions" },
    otherwise: {
        coldStorageOptions: { enabled: false },
        desiredState: "DISABLED",
        instanceCount: 1,
        ipAddressType: "ipv4",
        offPeakWindow: { windowStartTime: { hours: 0, minutes: 0 } },
        rollbackOnDisable: "NO_ROLLBACK",
    },
    find: (id, context) => describe(nameOf(id), context),
    isLeaving: ({ Deleted }) => Deleted === true,
    more: (found, _id, context, known) => moreOf(found, context, known),
    async create(inputs, context) {
        const { domainName = "" } = inputs;
        // The API would change a domain that is there already.
        if (await describe(domainName, context)) throw new Error(`domain ${domainName} already exists`);
        const request = {
            DomainName: domainName,
            EngineVersion: inputs.engineVersion,
            ...optionsOf(inputs),
            AutoTuneOptions: autoTune(inputs),
            TagList: tagList(context.tags),
        };
        const { DomainStatus } = await propagated(context, passesSoon, () =>
            context.aws.opensearch.createDomain(request),
        );
        return DomainStatus?.ARN;
    },
    ready: { state: progressOf, good: ["ready"], seconds: 3600, says: "to be created" },
    async update(id, news, { olds, changed, ready }, { aws }) {
        const DomainName = nameOf(id);
        if ([...changed].some((name) => name !== "engineVersion")) {
            const { logPublishingOptions: logs } = news;
            await aws.opensearch.updateDomainConfig({
                DomainName,
                ...optionsOf(news, changed),
                ...(changed.has("autoTuneOptions") && { AutoTuneOptions: autoTuneChange(news) }),
                ...(changed.has("logPublishingOptions") && {
                    LogPublishingOptions: logOptions(logs, olds.logPublishingOptions),
                }),
            });
            await ready({ seconds: UPDATE_TIMEOUT_SECONDS, says: "to be updated" });
        }
        if (changed.has("engineVersion")) {
            await aws.opensearch.upgradeDomain({ DomainName, TargetVersion: news.engineVersion });
            await ready({ seconds: UPDATE_TIMEOUT_SECONDS, says: "to be upgraded" });
        }
    },
    tags: {
        read: async ({ id: ARN }, { aws }) => (await aws.opensearch.listTags({ ARN })).TagList,
        put: ({ id: ARN }, TagList, { aws }) => aws.opensearch.addTags({ ARN, TagList }),
        remove: ({ id: ARN }, TagKeys, { aws }) => aws.opensearch.removeTags({ ARN, TagKeys }),
    },
    delete: (id, _state, { aws }) => aws.opensearch.deleteDomain({ DomainName: nameOf(id) }),
    removal: { state: ({ DomainProcessingStatus }) => DomainProcessingStatus, seconds: 5400 },
});

const nameOf = (id: string): string => id.split("/").at(-1) ?? "";

async function describe(DomainName: string, { aws }: AwsContext): Promise<DomainStatus | undefined> {
    return (await orUndefined(() => aws.opensearch.describeDomain({ DomainName })))?.DomainStatus;
}

/** How far a creation or change is. @throws when the domain was deleted meanwhile */
function progressOf(found: DomainStatus): string | undefined {
    if (found.Deleted) throw new Error("it was deleted meanwhile");
    const hasEndpoint = (found.Endpoint ?? found.Endpoints) !== undefined;
    const isReady = !found.Processing && !found.UpgradeProcessing && hasEndpoint;
    return isReady ? "ready" : found.DomainProcessingStatus;
}

/** Refusals of a creation that pass: what it relies on was made a moment ago, or an old domain is on its way out. */
function passesSoon(error: unknown): boolean {
    const passing: Readonly<Record<string, RegExp>> = {
        InvalidTypeException: /Error setting policy/,
        ValidationException:
            /enable a service-linked role|Domain is still being deleted|does not grant sufficient permissions/,
    };
    return passing[errorCode(error)]?.test(String(error)) ?? false;
}

/** AWS's own advanced options are no drift of a program that says nothing of them. */
const AWS_ADVANCED_OPTIONS: Readonly<Record<string, string>> = {
    override_main_response_version: "false",
    "rest.action.multi.allow_explicit_index": "true",
};

/** What else there is of a domain, and what of its status has another form in the SDK. */
async function moreOf(found: DomainStatus, { aws }: AwsContext, known: Partial<Inputs>) {
    const { advancedOptions = {}, advancedSecurityOptions: security } = known;
    const { DomainName, AdvancedOptions = {}, EndpointV2, LogPublishingOptions = {} } = found;
    const { DomainConfig } = await aws.opensearch.describeDomainConfig({ DomainName });
    const Endpoint = found.Endpoints?.vpc ?? found.Endpoint;
    const isOwn = ([name, value]: [string, string]) =>
        name in advancedOptions || AWS_ADVANCED_OPTIONS[name] !== value;
    const logs = Object.entries(LogPublishingOptions).filter(([, log]) => log.CloudWatchLogsLogGroupArn);
    return {
        AdvancedOptions: Object.fromEntries(Object.entries(AdvancedOptions).filter(isOwn)),
        // The API keeps the master user to itself.
        AdvancedSecurityOptions: {
            ...found.AdvancedSecurityOptions,
            MasterUserOptions: security?.masterUserOptions && toApi(security.masterUserOptions),
        },
        AutoTuneOptions: DomainConfig?.AutoTuneOptions?.Options,
        DashboardEndpoint: Endpoint && `${Endpoint}/_dashboards`,
        DashboardEndpointV2: EndpointV2 && `${EndpointV2}/_dashboards`,
        Endpoint,
        LogPublishingOptions: logs
            .map(([LogType, { CloudWatchLogsLogGroupArn, Enabled = true }]) => ({
                CloudwatchLogGroupArn: CloudWatchLogsLogGroupArn,
                Enabled,
                LogType,
            }))
            .sort((a, b) => a.LogType.localeCompare(b.LogType)),
    };
}

/** Members that the API writes otherwise than with a capital letter at the beginning. */
const API_NAMES = {
    ebsEnabled: "EBSEnabled",
    ebsOptions: "EBSOptions",
    encryptAtRest: "EncryptionAtRestOptions",
    enforceHttps: "EnforceHTTPS",
    masterUserArn: "MasterUserARN",
    multiAzWithStandbyEnabled: "MultiAZWithStandbyEnabled",
    nodeToNodeEncryption: "NodeToNodeEncryptionOptions",
    tlsSecurityPolicy: "TLSSecurityPolicy",
    vpcOptions: "VPCOptions",
};

/** The options of a domain as the API takes them at creation and change; only those of `names`, if there are any. */
function optionsOf(inputs: Inputs, names?: ReadonlySet<string>): Partial<CreateDomainRequest> {
    const {
        advancedSecurityOptions: security,
        domainEndpointOptions: endpoint,
        offPeakWindowOptions,
    } = inputs;
    const start = offPeakWindowOptions?.offPeakWindow?.windowStartTime;
    const { accessPolicies, advancedOptions, ebsOptions, encryptAtRest, nodeToNodeEncryption } = inputs;
    const { snapshotOptions, softwareUpdateOptions, vpcOptions } = inputs;
    const options = {
        accessPolicies,
        advancedSecurityOptions: security && { internalUserDatabaseEnabled: false, ...security },
        clusterConfig: clusterConfig(inputs),
        domainEndpointOptions: endpoint && { enforceHttps: true, ...endpoint },
        ebsOptions,
        encryptAtRest,
        nodeToNodeEncryption,
        offPeakWindowOptions: offPeakWindowOptions && {
            enabled: true,
            ...offPeakWindowOptions,
            offPeakWindow: start && { windowStartTime: { hours: 0, minutes: 0, ...start } },
        },
        snapshotOptions,
        softwareUpdateOptions: softwareUpdateOptions && {
            autoSoftwareUpdateEnabled: false,
            ...softwareUpdateOptions,
        },
        vpcOptions,
    };
    const isWanted = (name: string) => names?.has(name) ?? true;
    const { logPublishingOptions: logs } = inputs;
    return {
        ...toApi(Object.fromEntries(Object.entries(options).filter(([name]) => isWanted(name))), API_NAMES),
        ...(isWanted("advancedOptions") && { AdvancedOptions: advancedOptions }),
        ...(isWanted("logPublishingOptions") && logs && { LogPublishingOptions: logOptions(logs) }),
    };
}

function clusterConfig({ clusterConfig: given }: Inputs): object | undefined {
    if (!given) return undefined;
    const { dedicatedMasterEnabled: masters = false, zoneAwarenessEnabled: zones = false } = given;
    return {
        instanceCount: 1,
        multiAzWithStandbyEnabled: false,
        ...given,
        dedicatedMasterCount: masters ? given.dedicatedMasterCount : undefined,
        dedicatedMasterEnabled: masters,
        dedicatedMasterType: masters ? given.dedicatedMasterType : undefined,
        zoneAwarenessConfig: zones ? { availabilityZoneCount: 2, ...given.zoneAwarenessConfig } : undefined,
        zoneAwarenessEnabled: zones,
    };
}

/** Auto-Tune as a creation takes it. */
const autoTune = ({ autoTuneOptions: tune }: Inputs): AutoTuneOptionsInput | undefined =>
    tune && {
        DesiredState: tune.desiredState as AutoTuneOptionsInput["DesiredState"],
        UseOffPeakWindow: tune.useOffPeakWindow ?? false,
    };

/** Auto-Tune as a change takes it: with what happens when it is switched off. */
const autoTuneChange = (inputs: Inputs) =>
    inputs.autoTuneOptions && {
        ...autoTune(inputs),
        RollbackOnDisable: (inputs.autoTuneOptions.rollbackOnDisable ??
            "NO_ROLLBACK") as AutoTuneOptions["RollbackOnDisable"],
    };

/** A type of log that is not named any more has to be switched off: the API leaves it as it is. */
function logOptions(given: Logs = [], before: Logs = []): Record<string, LogPublishingOption> {
    const gone = before.filter(({ logType }) => !given.some((option) => option.logType === logType));
    const options: Record<string, LogPublishingOption> = {};
    for (const { logType } of gone) options[logType] = { Enabled: false };
    for (const { logType, cloudwatchLogGroupArn, enabled = true } of given)
        options[logType] = { CloudWatchLogsLogGroupArn: cloudwatchLogGroupArn, Enabled: enabled };
    return options;
}

function logProblems({ logType, cloudwatchLogGroupArn }: Logs[number]): string[] {
    const types = oneOf("AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS");
    const problem = types(logType, "logType") ?? arn(cloudwatchLogGroupArn, "cloudwatchLogGroupArn");
    return problem ? [`logPublishingOptions: ${problem}`] : [];
}

/** Logs are published unless they say otherwise. */
const allLogs = (value: unknown) =>
    ((value ?? []) as Logs).map(({ logType, cloudwatchLogGroupArn, enabled = true }) => [
        logType,
        cloudwatchLogGroupArn,
        enabled,
    ]);

function onlyFalse(value: unknown, name: string): string | undefined {
    return value === false
        ? undefined
        : `the sandbox's stand-in implements ${name} only as false; use masterUserArn`;
}

/** A domain by its name. Objects are lists here, as the SDK has them for functions. */
export const getDomain = fn<GetDomainArgs, GetDomainResult>("opensearch/getDomain:getDomain", {
    args: ["domainName", "tags"],
    names: {
        clusterConfigs: "ClusterConfig",
        encryptionAtRests: "EncryptionAtRestOptions",
        id: "ARN",
        nodeToNodeEncryptions: "NodeToNodeEncryptionOptions",
        offPeakWindows: "OffPeakWindow",
        windowStartTimes: "WindowStartTime",
        zoneAwarenessConfigs: "ZoneAwarenessConfig",
    },
    async invoke({ domainName, tags: wanted = {} }, context) {
        const found = await describe(domainName, context);
        if (!found) throw new Error(`no OpenSearch Domain found with the name ${domainName}`);
        const { TagList } = await context.aws.opensearch.listTags({ ARN: found.ARN });
        const tags = mapOf(TagList);
        if (Object.entries(wanted).some(([key, value]) => tags[key] !== value))
            throw new Error(`the OpenSearch Domain ${domainName} has other tags`);
        const more = await moreOf(found, context, { advancedOptions: found.AdvancedOptions });
        return { found: { ...found, ...more }, outputs: { tags } };
    },
});
