/**
 * What the network is meant to be: the ids that the program created and what each is for. The network component
 * produces it; the checks judge the account against it, and the gate admits no repair that is not a member of it.
 */

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
}

export interface InterfaceEndpointIntent {
    /** The service's short name, as in com.amazonaws.REGION.SERVICE: "ssm". */
    service: string;
    vpcEndpointId: string;
    subnetIds: string[];
    /** The groups on the endpoint's network interfaces. */
    securityGroupIds: string[];
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
    /** The groups whose members may use the interface endpoints, on TCP 443. */
    endpointClientSecurityGroupIds: string[];
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
