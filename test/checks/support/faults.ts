import type { NetworkIntent, SubnetIntent } from "../../../checks/intent";
import type { FindingId } from "../../../checks/messages";
import { type FakeEc2 } from "./fake-ec2";
import { flowFaults, groupFaults } from "./faults-groups";
import { networkAclFaults } from "./faults-network-acls";
import { placeFaults } from "./faults-places";
import { id } from "./network";

export interface Expected {
    id: FindingId;
    component: string;
}

/** One way to break one place of a network behind Pulumi's back, and what the checks must say of it. */
export interface Fault {
    row: number;
    /** Faults of one slot exclude each other. */
    slot: string;
    expected: Expected;
    /** Findings beside it. */
    also?: Expected[];
    automatic: boolean;
    /** Mended in mode fix-proposed, when the message is allowed. */
    proposed?: true;
    /** What a proposed repair leaves for the program to put right: what is said of it, and how the network is then. */
    leaves?: { expected: Expected[]; inject(ec2: FakeEc2): void };
    inject(ec2: FakeEc2): void;
}

function defaultRouteFaults(subnet: SubnetIntent, intent: NetworkIntent): Fault[] {
    const target = subnet.tier === "public" ? intent.internetGatewayId : subnet.natGatewayId;
    if (target === undefined) return [];
    const { routeTableId } = subnet;
    const slot = `default ${routeTableId}`;
    const common = { slot, automatic: true };
    const to = (route: Record<string, string>) => (ec2: FakeEc2) => {
        const table = ec2.table(routeTableId);
        const others = table.Routes?.filter((one) => one.DestinationCidrBlock !== "0.0.0.0/0") ?? [];
        table.Routes = [
            ...others,
            { DestinationCidrBlock: "0.0.0.0/0", Origin: "CreateRoute", State: "active", ...route },
        ];
    };
    const isPublic = subnet.tier === "public";
    return [
        {
            ...common,
            row: isPublic ? 13 : 9,
            expected: {
                id: isPublic ? "PUBLIC_NO_DEFAULT_ROUTE" : "PRIVATE_NO_DEFAULT_ROUTE",
                component: routeTableId,
            },
            inject: (ec2) => {
                const table = ec2.table(routeTableId);
                table.Routes = table.Routes?.filter((route) => route.DestinationCidrBlock !== "0.0.0.0/0");
            },
        },
        {
            ...common,
            row: 10,
            expected: { id: "DEFAULT_ROUTE_BLACKHOLE", component: routeTableId },
            inject: to({ NetworkInterfaceId: "eni-0000000000000dead", State: "blackhole" }),
        },
        isPublic
            ? {
                  ...common,
                  row: 13,
                  expected: { id: "PUBLIC_WRONG_DEFAULT_ROUTE", component: routeTableId },
                  inject: to({ NetworkInterfaceId: "eni-0000000000000beef" }),
              }
            : {
                  ...common,
                  row: 12,
                  expected: { id: "PRIVATE_TO_IGW", component: routeTableId },
                  inject: to({ GatewayId: intent.internetGatewayId ?? "" }),
              },
        {
            row: 11,
            slot: `specific ${routeTableId}`,
            automatic: false,
            proposed: true,
            expected: { id: "MORE_SPECIFIC_ROUTE", component: routeTableId },
            inject: (ec2) => {
                ec2.table(routeTableId).Routes?.push({
                    DestinationCidrBlock: "8.8.0.0/16",
                    VpcPeeringConnectionId: id("pcx", 1),
                    Origin: "CreateRoute",
                    State: "active",
                });
            },
        },
    ];
}

