import { paginateDescribeSubnets } from "@aws-sdk/client-ec2";
import type { GetSubnetsArgs, GetSubnetsResult } from "@pulumi/aws/ec2/getSubnets";

import { fn } from "../resource";
import { ec2, filters, tagFilters } from "./support";

/** Any number of subnets, none as well. */
export const getSubnets = fn<GetSubnetsArgs, GetSubnetsResult>({
    args: ["filters", "tags"],
    async invoke(args, context) {
        const ids: string[] = [];
        const input = { Filters: filters(tagFilters(args.tags), args.filters) };
        for await (const { Subnets = [] } of paginateDescribeSubnets({ client: ec2(context) }, input)) {
            ids.push(...Subnets.flatMap(({ SubnetId }) => SubnetId ?? []));
        }
        return { ...args, id: context.region, ids, region: context.region, tags: args.tags ?? {} };
    },
});
