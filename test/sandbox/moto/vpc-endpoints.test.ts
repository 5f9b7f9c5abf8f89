import * as assert from "node:assert/strict";
import {
    AssociateRouteTableCommand,
    CreateVpcEndpointCommand,
    type CreateVpcEndpointCommandInput,
    DeleteRouteTableCommand,
    DeleteSecurityGroupCommand,
    DeleteSubnetCommand,
    DeleteVpcEndpointsCommand,
    DescribeManagedPrefixListsCommand,
    DescribeNetworkInterfacesCommand,
    DescribePrefixListsCommand,
    DescribeVpcEndpointServicesCommand,
    DescribeVpcEndpointsCommand,
    GetManagedPrefixListEntriesCommand,
    ModifyVpcAttributeCommand,
    ModifyVpcEndpointCommand,
    type NetworkInterface,
    type VpcEndpoint,
} from "@aws-sdk/client-ec2";
import { given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

const service = (name: string): string => `com.amazonaws.${REGION}.${name}`;

async function create(network: Network, input: Partial<CreateVpcEndpointCommandInput>): Promise<VpcEndpoint> {
    const { ec2, vpcId: VpcId } = network;
    const whole = { VpcId, VpcEndpointType: "Interface", ServiceName: service("ssm"), ...input } as const;
    return given((await ec2.send(new CreateVpcEndpointCommand(whole))).VpcEndpoint);
}

async function describeEndpoint(network: Network, id: string | undefined): Promise<VpcEndpoint> {
    const input = { VpcEndpointIds: [given(id)] };
    return given((await network.ec2.send(new DescribeVpcEndpointsCommand(input))).VpcEndpoints?.[0]);
}

async function interfaces(network: Network): Promise<NetworkInterface[]> {
    const Filters = [{ Name: "vpc-id", Values: [network.vpcId] }];
    return given(
        (await network.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }))).NetworkInterfaces,
    );
}

