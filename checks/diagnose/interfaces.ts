import { type Finding, finding } from "../messages";
import { contains, formatAddress } from "../net/ip";
import { known, type View, vpcBlocks } from "./view";

/** Whether declared network interfaces carry their groups. One that is gone is not reported here: whatever it belonged to is. */
export function interfaceGroupFindings(view: View): Finding[] {
    const { snapshot, intent } = view;
    if (!known(view, "NetworkInterfaces")) return [];
    return (intent.networkInterfaces ?? []).flatMap(({ networkInterfaceId, securityGroupIds }) => {
        const actual = snapshot.NetworkInterfaces?.find(
            (one) => one.NetworkInterfaceId === networkInterfaceId,
        );
        if (actual === undefined) return [];
        const carried = (actual.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
        const [groups, actualGroups] = [securityGroupIds, carried].map((ids) => [...ids].sort().join(" "));
        if (groups === undefined || actualGroups === undefined || groups === actualGroups) return [];
        return [finding("INTERFACE_WRONG_GROUPS", networkInterfaceId, { groups, actualGroups })];
    });
}

/**
 * Routes that lead traffic within the VPC through an appliance. Behind it an address no longer stands for the group of its
 * interface, so that no rule by reference admits it.
 */
export function middleboxFindings(view: View, routeTableId: string): Finding[] {
    if (!known(view, "RouteTables", "Vpcs", "ManagedPrefixLists")) return [];
    const own = vpcBlocks(view);
    return (view.judging.model.tableNamed(routeTableId)?.entries ?? [])
        .filter(({ origin, block }) => origin === "static" && own.some((one) => contains(one, block)))
        .map(({ destination, target }) =>
            finding("MIDDLEBOX_BREAKS_REFERENCES", routeTableId, {
                cidr: destination,
                actualTarget: target.id,
            }),
        );
}

/** Fewer, and the next network interfaces, endpoints and applications cannot be made. */
const ADDRESSES_NEEDED = 8;

/** Whether a subnet has addresses left. */
export function addressFindings(view: View, subnetId: string): Finding[] {
    if (!known(view, "Subnets")) return [];
    const free = view.snapshot.Subnets?.find((one) => one.SubnetId === subnetId)?.AvailableIpAddressCount;
    if (free === undefined || free >= ADDRESSES_NEEDED) return [];
    return [
        finding("SUBNET_ADDRESSES_LOW", subnetId, { free: String(free), needed: String(ADDRESSES_NEEDED) }),
    ];
}

/** Whether names inside the VPC are asked of Amazon's resolver. */
export function resolverFindings(view: View): Finding[] {
    const { snapshot, intent } = view;
    if (!known(view, "Vpcs", "DhcpOptions") || intent.interfaceEndpoints.length === 0) return [];
    const optionsId = snapshot.Vpcs?.find((vpc) => vpc.VpcId === intent.vpcId)?.DhcpOptionsId;
    const options = snapshot.DhcpOptions?.find((one) => one.DhcpOptionsId === optionsId);
    const servers = (
        options?.DhcpConfigurations?.find(({ Key }) => Key === "domain-name-servers")?.Values ?? []
    ).flatMap(({ Value }) => Value ?? []);
    const amazon = ["AmazonProvidedDNS", "169.254.169.253", ...resolvers(view)];
    if (optionsId === undefined || servers.every((server) => amazon.includes(server))) return [];
    return [finding("DNS_CUSTOM", optionsId, { servers: servers.join(", ") })];
}

/** The VPC's base address plus two, of each of its blocks. */
function resolvers(view: View): string[] {
    return vpcBlocks(view).map(({ first }) => formatAddress(Number(first) + 2));
}
