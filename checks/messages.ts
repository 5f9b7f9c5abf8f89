/**
 * The catalogue of everything that a check can say: code, severity, what may be done about it, template, how it is seen,
 * remedy and documentation. Data only; `docs/checks.md` is held against it by a test.
 *
 * Codes are those of AWS VPC Reachability Analyzer where AWS has one, so that a reader can look them up; ours start with
 * "X_".
 */

/** The checks of a run, in their order: each relies on what the ones before it have shown. */
export const STAGES = ["vpc", "routes", "dns", "security-groups"] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Who mends it:
 * - `automatic`: the check, in mode fix, when the resource is ours (class A);
 * - `pulumi`: Pulumi, because a new resource with a new id is needed (class A, through Pulumi);
 * - `proposed`: nobody without being asked; the message says what would help (class P);
 * - `person`: a person, never a program (class N).
 */
export type Repairer = "automatic" | "pulumi" | "proposed" | "person";

export interface Message {
    code: string;
    /** Row of the fault catalogue; absent for what is no fault of the network. */
    row?: number;
    stage: Stage | "any";
    /** An error fails the check; a warning is only reported. */
    severity: "error" | "warning";
    repairer: Repairer;
    /** It may pass by itself: the check looks again until its time is over. */
    transient?: true;
    /** What is broken. {component} and the arguments stand in braces. */
    template: string;
    /** The API call and the field that showed it. */
    seenBy: string;
    remedy: string;
}

const REPAIRED_BY_FIX = "Run `pulumi up` with checks.mode fix, or";
const REPLACE_BY_PULUMI = "Run `pulumi up --refresh`: Pulumi then sees that it is gone and makes it again.";

