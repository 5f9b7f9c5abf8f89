import type { Address, InternetGateway, NatGateway, NatGatewayAddress } from "@aws-sdk/client-ec2";
import type { EipArgs, EipState } from "@pulumi/aws/ec2/eip";
import type { InternetGatewayArgs, InternetGatewayState } from "@pulumi/aws/ec2/internetGateway";
import type { NatGatewayArgs, NatGatewayState } from "@pulumi/aws/ec2/natGateway";
import type {
    NatGatewayEipAssociationArgs,
    NatGatewayEipAssociationState,
} from "@pulumi/aws/ec2/natGatewayEipAssociation";

import { errorCode, isNotFound } from "../../server/errors";
import { oneOf } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { needs, when } from "../rules";
import { idParts } from "../text";
import { ec2Arn, ec2Tags, tagSpecifications } from "./support";

export const internetGateway = resource<InternetGatewayArgs, InternetGatewayState, InternetGateway>(
    "ec2/internetGateway:InternetGateway",
    {
        noun: "EC2 Internet Gateway",
        plain: ["vpcId"],
        names: { vpcId: "Attachments.VpcId" },
        find: describeInternetGateway,
        outputs: ({ OwnerId }, id, context) => ({ arn: ec2Arn(context, OwnerId, `internet-gateway/${id}`) }),
        async create(_inputs, context) {
            const TagSpecifications = tagSpecifications("internet-gateway", context);
            const { InternetGateway } = await context.aws.ec2.createInternetGateway({ TagSpecifications });
            return InternetGateway?.InternetGatewayId;
        },
        async settle(id, { vpcId }, context) {
            // A repeated settling may find it attached.
            if (vpcId && !(await attachedVpc(id, context))) await attach(id, vpcId, context);
        },
        async update(id, { vpcId }, { olds }, context) {
            if (olds.vpcId) await detach(id, olds.vpcId, context);
            if (vpcId) await attach(id, vpcId, context);
        },
        tags: ec2Tags,
        async delete(id, _state, context) {
            const vpcId = await attachedVpc(id, context);
            if (vpcId) await detach(id, vpcId, context);
            await context.aws.ec2.deleteInternetGateway({ InternetGatewayId: id });
        },
    },
);

async function describeInternetGateway(
    id: string,
    { aws }: AwsContext,
): Promise<InternetGateway | undefined> {
    return (await aws.ec2.describeInternetGateways({ InternetGatewayIds: [id] })).InternetGateways?.[0];
}

const attachedVpc = async (id: string, context: AwsContext) =>
    (await describeInternetGateway(id, context))?.Attachments?.[0]?.VpcId;

const attach = (InternetGatewayId: string, VpcId: string, { aws }: AwsContext) =>
    aws.ec2.attachInternetGateway({ InternetGatewayId, VpcId });

async function detach(InternetGatewayId: string, VpcId: string, { aws }: AwsContext): Promise<void> {
    try {
        await aws.ec2.detachInternetGateway({ InternetGatewayId, VpcId });
    } catch (error) {
        if (errorCode(error) !== "Gateway.NotAttached") throw error;
    }
}

/** Elastic IPs as NAT gateways need them: the stand-in associates none with instances or interfaces itself. */
export const eip = resource<EipArgs, EipState, Address>("ec2/eip:Eip", {
    noun: "EC2 EIP",
    fixed: ["address", "domain"],
    remembered: ["address"],
    inputs: { domain: { validate: oneOf("vpc") } },
    names: { instance: "InstanceId", networkInterface: "NetworkInterfaceId", privateIp: "PrivateIpAddress" },
    otherwise: { publicIpv4Pool: "amazon" },
    find: describeAddress,
    async outputs(found, id, context) {
        const { region } = context;
        const zone = region === "us-east-1" ? "compute-1" : `${region}.compute`;
        const privateZone = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
        const dashed = (address = "") => address.replaceAll(".", "-");
        const { PrivateIpAddress, PublicIp, NetworkBorderGroup } = found;
        return {
            arn: ec2Arn(context, await context.accountId(), `elastic-ip/${id}`),
            networkBorderGroup: NetworkBorderGroup ?? region,
            privateDns: PrivateIpAddress ? `ip-${dashed(PrivateIpAddress)}.${privateZone}` : "",
            publicDns: `ec2-${dashed(PublicIp)}.${zone}.amazonaws.com`,
        };
    },
    async create({ address, domain = "vpc" }, context) {
        const { AllocationId } = await context.aws.ec2.allocateAddress({
            Address: address,
            Domain: domain as Address["Domain"],
            TagSpecifications: tagSpecifications("elastic-ip", context),
        });
        return AllocationId;
    },
    tags: ec2Tags,
    async delete(id, _state, context) {
        const AssociationId = (await describeAddress(id, context))?.AssociationId;
        // AWS refuses this for the address of a NAT gateway, as it must: deleting the gateway frees it.
        if (AssociationId) await disassociate(AssociationId, context);
        await context.aws.ec2.releaseAddress({ AllocationId: id });
    },
});

async function describeAddress(id: string, { aws }: AwsContext): Promise<Address | undefined> {
    return (await aws.ec2.describeAddresses({ AllocationIds: [id] })).Addresses?.[0];
}

async function disassociate(AssociationId: string, { aws }: AwsContext): Promise<void> {
    try {
        await aws.ec2.disassociateAddress({ AssociationId });
    } catch (error) {
        if (!isNotFound(error)) throw error;
    }
}