describe("sandbox/moto interface endpoints", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("have an interface in each subnet with the endpoint's groups, names, and a policy", async () => {
        const network = await Network.create({ dns: true });
        const subnets = [
            await network.subnet("10.0.0.0/24"),
            await network.subnet("10.0.1.0/24", `${REGION}b`),
        ];
        const group = await network.securityGroup("endpoints");
        const Tags = [{ Key: "Name", Value: "ssm" }];
        const created = await create(network, {
            SubnetIds: subnets,
            SecurityGroupIds: [group],
            PrivateDnsEnabled: true,
            TagSpecifications: [{ ResourceType: "vpc-endpoint", Tags }],
        });
        assert.equal(created.State, "pending");
        const endpoint = await describeEndpoint(network, created.VpcEndpointId);
        assert.equal(endpoint.State, "available");
        assert.equal(endpoint.VpcEndpointType, "Interface");
        assert.equal(endpoint.PrivateDnsEnabled, true);
        assert.equal(endpoint.RequesterManaged, false);
        assert.equal(endpoint.IpAddressType, "ipv4");
        assert.deepEqual(endpoint.SubnetIds, subnets);
        assert.deepEqual(endpoint.Groups, [{ GroupId: group, GroupName: "endpoints" }]);
        assert.deepEqual(endpoint.Tags, Tags);
        assert.deepEqual(endpoint.RouteTableIds, []);
        assert.deepEqual(JSON.parse(given(endpoint.PolicyDocument)), {
            Version: "2008-10-17",
            Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
        });
        const names = given(endpoint.DnsEntries).map((entry) => given(entry.DnsName));
        const own = new RegExp(
            `^${String(endpoint.VpcEndpointId)}-[0-9a-f]{8}(-us-east-1[ab])?\\.ssm\\.us-east-1\\.vpce\\.`,
        );
        assert.equal(names.filter((name) => own.test(name)).length, 3);
        assert.ok(names.includes("ssm.us-east-1.amazonaws.com"));

        const found = await interfaces(network);
        assert.deepEqual(
            found.map((eni) => eni.NetworkInterfaceId).sort(),
            [...given(endpoint.NetworkInterfaceIds)].sort(),
        );
        for (const eni of found) {
            assert.equal(eni.Description, `VPC Endpoint Interface ${String(endpoint.VpcEndpointId)}`);
            assert.equal(eni.InterfaceType, "vpc_endpoint");
            assert.equal(eni.Status, "in-use");
            assert.deepEqual(eni.Groups, [{ GroupId: group, GroupName: "endpoints" }]);
        }
        assert.deepEqual(found.map((eni) => eni.PrivateIpAddress).sort(), ["10.0.0.4", "10.0.1.4"]);
    });

    it("change by ModifyVpcEndpoint: subnets, groups, private names, policy", async () => {
        const network = await Network.create({ dns: true });
        const [a, b] = [
            await network.subnet("10.0.0.0/24"),
            await network.subnet("10.0.1.0/24", `${REGION}b`),
        ];
        const [one, two] = [await network.securityGroup("one"), await network.securityGroup("two")];
        const { VpcEndpointId } = await create(network, {
            SubnetIds: [a],
            SecurityGroupIds: [one],
            PrivateDnsEnabled: false,
        });
        const modify = (input: object) =>
            network.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...input }));
        assert.equal((await describeEndpoint(network, VpcEndpointId)).PrivateDnsEnabled, false);

        const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
        await modify({
            PrivateDnsEnabled: true,
            AddSubnetIds: [b],
            AddSecurityGroupIds: [two],
            PolicyDocument,
        });
        let endpoint = await describeEndpoint(network, VpcEndpointId);
        assert.equal(endpoint.PrivateDnsEnabled, true);
        assert.ok(endpoint.DnsEntries?.some((entry) => entry.DnsName === "ssm.us-east-1.amazonaws.com"));
        assert.deepEqual(endpoint.SubnetIds, [a, b]);
        assert.equal(endpoint.PolicyDocument, PolicyDocument);
        assert.deepEqual(
            (await interfaces(network)).map((eni) => eni.Groups?.map((group) => group.GroupId)),
            [
                [one, two],
                [one, two],
            ],
        );

        await modify({
            RemoveSubnetIds: [a],
            RemoveSecurityGroupIds: [one],
            PrivateDnsEnabled: false,
            ResetPolicy: true,
        });
        endpoint = await describeEndpoint(network, VpcEndpointId);
        assert.equal(endpoint.PrivateDnsEnabled, false);
        assert.deepEqual(endpoint.SubnetIds, [b]);
        assert.notEqual(endpoint.PolicyDocument, PolicyDocument);
        assert.deepEqual(
            (await interfaces(network)).map((eni) => [eni.SubnetId, eni.Groups?.[0]?.GroupId]),
            [[b, two]],
        );
        await network.ec2.send(new DeleteSecurityGroupCommand({ GroupId: one }));
        await refused(
            network.ec2.send(new DeleteSecurityGroupCommand({ GroupId: two })),
            "DependencyViolation",
        );
        await refused(
            modify({ RemoveSecurityGroupIds: [two] }),
            "InvalidParameter",
            /at least one security group/,
        );
        await refused(
            modify({ AddRouteTableIds: [await network.routeTable()] }),
            "InvalidParameter",
            /Gateway type/,
        );
    });

    it("need DNS support and hostnames for private names", async () => {
        const network = await Network.create();
        const SubnetIds = [await network.subnet("10.0.0.0/24")];
        const message =
            /requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for vpc-/;
        await refused(create(network, { SubnetIds, PrivateDnsEnabled: true }), "InvalidParameter", message);
        // Left out means on.
        await refused(create(network, { SubnetIds }), "InvalidParameter", message);
        const { VpcEndpointId } = await create(network, { SubnetIds, PrivateDnsEnabled: false });
        const enable = new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: true });
        await refused(network.ec2.send(enable), "InvalidParameter", message);
        assert.deepEqual((await interfaces(network)).length, 1);
        const VpcId = network.vpcId;
        await network.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
        await network.ec2.send(enable);
    });

    it("share a private name with no other endpoint of the VPC", async () => {
        const network = await Network.create({ dns: true });
        const SubnetIds = [await network.subnet("10.0.0.0/24")];
        const first = await create(network, { SubnetIds, PrivateDnsEnabled: true });
        await refused(
            create(network, { SubnetIds, PrivateDnsEnabled: true }),
            "InvalidParameter",
            /already a conflicting DNS domain for ssm\.us-east-1\.amazonaws\.com in the VPC vpc-/,
        );
        const second = await create(network, { SubnetIds, PrivateDnsEnabled: false });
        await network.ec2.send(
            new DeleteVpcEndpointsCommand({ VpcEndpointIds: [given(first.VpcEndpointId)] }),
        );
        await network.ec2.send(
            new ModifyVpcEndpointCommand({ VpcEndpointId: second.VpcEndpointId, PrivateDnsEnabled: true }),
        );
    });

    it("take the VPC's default group when none is given, and are gone when deleted", async () => {
        const network = await Network.create({ dns: true });
        const subnet = await network.subnet("10.0.0.0/24");
        const { VpcEndpointId } = await create(network, { SubnetIds: [subnet] });
        assert.deepEqual(
            (await describeEndpoint(network, VpcEndpointId)).Groups?.map((g) => g.GroupName),
            ["default"],
        );
        await refused(network.ec2.send(new DeleteSubnetCommand({ SubnetId: subnet })), "DependencyViolation");
        const id = given(VpcEndpointId);
        const deleted = await network.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
        assert.deepEqual(deleted.Unsuccessful, []);
        assert.deepEqual(await interfaces(network), []);
        await refused(describeEndpoint(network, id), "InvalidVpcEndpointId.NotFound");
        const again = await network.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
        assert.equal(again.Unsuccessful?.[0]?.Error?.Code, "InvalidVpcEndpoint.NotFound");
        await network.ec2.send(new DeleteSubnetCommand({ SubnetId: subnet }));
    });

    it("refuse what does not exist or does not fit", async () => {
        const [network, other] = [await Network.create({ dns: true }), await Network.create()];
        const subnets = [await network.subnet("10.0.0.0/24"), await network.subnet("10.0.1.0/24")];
        const foreign = [await other.subnet("10.0.0.0/24")];
        await refused(create(network, { SubnetIds: subnets }), "DuplicateSubnetsInSameZone");
        await refused(create(network, { SubnetIds: foreign }), "InvalidParameter", /does not belong to VPC/);
        await refused(create(network, { ServiceName: service("nothing") }), "InvalidServiceName");
        await refused(
            create(network, { VpcEndpointType: "Gateway" }),
            "InvalidParameter",
            /Endpoint type \(Gateway\) does not match available service types \(\[Interface\]\)/,
        );
        const SecurityGroupIds = [await other.securityGroup("foreign")];
        await refused(create(network, { SecurityGroupIds }), "InvalidParameter", /does not belong to VPC/);
        assert.deepEqual(await interfaces(network), []);
    });
});

