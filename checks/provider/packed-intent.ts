import {
    endpointFlows,
    FULL_ACCESS_POLICY,
    groupFlows,
    type InterfaceEndpointIntent,
    type NetworkIntent,
    type ServicesIntent,
    type SubnetIntent,
    type SubnetTier,
} from "../intent";
import { type FlowIntent, rangeText } from "../flow";
import type { Stage } from "../messages";
import { packFlows, unpackFlows } from "./packed-flows";

/**
 * The part of the intent that a stage needs, as it is kept in Pulumi's state: a line for each thing instead of an object,
 * because a check pays for its bytes twice, in its inputs and in its outputs (Pulumi hands only outputs to read and delete).
 * Fields are divided by spaces, lists by commas, "-" is nothing.
 */
export interface PackedIntent {
    internetGateway?: string;
    /** "SUBNET TIER ZONE ROUTE-TABLE NAT NETWORK-ACL"; the zone without the region, the NAT gateway by its index. */
    subnets?: string[];
    /** "NAT SUBNET" */
    natGateways?: string[];
    /** "SERVICE ENDPOINT ROUTE-TABLES POLICY"; the table of a subnet is that subnet's index. */
    gatewayEndpoints?: string[];
    /** "SERVICE ENDPOINT PLACE POLICY" */
    interfaceEndpoints?: string[];
    /** "SUBNETS SECURITY-GROUPS": where interface endpoints are, which is the same for most of them. */
    places?: string[];
    /** Policies of endpoints, which name them by their index; "*" is the one that AWS gives by itself. */
    policies?: string[];
    /** "INTERFACE SECURITY-GROUPS" */
    networkInterfaces?: string[];
    /** See {@link packFlows}. */
    flows?: string;
    /** "443" for TCP inside the VPC, "443:s3" to a service, "53/udp": all that a network ACL sees of the flows. */
    ports?: string;
    services?: ServicesIntent;
    ownerTags: Record<string, string>;
}

/** @throws when a value holds a space or a comma, which no id, zone or service name does. */
export function packIntent(stage: Stage, intent: NetworkIntent): PackedIntent {
    const { internetGatewayId, ownerTags, region } = intent;
    const gateways = {
        ...(internetGatewayId === undefined ? {} : { internetGateway: internetGatewayId }),
        natGateways: intent.natGateways.map((nat) => line(nat.natGatewayId, nat.subnetId)),
    };
    switch (stage) {
        case "vpc":
            return { ...gateways, ownerTags };
        case "routes":
            return {
                ...gateways,
                subnets: intent.subnets.map((subnet) =>
                    subnetLine(
                        region,
                        subnet,
                        subnet.routeTableId,
                        natReference(intent, subnet.natGatewayId),
                        subnet.networkAclId,
                    ),
                ),
                gatewayEndpoints: gatewayEndpointLines(intent, true),
                ports: packPorts(intent.flows),
                ownerTags,
            };
        case "dns":
            return { ...interfaceEndpointLines(intent.interfaceEndpoints, false), ownerTags };
        case "security-groups": {
            const interfaces = intent.networkInterfaces ?? [];
            return {
                // Where a middlebox is, rules name the addresses of subnets.
                subnets: intent.subnets.map((subnet) => subnetLine(region, subnet)),
                flows: packFlows(groupFlows(intent)),
                ...(interfaces.length === 0
                    ? {}
                    : {
                          networkInterfaces: interfaces.map((one) =>
                              line(one.networkInterfaceId, one.securityGroupIds),
                          ),
                      }),
                ownerTags,
            };
        }
        case "endpoints": {
            const policies = ownPolicies(intent);
            return {
                subnets: intent.subnets.map((subnet) => subnetLine(region, subnet)),
                gatewayEndpoints: gatewayEndpointLines(intent, false, policies),
                ...interfaceEndpointLines(intent.interfaceEndpoints, true, policies),
                ...(policies.length === 0 ? {} : { policies }),
                flows: packFlows(endpointFlows(intent)),
                ownerTags,
            };
        }
        case "services": {
            const { services } = intent;
            return {
                natGateways: gateways.natGateways,
                ...(services?.sageMakerDomainId === undefined
                    ? {}
                    : {
                          subnets: intent.subnets
                              .filter(({ tier }) => tier === "public")
                              .map((subnet) => subnetLine(region, subnet)),
                      }),
                ...(services === undefined ? {} : { services }),
                ownerTags,
            };
        }
    }
}

