import type { Walk } from "./filters";
import type { RouteEntry } from "./routes";
import type { Traffic } from "./traffic";

/**
 * What a gateway endpoint asks of those whose table has a route to it.
 *
 * @returns whether nothing is the matter with it.
 */
export function throughGatewayEndpoint(
    { model, trace }: Walk,
    vpcId: string,
    traffic: Traffic,
    entry: RouteEntry,
): boolean {
    const isRead = trace.need(model, "VpcEndpoints");
    const id = entry.target.id;
    if (entry.prefixListId === undefined) {
        const args = { to: entry.destination, kind: "Gateway Load Balancer endpoint" };
        trace.add("UNSUPPORTED_COMPONENT", id, { rule: entry.destination, args });
        return false;
    }
    const endpoint = model.endpoints.get(id);
    if (endpoint === undefined) {
        if (isRead && !entry.blackhole)
            trace.add("UNKNOWN_RESOURCE", id, { args: { absence: { need: { of: "route" } } } });
        return false;
    }
    const state = endpoint.State?.toLowerCase() ?? "available";
    const isAvailable = state === "available";
    if (!isAvailable) trace.add("BAD_STATE", id, { args: { state } });
    const isCarried = traffic.protocol !== 17;
    if (!isCarried) trace.add("VPCE_GATEWAY_PROTOCOL_RESTRICTION", id, { args: { protocol: "UDP" } });
    const isOwn = endpoint.VpcId === undefined || endpoint.VpcId === vpcId;
    if (!isOwn)
        trace.add("ENDPOINT_OF_OTHER_VPC", id, { args: { endpointVpc: endpoint.VpcId ?? "", vpc: vpcId } });
    trace.hop(id, "vpc-endpoint");
    return isAvailable && isCarried && isOwn;
}
