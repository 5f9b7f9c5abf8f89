import { DescribeRouteTablesCommand } from "@aws-sdk/client-ec2";

import type { Ec2 } from "../../lib/aws/ec2";
import { isGone } from "../../lib/aws/errors";
import { applyEdit } from "./edits";
import type { Leftover } from "./edits/kind";

/**
 * Removes what a repair created and Pulumi does not know, but only if it is still exactly what the repair created: the destroy may come
 * long after it, and in between the subnet may have been given another table. It is no error when it is gone.
 *
 * @returns whether there was something to remove.
 */
export async function removeLeftover(ec2: Ec2, leftover: Leftover): Promise<boolean> {
    const { associationId, routeTableId, subnetId } = leftover;
    try {
        const Filters = [{ Name: "association.route-table-association-id", Values: [associationId] }];
        const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
        const unchanged = (RouteTables ?? []).some(
            (table) =>
                table.RouteTableId === routeTableId &&
                table.Associations?.some(
                    (association) =>
                        association.RouteTableAssociationId === associationId &&
                        association.SubnetId === subnetId,
                ),
        );
        if (!unchanged) return false;
        await applyEdit({ action: "DisassociateRouteTable", associationId, routeTableId, subnetId }, { ec2 });
        return true;
    } catch (error) {
        if (isGone(error)) return false;
        throw error;
    }
}