function natReference({ natGateways }: NetworkIntent, id: string | undefined): string | undefined {
    const index = natGateways.findIndex(({ natGatewayId }) => natGatewayId === id);
    return index < 0 ? id : String(index);
}

function packPorts(flows: readonly FlowIntent[]): string {
    const texts = flows.map(({ protocol, ports, destination }) => {
        const service = "service" in destination ? `:${destination.service}` : "";
        return `${rangeText(ports)}${protocol === "udp" ? "/udp" : ""}${service}`;
    });
    return [...new Set(texts)].join(" ");
}

/** Flows without names and groups. */
function unpackPorts(text: string): FlowIntent[] {
    return text
        .split(" ")
        .filter((item) => item !== "")
        .map((item): FlowIntent => {
            const [use = "", service] = item.split(":");
            const [range = "", protocol] = use.split("/");
            const [from, to = from] = range.split("-").map(Number);
            return {
                from: "",
                to: "",
                sourceGroupId: "",
                destination: service === undefined ? { securityGroupId: "" } : { service },
                protocol: protocol === "udp" ? "udp" : "tcp",
                ports: { from: from ?? 0, to: to ?? 0 },
                description: "",
            };
        });
}

/** The policies that the program wrote itself, each once. */
function ownPolicies({ gatewayEndpoints, interfaceEndpoints }: NetworkIntent): string[] {
    const all = [...gatewayEndpoints, ...interfaceEndpoints].flatMap(({ policy }) => policy ?? []);
    return [...new Set(all)].filter((policy) => policy !== FULL_ACCESS_POLICY);
}

function policyReference(policy: string | undefined, policies: readonly string[]): string | undefined {
    if (policy === undefined) return undefined;
    return policy === FULL_ACCESS_POLICY ? "*" : String(policies.indexOf(policy));
}

/** @param policies those that are named by their index; without them no policy is packed. */
function gatewayEndpointLines(
    { gatewayEndpoints, subnets }: NetworkIntent,
    withTables: boolean,
    policies?: readonly string[],
): string[] {
    const tables = subnets.map(({ routeTableId }) => routeTableId);
    const reference = (id: string) => (tables.includes(id) ? String(tables.indexOf(id)) : id);
    return gatewayEndpoints.map((endpoint) =>
        line(
            endpoint.service,
            endpoint.vpcEndpointId,
            withTables ? endpoint.routeTableIds.map(reference) : [],
            ...(policies === undefined ? [] : [policyReference(endpoint.policy, policies)]),
        ),
    );
}

function interfaceEndpointLines(
    endpoints: readonly InterfaceEndpointIntent[],
    withPlaces: boolean,
    policies?: readonly string[],
): Pick<PackedIntent, "interfaceEndpoints" | "places"> {
    const placeOf = ({ subnetIds, securityGroupIds }: InterfaceEndpointIntent) =>
        line(subnetIds, securityGroupIds);
    const places = withPlaces ? [...new Set(endpoints.map(placeOf))] : [];
    return {
        interfaceEndpoints: endpoints.map((endpoint) =>
            line(
                endpoint.service,
                endpoint.vpcEndpointId,
                withPlaces ? String(places.indexOf(placeOf(endpoint))) : [],
                ...(policies === undefined ? [] : [policyReference(endpoint.policy, policies)]),
            ),
        ),
        ...(withPlaces ? { places } : {}),
    };
}

