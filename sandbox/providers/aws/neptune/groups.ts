import type {
    DBClusterParameterGroup,
    DBParameterGroup,
    DBSubnetGroup,
    Parameter,
} from "@aws-sdk/client-neptune";
import type {
    ClusterParameterGroupArgs,
    ClusterParameterGroupState,
} from "@pulumi/aws/neptune/clusterParameterGroup";
import type { ParameterGroupArgs, ParameterGroupState } from "@pulumi/aws/neptune/parameterGroup";
import type { SubnetGroupArgs, SubnetGroupState } from "@pulumi/aws/neptune/subnetGroup";

import { oneOf, text } from "../../server/property";
import { isObject } from "../../server/values";
import { tagList } from "../api";
import type { AwsContext } from "../context";
import { isError, propagated } from "../propagation";
import { resource } from "../resource";
import { neptuneTags } from "./support";

/** A parameter of a group, as the SDK has it. */
interface GroupParameter {
    applyMethod?: string;
    name: string;
    value: string;
}

const DEFAULT_APPLY_METHOD = "pending-reboot";
const applyMethod = oneOf("immediate", DEFAULT_APPLY_METHOD);

/** What parameter groups of both kinds have in common. */
const parameterGroupParts = {
    fixed: ["description", "family", "name"] as const,
    inputs: {
        description: { default: "Managed by Pulumi" },
        name: {
            validate: text(
                255,
                /^[a-z](-?[0-9a-z])*$/,
                "only lower-case letters, digits and single hyphens, a letter first",
            ),
        },
        parameters: {
            validate: (value: unknown, name: string) =>
                (value as unknown[])
                    .map((item, index) => parameterProblem(item, `${name}[${index}]`))
                    .find(Boolean),
            same: (a: unknown, b: unknown) => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b)),
        },
    },
    autoname: { property: "name", maxLength: 255 },
    tags: neptuneTags,
};

export const clusterParameterGroup = resource<
    ClusterParameterGroupArgs,
    ClusterParameterGroupState,
    DBClusterParameterGroup
>("neptune/clusterParameterGroup:ClusterParameterGroup", {
    noun: "Neptune Cluster Parameter Group",
    ...parameterGroupParts,
    names: {
        arn: "DBClusterParameterGroupArn",
        family: "DBParameterGroupFamily",
        name: "DBClusterParameterGroupName",
    },
    async find(id, { aws }) {
        const request = { DBClusterParameterGroupName: id };
        return (await aws.neptune.describeDBClusterParameterGroups(request)).DBClusterParameterGroups?.[0];
    },
    async outputs(_found, id, { aws }) {
        const request = { DBClusterParameterGroupName: id, Source: "user" };
        return { parameters: await setParameters(aws.neptune.paginateDescribeDBClusterParameters(request)) };
    },
    async create({ name }, { aws, tags }, request) {
        await aws.neptune.createDBClusterParameterGroup(request({ Tags: tagList(tags) }));
        return name;
    },
    settle: (id, { parameters }, context) => modifyCluster(id, parameters, context),
    // Like the official provider, this never resets a parameter that the program no longer sets.
    update: (id, { parameters }, { olds }, context) =>
        modifyCluster(id, without(parameters, olds.parameters), context),
    delete: (id, _state, { aws }) =>
        aws.neptune.deleteDBClusterParameterGroup({ DBClusterParameterGroupName: id }),
});

async function modifyCluster(id: string, items: GroupParameter[] = [], { aws }: AwsContext): Promise<void> {
    const request = { DBClusterParameterGroupName: id, Parameters: parametersOf(items) };
    if (items.length > 0) await aws.neptune.modifyDBClusterParameterGroup(request);
}

