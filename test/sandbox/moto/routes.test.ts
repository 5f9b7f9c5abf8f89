import * as assert from "node:assert/strict";
import {
    AssociateRouteTableCommand,
    AttachInternetGatewayCommand,
    CreateNetworkInterfaceCommand,
    CreateRouteCommand,
    CreateVpcEndpointCommand,
    DeleteInternetGatewayCommand,
    DeleteNetworkInterfaceCommand,
    DeleteRouteCommand,
    DeleteRouteTableCommand,
    DeleteSubnetCommand,
    DescribeRouteTablesCommand,
    DetachInternetGatewayCommand,
    DisassociateRouteTableCommand,
    ReplaceRouteCommand,
    ReplaceRouteTableAssociationCommand,
    type Route,
} from "@aws-sdk/client-ec2";
import { given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

const DEFAULT = "0.0.0.0/0";

describe("sandbox/moto routes", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    const defaultRoute = async (network: Network, table: string): Promise<Route | undefined> =>
        (await network.routes(table)).find((route) => route.DestinationCidrBlock === DEFAULT);

    it("of a new table are the VPC's own", async () => {
        const network = await Network.create();
        assert.deepEqual(await network.routes(await network.routeTable()), [
            {
                DestinationCidrBlock: "10.0.0.0/16",
                GatewayId: "local",
                Origin: "CreateRouteTable",
                State: "active",
            },
        ]);
    });

    it("turn into blackholes when the internet gateway is detached, and back when it is attached again", async () => {
        const network = await Network.create();
        const InternetGatewayId = await network.internetGateway();
        const table = await network.routeTable();
        const { ec2, vpcId: VpcId } = network;
        const route = { RouteTableId: table, DestinationCidrBlock: DEFAULT, GatewayId: InternetGatewayId };
        await ec2.send(new CreateRouteCommand(route));
        assert.equal((await defaultRoute(network, table))?.State, "active");
        await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        assert.equal((await defaultRoute(network, table))?.State, "blackhole");
        await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        assert.equal((await defaultRoute(network, table))?.State, "active");
        await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
        assert.deepEqual(await defaultRoute(network, table), {
            DestinationCidrBlock: DEFAULT,
            GatewayId: InternetGatewayId,
            Origin: "CreateRoute",
            State: "blackhole",
        });
    });

    it("lead nowhere by an interface that is attached to nothing, or gone", async () => {
        const network = await Network.create();
        const SubnetId = await network.subnet("10.0.0.0/24");
        const { ec2 } = network;
        const { NetworkInterface } = await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId }));
        const NetworkInterfaceId = given(NetworkInterface?.NetworkInterfaceId);
        const table = await network.routeTable();
        const route = { RouteTableId: table, DestinationCidrBlock: DEFAULT, NetworkInterfaceId };
        await ec2.send(new CreateRouteCommand(route));
        assert.equal((await defaultRoute(network, table))?.State, "blackhole");
        await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
        assert.equal((await defaultRoute(network, table))?.NetworkInterfaceId, NetworkInterfaceId);
        assert.equal((await defaultRoute(network, table))?.State, "blackhole");
    });

    it("are replaced, and created only once", async () => {
        const network = await Network.create();
        const GatewayId = await network.internetGateway();
        const nat = await network.natGateway(await network.subnet("10.0.0.0/24"), await network.address());
        const table = await network.routeTable();
        const { ec2 } = network;
        const destination = { RouteTableId: table, DestinationCidrBlock: DEFAULT };
        await refused(
            ec2.send(new ReplaceRouteCommand({ ...destination, GatewayId })),
            "InvalidParameterValue",
            /no route defined/,
        );
        await ec2.send(new CreateRouteCommand({ ...destination, GatewayId }));
        await refused(ec2.send(new CreateRouteCommand({ ...destination, GatewayId })), "RouteAlreadyExists");
        await ec2.send(new ReplaceRouteCommand({ ...destination, NatGatewayId: nat.NatGatewayId }));
        assert.deepEqual(await defaultRoute(network, table), {
            DestinationCidrBlock: DEFAULT,
            NatGatewayId: nat.NatGatewayId,
            Origin: "CreateRoute",
            State: "active",
        });
        await ec2.send(new DeleteRouteCommand(destination));
        assert.equal(await defaultRoute(network, table), undefined);
        await refused(ec2.send(new DeleteRouteCommand(destination)), "InvalidRoute.NotFound");
    });

    it("lose their host bits", async () => {
        const network = await Network.create();
        const GatewayId = await network.internetGateway();
        const table = await network.routeTable();
        const { ec2 } = network;
        const create = (DestinationCidrBlock: string) =>
            ec2.send(new CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock, GatewayId }));
        await create("192.168.1.1/16");
        const destinations = (await network.routes(table)).map((route) => route.DestinationCidrBlock);
        assert.deepEqual(destinations, ["10.0.0.0/16", "192.168.0.0/16"]);
        await refused(create("192.168.0.0/16"), "RouteAlreadyExists");
    });

    it("need a target of their own network, exactly one", async () => {
        const [network, other] = [await Network.create(), await Network.create()];
        const foreign = await other.internetGateway();
        const RouteTableId = await network.routeTable();
        const create = (target: object) =>
            network.ec2.send(
                new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: DEFAULT, ...target }),
            );
        await refused(
            create({ GatewayId: foreign }),
            "InvalidParameterValue",
            /belong to different networks/,
        );
        await refused(create({ NatGatewayId: "nat-00000000000000000" }), "InvalidNatGatewayID.NotFound");
        await refused(create({ GatewayId: "igw-00000000000000000" }), "InvalidInternetGatewayID.NotFound");
        await refused(create({}), "MissingParameter");
        const both = { GatewayId: foreign, NatGatewayId: "nat-00000000000000000" };
        await refused(create(both), "InvalidParameterCombination");
        const local = { RouteTableId, DestinationCidrBlock: "10.0.0.0/16" };
        await refused(
            network.ec2.send(new DeleteRouteCommand(local)),
            "InvalidParameterValue",
            /cannot remove local route/,
        );
    });

    it("of a gateway endpoint belong to the endpoint", async () => {
        const network = await Network.create();
        const { ec2, vpcId: VpcId } = network;
        const RouteTableId = await network.routeTable();
        const service = { VpcId, ServiceName: `com.amazonaws.${REGION}.s3`, RouteTableIds: [RouteTableId] };
        const { VpcEndpoint } = await ec2.send(new CreateVpcEndpointCommand(service));
        const route = (await network.routes(RouteTableId)).find(
            (r) => r.DestinationPrefixListId !== undefined,
        );
        assert.equal(route?.GatewayId, VpcEndpoint?.VpcEndpointId);
        const { DestinationPrefixListId } = given(route);
        await refused(
            ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationPrefixListId })),
            "InvalidParameterValue",
            /cannot remove VPC endpoint route vpce-/,
        );
        const another = { RouteTableId: await network.routeTable(), DestinationPrefixListId };
        await refused(
            ec2.send(new CreateRouteCommand({ ...another, GatewayId: route?.GatewayId })),
            "InvalidParameterValue",
            /targeting a VPC Endpoint/,
        );
    });
});

