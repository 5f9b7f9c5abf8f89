/**
 * The catalogue of everything that the analysis can say about a flow: code, severity, template, arguments, remedy and
 * documentation. Data only; `docs/explanations.md` is made from it.
 *
 * Codes are those of AWS VPC Reachability Analyzer where AWS has one, so that a reader can look them up; ours start with
 * "X_".
 */
import type { Direction, Explanation } from "./types";

/**
 * - `blocking`: stops the flow until it is changed;
 * - `unknown`: keeps the flow from being decided;
 * - `warning`: does not stop the flow.
 */
export type Severity = "blocking" | "unknown" | "warning";

/** What an explanation is in one case: `possible` would block, but only if what is unknown before it turns out one way. */
export type Weight = Severity | "possible";

export interface ExplanationText {
    severity: Severity;
    /** What is the matter. {component} and the arguments stand in braces. */
    template: string;
    /** The names in the template's braces, besides component. */
    args: readonly string[];
    remedy: string;
    /** Page of the AWS documentation that says more. */
    link: string;
}

const AWS = "https://docs.aws.amazon.com";
const CODES = `${AWS}/vpc/latest/reachability/explanation-codes.html`;
const GUIDE = `${AWS}/vpc/latest/userguide`;
const PRIVATELINK = `${AWS}/vpc/latest/privatelink`;

