import { isAttachedTo } from "../analyze/internet-gateway";
import { isPublicNat } from "../analyze/nat";
import { type Finding, finding } from "../messages";
import { known, type View } from "./view";

/** What is wrong with the components that stand at the VPC's edge, each by itself. */

export function vpcExists(view: View): boolean {
    return !known(view, "Vpcs") || vpcOf(view) !== undefined;
}

function vpcOf({ snapshot, intent }: View) {
    return snapshot.Vpcs?.find((vpc) => vpc.VpcId === intent.vpcId);
}

/** How Block Public Access treats the VPC; "off" when the account does not use it. */
function blockPublicAccess(view: View): string {
    return vpcOf(view)?.BlockPublicAccessStates?.InternetGatewayBlockMode ?? "off";
}

/**
 * `block-bidirectional` stops everything; `block-ingress` leaves NAT gateways alone, but stops what goes straight through an
 * internet gateway, because its replies would have to come in.
 */
export function blockPublicAccessFindings(view: View): Finding[] {
    const mode = blockPublicAccess(view);
    const component = view.intent.vpcId;
    if (view.intent.internetGatewayId === undefined || mode === "off") return [];
    const consequence =
        mode === "block-ingress"
            ? "public subnets cannot use the internet gateway"
            : "internet and NAT gateways carry nothing out";
    return [finding("BLOCK_PUBLIC_ACCESS", component, { mode, consequence })];
}

export function internetGatewayFindings(view: View): Finding[] {
    const { snapshot, intent, evaluator } = view;
    const { internetGatewayId, vpcId } = intent;
    if (internetGatewayId === undefined || !known(view, "InternetGateways")) return [];
    const gateway = snapshot.InternetGateways?.find(
        (candidate) => candidate.InternetGatewayId === internetGatewayId,
    );
    if (gateway === undefined) return [finding("IGW_NOT_FOUND", internetGatewayId)];
    if (isAttachedTo(evaluator.model, internetGatewayId, vpcId)) return [];
    const otherVpcId = gateway.Attachments?.find((attachment) => attachment.VpcId !== vpcId)?.VpcId;
    return otherVpcId === undefined
        ? [finding("IGW_DETACHED", internetGatewayId, { vpcId })]
        : [finding("IGW_ELSEWHERE", internetGatewayId, { vpcId, otherVpcId })];
}

export function natGatewayFindings(view: View, natGatewayId: string): Finding[] {
    if (!known(view, "NatGateways")) return [];
    const nat = view.evaluator.model.natGateways.get(natGatewayId);
    const state = String(nat?.State ?? "deleted");
    if (nat === undefined || !["available", "pending"].includes(state)) {
        const failure =
            nat?.FailureCode === undefined ? "" : ` (${nat.FailureCode}: ${nat.FailureMessage ?? ""})`;
        return [finding("NAT_BAD_STATE", natGatewayId, { state, failure })];
    }
    if (state === "pending") return [finding("NAT_PENDING", natGatewayId)];
    return isPublicNat(nat) ? [] : [finding("NAT_NOT_PUBLIC", natGatewayId)];
}
