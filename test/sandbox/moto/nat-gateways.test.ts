import * as assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
    AssociateNatGatewayAddressCommand,
    CreateNatGatewayCommand,
    CreateRouteCommand,
    DeleteNatGatewayCommand,
    DeleteNetworkInterfaceCommand,
    DeleteSubnetCommand,
    DescribeAddressesCommand,
    DescribeNatGatewaysCommand,
    DescribeNetworkInterfacesCommand,
    DisassociateAddressCommand,
    DisassociateNatGatewayAddressCommand,
    ReleaseAddressCommand,
} from "@aws-sdk/client-ec2";
import { given, Network, refused } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

describe("sandbox/moto NAT gateways", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    async function publicNetwork(): Promise<{ network: Network; subnetId: string; allocationId: string }> {
        const network = await Network.create();
        await network.internetGateway();
        return {
            network,
            subnetId: await network.subnet("10.0.0.0/24"),
            allocationId: await network.address(),
        };
    }

    it("is pending when it is created and available when it is next looked at, with its interface in the subnet", async () => {
        const { network, subnetId, allocationId } = await publicNetwork();
        const created = await network.natGateway(subnetId, allocationId);
        assert.equal(created.State, "pending");
        const nat = await network.describeNatGateway(given(created.NatGatewayId));
        assert.equal(nat.State, "available");
        assert.equal(nat.VpcId, network.vpcId);
        const [address] = given(nat.NatGatewayAddresses);
        assert.equal(address?.AllocationId, allocationId);
        assert.equal(address?.PrivateIp, "10.0.0.4");
        assert.equal(address?.Status, "succeeded");

        const { NetworkInterfaces } = await network.ec2.send(
            new DescribeNetworkInterfacesCommand({
                NetworkInterfaceIds: [given(address?.NetworkInterfaceId)],
            }),
        );
        const [eni] = given(NetworkInterfaces);
        assert.equal(eni?.PrivateIpAddress, "10.0.0.4");
        assert.equal(eni?.Status, "in-use");
        assert.equal(eni?.InterfaceType, "nat_gateway");
        assert.equal(eni?.RequesterManaged, true);
        assert.equal(eni?.Description, `Interface for NAT Gateway ${String(nat.NatGatewayId)}`);
        assert.deepEqual(eni?.Groups, []);
        assert.equal(eni?.Association?.PublicIp, address?.PublicIp);

        const { Addresses } = await network.ec2.send(
            new DescribeAddressesCommand({ AllocationIds: [allocationId] }),
        );
        assert.equal(Addresses?.[0]?.AssociationId, address?.AssociationId);
        assert.equal(Addresses?.[0]?.NetworkInterfaceId, eni?.NetworkInterfaceId);
        assert.match(given(Addresses?.[0]?.PublicIp), /^198\.1[89]\./);
    });

    it("is found by its VPC, and not by one that does not exist", async () => {
        const { network, subnetId, allocationId } = await publicNetwork();
        const { NatGatewayId } = await network.natGateway(subnetId, allocationId);
        const found = async (vpcId: string) => {
            const Filter = [{ Name: "vpc-id", Values: [vpcId] }];
            const { NatGateways } = await network.ec2.send(new DescribeNatGatewaysCommand({ Filter }));
            return NatGateways?.map((gateway) => gateway.NatGatewayId);
        };
        assert.deepEqual(await found(network.vpcId), [NatGatewayId]);
        assert.deepEqual(await found("vpc-00000000000000000"), []);
    });

    it("is found by tags", async () => {
        const { network, subnetId, allocationId } = await publicNetwork();
        const Tags = [{ Key: "Name", Value: subnetId }];
        const { NatGateway } = await network.ec2.send(
            new CreateNatGatewayCommand({
                SubnetId: subnetId,
                AllocationId: allocationId,
                TagSpecifications: [{ ResourceType: "natgateway", Tags }],
            }),
        );
        const find = async (value: string) => {
            const Filter = [{ Name: "tag:Name", Values: [value] }];
            return (await network.ec2.send(new DescribeNatGatewaysCommand({ Filter }))).NatGateways;
        };
        assert.deepEqual(
            (await find(subnetId))?.map((n) => n.NatGatewayId),
            [NatGateway?.NatGatewayId],
        );
        assert.deepEqual(await find("another"), []);
    });

    it("keeps its subnet, interface and address from being taken away", async () => {
        const { network, subnetId, allocationId } = await publicNetwork();
        const { NatGatewayId } = await network.natGateway(subnetId, allocationId);
        const nat = await network.describeNatGateway(given(NatGatewayId));
        const [address] = given(nat.NatGatewayAddresses);
        const { ec2 } = network;
        await refused(
            ec2.send(new DeleteSubnetCommand({ SubnetId: subnetId })),
            "DependencyViolation",
            /has dependencies/,
        );
        await refused(ec2.send(new ReleaseAddressCommand({ AllocationId: allocationId })), "AuthFailure");
        await refused(
            ec2.send(new DisassociateAddressCommand({ AssociationId: address?.AssociationId })),
            "AuthFailure",
        );
        const NetworkInterfaceId = address?.NetworkInterfaceId;
        await refused(
            ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId })),
            "InvalidParameterValue",
            /currently in use/,
        );
    });

    it("gives interface and address back when it is deleted, stays visible, and leaves blackholes", async () => {
        const { network, subnetId, allocationId } = await publicNetwork();
        const { NatGatewayId } = await network.natGateway(subnetId, allocationId);
        const nat = await network.describeNatGateway(given(NatGatewayId));
        const table = await network.routeTable();
        const { ec2 } = network;
        await ec2.send(
            new CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId }),
        );
        const defaultRoute = async () =>
            (await network.routes(table)).find((r) => r.DestinationCidrBlock === "0.0.0.0/0");
        assert.deepEqual(await defaultRoute(), {
            DestinationCidrBlock: "0.0.0.0/0",
            NatGatewayId,
            Origin: "CreateRoute",
            State: "active",
        });

        await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
        assert.equal((await network.describeNatGateway(given(NatGatewayId))).State, "deleted");
        assert.equal((await defaultRoute())?.State, "blackhole");
        const { Addresses } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [allocationId] }));
        assert.equal(Addresses?.[0]?.AssociationId, undefined);
        assert.equal(Addresses?.[0]?.NetworkInterfaceId, undefined);
        const NetworkInterfaceIds = [given(nat.NatGatewayAddresses?.[0]?.NetworkInterfaceId)];
        await refused(
            ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds })),
            "InvalidNetworkInterfaceID.NotFound",
        );
        await ec2.send(new ReleaseAddressCommand({ AllocationId: allocationId }));
        await ec2.send(new DeleteSubnetCommand({ SubnetId: subnetId }));
        await refused(
            ec2.send(
                new CreateRouteCommand({
                    RouteTableId: table,
                    DestinationCidrBlock: "1.1.1.0/24",
                    NatGatewayId,
                }),
            ),
            "InvalidNatGatewayID.NotFound",
        );
    });

    it("fails on an address that another one has", async () => {
        const { network, subnetId, allocationId } = await publicNetwork();
        const first = await network.natGateway(subnetId, allocationId);
        assert.equal((await network.describeNatGateway(given(first.NatGatewayId))).State, "available");
        const { NatGatewayId } = await network.natGateway(subnetId, allocationId);
        const failed = await network.describeNatGateway(given(NatGatewayId));
        assert.equal(failed.State, "failed");
        assert.equal(failed.FailureCode, "Resource.AlreadyAssociated");
        assert.equal(failed.FailureMessage, `Elastic IP address [${allocationId}] is already associated`);
    });

    it("waits for an internet gateway a little and then fails", async () => {
        const network = await Network.create();
        const subnetId = await network.subnet("10.0.0.0/24");
        const late = given((await network.natGateway(subnetId, await network.address())).NatGatewayId);
        assert.equal((await network.describeNatGateway(late)).State, "pending");
        await sleep(2100);
        const failed = await network.describeNatGateway(late);
        assert.equal(failed.State, "failed");
        assert.equal(failed.FailureCode, "Gateway.NotAttached");
        assert.equal(failed.FailureMessage, `Network ${network.vpcId} has no Internet gateway attached`);

        const inTime = given((await network.natGateway(subnetId, await network.address())).NatGatewayId);
        assert.equal((await network.describeNatGateway(inTime)).State, "pending");
        await network.internetGateway();
        assert.equal((await network.describeNatGateway(inTime)).State, "available");
    });

    it("refuses what does not exist or does not fit", async () => {
        const { network, subnetId, allocationId } = await publicNetwork();
        const { ec2 } = network;
        const NatGatewayId = "nat-00000000000000000";
        await refused(ec2.send(new DeleteNatGatewayCommand({ NatGatewayId })), "NatGatewayNotFound");
        await refused(
            ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [NatGatewayId] })),
            "NatGatewayNotFound",
        );
        await refused(
            ec2.send(new CreateNatGatewayCommand({ SubnetId: subnetId })),
            "MissingParameter",
            /AllocationId/,
        );
        await refused(
            ec2.send(
                new CreateNatGatewayCommand({
                    SubnetId: subnetId,
                    AllocationId: allocationId,
                    ConnectivityType: "private",
                }),
            ),
            "InvalidParameterCombination",
        );
        await refused(
            network.natGateway(subnetId, "eipalloc-00000000000000000"),
            "InvalidAllocationID.NotFound",
            /'eipalloc-00000000000000000' does not exist/,
        );
    });

    describe("with further addresses", () => {
        /** A NAT gateway that is available. */
        async function availableGateway() {
            const { network, subnetId, allocationId } = await publicNetwork();
            const NatGatewayId = given((await network.natGateway(subnetId, allocationId)).NatGatewayId);
            const addresses = async () =>
                given((await network.describeNatGateway(NatGatewayId)).NatGatewayAddresses);
            const primary = given((await addresses())[0]);
            const associate = async (...AllocationIds: string[]) =>
                network.ec2.send(new AssociateNatGatewayAddressCommand({ NatGatewayId, AllocationIds }));
            const disassociate = async (...ids: (string | undefined)[]) =>
                network.ec2.send(
                    new DisassociateNatGatewayAddressCommand({
                        NatGatewayId,
                        AssociationIds: ids.map((id) => given(id)),
                    }),
                );
            return { network, NatGatewayId, addresses, primary, associate, disassociate };
        }

        it("has them at its interface, each with a private address, beside the primary one", async () => {
            const { network, NatGatewayId, addresses, primary, associate } = await availableGateway();
            const AllocationId = await network.address();
            const answer = await associate(AllocationId);
            assert.equal(answer.NatGatewayId, NatGatewayId);
            const [answered] = given(answer.NatGatewayAddresses);
            assert.equal(answered?.Status, "associating");
            const [first, second, ...more] = await addresses();
            assert.deepEqual(first, primary);
            assert.deepEqual(second, {
                AllocationId,
                AssociationId: given(answered?.AssociationId),
                IsPrimary: false,
                NetworkInterfaceId: primary.NetworkInterfaceId,
                PrivateIp: "10.0.0.5",
                PublicIp: given(answered?.PublicIp),
                Status: "succeeded",
            });
            assert.deepEqual(more, []);

            const NetworkInterfaceIds = [given(primary.NetworkInterfaceId)];
            const described = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds });
            const eni = (await network.ec2.send(described)).NetworkInterfaces?.[0];
            assert.equal(eni?.Association?.PublicIp, primary.PublicIp);
            assert.deepEqual(
                eni?.PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress),
                ["10.0.0.4", "10.0.0.5"],
            );
            const held = new DescribeAddressesCommand({ AllocationIds: [AllocationId] });
            const address = (await network.ec2.send(held)).Addresses?.[0];
            assert.equal(address?.AssociationId, second?.AssociationId);
            assert.equal(address?.NetworkInterfaceId, primary.NetworkInterfaceId);
            assert.equal(address?.PrivateIpAddress, "10.0.0.5");
            await refused(network.ec2.send(new ReleaseAddressCommand({ AllocationId })), "AuthFailure");
        });

        // "While disassociating is in progress, you cannot associate/disassociate additional EIPs"
        // (API_DisassociateNatGatewayAddress); while associating it answers the same.
        it("takes one change at a time", async () => {
            const { network, addresses, associate, disassociate } = await availableGateway();
            const [one, two] = [await network.address(), await network.address()];
            await associate(one);
            await refused(
                associate(two),
                "OperationInProgress",
                new RegExp(`currently ASSOCIATING the following EIPs: \\[${one}\\]`),
            );
            assert.equal((await addresses()).length, 2);
            await associate(two);
            const [, first, second] = await addresses();
            await disassociate(first?.AssociationId);
            await refused(
                disassociate(second?.AssociationId),
                "OperationInProgress",
                new RegExp(`currently DISASSOCIATING the following EIPs: \\[${one}\\]`),
            );
            assert.deepEqual((await addresses()).map(({ AllocationId }) => AllocationId).slice(1), [two]);
        });

        it("gives one back when it is disassociated, and all when it is deleted", async () => {
            const { network, NatGatewayId, addresses, primary, associate, disassociate } =
                await availableGateway();
            const { ec2 } = network;
            const [one, two] = [await network.address(), await network.address()];
            await associate(one, two);
            const AssociationId = (await addresses())[1]?.AssociationId;
            const answer = await disassociate(AssociationId);
            assert.equal(answer.NatGatewayAddresses?.[0]?.Status, "disassociating");
            assert.deepEqual(
                (await addresses()).map(({ AllocationId }) => AllocationId),
                [primary.AllocationId, two],
            );
            await ec2.send(new ReleaseAddressCommand({ AllocationId: one }));
            await refused(disassociate(AssociationId), "InvalidParameter");
            // Its private address is free for the next one, and the primary one is as it was.
            await associate(await network.address());
            const left = await addresses();
            assert.deepEqual(left[0], primary);
            assert.equal(left[2]?.PrivateIp, "10.0.0.5");

            await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
            for (const { AllocationId } of left) await ec2.send(new ReleaseAddressCommand({ AllocationId }));
        });

        it("refuses what does not exist, is taken, or is the primary one", async () => {
            const { network, NatGatewayId, primary, associate, disassociate } = await availableGateway();
            await refused(disassociate(primary.AssociationId), "InvalidParameter", /primary/);
            await refused(associate(given(primary.AllocationId)), "Resource.AlreadyAssociated");
            await refused(associate("eipalloc-00000000000000000"), "InvalidAllocationID.NotFound");
            const free = await network.address();
            await network.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
            await refused(associate(free), "NatGatewayNotFound");
        });
    });
});
