import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import type { GetSecurityGroupArgs, GetSecurityGroupResult } from "@pulumi/aws/ec2/getSecurityGroup";

import { fn } from "../resource";
import { ec2, ec2Arn, filters, single, tagFilters, tagsFrom } from "./support";

export const getSecurityGroup = fn<GetSecurityGroupArgs, GetSecurityGroupResult>({
    args: ["filters", "id", "name", "tags", "vpcId"],
    async invoke(args, context) {
        const { SecurityGroups } = await ec2(context).send(
            new DescribeSecurityGroupsCommand({
                GroupIds: args.id ? [args.id] : undefined,
                Filters: filters(
                    { "group-name": args.name, "vpc-id": args.vpcId, ...tagFilters(args.tags) },
                    args.filters,
                ),
            }),
        );
        const found = single(SecurityGroups, "EC2 Security Group");
        return {
            ...args,
            arn: ec2Arn(context, found.OwnerId, `security-group/${found.GroupId}`),
            description: found.Description,
            id: found.GroupId,
            name: found.GroupName,
            region: context.region,
            tags: tagsFrom(found.Tags),
            vpcId: found.VpcId,
        };
    },
});
