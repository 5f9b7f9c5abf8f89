import {
    AssignPrivateIpAddressesCommand,
    CreateNetworkInterfaceCommand,
    DeleteNetworkInterfaceCommand,
    DescribeNetworkInterfacesCommand,
    DetachNetworkInterfaceCommand,
    ModifyNetworkInterfaceAttributeCommand,
    UnassignPrivateIpAddressesCommand,
    type NetworkInterface,
} from "@aws-sdk/client-ec2";
import type { NetworkInterfaceArgs, NetworkInterfaceState } from "@pulumi/aws/ec2/networkInterface";

import { done, pending, waitFor } from "../../server/clock";
import { isNotFound } from "../../server/errors";
import { boolean, set, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, ec2Arn, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** The official provider's patience, in seconds. */
const TIMEOUT_SECONDS = 600;

/** Network interfaces with IPv4 addresses that live apart from the instances that use them. */
export const networkInterface = resource<NetworkInterfaceArgs, NetworkInterfaceState>({
    noun: "EC2 Network Interface",
    properties: {
        description: string(),
        privateIp: string({ computed: true, forceNew: true }),
        privateIps: set({ computed: true }),
        securityGroups: set({ computed: true }),
        sourceDestCheck: boolean({ default: true }),
        subnetId: string({ required: true, forceNew: true }),
    },
    recomputed: { privateIps: ["privateIpLists", "privateIpsCount"] },
    async create(inputs, context) {
        const { NetworkInterface: made } = await ec2(context).send(
            new CreateNetworkInterfaceCommand({
                Description: inputs.description,
                Groups: inputs.securityGroups?.length ? inputs.securityGroups : undefined,
                PrivateIpAddress: inputs.privateIp,
                PrivateIpAddresses: inputs.privateIps?.length
                    ? inputs.privateIps.map((address, index) => ({
                          PrivateIpAddress: address,
                          Primary: index === 0,
                      }))
                    : undefined,
                SubnetId: inputs.subnetId,
                TagSpecifications: tagSpecifications("network-interface", context),
            }),
        );
        return made!.NetworkInterfaceId!;
    },
    async settle(id, inputs, context) {
        const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
        await waitFor(`EC2 Network Interface (${id}) to become available`, patience, async () => {
            const state = (await describe(id, context))?.Status;
            return state === "available" || state === "in-use" ? done(true) : pending(state);
        });
        if (inputs.sourceDestCheck === false)
            await modify(id, { SourceDestCheck: { Value: false } }, context);
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        const addresses = addressesOf(found);
        return {
            arn: ec2Arn(context, found.OwnerId, `network-interface/${id}`),
            attachments: attachmentsOf(found),
            description: found.Description ?? "",
            interfaceType: found.InterfaceType ?? "interface",
            ipv4PrefixCount: found.Ipv4Prefixes?.length ?? 0,
            ipv4Prefixes: [],
            ipv6AddressCount: found.Ipv6Addresses?.length ?? 0,
            ipv6AddressLists: [],
            ipv6Addresses: [],
            ipv6PrefixCount: 0,
            ipv6Prefixes: [],
            macAddress: found.MacAddress,
            outpostArn: found.OutpostArn ?? "",
            ownerId: found.OwnerId,
            privateDnsName: found.PrivateDnsName ?? "",
            privateIp: found.PrivateIpAddress,
            privateIpLists: addresses,
            privateIps: addresses,
            privateIpsCount: addresses.length - 1,
            securityGroups: (found.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
            sourceDestCheck: found.SourceDestCheck ?? true,
            subnetId: found.SubnetId,
            tags: tagsFrom(found.TagSet),
        };
    },
    async update(id, news, { changed }, context) {
        if (changed.has("description"))
            await modify(id, { Description: { Value: news.description ?? "" } }, context);
        if (changed.has("securityGroups") && news.securityGroups)
            await modify(id, { Groups: news.securityGroups }, context);
        if (changed.has("sourceDestCheck"))
            await modify(id, { SourceDestCheck: { Value: news.sourceDestCheck ?? true } }, context);
        if (changed.has("privateIps") && news.privateIps) await putAddresses(id, news.privateIps, context);
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        const attachment = (await describe(id, context))?.Attachment;
        // The primary interface of an instance is let go by nothing but the instance's end.
        if (attachment?.AttachmentId && attachment.DeviceIndex !== 0) {
            const command = new DetachNetworkInterfaceCommand({
                AttachmentId: attachment.AttachmentId,
                Force: true,
            });
            await ec2(context).send(command);
            await untilFree(id, context);
        }
        await ec2(context).send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: id }));
    },
});

async function describe(id: string, context: AwsContext): Promise<NetworkInterface | undefined> {
    try {
        const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [id] });
        return (await ec2(context).send(command)).NetworkInterfaces?.[0];
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

const modify = (
    NetworkInterfaceId: string,
    change: Omit<
        ConstructorParameters<typeof ModifyNetworkInterfaceAttributeCommand>[0],
        "NetworkInterfaceId"
    >,
    context: AwsContext,
) => ec2(context).send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, ...change }));

async function untilFree(id: string, context: AwsContext): Promise<void> {
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    await waitFor(`EC2 Network Interface (${id}) to be detached`, patience, async () => {
        const found = await describe(id, context);
        return found?.Attachment?.AttachmentId ? pending(found.Attachment.Status) : done(true);
    });
}

/** All private addresses, the primary one first. */
function addressesOf({ PrivateIpAddresses = [] }: NetworkInterface): string[] {
    return [...PrivateIpAddresses]
        .sort((a, b) => Number(b.Primary ?? false) - Number(a.Primary ?? false))
        .flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []);
}

function attachmentsOf({ Attachment }: NetworkInterface) {
    if (!Attachment?.AttachmentId) return [];
    return [
        {
            attachmentId: Attachment.AttachmentId,
            deviceIndex: Attachment.DeviceIndex ?? 0,
            instance: Attachment.InstanceId ?? "",
            networkCardIndex: Attachment.NetworkCardIndex ?? 0,
        },
    ];
}

/** Gives the interface these addresses and no other; the primary one stays in any case. */
async function putAddresses(
    NetworkInterfaceId: string,
    wanted: string[],
    context: AwsContext,
): Promise<void> {
    const [primary, ...secondary] = addressesOf((await describe(NetworkInterfaceId, context)) ?? {});
    const surplus = secondary.filter((address) => !wanted.includes(address));
    const missing = wanted.filter((address) => address !== primary && !secondary.includes(address));
    if (surplus.length > 0) {
        const input = { NetworkInterfaceId, PrivateIpAddresses: surplus };
        await ec2(context).send(new UnassignPrivateIpAddressesCommand(input));
    }
    if (missing.length > 0) {
        const input = { NetworkInterfaceId, PrivateIpAddresses: missing };
        await ec2(context).send(new AssignPrivateIpAddressesCommand(input));
    }
}
