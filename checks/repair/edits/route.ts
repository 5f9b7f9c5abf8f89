import {
    CreateRouteCommand,
    DeleteRouteCommand,
    DescribeRouteTablesCommand,
    ReplaceRouteCommand,
} from "@aws-sdk/client-ec2";

import { routeTableById, targetOf } from "../../analyze/routes";
import type { Snapshot } from "../../snapshot/types";
import type { EditKind } from "./kind";

/** The route of a table to an IPv4 block. */
export interface RouteEdit {
    action: "CreateRoute" | "ReplaceRoute" | "DeleteRoute";
    routeTableId: string;
    /** A CIDR block. */
    destination: string;
    /** The id of what the route points at; "nothing" when that was deleted. Of a route to be deleted, where it pointed. */
    target: string;
}

const NO_ROUTE = "no route";

export const route: EditKind<RouteEdit> = {
    costs: { CreateRoute: 1, ReplaceRoute: 3, DeleteRoute: 12 },

    describe: ({ destination, routeTableId, target }) => `${destination} of ${routeTableId} to ${target}`,

    touches: ({ routeTableId }) => [routeTableId],

    async read({ routeTableId }, { ec2 }, region) {
        const RouteTableIds = [routeTableId];
        const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds }));
        return { region, RouteTables };
    },

    current(edit, network) {
        const found = routeOf(edit, network);
        const text = found === undefined ? NO_ROUTE : targetOf(found).id;
        // AWS refuses to create a route that is there.
        if (edit.action === "CreateRoute") return { text };
        return { text, guarded: found === undefined ? NO_ROUTE : `${text} (${found.State ?? "active"})` };
    },

    wanted: ({ action, target }) => (action === "DeleteRoute" ? NO_ROUTE : target),

    async apply({ action, routeTableId: RouteTableId, destination: DestinationCidrBlock, target }, { ec2 }) {
        const route = { RouteTableId, DestinationCidrBlock };
        switch (action) {
            case "CreateRoute":
                await ec2.send(new CreateRouteCommand({ ...route, ...targetInput(target) }));
                return {};
            case "ReplaceRoute":
                await ec2.send(new ReplaceRouteCommand({ ...route, ...targetInput(target) }));
                return {};
            case "DeleteRoute":
                await ec2.send(new DeleteRouteCommand(route));
                return {};
        }
    },

    undo(edit, before) {
        switch (edit.action) {
            case "CreateRoute":
                return { ...edit, action: "DeleteRoute" };
            case "DeleteRoute":
                return edit.target === "nothing" ? undefined : { ...edit, action: "CreateRoute" };
            case "ReplaceRoute": {
                const found = routeOf(edit, before);
                const target = found === undefined ? "nothing" : targetOf(found).id;
                return target === "nothing" ? undefined : { ...edit, target };
            }
        }
    },
};

function routeOf({ routeTableId, destination }: RouteEdit, network: Snapshot) {
    return routeTableById(network, routeTableId)?.Routes?.find(
        (one) => one.DestinationCidrBlock === destination,
    );
}

/** CreateRoute and ReplaceRoute have a parameter for each kind of target; the prefix of the id tells which. */
function targetInput(id: string) {
    const prefix = id.slice(0, id.indexOf("-"));
    switch (prefix) {
        case "igw":
        case "vgw":
            return { GatewayId: id };
        case "nat":
            return { NatGatewayId: id };
        case "eni":
            return { NetworkInterfaceId: id };
        case "i":
            return { InstanceId: id };
        case "pcx":
            return { VpcPeeringConnectionId: id };
        case "tgw":
            return { TransitGatewayId: id };
        case "vpce":
            return { VpcEndpointId: id };
        default:
            throw new Error(
                `${id} cannot be the target of a route: igw-, vgw-, nat-, eni-, i-, pcx-, tgw- and vpce- can`,
            );
    }
}
