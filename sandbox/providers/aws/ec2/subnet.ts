import {
    CreateSubnetCommand,
    DeleteSubnetCommand,
    DescribeSubnetsCommand,
    ModifySubnetAttributeCommand,
} from "@aws-sdk/client-ec2";
import type { SubnetArgs, SubnetState } from "@pulumi/aws/ec2/subnet";

import { done, pending, waitFor } from "../../server/clock";
import { boolean, cidr, only, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, tagEc2, tagsFrom, tagSpecifications } from "./support";

/** Settings that creation does not take. AWS changes one a call. */
const SETTINGS = {
    mapPublicIpOnLaunch: (Value: boolean) => ({ MapPublicIpOnLaunch: { Value } }),
    enableResourceNameDnsARecordOnLaunch: (Value: boolean) => ({
        EnableResourceNameDnsARecordOnLaunch: { Value },
    }),
};
type Setting = keyof typeof SETTINGS;

export const subnet = resource<SubnetArgs, SubnetState>({
    noun: "EC2 Subnet",
    properties: {
        assignIpv6AddressOnCreation: only("boolean", false),
        availabilityZone: string({ computed: true, forceNew: true }),
        availabilityZoneId: string({ computed: true, forceNew: true }),
        cidrBlock: string({ computed: true, forceNew: true, validate: cidr(16, 28) }),
        enableDns64: only("boolean", false),
        enableResourceNameDnsARecordOnLaunch: boolean({ default: false }),
        enableResourceNameDnsAaaaRecordOnLaunch: only("boolean", false),
        ipv6Native: only("boolean", false),
        mapPublicIpOnLaunch: boolean({ default: false }),
        privateDnsHostnameTypeOnLaunch: { ...only("string", "ip-name"), computed: true },
        vpcId: string({ required: true, forceNew: true }),
    },
    check: ({ availabilityZone, availabilityZoneId, cidrBlock }, isUnknown) => [
        ...(availabilityZone !== undefined && availabilityZoneId !== undefined
            ? ['"availabilityZone": conflicts with availabilityZoneId']
            : []),
        ...(cidrBlock === undefined && !isUnknown("cidrBlock")
            ? [
                  'Missing required argument: "cidrBlock" is required without IPv6 and IPAM, which are not implemented',
              ]
            : []),
    ],
    async create(inputs, context) {
        const { Subnet } = await ec2(context).send(
            new CreateSubnetCommand({
                VpcId: inputs.vpcId,
                CidrBlock: inputs.cidrBlock,
                AvailabilityZone: inputs.availabilityZone,
                AvailabilityZoneId: inputs.availabilityZoneId,
                TagSpecifications: tagSpecifications("subnet", context),
            }),
        );
        return Subnet!.SubnetId!;
    },
    async settle(id, inputs, context) {
        const current = await waitFor(
            `EC2 Subnet (${id}) to become available`,
            { timeoutSeconds: 600, ...context },
            async () => {
                const found = await describe(id, context);
                return found?.State === "available" ? done(found) : pending(found?.State);
            },
        );
        // The default network's subnets aside, a new subnet gives out no public addresses; AWS is asked to be sure.
        if (inputs.mapPublicIpOnLaunch !== current.MapPublicIpOnLaunch) {
            await change(id, "mapPublicIpOnLaunch", inputs.mapPublicIpOnLaunch, context);
        }
        if (inputs.enableResourceNameDnsARecordOnLaunch) {
            await change(id, "enableResourceNameDnsARecordOnLaunch", true, context);
        }
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        const ipv6 = found.Ipv6CidrBlockAssociationSet?.find(
            (block) => block.Ipv6CidrBlockState?.State === "associated",
        );
        const onLaunch = found.PrivateDnsNameOptionsOnLaunch;
        return {
            arn: found.SubnetArn,
            assignIpv6AddressOnCreation: found.AssignIpv6AddressOnCreation ?? false,
            availabilityZone: found.AvailabilityZone,
            availabilityZoneId: found.AvailabilityZoneId,
            cidrBlock: found.CidrBlock,
            customerOwnedIpv4Pool: found.CustomerOwnedIpv4Pool ?? "",
            enableDns64: found.EnableDns64 ?? false,
            enableLniAtDeviceIndex: found.EnableLniAtDeviceIndex ?? 0,
            enableResourceNameDnsARecordOnLaunch: onLaunch?.EnableResourceNameDnsARecord ?? false,
            enableResourceNameDnsAaaaRecordOnLaunch: onLaunch?.EnableResourceNameDnsAAAARecord ?? false,
            ipv6CidrBlock: ipv6?.Ipv6CidrBlock ?? "",
            ipv6CidrBlockAssociationId: ipv6?.AssociationId ?? "",
            ipv6Native: found.Ipv6Native ?? false,
            mapCustomerOwnedIpOnLaunch: found.MapCustomerOwnedIpOnLaunch ?? false,
            mapPublicIpOnLaunch: found.MapPublicIpOnLaunch ?? false,
            outpostArn: found.OutpostArn ?? "",
            ownerId: found.OwnerId,
            privateDnsHostnameTypeOnLaunch: onLaunch?.HostnameType ?? "ip-name",
            tags: tagsFrom(found.Tags),
            vpcId: found.VpcId,
        };
    },
    async update(id, news, { changed }, context) {
        for (const setting of Object.keys(SETTINGS) as Setting[]) {
            if (changed.has(setting)) await change(id, setting, news[setting], context);
        }
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        await ec2(context).send(new DeleteSubnetCommand({ SubnetId: id }));
    },
});

async function describe(id: string, context: AwsContext) {
    return (await ec2(context).send(new DescribeSubnetsCommand({ SubnetIds: [id] }))).Subnets?.[0];
}

async function change(
    id: string,
    setting: Setting,
    value: boolean | undefined,
    context: AwsContext,
): Promise<void> {
    const attribute = SETTINGS[setting](value ?? false);
    await ec2(context).send(new ModifySubnetAttributeCommand({ SubnetId: id, ...attribute }));
}
