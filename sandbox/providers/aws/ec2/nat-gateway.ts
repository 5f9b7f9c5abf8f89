import {
    CreateNatGatewayCommand,
    DeleteNatGatewayCommand,
    DescribeNatGatewaysCommand,
    type ConnectivityType,
    type NatGateway,
} from "@aws-sdk/client-ec2";
import type { NatGatewayArgs, NatGatewayState } from "@pulumi/aws/ec2/natGateway";

import { done, pending, waitFor } from "../../server/clock";
import { isNotFound } from "../../server/errors";
import { only, oneOf, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** The official provider's patience, in seconds. */
const CREATE_TIMEOUT_SECONDS = 600;
const DELETE_TIMEOUT_SECONDS = 1800;

/** Zonal NAT gateways with one address. */
export const natGateway = resource<NatGatewayArgs, NatGatewayState>({
    noun: "EC2 NAT Gateway",
    properties: {
        allocationId: string({ computed: true, forceNew: true }),
        availabilityMode: { ...only("string", "zonal"), computed: true },
        connectivityType: string({ default: "public", forceNew: true, validate: oneOf("public", "private") }),
        privateIp: string({ computed: true, forceNew: true }),
        subnetId: string({ computed: true, forceNew: true }),
    },
    check: ({ allocationId, connectivityType, subnetId }, isUnknown) => [
        ...(subnetId === undefined && !isUnknown("subnetId")
            ? [
                  'Missing required argument: "subnetId" is required for a zonal NAT gateway, the only kind implemented',
              ]
            : []),
        ...(connectivityType === "public" && allocationId === undefined && !isUnknown("allocationId")
            ? ['Missing required argument: "allocationId" is required with connectivityType "public"']
            : []),
        ...(connectivityType === "private" && (allocationId !== undefined || isUnknown("allocationId"))
            ? ['allocationId is not supported with connectivityType "private"']
            : []),
    ],
    async create(inputs, context) {
        const { NatGateway } = await ec2(context).send(
            new CreateNatGatewayCommand({
                AllocationId: inputs.allocationId,
                ConnectivityType: inputs.connectivityType as ConnectivityType,
                PrivateIpAddress: inputs.privateIp,
                SubnetId: inputs.subnetId,
                TagSpecifications: tagSpecifications("natgateway", context),
            }),
        );
        return NatGateway!.NatGatewayId!;
    },
    async settle(id, _inputs, context) {
        const patience = { timeoutSeconds: CREATE_TIMEOUT_SECONDS, ...context };
        await waitFor(`EC2 NAT Gateway (${id}) to become available`, patience, async () => {
            const found = await describe(id, context);
            if (found?.State === "failed") {
                throw new Error(`unexpected state 'failed': ${found.FailureCode}: ${found.FailureMessage}`);
            }
            return found?.State === "available" ? done(true) : pending(found?.State);
        });
    },
    async read(id, context) {
        const found = await describeNatGateway(id, context);
        if (!found) return undefined;
        const addresses = found.NatGatewayAddresses ?? [];
        const primary = addresses.find(({ IsPrimary }) => IsPrimary) ?? addresses[0];
        const others = addresses.filter((address) => address !== primary);
        return {
            allocationId: primary?.AllocationId ?? "",
            associationId: primary?.AssociationId ?? "",
            autoProvisionZones: "",
            autoScalingIps: "",
            availabilityMode: "zonal",
            connectivityType: found.ConnectivityType,
            networkInterfaceId: primary?.NetworkInterfaceId ?? "",
            privateIp: primary?.PrivateIp ?? "",
            publicIp: primary?.PublicIp ?? "",
            regionalNatGatewayAddresses: [],
            regionalNatGatewayAutoMode: "",
            routeTableId: "",
            secondaryAllocationIds: others.flatMap(({ AllocationId }) => AllocationId ?? []),
            secondaryPrivateIpAddressCount: others.length,
            secondaryPrivateIpAddresses: others.flatMap(({ PrivateIp }) => PrivateIp ?? []),
            subnetId: found.SubnetId,
            tags: tagsFrom(found.Tags),
            vpcId: found.VpcId,
        };
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        await ec2(context).send(new DeleteNatGatewayCommand({ NatGatewayId: id }));
        // Until it is gone its address and its subnet stay in use.
        const patience = { timeoutSeconds: DELETE_TIMEOUT_SECONDS, ...context };
        await waitFor(`EC2 NAT Gateway (${id}) to be deleted`, patience, async () => {
            const found = await describeNatGateway(id, context);
            return found ? pending(found.State) : done(true);
        });
    },
});

/** AWS shows a deleted gateway for about an hour. */
const isGone = ({ State }: NatGateway): boolean => State === "deleted";

/** The gateway; undefined when there is none, or none any more. */
export async function describeNatGateway(id: string, context: AwsContext): Promise<NatGateway | undefined> {
    const found = await describe(id, context);
    return found && !isGone(found) ? found : undefined;
}

async function describe(id: string, context: AwsContext): Promise<NatGateway | undefined> {
    try {
        const command = new DescribeNatGatewaysCommand({ NatGatewayIds: [id] });
        return (await ec2(context).send(command)).NatGateways?.[0];
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}
