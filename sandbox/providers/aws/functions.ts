import { DescribeAvailabilityZonesCommand, DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { GetAvailabilityZonesArgs, GetAvailabilityZonesResult } from "@pulumi/aws/getAvailabilityZones";
import type { GetCallerIdentityArgs, GetCallerIdentityResult } from "@pulumi/aws/getCallerIdentity";
import type { GetPartitionArgs, GetPartitionResult } from "@pulumi/aws/getPartition";
import type { GetRegionArgs, GetRegionResult } from "@pulumi/aws/getRegion";

import { filters } from "./ec2/support";
import { regionDescription } from "./regions";
import { fn } from "./resource";

/** DNS suffixes of the partitions. */
const DNS_SUFFIXES: Readonly<Record<string, string>> = { "aws-cn": "amazonaws.com.cn" };
const dnsSuffix = (partition: string) => DNS_SUFFIXES[partition] ?? "amazonaws.com";

export const getAvailabilityZones = fn<GetAvailabilityZonesArgs, GetAvailabilityZonesResult>({
    args: ["allAvailabilityZones", "excludeNames", "excludeZoneIds", "filters", "state"],
    async invoke(args, context) {
        const { AvailabilityZones = [] } = await context.client(EC2Client).send(
            new DescribeAvailabilityZonesCommand({
                AllAvailabilityZones: args.allAvailabilityZones,
                Filters: filters(args.state ? { state: args.state } : {}, args.filters),
            }),
        );
        const zones = AvailabilityZones.filter(
            ({ ZoneName = "", ZoneId = "" }) =>
                !args.excludeNames?.includes(ZoneName) && !args.excludeZoneIds?.includes(ZoneId),
        ).sort((a, b) => (a.ZoneName ?? "").localeCompare(b.ZoneName ?? ""));
        return {
            ...args,
            id: context.region,
            region: context.region,
            names: zones.map((zone) => zone.ZoneName),
            zoneIds: zones.map((zone) => zone.ZoneId),
            groupNames: [...new Set(zones.map((zone) => zone.GroupName ?? context.region))],
        };
    },
});

export const getCallerIdentity = fn<GetCallerIdentityArgs, GetCallerIdentityResult>({
    args: ["id"],
    regional: false,
    async invoke(_args, context) {
        const identity = await context.client(STSClient).send(new GetCallerIdentityCommand({}));
        return {
            id: identity.Account,
            accountId: identity.Account,
            arn: identity.Arn,
            userId: identity.UserId,
        };
    },
});

export const getPartition = fn<GetPartitionArgs, GetPartitionResult>({
    args: ["id"],
    regional: false,
    async invoke(_args, { partition }) {
        const suffix = dnsSuffix(partition);
        return {
            id: partition,
            partition,
            dnsSuffix: suffix,
            reverseDnsPrefix: suffix.split(".").reverse().join("."),
        };
    },
});

export const getRegion = fn<GetRegionArgs, GetRegionResult>({
    args: ["endpoint", "id", "name"],
    async invoke(args, context) {
        const { Regions = [] } = await context
            .client(EC2Client)
            .send(new DescribeRegionsCommand({ AllRegions: true }));
        const wanted = Regions.find(({ RegionName, Endpoint }) =>
            args.endpoint ? Endpoint === args.endpoint : RegionName === (args.name ?? context.region),
        );
        if (!wanted) throw new Error(`no region found that matches ${JSON.stringify(args)}`);
        return {
            id: wanted.RegionName,
            name: wanted.RegionName,
            region: wanted.RegionName,
            // The official provider gives the endpoint without its scheme.
            endpoint: wanted.Endpoint,
            description: regionDescription(wanted.RegionName ?? ""),
        };
    },
});
