import { crc32 } from "node:zlib";

import {
    CreateRouteCommand,
    DeleteRouteCommand,
    ReplaceRouteCommand,
    type CreateRouteRequest,
    type Route,
} from "@aws-sdk/client-ec2";
import type { RouteArgs, RouteState } from "@pulumi/aws/ec2/route";

import { done, pending, waitFor } from "../../server/clock";
import { cidr, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { describeRouteTable } from "./route-table";
import { ec2 } from "./support";

/** Inputs that say where traffic is to go, of which a route has exactly one. */
const TARGETS = {
    gatewayId: "GatewayId",
    natGatewayId: "NatGatewayId",
    networkInterfaceId: "NetworkInterfaceId",
    vpcEndpointId: "VpcEndpointId",
    vpcPeeringConnectionId: "VpcPeeringConnectionId",
} as const satisfies Record<string, keyof CreateRouteRequest>;
type Target = keyof typeof TARGETS;
const targetNames = Object.keys(TARGETS) as Target[];

/** Outputs that follow from where a route goes. */
const FOLLOWING = ["instanceId", "instanceOwnerId", "networkInterfaceId", "state"] as const;

/** Routes for IPv4 destinations. */
export const route = resource<RouteArgs, RouteState>({
    noun: "EC2 Route",
    properties: {
        destinationCidrBlock: string({ forceNew: true, validate: cidr() }),
        routeTableId: string({ required: true, forceNew: true }),
        gatewayId: string(),
        natGatewayId: string(),
        networkInterfaceId: string({ computed: true }),
        vpcEndpointId: string(),
        vpcPeeringConnectionId: string(),
    },
    recomputed: Object.fromEntries(targetNames.map((name) => [name, FOLLOWING])),
    check(inputs, isUnknown) {
        const given = targetNames.filter((name) => inputs[name] !== undefined || isUnknown(name));
        return [
            ...(given.length === 1
                ? []
                : [`exactly one of [${targetNames.join(", ")}] must be set, got [${given.join(", ")}]`]),
            ...(inputs.destinationCidrBlock === undefined && !isUnknown("destinationCidrBlock")
                ? [
                      'Missing required argument: "destinationCidrBlock" is required; others are not implemented',
                  ]
                : []),
        ];
    },
    async import(id) {
        const [routeTableId, destinationCidrBlock] = id.split("_");
        if (!routeTableId || !destinationCidrBlock) {
            throw new Error(`unexpected format of ID (${id}), expected ROUTETABLEID_DESTINATION`);
        }
        return {
            id: routeId(routeTableId, destinationCidrBlock),
            known: { routeTableId, destinationCidrBlock },
        };
    },
    async create(inputs, context) {
        await ec2(context).send(new CreateRouteCommand(request(inputs)));
        return routeId(inputs.routeTableId, inputs.destinationCidrBlock ?? "");
    },
    async settle(id, inputs, context) {
        await waitFor(`EC2 Route (${id}) to become ready`, { timeoutSeconds: 300, ...context }, async () => {
            const found = await find(inputs, context);
            // "blackhole" counts as ready, as for the official provider: its target may be on its way.
            return found ? done(true) : pending("not found");
        });
    },
    async read(_id, context, known) {
        const found = await find(known, context);
        if (!found) return undefined;
        const toEndpoint = found.GatewayId?.startsWith("vpce-");
        return {
            carrierGatewayId: found.CarrierGatewayId ?? "",
            coreNetworkArn: found.CoreNetworkArn ?? "",
            destinationCidrBlock: found.DestinationCidrBlock,
            destinationIpv6CidrBlock: found.DestinationIpv6CidrBlock ?? "",
            destinationPrefixListId: found.DestinationPrefixListId ?? "",
            egressOnlyGatewayId: found.EgressOnlyInternetGatewayId ?? "",
            gatewayId: toEndpoint ? "" : (found.GatewayId ?? ""),
            instanceId: found.InstanceId ?? "",
            instanceOwnerId: found.InstanceOwnerId ?? "",
            localGatewayId: found.LocalGatewayId ?? "",
            natGatewayId: found.NatGatewayId ?? "",
            networkInterfaceId: found.NetworkInterfaceId ?? "",
            odbNetworkArn: found.OdbNetworkArn ?? "",
            origin: found.Origin,
            routeTableId: known.routeTableId,
            state: found.State,
            transitGatewayId: found.TransitGatewayId ?? "",
            // EC2 tells a gateway load balancer's endpoint where it tells gateways.
            vpcEndpointId: toEndpoint ? found.GatewayId : "",
            vpcPeeringConnectionId: found.VpcPeeringConnectionId ?? "",
        };
    },
    async update(_id, news, _change, context) {
        await ec2(context).send(new ReplaceRouteCommand(request(news)));
    },
    async delete(_id, state, context) {
        const { routeTableId: RouteTableId, destinationCidrBlock: DestinationCidrBlock } = state;
        await ec2(context).send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock }));
    },
});

/** The official provider's id: the table's, and a checksum of the destination. */
export const routeId = (routeTableId: string, destination: string): string =>
    `r-${routeTableId}${crc32(destination)}`;

function request(
    inputs: Partial<Record<Target | "routeTableId" | "destinationCidrBlock", string | undefined>>,
) {
    const targets = targetNames.map((name) => [TARGETS[name], inputs[name]] as const);
    return {
        RouteTableId: inputs.routeTableId,
        DestinationCidrBlock: inputs.destinationCidrBlock,
        ...Object.fromEntries(targets.filter(([, value]) => value !== undefined)),
    };
}

async function find(
    { routeTableId = "", destinationCidrBlock }: { routeTableId?: string; destinationCidrBlock?: string },
    context: AwsContext,
): Promise<Route | undefined> {
    const table = await describeRouteTable(routeTableId, context);
    return table?.Routes?.find((candidate) => candidate.DestinationCidrBlock === destinationCidrBlock);
}
