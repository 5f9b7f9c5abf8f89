import type { NetworkIntent } from "../../../checks/intent";
import type { FakeEc2 } from "./fake-ec2";
import type { Fault } from "./faults";
import { id } from "./network";

/** Faults that only a person or Pulumi can mend, and those of where endpoints are: rows 3 to 6, 14, 16, 18, 19, 28, 30, 33, 35, 36, 45, 49. */
export function placeFaults(intent: NetworkIntent): Fault[] {
    const { vpcId } = intent;
    const person = (
        row: number,
        slot: string,
        expected: Fault["expected"],
        inject: (ec2: FakeEc2) => void,
    ): Fault => ({ row, slot, automatic: false, expected, inject });
    const vpc = (ec2: FakeEc2) => ec2.state.Vpcs?.find((one) => one.VpcId === vpcId) ?? {};
    const nat = (ec2: FakeEc2, natGatewayId: string) =>
        ec2.state.NatGateways?.find((one) => one.NatGatewayId === natGatewayId) ?? {};
    const names =
        intent.interfaceEndpoints.length === 0
            ? []
            : [
                  person(3, "resolver", { id: "DNS_CUSTOM", component: id("dopt", 1) }, (ec2) => {
                      for (const one of ec2.state.DhcpOptions ?? [])
                          one.DhcpConfigurations = [
                              { Key: "domain-name-servers", Values: [{ Value: "10.9.9.9" }] },
                          ];
                  }),
                  ...["amazonaws.com", "us-east-1.amazonaws.com", "ssm.us-east-1.amazonaws.com"].map(
                      (name, index) =>
                          person(4, `zone ${name}`, { id: "DNS_SHADOWED", component: `Z${index}` }, (ec2) => {
                              (ec2.observations.hostedZones ??= []).push(
                                  { hostedZoneId: `Z${index}`, name },
                                  {
                                      hostedZoneId: "ZAWS",
                                      name: "sts.us-east-1.amazonaws.com",
                                      owningService: "vpce.amazonaws.com",
                                  },
                              );
                          }),
                  ),
              ];
    return [
        ...names,
        person(5, "public access", { id: "BLOCK_PUBLIC_ACCESS", component: vpcId }, (ec2) => {
            Object.assign(vpc(ec2), {
                BlockPublicAccessStates: { InternetGatewayBlockMode: "block-bidirectional" },
            });
        }),
        ...intent.subnets.flatMap(({ subnetId, routeTableId }) => [
            person(6, `free ${subnetId}`, { id: "SUBNET_ADDRESSES_LOW", component: subnetId }, (ec2) => {
                for (const one of ec2.state.Subnets ?? [])
                    if (one.SubnetId === subnetId) one.AvailableIpAddressCount = 3;
            }),
            person(
                28,
                `appliance ${routeTableId}`,
                { id: "MIDDLEBOX_BREAKS_REFERENCES", component: routeTableId },
                (ec2) =>
                    void ec2.table(routeTableId).Routes?.push({
                        DestinationCidrBlock: "10.0.32.0/20",
                        NetworkInterfaceId: id("eni", 700),
                        Origin: "CreateRoute",
                        State: "active",
                    }),
            ),
        ]),
        ...intent.subnets
            .filter(({ natGatewayId }) => natGatewayId !== undefined)
            .flatMap(({ natGatewayId = "", routeTableId, subnetId }): Fault[] => {
                const other = intent.natGateways.find((one) => one.natGatewayId !== natGatewayId);
                const isOnly = intent.subnets.filter((one) => one.natGatewayId === natGatewayId).length === 1;
                return [
                    ...(other === undefined
                        ? []
                        : [
                              {
                                  row: 19,
                                  slot: `default ${routeTableId}`,
                                  automatic: false,
                                  proposed: true as const,
                                  expected: { id: "NAT_CROSSES_ZONE" as const, component: routeTableId },
                                  inject: (ec2: FakeEc2) => {
                                      for (const route of ec2.table(routeTableId).Routes ?? [])
                                          if (route.NatGatewayId !== undefined)
                                              route.NatGatewayId = other.natGatewayId;
                                  },
                              },
                          ]),
                    ...(isOnly
                        ? [
                              person(
                                  14,
                                  `nat ${natGatewayId}`,
                                  { id: "NAT_SELF_LOOP", component: subnetId },
                                  (ec2) => void (nat(ec2, natGatewayId).SubnetId = subnetId),
                              ),
                          ]
                        : []),
                ];
            }),
        ...intent.natGateways.flatMap(({ natGatewayId }) => [
            person(16, `nat ${natGatewayId}`, { id: "NAT_NOT_PUBLIC", component: natGatewayId }, (ec2) => {
                nat(ec2, natGatewayId).ConnectivityType = "private";
            }),
            person(
                18,
                `ports ${natGatewayId}`,
                { id: "NAT_PORTS_EXHAUSTED", component: natGatewayId },
                (ec2) => {
                    (ec2.observations.natPortErrors ??= {})[natGatewayId] = 7;
                },
            ),
        ]),
        ...intent.interfaceEndpoints.flatMap((endpoint): Fault[] => {
            const { vpcEndpointId, subnetIds } = endpoint;
            return [
                person(
                    30,
                    `vpce ${vpcEndpointId}`,
                    { id: "ENDPOINT_MISSING", component: vpcEndpointId },
                    (ec2) => {
                        ec2.state.VpcEndpoints = ec2.state.VpcEndpoints?.filter(
                            (one) => one.VpcEndpointId !== vpcEndpointId,
                        );
                    },
                ),
                person(
                    33,
                    `vpce ${vpcEndpointId}`,
                    { id: "ENDPOINT_DUPLICATE", component: vpcEndpointId },
                    (ec2) => {
                        const ours = ec2.endpoint(vpcEndpointId);
                        ec2.state.VpcEndpoints?.push({
                            ...structuredClone(ours),
                            VpcEndpointId: id("vpce", 900),
                            Tags: [],
                        });
                        ours.PrivateDnsEnabled = false;
                    },
                ),
                ...subnetIds.map((subnetId): Fault => ({
                    row: 35,
                    slot: `vpce ${vpcEndpointId}`,
                    automatic: true,
                    expected: { id: "ENDPOINT_NOT_IN_ZONE", component: vpcEndpointId },
                    inject: (ec2) => {
                        const one = ec2.endpoint(vpcEndpointId);
                        one.SubnetIds = one.SubnetIds?.filter((other) => other !== subnetId);
                    },
                })),
                person(
                    36,
                    `vpce ${vpcEndpointId}`,
                    { id: "ENDPOINT_POLICY_DENIES", component: vpcEndpointId },
                    (ec2) => {
                        ec2.endpoint(vpcEndpointId).PolicyDocument = JSON.stringify({
                            Statement: [{ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }],
                        });
                    },
                ),
            ];
        }),
        ...(intent.services?.openSearch === true
            ? [
                  person(
                      45,
                      "role",
                      {
                          id: "OPENSEARCH_ROLE_MISSING",
                          component: "AWSServiceRoleForAmazonOpenSearchService",
                      },
                      (ec2) => void (ec2.observations.openSearchRole = false),
                  ),
              ]
            : []),
        ...(intent.services?.sageMakerDomainId === undefined
            ? []
            : [
                  person(
                      49,
                      "domain",
                      { id: "STUDIO_NOT_PRIVATE", component: intent.services.sageMakerDomainId },
                      (ec2) =>
                          void (ec2.observations.studio = {
                              accessType: "PublicInternetOnly",
                              subnetIds: [],
                          }),
                  ),
              ]),
    ];
}
