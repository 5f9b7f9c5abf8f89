import type {
    AutoTuneOptions,
    AutoTuneOptionsInput,
    ClusterConfig,
    CreateDomainCommandInput,
    DomainConfig,
    DomainStatus,
    LogPublishingOption,
    LogType,
    OpenSearchPartitionInstanceType,
    TLSSecurityPolicy,
    VolumeType,
} from "@aws-sdk/client-opensearch";
import type { DomainArgs, DomainState } from "@pulumi/aws/opensearch/domain";
import type { Unwrap } from "@pulumi/pulumi";

/** Inputs and state of a domain, as the server hands them over. */
export type Inputs = Unwrap<DomainArgs>;
export type State = Partial<Unwrap<DomainState>>;

type Options = Omit<CreateDomainCommandInput, "DomainName" | "EngineVersion" | "TagList" | "AutoTuneOptions">;

/** The options of a domain as the API takes them at creation and change; what is not given is left out. */
export function optionsOf(inputs: Inputs): Options {
    const { accessPolicies, advancedOptions, advancedSecurityOptions: security, vpcOptions: vpc } = inputs;
    const { ebsOptions: ebs, encryptAtRest, domainEndpointOptions: endpoint, offPeakWindowOptions } = inputs;
    const start = offPeakWindowOptions?.offPeakWindow?.windowStartTime;
    return {
        AccessPolicies: accessPolicies,
        AdvancedOptions: advancedOptions,
        AdvancedSecurityOptions: security && {
            Enabled: security.enabled,
            InternalUserDatabaseEnabled: security.internalUserDatabaseEnabled ?? false,
            MasterUserOptions: security.masterUserOptions?.masterUserArn
                ? { MasterUserARN: security.masterUserOptions.masterUserArn }
                : undefined,
        },
        ClusterConfig: clusterConfig(inputs.clusterConfig),
        DomainEndpointOptions: endpoint && {
            EnforceHTTPS: endpoint.enforceHttps ?? true,
            TLSSecurityPolicy: endpoint.tlsSecurityPolicy as TLSSecurityPolicy,
        },
        EBSOptions: ebs && {
            EBSEnabled: ebs.ebsEnabled,
            Iops: ebs.iops,
            Throughput: ebs.throughput,
            VolumeSize: ebs.volumeSize,
            VolumeType: ebs.volumeType as VolumeType,
        },
        EncryptionAtRestOptions: encryptAtRest && {
            Enabled: encryptAtRest.enabled,
            KmsKeyId: encryptAtRest.kmsKeyId,
        },
        LogPublishingOptions: inputs.logPublishingOptions && logOptions(inputs.logPublishingOptions),
        NodeToNodeEncryptionOptions: inputs.nodeToNodeEncryption && {
            Enabled: inputs.nodeToNodeEncryption.enabled,
        },
        OffPeakWindowOptions: offPeakWindowOptions && {
            Enabled: offPeakWindowOptions.enabled ?? true,
            OffPeakWindow: start && {
                WindowStartTime: { Hours: start.hours ?? 0, Minutes: start.minutes ?? 0 },
            },
        },
        SnapshotOptions: inputs.snapshotOptions && {
            AutomatedSnapshotStartHour: inputs.snapshotOptions.automatedSnapshotStartHour,
        },
        SoftwareUpdateOptions: inputs.softwareUpdateOptions && {
            AutoSoftwareUpdateEnabled: inputs.softwareUpdateOptions.autoSoftwareUpdateEnabled ?? false,
        },
        VPCOptions: vpc && { SecurityGroupIds: vpc.securityGroupIds, SubnetIds: vpc.subnetIds },
    };
}

/** Which inputs make which option. */
export const OPTION_INPUTS: Readonly<Partial<Record<keyof Options, keyof Inputs>>> = {
    AccessPolicies: "accessPolicies",
    AdvancedOptions: "advancedOptions",
    AdvancedSecurityOptions: "advancedSecurityOptions",
    ClusterConfig: "clusterConfig",
    DomainEndpointOptions: "domainEndpointOptions",
    EBSOptions: "ebsOptions",
    EncryptionAtRestOptions: "encryptAtRest",
    LogPublishingOptions: "logPublishingOptions",
    NodeToNodeEncryptionOptions: "nodeToNodeEncryption",
    OffPeakWindowOptions: "offPeakWindowOptions",
    SnapshotOptions: "snapshotOptions",
    SoftwareUpdateOptions: "softwareUpdateOptions",
    VPCOptions: "vpcOptions",
};

