import {
    DescribeNatGatewaysCommand,
    DescribeRouteTablesCommand,
    DescribeVolumesCommand,
    EC2Client,
    paginateDescribeInstances,
    paginateDescribeNatGateways,
    paginateDescribeSecurityGroupRules,
    paginateDescribeTags,
    type ResourceType,
} from "@aws-sdk/client-ec2";

import type { Aws } from "../../../lib/aws/clients";
import {
    collect,
    type Finder,
    type Finders,
    isTagged,
    onlyOne,
    text,
    unlessMissing,
    wantedTags,
} from "../finder";

const byTags =
    (resourceType: ResourceType): Finder =>
    async (inputs, aws, known) => {
        // DescribeTags filters by one tag at a time; a resource with all the tags is in every answer.
        const answers = await Promise.all(
            wantedTags(inputs).map(async ([key, value]) => {
                const Filters = [
                    { Name: "resource-type", Values: [resourceType] },
                    { Name: "key", Values: [key] },
                    { Name: "value", Values: [value] },
                ];
                const pages = paginateDescribeTags({ client: aws.client(EC2Client) }, { Filters });
                return new Set(
                    (await collect(pages, ({ Tags }) => Tags)).map(({ ResourceId }) => text(ResourceId)),
                );
            }),
        );
        const [first = new Set<string>(), ...rest] = answers;
        return onlyOne([...first].filter((id) => rest.every((ids) => ids.has(id)) && !known.has(id)));
    };

export const finders: Finders = {
    "aws:ec2/vpc:Vpc": byTags("vpc"),
    "aws:ec2/subnet:Subnet": byTags("subnet"),
    "aws:ec2/internetGateway:InternetGateway": byTags("internet-gateway"),
    "aws:ec2/eip:Eip": byTags("elastic-ip"),
    "aws:ec2/routeTable:RouteTable": byTags("route-table"),
    "aws:ec2/securityGroup:SecurityGroup": byTags("security-group"),
    // Adopting the default group again changes nothing: there is nothing to import.
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": async () => undefined,
    "aws:ec2/vpcEndpoint:VpcEndpoint": byTags("vpc-endpoint"),
    "aws:ec2/flowLog:FlowLog": byTags("vpc-flow-log"),
    "aws:ec2/networkInterface:NetworkInterface": byTags("network-interface"),

    // AWS describes a deleted gateway and a terminated instance, with their tags, for about another hour.
    "aws:ec2/natGateway:NatGateway": async (inputs, aws, known) => {
        const Filter = [{ Name: "state", Values: ["pending", "available"] }];
        const pages = paginateDescribeNatGateways({ client: aws.client(EC2Client) }, { Filter });
        return onlyOne(
            (await collect(pages, ({ NatGateways }) => NatGateways))
                .filter(({ Tags }) => isTagged(inputs, Tags))
                .map(({ NatGatewayId }) => text(NatGatewayId))
                .filter((id) => !known.has(id)),
        );
    },
    "aws:ec2/instance:Instance": async (inputs, aws, known) => {
        const Filters = [
            { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
            ...wantedTags(inputs).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
        ];
        const pages = paginateDescribeInstances({ client: aws.client(EC2Client) }, { Filters });
        return onlyOne(
            (await collect(pages, ({ Reservations }) => Reservations))
                .flatMap(({ Instances = [] }) => Instances)
                .map(({ InstanceId }) => text(InstanceId))
                .filter((id) => !known.has(id)),
        );
    },
    "aws:ec2/volumeAttachment:VolumeAttachment": async ({ deviceName, volumeId, instanceId }, aws) => {
        const command = new DescribeVolumesCommand({ VolumeIds: [text(volumeId)] });
        const found = await unlessMissing(aws.client(EC2Client).send(command));
        const exists = found?.Volumes?.[0]?.Attachments?.some(
            ({ Device, InstanceId, State }) =>
                Device === deviceName && InstanceId === instanceId && State !== "detached",
        );
        return exists ? [deviceName, volumeId, instanceId].map(text).join(":") : undefined;
    },

    "aws:ec2/natGatewayEipAssociation:NatGatewayEipAssociation": async (
        { natGatewayId, allocationId },
        aws,
    ) => {
        const command = new DescribeNatGatewaysCommand({ NatGatewayIds: [text(natGatewayId)] });
        const gateway = (await unlessMissing(aws.client(EC2Client).send(command)))?.NatGateways?.[0];
        const exists =
            gateway?.State !== "deleted" &&
            gateway?.NatGatewayAddresses?.some(
                ({ AllocationId, Status = "" }) =>
                    AllocationId === allocationId && ["associating", "succeeded"].includes(Status),
            );
        return exists ? [natGatewayId, allocationId].map(text).join(",") : undefined;
    },

    "aws:ec2/route:Route": async ({ routeTableId, destinationCidrBlock }, aws) => {
        const table = await routeTable(aws, routeTableId);
        const exists = table?.Routes?.some((route) => route.DestinationCidrBlock === destinationCidrBlock);
        return exists ? `${text(routeTableId)}_${text(destinationCidrBlock)}` : undefined;
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": async ({ routeTableId, subnetId }, aws) => {
        const table = await routeTable(aws, routeTableId);
        const exists = table?.Associations?.some((association) => association.SubnetId === subnetId);
        return exists ? `${text(subnetId)}/${text(routeTableId)}` : undefined;
    },
    "aws:ec2/securityGroupRule:SecurityGroupRule": async (inputs, aws) => {
        const { type, protocol, fromPort, toPort, securityGroupId } = inputs;
        const first = (list: unknown) => (list as string[] | undefined)?.[0];
        const peer = inputs.self
            ? securityGroupId
            : (inputs.sourceSecurityGroupId ?? first(inputs.prefixListIds) ?? first(inputs.cidrBlocks));
        const Filters = [{ Name: "group-id", Values: [text(securityGroupId)] }];
        const pages = paginateDescribeSecurityGroupRules({ client: aws.client(EC2Client) }, { Filters });
        const rules = await collect(pages, ({ SecurityGroupRules }) => SecurityGroupRules);
        const exists = rules.some(
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
};

async function routeTable(aws: Aws, id: unknown) {
    const command = new DescribeRouteTablesCommand({ RouteTableIds: [text(id)] });
    return (await unlessMissing(aws.client(EC2Client).send(command)))?.RouteTables?.[0];
}