const CATALOGUE = {
    VPC_NOT_FOUND: {
        code: "UNKNOWN_RESOURCE",
        stage: "vpc",
        severity: "error",
        repairer: "pulumi",
        template: "VPC {component} does not exist in {region}",
        seenBy: "DescribeVpcs: no item",
        remedy: REPLACE_BY_PULUMI,
    },
    BLOCK_PUBLIC_ACCESS: {
        code: "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
        row: 5,
        stage: "vpc",
        severity: "error",
        repairer: "person",
        template: "VPC Block Public Access is {mode} for {component}: {consequence}",
        seenBy: "DescribeVpcs: BlockPublicAccessStates.InternetGatewayBlockMode",
        remedy: "Ask whoever governs the account for an exclusion of this VPC, or use endpoints alone (natGateways: none).",
    },
    IGW_DETACHED: {
        code: "BAD_STATE_ATTACHMENT",
        row: 17,
        stage: "vpc",
        severity: "error",
        repairer: "automatic",
        template: "Internet gateway {component} is not attached to {vpcId}",
        seenBy: "DescribeInternetGateways: Attachments[].VpcId and State",
        remedy: `${REPAIRED_BY_FIX} attach it: aws ec2 attach-internet-gateway --internet-gateway-id {component} --vpc-id {vpcId}`,
    },
    IGW_ELSEWHERE: {
        code: "BAD_STATE_ATTACHMENT",
        row: 17,
        stage: "vpc",
        severity: "error",
        repairer: "person",
        template: "Internet gateway {component} is attached to {otherVpcId} instead of {vpcId}",
        seenBy: "DescribeInternetGateways: Attachments[].VpcId",
        remedy: "Find out who moved it; detach it there, then run `pulumi up`.",
    },
    IGW_NOT_FOUND: {
        code: "BAD_STATE_ATTACHMENT",
        row: 17,
        stage: "vpc",
        severity: "error",
        repairer: "pulumi",
        template: "Internet gateway {component} does not exist",
        seenBy: "DescribeInternetGateways: no item",
        remedy: REPLACE_BY_PULUMI,
    },
    NAT_BAD_STATE: {
        code: "BAD_STATE",
        row: 15,
        stage: "vpc",
        severity: "error",
        repairer: "pulumi",
        template: "NAT gateway {component} is {state}{failure}: nothing behind it reaches the internet",
        seenBy: "DescribeNatGateways: State, FailureCode",
        remedy: "Let Pulumi replace it: `pulumi up --refresh` when it is gone, `pulumi up --replace <its URN>` when it failed.",
    },
    NAT_PENDING: {
        code: "BAD_STATE",
        row: 15,
        stage: "vpc",
        severity: "error",
        repairer: "pulumi",
        transient: true,
        template: "NAT gateway {component} is still pending",
        seenBy: "DescribeNatGateways: State",
        remedy: "Wait: a NAT gateway takes about two minutes. Raise checks.timeoutSeconds if that is too short here.",
    },
    NAT_NOT_PUBLIC: {
        code: "X_NAT_NOT_PUBLIC",
        row: 16,
        stage: "vpc",
        severity: "error",
        repairer: "proposed",
        template: "NAT gateway {component} is private: it has no public address to reach the internet from",
        seenBy: "DescribeNatGateways: ConnectivityType, NatGatewayAddresses[].AllocationId",
        remedy: "Replace it by a public one with an Elastic IP: `pulumi up --replace <its URN>`.",
    },
    SUBNET_NOT_FOUND: {
        code: "UNKNOWN_RESOURCE",
        stage: "routes",
        severity: "error",
        repairer: "pulumi",
        template: "Subnet {component} does not exist",
        seenBy: "DescribeSubnets: no item",
        remedy: REPLACE_BY_PULUMI,
    },
    ROUTE_TABLE_NOT_FOUND: {
        code: "UNKNOWN_RESOURCE",
        stage: "routes",
        severity: "error",
        repairer: "pulumi",
        template: "Route table {component} does not exist",
        seenBy: "DescribeRouteTables: no item",
        remedy: REPLACE_BY_PULUMI,
    },
    SUBNET_ON_MAIN_TABLE: {
        code: "NO_ROUTE_TO_DESTINATION",
        row: 7,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template:
            "Subnet {component} has no route table of its own and falls to the VPC's main table instead of {routeTableId}",
        seenBy: "DescribeRouteTables: no Associations[].SubnetId names it",
        remedy: `${REPAIRED_BY_FIX} associate it: aws ec2 associate-route-table --subnet-id {component} --route-table-id {routeTableId}`,
    },
    SUBNET_ON_WRONG_TABLE: {
        code: "CANNOT_ROUTE",
        row: 8,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template: "Subnet {component} is associated with {actualRouteTableId} instead of {routeTableId}",
        seenBy: "DescribeRouteTables: Associations[].SubnetId",
        remedy: `${REPAIRED_BY_FIX} put it back: aws ec2 replace-route-table-association --association-id {associationId} --route-table-id {routeTableId}`,
    },
    PRIVATE_NO_DEFAULT_ROUTE: {
        code: "NO_ROUTE_TO_DESTINATION",
        row: 9,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template:
            "Route table {component} of private subnets has no route to 0.0.0.0/0; it belongs to {target}",
        seenBy: "DescribeRouteTables: Routes[] lacks 0.0.0.0/0",
        remedy: `${REPAIRED_BY_FIX} create it: aws ec2 create-route --route-table-id {component} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id {target}`,
    },
    DEFAULT_ROUTE_BLACKHOLE: {
        code: "BAD_STATE_ROUTE",
        row: 10,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template:
            "Route 0.0.0.0/0 of {component} is a blackhole: its target {actualTarget} is gone; it belongs to {target}",
        seenBy: "DescribeRouteTables: Routes[].State",
        remedy: `${REPAIRED_BY_FIX} point it at {target} with aws ec2 replace-route.`,
    },
    MORE_SPECIFIC_BLACKHOLE: {
        code: "BAD_STATE_ROUTE",
        row: 10,
        stage: "routes",
        severity: "error",
        repairer: "proposed",
        template: "Route {cidr} of {component} is a blackhole and drops what 0.0.0.0/0 would carry",
        seenBy: "DescribeRouteTables: Routes[].State, longest prefix",
        remedy: "The program did not make it. If nobody needs it: aws ec2 delete-route --route-table-id {component} --destination-cidr-block {cidr}",
    },
    MORE_SPECIFIC_ROUTE: {
        code: "MORE_SPECIFIC_ROUTE",
        row: 11,
        stage: "routes",
        severity: "error",
        repairer: "proposed",
        template: "Route {cidr} of {component} takes its addresses to {actualTarget}, away from {target}",
        seenBy: "DescribeRouteTables: longest prefix over Routes[]",
        remedy: "Find out who made it; if nobody needs it, delete it: aws ec2 delete-route --route-table-id {component} --destination-cidr-block {cidr}",
    },
    PRIVATE_TO_IGW: {
        code: "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
        row: 12,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template:
            "Route 0.0.0.0/0 of {component} leads private subnets to {actualTarget}, which drops what has no public address; it belongs to {target}",
        seenBy: "DescribeRouteTables: Routes[].GatewayId",
        remedy: `${REPAIRED_BY_FIX} point it at {target} with aws ec2 replace-route. Do not give the hosts public addresses.`,
    },
    PUBLIC_NO_DEFAULT_ROUTE: {
        code: "NO_ROUTE_TO_DESTINATION",
        row: 13,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template:
            "Route table {component} of public subnets has no route from 0.0.0.0/0 to {target}: NAT gateways there carry nothing out",
        seenBy: "DescribeNatGateways: SubnetId; DescribeRouteTables: Routes[] of its table",
        remedy: `${REPAIRED_BY_FIX} create it: aws ec2 create-route --route-table-id {component} --destination-cidr-block 0.0.0.0/0 --gateway-id {target}`,
    },
    PUBLIC_WRONG_DEFAULT_ROUTE: {
        code: "NO_ROUTE_TO_DESTINATION",
        row: 13,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template:
            "Route 0.0.0.0/0 of {component}, a table of public subnets, leads to {actualTarget} instead of {target}",
        seenBy: "DescribeRouteTables: Routes[] of the public subnets' table",
        remedy: `${REPAIRED_BY_FIX} point it at {target} with aws ec2 replace-route.`,
    },
    NAT_SELF_LOOP: {
        code: "X_NAT_SELF_LOOP",
        row: 14,
        stage: "routes",
        severity: "error",
        repairer: "proposed",
        template: "Subnet {component} uses NAT gateway {natGatewayId}, which stands in that same subnet",
        seenBy: "DescribeNatGateways: SubnetId",
        remedy: "Put the NAT gateway into a public subnet.",
    },
    PRIVATE_WRONG_NEXT_HOP: {
        code: "X_WRONG_NEXT_HOP",
        row: 11,
        stage: "routes",
        severity: "error",
        repairer: "proposed",
        template: "Route 0.0.0.0/0 of {component} leads to {actualTarget} instead of {target}",
        seenBy: "DescribeRouteTables: Routes[]",
        remedy: "Somebody chose that target; if it is not wanted, point the route at {target} with aws ec2 replace-route.",
    },
    NAT_CROSSES_ZONE: {
        code: "AVAILABILITY_ZONE_CROSSED",
        row: 19,
        stage: "routes",
        severity: "warning",
        repairer: "proposed",
        template:
            "Route 0.0.0.0/0 of {component} leads to {actualTarget} instead of {target}, the NAT gateway of its own zone",
        seenBy: "DescribeRouteTables: Routes[].NatGatewayId; DescribeNatGateways: SubnetId",
        remedy: "It works, costs more and fails with the other zone. Point the route at {target} with aws ec2 replace-route.",
    },
    UNINTENDED_EGRESS: {
        code: "X_UNINTENDED_EGRESS",
        stage: "routes",
        severity: "error",
        repairer: "proposed",
        template:
            "Subnet {component} is meant to have no way to the internet, but {routeTableId} routes {cidr} to {actualTarget}",
        seenBy: "DescribeRouteTables: Routes[]",
        remedy: "If nobody needs it, delete it: aws ec2 delete-route --route-table-id {routeTableId} --destination-cidr-block {cidr}",
    },
    ROUTES_AMBIGUOUS: {
        code: "X_ROUTES_AMBIGUOUS",
        stage: "routes",
        severity: "error",
        repairer: "person",
        template:
            "Prefix lists of {component} overlap at {cidr} with different targets ({targets}); AWS does not say which wins",
        seenBy: "DescribeRouteTables: DestinationPrefixListId; GetManagedPrefixListEntries",
        remedy: "Take the overlap out of one of the prefix lists.",
    },
    ENDPOINT_MISSING: {
        code: "X_ENDPOINT_MISSING",
        row: 30,
        stage: "any",
        severity: "error",
        repairer: "pulumi",
        template: "The endpoint {component} for {service} does not exist",
        seenBy: "DescribeVpcEndpoints: VpcEndpointId",
        remedy: REPLACE_BY_PULUMI,
    },
    ENDPOINT_BAD_STATE: {
        code: "BAD_STATE",
        row: 31,
        stage: "any",
        severity: "error",
        repairer: "pulumi",
        template: "The endpoint {component} for {service} is {state}{failure}",
        seenBy: "DescribeVpcEndpoints: State, LastError",
        remedy: "Let Pulumi replace it: `pulumi up --refresh` when it is gone, `pulumi up --replace <its URN>` when it failed.",
    },
    ENDPOINT_PENDING: {
        code: "BAD_STATE",
        row: 31,
        stage: "any",
        severity: "error",
        repairer: "pulumi",
        transient: true,
        template: "The endpoint {component} for {service} is still pending",
        seenBy: "DescribeVpcEndpoints: State",
        remedy: "Wait: an interface endpoint takes a few minutes. Raise checks.timeoutSeconds if that is too short here.",
    },
    GATEWAY_ENDPOINT_NOT_ROUTED: {
        code: "NO_ROUTE_TO_DESTINATION",
        row: 37,
        stage: "routes",
        severity: "error",
        repairer: "automatic",
        template: "Route table {routeTableId} has no route to {service} by endpoint {component}",
        seenBy: "DescribeVpcEndpoints: RouteTableIds; DescribeRouteTables: DestinationPrefixListId",
        remedy: `${REPAIRED_BY_FIX} add it: aws ec2 modify-vpc-endpoint --vpc-endpoint-id {component} --add-route-table-ids {routeTableId} (open connections to {service} are cut)`,
    },
    GATEWAY_ENDPOINT_OVERRIDDEN: {
        code: "MORE_SPECIFIC_ROUTE",
        row: 11,
        stage: "routes",
        severity: "error",
        repairer: "proposed",
        template:
            "Route {cidr} of {routeTableId} takes addresses of {service} to {actualTarget}, away from endpoint {component}",
        seenBy: "DescribeRouteTables: longest prefix over Routes[]; GetManagedPrefixListEntries",
        remedy: "Find out who made it; if nobody needs it, delete it: aws ec2 delete-route --route-table-id {routeTableId} --destination-cidr-block {cidr}",
    },
    PREFIX_LIST_UNKNOWN: {
        code: "X_PREFIX_LIST_UNKNOWN",
        stage: "routes",
        severity: "error",
        repairer: "person",
        template:
            "The prefix list of {service} has no entries that could be read, so nothing is known of the way to it",
        seenBy: "DescribeManagedPrefixLists: PrefixListName; GetManagedPrefixListEntries",
        remedy: "See whether the region offers the service and whether the answer of GetManagedPrefixListEntries has IPv4 entries.",
    },
    DNS_SUPPORT_OFF: {
        code: "X_DNS_SUPPORT_OFF",
        row: 1,
        stage: "dns",
        severity: "error",
        repairer: "automatic",
        template: "DNS support of {component} is off: no name resolves inside it",
        seenBy: "DescribeVpcAttribute: enableDnsSupport",
        remedy: `${REPAIRED_BY_FIX} turn it on: aws ec2 modify-vpc-attribute --vpc-id {component} --enable-dns-support`,
    },
    DNS_HOSTNAMES_OFF: {
        code: "X_DNS_HOSTNAMES_OFF",
        row: 2,
        stage: "dns",
        severity: "error",
        repairer: "automatic",
        template: "DNS hostnames of {component} are off: the private names of endpoints cannot be used",
        seenBy: "DescribeVpcAttribute: enableDnsHostnames",
        remedy: `${REPAIRED_BY_FIX} turn them on: aws ec2 modify-vpc-attribute --vpc-id {component} --enable-dns-hostnames`,
    },
    ENDPOINT_PRIVATE_DNS_OFF: {
        code: "X_ENDPOINT_PRIVATE_DNS_OFF",
        row: 32,
        stage: "dns",
        severity: "error",
        repairer: "automatic",
        template:
            "Private DNS of endpoint {component} is off: the name of {service} resolves to public addresses",
        seenBy: "DescribeVpcEndpoints: PrivateDnsEnabled",
        remedy: `${REPAIRED_BY_FIX} turn it on: aws ec2 modify-vpc-endpoint --vpc-endpoint-id {component} --private-dns-enabled`,
    },
    SECURITY_GROUP_NOT_FOUND: {
        code: "UNKNOWN_RESOURCE",
        stage: "security-groups",
        severity: "error",
        repairer: "pulumi",
        template: "Security group {component} does not exist",
        seenBy: "DescribeSecurityGroups: no item",
        remedy: REPLACE_BY_PULUMI,
    },
    ENDPOINT_LACKS_INGRESS: {
        code: "ENI_SG_RULES_MISMATCH",
        row: 34,
        stage: "security-groups",
        severity: "error",
        repairer: "automatic",
        template:
            "Security group {component} of the endpoints for {services} does not admit TCP 443 from {sourceGroupId}",
        seenBy: "DescribeVpcEndpoints: Groups; DescribeSecurityGroups: IpPermissions",
        remedy: `${REPAIRED_BY_FIX} admit it: aws ec2 authorize-security-group-ingress --group-id {component} --protocol tcp --port 443 --source-group {sourceGroupId}`,
    },
    ENDPOINT_WRONG_GROUPS: {
        code: "ENI_SG_RULES_MISMATCH",
        row: 27,
        stage: "security-groups",
        severity: "error",
        repairer: "proposed",
        template:
            "Endpoint {component} ({service}) does not carry security group {groupId}, and what it carries does not admit its clients",
        seenBy: "DescribeVpcEndpoints: Groups",
        remedy: "Put it back: aws ec2 modify-vpc-endpoint --vpc-endpoint-id {component} --add-security-group-ids {groupId}",
    },
    CLIENT_LACKS_EGRESS: {
        code: "ENI_SG_RULES_MISMATCH",
        row: 26,
        stage: "security-groups",
        severity: "error",
        repairer: "proposed",
        template:
            "Security group {component} of the endpoints' clients does not let TCP 443 out to the endpoints for {services}",
        seenBy: "DescribeSecurityGroups: IpPermissionsEgress",
        remedy: "Run `pulumi up --refresh` if the program declares the rule, or let TCP 443 out to the endpoint's groups.",
    },
    UNEXPLAINED: {
        code: "X_UNEXPLAINED",
        stage: "any",
        severity: "error",
        repairer: "person",
        template: "{from} to {to} is {verdict} instead of {expected}, and no single setting explains it",
        seenBy: "the path through the snapshot",
        remedy: "Follow the path in the message by hand and report this case: the checks do not know it.",
    },
    PERMISSION_MISSING: {
        code: "X_PERMISSION_MISSING",
        stage: "any",
        severity: "error",
        repairer: "person",
        template: "The credentials lack {component}: {consequence}",
        seenBy: "the answer UnauthorizedOperation",
        remedy: "Grant {component} to the role or user that runs Pulumi.",
    },
    REPAIR_REFUSED: {
        code: "X_REPAIR_REFUSED",
        stage: "any",
        severity: "error",
        repairer: "person",
        template: 'The repair "{edit}" was refused: {reason}',
        seenBy: "the gate, which holds every repair against the declared network and the owner tags",
        remedy: "Do what the other messages say by hand, or give the resource the tags of this deployment if it is ours.",
    },
    REPAIR_FAILED: {
        code: "X_REPAIR_FAILED",
        stage: "any",
        severity: "error",
        repairer: "person",
        template: 'The repair "{edit}" failed: {error}',
        seenBy: "the answer of AWS to the call",
        remedy: "Do what the error says; the next `pulumi up` tries again.",
    },
    REPAIR_UNDONE: {
        code: "X_REPAIR_WITHOUT_EFFECT",
        stage: "any",
        severity: "error",
        repairer: "person",
        template: 'The repair "{edit}" mended nothing and was {outcome}',
        seenBy: "a fresh snapshot after the repair",
        remedy: "See who changes the resource at the same time, then run `pulumi up` again.",
    },
    CHECK_INCOMPLETE: {
        code: "X_CHECK_INCOMPLETE",
        stage: "any",
        severity: "error",
        repairer: "person",
        template: "The check could not be finished: {error}",
        seenBy: "the AWS SDK",
        remedy: "Do what the error says; the next `pulumi up` runs the check again.",
    },
} as const satisfies Record<string, Message>;

