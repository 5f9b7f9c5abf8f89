import * as assert from "node:assert/strict";
import {
    AllocateAddressCommand,
    AttachInternetGatewayCommand,
    CreateInternetGatewayCommand,
    CreateNatGatewayCommand,
    CreateRouteTableCommand,
    CreateSecurityGroupCommand,
    CreateSubnetCommand,
    CreateVpcCommand,
    DescribeNatGatewaysCommand,
    DescribeRouteTablesCommand,
    EC2Client,
    ModifyVpcAttributeCommand,
    type NatGateway,
    type Route,
} from "@aws-sdk/client-ec2";
import { sharedServer } from "./server";

export const REGION = "us-east-1";
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/** Settings for any client of the shared control plane. No retries: an error must be seen as it is. */
export async function clientSettings(region = REGION) {
    const { endpoint } = await sharedServer();
    return { endpoint, region, credentials: CREDENTIALS, maxAttempts: 1 };
}

/** Asserts that AWS refuses the call with this code, and with a message that matches. */
export async function refused(call: Promise<unknown>, code: string, message: RegExp = /./): Promise<void> {
    await assert.rejects(call, (error: Error) => {
        assert.equal(error.name, code, error.message);
        assert.match(error.message, message);
        return true;
    });
}

/** A VPC of a test's own, and what tests put into it. */
export class Network {
    private constructor(
        readonly ec2: EC2Client,
        readonly vpcId: string,
    ) {}

    /** @param options.ec2 of another control plane. @default the shared one */
    static async create(
        options: { readonly dns?: boolean; readonly region?: string; readonly ec2?: EC2Client } = {},
    ): Promise<Network> {
        const ec2 = options.ec2 ?? new EC2Client(await clientSettings(options.region));
        const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }));
        const network = new Network(ec2, given(Vpc?.VpcId));
        if (options.dns === true) {
            const VpcId = network.vpcId;
            await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
        }
        return network;
    }

    async subnet(cidrBlock: string, zone = `${REGION}a`): Promise<string> {
        const input = { VpcId: this.vpcId, CidrBlock: cidrBlock, AvailabilityZone: zone };
        return given((await this.ec2.send(new CreateSubnetCommand(input))).Subnet?.SubnetId);
    }

    async internetGateway(): Promise<string> {
        const { InternetGateway } = await this.ec2.send(new CreateInternetGatewayCommand({}));
        const InternetGatewayId = given(InternetGateway?.InternetGatewayId);
        await this.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: this.vpcId }));
        return InternetGatewayId;
    }

    async address(): Promise<string> {
        return given((await this.ec2.send(new AllocateAddressCommand({ Domain: "vpc" }))).AllocationId);
    }

    /** A NAT gateway as the API answers its creation, still pending. */
    async natGateway(subnetId: string, allocationId: string): Promise<NatGateway> {
        const input = { SubnetId: subnetId, AllocationId: allocationId };
        return given((await this.ec2.send(new CreateNatGatewayCommand(input))).NatGateway);
    }

    async describeNatGateway(id: string): Promise<NatGateway> {
        const { NatGateways } = await this.ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }));
        return given(NatGateways?.[0]);
    }

    async routeTable(): Promise<string> {
        const { RouteTable } = await this.ec2.send(new CreateRouteTableCommand({ VpcId: this.vpcId }));
        return given(RouteTable?.RouteTableId);
    }

    async routes(routeTableId: string): Promise<Route[]> {
        const input = { RouteTableIds: [routeTableId] };
        return given((await this.ec2.send(new DescribeRouteTablesCommand(input))).RouteTables?.[0]?.Routes);
    }

    async securityGroup(name: string): Promise<string> {
        const input = { VpcId: this.vpcId, GroupName: name, Description: name };
        return given((await this.ec2.send(new CreateSecurityGroupCommand(input))).GroupId);
    }
}

/** What the API must have answered. */
export function given<T>(value: T | undefined): T {
    assert.ok(value !== undefined, "the API left something out");
    return value;
}
