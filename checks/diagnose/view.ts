import { createEvaluator, type Evaluator } from "../analyze/analyze";
import { internetRanges } from "../analyze/public-addresses";
import { type NetworkIntent, type SubnetIntent } from "../intent";
import type { MatrixEntry } from "../matrix";
import type { Block, IpRange } from "../../lib/addresses/ip";
import type { Observations } from "../observations";
import { prefixListName } from "../rule";
import type { Diagnosis } from "./diagnosis";
import { missingOf, type Snapshot, type SnapshotKind } from "../snapshot/types";

/** What is there and what is meant to be there, side by side. */
export interface View {
    readonly snapshot: Snapshot;
    readonly intent: NetworkIntent;
    /** What was read outside of EC2; nothing when nothing was. */
    readonly observations: Observations;
    /** The analysis of the snapshot, indexed once. */
    readonly evaluator: Evaluator;
}

export function viewOf(snapshot: Snapshot, intent: NetworkIntent, observations: Observations): View {
    return { snapshot, intent, observations, evaluator: createEvaluator(snapshot) };
}

/** One judged connection: the matrix entry, the way it takes and everything that has to change for it. */
export interface FlowResult extends MatrixEntry {
    /** The components on the way, up to the one that drops or delivers. */
    path: string[];
    /** The complete set: when all of it is mended, the verdict is the expected one. */
    explanations: Diagnosis[];
}

export interface Analysis {
    /** Everything that is wrong, each thing once, whatever the number of flows that it stops. */
    findings: Diagnosis[];
    flows: FlowResult[];
    /** Those of the findings that are an earlier stage's, for it to mend. */
    borrowed?: Diagnosis[];
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

/** The addresses that "the internet" means, seen from the VPC. IPv4, like all that is declared. */
export function internetOf({ evaluator, intent }: View): readonly IpRange[] {
    return internetRanges(evaluator.model, intent.vpcId, 4);
}

/** The IPv4 blocks of the VPC. */
export function vpcBlocks({ evaluator, intent }: View): Block[] {
    return evaluator.model.blocksOf(intent.vpcId).filter(({ family }) => family === 4);
}

/** The IPv4 addresses of a service that has gateway endpoints: the entries of AWS's own prefix list. */
export function serviceBlocks({ evaluator, snapshot }: View, service: string): Block[] {
    const list = evaluator.model.prefixListNamed(prefixListName(snapshot.region, service));
    return (list ?? []).filter(({ family }) => family === 4);
}