describe("sandbox/moto gateway endpoints", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    async function prefixList(network: Network, name: string): Promise<string> {
        const Filters = [{ Name: "prefix-list-name", Values: [service(name)] }];
        const { PrefixLists } = await network.ec2.send(new DescribeManagedPrefixListsCommand({ Filters }));
        return given(PrefixLists?.[0]?.PrefixListId);
    }

    const endpointRoutes = async (network: Network, table: string) =>
        (await network.routes(table)).filter((route) => route.DestinationPrefixListId !== undefined);

    for (const name of ["s3", "dynamodb"]) {
        it(`put the routes of ${name} on their tables, and take them away`, async () => {
            const network = await Network.create();
            const [one, two] = [await network.routeTable(), await network.routeTable()];
            const created = await create(network, {
                VpcEndpointType: "Gateway",
                ServiceName: service(name),
                RouteTableIds: [one],
            });
            assert.equal(created.State, "available");
            assert.equal(created.PrivateDnsEnabled, false);
            const { VpcEndpointId } = created;
            const expected = {
                DestinationPrefixListId: await prefixList(network, name),
                GatewayId: VpcEndpointId,
                Origin: "CreateRoute",
                State: "active",
            };
            assert.deepEqual(await endpointRoutes(network, one), [expected]);

            const modify = (input: object) =>
                network.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...input }));
            await modify({ AddRouteTableIds: [two] });
            assert.deepEqual(await endpointRoutes(network, two), [expected]);
            await modify({ RemoveRouteTableIds: [one] });
            assert.deepEqual(await endpointRoutes(network, one), []);
            assert.deepEqual((await describeEndpoint(network, VpcEndpointId)).RouteTableIds, [two]);
            await refused(
                create(network, {
                    VpcEndpointType: "Gateway",
                    ServiceName: service(name),
                    RouteTableIds: [two],
                }),
                "RouteAlreadyExists",
                /already has a route with destination-prefix-list-id pl-/,
            );
            await network.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [given(VpcEndpointId)] }));
            assert.deepEqual(await endpointRoutes(network, two), []);
        });
    }

    it("forget a table that is deleted", async () => {
        const network = await Network.create();
        const RouteTableId = await network.routeTable();
        const SubnetId = await network.subnet("10.0.0.0/24");
        const { VpcEndpointId } = await create(network, {
            VpcEndpointType: "Gateway",
            ServiceName: service("s3"),
            RouteTableIds: [RouteTableId],
        });
        await network.ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
        await network.ec2.send(new DeleteSubnetCommand({ SubnetId }));
        await network.ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
        assert.deepEqual((await describeEndpoint(network, VpcEndpointId)).RouteTableIds, []);
        await network.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [given(VpcEndpointId)] }));
    });

    it("have no subnets, groups or private names", async () => {
        const network = await Network.create({ dns: true });
        const gateway = { VpcEndpointType: "Gateway", ServiceName: service("s3") } as const;
        const SubnetIds = [await network.subnet("10.0.0.0/24")];
        await refused(create(network, { ...gateway, SubnetIds }), "InvalidParameter", /Interface type/);
        const SecurityGroupIds = [await network.securityGroup("unused")];
        await refused(
            create(network, { ...gateway, SecurityGroupIds }),
            "InvalidParameter",
            /Interface type/,
        );
    });

    it("are described by prefix lists with their ranges", async () => {
        const { ec2 } = await Network.create();
        const { PrefixLists } = await ec2.send(new DescribePrefixListsCommand({}));
        assert.deepEqual(PrefixLists?.map((list) => list.PrefixListName).sort(), [
            service("dynamodb"),
            service("s3"),
        ]);
        for (const { PrefixListId, Cidrs } of given(PrefixLists)) {
            const { Entries } = await ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId }));
            assert.deepEqual(
                Cidrs,
                Entries?.map((entry) => entry.Cidr),
            );
            assert.ok(given(Cidrs).length > 0);
        }
        const PrefixListId = "pl-00000000000000000";
        await refused(
            ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId })),
            "InvalidPrefixListID.NotFound",
        );
    });
});

