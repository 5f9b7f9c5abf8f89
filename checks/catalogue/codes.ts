/**
 * Every code, and the page of the AWS documentation that says more. A code is that of AWS VPC Reachability Analyzer, or of an EC2
 * error, where AWS has one, so that a reader can look it up. Our own codes start with "X_".
 */

const AWS = "https://docs.aws.amazon.com";
const REACHABILITY = `${AWS}/vpc/latest/reachability/explanation-codes.html`;
const GUIDE = `${AWS}/vpc/latest/userguide`;
const PRIVATELINK = `${AWS}/vpc/latest/privatelink`;
/** For codes about the checks themselves. */
const NO_PAGE = undefined;

export const CODES = {
    // Gateways
    BAD_STATE: REACHABILITY,
    BAD_STATE_ATTACHMENT: `${GUIDE}/VPC_Internet_Gateway.html`,
    VPC_BLOCK_PUBLIC_ACCESS_ENABLED: `${GUIDE}/security-vpc-bpa.html`,
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: `${GUIDE}/VPC_Internet_Gateway.html`,
    IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: REACHABILITY,
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: REACHABILITY,
    IGW_EXPECTS_PUBLIC_ADDRESS: REACHABILITY,
    INGRESS_RTB_TRAFFIC_REDIRECTION: REACHABILITY,
    NGW_REQUIRES_SOURCE_IN_VPC: `${GUIDE}/nat-gateway-basics.html`,
    REGIONAL_NGW_ROUTE_AZ_RESTRICTION: REACHABILITY,
    REMAP_EPHEMERAL_PORT: `${GUIDE}/nat-gateway-basics.html`,
    AVAILABILITY_ZONE_CROSSED: `${GUIDE}/nat-gateway-basics.html`,
    X_NAT_NOT_PUBLIC: `${GUIDE}/nat-gateway-basics.html`,
    X_NAT_SELF_LOOP: `${GUIDE}/nat-gateway-troubleshooting.html`,
    X_NAT_TAKES_NO_CONNECTIONS: `${GUIDE}/nat-gateway-basics.html`,
    X_NAT_INTO_ENDPOINT: `${PRIVATELINK}/gateway-endpoints.html`,
    X_NAT_PORTS: `${GUIDE}/vpc-nat-gateway-cloudwatch.html`,

    // Routes
    NO_ROUTE_TO_DESTINATION: `${GUIDE}/VPC_Route_Tables.html`,
    CANNOT_ROUTE: REACHABILITY,
    BAD_STATE_ROUTE: `${GUIDE}/VPC_Route_Tables.html`,
    MORE_SPECIFIC_ROUTE: `${GUIDE}/route-tables-priority.html`,
    HIGHER_PRIORITY_ROUTE: `${GUIDE}/route-tables-priority.html`,
    VPC_LOCAL_ROUTE_CIDR_RESTRICTION: `${GUIDE}/VPC_Route_Tables.html`,
    ENI_SOURCE_DEST_CHECK_RESTRICTION: `${AWS}/AWSEC2/latest/UserGuide/using-eni.html`,
    PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: `${AWS}/vpc/latest/peering/vpc-peering-basics.html`,
    DISCONNECTED_VPCS: REACHABILITY,
    NO_POSSIBLE_DESTINATION: REACHABILITY,
    X_FUNCTION_TAKES_NO_CONNECTIONS: `${AWS}/lambda/latest/dg/configuration-vpc.html`,
    UNSUPPORTED_COMPONENT: REACHABILITY,
    InsufficientFreeAddressesInSubnet: `${GUIDE}/configure-subnets.html`,
    X_WRONG_NEXT_HOP: `${GUIDE}/VPC_Route_Tables.html`,
    X_UNINTENDED_EGRESS: `${GUIDE}/VPC_Route_Tables.html`,
    X_ROUTES_AMBIGUOUS: `${GUIDE}/route-tables-priority.html`,
    X_PREFIX_LIST_UNKNOWN: `${GUIDE}/managed-prefix-lists.html`,

    // Network ACLs
    SUBNET_ACL_RESTRICTION: `${GUIDE}/vpc-network-acls.html`,
    X_NACL_EPHEMERAL_PARTIAL: `${GUIDE}/custom-network-acl.html`,

    // DNS
    X_DNS_SUPPORT_OFF: `${GUIDE}/vpc-dns.html`,
    X_DNS_HOSTNAMES_OFF: `${GUIDE}/vpc-dns.html`,
    X_DNS_CUSTOM: `${GUIDE}/VPC_DHCP_Options.html`,
    X_DNS_SHADOW: `${AWS}/Route53/latest/DeveloperGuide/hosted-zones-private.html`,
    X_DNS_ATTRIBUTES_UNREAD: `${GUIDE}/vpc-dns.html`,
    X_HOSTED_ZONES_UNREAD: `${PRIVATELINK}/interface-endpoints.html`,

    // Security groups
    ENI_SG_RULES_MISMATCH: `${GUIDE}/security-group-rules.html`,
    SG_HAS_NO_RULES: `${GUIDE}/security-group-rules.html`,
    SG_REFERENCES_NOT_PRESERVED: REACHABILITY,
    X_WORLD_OPEN: `${GUIDE}/security-group-rules.html`,
    X_NO_MEMBERS: `${GUIDE}/security-groups.html`,

    // Endpoints
    VPCE_INTRA_VPC_TRAFFIC: REACHABILITY,
    VPCE_GATEWAY_PROTOCOL_RESTRICTION: REACHABILITY,
    VPCE_SERVICE_NOT_INSTALLED_IN_AZ: `${PRIVATELINK}/create-interface-endpoint.html`,
    X_ENDPOINT_MISSING: `${PRIVATELINK}/what-is-privatelink.html`,
    X_ENDPOINT_PRIVATE_DNS_OFF: `${PRIVATELINK}/interface-endpoints.html`,
    X_ENDPOINT_DUPLICATE: `${PRIVATELINK}/interface-endpoints.html`,
    X_ENDPOINT_POLICY: `${PRIVATELINK}/vpc-endpoints-access.html`,

    // Services
    X_OS_SLR: `${AWS}/opensearch-service/latest/developerguide/slr.html`,
    X_SM_MODE: `${AWS}/sagemaker/latest/dg/studio-notebooks-and-internet-access.html`,

    // What was read, and what the checks did
    UNKNOWN_RESOURCE: REACHABILITY,
    X_NO_COMMON_ADDRESS_FAMILY: `${GUIDE}/how-it-works.html`,
    X_PERMISSION_MISSING: `${AWS}/AWSEC2/latest/APIReference/OperationList-query.html`,
    X_FLOW_BLOCKED: NO_PAGE,
    X_FLOW_UNKNOWN: NO_PAGE,
    X_UNEXPLAINED: NO_PAGE,
    X_CHECK_INCOMPLETE: NO_PAGE,
    X_JOURNAL: NO_PAGE,
    X_REPAIR_REFUSED: NO_PAGE,
    X_REPAIR_FAILED: NO_PAGE,
    X_REPAIR_WITHOUT_EFFECT: NO_PAGE,
    X_REPAIR_OPENED_MORE: NO_PAGE,
    X_REPAIR_RESUMED: NO_PAGE,
} as const satisfies Record<string, string | undefined>;

export type Code = keyof typeof CODES;
