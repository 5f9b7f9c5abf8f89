import {
    CreateDBSubnetGroupCommand,
    DeleteDBSubnetGroupCommand,
    DescribeDBSubnetGroupsCommand,
    ModifyDBSubnetGroupCommand,
} from "@aws-sdk/client-neptune";
import type { SubnetGroupArgs, SubnetGroupState } from "@pulumi/aws/neptune/subnetGroup";

import { set, string, text } from "../../server/property";
import { resource } from "../resource";
import { neptune, newTags, tagNeptune, tagsOf } from "./support";

export const subnetGroup = resource<SubnetGroupArgs, SubnetGroupState>({
    noun: "Neptune Subnet Group",
    properties: {
        description: string({ default: "Managed by Pulumi" }),
        name: string({
            computed: true,
            forceNew: true,
            validate: text(
                255,
                /^[ .0-9a-z_-]+$/,
                "only lower-case letters, digits, . _ - and spaces are allowed",
            ),
        }),
        subnetIds: set({ required: true }),
    },
    autoname: { property: "name", maxLength: 255 },
    async create({ name, description, subnetIds }, context) {
        await neptune(context).send(
            new CreateDBSubnetGroupCommand({
                DBSubnetGroupName: name,
                DBSubnetGroupDescription: description,
                SubnetIds: subnetIds,
                Tags: newTags(context),
            }),
        );
        return name ?? "";
    },
    async read(id, context) {
        const command = new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: id });
        const found = (await neptune(context).send(command)).DBSubnetGroups?.[0];
        if (!found) return undefined;
        return {
            arn: found.DBSubnetGroupArn,
            description: found.DBSubnetGroupDescription,
            name: found.DBSubnetGroupName,
            namePrefix: "",
            subnetIds: (found.Subnets ?? []).flatMap(({ SubnetIdentifier }) => SubnetIdentifier ?? []),
            tags: await tagsOf(found.DBSubnetGroupArn, context),
        };
    },
    async update(id, { description, subnetIds }, _change, context) {
        await neptune(context).send(
            new ModifyDBSubnetGroupCommand({
                DBSubnetGroupName: id,
                DBSubnetGroupDescription: description,
                SubnetIds: subnetIds,
            }),
        );
    },
    tag: tagNeptune,
    async delete(id, _state, context) {
        await neptune(context).send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: id }));
    },
});
