import {
    CreateVpcCommand,
    DeleteVpcCommand,
    DescribeNetworkAclsCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupsCommand,
    DescribeVpcAttributeCommand,
    DescribeVpcsCommand,
    ModifyVpcAttributeCommand,
    ModifyVpcTenancyCommand,
    type Tenancy,
} from "@aws-sdk/client-ec2";
import type { VpcArgs, VpcState } from "@pulumi/aws/ec2/vpc";

import { done, pending, waitFor } from "../../server/clock";
import { boolean, cidr, only, oneOf, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, ec2Arn, filters, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** Attributes that creation does not take, with what a new VPC has. Each needs a call of its own. */
const ATTRIBUTES = [
    // Before host names, which need it.
    { input: "enableDnsSupport", name: "enableDnsSupport", field: "EnableDnsSupport", initially: true },
    {
        input: "enableDnsHostnames",
        name: "enableDnsHostnames",
        field: "EnableDnsHostnames",
        initially: false,
    },
    {
        input: "enableNetworkAddressUsageMetrics",
        name: "enableNetworkAddressUsageMetrics",
        field: "EnableNetworkAddressUsageMetrics",
        initially: false,
    },
] as const;

export const vpc = resource<VpcArgs, VpcState>({
    noun: "EC2 VPC",
    properties: {
        assignGeneratedIpv6CidrBlock: only("boolean", false),
        // Without IPAM, of which the stand-in has none, AWS can choose no block.
        cidrBlock: string({ computed: true, forceNew: true, validate: cidr(16, 28) }),
        enableDnsHostnames: boolean({ computed: true }),
        enableDnsSupport: boolean({ default: true }),
        enableNetworkAddressUsageMetrics: boolean({ computed: true }),
        instanceTenancy: string({ default: "default", validate: oneOf("default", "dedicated") }),
    },
    check: ({ cidrBlock }, isUnknown) =>
        cidrBlock === undefined && !isUnknown("cidrBlock")
            ? [
                  'Missing required argument: "cidrBlock" is required without ipv4IpamPoolId, which is not implemented',
              ]
            : [],
    replaces: (changed, olds, news) =>
        // AWS can take dedicated tenancy away, not add it.
        changed.has("instanceTenancy") &&
        !(olds.instanceTenancy === "dedicated" && news.instanceTenancy === "default")
            ? ["instanceTenancy"]
            : [],
    async create(inputs, context) {
        const { Vpc } = await ec2(context).send(
            new CreateVpcCommand({
                CidrBlock: inputs.cidrBlock,
                InstanceTenancy: inputs.instanceTenancy as Tenancy,
                TagSpecifications: tagSpecifications("vpc", context),
            }),
        );
        return Vpc!.VpcId!;
    },
    async settle(id, inputs, context) {
        await waitFor(
            `EC2 VPC (${id}) to become available`,
            { timeoutSeconds: 600, ...context },
            async () => {
                const found = await describe(id, context);
                return found?.State === "available" ? done(true) : pending(found?.State);
            },
        );
        for (const { input, field, initially } of ATTRIBUTES) {
            const wanted = inputs[input];
            if (wanted !== undefined && wanted !== initially) await setAttribute(id, field, wanted, context);
        }
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        const client = ec2(context);
        const attribute = async ({ name, field }: (typeof ATTRIBUTES)[number]) => {
            const command = new DescribeVpcAttributeCommand({
                VpcId: id,
                Attribute: name,
            });
            return (await client.send(command))[field]?.Value;
        };
        const [dnsSupport, dnsHostnames, usageMetrics, tables, groups, acls] = await Promise.all([
            attribute(ATTRIBUTES[0]),
            attribute(ATTRIBUTES[1]),
            attribute(ATTRIBUTES[2]),
            client.send(
                new DescribeRouteTablesCommand({
                    Filters: filters({ "vpc-id": id, "association.main": "true" }),
                }),
            ),
            client.send(
                new DescribeSecurityGroupsCommand({
                    Filters: filters({ "vpc-id": id, "group-name": "default" }),
                }),
            ),
            client.send(
                new DescribeNetworkAclsCommand({ Filters: filters({ "vpc-id": id, default: "true" }) }),
            ),
        ]);
        const mainRouteTableId = tables.RouteTables?.[0]?.RouteTableId ?? "";
        const ipv6 = found.Ipv6CidrBlockAssociationSet?.find(
            (block) => block.Ipv6CidrBlockState?.State === "associated",
        );
        return {
            arn: ec2Arn(context, found.OwnerId, `vpc/${id}`),
            assignGeneratedIpv6CidrBlock: ipv6?.Ipv6Pool === "Amazon",
            cidrBlock: found.CidrBlock,
            defaultNetworkAclId: acls.NetworkAcls?.[0]?.NetworkAclId ?? "",
            defaultRouteTableId: mainRouteTableId,
            defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId ?? "",
            dhcpOptionsId: found.DhcpOptionsId,
            enableDnsHostnames: dnsHostnames,
            enableDnsSupport: dnsSupport,
            enableNetworkAddressUsageMetrics: usageMetrics,
            instanceTenancy: found.InstanceTenancy,
            ipv6AssociationId: ipv6?.AssociationId ?? "",
            ipv6CidrBlock: ipv6?.Ipv6CidrBlock ?? "",
            ipv6CidrBlockNetworkBorderGroup: ipv6?.NetworkBorderGroup ?? "",
            ipv6IpamPoolId: "",
            ipv6NetmaskLength: 0,
            mainRouteTableId,
            ownerId: found.OwnerId,
            tags: tagsFrom(found.Tags),
        };
    },
    async update(id, news, { changed }, context) {
        for (const { input, field } of ATTRIBUTES) {
            const wanted = news[input];
            if (changed.has(input) && wanted !== undefined) await setAttribute(id, field, wanted, context);
        }
        if (changed.has("instanceTenancy")) {
            await ec2(context).send(new ModifyVpcTenancyCommand({ VpcId: id, InstanceTenancy: "default" }));
        }
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        await ec2(context).send(new DeleteVpcCommand({ VpcId: id }));
    },
});

async function describe(id: string, context: AwsContext) {
    return (await ec2(context).send(new DescribeVpcsCommand({ VpcIds: [id] }))).Vpcs?.[0];
}

async function setAttribute(
    id: string,
    field: (typeof ATTRIBUTES)[number]["field"],
    value: boolean,
    context: AwsContext,
): Promise<void> {
    await ec2(context).send(new ModifyVpcAttributeCommand({ VpcId: id, [field]: { Value: value } }));
}
