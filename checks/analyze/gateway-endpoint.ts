import type { Walk } from "./filters";
import type { RouteEntry } from "./routes";
import type { Traffic } from "./traffic";

/** What a gateway endpoint asks of those whose table has a route to it: interfaces, and the NAT gateways of its VPC. */
export function throughGatewayEndpoint(
    { model, trace }: Walk,
    vpcId: string,
    traffic: Traffic,
    entry: RouteEntry,
): void {
    trace.need(model, "VpcEndpoints");
    const id = entry.target.id;
    if (entry.prefixListId === undefined) {
        const args = { to: entry.destination, kind: "Gateway Load Balancer endpoint" };
        trace.add("UNSUPPORTED_COMPONENT", id, { rule: entry.destination, args });
        return;
    }
    const endpoint = model.endpoints.get(id);
    const state = endpoint?.State?.toLowerCase() ?? (endpoint === undefined ? "gone" : "available");
    if (state !== "available") trace.add("BAD_STATE", id, { args: { state } });
    if (traffic.protocol === 17)
        trace.add("VPCE_GATEWAY_PROTOCOL_RESTRICTION", id, { args: { protocol: "UDP" } });
    if (endpoint?.VpcId !== undefined && endpoint.VpcId !== vpcId)
        trace.add("BAD_STATE", id, { args: { state: `of ${endpoint.VpcId}, not of ${vpcId}` } });
    trace.hop(id, "vpc-endpoint");
}