export const parameterGroup = resource<ParameterGroupArgs, ParameterGroupState, DBParameterGroup>(
    "neptune/parameterGroup:ParameterGroup",
    {
        noun: "Neptune Parameter Group",
        ...parameterGroupParts,
        names: { arn: "DBParameterGroupArn", family: "DBParameterGroupFamily", name: "DBParameterGroupName" },
        async find(id, { aws }) {
            const request = { DBParameterGroupName: id };
            return (await aws.neptune.describeDBParameterGroups(request)).DBParameterGroups?.[0];
        },
        async outputs(_found, id, { aws }) {
            const request = { DBParameterGroupName: id, Source: "user" };
            return { parameters: await setParameters(aws.neptune.paginateDescribeDBParameters(request)) };
        },
        async create({ name }, { aws, tags }, request) {
            await aws.neptune.createDBParameterGroup(request({ Tags: tagList(tags) }));
            return name;
        },
        settle: (id, { parameters }, context) => modify(id, parameters, context),
        async update(id, { parameters }, { olds }, context) {
            const removed = parametersOf(without(olds.parameters, parameters));
            const request = { DBParameterGroupName: id, Parameters: removed };
            if (removed.length > 0) await context.aws.neptune.resetDBParameterGroup(request);
            await modify(id, without(parameters, olds.parameters), context);
        },
        async delete(id, _state, context) {
            const remove = () => context.aws.neptune.deleteDBParameterGroup({ DBParameterGroupName: id });
            // A deleted instance counts as a member of its group for a while; the official provider's patience.
            await propagated(context, isError("InvalidDBParameterGroupState"), remove, 180);
        },
    },
);

async function modify(id: string, items: GroupParameter[] = [], { aws }: AwsContext): Promise<void> {
    const request = { DBParameterGroupName: id, Parameters: parametersOf(items) };
    if (items.length > 0) await aws.neptune.modifyDBParameterGroup(request);
}

export const subnetGroup = resource<SubnetGroupArgs, SubnetGroupState, DBSubnetGroup>(
    "neptune/subnetGroup:SubnetGroup",
    {
        noun: "Neptune Subnet Group",
        fixed: ["name"],
        plain: ["subnetIds"],
        inputs: {
            description: { default: "Managed by Pulumi" },
            name: {
                validate: text(
                    255,
                    /^[ .0-9a-z_-]+$/,
                    "only lower-case letters, digits, . _ - and spaces are allowed",
                ),
            },
        },
        autoname: { property: "name", maxLength: 255 },
        names: {
            arn: "DBSubnetGroupArn",
            description: "DBSubnetGroupDescription",
            name: "DBSubnetGroupName",
            subnetIds: "Subnets.SubnetIdentifier",
        },
        async find(id, { aws }) {
            return (await aws.neptune.describeDBSubnetGroups({ DBSubnetGroupName: id })).DBSubnetGroups?.[0];
        },
        async create({ name }, { aws, tags }, request) {
            await aws.neptune.createDBSubnetGroup(request({ Tags: tagList(tags) }));
            return name;
        },
        update: (_id, _news, { whole }, { aws }) => aws.neptune.modifyDBSubnetGroup(whole()),
        tags: neptuneTags,
        delete: (id, _state, { aws }) => aws.neptune.deleteDBSubnetGroup({ DBSubnetGroupName: id }),
    },
);

function parameterProblem(item: unknown, name: string): string | undefined {
    if (!isObject(item)) return `expected ${name} to be an object`;
    const lacks = ["name", "value"].find((key) => typeof item[key] !== "string");
    if (lacks !== undefined) return `expected ${name}.${lacks} to be a string`;
    return item.applyMethod === undefined ? undefined : applyMethod(item.applyMethod, `${name}.applyMethod`);
}

const canonical = (value: unknown): string[] =>
    ((value ?? []) as GroupParameter[])
        .map((item) => [item.name, item.value, item.applyMethod ?? DEFAULT_APPLY_METHOD].join("\n"))
        .sort();

/** Parameters as the API takes them. */
const parametersOf = (items: readonly GroupParameter[]): Parameter[] =>
    items.map(({ name, value, applyMethod: method = DEFAULT_APPLY_METHOD }) => ({
        ParameterName: name,
        ParameterValue: value,
        ApplyMethod: method as Parameter["ApplyMethod"],
    }));

/** Parameters that have been set, in a stable order: there are many that have not. */
async function setParameters(
    pages: AsyncIterable<{ readonly Parameters?: readonly Parameter[] | undefined }>,
): Promise<GroupParameter[]> {
    const found: Parameter[] = [];
    for await (const page of pages) found.push(...(page.Parameters ?? []));
    return found
        .map(({ ParameterName = "", ParameterValue = "", ApplyMethod = DEFAULT_APPLY_METHOD }) => ({
            applyMethod: ApplyMethod,
            name: ParameterName,
            value: ParameterValue,
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those of `items` that are not, with the same value and method, among `others`. */
function without(items: GroupParameter[] = [], others: GroupParameter[] = []): GroupParameter[] {
    const known = new Set(canonical(others));
    return items.filter((item) => !known.has(canonical([item])[0] ?? ""));
}
