import type { ModifyNetworkInterfaceAttributeRequest, NetworkInterface } from "@aws-sdk/client-ec2";
import type { NetworkInterfaceArgs, NetworkInterfaceState } from "@pulumi/aws/ec2/networkInterface";

import { done, pending, waitFor } from "../../server/clock";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2Arn, ec2Tags, tagSpecifications } from "./support";

/** The official provider's patience, in seconds. */
const TIMEOUT_SECONDS = 600;

/** Network interfaces with IPv4 addresses that live apart from the instances that use them. */
export const networkInterface = resource<NetworkInterfaceArgs, NetworkInterfaceState, NetworkInterface>(
    "ec2/networkInterface:NetworkInterface",
    {
        noun: "EC2 Network Interface",
        fixed: ["privateIp", "subnetId"],
        plain: ["description", "privateIps", "securityGroups"],
        inputs: { sourceDestCheck: { default: true } },
        recomputed: { privateIps: ["privateIpLists", "privateIpsCount"] },
        names: { instance: "InstanceId", privateIp: "PrivateIpAddress", securityGroups: "Groups.GroupId" },
        otherwise: { interfaceType: "interface" },
        find,
        outputs(found, id, context) {
            const addresses = addressesOf(found);
            const { OwnerId, Attachment, Ipv4Prefixes = [], Ipv6Addresses = [] } = found;
            return {
                arn: ec2Arn(context, OwnerId, `network-interface/${id}`),
                attachments: Attachment?.AttachmentId ? [attachmentOf(Attachment)] : [],
                ipv4PrefixCount: Ipv4Prefixes.length,
                ipv4Prefixes: [],
                ipv6AddressCount: Ipv6Addresses.length,
                ipv6Addresses: [],
                ipv6Prefixes: [],
                privateIpLists: addresses,
                privateIps: addresses,
                privateIpsCount: addresses.length - 1,
            };
        },
        async create({ description, privateIp, privateIps = [], securityGroups, subnetId }, context) {
            const { NetworkInterface: made } = await context.aws.ec2.createNetworkInterface({
                Description: description,
                Groups: securityGroups?.length ? securityGroups : undefined,
                PrivateIpAddress: privateIp,
                PrivateIpAddresses: privateIps.length
                    ? privateIps.map((address, index) => ({
                          PrivateIpAddress: address,
                          Primary: index === 0,
                      }))
                    : undefined,
                SubnetId: subnetId,
                TagSpecifications: tagSpecifications("network-interface", context),
            });
            return made?.NetworkInterfaceId;
        },
        ready: { state: ({ Status }) => Status, good: ["available", "in-use"], seconds: TIMEOUT_SECONDS },
        async settle(id, { sourceDestCheck }, context) {
            if (sourceDestCheck === false) await modify(id, { SourceDestCheck: { Value: false } }, context);
        },
        async update(id, news, { changed }, context) {
            const { description = "", securityGroups, sourceDestCheck = true, privateIps } = news;
            if (changed.has("description"))
                await modify(id, { Description: { Value: description } }, context);
            if (changed.has("securityGroups") && securityGroups)
                await modify(id, { Groups: securityGroups }, context);
            if (changed.has("sourceDestCheck"))
                await modify(id, { SourceDestCheck: { Value: sourceDestCheck } }, context);
            if (changed.has("privateIps") && privateIps) await putAddresses(id, privateIps, context);
        },
        tags: ec2Tags,
        async delete(id, _state, context) {
            const attachment = (await find(id, context))?.Attachment;
            // The primary interface of an instance is let go by nothing but the instance's end.
            if (attachment?.AttachmentId && attachment.DeviceIndex !== 0) {
                const { AttachmentId } = attachment;
                await context.aws.ec2.detachNetworkInterface({ AttachmentId, Force: true });
                await untilFree(id, context);
            }
            await context.aws.ec2.deleteNetworkInterface({ NetworkInterfaceId: id });
        },
    },
);

async function find(id: string, { aws }: AwsContext): Promise<NetworkInterface | undefined> {
    const NetworkInterfaceIds = [id];
    return (await aws.ec2.describeNetworkInterfaces({ NetworkInterfaceIds })).NetworkInterfaces?.[0];
}

const modify = (
    NetworkInterfaceId: string,
    change: Omit<ModifyNetworkInterfaceAttributeRequest, "NetworkInterfaceId">,
    { aws }: AwsContext,
) => aws.ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, ...change });

async function untilFree(id: string, context: AwsContext): Promise<void> {
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    await waitFor(`EC2 Network Interface (${id}) to be detached`, patience, async () => {
        const { Attachment } = (await find(id, context)) ?? {};
        return Attachment?.AttachmentId ? pending(Attachment.Status) : done(true);
    });
}

/** All private addresses, the primary one first. */
function addressesOf({ PrivateIpAddresses = [] }: NetworkInterface): string[] {
    return [...PrivateIpAddresses]
        .sort((a, b) => Number(b.Primary ?? false) - Number(a.Primary ?? false))
        .flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []);
}

const attachmentOf = (attachment: NonNullable<NetworkInterface["Attachment"]>) => ({
    attachmentId: attachment.AttachmentId ?? "",
    deviceIndex: attachment.DeviceIndex ?? 0,
    instance: attachment.InstanceId ?? "",
    networkCardIndex: attachment.NetworkCardIndex ?? 0,
});

/** Gives the interface these addresses and no other; the primary one stays in any case. */
async function putAddresses(
    NetworkInterfaceId: string,
    wanted: readonly string[],
    context: AwsContext,
): Promise<void> {
    const { ec2 } = context.aws;
    const [primary, ...secondary] = addressesOf((await find(NetworkInterfaceId, context)) ?? {});
    const surplus = secondary.filter((address) => !wanted.includes(address));
    const missing = wanted.filter((address) => address !== primary && !secondary.includes(address));
    if (surplus.length > 0)
        await ec2.unassignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: surplus });
    if (missing.length > 0)
        await ec2.assignPrivateIpAddresses({ NetworkInterfaceId, PrivateIpAddresses: missing });
}
