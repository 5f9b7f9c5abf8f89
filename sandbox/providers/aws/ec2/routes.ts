import { crc32 } from "node:zlib";

import type { Route, RouteTable, RouteTableAssociation } from "@aws-sdk/client-ec2";
import type { RouteArgs, RouteState } from "@pulumi/aws/ec2/route";
import type { RouteTableArgs, RouteTableState } from "@pulumi/aws/ec2/routeTable";
import type {
    RouteTableAssociationArgs,
    RouteTableAssociationState,
} from "@pulumi/aws/ec2/routeTableAssociation";

import { cidr } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { exactlyOneOf, needs } from "../rules";
import { idParts, words } from "../text";
import { ec2Arn, ec2Tags, filters, tagSpecifications } from "./support";

/** Route tables whose routes are resources of their own. */
export const routeTable = resource<RouteTableArgs, RouteTableState, RouteTable>("ec2/routeTable:RouteTable", {
    noun: "EC2 Route Table",
    fixed: ["vpcId"],
    inputs: { propagatingVgws: { computed: true }, routes: { computed: true } },
    only: { propagatingVgws: [], routes: [] },
    instead: "use aws.ec2.Route",
    names: {
        cidrBlock: "DestinationCidrBlock",
        egressOnlyGatewayId: "EgressOnlyInternetGatewayId",
        ipv6CidrBlock: "DestinationIpv6CidrBlock",
        propagatingVgws: "PropagatingVgws.GatewayId",
    },
    async find(id, context) {
        const found = await describeRouteTable(id, context);
        return found && { ...found, Routes: found.Routes?.filter(isOwn).map(withEndpoint) };
    },
    outputs: ({ OwnerId }, id, context) => ({ arn: ec2Arn(context, OwnerId, `route-table/${id}`) }),
    async create({ vpcId: VpcId }, context) {
        const TagSpecifications = tagSpecifications("route-table", context);
        return (await context.aws.ec2.createRouteTable({ VpcId, TagSpecifications })).RouteTable
            ?.RouteTableId;
    },
    tags: ec2Tags,
    async delete(id, _state, context) {
        const { Associations = [] } = (await describeRouteTable(id, context)) ?? {};
        // As the official provider does: an association that another program made would keep the table.
        for (const { Main, RouteTableAssociationId: AssociationId } of Associations)
            if (!Main) await context.aws.ec2.disassociateRouteTable({ AssociationId });
        await context.aws.ec2.deleteRouteTable({ RouteTableId: id });
    },
});

/** One route table; throws EC2's error when there is none. */
async function describeRouteTable(id: string, { aws }: AwsContext): Promise<RouteTable | undefined> {
    return (await aws.ec2.describeRouteTables({ RouteTableIds: [id] })).RouteTables?.[0];
}

/** Whether a route was created: not the VPC's own, nor one of a gateway endpoint or of propagation. */
function isOwn({ GatewayId, Origin, DestinationPrefixListId }: Route): boolean {
    const isEndpoints = GatewayId?.startsWith("vpce-") && DestinationPrefixListId !== undefined;
    return GatewayId !== "local" && Origin === "CreateRoute" && !isEndpoints;
}

/** EC2 gives the endpoint of a gateway load balancer where it gives gateways. */
function withEndpoint(route: Route): Route & { VpcEndpointId?: string | undefined } {
    const { GatewayId } = route;
    return GatewayId?.startsWith("vpce-") ? { ...route, GatewayId: "", VpcEndpointId: GatewayId } : route;
}

/** Inputs that say where traffic is to go, of which a route has exactly one. */
const TARGETS = words("gatewayId natGatewayId networkInterfaceId vpcEndpointId vpcPeeringConnectionId");

/** Outputs that follow from where a route goes. */
const FOLLOWING = ["instanceId", "instanceOwnerId", "networkInterfaceId", "state"] as const;

const routeParts = idParts(
    /^([^_]+)_([^_]+)/,
    "ROUTETABLEID_DESTINATION",
    "routeTableId",
    "destinationCidrBlock",
);