describe("sandbox/moto route tables", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("hold a subnet until it is moved by its association", async () => {
        const network = await Network.create();
        const SubnetId = await network.subnet("10.0.0.0/24");
        const [one, two] = [await network.routeTable(), await network.routeTable()];
        const { ec2 } = network;
        const { AssociationId } = await ec2.send(
            new AssociateRouteTableCommand({ RouteTableId: one, SubnetId }),
        );
        const again = await ec2.send(new AssociateRouteTableCommand({ RouteTableId: one, SubnetId }));
        assert.equal(again.AssociationId, AssociationId);
        await refused(
            ec2.send(new AssociateRouteTableCommand({ RouteTableId: two, SubnetId })),
            "Resource.AlreadyAssociated",
            /conflicts with an existing association/,
        );
        await refused(ec2.send(new DeleteRouteTableCommand({ RouteTableId: one })), "DependencyViolation");

        const moved = await ec2.send(
            new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId: two }),
        );
        assert.notEqual(moved.NewAssociationId, AssociationId);
        const { RouteTables } = await ec2.send(
            new DescribeRouteTablesCommand({
                Filters: [{ Name: "association.subnet-id", Values: [SubnetId] }],
            }),
        );
        assert.deepEqual(
            RouteTables?.map((table) => [table.RouteTableId, table.Associations]),
            [
                [
                    two,
                    [
                        {
                            AssociationState: { State: "associated" },
                            Main: false,
                            RouteTableAssociationId: moved.NewAssociationId,
                            RouteTableId: two,
                            SubnetId,
                        },
                    ],
                ],
            ],
        );
        await ec2.send(new DeleteRouteTableCommand({ RouteTableId: one }));
        await refused(
            ec2.send(new DisassociateRouteTableCommand({ AssociationId })),
            "InvalidAssociationID.NotFound",
        );
        await ec2.send(new DisassociateRouteTableCommand({ AssociationId: moved.NewAssociationId }));
        await ec2.send(new DeleteRouteTableCommand({ RouteTableId: two }));
    });

    it("are freed by the deletion of their subnets", async () => {
        const network = await Network.create();
        const SubnetId = await network.subnet("10.0.0.0/24");
        const RouteTableId = await network.routeTable();
        await network.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
        await network.ec2.send(new DeleteSubnetCommand({ SubnetId }));
        await network.ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
    });

    it("do not take subnets of another VPC, and the main one stays", async () => {
        const [network, other] = [await Network.create(), await Network.create()];
        const { ec2 } = network;
        const SubnetId = await other.subnet("10.0.0.0/24");
        const RouteTableId = await network.routeTable();
        await refused(
            ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId })),
            "InvalidParameterValue",
            /belong to different networks/,
        );
        const Filters = [
            { Name: "vpc-id", Values: [network.vpcId] },
            { Name: "association.main", Values: ["true"] },
        ];
        const main = given((await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables?.[0]);
        await refused(
            ec2.send(new DeleteRouteTableCommand({ RouteTableId: main.RouteTableId })),
            "DependencyViolation",
        );
        await refused(
            ec2.send(
                new DisassociateRouteTableCommand({
                    AssociationId: main.Associations?.[0]?.RouteTableAssociationId,
                }),
            ),
            "InvalidParameterValue",
            /main route table/,
        );
    });
});
