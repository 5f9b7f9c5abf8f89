import { DescribeVpcsCommand } from "@aws-sdk/client-ec2";
import type { GetVpcArgs, GetVpcResult } from "@pulumi/aws/ec2/getVpc";

import { fn } from "../resource";
import { ec2, filters, tagsFrom } from "./support";
import { vpc } from "./vpc";

export const getVpc = fn<GetVpcArgs, GetVpcResult>({
    args: ["cidrBlock", "default", "dhcpOptionsId", "filters", "id", "state", "tags"],
    async invoke(args, context) {
        const { Vpcs = [] } = await ec2(context).send(
            new DescribeVpcsCommand({
                VpcIds: args.id ? [args.id] : undefined,
                Filters: filters(
                    {
                        "cidr-block-association.cidr-block": args.cidrBlock,
                        "dhcp-options-id": args.dhcpOptionsId,
                        isDefault: args.default === undefined ? undefined : String(args.default),
                        state: args.state,
                        ...Object.fromEntries(
                            Object.entries(args.tags ?? {}).map(([key, value]) => [`tag:${key}`, value]),
                        ),
                    },
                    args.filters,
                ),
            }),
        );
        const [found, ...others] = Vpcs;
        if (!found) throw new Error("no matching EC2 VPC found");
        if (others.length > 0)
            throw new Error("multiple EC2 VPCs matched; use additional constraints to reduce them to one");
        const id = found.VpcId ?? "";
        const state = (await vpc.read(id, context, {})) ?? {};
        return {
            ...args,
            arn: state.arn,
            cidrBlock: state.cidrBlock,
            cidrBlockAssociations: (found.CidrBlockAssociationSet ?? []).map((it) => ({
                associationId: it.AssociationId,
                cidrBlock: it.CidrBlock,
                state: it.CidrBlockState?.State,
            })),
            default: found.IsDefault ?? false,
            dhcpOptionsId: state.dhcpOptionsId,
            enableDnsHostnames: state.enableDnsHostnames,
            enableDnsSupport: state.enableDnsSupport,
            enableNetworkAddressUsageMetrics: state.enableNetworkAddressUsageMetrics,
            id,
            instanceTenancy: state.instanceTenancy,
            ipv6AssociationId: state.ipv6AssociationId,
            ipv6CidrBlock: state.ipv6CidrBlock,
            ipv6CidrBlockAssociations: (found.Ipv6CidrBlockAssociationSet ?? []).map((it) => ({
                associationId: it.AssociationId,
                ipPool: it.Ipv6Pool,
                ipSource: it.IpSource,
                ipv6CidrBlock: it.Ipv6CidrBlock,
                networkBorderGroup: it.NetworkBorderGroup,
                state: it.Ipv6CidrBlockState?.State,
            })),
            mainRouteTableId: state.mainRouteTableId,
            ownerId: state.ownerId,
            region: context.region,
            state: found.State,
            tags: tagsFrom(found.Tags),
        };
    },
});
