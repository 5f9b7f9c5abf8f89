import {
    CreateVpcEndpointCommand,
    DeleteVpcEndpointsCommand,
    DescribeManagedPrefixListsCommand,
    DescribePrefixListsCommand,
    DescribeVpcEndpointsCommand,
    ModifyVpcEndpointCommand,
    type IpAddressType,
    type VpcEndpoint,
    type VpcEndpointType,
} from "@aws-sdk/client-ec2";
import type { VpcEndpointArgs, VpcEndpointState } from "@pulumi/aws/ec2/vpcEndpoint";

import { done, pending, waitFor } from "../../server/clock";
import { isNotFound } from "../../server/errors";
import { boolean, json, oneOf, set, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, ec2Arn, filters, notFound, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** The official provider's patience, in seconds. */
const TIMEOUT_SECONDS = 600;

/** Lists of ids that an endpoint is changed by, one id at a time. */
const MEMBERS = {
    routeTableIds: "RouteTableIds",
    securityGroupIds: "SecurityGroupIds",
    subnetIds: "SubnetIds",
} as const;

/** Gateway and interface endpoints of AWS services. */
export const vpcEndpoint = resource<VpcEndpointArgs, VpcEndpointState>({
    noun: "EC2 VPC Endpoint",
    properties: {
        ipAddressType: string({ computed: true, validate: oneOf("ipv4") }),
        policy: json({ computed: true }),
        privateDnsEnabled: boolean({ computed: true }),
        routeTableIds: set({ computed: true }),
        securityGroupIds: set({ computed: true }),
        serviceName: string({ forceNew: true }),
        subnetIds: set({ computed: true }),
        vpcEndpointType: string({
            default: "Gateway",
            forceNew: true,
            validate: oneOf("Gateway", "Interface"),
        }),
        vpcId: string({ required: true, forceNew: true }),
    },
    recomputed: { subnetIds: ["networkInterfaceIds", "dnsEntries"], privateDnsEnabled: ["dnsEntries"] },
    check({ serviceName, vpcEndpointType: type, routeTableIds, ...rest }, isUnknown) {
        const forInterfaces = (["privateDnsEnabled", "securityGroupIds", "subnetIds"] as const).filter(
            (name) => (Array.isArray(rest[name]) ? rest[name].length > 0 : rest[name]),
        );
        return [
            ...(serviceName === undefined && !isUnknown("serviceName")
                ? [
                      'Missing required argument: "serviceName" is required; other kinds of endpoints are not implemented',
                  ]
                : []),
            ...(type === "Gateway" && forInterfaces.length > 0
                ? [
                      `${forInterfaces.join(", ")}: only for endpoints of type Interface, and this one is a Gateway endpoint`,
                  ]
                : []),
            ...(type === "Interface" && routeTableIds && routeTableIds.length > 0
                ? ["routeTableIds: only for endpoints of type Gateway, and this one is an Interface endpoint"]
                : []),
        ];
    },
    replaces: (changed, _olds, { vpcEndpointType }) =>
        changed.has("privateDnsEnabled") && vpcEndpointType !== "Interface" ? ["privateDnsEnabled"] : [],
    async create(inputs, context) {
        const { VpcEndpoint } = await ec2(context).send(
            new CreateVpcEndpointCommand({
                VpcId: inputs.vpcId,
                ServiceName: inputs.serviceName,
                VpcEndpointType: inputs.vpcEndpointType as VpcEndpointType,
                IpAddressType: inputs.ipAddressType as IpAddressType,
                PolicyDocument: inputs.policy,
                PrivateDnsEnabled: inputs.privateDnsEnabled ?? false,
                ...nonEmpty("RouteTableIds", inputs.routeTableIds),
                ...nonEmpty("SecurityGroupIds", inputs.securityGroupIds),
                ...nonEmpty("SubnetIds", inputs.subnetIds),
                TagSpecifications: tagSpecifications("vpc-endpoint", context),
            }),
        );
        return VpcEndpoint!.VpcEndpointId!;
    },
    settle: (id, _inputs, context) => waitUntilAvailable(id, context),
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        const serviceName = found.ServiceName ?? "";
        return {
            arn: ec2Arn(context, found.OwnerId, `vpc-endpoint/${id}`),
            ...(await prefixList(serviceName, context)),
            dnsEntries: (found.DnsEntries ?? []).map(({ DnsName, HostedZoneId }) => ({
                dnsName: DnsName ?? "",
                hostedZoneId: HostedZoneId ?? "",
            })),
            ipAddressType: found.IpAddressType ?? "ipv4",
            networkInterfaceIds: found.NetworkInterfaceIds ?? [],
            ownerId: found.OwnerId,
            policy: found.PolicyDocument ?? "",
            privateDnsEnabled: found.PrivateDnsEnabled ?? false,
            requesterManaged: found.RequesterManaged ?? false,
            routeTableIds: found.RouteTableIds ?? [],
            securityGroupIds: (found.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
            serviceName,
            serviceRegion: found.ServiceRegion ?? context.region,
            state: found.State,
            subnetIds: found.SubnetIds ?? [],
            tags: tagsFrom(found.Tags),
            vpcEndpointType: found.VpcEndpointType ?? "Gateway",
            vpcId: found.VpcId,
        };
    },
    async update(id, news, { olds, changed }, context) {
        const changes = Object.entries(MEMBERS).flatMap(([name, field]) => {
            const [from = [], to = []] = [
                olds[name as keyof typeof MEMBERS],
                news[name as keyof typeof MEMBERS],
            ];
            if (!changed.has(name)) return [];
            return [
                nonEmpty(
                    `Add${field}`,
                    to.filter((member) => !from.includes(member)),
                ),
                nonEmpty(
                    `Remove${field}`,
                    from.filter((member) => !to.includes(member)),
                ),
            ];
        });
        await ec2(context).send(
            new ModifyVpcEndpointCommand({
                VpcEndpointId: id,
                ...(Object.assign({}, ...changes) as Record<string, string[]>),
                ...(changed.has("policy") &&
                    (news.policy ? { PolicyDocument: news.policy } : { ResetPolicy: true })),
                ...(changed.has("privateDnsEnabled") && { PrivateDnsEnabled: news.privateDnsEnabled }),
            }),
        );
        await waitUntilAvailable(id, context);
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        const { Unsuccessful } = await ec2(context).send(
            new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }),
        );
        const error = Unsuccessful?.[0]?.Error;
        if (error?.Code) throw notFound(error.Code, error.Message ?? "");
        // Until it is gone its interfaces keep subnets and security groups in use.
        const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
        await waitFor(`EC2 VPC Endpoint (${id}) to be deleted`, patience, async () => {
            const found = await describe(id, context);
            return found ? pending(found.State) : done(true);
        });
    },
});

