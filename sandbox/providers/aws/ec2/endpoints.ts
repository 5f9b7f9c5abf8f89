import type { VpcEndpoint } from "@aws-sdk/client-ec2";
import type {
    GetManagedPrefixListArgs,
    GetManagedPrefixListResult,
} from "@pulumi/aws/ec2/getManagedPrefixList";
import type { VpcEndpointArgs, VpcEndpointState } from "@pulumi/aws/ec2/vpcEndpoint";

import { oneOf } from "../../server/property";
import type { AwsContext } from "../context";
import { fn, resource } from "../resource";
import { needs, when } from "../rules";
import { ec2Arn, ec2Tags, filters, notFound, single, tagSpecifications } from "./support";

/** Lists of ids that an endpoint is changed by, one id at a time. */
const MEMBERS = {
    routeTableIds: "RouteTableIds",
    securityGroupIds: "SecurityGroupIds",
    subnetIds: "SubnetIds",
} as const;

/** Gateway and interface endpoints of AWS services. */
export const vpcEndpoint = resource<VpcEndpointArgs, VpcEndpointState, VpcEndpoint>(
    "ec2/vpcEndpoint:VpcEndpoint",
    {
        noun: "EC2 VPC Endpoint",
        fixed: ["serviceName", "vpcEndpointType", "vpcId"],
        plain: ["privateDnsEnabled", "routeTableIds", "securityGroupIds", "subnetIds"],
        inputs: {
            ipAddressType: { validate: oneOf("ipv4") },
            policy: { kind: "json" },
            vpcEndpointType: { default: "Gateway", validate: oneOf("Gateway", "Interface") },
        },
        recomputed: { subnetIds: ["networkInterfaceIds", "dnsEntries"], privateDnsEnabled: ["dnsEntries"] },
        rules: [
            needs("serviceName", "; other kinds of endpoints are not implemented"),
            ({ vpcEndpointType: type, privateDnsEnabled, routeTableIds = [], ...lists }) => {
                const forInterfaces = [
                    ...when(privateDnsEnabled === true, "privateDnsEnabled"),
                    ...(["securityGroupIds", "subnetIds"] as const).filter((name) => lists[name]?.length),
                ];
                return [
                    ...when(
                        type === "Gateway" && forInterfaces.length > 0,
                        `${forInterfaces.join(", ")}: only for endpoints of type Interface, and this one is a Gateway endpoint`,
                    ),
                    ...when(
                        type === "Interface" && routeTableIds.length > 0,
                        "routeTableIds: only for endpoints of type Gateway, and this one is an Interface endpoint",
                    ),
                ];
            },
        ],
        replaces: (changed, _olds, { vpcEndpointType }) =>
            changed.has("privateDnsEnabled") && vpcEndpointType !== "Interface" ? ["privateDnsEnabled"] : [],
        names: { policy: "PolicyDocument", securityGroupIds: "Groups.GroupId" },
        otherwise: { ipAddressType: "ipv4" },
        find: async (id, { aws }) =>
            (await aws.ec2.describeVpcEndpoints({ VpcEndpointIds: [id] })).VpcEndpoints?.[0],
        isGone: (found) => stateOf(found) === "deleted",
        outputs: async ({ OwnerId, ServiceName = "", ServiceRegion }, id, context) => ({
            arn: ec2Arn(context, OwnerId, `vpc-endpoint/${id}`),
            serviceRegion: ServiceRegion ?? context.region,
            ...(await prefixList(ServiceName, context)),
        }),
        async create({ privateDnsEnabled = false }, context, request) {
            const TagSpecifications = tagSpecifications("vpc-endpoint", context);
            const more = { PrivateDnsEnabled: privateDnsEnabled, TagSpecifications };
            return (await context.aws.ec2.createVpcEndpoint(request(more))).VpcEndpoint?.VpcEndpointId;
        },
        ready: {
            state: stateOf,
            good: ["available", "pendingacceptance"],
            bad: ["failed", "rejected", "expired"],
            seconds: 600,
        },
        async update(id, news, { olds, changed, ready }, { aws }) {
            const changes = Object.entries(MEMBERS).flatMap(([input, field]) => {
                const name = input as keyof typeof MEMBERS;
                const [from, to] = [olds[name] ?? [], news[name] ?? []];
                if (!changed.has(name)) return [];
                const added = to.filter((member) => !from.includes(member));
                const removed = from.filter((member) => !to.includes(member));
                return [nonEmpty(`Add${field}`, added), nonEmpty(`Remove${field}`, removed)];
            });
            const policy = news.policy ? { PolicyDocument: news.policy } : { ResetPolicy: true };
            await aws.ec2.modifyVpcEndpoint({
                VpcEndpointId: id,
                ...(Object.assign({}, ...changes) as Record<string, string[]>),
                ...(changed.has("policy") && policy),
                ...(changed.has("privateDnsEnabled") && { PrivateDnsEnabled: news.privateDnsEnabled }),
            });
            await ready();
        },
        tags: ec2Tags,
        async delete(id, _state, { aws }) {
            const { Unsuccessful } = await aws.ec2.deleteVpcEndpoints({ VpcEndpointIds: [id] });
            const error = Unsuccessful?.[0]?.Error;
            if (error?.Code) throw notFound(error.Code, error.Message ?? "");
        },
        // Until it is gone its interfaces keep subnets and security groups in use.
        removal: { seconds: 600 },
    },
);

/** In lower case: some answers of AWS give states with a capital letter. */
function stateOf({ State }: VpcEndpoint): string | undefined {
    return State?.toLowerCase();
}

const nonEmpty = (key: string, values: string[]): Record<string, string[]> =>
    values.length > 0 ? { [key]: values } : {};

/** The prefix list of a service with gateway endpoints: its addresses, as route tables and rules name them. */
async function prefixList(serviceName: string, { aws }: AwsContext) {
    const byName = { Filters: filters({ "prefix-list-name": serviceName }) };
    const managed = await aws.ec2.describeManagedPrefixLists(byName);
    const prefixListId = managed.PrefixLists?.find((it) => it.PrefixListName === serviceName)?.PrefixListId;
    if (!prefixListId) return { prefixListId: "", cidrBlocks: [] };
    const { PrefixLists } = await aws.ec2.describePrefixLists(byName);
    const cidrBlocks = PrefixLists?.find((it) => it.PrefixListId === prefixListId)?.Cidrs ?? [];
    return { prefixListId, cidrBlocks };
}

export const getManagedPrefixList = fn<GetManagedPrefixListArgs, GetManagedPrefixListResult>(
    "ec2/getManagedPrefixList:getManagedPrefixList",
    {
        args: ["filters", "id", "name", "tags"],
        names: { arn: "PrefixListArn", id: "PrefixListId", name: "PrefixListName" },
        async invoke(args, { aws }) {
            const { PrefixLists } = await aws.ec2.describeManagedPrefixLists({
                PrefixListIds: args.id ? [args.id] : undefined,
                Filters: filters({ "prefix-list-name": args.name }, args.tags, args.filters),
            });
            const found = single(PrefixLists, "EC2 Managed Prefix List");
            const entries = [];
            const { PrefixListId } = found;
            for await (const page of aws.ec2.paginateGetManagedPrefixListEntries({ PrefixListId }))
                for (const { Cidr = "", Description = "" } of page.Entries ?? [])
                    entries.push({ cidr: Cidr, description: Description });
            return { found, outputs: { entries } };
        },
    },
);
