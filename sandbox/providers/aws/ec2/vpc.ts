import type { Vpc } from "@aws-sdk/client-ec2";
import type { GetVpcArgs, GetVpcResult } from "@pulumi/aws/ec2/getVpc";
import type { VpcArgs, VpcState } from "@pulumi/aws/ec2/vpc";

import { cidr, oneOf } from "../../server/property";
import { fn, resource } from "../resource";
import { needs } from "../rules";
import { words } from "../text";
import { ec2Arn, ec2Tags, filters, single, tagSpecifications } from "./support";

/** Attributes that creation does not take, with what a new VPC has. Host names need DNS support, which comes first. */
const ATTRIBUTES = [
    { input: "enableDnsSupport", field: "EnableDnsSupport", initially: true },
    { input: "enableDnsHostnames", field: "EnableDnsHostnames", initially: false },
    {
        input: "enableNetworkAddressUsageMetrics",
        field: "EnableNetworkAddressUsageMetrics",
        initially: false,
    },
] as const;

export const vpc = resource<VpcArgs, VpcState, Vpc>("ec2/vpc:Vpc", {
    noun: "EC2 VPC",
    plain: ["enableDnsHostnames", "enableNetworkAddressUsageMetrics"],
    inputs: {
        // Without IPAM, of which the stand-in has none, AWS can choose no block.
        cidrBlock: { forceNew: true, validate: cidr(16, 28) },
        enableDnsSupport: { default: true },
        instanceTenancy: { default: "default", validate: oneOf("default", "dedicated") },
    },
    only: { assignGeneratedIpv6CidrBlock: false },
    rules: [needs("cidrBlock", " without ipv4IpamPoolId, which is not implemented")],
    // AWS can take dedicated tenancy away, not add it.
    replaces: (changed, olds, news) =>
        changed.has("instanceTenancy") &&
        !(olds.instanceTenancy === "dedicated" && news.instanceTenancy === "default")
            ? ["instanceTenancy"]
            : [],
    find: async (id, { aws }) => (await aws.ec2.describeVpcs({ VpcIds: [id] })).Vpcs?.[0],
    async outputs(found, id, context) {
        const { ec2 } = context.aws;
        const attribute = async ({ input, field }: (typeof ATTRIBUTES)[number]) =>
            [input, (await ec2.describeVpcAttribute({ VpcId: id, Attribute: input }))[field]?.Value] as const;
        const of = (more: Record<string, string>) => ({ Filters: filters({ "vpc-id": id, ...more }) });
        const [attributes, tables, groups, acls] = await Promise.all([
            Promise.all(ATTRIBUTES.map(attribute)),
            ec2.describeRouteTables(of({ "association.main": "true" })),
            ec2.describeSecurityGroups(of({ "group-name": "default" })),
            ec2.describeNetworkAcls(of({ default: "true" })),
        ]);
        const mainRouteTableId = tables.RouteTables?.[0]?.RouteTableId ?? "";
        const ipv6 = found.Ipv6CidrBlockAssociationSet?.find(
            (block) => block.Ipv6CidrBlockState?.State === "associated",
        );
        return {
            ...Object.fromEntries(attributes),
            arn: ec2Arn(context, found.OwnerId, `vpc/${id}`),
            assignGeneratedIpv6CidrBlock: ipv6?.Ipv6Pool === "Amazon",
            defaultNetworkAclId: acls.NetworkAcls?.[0]?.NetworkAclId ?? "",
            defaultRouteTableId: mainRouteTableId,
            defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId ?? "",
            ipv6AssociationId: ipv6?.AssociationId ?? "",
            ipv6CidrBlock: ipv6?.Ipv6CidrBlock ?? "",
            ipv6CidrBlockNetworkBorderGroup: ipv6?.NetworkBorderGroup ?? "",
            mainRouteTableId,
        };
    },
    async create({ cidrBlock, instanceTenancy }, context) {
        const { Vpc } = await context.aws.ec2.createVpc({
            CidrBlock: cidrBlock,
            InstanceTenancy: instanceTenancy as Vpc["InstanceTenancy"],
            TagSpecifications: tagSpecifications("vpc", context),
        });
        return Vpc?.VpcId;
    },
    ready: { state: ({ State }) => State, good: ["available"], seconds: 600 },
    async settle(id, inputs, { aws }) {
        for (const { input, field, initially } of ATTRIBUTES) {
            const Value = inputs[input];
            if (Value !== undefined && Value !== initially)
                await aws.ec2.modifyVpcAttribute({ VpcId: id, [field]: { Value } });
        }
    },
    async update(id, news, { changed }, { aws }) {
        for (const { input, field } of ATTRIBUTES) {
            const Value = news[input];
            if (changed.has(input) && Value !== undefined)
                await aws.ec2.modifyVpcAttribute({ VpcId: id, [field]: { Value } });
        }
        if (changed.has("instanceTenancy"))
            await aws.ec2.modifyVpcTenancy({ VpcId: id, InstanceTenancy: "default" });
    },
    tags: ec2Tags,
    delete: (id, _state, { aws }) => aws.ec2.deleteVpc({ VpcId: id }),
});

export const getVpc = fn<GetVpcArgs, GetVpcResult>("ec2/getVpc:getVpc", {
    args: words("cidrBlock default dhcpOptionsId filters id state tags"),
    names: { default: "IsDefault", id: "VpcId" },
    async invoke(args, context) {
        const byName = {
            "cidr-block-association.cidr-block": args.cidrBlock,
            "dhcp-options-id": args.dhcpOptionsId,
            isDefault: args.default,
            state: args.state,
        };
        const { Vpcs } = await context.aws.ec2.describeVpcs({
            VpcIds: args.id ? [args.id] : undefined,
            Filters: filters(byName, args.tags, args.filters),
        });
        const found = single(Vpcs, "EC2 VPC");
        const { CidrBlockAssociationSet: ipv4 = [], Ipv6CidrBlockAssociationSet: ipv6 = [] } = found;
        const answer = {
            ...found,
            CidrBlockAssociations: ipv4.map((it) => ({ ...it, State: it.CidrBlockState?.State })),
            Ipv6CidrBlockAssociations: ipv6.map((it) => ({
                ...it,
                IpPool: it.Ipv6Pool,
                State: it.Ipv6CidrBlockState?.State,
            })),
        };
        return { found: answer, outputs: (await vpc.read(found.VpcId ?? "", context, {})) ?? {} };
    },
});