function associationFaults(subnet: SubnetIntent, intent: NetworkIntent): Fault[] {
    const { subnetId, routeTableId } = subnet;
    const common = { slot: `association ${subnetId}`, automatic: true };
    const own = (ec2: FakeEc2) =>
        ec2.table(routeTableId).Associations?.find((one) => one.SubnetId === subnetId)
            ?.RouteTableAssociationId ?? "";
    const other = intent.subnets.find((one) => one.routeTableId !== routeTableId)?.routeTableId ?? "";
    return [
        {
            ...common,
            row: 7,
            expected: { id: "SUBNET_ON_MAIN_TABLE", component: subnetId },
            inject: (ec2) => void ec2.disassociate(own(ec2)),
        },
        {
            ...common,
            row: 8,
            expected: { id: "SUBNET_ON_WRONG_TABLE", component: subnetId },
            inject: (ec2) => {
                ec2.disassociate(own(ec2));
                ec2.associate(other, subnetId);
            },
        },
    ];
}

/** Every row at every place of the network. */
export function allFaults(intent: NetworkIntent): Fault[] {
    const { vpcId, internetGatewayId } = intent;
    const attributes = (ec2: FakeEc2) =>
        ec2.state.VpcAttributes?.[vpcId] ?? { enableDnsSupport: true, enableDnsHostnames: true };
    const gateway: Fault[] =
        internetGatewayId === undefined
            ? []
            : [
                  {
                      row: 17,
                      slot: "igw",
                      automatic: true,
                      expected: { id: "IGW_DETACHED", component: internetGatewayId },
                      inject: (ec2) => {
                          for (const one of ec2.state.InternetGateways ?? []) one.Attachments = [];
                      },
                  },
              ];
    const dns: Fault[] = [
        {
            row: 1,
            slot: "support",
            automatic: true,
            expected: { id: "DNS_SUPPORT_OFF", component: vpcId },
            inject: (ec2) => void (attributes(ec2).enableDnsSupport = false),
        },
        {
            row: 2,
            slot: "hostnames",
            automatic: true,
            expected: { id: "DNS_HOSTNAMES_OFF", component: vpcId },
            inject: (ec2) => void (attributes(ec2).enableDnsHostnames = false),
        },
    ];
    const nats: Fault[] = intent.natGateways.map(({ natGatewayId }) => ({
        row: 15,
        slot: `nat ${natGatewayId}`,
        automatic: false,
        expected: { id: "NAT_BAD_STATE", component: natGatewayId },
        inject: (ec2) => {
            for (const nat of ec2.state.NatGateways ?? [])
                if (nat.NatGatewayId === natGatewayId)
                    Object.assign(nat, { State: "failed", FailureCode: "InternalError" });
        },
    }));
    const gatewayEndpoints: Fault[] = intent.gatewayEndpoints.flatMap(({ vpcEndpointId, routeTableIds }) =>
        routeTableIds.map((routeTableId) => ({
            row: 37,
            slot: `${vpcEndpointId} ${routeTableId}`,
            automatic: true,
            expected: { id: "GATEWAY_ENDPOINT_NOT_ROUTED" as const, component: vpcEndpointId },
            inject: (ec2: FakeEc2) => ec2.unrouteEndpoint(ec2.endpoint(vpcEndpointId), routeTableId),
        })),
    );
    const interfaceEndpoints: Fault[] = intent.interfaceEndpoints.flatMap(({ vpcEndpointId }): Fault[] => [
        {
            row: 32,
            slot: `vpce ${vpcEndpointId}`,
            automatic: true,
            expected: { id: "ENDPOINT_PRIVATE_DNS_OFF", component: vpcEndpointId },
            inject: (ec2) => void (ec2.endpoint(vpcEndpointId).PrivateDnsEnabled = false),
        },
        {
            row: 31,
            slot: `vpce ${vpcEndpointId}`,
            automatic: false,
            expected: { id: "ENDPOINT_BAD_STATE", component: vpcEndpointId },
            inject: (ec2) => void (ec2.endpoint(vpcEndpointId).State = "failed" as "Failed"),
        },
    ]);
    return [
        ...gateway,
        ...dns,
        ...nats,
        ...intent.subnets.flatMap((subnet) => [
            ...defaultRouteFaults(subnet, intent),
            ...associationFaults(subnet, intent),
        ]),
        ...gatewayEndpoints,
        ...interfaceEndpoints,
        ...flowFaults(intent),
        ...networkAclFaults(intent),
        ...groupFaults(intent),
        ...placeFaults(intent),
    ];
}
