import { DescribeDBSubnetGroupsCommand } from "@aws-sdk/client-neptune";
import type { GetSubnetGroupArgs, GetSubnetGroupResult } from "@pulumi/aws/rds/getSubnetGroup";

import { isNotFound } from "../../server/errors";
import { neptune } from "../neptune/support";
import { fn } from "../resource";

/** A subnet group by its name: RDS and Neptune have them in common. */
export const getSubnetGroup = fn<GetSubnetGroupArgs, GetSubnetGroupResult>({
    args: ["name"],
    async invoke({ name }, context) {
        const answer = await neptune(context)
            .send(new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name }))
            .catch((error: unknown) => {
                if (isNotFound(error)) return undefined;
                throw error;
            });
        const found = answer?.DBSubnetGroups?.[0];
        if (!found) throw new Error(`reading RDS DB Subnet Group (${name}): couldn't find resource`);
        return {
            arn: found.DBSubnetGroupArn,
            description: found.DBSubnetGroupDescription,
            id: found.DBSubnetGroupName,
            name: found.DBSubnetGroupName,
            region: context.region,
            status: found.SubnetGroupStatus,
            subnetIds: (found.Subnets ?? []).flatMap(({ SubnetIdentifier }) => SubnetIdentifier ?? []),
            // Neptune's half of the API leaves this out.
            supportedNetworkTypes: ["IPV4"],
            vpcId: found.VpcId,
        };
    },
});
