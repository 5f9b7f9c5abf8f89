import {
    CreateDBClusterParameterGroupCommand,
    DeleteDBClusterParameterGroupCommand,
    DescribeDBClusterParameterGroupsCommand,
    ModifyDBClusterParameterGroupCommand,
    paginateDescribeDBClusterParameters,
    type Parameter,
} from "@aws-sdk/client-neptune";
import type {
    ClusterParameterGroupArgs,
    ClusterParameterGroupState,
} from "@pulumi/aws/neptune/clusterParameterGroup";

import { string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import {
    fromApi,
    type GroupParameter,
    groupName,
    neptune,
    newTags,
    parameters,
    tagNeptune,
    tagsOf,
    toApi,
    without,
} from "./support";

export const clusterParameterGroup = resource<ClusterParameterGroupArgs, ClusterParameterGroupState>({
    noun: "Neptune Cluster Parameter Group",
    properties: {
        description: string({ default: "Managed by Pulumi", forceNew: true }),
        family: string({ required: true, forceNew: true }),
        name: string({ computed: true, forceNew: true, validate: groupName }),
        parameters,
    },
    autoname: { property: "name", maxLength: 255 },
    async create({ name, family, description }, context) {
        await neptune(context).send(
            new CreateDBClusterParameterGroupCommand({
                DBClusterParameterGroupName: name,
                DBParameterGroupFamily: family,
                Description: description,
                Tags: newTags(context),
            }),
        );
        return name ?? "";
    },
    async settle(id, inputs, context) {
        await modify(id, inputs.parameters ?? [], context);
    },
    async read(id, context) {
        const command = new DescribeDBClusterParameterGroupsCommand({ DBClusterParameterGroupName: id });
        const found = (await neptune(context).send(command)).DBClusterParameterGroups?.[0];
        if (!found) return undefined;
        return {
            arn: found.DBClusterParameterGroupArn,
            description: found.Description,
            family: found.DBParameterGroupFamily,
            name: found.DBClusterParameterGroupName,
            namePrefix: "",
            parameters: fromApi(await userParameters(id, context)),
            tags: await tagsOf(found.DBClusterParameterGroupArn, context),
        };
    },
    // Like the official provider, this never resets a parameter that the program no longer sets.
    async update(id, news, { olds }, context) {
        await modify(id, without(news.parameters, olds.parameters), context);
    },
    tag: tagNeptune,
    async delete(id, _state, context) {
        const command = new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName: id });
        await neptune(context).send(command);
    },
});

async function modify(id: string, items: readonly GroupParameter[], context: AwsContext): Promise<void> {
    if (items.length === 0) return;
    await neptune(context).send(
        new ModifyDBClusterParameterGroupCommand({
            DBClusterParameterGroupName: id,
            Parameters: toApi(items),
        }),
    );
}

/** Those that somebody has set: there are many that nobody has. */
async function userParameters(id: string, context: AwsContext): Promise<Parameter[]> {
    const found: Parameter[] = [];
    const pages = paginateDescribeDBClusterParameters(
        { client: neptune(context) },
        { DBClusterParameterGroupName: id, Source: "user" },
    );
    for await (const page of pages) found.push(...(page.Parameters ?? []));
    return found;
}
