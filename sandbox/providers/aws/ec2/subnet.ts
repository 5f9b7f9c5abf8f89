import type { Subnet } from "@aws-sdk/client-ec2";
import type { GetSubnetArgs, GetSubnetResult } from "@pulumi/aws/ec2/getSubnet";
import type { SubnetArgs, SubnetState } from "@pulumi/aws/ec2/subnet";

import { cidr } from "../../server/property";
import type { AwsContext } from "../context";
import { fn, resource } from "../resource";
import { conflicts, needs } from "../rules";
import { words } from "../text";
import { ec2Tags, filters, single, tagSpecifications } from "./support";

/** Settings that creation does not take. AWS changes one a call. */
const SETTINGS = {
    mapPublicIpOnLaunch: "MapPublicIpOnLaunch",
    enableResourceNameDnsARecordOnLaunch: "EnableResourceNameDnsARecordOnLaunch",
} as const;
type Setting = keyof typeof SETTINGS;

export const subnet = resource<SubnetArgs, SubnetState, Subnet>("ec2/subnet:Subnet", {
    noun: "EC2 Subnet",
    fixed: ["availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId"],
    inputs: {
        cidrBlock: { validate: cidr(16, 28) },
        enableResourceNameDnsARecordOnLaunch: { default: false },
        mapPublicIpOnLaunch: { default: false },
    },
    only: {
        assignIpv6AddressOnCreation: false,
        enableDns64: false,
        enableResourceNameDnsAaaaRecordOnLaunch: false,
        ipv6Native: false,
        privateDnsHostnameTypeOnLaunch: "ip-name",
    },
    rules: [
        conflicts("availabilityZone", "availabilityZoneId"),
        needs("cidrBlock", " without IPv6 and IPAM, which are not implemented"),
    ],
    names: {
        arn: "SubnetArn",
        enableResourceNameDnsARecordOnLaunch: "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord",
        enableResourceNameDnsAaaaRecordOnLaunch:
            "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord",
        privateDnsHostnameTypeOnLaunch: "PrivateDnsNameOptionsOnLaunch.HostnameType",
    },
    otherwise: { privateDnsHostnameTypeOnLaunch: "ip-name" },
    find: async (id, { aws }) => (await aws.ec2.describeSubnets({ SubnetIds: [id] })).Subnets?.[0],
    outputs({ Ipv6CidrBlockAssociationSet: blocks }) {
        const ipv6 = blocks?.find((block) => block.Ipv6CidrBlockState?.State === "associated");
        return {
            ipv6CidrBlock: ipv6?.Ipv6CidrBlock ?? "",
            ipv6CidrBlockAssociationId: ipv6?.AssociationId ?? "",
        };
    },
    async create(_inputs, context, request) {
        const TagSpecifications = tagSpecifications("subnet", context);
        return (await context.aws.ec2.createSubnet(request({ TagSpecifications }))).Subnet?.SubnetId;
    },
    ready: { state: ({ State }) => State, good: ["available"], seconds: 600 },
    async settle(id, { mapPublicIpOnLaunch, enableResourceNameDnsARecordOnLaunch }, context) {
        // Outside of a default network, a new subnet gives out no public addresses; AWS is asked to be sure.
        const { Subnets } = await context.aws.ec2.describeSubnets({ SubnetIds: [id] });
        if (mapPublicIpOnLaunch !== Subnets?.[0]?.MapPublicIpOnLaunch)
            await change(id, "mapPublicIpOnLaunch", mapPublicIpOnLaunch, context);
        if (enableResourceNameDnsARecordOnLaunch)
            await change(id, "enableResourceNameDnsARecordOnLaunch", true, context);
    },
    async update(id, news, { changed }, context) {
        for (const setting of Object.keys(SETTINGS) as Setting[])
            if (changed.has(setting)) await change(id, setting, news[setting], context);
    },
    tags: ec2Tags,
    delete: (id, _state, { aws }) => aws.ec2.deleteSubnet({ SubnetId: id }),
});

const change = (SubnetId: string, setting: Setting, Value = false, { aws }: AwsContext) =>
    aws.ec2.modifySubnetAttribute({ SubnetId, [SETTINGS[setting]]: { Value } });

export const getSubnet = fn<GetSubnetArgs, GetSubnetResult>("ec2/getSubnet:getSubnet", {
    args: words(
        "availabilityZone availabilityZoneId cidrBlock defaultForAz filters id ipv6CidrBlock state tags vpcId",
    ),
    names: { id: "SubnetId" },
    async invoke(args, context) {
        const byName = {
            "availability-zone": args.availabilityZone,
            "availability-zone-id": args.availabilityZoneId,
            "cidr-block": args.cidrBlock,
            "default-for-az": args.defaultForAz,
            "ipv6-cidr-block-association.ipv6-cidr-block": args.ipv6CidrBlock,
            state: args.state,
            "vpc-id": args.vpcId,
        };
        const { Subnets } = await context.aws.ec2.describeSubnets({
            SubnetIds: args.id ? [args.id] : undefined,
            Filters: filters(byName, args.tags, args.filters),
        });
        const found = single(Subnets, "EC2 Subnet");
        return { found, outputs: (await subnet.read(found.SubnetId ?? "", context, {})) ?? {} };
    },
});
