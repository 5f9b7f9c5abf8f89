import { DescribeLogGroupsCommand, type CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import {
    DescribeRouteTablesCommand,
    DescribeSecurityGroupRulesCommand,
    DescribeTagsCommand,
    type EC2Client,
    type ResourceType,
} from "@aws-sdk/client-ec2";
import { GetRoleCommand, GetRolePolicyCommand, type IAMClient } from "@aws-sdk/client-iam";
import {
    type KMSClient,
    ListAliasesCommand,
    paginateListKeys,
    ListResourceTagsCommand,
} from "@aws-sdk/client-kms";

import type { PendingCreate } from "./pending-creates";

/** The AWS services in which the lab's resources are. */
export interface Clients {
    readonly ec2: EC2Client;
    readonly iam: IAMClient;
    readonly kms: KMSClient;
    readonly logs: CloudWatchLogsClient;
}

type Inputs = Readonly<Record<string, unknown>>;

/** Finds the id by which Pulumi imports a resource of one type; `undefined` when it was not created. */
type Finder = (inputs: Inputs, clients: Clients, known: ReadonlySet<string>) => Promise<string | undefined>;

/**
 * Finds what a killed update did create. Taggable things are found by all the tags that the program gives them (the name is
 * among them), the others by what makes them unique.
 *
 * @param known ids that the state has, so that another thing with the same tags is not taken for the lost one.
 * @returns the id by which Pulumi imports it; `undefined` when it does not exist.
 * @throws when several things fit, or the type is not one that the program makes.
 */
export async function findCreated(
    { urn, type, inputs }: PendingCreate,
    clients: Clients,
    known: ReadonlySet<string> = new Set(),
): Promise<string | undefined> {
    // A check makes nothing of its own; what it repairs, it finds again by itself.
    if (type.startsWith("pulumi-nodejs:dynamic")) return undefined;
    const finder = FINDERS[type];
    if (!finder)
        throw new Error(`${urn} may have been created; find it in AWS and name its id to pulumi refresh`);
    return finder(inputs, clients, known);
}

const byTags =
    (resourceType: ResourceType): Finder =>
    async (inputs, { ec2 }, known) => {
        const tags = Object.entries(inputs.tags as Record<string, string>);
        // DescribeTags filters one tag at a time: what carries all of them is in every answer.
        const answers = await Promise.all(
            tags.map(async ([key, value]) => {
                const { Tags } = await ec2.send(
                    new DescribeTagsCommand({
                        Filters: [
                            { Name: "resource-type", Values: [resourceType] },
                            { Name: "key", Values: [key] },
                            { Name: "value", Values: [value] },
                        ],
                    }),
                );
                return new Set((Tags ?? []).map(({ ResourceId }) => ResourceId ?? ""));
            }),
        );
        const [first = new Set<string>(), ...rest] = answers;
        return onlyOne([...first].filter((id) => rest.every((ids) => ids.has(id)) && !known.has(id)));
    };

const FINDERS: Readonly<Record<string, Finder>> = {
    "aws:ec2/vpc:Vpc": byTags("vpc"),
    "aws:ec2/subnet:Subnet": byTags("subnet"),
    "aws:ec2/internetGateway:InternetGateway": byTags("internet-gateway"),
    "aws:ec2/eip:Eip": byTags("elastic-ip"),
    "aws:ec2/natGateway:NatGateway": byTags("natgateway"),
    "aws:ec2/routeTable:RouteTable": byTags("route-table"),
    "aws:ec2/securityGroup:SecurityGroup": byTags("security-group"),
    // Adopting the default group again changes nothing: there is nothing to import.
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": async () => undefined,
    "aws:ec2/vpcEndpoint:VpcEndpoint": byTags("vpc-endpoint"),
    "aws:ec2/flowLog:FlowLog": byTags("vpc-flow-log"),

    "aws:ec2/route:Route": async ({ routeTableId, destinationCidrBlock }, { ec2 }) => {
        const table = await routeTable(ec2, routeTableId);
        const exists = table?.Routes?.some((route) => route.DestinationCidrBlock === destinationCidrBlock);
        return exists ? `${text(routeTableId)}_${text(destinationCidrBlock)}` : undefined;
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": async ({ routeTableId, subnetId }, { ec2 }) => {
        const table = await routeTable(ec2, routeTableId);
        const exists = table?.Associations?.some((association) => association.SubnetId === subnetId);
        return exists ? `${text(subnetId)}/${text(routeTableId)}` : undefined;
    },
    "aws:ec2/securityGroupRule:SecurityGroupRule": async (inputs, { ec2 }) => {
        const { type, protocol, fromPort, toPort, securityGroupId } = inputs;
        const first = (list: unknown) => (list as string[] | undefined)?.[0];
        const peer = inputs.self
            ? securityGroupId
            : (inputs.sourceSecurityGroupId ?? first(inputs.prefixListIds) ?? first(inputs.cidrBlocks));
        const { SecurityGroupRules } = await ec2.send(
            new DescribeSecurityGroupRulesCommand({
                Filters: [{ Name: "group-id", Values: [text(securityGroupId)] }],
            }),
        );
        const exists = SecurityGroupRules?.some(
            (rule) =>
                rule.IsEgress === (type === "egress") &&
                rule.IpProtocol === protocol &&
                rule.FromPort === fromPort &&
                rule.ToPort === toPort &&
                (rule.ReferencedGroupInfo?.GroupId ?? rule.PrefixListId ?? rule.CidrIpv4) === peer,
        );
        return exists
            ? [securityGroupId, type, protocol, fromPort, toPort, inputs.self ? "self" : peer]
                  .map(text)
                  .join("_")
            : undefined;
    },

    "aws:iam/role:Role": async ({ name }, { iam }) => {
        const found = await unlessMissing(iam.send(new GetRoleCommand({ RoleName: text(name) })));
        return found?.Role?.RoleName;
    },
    "aws:iam/rolePolicy:RolePolicy": async ({ role, name }, { iam }) => {
        const command = new GetRolePolicyCommand({ RoleName: text(role), PolicyName: text(name) });
        const found = await unlessMissing(iam.send(command));
        return found && `${found.RoleName}:${found.PolicyName}`;
    },
    "aws:cloudwatch/logGroup:LogGroup": async ({ name }, { logs }) => {
        const { logGroups } = await logs.send(
            new DescribeLogGroupsCommand({ logGroupNamePrefix: text(name) }),
        );
        return logGroups?.find((group) => group.logGroupName === name)?.logGroupName;
    },
    "aws:kms/alias:Alias": async ({ name, targetKeyId }, { kms }) => {
        const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: text(targetKeyId) }));
        return Aliases?.find((alias) => alias.AliasName === name)?.AliasName;
    },
    "aws:kms/key:Key": async ({ tags }, { kms }, known) => {
        const wanted = Object.entries(tags as Record<string, string>);
        const found: string[] = [];
        for await (const { Keys } of paginateListKeys({ client: kms }, {})) {
            for (const { KeyId } of Keys ?? []) {
                const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId }));
                const has = ([key, value]: [string, string]) =>
                    Tags?.some(({ TagKey, TagValue }) => TagKey === key && TagValue === value);
                if (KeyId !== undefined && !known.has(KeyId) && wanted.every(has)) found.push(KeyId);
            }
        }
        return onlyOne(found);
    },
};

async function routeTable(ec2: EC2Client, id: unknown) {
    const command = new DescribeRouteTablesCommand({ RouteTableIds: [text(id)] });
    return (await unlessMissing(ec2.send(command)))?.RouteTables?.[0];
}

/** The answer; `undefined` when AWS says that there is no such thing. Every other error is one. */
async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
        return await answer;
    } catch (error) {
        if (error instanceof Error && /NoSuchEntity|NotFound/.test(error.name)) return undefined;
        throw error;
    }
}

function onlyOne(ids: string[]): string | undefined {
    if (ids.length > 1)
        throw new Error(`${ids.join(" and ")} both fit: delete the one that is not in use, then run again`);
    return ids[0];
}

const text = (value: unknown): string => String(value);
