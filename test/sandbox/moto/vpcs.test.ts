import * as assert from "node:assert/strict";
import {
    AssociateDhcpOptionsCommand,
    CreateDhcpOptionsCommand,
    CreateNetworkInterfaceCommand,
    CreateSubnetCommand,
    CreateVpcCommand,
    CreateVpcEndpointCommand,
    DeleteDhcpOptionsCommand,
    DeleteInternetGatewayCommand,
    DeleteNetworkInterfaceCommand,
    DeleteRouteTableCommand,
    DeleteSecurityGroupCommand,
    DeleteSubnetCommand,
    DeleteVpcCommand,
    DeleteVpcEndpointsCommand,
    DescribeDhcpOptionsCommand,
    DescribeNetworkAclsCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupsCommand,
    DescribeSubnetsCommand,
    DescribeVpcAttributeCommand,
    DescribeVpcBlockPublicAccessOptionsCommand,
    DescribeVpcsCommand,
    DetachInternetGatewayCommand,
    EC2Client,
    ModifySubnetAttributeCommand,
    ModifyVpcAttributeCommand,
    ModifyVpcBlockPublicAccessOptionsCommand,
} from "@aws-sdk/client-ec2";
import { clientSettings, given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto VPCs", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("change one attribute a call, hostnames after support", async () => {
        const { ec2, vpcId: VpcId } = await Network.create();
        const [on, off] = [{ Value: true }, { Value: false }];
        const modify = (change: object) => ec2.send(new ModifyVpcAttributeCommand({ VpcId, ...change }));
        await refused(
            modify({ EnableDnsSupport: on, EnableDnsHostnames: on }),
            "InvalidParameterCombination",
            /Fields for multiple attribute types specified: enableDnsHostnames, enableDnsSupport/,
        );
        const hostnames = async () =>
            (await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: "enableDnsHostnames" })))
                .EnableDnsHostnames;
        assert.deepEqual(await hostnames(), off);
        await modify({ EnableDnsSupport: off });
        await refused(modify({ EnableDnsHostnames: on }), "InvalidParameterValue", /DNS support/);
        await modify({ EnableDnsSupport: on });
        await modify({ EnableDnsHostnames: on });
        assert.deepEqual(await hostnames(), on);
    });

    it("use the region's DHCP options, which outlive them", async () => {
        const { ec2, vpcId: VpcId } = await Network.create();
        const options = async () => {
            const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] }));
            return given(Vpcs?.[0]?.DhcpOptionsId);
        };
        const standard = await options();
        const found = await ec2.send(new DescribeDhcpOptionsCommand({ DhcpOptionsIds: [standard] }));
        assert.deepEqual(found.DhcpOptions?.[0]?.DhcpConfigurations, [
            { Key: "domain-name-servers", Values: [{ Value: "AmazonProvidedDNS" }] },
            { Key: "domain-name", Values: [{ Value: "ec2.internal" }] },
        ]);
        const DhcpConfigurations = [{ Key: "domain-name-servers", Values: ["10.0.0.53"] }];
        const { DhcpOptions } = await ec2.send(new CreateDhcpOptionsCommand({ DhcpConfigurations }));
        const DhcpOptionsId = given(DhcpOptions?.DhcpOptionsId);
        await ec2.send(new AssociateDhcpOptionsCommand({ DhcpOptionsId, VpcId }));
        assert.equal(await options(), DhcpOptionsId);
        await refused(ec2.send(new DeleteDhcpOptionsCommand({ DhcpOptionsId })), "DependencyViolation");
        await ec2.send(new DeleteVpcCommand({ VpcId }));
        await ec2.send(new DescribeDhcpOptionsCommand({ DhcpOptionsIds: [standard, DhcpOptionsId] }));
        await ec2.send(new DeleteDhcpOptionsCommand({ DhcpOptionsId }));
    });

    it("show whether the account blocks public access in the region", async () => {
        const { ec2, vpcId } = await Network.create({ region: "us-west-2" });
        const state = async () =>
            (await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }))).Vpcs?.[0]?.BlockPublicAccessStates;
        assert.deepEqual(await state(), { InternetGatewayBlockMode: "off" });
        const InternetGatewayBlockMode = "block-bidirectional";
        await ec2.send(new ModifyVpcBlockPublicAccessOptionsCommand({ InternetGatewayBlockMode }));
        assert.deepEqual(await state(), { InternetGatewayBlockMode });
        const { VpcBlockPublicAccessOptions } = await ec2.send(
            new DescribeVpcBlockPublicAccessOptionsCommand({}),
        );
        assert.equal(VpcBlockPublicAccessOptions?.InternetGatewayBlockMode, InternetGatewayBlockMode);
        await ec2.send(new ModifyVpcBlockPublicAccessOptionsCommand({ InternetGatewayBlockMode: "off" }));
    });

    it("are deleted only when nothing is left in them, and take their own parts along", async () => {
        const network = await Network.create();
        const { ec2, vpcId: VpcId } = network;
        const remove = () => ec2.send(new DeleteVpcCommand({ VpcId }));
        const stays = () =>
            refused(remove(), "DependencyViolation", /has dependencies and cannot be deleted/);

        const SubnetId = await network.subnet("10.0.0.0/24");
        await stays();
        await ec2.send(new DeleteSubnetCommand({ SubnetId }));
        const InternetGatewayId = await network.internetGateway();
        await stays();
        await refused(
            ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId })),
            "DependencyViolation",
        );
        await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
        const GroupId = await network.securityGroup("extra");
        await stays();
        await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
        const RouteTableId = await network.routeTable();
        await stays();
        await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
        const ServiceName = `com.amazonaws.${REGION}.s3`;
        const { VpcEndpoint } = await ec2.send(new CreateVpcEndpointCommand({ VpcId, ServiceName }));
        await stays();
        await ec2.send(
            new DeleteVpcEndpointsCommand({ VpcEndpointIds: [given(VpcEndpoint?.VpcEndpointId)] }),
        );
        await remove();

        await refused(ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })), "InvalidVpcID.NotFound");
        const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
        assert.deepEqual((await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables, []);
        assert.deepEqual((await ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls, []);
    });

    it("are not found by name when they do not exist, each kind with its own code", async () => {
        const network = await Network.create();
        const { ec2, vpcId } = network;
        const subnet = await network.subnet("10.0.0.0/24");
        const group = await network.securityGroup("group");
        const none = "00000000000000000";
        await refused(
            ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId, `vpc-${none}`] })),
            "InvalidVpcID.NotFound",
            /'vpc-0+' does not exist/,
        );
        await refused(
            ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnet, `subnet-${none}`] })),
            "InvalidSubnetID.NotFound",
            /'subnet-0+' does not exist/,
        );
        await refused(
            ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [group, `sg-${none}`] })),
            "InvalidGroup.NotFound",
            /'sg-0+' does not exist/,
        );
    });

    it("lose their host bits", async () => {
        const ec2 = new EC2Client(await clientSettings());
        const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.5.1.1/16" }));
        assert.equal(Vpc?.CidrBlock, "10.5.0.0/16");
    });
});