export const EXPLANATIONS = {
    NO_ROUTE_TO_DESTINATION: {
        severity: "blocking",
        template: "Route table {component} has no route from {from} to {to}",
        args: ["from", "to"],
        remedy: "Add a route to the gateway, endpoint or peering connection that leads there, or associate the subnet with the table that has one.",
        link: `${GUIDE}/VPC_Route_Tables.html`,
    },
    CANNOT_ROUTE: {
        severity: "blocking",
        template: "Route {rule} of {component} leads to {target}, which cannot carry {what}",
        args: ["rule", "target", "what"],
        remedy: "Point the route at a target that can, or associate the subnet with another route table.",
        link: CODES,
    },
    MORE_SPECIFIC_ROUTE: {
        severity: "blocking",
        template:
            "Route {rule} of {component} leads {to} to {target}, and is more specific than {other}, which would deliver",
        args: ["rule", "to", "target", "other"],
        remedy: "Find out who made the more specific route; delete it if nobody needs it.",
        link: `${GUIDE}/route-tables-priority.html`,
    },
    HIGHER_PRIORITY_ROUTE: {
        severity: "blocking",
        template:
            "Route {rule} of {component} leads {to} to {target}, and goes before {other}, which would deliver",
        args: ["rule", "to", "target", "other"],
        remedy: "Of two routes with one destination a static one goes before a prefix list's, and that before a propagated one: remove one.",
        link: `${GUIDE}/route-tables-priority.html`,
    },
    BAD_STATE: {
        severity: "blocking",
        template: "{component} is {state}",
        args: ["state"],
        remedy: "Wait when it is pending; otherwise make it anew.",
        link: CODES,
    },
    BAD_STATE_ROUTE: {
        severity: "blocking",
        template:
            "Route {rule} of {component} is a blackhole: its target {target} is gone, and what it matches is dropped",
        args: ["rule", "target"],
        remedy: "Point the route at a target that exists, or delete it if a less specific route is meant to take over.",
        link: `${GUIDE}/VPC_Route_Tables.html`,
    },
    BAD_STATE_ATTACHMENT: {
        severity: "blocking",
        template: "Internet gateway {component} is not attached to {vpc}",
        args: ["vpc"],
        remedy: "Attach it: aws ec2 attach-internet-gateway.",
        link: `${GUIDE}/VPC_Internet_Gateway.html`,
    },
    SUBNET_ACL_RESTRICTION: {
        severity: "blocking",
        template: "Network ACL {component} of {subnet} denies {traffic} {way} by rule {rule}",
        args: ["subnet", "traffic", "way", "rule"],
        remedy: "Add an allowing entry with a lower number than the one that denies. The answers need entries of their own.",
        link: `${GUIDE}/vpc-network-acls.html`,
    },
    X_NACL_EPHEMERAL_PARTIAL: {
        severity: "blocking",
        template:
            "Network ACL {component} of {subnet} lets the answers through to some of the ports {ports} only: rule {rule} denies others",
        args: ["subnet", "ports", "rule"],
        remedy: "Allow the whole range of ephemeral ports: a client takes any of them, so that some connections fail and others do not.",
        link: `${GUIDE}/custom-network-acl.html`,
    },
    ENI_SG_RULES_MISMATCH: {
        severity: "blocking",
        template: "No rule of {groups} on {eni} lets {traffic} {way}",
        args: ["groups", "eni", "traffic", "way"],
        remedy: "Add a rule for exactly this port, by reference to the other end's security group where it has one.",
        link: `${GUIDE}/security-group-rules.html`,
    },
    SG_HAS_NO_RULES: {
        severity: "blocking",
        template: "{groups} on {eni} has no {direction} rules at all, so that nothing gets {way}",
        args: ["groups", "eni", "direction", "way"],
        remedy: "Add a rule for exactly this port, by reference to the other end's security group where it has one.",
        link: `${GUIDE}/security-group-rules.html`,
    },
    SG_REFERENCES_NOT_PRESERVED: {
        severity: "blocking",
        template:
            "{component} on {eni} admits by reference to {reference}, but behind {middlebox} nothing is known by its group any more",
        args: ["eni", "reference", "middlebox"],
        remedy: "Admit the sender's subnet by its CIDR block instead, or take the middlebox off the way.",
        link: CODES,
    },
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS: {
        severity: "blocking",
        template:
            "Route {rule} of {table} leads to internet gateway {component}, which drops what {eni} sends: it has no public address",
        args: ["rule", "table", "eni"],
        remedy: "Point the route at a NAT gateway. Attach a public address only to what is meant to be public.",
        link: `${GUIDE}/VPC_Internet_Gateway.html`,
    },
    IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS: {
        severity: "blocking",
        template: "Internet gateway {component} delivers nothing to {eni}: it has no public address",
        args: ["eni"],
        remedy: "Reach it from inside the VPC. Attach a public address only to what is meant to be public.",
        link: CODES,
    },
    IGW_EXPECTS_PUBLIC_ADDRESS: {
        severity: "blocking",
        template:
            "{address} is a private address, and internet gateway {component} delivers only to public ones",
        args: ["address"],
        remedy: "Use the public address, or connect from a network that has a private way into the VPC.",
        link: CODES,
    },
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS: {
        severity: "blocking",
        template: "Internet gateway {component} drops what goes to the private address {to}",
        args: ["to"],
        remedy: "Add a route for that network to whatever leads there.",
        link: CODES,
    },
    NGW_REQUIRES_SOURCE_IN_VPC: {
        severity: "blocking",
        template: "NAT gateway {component} serves {natVpc} only, and {source} is in {vpc}",
        args: ["natVpc", "source", "vpc"],
        remedy: "Route to a NAT gateway of the same VPC.",
        link: `${GUIDE}/nat-gateway-basics.html`,
    },
    REMAP_EPHEMERAL_PORT: {
        severity: "warning",
        template:
            "NAT gateway {component} uses the source ports 1024-65535, whatever its client's: {acl} must let answers to all of them in",
        args: ["acl"],
        remedy: "Allow TCP 1024-65535 into the NAT gateway's subnet.",
        link: `${GUIDE}/nat-gateway-basics.html`,
    },
    REGIONAL_NGW_ROUTE_AZ_RESTRICTION: {
        severity: "blocking",
        template: "Regional NAT gateway {component} is not registered in {zone}, the zone of {subnet}",
        args: ["zone", "subnet"],
        remedy: "Add an address in that zone to the NAT gateway.",
        link: CODES,
    },
    X_NAT_NOT_PUBLIC: {
        severity: "blocking",
        template: "NAT gateway {component} has no public address to reach the internet from",
        args: [],
        remedy: "Replace it by a public one with an Elastic IP address.",
        link: `${GUIDE}/nat-gateway-basics.html`,
    },
    X_NAT_SELF_LOOP: {
        severity: "blocking",
        template: "NAT gateway {component} stands in {subnet}, whose own route {rule} leads back to it",
        args: ["subnet", "rule"],
        remedy: "Put the NAT gateway into a public subnet, one whose route leads to the internet gateway.",
        link: `${GUIDE}/nat-gateway-troubleshooting.html`,
    },
    X_NAT_TAKES_NO_CONNECTIONS: {
        severity: "blocking",
        template: "{component} belongs to a NAT gateway, which takes no connections from anybody",
        args: [],
        remedy: "Use the address of something that answers: a NAT gateway only sends on what its clients ask for.",
        link: `${GUIDE}/nat-gateway-basics.html`,
    },
    X_FUNCTION_TAKES_NO_CONNECTIONS: {
        severity: "blocking",
        template: "{component} belongs to a Lambda function, which takes no connections",
        args: [],
        remedy: "Invoke the function by its API: a function only opens connections.",
        link: `${AWS}/lambda/latest/dg/configuration-vpc.html`,
    },
    AVAILABILITY_ZONE_CROSSED: {
        severity: "warning",
        template: "{subnet} in {zone} uses {component}, which is in {otherZone}",
        args: ["subnet", "zone", "otherZone"],
        remedy: "It works, costs more and fails with the other zone: use the one of the same zone.",
        link: `${GUIDE}/nat-gateway-basics.html`,
    },
    VPC_BLOCK_PUBLIC_ACCESS_ENABLED: {
        severity: "blocking",
        template: "Block public access is {mode} for {component}, and stops {what}",
        args: ["mode", "what"],
        remedy: "Ask whoever governs the account for an exclusion, or use VPC endpoints alone.",
        link: `${GUIDE}/security-vpc-bpa.html`,
    },
    VPC_LOCAL_ROUTE_CIDR_RESTRICTION: {
        severity: "blocking",
        template: "Route {rule} of {component} keeps {to} inside {vpc}, which does not have that address",
        args: ["rule", "to", "vpc"],
        remedy: "Use addresses that do not overlap with the VPC's own: its local route cannot lead out.",
        link: `${GUIDE}/VPC_Route_Tables.html`,
    },
    ENI_SOURCE_DEST_CHECK_RESTRICTION: {
        severity: "blocking",
        template:
            "{component} checks source and destination, and drops packets to {to} that route {rule} of {table} sends it",
        args: ["to", "rule", "table"],
        remedy: "Turn the check off when it is an appliance; delete the route when it is none.",
        link: `${AWS}/AWSEC2/latest/UserGuide/using-eni.html`,
    },
    PCX_REQUIRES_ADDRESS_IN_VPC_CIDR: {
        severity: "blocking",
        template: "Peering connection {component} leads to {peer} only, and {to} is not in it",
        args: ["peer", "to"],
        remedy: "Reach it from the VPC itself: gateways and other peerings of a peer cannot be used from here.",
        link: `${AWS}/vpc/latest/peering/vpc-peering-basics.html`,
    },
    DISCONNECTED_VPCS: {
        severity: "blocking",
        template: "Nothing connects {vpc} with {component}",
        args: ["vpc"],
        remedy: "Create a peering connection and routes on both sides.",
        link: CODES,
    },
    NO_POSSIBLE_DESTINATION: {
        severity: "blocking",
        template: "{component} is in {where}, but no network interface has it",
        args: ["where"],
        remedy: "Use the address of something that exists.",
        link: CODES,
    },
    VPCE_INTRA_VPC_TRAFFIC: {
        severity: "blocking",
        template: "{component} belongs to a VPC endpoint, and endpoints open no connections",
        args: [],
        remedy: "Judge the flow the other way round, from the client to the endpoint.",
        link: CODES,
    },
    VPCE_GATEWAY_PROTOCOL_RESTRICTION: {
        severity: "blocking",
        template: "Gateway endpoint {component} carries TCP and echo requests only, not {protocol}",
        args: ["protocol"],
        remedy: "Use TCP.",
        link: CODES,
    },
    VPCE_SERVICE_NOT_INSTALLED_IN_AZ: {
        severity: "blocking",
        template: "Endpoint {component} for {service} has no network interface in {zone}",
        args: ["service", "zone"],
        remedy: "Add a subnet of a zone where the service is offered: aws ec2 modify-vpc-endpoint --add-subnet-ids.",
        link: `${PRIVATELINK}/create-interface-endpoint.html`,
    },
    X_ENDPOINT_MISSING: {
        severity: "blocking",
        template: "{component} has no endpoint for {service}, and {subnet} no way to the internet",
        args: ["service", "subnet"],
        remedy: "Create the endpoint, or route the subnet to a NAT gateway.",
        link: `${PRIVATELINK}/what-is-privatelink.html`,
    },
    X_ENDPOINT_PRIVATE_DNS_OFF: {
        severity: "blocking",
        template: "Private DNS of {component} is off: the name of {service} leads to public addresses",
        args: ["service"],
        remedy: "Turn it on: aws ec2 modify-vpc-endpoint --private-dns-enabled.",
        link: `${PRIVATELINK}/interface-endpoints.html`,
    },
    X_DNS_SUPPORT_OFF: {
        severity: "blocking",
        template: "DNS support of {component} is off: no name resolves by Amazon's resolver",
        args: [],
        remedy: "Turn it on: aws ec2 modify-vpc-attribute --enable-dns-support.",
        link: `${GUIDE}/vpc-dns.html`,
    },
    X_DNS_HOSTNAMES_OFF: {
        severity: "blocking",
        template: "DNS hostnames of {component} are off: private DNS of endpoints has no effect",
        args: [],
        remedy: "Turn them on, after DNS support: aws ec2 modify-vpc-attribute --enable-dns-hostnames.",
        link: `${GUIDE}/vpc-dns.html`,
    },
    X_DNS_CUSTOM: {
        severity: "unknown",
        template:
            "{vpc} uses the name servers {servers} of {component}: whether they know private names cannot be seen from here",
        args: ["vpc", "servers"],
        remedy: "Forward AWS's names to Amazon's resolver, or use AmazonProvidedDNS.",
        link: `${GUIDE}/VPC_DHCP_Options.html`,
    },
    INGRESS_RTB_TRAFFIC_REDIRECTION: {
        severity: "unknown",
        template:
            "Route table {component} of {gateway} sends what comes in to {target}, which is not followed",
        args: ["gateway", "target"],
        remedy: "Judge the way to the appliance and the way behind it by themselves.",
        link: CODES,
    },
    X_ROUTES_AMBIGUOUS: {
        severity: "unknown",
        template:
            "Prefix lists of {component} overlap at {to} with different targets ({targets}); AWS does not say which wins",
        args: ["to", "targets"],
        remedy: "Take the overlap out of one of the prefix lists.",
        link: `${GUIDE}/route-tables-priority.html`,
    },
    X_NAT_INTO_ENDPOINT: {
        severity: "unknown",
        template:
            "Route {rule} of {table} leads what {nat} sends into gateway endpoint {component}; AWS does not say whether it arrives",
        args: ["rule", "table", "nat"],
        remedy: "Add the endpoint's route to the table of the clients' own subnet, so that they need no NAT gateway to the service.",
        link: `${PRIVATELINK}/gateway-endpoints.html`,
    },
    X_DNS_ATTRIBUTES_UNREAD: {
        severity: "unknown",
        template:
            "The snapshot lacks the DNS attributes of {component}: where the name of {service} leads cannot be said",
        args: ["service"],
        remedy: "Add enableDnsSupport and enableDnsHostnames under VpcAttributes (DescribeVpcAttribute), or take a new snapshot.",
        link: `${GUIDE}/vpc-dns.html`,
    },
    UNSUPPORTED_COMPONENT: {
        severity: "unknown",
        template: "The way of {to} leads through {component} ({kind}), which is not modelled",
        args: ["to", "kind"],
        remedy: "Probe the connection from inside.",
        link: CODES,
    },
    UNKNOWN_RESOURCE: {
        severity: "unknown",
        template: "{component} is not in the snapshot{detail}",
        args: ["detail"],
        remedy: "Check the id, the region and the account; take a new snapshot.",
        link: CODES,
    },
    X_HOSTED_ZONES_UNREAD: {
        severity: "unknown",
        template:
            "The snapshot lacks the private hosted zones of {component}, and {endpoint} in {vpc} serves {service}: where the name leads cannot be said",
        args: ["endpoint", "vpc", "service"],
        remedy: "Take a snapshot that has HostedZones.",
        link: `${PRIVATELINK}/interface-endpoints.html`,
    },
    X_NO_MEMBERS: {
        severity: "unknown",
        template: "No network interface carries {component}: there is nothing to judge",
        args: [],
        remedy: "Judge it again when something uses the group.",
        link: `${GUIDE}/security-groups.html`,
    },
    X_NO_COMMON_ADDRESS_FAMILY: {
        severity: "blocking",
        template: "{component} and {to} have no addresses of one family",
        args: ["to"],
        remedy: "Give both an IPv4 address, or both an IPv6 address.",
        link: `${GUIDE}/how-it-works.html`,
    },
    X_PERMISSION_MISSING: {
        severity: "unknown",
        template: "The credentials lack {component}, so that {kind} could not be read",
        args: ["kind"],
        remedy: "Grant the action to whoever takes the snapshot.",
        link: `${AWS}/AWSEC2/latest/APIReference/OperationList-query.html`,
    },
    X_WORLD_OPEN: {
        severity: "warning",
        template: "Rule {rule} of {component} admits the whole internet to {ports}",
        args: ["rule", "ports"],
        remedy: "Admit the security group or the addresses that are meant to.",
        link: `${GUIDE}/security-group-rules.html`,
    },
} as const satisfies Record<string, ExplanationText>;

export type ExplanationCode = keyof typeof EXPLANATIONS;

/** Every code that the analysis can give. */
export const EXPLANATION_CODES = Object.keys(EXPLANATIONS) as ExplanationCode[];

export interface ExplanationDetails {
    direction?: Direction;
    leg?: "return" | undefined;
    rule?: string | number;
    related?: readonly string[];
    args?: Readonly<Record<string, string>>;
}

export function explanation(
    code: ExplanationCode,
    component: string,
    { args = {}, leg, ...rest }: ExplanationDetails = {},
): Explanation {
    const values: Record<string, string> = { ...args, component };
    if (rest.rule !== undefined) values.rule = String(rest.rule);
    if (rest.direction !== undefined) {
        values.direction = rest.direction;
        values.way = rest.direction === "egress" ? "out" : "in";
    }
    const message = fill(EXPLANATIONS[code].template, values);
    return { code, component, ...rest, ...(leg === undefined ? {} : { leg }), message };
}

/** Equal for two explanations of one setting. */
export function explanationKey({ code, component, direction, leg, rule }: Explanation): string {
    return `${code} ${component} ${direction} ${leg} ${rule}`;
}

function fill(template: string, values: Readonly<Record<string, string>>): string {
    return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "?");
}