export type MessageId = keyof typeof CATALOGUE;

export const MESSAGES: Readonly<Record<MessageId, Message>> = CATALOGUE;

/** One thing that a check found: which message, about which component, with which arguments. */
export interface Finding {
    id: MessageId;
    code: string;
    /** Id of the resource, or name of the IAM action, that the message is about. */
    component: string;
    args: Record<string, string>;
}

export function finding(id: MessageId, component: string, args: Record<string, string> = {}): Finding {
    return { id, code: MESSAGES[id].code, component, args };
}

/** Equal for two findings about the same thing. */
export function findingKey({ id, component, args }: Finding): string {
    return JSON.stringify([id, component, Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

export function distinct(findings: readonly Finding[]): Finding[] {
    return [...new Map(findings.map((one) => [findingKey(one), one])).values()];
}

export function isError({ id }: Finding): boolean {
    return MESSAGES[id].severity === "error";
}

/** The page that has a section for each message, made from this catalogue. */
const DOCS = "docs/checks.md";

/** The message for people: what is broken and where, how it was seen, what to do. */
export function renderFinding(one: Finding): string {
    const message = MESSAGES[one.id];
    return [
        `${message.severity === "error" ? "Error" : "Warning"} ${headline(one)}`,
        `    what to do: ${fill(message.remedy, one)}`,
        `    more: ${DOCS}#${one.id.toLowerCase()}`,
    ].join("\n");
}

/** A finding that is no more: what it was and how it was seen; there is nothing left to do. */
export function renderMended(one: Finding): string {
    return `Was broken ${headline(one)}`;
}

function headline(one: Finding): string {
    const { code, template, seenBy } = MESSAGES[one.id];
    return `[${code}] ${fill(template, one)}.\n    seen by: ${seenBy}`;
}

function fill(text: string, { component, args }: Finding): string {
    return text.replace(/\{(\w+)\}/g, (_, name: string) =>
        name === "component" ? component : (args[name] ?? "?"),
    );
}
