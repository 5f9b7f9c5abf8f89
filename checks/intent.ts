/**
 * What the network is meant to be: the ids that the program created and what each is for. The network component
 * produces it; the checks judge the account against it, and the gate admits no repair that is not a member of it.
 */

import type { FlowIntent } from "./flow";

/** Who carries a subnet's traffic out of the VPC: an internet gateway, a NAT gateway, or nothing at all. */
export type SubnetTier = "public" | "private" | "isolated";

export interface SubnetIntent {
    subnetId: string;
    tier: SubnetTier;
    availabilityZone: string;
    /** The route table that this subnet is explicitly associated with. */
    routeTableId: string;
    /**
     * The NAT gateway that carries this subnet's internet traffic.
     *
     * @default none: the subnet is not meant to reach the internet
     */
    natGatewayId?: string;
    /**
     * The network ACL that the subnet is associated with.
     *
     * @default the VPC's default network ACL
     */
    networkAclId?: string;
}

export interface NatGatewayIntent {
    natGatewayId: string;
    /** The public subnet that the NAT gateway stands in. */
    subnetId: string;
}

export interface GatewayEndpointIntent {
    /** The service's short name: "s3" or "dynamodb". */
    service: string;
    vpcEndpointId: string;
    /** The route tables that carry a route to the service's prefix list. */
    routeTableIds: string[];
    /**
     * The endpoint's policy, a JSON document.
     *
     * @default none: it is somebody else's, and never changed
     */
    policy?: string;
}

export interface InterfaceEndpointIntent {
    /** The service's short name, as in com.amazonaws.REGION.SERVICE: "ssm". */
    service: string;
    vpcEndpointId: string;
    subnetIds: string[];
    /** The groups on the endpoint's network interfaces. */
    securityGroupIds: string[];
    /**
     * The endpoint's policy, a JSON document.
     *
     * @default none: it is somebody else's, and never changed
     */
    policy?: string;
}

/** What AWS gives an endpoint that is made without a policy: what may be done is left to the policies of roles and services. */
export const FULL_ACCESS_POLICY = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }],
});

/** A network interface whose groups are declared, such as that of an instance. */
export interface NetworkInterfaceIntent {
    networkInterfaceId: string;
    /** All the groups that it carries. */
    securityGroupIds: string[];
}

/** Services that are only checked where the lab has them. */
export interface ServicesIntent {
    /**
     * The id of the SageMaker domain, "d-...".
     *
     * @default none: there is no domain, and nothing is claimed about it
     */
    sageMakerDomainId?: string;
    /**
     * Whether the lab has an OpenSearch domain in the VPC, which needs a service-linked role in the account.
     *
     * @default false
     */
    openSearch?: boolean;
}

export interface NetworkIntent {
    region: string;
    vpcId: string;
    /**
     * The internet gateway attached to the VPC.
     *
     * @default none: the VPC has no public subnet
     */
    internetGatewayId?: string;
    subnets: SubnetIntent[];
    natGateways: NatGatewayIntent[];
    gatewayEndpoints: GatewayEndpointIntent[];
    interfaceEndpoints: InterfaceEndpointIntent[];
    /**
     * Every connection that the program made security group rules for: of the endpoints' clients and of all
     * services. Both rules of a flow carry its description, and a repair makes exactly those again.
     */
    flows: FlowIntent[];
    /**
     * Network interfaces whose groups are held against the declared ones. Those of the interface endpoints are declared there.
     *
     * @default none
     */
    networkInterfaces?: NetworkInterfaceIntent[];
    /** @default none: no service is checked */
    services?: ServicesIntent;
    /** A resource is ours when it carries all of these tags. */
    ownerTags: Record<string, string>;
}

/** The port of every interface endpoint: HTTPS. */
export const ENDPOINT_PORT = 443;

/**
 * The description of the rules that admit clients to interface endpoints. The program's rule and a repair's rule have
 * the same content, so that a rule authorized again by a repair is the program's rule again.
 */
export const ENDPOINT_RULE_DESCRIPTION = "HTTPS from the clients of the VPC endpoints";

/** The description of the rule that lets the clients out to a gateway endpoint. */
export function gatewayRuleDescription(service: string): string {
    return `HTTPS to ${service} through its gateway endpoint`;
}

/** The flows to the groups of the interface endpoints; they are judged with the endpoints. */
export function endpointFlows({ flows, interfaceEndpoints }: NetworkIntent): FlowIntent[] {
    const groups = new Set(interfaceEndpoints.flatMap((endpoint) => endpoint.securityGroupIds));
    return flows.filter(({ destination }) => isTo(destination, groups));
}

/** All other flows. */
export function groupFlows({ flows, interfaceEndpoints }: NetworkIntent): FlowIntent[] {
    const groups = new Set(interfaceEndpoints.flatMap((endpoint) => endpoint.securityGroupIds));
    return flows.filter(({ destination }) => !isTo(destination, groups));
}

function isTo(destination: FlowIntent["destination"], groups: ReadonlySet<string>): boolean {
    return "securityGroupId" in destination && groups.has(destination.securityGroupId);
}
