import {
    CreateDBParameterGroupCommand,
    DeleteDBParameterGroupCommand,
    DescribeDBParameterGroupsCommand,
    ModifyDBParameterGroupCommand,
    paginateDescribeDBParameters,
    ResetDBParameterGroupCommand,
} from "@aws-sdk/client-neptune";
import type { ParameterGroupArgs, ParameterGroupState } from "@pulumi/aws/neptune/parameterGroup";

import { retryWhile } from "../../server/clock";
import { errorCode } from "../../server/errors";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { type GroupParameter, parameterGroupInputs, toApi, userParameters, without } from "./parameters";
import { neptune, newTags, tagNeptune, tagsOf } from "./support";

/** How long a deleted instance may still count as a member of its group, in seconds; the official provider's. */
const IN_USE_SECONDS = 180;

export const parameterGroup = resource<ParameterGroupArgs, ParameterGroupState>({
    noun: "Neptune Parameter Group",
    ...parameterGroupInputs,
    async create({ name, family, description }, context) {
        await neptune(context).send(
            new CreateDBParameterGroupCommand({
                DBParameterGroupName: name,
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
        const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: id });
        const found = (await neptune(context).send(command)).DBParameterGroups?.[0];
        if (!found) return undefined;
        return {
            arn: found.DBParameterGroupArn,
            description: found.Description,
            family: found.DBParameterGroupFamily,
            name: found.DBParameterGroupName,
            namePrefix: "",
            parameters: await userParameters(
                paginateDescribeDBParameters(
                    { client: neptune(context) },
                    { DBParameterGroupName: id, Source: "user" },
                ),
            ),
            tags: await tagsOf(found.DBParameterGroupArn, context),
        };
    },
    async update(id, news, { olds }, context) {
        const removed = without(olds.parameters, news.parameters);
        if (removed.length > 0) {
            await neptune(context).send(
                new ResetDBParameterGroupCommand({ DBParameterGroupName: id, Parameters: toApi(removed) }),
            );
        }
        await modify(id, without(news.parameters, olds.parameters), context);
    },
    tag: tagNeptune,
    async delete(id, _state, context) {
        const isInUse = (error: unknown) => errorCode(error).startsWith("InvalidDBParameterGroupState");
        const command = new DeleteDBParameterGroupCommand({ DBParameterGroupName: id });
        await retryWhile(isInUse, { ...context, timeoutSeconds: IN_USE_SECONDS }, () =>
            neptune(context).send(command),
        );
    },
});

async function modify(id: string, items: readonly GroupParameter[], context: AwsContext): Promise<void> {
    if (items.length === 0) return;
    await neptune(context).send(
        new ModifyDBParameterGroupCommand({ DBParameterGroupName: id, Parameters: toApi(items) }),
    );
}
