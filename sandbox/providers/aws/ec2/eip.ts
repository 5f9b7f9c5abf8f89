import {
    AllocateAddressCommand,
    DescribeAddressesCommand,
    DisassociateAddressCommand,
    ReleaseAddressCommand,
    type DomainType,
} from "@aws-sdk/client-ec2";
import type { EipArgs, EipState } from "@pulumi/aws/ec2/eip";

import { isNotFound } from "../../server/errors";
import { oneOf, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, ec2Arn, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** Elastic IPs as NAT gateways need them: the stand-in associates none with instances or interfaces itself. */
export const eip = resource<EipArgs, EipState>({
    noun: "EC2 EIP",
    properties: {
        address: string({ forceNew: true }),
        domain: string({ computed: true, forceNew: true, validate: oneOf("vpc") }),
    },
    async create(inputs, context) {
        const { AllocationId } = await ec2(context).send(
            new AllocateAddressCommand({
                Address: inputs.address,
                Domain: (inputs.domain ?? "vpc") as DomainType,
                TagSpecifications: tagSpecifications("elastic-ip", context),
            }),
        );
        return AllocationId!;
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        const { region } = context;
        const zone = region === "us-east-1" ? "compute-1" : `${region}.compute`;
        const privateZone = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
        const dashed = (address: string) => address.replaceAll(".", "-");
        return {
            allocationId: id,
            arn: ec2Arn(context, await context.accountId(), `elastic-ip/${id}`),
            associationId: found.AssociationId ?? "",
            carrierIp: found.CarrierIp ?? "",
            customerOwnedIp: found.CustomerOwnedIp ?? "",
            customerOwnedIpv4Pool: found.CustomerOwnedIpv4Pool ?? "",
            domain: found.Domain,
            instance: found.InstanceId ?? "",
            ipamPoolId: "",
            networkBorderGroup: found.NetworkBorderGroup ?? region,
            networkInterface: found.NetworkInterfaceId ?? "",
            privateDns: found.PrivateIpAddress ? `ip-${dashed(found.PrivateIpAddress)}.${privateZone}` : "",
            privateIp: found.PrivateIpAddress ?? "",
            // Set by a resource type of its own, which the stand-in has not.
            ptrRecord: "",
            publicDns: `ec2-${dashed(found.PublicIp ?? "")}.${zone}.amazonaws.com`,
            publicIp: found.PublicIp,
            publicIpv4Pool: found.PublicIpv4Pool ?? "amazon",
            tags: tagsFrom(found.Tags),
        };
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        const associationId = (await describe(id, context))?.AssociationId;
        // AWS refuses this for the address of a NAT gateway, as it must: deleting the gateway frees it.
        if (associationId) await disassociate(associationId, context);
        await ec2(context).send(new ReleaseAddressCommand({ AllocationId: id }));
    },
});

async function describe(id: string, context: AwsContext) {
    return (await ec2(context).send(new DescribeAddressesCommand({ AllocationIds: [id] }))).Addresses?.[0];
}

async function disassociate(associationId: string, context: AwsContext): Promise<void> {
    try {
        await ec2(context).send(new DisassociateAddressCommand({ AssociationId: associationId }));
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
}
