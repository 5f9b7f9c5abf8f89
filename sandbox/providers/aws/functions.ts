import { partition as partitionOf } from "@aws-sdk/core/client";
import type { GetAvailabilityZonesArgs, GetAvailabilityZonesResult } from "@pulumi/aws/getAvailabilityZones";
import type { GetCallerIdentityArgs, GetCallerIdentityResult } from "@pulumi/aws/getCallerIdentity";
import type { GetPartitionArgs, GetPartitionResult } from "@pulumi/aws/getPartition";
import type { GetRegionArgs, GetRegionResult } from "@pulumi/aws/getRegion";

import { filters } from "./ec2/support";
import { fn } from "./resource";

export const getAvailabilityZones = fn<GetAvailabilityZonesArgs, GetAvailabilityZonesResult>(
    "index/getAvailabilityZones:getAvailabilityZones",
    {
        args: ["allAvailabilityZones", "excludeNames", "excludeZoneIds", "filters", "state"],
        async invoke({ allAvailabilityZones, excludeNames, excludeZoneIds, ...args }, { aws, region }) {
            const { AvailabilityZones = [] } = await aws.ec2.describeAvailabilityZones({
                AllAvailabilityZones: allAvailabilityZones,
                Filters: filters({ state: args.state }, {}, args.filters),
            });
            const zones = AvailabilityZones.filter(
                ({ ZoneName = "", ZoneId = "" }) =>
                    !excludeNames?.includes(ZoneName) && !excludeZoneIds?.includes(ZoneId),
            ).sort((a, b) => (a.ZoneName ?? "").localeCompare(b.ZoneName ?? ""));
            const outputs = {
                id: region,
                names: zones.map((zone) => zone.ZoneName),
                zoneIds: zones.map((zone) => zone.ZoneId),
                groupNames: [...new Set(zones.map((zone) => zone.GroupName ?? region))],
            };
            return { outputs };
        },
    },
);

export const getCallerIdentity = fn<GetCallerIdentityArgs, GetCallerIdentityResult>(
    "index/getCallerIdentity:getCallerIdentity",
    {
        args: ["id"],
        names: { accountId: "Account", id: "Account" },
        invoke: async (_args, { aws }) => ({ found: await aws.sts.getCallerIdentity({}), outputs: {} }),
    },
);

export const getPartition = fn<GetPartitionArgs, GetPartitionResult>("index/getPartition:getPartition", {
    args: ["id"],
    async invoke(_args, { partition, region }) {
        const { dnsSuffix } = partitionOf(region);
        const reverseDnsPrefix = dnsSuffix.split(".").reverse().join(".");
        return { outputs: { id: partition, partition, dnsSuffix, reverseDnsPrefix } };
    },
});

export const getRegion = fn<GetRegionArgs, GetRegionResult>("index/getRegion:getRegion", {
    args: ["endpoint", "id", "name"],
    async invoke(args, { aws, region }) {
        const { Regions = [] } = await aws.ec2.describeRegions({ AllRegions: true });
        const wanted = Regions.find(({ RegionName, Endpoint }) =>
            args.endpoint ? Endpoint === args.endpoint : RegionName === (args.name ?? region),
        );
        if (!wanted) throw new Error(`no region found that matches ${JSON.stringify(args)}`);
        const { RegionName: name = "", Endpoint: endpoint } = wanted;
        // AWS's list of partitions has no regions that are newer than the client.
        const { description = name } = partitionOf(name) as { description?: string };
        // The official provider gives the endpoint without its scheme.
        const outputs = { id: name, name, region: name, endpoint, description };
        return { outputs };
    },
});
