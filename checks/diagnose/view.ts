import { type NetworkIntent, type SubnetIntent } from "../intent";
import type { MatrixEntry } from "../matrix";
import type { Finding } from "../messages";
import { type AddressRange, parseCidr, rangeOf } from "../net/ipv4";
import { NEVER_PUBLIC_IPV4 } from "../net/special-purpose";
import type { Observations } from "../observations";
import { missingOf, type Snapshot, type SnapshotKind } from "../snapshot/types";

/** What is there and what is meant to be there, side by side. */
export interface View {
    readonly snapshot: Snapshot;
    readonly intent: NetworkIntent;
    /** What was read outside of EC2; nothing when nothing was. */
    readonly observations: Observations;
}

/** One judged connection: the matrix entry, the way it takes and everything that has to change for it. */
export interface FlowResult extends MatrixEntry {
    /** The components on the way, up to the one that drops or delivers. */
    path: string[];
    /** The complete set: when all of it is mended, the verdict is the expected one. */
    explanations: Finding[];
}

export interface Analysis {
    /** Everything that is wrong, each thing once, whatever the number of flows that it stops. */
    findings: Finding[];
    flows: FlowResult[];
}

/** Whether these kinds were read, so that the absence of an item means that it does not exist. */
export function known({ snapshot }: View, ...kinds: SnapshotKind[]): boolean {
    return missingOf(snapshot, kinds).length === 0;
}

/** Where a flow begins, in the reader's terms. Two subnets of one tier in one zone are told apart by their ids. */
export function originLabel({ intent }: View, subnet: SubnetIntent): string {
    const same = intent.subnets.filter(
        (other) => other.tier === subnet.tier && other.availabilityZone === subnet.availabilityZone,
    );
    const label = `${subnet.tier} ${subnet.availabilityZone}`;
    return same.length > 1 ? `${label} ${subnet.subnetId}` : label;
}

/** Whether the subnet is meant to reach the internet, and through what. */
export function intendedEgress({ intent }: View, subnet: SubnetIntent): string | undefined {
    return subnet.tier === "public" ? intent.internetGatewayId : subnet.natGatewayId;
}

const NOT_PUBLIC = NEVER_PUBLIC_IPV4.map(parseCidr);

/** The addresses that "the internet" means, seen from the VPC: all that are public and not its own. */
export function internetRanges({ snapshot, intent }: View): AddressRange[] {
    const vpc = snapshot.Vpcs?.find((candidate) => candidate.VpcId === intent.vpcId);
    const own = (vpc?.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock }) =>
        CidrBlock === undefined ? [] : [parseCidr(CidrBlock)],
    );
    const excluded = [...NOT_PUBLIC, ...own].map(rangeOf).sort((a, b) => a.first - b.first);
    const ranges: AddressRange[] = [];
    let next = 0;
    for (const { first, last } of excluded) {
        if (first > next) ranges.push({ first: next, last: first - 1 });
        next = Math.max(next, last + 1);
    }
    // The last excluded block ends at 255.255.255.255, so nothing is left behind it.
    return ranges;
}