/** Zonal NAT gateways with one address. */
export const natGateway = resource<NatGatewayArgs, NatGatewayState, NatGateway>("ec2/natGateway:NatGateway", {
    noun: "EC2 NAT Gateway",
    fixed: ["allocationId", "connectivityType", "privateIp", "subnetId"],
    inputs: {
        allocationId: { computed: true },
        connectivityType: { default: "public", validate: oneOf("public", "private") },
        subnetId: { computed: true },
    },
    only: { availabilityMode: "zonal" },
    rules: [
        needs("subnetId", " for a zonal NAT gateway, the only kind implemented"),
        ({ connectivityType: type }, isGiven) => [
            ...when(
                type === "public" && !isGiven("allocationId"),
                'Missing required argument: "allocationId" is required with connectivityType "public"',
            ),
            ...when(
                type === "private" && isGiven("allocationId"),
                'allocationId is not supported with connectivityType "private"',
            ),
        ],
    ],
    find: describeNatGateway,
    // AWS shows a deleted gateway for about an hour.
    isGone: ({ State }) => State === "deleted",
    outputs({ NatGatewayAddresses: addresses = [] }) {
        const primary = addresses.find(({ IsPrimary }) => IsPrimary) ?? addresses[0];
        const others = addresses.filter((address) => address !== primary);
        return {
            allocationId: primary?.AllocationId ?? "",
            associationId: primary?.AssociationId ?? "",
            availabilityMode: "zonal",
            networkInterfaceId: primary?.NetworkInterfaceId ?? "",
            privateIp: primary?.PrivateIp ?? "",
            publicIp: primary?.PublicIp ?? "",
            secondaryAllocationIds: others.flatMap(({ AllocationId }) => AllocationId ?? []),
            secondaryPrivateIpAddressCount: others.length,
            secondaryPrivateIpAddresses: others.flatMap(({ PrivateIp }) => PrivateIp ?? []),
        };
    },
    async create(inputs, context) {
        const { NatGateway } = await context.aws.ec2.createNatGateway({
            AllocationId: inputs.allocationId,
            ConnectivityType: inputs.connectivityType as NatGateway["ConnectivityType"],
            PrivateIpAddress: inputs.privateIp,
            SubnetId: inputs.subnetId,
            TagSpecifications: tagSpecifications("natgateway", context),
        });
        return NatGateway?.NatGatewayId;
    },
    ready: {
        state: ({ State }) => State,
        good: ["available"],
        bad: ["failed"],
        why: ({ FailureCode, FailureMessage }) => `${FailureCode}: ${FailureMessage}`,
        seconds: 600,
    },
    tags: ec2Tags,
    delete: (id, _state, { aws }) => aws.ec2.deleteNatGateway({ NatGatewayId: id }),
    // Until it is gone its address and its subnet stay in use.
    removal: { seconds: 1800 },
});

/** A gateway, which may be deleted. @throws EC2's error when there is none. */
async function describeNatGateway(id: string, { aws }: AwsContext): Promise<NatGateway | undefined> {
    return (await aws.ec2.describeNatGateways({ NatGatewayIds: [id] })).NatGateways?.[0];
}

const associationParts = idParts(
    /^([^,]+),([^,]+)$/,
    "NAT_GATEWAY_ID,ALLOCATION_ID",
    "natGatewayId",
    "allocationId",
);

export const natGatewayEipAssociation = resource<
    NatGatewayEipAssociationArgs,
    NatGatewayEipAssociationState,
    NatGatewayAddress
>("ec2/natGatewayEipAssociation:NatGatewayEipAssociation", {
    noun: "VPC NAT Gateway EIP Association",
    fixed: ["allocationId", "natGatewayId"],
    import: async (id) => ({ id, known: associationParts(id) }),
    async find(id, context) {
        const { natGatewayId, allocationId } = associationParts(id);
        const gateway = await describeNatGateway(natGatewayId, context);
        if (gateway?.State === "deleted") return undefined;
        return gateway?.NatGatewayAddresses?.find(({ AllocationId }) => AllocationId === allocationId);
    },
    isGone: ({ Status }) => Status === "failed",
    outputs: (_found, id) => associationParts(id),
    // No second try while AWS is at another address of the gateway: the official provider makes none either.
    async create({ natGatewayId, allocationId }, { aws }) {
        const AllocationIds = [allocationId];
        await aws.ec2.associateNatGatewayAddress({ NatGatewayId: natGatewayId, AllocationIds });
        return `${natGatewayId},${allocationId}`;
    },
    ready: {
        state: ({ Status }) => Status,
        good: ["succeeded"],
        bad: ["failed"],
        why: ({ FailureMessage }) => FailureMessage,
        seconds: 600,
        says: "to succeed",
    },
    async delete(id, _state, context) {
        const { natGatewayId: NatGatewayId, allocationId } = associationParts(id);
        const { NatGatewayAddresses = [] } = (await describeNatGateway(NatGatewayId, context)) ?? {};
        const found = NatGatewayAddresses.find(({ AllocationId }) => AllocationId === allocationId);
        // One that failed, or that is on its way out, has nothing left to take away.
        if (!found?.AssociationId || found.Status === "failed" || found.Status === "disassociating") return;
        const AssociationIds = [found.AssociationId];
        await context.aws.ec2.disassociateNatGatewayAddress({ NatGatewayId, AssociationIds });
    },
    // Until its connections have drained the address stays in use.
    removal: { seconds: 1800 },
});
