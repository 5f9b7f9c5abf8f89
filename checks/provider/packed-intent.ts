import type { NetworkIntent, SubnetIntent, SubnetTier } from "../intent";
import type { Stage } from "../messages";

/**
 * The part of the intent that a stage needs, as it is kept in Pulumi's state: a line for each thing instead of an object,
 * because a check pays for its bytes twice, in its inputs and in its outputs (Pulumi hands only outputs to read and delete).
 * Fields are divided by spaces, lists by commas, "-" is nothing.
 */
export interface PackedIntent {
    internetGateway?: string;
    /** "SUBNET TIER ZONE ROUTE-TABLE NAT" */
    subnets?: string[];
    /** "NAT SUBNET" */
    natGateways?: string[];
    /** "SERVICE ENDPOINT ROUTE-TABLES" */
    gatewayEndpoints?: string[];
    /** "SERVICE ENDPOINT SECURITY-GROUPS" */
    interfaceEndpoints?: string[];
    /** "SECURITY-GROUPS" */
    clients?: string;
    ownerTags: Record<string, string>;
}

/** @throws when a value holds a space or a comma, which no id, zone or service name does. */
export function packIntent(stage: Stage, intent: NetworkIntent): PackedIntent {
    const { internetGatewayId, ownerTags } = intent;
    const gateways = {
        ...(internetGatewayId === undefined ? {} : { internetGateway: internetGatewayId }),
        natGateways: intent.natGateways.map((nat) => line(nat.natGatewayId, nat.subnetId)),
    };
    const endpoints = intent.interfaceEndpoints;
    switch (stage) {
        case "vpc":
            return { ...gateways, ownerTags };
        case "routes":
            return {
                ...gateways,
                subnets: intent.subnets.map((subnet) =>
                    subnetLine(subnet, subnet.routeTableId, subnet.natGatewayId),
                ),
                gatewayEndpoints: intent.gatewayEndpoints.map((endpoint) =>
                    line(endpoint.service, endpoint.vpcEndpointId, endpoint.routeTableIds),
                ),
                ownerTags,
            };
        case "dns":
            return {
                interfaceEndpoints: endpoints.map(({ service, vpcEndpointId }) =>
                    line(service, vpcEndpointId, []),
                ),
                ownerTags,
            };
        case "security-groups":
            return {
                subnets: intent.subnets.map((subnet) => subnetLine(subnet)),
                interfaceEndpoints: endpoints.map((endpoint) =>
                    line(endpoint.service, endpoint.vpcEndpointId, endpoint.securityGroupIds),
                ),
                clients: line(intent.endpointClientSecurityGroupIds),
                ownerTags,
            };
    }
}

export function unpackIntent(region: string, vpcId: string, packed: PackedIntent): NetworkIntent {
    return {
        region,
        vpcId,
        ...(packed.internetGateway === undefined ? {} : { internetGatewayId: packed.internetGateway }),
        subnets: (packed.subnets ?? []).map((text) => {
            const [subnetId = "", tier = "", availabilityZone = "", routeTableId = "", nat = ""] =
                text.split(" ");
            const natGatewayId = value(nat);
            return {
                subnetId,
                tier: tier as SubnetTier,
                availabilityZone,
                routeTableId: value(routeTableId) ?? "",
                ...(natGatewayId === undefined ? {} : { natGatewayId }),
            };
        }),
        natGateways: (packed.natGateways ?? []).map((text) => {
            const [natGatewayId = "", subnetId = ""] = text.split(" ");
            return { natGatewayId, subnetId };
        }),
        gatewayEndpoints: (packed.gatewayEndpoints ?? []).map((text) => {
            const [service = "", vpcEndpointId = "", tables = ""] = text.split(" ");
            return { service, vpcEndpointId, routeTableIds: list(tables) };
        }),
        interfaceEndpoints: (packed.interfaceEndpoints ?? []).map((text) => {
            const [service = "", vpcEndpointId = "", groups = ""] = text.split(" ");
            return { service, vpcEndpointId, subnetIds: [], securityGroupIds: list(groups) };
        }),
        endpointClientSecurityGroupIds: list(packed.clients ?? "-"),
        // No stage judges them yet.
        flows: [],
        ownerTags: packed.ownerTags,
    };
}

function subnetLine(subnet: SubnetIntent, ...rest: (string | undefined)[]): string {
    return line(subnet.subnetId, subnet.tier, subnet.availabilityZone, ...rest);
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
