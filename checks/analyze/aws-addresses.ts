import { contains, type IpRange, parseBlock } from "../../lib/addresses/ip";
import type { Model } from "./model";

/**
 * Addresses at which AWS itself answers, on the host of the instance: the resolver, instance metadata, and time; and the
 * router. No security group and no network ACL filters them.
 */
const LINK_LOCAL = [
    ...["169.254.169.253/32", "169.254.169.254/32", "169.254.169.123/32"].map(parseBlock),
    ...["fd00:ec2::253/128", "fd00:ec2::254/128", "fd00:ec2::123/128"].map(parseBlock),
];

export function isAwsAddress(model: Model, vpcId: string, address: IpRange): boolean {
    if (LINK_LOCAL.some((block) => contains(block, address))) return true;
    if (typeof address.first !== "number") return false;
    // The resolver is two above the base of the VPC's primary block; the router is one above each subnet's.
    const primary = model.vpcs.get(vpcId)?.CidrBlock;
    if (primary !== undefined && Number(parseBlock(primary).first) + 2 === address.first) return true;
    const subnet = model.subnetAt(vpcId, address)?.CidrBlock;
    return subnet !== undefined && Number(parseBlock(subnet).first) + 1 === address.first;
}
