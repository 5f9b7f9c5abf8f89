import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import type { GetSubnetArgs, GetSubnetResult } from "@pulumi/aws/ec2/getSubnet";

import { fn } from "../resource";
import { subnet } from "./subnet";
import { ec2, filters, tagsFrom } from "./support";

export const getSubnet = fn<GetSubnetArgs, GetSubnetResult>({
    args: [
        "availabilityZone",
        "availabilityZoneId",
        "cidrBlock",
        "defaultForAz",
        "filters",
        "id",
        "ipv6CidrBlock",
        "state",
        "tags",
        "vpcId",
    ],
    async invoke(args, context) {
        const { Subnets = [] } = await ec2(context).send(
            new DescribeSubnetsCommand({
                SubnetIds: args.id ? [args.id] : undefined,
                Filters: filters(
                    {
                        "availability-zone": args.availabilityZone,
                        "availability-zone-id": args.availabilityZoneId,
                        "cidr-block": args.cidrBlock,
                        "default-for-az":
                            args.defaultForAz === undefined ? undefined : String(args.defaultForAz),
                        "ipv6-cidr-block-association.ipv6-cidr-block": args.ipv6CidrBlock,
                        state: args.state,
                        "vpc-id": args.vpcId,
                        ...Object.fromEntries(
                            Object.entries(args.tags ?? {}).map(([key, value]) => [`tag:${key}`, value]),
                        ),
                    },
                    args.filters,
                ),
            }),
        );
        const [found, ...others] = Subnets;
        if (!found) throw new Error("no matching EC2 Subnet found");
        if (others.length > 0)
            throw new Error("multiple EC2 Subnets matched; use additional constraints to reduce them to one");
        const id = found.SubnetId ?? "";
        const state = (await subnet.read(id, context, {})) ?? {};
        return {
            ...args,
            arn: state.arn,
            assignIpv6AddressOnCreation: state.assignIpv6AddressOnCreation,
            availabilityZone: state.availabilityZone,
            availabilityZoneId: state.availabilityZoneId,
            availableIpAddressCount: found.AvailableIpAddressCount,
            cidrBlock: state.cidrBlock,
            customerOwnedIpv4Pool: state.customerOwnedIpv4Pool,
            defaultForAz: found.DefaultForAz ?? false,
            enableDns64: state.enableDns64,
            enableLniAtDeviceIndex: state.enableLniAtDeviceIndex,
            enableResourceNameDnsARecordOnLaunch: state.enableResourceNameDnsARecordOnLaunch,
            enableResourceNameDnsAaaaRecordOnLaunch: state.enableResourceNameDnsAaaaRecordOnLaunch,
            id,
            ipv6CidrBlock: state.ipv6CidrBlock,
            ipv6CidrBlockAssociationId: state.ipv6CidrBlockAssociationId,
            ipv6Native: state.ipv6Native,
            mapCustomerOwnedIpOnLaunch: state.mapCustomerOwnedIpOnLaunch,
            mapPublicIpOnLaunch: state.mapPublicIpOnLaunch,
            outpostArn: state.outpostArn,
            ownerId: state.ownerId,
            privateDnsHostnameTypeOnLaunch: state.privateDnsHostnameTypeOnLaunch,
            region: context.region,
            state: found.State,
            tags: tagsFrom(found.Tags),
            vpcId: state.vpcId,
        };
    },
});