describe("sandbox/moto endpoint services", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("have AWS's types, zones and private names", async () => {
        const { ec2 } = await Network.create();
        const names = [
            "ssm",
            "ssmmessages",
            "logs",
            "kms",
            "sts",
            "ecr.api",
            "ecr.dkr",
            "sagemaker.api",
            "s3",
        ].map(service);
        const { ServiceDetails } = await ec2.send(
            new DescribeVpcEndpointServicesCommand({ ServiceNames: names }),
        );
        const shown = given(ServiceDetails).map((details) => [
            details.ServiceName,
            details.ServiceType?.[0]?.ServiceType,
            details.PrivateDnsName,
        ]);
        assert.deepEqual(shown, [
            [service("ecr.api"), "Interface", "api.ecr.us-east-1.amazonaws.com"],
            [service("ecr.dkr"), "Interface", "*.dkr.ecr.us-east-1.amazonaws.com"],
            [service("kms"), "Interface", "kms.us-east-1.amazonaws.com"],
            [service("logs"), "Interface", "logs.us-east-1.amazonaws.com"],
            [service("s3"), "Gateway", undefined],
            [service("s3"), "Interface", "s3.us-east-1.amazonaws.com"],
            [service("sagemaker.api"), "Interface", "api.sagemaker.us-east-1.amazonaws.com"],
            [service("ssm"), "Interface", "ssm.us-east-1.amazonaws.com"],
            [service("ssmmessages"), "Interface", "ssmmessages.us-east-1.amazonaws.com"],
            [service("sts"), "Interface", "sts.us-east-1.amazonaws.com"],
        ]);
        assert.ok(
            given(ServiceDetails).every((details) => details.AvailabilityZones?.includes(`${REGION}a`)),
        );
        const unknown = { ServiceNames: [service("nothing")] };
        await refused(ec2.send(new DescribeVpcEndpointServicesCommand(unknown)), "InvalidServiceName");
    });

    it("exist in other regions under the region's names", async () => {
        const { ec2 } = await Network.create({ region: "eu-west-1" });
        const Filters = [{ Name: "service-name", Values: ["com.amazonaws.eu-west-1.ssm"] }];
        const { ServiceDetails } = await ec2.send(new DescribeVpcEndpointServicesCommand({ Filters }));
        assert.deepEqual(
            ServiceDetails?.map((details) => details.AvailabilityZones),
            [["eu-west-1a", "eu-west-1b", "eu-west-1c"]],
        );
    });
});
