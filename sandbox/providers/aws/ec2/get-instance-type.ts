import {
    DescribeInstanceTypesCommand,
    type _InstanceType as InstanceType,
    type InstanceTypeInfo,
} from "@aws-sdk/client-ec2";
import type { GetInstanceTypeArgs, GetInstanceTypeResult } from "@pulumi/aws/ec2/getInstanceType";

import { fn } from "../resource";
import { ec2, single } from "./support";

export const getInstanceType = fn<GetInstanceTypeArgs, GetInstanceTypeResult>({
    args: ["instanceType"],
    async invoke(args, context) {
        const { InstanceTypes } = await ec2(context).send(
            new DescribeInstanceTypesCommand({ InstanceTypes: [args.instanceType as InstanceType] }),
        );
        const found = single(InstanceTypes, "EC2 Instance Type");
        return {
            ...args,
            ...generally(found),
            ...disksAndNetwork(found),
            ...accelerators(found),
            id: found.InstanceType,
            region: context.region,
        };
    },
});

function generally(found: InstanceTypeInfo) {
    const { ProcessorInfo: processor, VCpuInfo: cpu } = found;
    return {
        autoRecoverySupported: found.AutoRecoverySupported ?? false,
        bareMetal: found.BareMetal ?? false,
        bootModes: found.SupportedBootModes ?? [],
        burstablePerformanceSupported: found.BurstablePerformanceSupported ?? false,
        currentGeneration: found.CurrentGeneration ?? false,
        dedicatedHostsSupported: found.DedicatedHostsSupported ?? false,
        defaultCores: cpu?.DefaultCores ?? 0,
        defaultThreadsPerCore: cpu?.DefaultThreadsPerCore ?? 0,
        defaultVcpus: cpu?.DefaultVCpus ?? 0,
        freeTierEligible: found.FreeTierEligible ?? false,
        hibernationSupported: found.HibernationSupported ?? false,
        hypervisor: found.Hypervisor ?? "",
        memorySize: found.MemoryInfo?.SizeInMiB ?? 0,
        nitroEnclavesSupport: found.NitroEnclavesSupport ?? "",
        nitroTpmSupport: found.NitroTpmSupport ?? "",
        nitroTpmSupportedVersions: found.NitroTpmInfo?.SupportedVersions ?? [],
        phcSupport: found.PhcSupport ?? "",
        supportedArchitectures: processor?.SupportedArchitectures ?? [],
        supportedCpuFeatures: processor?.SupportedFeatures ?? [],
        supportedPlacementStrategies: found.PlacementGroupInfo?.SupportedStrategies ?? [],
        supportedRootDeviceTypes: found.SupportedRootDeviceTypes ?? [],
        supportedUsagesClasses: found.SupportedUsageClasses ?? [],
        supportedVirtualizationTypes: found.SupportedVirtualizationTypes ?? [],
        sustainedClockSpeed: processor?.SustainedClockSpeedInGhz ?? 0,
        validCores: cpu?.ValidCores ?? [],
        validThreadsPerCores: cpu?.ValidThreadsPerCore ?? [],
    };
}

function disksAndNetwork(found: InstanceTypeInfo) {
    const { EbsInfo: ebs, NetworkInfo: network, InstanceStorageInfo: storage } = found;
    const optimized = ebs?.EbsOptimizedInfo;
    return {
        bandwidthWeightings: network?.BandwidthWeightings ?? [],
        defaultNetworkCardIndex: network?.DefaultNetworkCardIndex ?? 0,
        ebsEncryptionSupport: ebs?.EncryptionSupport ?? "",
        ebsNvmeSupport: ebs?.NvmeSupport ?? "",
        ebsOptimizedSupport: ebs?.EbsOptimizedSupport ?? "",
        ebsPerformanceBaselineBandwidth: optimized?.BaselineBandwidthInMbps ?? 0,
        ebsPerformanceBaselineIops: optimized?.BaselineIops ?? 0,
        ebsPerformanceBaselineThroughput: optimized?.BaselineThroughputInMBps ?? 0,
        ebsPerformanceMaximumBandwidth: optimized?.MaximumBandwidthInMbps ?? 0,
        ebsPerformanceMaximumIops: optimized?.MaximumIops ?? 0,
        ebsPerformanceMaximumThroughput: optimized?.MaximumThroughputInMBps ?? 0,
        efaMaximumInterfaces: network?.EfaInfo?.MaximumEfaInterfaces ?? 0,
        efaSupported: network?.EfaSupported ?? false,
        enaSrdSupported: network?.EnaSrdSupported ?? false,
        enaSupport: network?.EnaSupport ?? "",
        encryptionInTransitSupported: network?.EncryptionInTransitSupported ?? false,
        instanceDisks: (storage?.Disks ?? []).map(({ Count, SizeInGB, Type }) => ({
            count: Count ?? 0,
            size: SizeInGB ?? 0,
            type: Type ?? "",
        })),
        instanceStorageSupported: found.InstanceStorageSupported ?? false,
        ipv6Supported: network?.Ipv6Supported ?? false,
        maximumIpv4AddressesPerInterface: network?.Ipv4AddressesPerInterface ?? 0,
        maximumIpv6AddressesPerInterface: network?.Ipv6AddressesPerInterface ?? 0,
        maximumNetworkCards: network?.MaximumNetworkCards ?? 0,
        maximumNetworkInterfaces: network?.MaximumNetworkInterfaces ?? 0,
        networkCards: (network?.NetworkCards ?? []).map((card) => ({
            baselineBandwidth: card.BaselineBandwidthInGbps ?? 0,
            index: card.NetworkCardIndex ?? 0,
            maximumInterfaces: card.MaximumNetworkInterfaces ?? 0,
            peakBandwidth: card.PeakBandwidthInGbps ?? 0,
            performance: card.NetworkPerformance ?? "",
        })),
        networkPerformance: network?.NetworkPerformance ?? "",
        totalInstanceStorage: storage?.TotalSizeInGB ?? 0,
    };
}

/** A lab has none of these; an instance type that has is told by how much memory it has for them. */
function accelerators(found: InstanceTypeInfo) {
    return {
        fpgas: [],
        gpuses: [],
        inferenceAccelerators: [],
        mediaAccelerators: [],
        neuronDevices: [],
        totalFpgaMemory: found.FpgaInfo?.TotalFpgaMemoryInMiB ?? 0,
        totalGpuMemory: found.GpuInfo?.TotalGpuMemoryInMiB ?? 0,
        totalInferenceMemory: found.InferenceAcceleratorInfo?.TotalInferenceMemoryInMiB ?? 0,
        totalMediaMemory: found.MediaAcceleratorInfo?.TotalMediaMemoryInMiB ?? 0,
        totalNeuronDeviceMemory: found.NeuronInfo?.TotalNeuronDeviceMemoryInMiB ?? 0,
    };
}
