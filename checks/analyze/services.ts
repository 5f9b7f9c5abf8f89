import type { VpcEndpoint } from "@aws-sdk/client-ec2";

import type { Walk } from "./filters";
import { anyAddressOf, type Interface } from "./interfaces";
import { type Model, subnetBlocks } from "./model";
import type { Trace } from "./trace";

/** How the name of an AWS service is reached from a VPC: through an interface endpoint, a gateway endpoint, or from the internet. */

/** The endpoints of one service in one VPC. */
export interface ServiceEndpoints {
    readonly interfaceEndpoint?: VpcEndpoint;
    readonly gatewayEndpoint?: VpcEndpoint;
}

/** Whether a service name is meant by what people call it: "ssm", or its whole name. */
function isNamed(serviceName: string | undefined, service: string, region: string): boolean {
    return serviceName === service || serviceName?.endsWith(`.${region}.${service}`) === true;
}

export function endpointsOf(model: Model, service: string, vpcId: string): ServiceEndpoints {
    const own = [...model.endpoints.values()].filter(
        ({ VpcEndpointId, VpcId, ServiceName }) =>
            VpcId === vpcId &&
            (VpcEndpointId === service || isNamed(ServiceName, service, model.snapshot.region)),
    );
    const ofType = (type: string) => own.filter(({ VpcEndpointType }) => VpcEndpointType === type);
    // Only one endpoint of a service in a VPC can have private DNS: that one answers under the name.
    // Such an endpoint answers under the name to clients outside of the VPC alone.
    const candidates = ofType("Interface").filter(
        ({ DnsOptions }) => DnsOptions?.PrivateDnsOnlyForInboundResolverEndpoint !== true,
    );
    const interfaceEndpoint = candidates.find((one) => one.PrivateDnsEnabled === true) ?? candidates[0];
    const gatewayEndpoint = ofType("Gateway")[0];
    return {
        ...(interfaceEndpoint === undefined ? {} : { interfaceEndpoint }),
        ...(gatewayEndpoint === undefined ? {} : { gatewayEndpoint }),
    };
}

/**
 * What the snapshot does not tell of where the name leads, when the VPC has no endpoint for the service that the snapshot knows of:
 * an interface of an endpoint that it lacks, or a private hosted zone by which another VPC shares its endpoint.
 */
export function explainUnreadNames({ model, trace }: Walk, service: string, vpcId: string): void {
    const listed = new Set([...model.endpoints.values()].flatMap((one) => one.NetworkInterfaceIds ?? []));
    const stray = [...model.interfaces.values()].find(
        (one) => one.kind === "endpoint" && one.vpcId === vpcId && !listed.has(one.id),
    );
    if (stray !== undefined) {
        trace.add("ENDPOINT_OF_INTERFACE_UNREAD", stray.id, { args: { service } });
        trace.doubt();
    }
    if (model.snapshot.HostedZones !== undefined) return;
    const shared = [...model.vpcs.keys()]
        .filter((other) => other !== vpcId)
        .flatMap((other) => endpointsOf(model, service, other).interfaceEndpoint ?? [])
        .find(({ PrivateDnsEnabled }) => PrivateDnsEnabled !== true);
    if (shared === undefined) return;
    const args = { endpoint: shared.VpcEndpointId ?? "", vpc: shared.VpcId ?? "", service };
    trace.add("X_HOSTED_ZONES_UNREAD", vpcId, { args });
    trace.doubt();
}

/** What keeps the name from leading to the interface endpoint; the trace stays empty when nothing does. */
export function explainPrivateDns(
    { model, trace }: Walk,
    endpoint: VpcEndpoint,
    service: string,
    vpcId: string,
): void {
    trace.need(model, "VpcEndpoints", "VpcAttributes", "DhcpOptions");
    const id = endpoint.VpcEndpointId ?? "";
    const state = endpoint.State?.toLowerCase() ?? "available";
    if (state !== "available") trace.add("BAD_STATE", id, { args: { state } });
    if (!model.follows("endpoint-private-dns")) return;
    explainDnsSupport({ model, trace }, service, vpcId);
    const attributes = model.snapshot.VpcAttributes?.[vpcId];
    if (attributes?.enableDnsHostnames === false) trace.add("DNS_HOSTNAMES_OFF", vpcId);
    if (endpoint.PrivateDnsEnabled !== true) trace.add("ENDPOINT_PRIVATE_DNS_OFF", id, { args: { service } });
    const servers = customServers(model, vpcId);
    if (servers !== undefined)
        trace.add("DNS_CUSTOM", servers.dhcpOptionsId, { args: { vpcId, servers: servers.names } });
    // Other name servers may lead the name elsewhere.
    if (servers !== undefined) trace.doubt();
}