/** Auto-Tune as a creation takes it, and as a change does: only the latter takes what happens when it is switched off. */
export function autoTuneInput(inputs: Inputs): AutoTuneOptionsInput | undefined {
    const tune = inputs.autoTuneOptions;
    return (
        tune && {
            DesiredState: tune.desiredState as AutoTuneOptions["DesiredState"],
            UseOffPeakWindow: tune.useOffPeakWindow ?? false,
        }
    );
}

export function autoTuneOptions(inputs: Inputs): AutoTuneOptions | undefined {
    const tune = autoTuneInput(inputs);
    return (
        tune && {
            ...tune,
            RollbackOnDisable: (inputs.autoTuneOptions?.rollbackOnDisable ??
                "NO_ROLLBACK") as AutoTuneOptions["RollbackOnDisable"],
        }
    );
}

function clusterConfig(given: Inputs["clusterConfig"]): ClusterConfig | undefined {
    if (!given) return undefined;
    const masters = given.dedicatedMasterEnabled ?? false;
    const zones = given.zoneAwarenessEnabled ?? false;
    const zoneCount = given.zoneAwarenessConfig?.availabilityZoneCount ?? 2;
    return {
        DedicatedMasterCount: masters ? given.dedicatedMasterCount : undefined,
        DedicatedMasterEnabled: masters,
        DedicatedMasterType: masters
            ? (given.dedicatedMasterType as OpenSearchPartitionInstanceType)
            : undefined,
        InstanceCount: given.instanceCount ?? 1,
        InstanceType: given.instanceType as OpenSearchPartitionInstanceType,
        MultiAZWithStandbyEnabled: given.multiAzWithStandbyEnabled ?? false,
        ZoneAwarenessConfig: zones ? { AvailabilityZoneCount: zoneCount } : undefined,
        ZoneAwarenessEnabled: zones,
    };
}

/** A type of log that is not named any more has to be switched off: the API leaves it as it is. */
export function logOptions(
    given: NonNullable<Inputs["logPublishingOptions"]>,
    before: Inputs["logPublishingOptions"] = [],
): Partial<Record<LogType, LogPublishingOption>> {
    const named = given.map(({ logType, cloudwatchLogGroupArn, enabled }) => [
        logType,
        { CloudWatchLogsLogGroupArn: cloudwatchLogGroupArn, Enabled: enabled ?? true },
    ]);
    const gone = before
        .filter(({ logType }) => !given.some((option) => option.logType === logType))
        .map(({ logType }) => [logType, { Enabled: false }]);
    return Object.fromEntries([...gone, ...named]) as Partial<Record<LogType, LogPublishingOption>>;
}

