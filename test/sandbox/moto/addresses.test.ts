import * as assert from "node:assert/strict";
import {
    AllocateAddressCommand,
    AssociateAddressCommand,
    AttachInternetGatewayCommand,
    CreateInternetGatewayCommand,
    CreateNetworkInterfaceCommand,
    DescribeAddressesCommand,
    DescribeInternetGatewaysCommand,
    DescribeNetworkInterfacesCommand,
    DetachInternetGatewayCommand,
    DisassociateAddressCommand,
    ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto Elastic IP addresses", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("are public, each its own, and belong to the region", async () => {
        const { ec2 } = await Network.create();
        const [one, two] = [
            await ec2.send(new AllocateAddressCommand({ Domain: "vpc" })),
            await ec2.send(new AllocateAddressCommand({ Domain: "vpc" })),
        ];
        assert.notEqual(one.PublicIp, two.PublicIp);
        assert.equal(one.NetworkBorderGroup, REGION);
        const { Addresses } = await ec2.send(
            new DescribeAddressesCommand({ AllocationIds: [given(one.AllocationId)] }),
        );
        assert.equal(Addresses?.[0]?.PublicIpv4Pool, "amazon");
        assert.equal(Addresses?.[0]?.AssociationId, undefined);
        const unknown = { AllocationIds: ["eipalloc-00000000000000000"] };
        await refused(ec2.send(new DescribeAddressesCommand(unknown)), "InvalidAllocationID.NotFound");
    });

    it("need an internet gateway, and hold it and their interface", async () => {
        const network = await Network.create();
        const { ec2, vpcId: VpcId } = network;
        const SubnetId = await network.subnet("10.0.0.0/24");
        const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
        const NetworkInterfaceId = given(NetworkInterface?.NetworkInterfaceId);
        const AllocationId = await network.address();
        const associate = () => ec2.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
        await refused(associate(), "Gateway.NotAttached", /is not attached to any internet gateway/);
        const InternetGatewayId = await network.internetGateway();
        const { AssociationId } = await associate();
        const described = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] });
        const association = (await ec2.send(described)).NetworkInterfaces?.[0]?.Association;
        assert.equal(association?.AllocationId, AllocationId);
        assert.equal(association?.AssociationId, AssociationId);
        await refused(
            ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })),
            "DependencyViolation",
            /has some mapped public address\(es\)/,
        );
        await refused(ec2.send(new ReleaseAddressCommand({ AllocationId })), "InvalidIPAddress.InUse");
        await ec2.send(new DisassociateAddressCommand({ AssociationId }));
        await ec2.send(new ReleaseAddressCommand({ AllocationId }));
        await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    });
});

describe("sandbox/moto internet gateways", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("are one for each VPC", async () => {
        const network = await Network.create();
        const { ec2, vpcId: VpcId } = network;
        const InternetGatewayId = await network.internetGateway();
        await refused(
            ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId })),
            "Resource.AlreadyAssociated",
            /is already attached to network vpc-/,
        );
        const second = (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway
            ?.InternetGatewayId;
        await refused(
            ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: second, VpcId })),
            "InvalidParameterValue",
            /already has an internet gateway attached/,
        );
        const Filters = [{ Name: "attachment.vpc-id", Values: [VpcId] }];
        const { InternetGateways } = await ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
        assert.deepEqual(
            InternetGateways?.map((gateway) => gateway.Attachments),
            [[{ State: "available", VpcId }]],
        );
        await refused(
            ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: second, VpcId })),
            "Gateway.NotAttached",
        );
    });
});