/**
 * Without DNS support no name resolves, unless the VPC has name servers of its own. Attributes that nobody read are none that are
 * on: AWS turns support on by default, and hostnames in default VPCs only.
 */
export function explainDnsSupport({ model, trace }: Walk, service: string, vpcId: string): void {
    trace.need(model, "VpcAttributes");
    if (customServers(model, vpcId) !== undefined) return;
    const attributes = model.snapshot.VpcAttributes?.[vpcId];
    if (attributes?.enableDnsSupport === false) trace.add("DNS_SUPPORT_OFF", vpcId);
    if (attributes === undefined && model.missingPermission("VpcAttributes") === undefined)
        trace.add("X_DNS_ATTRIBUTES_UNREAD", vpcId, { args: { service } });
    if (attributes === undefined) trace.doubt();
}

function customServers(
    model: Model,
    vpcId: string,
): { dhcpOptionsId: string; names: readonly string[] } | undefined {
    const id = model.vpcs.get(vpcId)?.DhcpOptionsId;
    const options = model.snapshot.DhcpOptions?.find((one) => one.DhcpOptionsId === id);
    const servers = options?.DhcpConfigurations?.find((one) => one.Key === "domain-name-servers");
    const names = (servers?.Values ?? []).flatMap(({ Value }) => Value ?? []);
    const own = names.filter((name) => name !== "AmazonProvidedDNS" && name !== "169.254.169.253");
    if (id === undefined || own.length === 0) return undefined;
    return { dhcpOptionsId: id, names: own };
}

/**
 * The endpoint's network interfaces; the name leads to any of them. When the snapshot has no interfaces, one for each of the
 * endpoint's subnets stands for them, because an endpoint has one in each.
 */
export function interfacesOfEndpoint(
    model: Model,
    trace: Trace,
    endpoint: VpcEndpoint,
): readonly Interface[] {
    trace.need(model, "NetworkInterfaces");
    const ids = endpoint.NetworkInterfaceIds ?? [];
    const found = ids.flatMap((id) => model.interfaces.get(id) ?? []);
    if (
        found.length > 0 ||
        (endpoint.NetworkInterfaceIds !== undefined && model.snapshot.NetworkInterfaces !== undefined)
    )
        return found;
    return (endpoint.SubnetIds ?? []).flatMap((subnetId) => {
        const subnet = model.subnets.get(subnetId);
        if (subnet === undefined) return [];
        const groups = (endpoint.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
        const kind = "endpoint" as const;
        const isFiltered = true;
        return [
            {
                ...anyAddressOf(subnet, subnetBlocks(subnet)),
                id: endpoint.VpcEndpointId ?? "",
                groups,
                kind,
                isFiltered,
            },
        ];
    });
}

/** A zone without an interface of the endpoint is served from another zone, as long as there is one. */
export function explainZones(
    { model, trace }: Walk,
    endpoint: VpcEndpoint,
    interfaces: readonly Interface[],
    service: string,
    subnetId: string,
): void {
    const zone = model.zoneOf(subnetId) ?? "any zone";
    const zones = interfaces.map((one) => model.zoneOf(one.subnetId));
    if (zones.includes(model.zoneOf(subnetId))) return;
    const id = "VPCE_SERVICE_NOT_INSTALLED_IN_AZ";
    const details = { args: { service, zone } };
    if (interfaces.length === 0) trace.add(id, endpoint.VpcEndpointId ?? "", details);
    else trace.warn(id, endpoint.VpcEndpointId ?? "", details);
}
