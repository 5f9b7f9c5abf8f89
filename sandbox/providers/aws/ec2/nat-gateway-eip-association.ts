import {
    AssociateNatGatewayAddressCommand,
    DisassociateNatGatewayAddressCommand,
    type NatGatewayAddress,
} from "@aws-sdk/client-ec2";
import type {
    NatGatewayEipAssociationArgs,
    NatGatewayEipAssociationState,
} from "@pulumi/aws/ec2/natGatewayEipAssociation";

import { done, pending, waitFor } from "../../server/clock";
import { string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { describeNatGateway } from "./nat-gateway";
import { ec2 } from "./support";

/** The official provider's patience, in seconds. */
const CREATE_TIMEOUT_SECONDS = 600;
const DELETE_TIMEOUT_SECONDS = 1800;

export const natGatewayEipAssociation = resource<NatGatewayEipAssociationArgs, NatGatewayEipAssociationState>(
    {
        noun: "VPC NAT Gateway EIP Association",
        properties: {
            allocationId: string({ required: true, forceNew: true }),
            natGatewayId: string({ required: true, forceNew: true }),
        },
        async import(id) {
            const [natGatewayId, allocationId, ...rest] = id.split(",");
            if (!natGatewayId || !allocationId || rest.length > 0)
                throw new Error(`unexpected format for ID (${id}), expected NAT_GATEWAY_ID,ALLOCATION_ID`);
            return { id, known: { natGatewayId, allocationId } };
        },
        // No second try while AWS is at another address of the gateway: the official provider makes none either.
        async create({ natGatewayId, allocationId }, context) {
            await ec2(context).send(
                new AssociateNatGatewayAddressCommand({
                    NatGatewayId: natGatewayId,
                    AllocationIds: [allocationId],
                }),
            );
            return `${natGatewayId},${allocationId}`;
        },
        async settle(id, _inputs, context) {
            const patience = { timeoutSeconds: CREATE_TIMEOUT_SECONDS, ...context };
            await waitFor(`VPC NAT Gateway EIP Association (${id}) to succeed`, patience, async () => {
                const found = await find(id, context);
                if (found?.Status === "failed")
                    throw new Error(`unexpected state 'failed': ${found.FailureMessage}`);
                return found?.Status === "succeeded" ? done(true) : pending(found?.Status);
            });
        },
        async read(id, context) {
            const found = await find(id, context);
            if (!found || found.Status === "failed") return undefined;
            const [natGatewayId, allocationId] = id.split(",");
            return { allocationId, associationId: found.AssociationId ?? "", natGatewayId };
        },
        async delete(id, _state, context) {
            const found = await find(id, context);
            if (!found) return;
            // One that failed, or that is on its way out, has nothing left to take away.
            if (found.AssociationId && found.Status !== "failed" && found.Status !== "disassociating")
                await ec2(context).send(
                    new DisassociateNatGatewayAddressCommand({
                        NatGatewayId: id.split(",")[0],
                        AssociationIds: [found.AssociationId],
                    }),
                );
            // Until its connections have drained the address stays in use.
            const patience = { timeoutSeconds: DELETE_TIMEOUT_SECONDS, ...context };
            await waitFor(`VPC NAT Gateway EIP Association (${id}) to be deleted`, patience, async () => {
                const left = await find(id, context);
                return left && left.Status !== "failed" ? pending(left.Status) : done(true);
            });
        },
    },
);

async function find(id: string, context: AwsContext): Promise<NatGatewayAddress | undefined> {
    const [natGatewayId, allocationId] = id.split(",");
    const addresses = (await describeNatGateway(natGatewayId!, context))?.NatGatewayAddresses ?? [];
    return addresses.find(({ AllocationId }) => AllocationId === allocationId);
}
