import {
    AssociateRouteTableCommand,
    DescribeRouteTablesCommand,
    DisassociateRouteTableCommand,
    ReplaceRouteTableAssociationCommand,
} from "@aws-sdk/client-ec2";

import { routeTableOfSubnet } from "../../analyze/routes";
import type { Applied, EditKind } from "./kind";

/** The route table that a subnet is associated with. */
export type RouteTableAssociationEdit =
    | { action: "AssociateRouteTable"; routeTableId: string; subnetId: string }
    | {
          action: "ReplaceRouteTableAssociation" | "DisassociateRouteTable";
          associationId: string;
          routeTableId: string;
          subnetId: string;
      };

const NO_ASSOCIATION = "no association";

export const routeTableAssociation: EditKind<RouteTableAssociationEdit> = {
    costs: { AssociateRouteTable: 1, ReplaceRouteTableAssociation: 3, DisassociateRouteTable: Infinity },

    describe: ({ action, subnetId, routeTableId }) =>
        `${subnetId} ${action === "DisassociateRouteTable" ? "from" : "with"} ${routeTableId}`,

    touches: ({ routeTableId, subnetId }) => [routeTableId, subnetId],

    async read({ routeTableId }, { ec2 }, region) {
        const RouteTableIds = [routeTableId];
        const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds }));
        return { region, RouteTables };
    },

    /** A subnet without an association falls to the VPC's main table. */
    current(edit, network) {
        const found = routeTableOfSubnet(network, edit.subnetId);
        const table = found?.table.RouteTableId ?? "no route table";
        if (edit.action === "DisassociateRouteTable")
            return { text: found?.associationId === edit.associationId ? table : NO_ASSOCIATION };
        return found?.associationId === undefined
            ? { text: `main table ${table}` }
            : { text: table, associationId: found.associationId };
    },

    wanted: ({ action, routeTableId }) =>
        action === "DisassociateRouteTable" ? NO_ASSOCIATION : routeTableId,

    async apply(edit, { ec2 }) {
        switch (edit.action) {
            case "AssociateRouteTable": {
                const { routeTableId: RouteTableId, subnetId: SubnetId } = edit;
                const command = new AssociateRouteTableCommand({ RouteTableId, SubnetId });
                return created((await ec2.send(command)).AssociationId);
            }
            case "ReplaceRouteTableAssociation": {
                const { associationId: AssociationId, routeTableId: RouteTableId } = edit;
                const command = new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId });
                return created((await ec2.send(command)).NewAssociationId);
            }
            case "DisassociateRouteTable":
                await ec2.send(new DisassociateRouteTableCommand({ AssociationId: edit.associationId }));
                return {};
        }
    },

    undo(edit, before, { associationId }) {
        if (associationId === undefined || edit.action === "DisassociateRouteTable") return undefined;
        if (edit.action === "AssociateRouteTable")
            return { ...edit, action: "DisassociateRouteTable", associationId };
        const routeTableId = routeTableOfSubnet(before, edit.subnetId)?.table.RouteTableId;
        return routeTableId === undefined ? undefined : { ...edit, associationId, routeTableId };
    },

    /** Pulumi finds an association by its id, and the one that a repair made has another id than the program's. */
    leftover({ action, routeTableId, subnetId }, { associationId }) {
        if (action === "DisassociateRouteTable" || associationId === undefined) return undefined;
        return { associationId, routeTableId, subnetId };
    },
};

function created(associationId: string | undefined): Applied {
    return associationId === undefined ? {} : { associationId };
}
