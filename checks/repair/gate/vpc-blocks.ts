import type { NetworkIntent } from "../../intent";
import type { Snapshot } from "../../snapshot/types";

/** The IPv4 blocks of the declared VPC, as AWS has them. */
export function vpcBlocks({ vpcId }: NetworkIntent, { Vpcs }: Snapshot): string[] {
    const vpc = Vpcs?.find((one) => one.VpcId === vpcId);
    return (vpc?.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock }) => CidrBlock ?? []);
}
