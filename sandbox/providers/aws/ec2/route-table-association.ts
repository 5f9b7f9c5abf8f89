import {
    AssociateRouteTableCommand,
    DescribeRouteTablesCommand,
    DisassociateRouteTableCommand,
    ReplaceRouteTableAssociationCommand,
    type RouteTableAssociation,
} from "@aws-sdk/client-ec2";
import type {
    RouteTableAssociationArgs,
    RouteTableAssociationState,
} from "@pulumi/aws/ec2/routeTableAssociation";

import { string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, filters } from "./support";
import { describeRouteTable } from "./route-table";

type Known = Partial<Record<"subnetId" | "routeTableId", string | undefined>>;

/** Associations of subnets; those of gateways, for traffic from the internet to an appliance, are not done. */
export const routeTableAssociation = resource<RouteTableAssociationArgs, RouteTableAssociationState>({
    noun: "EC2 Route Table Association",
    properties: {
        routeTableId: string({ required: true }),
        subnetId: string({ forceNew: true }),
    },
    check: ({ subnetId }, isUnknown) =>
        subnetId === undefined && !isUnknown("subnetId")
            ? [
                  'Missing required argument: "subnetId" is required without gatewayId, which is not implemented',
              ]
            : [],
    async import(id, context) {
        const [subnetId, routeTableId] = id.split("/");
        // The association's own id is taken too: `.get` knows no other.
        if (!subnetId || !routeTableId) return { id, known: {} };
        const associations = (await describeRouteTable(routeTableId, context))?.Associations ?? [];
        const found = associations.find(({ SubnetId }) => SubnetId === subnetId);
        return found && { id: found.RouteTableAssociationId!, known: { subnetId, routeTableId } };
    },
    async create({ routeTableId, subnetId }, context) {
        const command = new AssociateRouteTableCommand({ RouteTableId: routeTableId, SubnetId: subnetId });
        return (await ec2(context).send(command)).AssociationId!;
    },
    async read(id, context, known) {
        const found = await find(id, known, context);
        return found && { gatewayId: "", routeTableId: found.RouteTableId, subnetId: found.SubnetId ?? "" };
    },
    async update(id, { routeTableId }, { olds }, context) {
        const current = await find(id, olds, context);
        await ec2(context).send(
            new ReplaceRouteTableAssociationCommand({
                AssociationId: current?.RouteTableAssociationId ?? id,
                RouteTableId: routeTableId,
            }),
        );
    },
    async delete(id, state, context) {
        const found = await find(id, state, context);
        if (!found) return;
        const command = new DisassociateRouteTableCommand({ AssociationId: found.RouteTableAssociationId });
        await ec2(context).send(command);
    },
});

/**
 * Finds an association by its id, or else by its subnet and table: AWS gives it another id when its table is changed,
 * which Pulumi cannot record.
 */
async function find(
    id: string,
    known: Known,
    context: AwsContext,
): Promise<RouteTableAssociation | undefined> {
    const byId = await associations({ "association.route-table-association-id": id }, context);
    const found = byId.find(({ RouteTableAssociationId }) => RouteTableAssociationId === id);
    if (found || !known.subnetId) return found;
    const bySubnet = await associations({ "association.subnet-id": known.subnetId }, context);
    return bySubnet.find(
        ({ SubnetId, RouteTableId }) => SubnetId === known.subnetId && RouteTableId === known.routeTableId,
    );
}

async function associations(
    byName: Record<string, string>,
    context: AwsContext,
): Promise<RouteTableAssociation[]> {
    const { RouteTables = [] } = await ec2(context).send(
        new DescribeRouteTablesCommand({ Filters: filters(byName) }),
    );
    return RouteTables.flatMap((table) => table.Associations ?? []);
}
