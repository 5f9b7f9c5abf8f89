import {
    CreateDBParameterGroupCommand,
    DeleteDBParameterGroupCommand,
    DescribeDBParameterGroupsCommand,
    ModifyDBParameterGroupCommand,
    paginateDescribeDBParameters,
    type Parameter,
    ResetDBParameterGroupCommand,
} from "@aws-sdk/client-neptune";
import type { ParameterGroupArgs, ParameterGroupState } from "@pulumi/aws/neptune/parameterGroup";

import { retryWhile } from "../../server/clock";
import { errorCode } from "../../server/errors";
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

/** How long a deleted instance may still count as a member of its group, in seconds; the official provider's. */
const IN_USE_SECONDS = 180;

export const parameterGroup = resource<ParameterGroupArgs, ParameterGroupState>({
    noun: "Neptune Parameter Group",
    properties: {
        description: string({ default: "Managed by Pulumi", forceNew: true }),
        family: string({ required: true, forceNew: true }),
        name: string({ computed: true, forceNew: true, validate: groupName }),
        parameters,
    },
    autoname: { property: "name", maxLength: 255 },
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
            parameters: fromApi(await userParameters(id, context)),
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

/** Those that somebody has set: there are many that nobody has. */
async function userParameters(id: string, context: AwsContext): Promise<Parameter[]> {
    const found: Parameter[] = [];
    const pages = paginateDescribeDBParameters(
        { client: neptune(context) },
        { DBParameterGroupName: id, Source: "user" },
    );
    for await (const page of pages) found.push(...(page.Parameters ?? []));
    return found;
}
