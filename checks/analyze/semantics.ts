/**
 * The rules of AWS's network that the analysis is made of, by name. Each is used at one place. A test switches each off, and
 * shows a network that is judged otherwise without it: a rule that makes no difference would be a rule that nobody tests.
 */
export const SEMANTIC_RULES = {
    "longest-prefix-wins": "The route with the longest matching prefix carries the packet.",
    "static-before-prefix-list": "On equal prefixes a static route goes before one from a prefix list.",
    "prefix-list-before-propagated":
        "On equal prefixes a route from a prefix list goes before a propagated one.",
    "local-before-propagated": "The local route goes before a propagated route, even a more specific one.",
    "blackhole-drops": "A blackhole takes part in the match, and drops what it matches.",
    "main-table-by-default": "A subnet without an association of its own uses the main route table.",
    "gateway-endpoint-is-a-route":
        "A gateway endpoint is reached by a table's route to the service's prefix list.",
    "ambiguous-prefix-lists-are-unknown":
        "Overlapping prefix lists with different targets have no known winner.",
    "sg-stateful": "A security group lets the answers to what it admitted pass.",
    "sg-egress": "The source's security groups must let the flow out.",
    "sg-ingress": "The destination's security groups must let the flow in.",
    "sg-union-over-groups": "The rules of all groups on an interface add up.",
    "sg-union-over-rules": "Several rules together may cover what none covers alone.",
    "sg-reference-by-membership": "A reference to a group means the interfaces that carry it.",
    "sg-references-end-at-middleboxes":
        "What an appliance forwards is no longer known by its sender's groups.",
    "sg-protocol-before-ports": "A rule of another protocol says nothing, whatever its ports.",
    "nacl-first-match-wins": "The network ACL's entry with the lowest number that matches decides.",
    "nacl-default-deny": "What no entry of a network ACL matches is denied.",
    "nacl-stateless": "The answers need entries of their own in every network ACL.",
    "nacl-not-within-subnet": "Network ACLs see nothing of what stays within a subnet.",
    "nacl-protocol-before-ports": "An entry of another protocol says nothing, whatever its ports.",
    "nacl-whole-ephemeral-range": "The answers may go to any of the client's ephemeral ports.",
    "nat-ephemeral-range": "A NAT gateway uses the ports 1024 to 65535, not its client's.",
    "nat-subnet-nacl": "The network ACL of the NAT gateway's subnet counts too.",
    "nat-needs-internet-gateway": "The NAT gateway's own subnet needs a route to an internet gateway.",
    "nat-only-in-own-vpc": "A NAT gateway serves only its own VPC.",
    "nat-public-address": "To reach the internet, a NAT gateway must be public and have an address.",
    "igw-needs-public-address":
        "An internet gateway carries IPv4 only for interfaces that have a public address.",
    "igw-attached": "An internet gateway must be attached to the VPC.",
    "block-public-access":
        "Block public access stops internet gateways, and NAT and egress-only internet gateways when it is bidirectional.",
    "peering-active": "A peering connection carries packets only while it is active.",
    "peering-not-transitive": "A peering connection leads to the peer VPC's own addresses, and no further.",
    "peering-return-route": "The peer's table needs a route back.",
    "source-dest-check": "An interface that checks takes only packets that are addressed to it.",
    "endpoint-private-dns":
        "A service's name leads to its interface endpoint only with private DNS and both VPC attributes.",
    "endpoint-never-initiates": "An endpoint's interface opens no connections.",
    "aws-addresses-not-filtered": "Amazon DNS, DHCP, instance metadata and time pass every group and ACL.",
    "families-are-independent": "IPv4 rules say nothing about IPv6, and the reverse.",
} as const satisfies Record<string, string>;

export type SemanticRule = keyof typeof SEMANTIC_RULES;

/** @internal For the test that proves each rule to matter. */
export interface AnalyzerOptions {
    readonly disabledRules?: ReadonlySet<SemanticRule>;
}
