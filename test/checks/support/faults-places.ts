import type { NetworkIntent } from "../../../checks/intent";
import type { FakeEc2 } from "./fake-ec2";
import type { StudioDomain } from "../../../lib/aws/studio";
import type { Expected, Fault } from "./faults";
import { APPLIANCE, id, OWNER_TAGS, soundNetwork } from "./network";

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
                // Nobody is in that subnet, so that the route breaks nothing yet.
                { id: "MIDDLEBOX_ROUTE", component: routeTableId },
                (ec2) => appliance(ec2, routeTableId, "10.0.48.0/20"),
            ),
        ]),
        ...middleboxFaults(intent),
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
                              {
                                  row: 14,
                                  slot: `default ${routeTableId}`,
                                  automatic: false,
                                  proposed: true as const,
                                  expected: { id: "NAT_SELF_LOOP" as const, component: subnetId },
                                  inject: (ec2: FakeEc2) => void (nat(ec2, natGatewayId).SubnetId = subnetId),
                                  leaves: {
                                      expected: [
                                          { id: "NAT_SELF_LOOP_BYPASSED" as const, component: subnetId },
                                      ],
                                      inject: (ec2: FakeEc2) => {
                                          nat(ec2, natGatewayId).SubnetId = subnetId;
                                          const around = ec2.state.NatGateways?.find(
                                              (one) =>
                                                  one.NatGatewayId !== natGatewayId &&
                                                  one.State === "available" &&
                                                  one.ConnectivityType === "public",
                                          );
                                          for (const route of ec2.table(routeTableId).Routes ?? [])
                                              if (route.NatGatewayId !== undefined)
                                                  route.NatGatewayId = around?.NatGatewayId;
                                      },
                                  },
                              },
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
                        const gone = ec2.endpoint(vpcEndpointId).NetworkInterfaceIds ?? [];
                        ec2.state.VpcEndpoints = ec2.state.VpcEndpoints?.filter(
                            (one) => one.VpcEndpointId !== vpcEndpointId,
                        );
                        // AWS deletes the endpoint's interfaces with it.
                        ec2.state.NetworkInterfaces = ec2.state.NetworkInterfaces?.filter(
                            ({ NetworkInterfaceId = "" }) => !gone.includes(NetworkInterfaceId),
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
            ];
        }),
        ...[...intent.interfaceEndpoints, ...intent.gatewayEndpoints].flatMap(({ vpcEndpointId }) =>
            [
                { Statement: [{ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }] },
                { Version: "2012-10-17", Statement: [] },
            ].map((policy): Fault => ({
                row: 36,
                slot: `vpce ${vpcEndpointId}`,
                automatic: false,
                proposed: true,
                expected: { id: "ENDPOINT_POLICY_DENIES", component: vpcEndpointId },
                inject: (ec2) => void (ec2.endpoint(vpcEndpointId).PolicyDocument = JSON.stringify(policy)),
            })),
        ),
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
            : studioFaults(intent, intent.services.sageMakerDomainId)),
    ];
}

/** Row 49: a domain off the VPC, or with a public subnet, in a network that is otherwise as it was. */
function studioFaults(intent: NetworkIntent, domainId: string): Fault[] {
    const idsOf = (tier: string) =>
        intent.subnets.filter((one) => one.tier === tier).map(({ subnetId }) => subnetId);
    const domain = (changes: Partial<StudioDomain>) => (ec2: FakeEc2) =>
        void (ec2.observations.studio = {
            domainId,
            accessType: "VpcOnly",
            vpcId: intent.vpcId,
            subnetIds: idsOf("private"),
            tags: { ...OWNER_TAGS },
            ...changes,
        });
    return [
        {
            row: 49,
            slot: "domain",
            automatic: false,
            proposed: true,
            expected: { id: "STUDIO_NOT_PRIVATE", component: domainId },
            inject: domain({ accessType: "PublicInternetOnly" }),
        },
        {
            row: 49,
            slot: "domain",
            automatic: false,
            expected: { id: "STUDIO_IN_PUBLIC_SUBNET", component: domainId },
            inject: domain({ subnetIds: [...idsOf("private"), ...idsOf("public").slice(0, 1)] }),
        },
    ];
}

/** A route to addresses of the VPC through somebody's appliance. */
function appliance(ec2: FakeEc2, routeTableId: string, cidr: string): void {
    ec2.table(routeTableId).Routes?.push({
        DestinationCidrBlock: cidr,
        NetworkInterfaceId: APPLIANCE.NetworkInterfaceId,
        Origin: "CreateRoute",
        State: "active",
    });
}

/** Row 28: such a route between two subnets that declared flows cross. A repair admits those flows by address; the route stays. */
function middleboxFaults(intent: NetworkIntent): Fault[] {
    const { snapshot } = soundNetwork({
        zones: intent.subnets.length / 3,
        nat: "none",
        interfaceServices: [],
        roles: true,
    });
    const places = (snapshot.NetworkInterfaces ?? []).map(({ SubnetId, Groups }) => ({
        subnetId: SubnetId,
        groupId: Groups?.[0]?.GroupId,
    }));
    const blockOf = (subnetId: string | undefined) =>
        snapshot.Subnets?.find(({ SubnetId }) => SubnetId === subnetId)?.CidrBlock ?? "";
    return intent.subnets.flatMap(({ subnetId, routeTableId }) => {
        const sources = places.filter((one) => one.subnetId === subnetId).map(({ groupId }) => groupId);
        const others = new Set(places.map((one) => one.subnetId).filter((other) => other !== subnetId));
        return [...others].flatMap((other): Fault[] => {
            const groups = places.filter((one) => one.subnetId === other).map(({ groupId }) => groupId);
            const flows = intent.flows.filter(
                ({ sourceGroupId, destination }) =>
                    sources.includes(sourceGroupId) &&
                    "securityGroupId" in destination &&
                    groups.includes(destination.securityGroupId),
            );
            const findings = flows.map(({ destination }): Expected => ({
                id: "MIDDLEBOX_BREAKS_REFERENCES",
                component: "securityGroupId" in destination ? destination.securityGroupId : "",
            }));
            const [expected, ...rest] = findings;
            if (expected === undefined) return [];
            const route: Expected = { id: "MIDDLEBOX_ROUTE", component: routeTableId };
            const inject = (ec2: FakeEc2) => appliance(ec2, routeTableId, blockOf(other));
            return [
                {
                    row: 28,
                    slot: `appliance ${routeTableId}`,
                    automatic: false,
                    proposed: true,
                    expected,
                    also: [...rest, route],
                    inject,
                    leaves: {
                        expected: [route],
                        inject: (ec2) => {
                            inject(ec2);
                            for (const flow of flows)
                                if ("securityGroupId" in flow.destination)
                                    ec2.group(flow.destination.securityGroupId).IpPermissions?.push({
                                        IpProtocol: flow.protocol,
                                        FromPort: flow.ports.from,
                                        ToPort: flow.ports.to,
                                        IpRanges: [
                                            { CidrIp: blockOf(subnetId), Description: flow.description },
                                        ],
                                    });
                        },
                    },
                },
            ];
        });
    });
}