export function unpackIntent(region: string, vpcId: string, packed: PackedIntent): NetworkIntent {
    const interfaces = packed.networkInterfaces?.map((text) => {
        const [networkInterfaceId = "", groups = ""] = text.split(" ");
        return { networkInterfaceId, securityGroupIds: list(groups) };
    });
    const nats = (packed.natGateways ?? []).map((text) => text.split(" ")[0] ?? "");
    const subnets = (packed.subnets ?? []).map((text) => subnetOf(region, text, nats));
    return {
        region,
        vpcId,
        ...(packed.internetGateway === undefined ? {} : { internetGatewayId: packed.internetGateway }),
        subnets,
        natGateways: (packed.natGateways ?? []).map((text) => {
            const [natGatewayId = "", subnetId = ""] = text.split(" ");
            return { natGatewayId, subnetId };
        }),
        gatewayEndpoints: (packed.gatewayEndpoints ?? []).map((text) => {
            const [service = "", vpcEndpointId = "", tables = "", policy = ""] = text.split(" ");
            const tableOf = (text: string) => subnets[Number(text)]?.routeTableId ?? text;
            const routeTableIds = list(tables).map(tableOf);
            return { service, vpcEndpointId, routeTableIds, ...policyOf(policy, packed) };
        }),
        interfaceEndpoints: (packed.interfaceEndpoints ?? []).map((text) => {
            const [service = "", vpcEndpointId = "", place = "", policy = ""] = text.split(" ");
            const [subnets = "", groups = ""] = packed.places?.[Number(place)]?.split(" ") ?? [];
            return {
                service,
                vpcEndpointId,
                subnetIds: list(subnets),
                securityGroupIds: list(groups),
                ...policyOf(policy, packed),
            };
        }),
        flows: [...unpackFlows(packed.flows ?? ""), ...unpackPorts(packed.ports ?? "")],
        ...(interfaces === undefined ? {} : { networkInterfaces: interfaces }),
        ...(packed.services === undefined ? {} : { services: packed.services }),
        ownerTags: packed.ownerTags,
    };
}

function policyOf(text: string, { policies }: PackedIntent): { policy?: string } {
    const policy = text === "*" ? FULL_ACCESS_POLICY : policies?.[Number(value(text) ?? NaN)];
    return policy === undefined ? {} : { policy };
}

function subnetOf(region: string, text: string, nats: readonly string[]): SubnetIntent {
    const [subnetId = "", tier = "", zone = "", routeTableId = "", nat = "", acl = ""] = text.split(" ");
    const [natGatewayId, networkAclId] = [nats[Number(nat)] ?? value(nat), value(acl)];
    return {
        subnetId,
        tier: tier as SubnetTier,
        availabilityZone: zone.length === 1 ? `${region}${zone}` : zone,
        routeTableId: value(routeTableId) ?? "",
        ...(natGatewayId === undefined ? {} : { natGatewayId }),
        ...(networkAclId === undefined ? {} : { networkAclId }),
    };
}

function subnetLine(region: string, subnet: SubnetIntent, ...rest: (string | undefined)[]): string {
    const { subnetId, tier, availabilityZone } = subnet;
    const zone = availabilityZone.startsWith(region)
        ? availabilityZone.slice(region.length)
        : availabilityZone;
    return line(subnetId, tier, zone, ...rest);
}

function line(...fields: (string | readonly string[] | undefined)[]): string {
    const texts = fields.map((field) => {
        const values = field === undefined ? [] : typeof field === "string" ? [field] : field;
        const bad = values.find((text) => text === "" || /[\s,]/.test(text));
        if (bad !== undefined)
            throw new Error(
                `${JSON.stringify(bad)} of the network's intent is empty or holds a space or a comma: an id, zone or service name holds none`,
            );
        return values.length === 0 ? "-" : values.join(",");
    });
    return texts.join(" ");
}

function value(text: string): string | undefined {
    return text === "-" || text === "" ? undefined : text;
}

function list(text: string): string[] {
    return value(text)?.split(",") ?? [];
}