function nonEmpty(key: string, values: string[] | undefined): Record<string, string[]> {
    return values && values.length > 0 ? { [key]: values } : {};
}

async function waitUntilAvailable(id: string, context: AwsContext): Promise<void> {
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    await waitFor(`EC2 VPC Endpoint (${id}) to become available`, patience, async () => {
        const found = await describe(id, context);
        // Lower case from some answers of AWS, upper case first from others.
        const state = String(found?.State ?? "not found").toLowerCase();
        if (["failed", "rejected", "expired"].includes(state)) throw new Error(`unexpected state '${state}'`);
        return state === "available" || state === "pendingacceptance" ? done(undefined) : pending(state);
    });
}

async function describe(id: string, context: AwsContext): Promise<VpcEndpoint | undefined> {
    try {
        const command = new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] });
        const found = (await ec2(context).send(command)).VpcEndpoints?.[0];
        return String(found?.State).toLowerCase() === "deleted" ? undefined : found;
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** The prefix list of a service with gateway endpoints: its addresses, as route tables and rules name them. */
async function prefixList(serviceName: string, context: AwsContext) {
    const byName = filters({ "prefix-list-name": serviceName });
    const managed = await ec2(context).send(new DescribeManagedPrefixListsCommand({ Filters: byName }));
    const prefixListId = managed.PrefixLists?.find((it) => it.PrefixListName === serviceName)?.PrefixListId;
    if (!prefixListId) return { prefixListId: "", cidrBlocks: [] };
    const lists = await ec2(context).send(new DescribePrefixListsCommand({ Filters: byName }));
    const cidrBlocks = lists.PrefixLists?.find((it) => it.PrefixListId === prefixListId)?.Cidrs ?? [];
    return { prefixListId, cidrBlocks };
}
