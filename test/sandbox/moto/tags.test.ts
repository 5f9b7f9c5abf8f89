import * as assert from "node:assert/strict";
import {
    AuthorizeSecurityGroupIngressCommand,
    CreateDhcpOptionsCommand,
    CreateFlowLogsCommand,
    CreateNetworkInterfaceCommand,
    CreateTagsCommand,
    CreateVpcEndpointCommand,
    DeleteSecurityGroupCommand,
    DeleteVpcEndpointsCommand,
    DescribeTagsCommand,
    type ResourceType,
    type TagDescription,
} from "@aws-sdk/client-ec2";
import { given, Network, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto tags", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("have AWS's names of the types, and go with their resources", async () => {
        const network = await Network.create();
        const { ec2, vpcId: VpcId } = network;
        const igw = await network.internetGateway();
        const subnet = await network.subnet("10.0.0.0/24");
        const address = await network.address();
        const nat = given((await network.natGateway(subnet, address)).NatGatewayId);
        const group = await network.securityGroup("group");
        const rule = { IpProtocol: "tcp", FromPort: 1, ToPort: 1, IpRanges: [{ CidrIp: "10.0.0.0/8" }] };
        const authorized = await ec2.send(
            new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: [rule] }),
        );
        const ruleId = given(authorized.SecurityGroupRules?.[0]?.SecurityGroupRuleId);
        const gateway = { VpcId, ServiceName: `com.amazonaws.${REGION}.s3` };
        const endpoint = given(
            (await ec2.send(new CreateVpcEndpointCommand(gateway))).VpcEndpoint?.VpcEndpointId,
        );
        const eni = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
        const DhcpConfigurations = [{ Key: "domain-name-servers", Values: ["10.0.0.53"] }];
        const dhcp = await ec2.send(new CreateDhcpOptionsCommand({ DhcpConfigurations }));
        const flowLogs = await ec2.send(
            new CreateFlowLogsCommand({
                ResourceType: "VPC",
                ResourceIds: [VpcId],
                TrafficType: "ALL",
                LogGroupName: "group",
                DeliverLogsPermissionArn: "arn:aws:iam::123456789012:role/flow-logs",
            }),
        );
        const kinds: Record<string, ResourceType> = {
            [VpcId]: "vpc",
            [subnet]: "subnet",
            [igw]: "internet-gateway",
            [address]: "elastic-ip",
            [nat]: "natgateway",
            [await network.routeTable()]: "route-table",
            [group]: "security-group",
            [ruleId]: "security-group-rule",
            [endpoint]: "vpc-endpoint",
            [given(eni.NetworkInterface?.NetworkInterfaceId)]: "network-interface",
            [given(dhcp.DhcpOptions?.DhcpOptionsId)]: "dhcp-options",
            [given(flowLogs.FlowLogIds?.[0])]: "vpc-flow-log",
        };
        const mark = { Key: "Mark", Value: VpcId };
        const Resources = Object.keys(kinds);
        await ec2.send(new CreateTagsCommand({ Resources, Tags: [mark, { Key: "Other", Value: "x" }] }));

        const find = async (...Filters: { Name: string; Values: string[] }[]): Promise<TagDescription[]> =>
            given((await ec2.send(new DescribeTagsCommand({ Filters }))).Tags);
        const byPair = { Name: "tag:Mark", Values: [VpcId] };
        const types = new Map((await find(byPair)).map((tag) => [tag.ResourceId, tag.ResourceType]));
        assert.deepEqual(Object.fromEntries(types), kinds);
        for (const [id, kind] of Object.entries(kinds)) {
            const found = await find(byPair, { Name: "resource-type", Values: [kind] });
            assert.deepEqual(found, [{ ...mark, ResourceId: id, ResourceType: kind }]);
        }
        const byType = { Name: "resource-type", Values: ["elastic-ip"] };
        assert.deepEqual(
            await find({ Name: "key", Values: ["Mark"] }, { Name: "value", Values: [VpcId] }, byType),
            [{ ...mark, ResourceId: address, ResourceType: "elastic-ip" }],
        );

        await ec2.send(new DeleteSecurityGroupCommand({ GroupId: group }));
        await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [endpoint] }));
        const left = (await find(byPair)).map(({ ResourceId }) => given(ResourceId));
        const deleted = Object.keys(kinds).filter((id) => !left.includes(id));
        assert.deepEqual(deleted.sort(), [group, ruleId, endpoint].sort());
    });
});
