import {
    CreateDBClusterParameterGroupCommand,
    DeleteDBClusterParameterGroupCommand,
    DescribeDBClusterParameterGroupsCommand,
    ModifyDBClusterParameterGroupCommand,
    paginateDescribeDBClusterParameters,
} from "@aws-sdk/client-neptune";
import type {
    ClusterParameterGroupArgs,
    ClusterParameterGroupState,
} from "@pulumi/aws/neptune/clusterParameterGroup";

import type { AwsContext } from "../context";
import { resource } from "../resource";
import { type GroupParameter, parameterGroupInputs, toApi, userParameters, without } from "./parameters";
import { neptune, newTags, tagNeptune, tagsOf } from "./support";

export const clusterParameterGroup = resource<ClusterParameterGroupArgs, ClusterParameterGroupState>({
    noun: "Neptune Cluster Parameter Group",
    ...parameterGroupInputs,
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
            parameters: await userParameters(
                paginateDescribeDBClusterParameters(
                    { client: neptune(context) },
                    { DBClusterParameterGroupName: id, Source: "user" },
                ),
            ),
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