describe("sandbox/moto subnets", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("lie in the VPC, in a zone of the region, apart from each other, from /16 to /28", async () => {
        const network = await Network.create();
        await network.subnet("10.0.0.0/24");
        await refused(
            network.subnet("10.0.0.128/25"),
            "InvalidSubnet.Conflict",
            /conflicts with another subnet/,
        );
        await refused(network.subnet("10.1.0.0/24"), "InvalidSubnet.Range");
        await refused(network.subnet("10.0.1.0/29"), "InvalidSubnet.Range");
        await refused(
            network.subnet("10.0.1.0/24", "eu-west-1a"),
            "InvalidParameterValue",
            /us-east-1a, us-east-1b/,
        );
        await refused(network.subnet("nonsense"), "InvalidParameterValue", /cidrBlock/);
        const { Subnet } = await network.ec2.send(
            new CreateSubnetCommand({ VpcId: network.vpcId, CidrBlock: "10.0.2.7/24" }),
        );
        assert.equal(Subnet?.CidrBlock, "10.0.2.0/24");
        assert.equal(Subnet?.MapPublicIpOnLaunch, false);
        assert.equal(Subnet?.DefaultForAz, false);
    });

    it("change one attribute a call", async () => {
        const network = await Network.create();
        const SubnetId = await network.subnet("10.0.0.0/24");
        const modify = (change: object) =>
            network.ec2.send(new ModifySubnetAttributeCommand({ SubnetId, ...change }));
        await modify({ MapPublicIpOnLaunch: { Value: true } });
        await modify({ PrivateDnsHostnameTypeOnLaunch: "resource-name" });
        await modify({ EnableResourceNameDnsARecordOnLaunch: { Value: true } });
        const { Subnets } = await network.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
        assert.equal(Subnets?.[0]?.MapPublicIpOnLaunch, true);
        assert.equal(Subnets?.[0]?.PrivateDnsNameOptionsOnLaunch?.HostnameType, "resource-name");
        assert.equal(Subnets?.[0]?.PrivateDnsNameOptionsOnLaunch?.EnableResourceNameDnsARecord, true);
        const on = { Value: true };
        await refused(modify({ MapPublicIpOnLaunch: on, EnableDns64: on }), "InvalidParameterCombination");
    });

    it("hand out their addresses in order, and run out of them", async () => {
        const network = await Network.create();
        const SubnetId = await network.subnet("10.0.0.0/28");
        const { ec2 } = network;
        const create = async (input: object = {}) => {
            const command = new CreateNetworkInterfaceCommand({ SubnetId, ...input });
            return given((await ec2.send(command)).NetworkInterface);
        };
        const free = async () =>
            (await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }))).Subnets?.[0]
                ?.AvailableIpAddressCount;
        assert.equal(await free(), 11);
        const first = await create();
        assert.equal(first.PrivateIpAddress, "10.0.0.4");
        assert.equal(first.Status, "available");
        await refused(create({ PrivateIpAddress: "10.0.0.4" }), "InvalidIPAddress.InUse");
        await refused(create({ PrivateIpAddress: "10.0.1.4" }), "InvalidParameterValue", /address range/);
        for (let count = 1; count < 11; count++) {
            await create();
        }
        assert.equal(await free(), 0);
        await refused(create(), "InsufficientFreeAddressesInSubnet");
        await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: first.NetworkInterfaceId }));
        assert.equal((await create()).PrivateIpAddress, "10.0.0.4");
    });
});
