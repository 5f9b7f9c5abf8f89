import type { Tag } from "@aws-sdk/client-ec2";

import type { ObservedNetwork } from "../../observations";

/** Those of the resources that do not carry all the tags of this deployment, or whose tags are not known. */
export function foreignAmong(
    ids: readonly string[],
    ownerTags: Readonly<Record<string, string>>,
    network: ObservedNetwork,
): string[] {
    return ids.filter((id) => {
        const tags = tagsOf(network, id);
        return !Object.entries(ownerTags).every(([key, value]) =>
            tags.some((tag) => tag.Key === key && tag.Value === value),
        );
    });
}

function tagsOf(network: ObservedNetwork, id: string): Tag[] {
    const studio = network.observations?.studio;
    if (studio?.domainId === id)
        return Object.entries(studio.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
    const { Vpcs, InternetGateways, RouteTables, Subnets, VpcEndpoints, SecurityGroups } = network;
    const { NetworkAcls, NetworkInterfaces } = network;
    return (
        Vpcs?.find((item) => item.VpcId === id)?.Tags ??
        InternetGateways?.find((item) => item.InternetGatewayId === id)?.Tags ??
        RouteTables?.find((item) => item.RouteTableId === id)?.Tags ??
        Subnets?.find((item) => item.SubnetId === id)?.Tags ??
        VpcEndpoints?.find((item) => item.VpcEndpointId === id)?.Tags ??
        SecurityGroups?.find((item) => item.GroupId === id)?.Tags ??
        NetworkAcls?.find((item) => item.NetworkAclId === id)?.Tags ??
        NetworkInterfaces?.find((item) => item.NetworkInterfaceId === id)?.TagSet ??
        []
    );
}