/** The state of a domain; `known` has what the API keeps to itself. */
export function stateOf(found: DomainStatus, config: DomainConfig | undefined, known: State): State {
    const endpoint = found.Endpoints?.vpc ?? found.Endpoint ?? "";
    const cluster = found.ClusterConfig ?? {};
    const tune = config?.AutoTuneOptions?.Options;
    const security = found.AdvancedSecurityOptions;
    const start = found.OffPeakWindowOptions?.OffPeakWindow?.WindowStartTime;
    return {
        accessPolicies: found.AccessPolicies ?? "",
        advancedOptions: ownAdvancedOptions(found.AdvancedOptions ?? {}, known.advancedOptions ?? {}),
        advancedSecurityOptions: {
            enabled: security?.Enabled ?? false,
            internalUserDatabaseEnabled: security?.InternalUserDatabaseEnabled ?? false,
            anonymousAuthEnabled: security?.AnonymousAuthEnabled ?? false,
            ...(known.advancedSecurityOptions?.masterUserOptions && {
                masterUserOptions: known.advancedSecurityOptions.masterUserOptions,
            }),
        },
        arn: found.ARN,
        autoTuneOptions: {
            desiredState: tune?.DesiredState ?? "DISABLED",
            maintenanceSchedules: [],
            rollbackOnDisable: tune?.RollbackOnDisable ?? "NO_ROLLBACK",
            useOffPeakWindow: tune?.UseOffPeakWindow ?? false,
        },
        clusterConfig: {
            coldStorageOptions: { enabled: cluster.ColdStorageOptions?.Enabled ?? false },
            dedicatedMasterCount: cluster.DedicatedMasterCount ?? 0,
            dedicatedMasterEnabled: cluster.DedicatedMasterEnabled ?? false,
            dedicatedMasterType: cluster.DedicatedMasterType ?? "",
            instanceCount: cluster.InstanceCount ?? 1,
            instanceType: cluster.InstanceType,
            multiAzWithStandbyEnabled: cluster.MultiAZWithStandbyEnabled ?? false,
            warmEnabled: cluster.WarmEnabled ?? false,
            ...(cluster.ZoneAwarenessConfig && {
                zoneAwarenessConfig: {
                    availabilityZoneCount: cluster.ZoneAwarenessConfig.AvailabilityZoneCount,
                },
            }),
            zoneAwarenessEnabled: cluster.ZoneAwarenessEnabled ?? false,
        },
        dashboardEndpoint: endpoint && `${endpoint}/_dashboards`,
        dashboardEndpointV2: found.EndpointV2 ? `${found.EndpointV2}/_dashboards` : "",
        domainEndpointOptions: {
            customEndpointEnabled: found.DomainEndpointOptions?.CustomEndpointEnabled ?? false,
            enforceHttps: found.DomainEndpointOptions?.EnforceHTTPS ?? false,
            tlsSecurityPolicy: found.DomainEndpointOptions?.TLSSecurityPolicy,
        },
        domainEndpointV2HostedZoneId: found.DomainEndpointV2HostedZoneId ?? "",
        domainId: found.DomainId,
        domainName: found.DomainName,
        ebsOptions: {
            ebsEnabled: found.EBSOptions?.EBSEnabled ?? false,
            iops: found.EBSOptions?.Iops ?? 0,
            throughput: found.EBSOptions?.Throughput ?? 0,
            volumeSize: found.EBSOptions?.VolumeSize ?? 0,
            volumeType: found.EBSOptions?.VolumeType ?? "",
        },
        encryptAtRest: {
            enabled: found.EncryptionAtRestOptions?.Enabled ?? false,
            kmsKeyId: found.EncryptionAtRestOptions?.KmsKeyId ?? "",
        },
        endpoint,
        endpointV2: found.EndpointV2 ?? "",
        engineVersion: found.EngineVersion,
        ipAddressType: found.IPAddressType ?? "ipv4",
        logPublishingOptions: Object.entries(found.LogPublishingOptions ?? {})
            .filter(([, option]) => option.CloudWatchLogsLogGroupArn !== undefined)
            .map(([logType, option]) => ({
                cloudwatchLogGroupArn: option.CloudWatchLogsLogGroupArn ?? "",
                enabled: option.Enabled ?? true,
                logType,
            }))
            .sort((a, b) => a.logType.localeCompare(b.logType)),
        nodeToNodeEncryption: { enabled: found.NodeToNodeEncryptionOptions?.Enabled ?? false },
        offPeakWindowOptions: {
            enabled: found.OffPeakWindowOptions?.Enabled ?? false,
            offPeakWindow: { windowStartTime: { hours: start?.Hours ?? 0, minutes: start?.Minutes ?? 0 } },
        },
        snapshotOptions: {
            automatedSnapshotStartHour: found.SnapshotOptions?.AutomatedSnapshotStartHour ?? 0,
        },
        softwareUpdateOptions: {
            autoSoftwareUpdateEnabled: found.SoftwareUpdateOptions?.AutoSoftwareUpdateEnabled ?? false,
        },
        ...(found.VPCOptions && {
            vpcOptions: {
                availabilityZones: found.VPCOptions.AvailabilityZones ?? [],
                securityGroupIds: found.VPCOptions.SecurityGroupIds ?? [],
                subnetIds: found.VPCOptions.SubnetIds ?? [],
                vpcId: found.VPCOptions.VPCId,
            },
        }),
    };
}

/** AWS's own advanced options are no drift of a program that says nothing of them. */
const AWS_ADVANCED_OPTIONS: Readonly<Record<string, string>> = {
    override_main_response_version: "false",
    "rest.action.multi.allow_explicit_index": "true",
};

function ownAdvancedOptions(
    actual: Record<string, string>,
    known: Record<string, string>,
): Record<string, string> {
    return Object.fromEntries(
        Object.entries(actual).filter(([key, value]) => key in known || AWS_ADVANCED_OPTIONS[key] !== value),
    );
}