/** Routes for IPv4 destinations. */
export const route = resource<RouteArgs, RouteState, Route>("ec2/route:Route", {
    noun: "EC2 Route",
    fixed: ["destinationCidrBlock", "routeTableId"],
    plain: TARGETS,
    inputs: { destinationCidrBlock: { validate: cidr() } },
    recomputed: Object.fromEntries(TARGETS.map((name) => [name, FOLLOWING])),
    rules: [exactlyOneOf(TARGETS), needs("destinationCidrBlock", "; others are not implemented")],
    async import(id) {
        const known = routeParts(id);
        return { id: routeId(known.routeTableId, known.destinationCidrBlock), known };
    },
    names: { egressOnlyGatewayId: "EgressOnlyInternetGatewayId" },
    async find(_id, context, { routeTableId = "", destinationCidrBlock }) {
        const { Routes = [] } = (await describeRouteTable(routeTableId, context)) ?? {};
        return Routes.map(withEndpoint).find((it) => it.DestinationCidrBlock === destinationCidrBlock);
    },
    outputs: (_found, _id, _context, { routeTableId }) => ({ routeTableId }),
    async create({ routeTableId, destinationCidrBlock = "" }, { aws }, request) {
        await aws.ec2.createRoute(request());
        return routeId(routeTableId, destinationCidrBlock);
    },
    // A "blackhole" counts as ready, as for the official provider: its target may be on its way.
    ready: { state: () => "found", good: ["found"], seconds: 300, says: "to become ready" },
    update: (_id, _news, { whole }, { aws }) => aws.ec2.replaceRoute(whole()),
    delete: (_id, { routeTableId: RouteTableId, destinationCidrBlock: DestinationCidrBlock }, { aws }) =>
        aws.ec2.deleteRoute({ RouteTableId, DestinationCidrBlock }),
});

/** The official provider's id: the table's, and a checksum of the destination. */
export const routeId = (routeTableId: string, destination: string): string =>
    `r-${routeTableId}${crc32(destination)}`;

type Known = Partial<Record<"subnetId" | "routeTableId", string | undefined>>;

/** Associations of subnets; those of gateways, for traffic from the internet to an appliance, are not done. */
export const routeTableAssociation = resource<
    RouteTableAssociationArgs,
    RouteTableAssociationState,
    RouteTableAssociation
>("ec2/routeTableAssociation:RouteTableAssociation", {
    noun: "EC2 Route Table Association",
    fixed: ["subnetId"],
    plain: ["routeTableId"],
    rules: [needs("subnetId", " without gatewayId, which is not implemented")],
    async import(id, context) {
        const [subnetId, routeTableId] = id.split("/");
        // The association's own id is taken too: `.get` knows no other.
        if (!subnetId || !routeTableId) return { id, known: {} };
        const { Associations = [] } = (await describeRouteTable(routeTableId, context)) ?? {};
        const found = Associations.find(({ SubnetId }) => SubnetId === subnetId);
        return found && { id: found.RouteTableAssociationId!, known: { subnetId, routeTableId } };
    },
    find: findAssociation,
    async create(_inputs, { aws }, request) {
        return (await aws.ec2.associateRouteTable(request())).AssociationId;
    },
    async update(id, { routeTableId }, { olds }, context) {
        const current = await findAssociation(id, context, olds);
        await context.aws.ec2.replaceRouteTableAssociation({
            AssociationId: current?.RouteTableAssociationId ?? id,
            RouteTableId: routeTableId,
        });
    },
    async delete(id, state, context) {
        const AssociationId = (await findAssociation(id, context, state))?.RouteTableAssociationId;
        if (AssociationId) await context.aws.ec2.disassociateRouteTable({ AssociationId });
    },
});

/**
 * Finds an association by its id, or else by its subnet and table: AWS gives it another id when its table is changed,
 * which Pulumi cannot record.
 */
async function findAssociation(
    id: string,
    { aws }: AwsContext,
    { subnetId, routeTableId }: Known,
): Promise<RouteTableAssociation | undefined> {
    const associations = async (name: string, value: string) => {
        const { RouteTables = [] } = await aws.ec2.describeRouteTables({
            Filters: filters({ [`association.${name}`]: value }),
        });
        return RouteTables.flatMap((table) => table.Associations ?? []);
    };
    const byId = await associations("route-table-association-id", id);
    const found = byId.find(({ RouteTableAssociationId }) => RouteTableAssociationId === id);
    if (found || !subnetId) return found;
    const bySubnet = await associations("subnet-id", subnetId);
    return bySubnet.find((it) => it.SubnetId === subnetId && it.RouteTableId === routeTableId);
}
