import { isAttachedTo } from "../analyze/internet-gateway";
import { isPublicNat } from "../analyze/nat";
import { finding } from "../messages";
import { type Diagnosis, withRemedies } from "./diagnosis";
import { known, type View } from "./view";

/** What is wrong with the components at the edge of the VPC, each by itself. */

export function vpcExists(view: View): boolean {
    return !known(view, "Vpcs") || vpcOf(view) !== undefined;
}

function vpcOf({ snapshot, intent }: View) {
    return snapshot.Vpcs?.find((vpc) => vpc.VpcId === intent.vpcId);
}

/**
 * `block-bidirectional` stops everything. `block-ingress` does not stop NAT gateways, but everything that goes straight through an
 * internet gateway, because its replies would have to come in.
 */
export function blockPublicAccessFindings(view: View): Diagnosis[] {
    const mode = vpcOf(view)?.BlockPublicAccessStates?.InternetGatewayBlockMode ?? "off";
    if (view.intent.internetGatewayId === undefined || mode === "off") return [];
    const gateways = mode === "block-ingress" ? "direct" : "nat";
    return [finding("BLOCK_PUBLIC_ACCESS", view.intent.vpcId, { mode, gateways })];
}

export function internetGatewayFindings(view: View): Diagnosis[] {
    const { snapshot, intent, evaluator } = view;
    const { internetGatewayId, vpcId } = intent;
    if (internetGatewayId === undefined || !known(view, "InternetGateways")) return [];
    const gateway = snapshot.InternetGateways?.find((one) => one.InternetGatewayId === internetGatewayId);
    if (gateway === undefined) return [finding("IGW_NOT_FOUND", internetGatewayId)];
    if (isAttachedTo(evaluator.model, internetGatewayId, vpcId)) return [];
    const otherVpcId = gateway.Attachments?.find((attachment) => attachment.VpcId !== vpcId)?.VpcId;
    if (otherVpcId !== undefined) return [finding("IGW_ELSEWHERE", internetGatewayId, { vpcId, otherVpcId })];
    const detached = finding("IGW_DETACHED", internetGatewayId, { vpcId });
    return [withRemedies(detached, { action: "AttachInternetGateway", internetGatewayId, vpcId })];
}

export function natGatewayFindings(view: View, natGatewayId: string): Diagnosis[] {
    if (!known(view, "NatGateways")) return [];
    const nat = view.evaluator.model.natGateways.get(natGatewayId);
    const state = String(nat?.State ?? "deleted");
    if (nat === undefined || !["available", "pending"].includes(state)) {
        const { FailureCode: code, FailureMessage: message } = nat ?? {};
        const failure = {
            ...(code === undefined ? {} : { code }),
            ...(message === undefined ? {} : { message }),
        };
        return [finding("NAT_BAD_STATE", natGatewayId, { state, failure })];
    }
    if (state === "pending") return [finding("NAT_PENDING", natGatewayId)];
    return isPublicNat(nat) ? [] : [finding("NAT_NOT_PUBLIC", natGatewayId)];
}
