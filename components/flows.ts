import type { PortRange } from "../checks/flow";
import { ENDPOINT_RULE_DESCRIPTION, gatewayRuleDescription } from "../checks/intent";
import { PULSAR_FLOWS, PULSAR_PORTS } from "./pulsar/ports";
import { listOf, oneOf } from "./schema/fields";
import type { Problem } from "./validation";
import { INTERFACE_ENDPOINT_SERVICES, type InterfaceEndpointService } from "./endpoint-services";

/**
 * Who talks to whom: the one declaration from which security groups, their rules, the VPC endpoints and the connectivity
 * checks are derived. Pure.
 */

/** The parts of a lab that have network interfaces, and with them security groups. */
export const ROLES = [
    "zookeeper",
    "bookkeeper",
    "broker",
    "proxy",
    "client",
    "neptune",
    "opensearch",
    "sagemaker",
    "monitoring",
    "endpoints",
] as const;

/** See {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** What the plan of the flows depends on. */
export interface FlowPlanArgs {
    /** The roles of the lab. `endpoints` is added where an interface endpoint is needed. */
    roles: readonly Exclude<Role, "endpoints">[];
    /**
     * Those of the roles that somebody else made: what they need among themselves and of AWS is their owner's.
     * @default none
     */
    adopted?: readonly Role[];
    /**
     * Roles that may reach the internet through NAT, on HTTPS alone.
     * @default none
     */
    httpsEgress?: readonly Role[];
    /**
     * Whether the private subnets have a NAT gateway. Without one every role needs its services' endpoints.
     * @default true
     */
    nat?: boolean;
    /**
     * Services that get an interface endpoint besides those that the roles need.
     * @default none
     */
    interfaceEndpoints?: readonly InterfaceEndpointService[];
    /**
     * Names of Studio user profiles: each has a security group of its own, so that their kernels cannot reach each other.
     * @default none: the domain's own group serves all
     */
    userProfiles?: readonly string[];
    /**
     * Whether Neptune loads files from S3.
     * @default false
     */
    bulkLoad?: boolean;
}

/** A security group of the plan. */
export interface PlannedGroup {
    /** Unique in the plan: the role, or `sagemaker-<profile>`. */
    readonly key: string;
    readonly role: Role;
    readonly description: string;
}

/** Where a planned flow goes: a group of the plan, a service with a gateway endpoint, or the internet. */
export type PlannedDestination = { readonly group: string } | { readonly service: "s3" | "internet" };

/** A flow between two groups of the plan, or from one to a service. */
export interface PlannedFlow {
    /** Unique and readable: "broker to zookeeper tcp 2181". */
    readonly id: string;
    /** Key of the group of whoever opens the connection. */
    readonly from: string;
    readonly to: PlannedDestination;
    readonly protocol: "tcp";
    readonly ports: PortRange;
    /** Why; it is the description of the rules. */
    readonly why: string;
}

/** Everything that follows from who talks to whom. */
export interface FlowPlan {
    readonly groups: readonly PlannedGroup[];
    readonly flows: readonly PlannedFlow[];
    /** Services that need an interface endpoint, in the order of {@link INTERFACE_ENDPOINT_SERVICES}. */
    readonly interfaceEndpoints: readonly InterfaceEndpointService[];
}

/** A flow between roles, declared once for all labs: it exists where both roles do. */
interface RoleFlow {
    readonly from: Role;
    readonly to: Role;
    readonly ports: PortRange;
    readonly why: string;
    /** Only within one group: a Studio user's kernels are that user's alone. */
    readonly withinGroup?: true;
    /** Left out where this role exists, because traffic goes through it. */
    readonly unless?: Role;
}

const HTTPS = port(443);

/** Within the cluster as Pulsar's own table has it. Where there are proxies, clients go through them alone. */
const PULSAR_ROLE_FLOWS: readonly RoleFlow[] = PULSAR_FLOWS.map(({ from, to, port: name, why }) => ({
    from,
    to,
    ports: port(PULSAR_PORTS[name]),
    why: `Pulsar: ${why}`,
    ...(from === "client" && to === "broker" && { unless: "proxy" as const }),
}));

/** Whoever uses Pulsar from outside of the cluster needs what its own clients need. */
const likePulsarClients = (from: Role): RoleFlow[] =>
    PULSAR_ROLE_FLOWS.filter((flow) => flow.from === "client").map((flow) => ({ ...flow, from }));

const NEPTUNE: Pick<RoleFlow, "ports" | "why"> = {
    ports: port(8182),
    why: "Gremlin, openCypher and SPARQL over TLS",
};
const OPENSEARCH: Pick<RoleFlow, "ports" | "why"> = { ports: HTTPS, why: "OpenSearch REST API over TLS" };
const SCRAPE = { ports: port(PULSAR_PORTS.webTls), why: "Prometheus metrics over TLS" };

/**
 * The declaration for all labs. Those of Studio are what "Connect Amazon SageMaker Studio in a VPC to External Resources" demands;
 * metrics of ZooKeeper and bookies stay on their host, where the CloudWatch agent reads them.
 */
const ROLE_FLOWS: readonly RoleFlow[] = [
    ...PULSAR_ROLE_FLOWS,
    ...likePulsarClients("sagemaker"),
    { from: "client", to: "neptune", ...NEPTUNE },
    { from: "sagemaker", to: "neptune", ...NEPTUNE },
    { from: "client", to: "opensearch", ...OPENSEARCH },
    { from: "sagemaker", to: "opensearch", ...OPENSEARCH },
    {
        from: "sagemaker",
        to: "sagemaker",
        ports: { from: 8192, to: 65_535 },
        why: "Studio applications to their kernels",
        withinGroup: true,
    },
    {
        from: "sagemaker",
        to: "sagemaker",
        ports: port(2049),
        why: "Studio home directories over NFS",
        withinGroup: true,
    },
    { from: "monitoring", to: "broker", ...SCRAPE },
    { from: "monitoring", to: "proxy", ...SCRAPE },
];

/** What an instance of the lab calls: Systems Manager, its secrets, and CloudWatch's logs and metrics. */
const INSTANCE_SERVICES: readonly InterfaceEndpointService[] = [
    "logs",
    "monitoring",
    "secretsmanager",
    "ssm",
    "ssmmessages",
];

/**
 * The AWS services that each role calls, besides S3. Those of Studio are what "Connect SageMaker Studio in a VPC" demands of a
 * domain without internet, and Secrets Manager for the credentials of a git repository.
 */
const AWS_SERVICES = {
    zookeeper: INSTANCE_SERVICES,
    bookkeeper: INSTANCE_SERVICES,
    broker: INSTANCE_SERVICES,
    proxy: INSTANCE_SERVICES,
    client: INSTANCE_SERVICES,
    monitoring: INSTANCE_SERVICES,
    sagemaker: ["logs", "sagemaker.api", "sagemaker.runtime", "secretsmanager", "sts"],
} satisfies Partial<Record<Role, readonly InterfaceEndpointService[]>>;

/** What a role calls; nothing where it opens no connections. */
const servicesOf = (role: Role): readonly InterfaceEndpointService[] | undefined =>
    (AWS_SERVICES as Partial<Record<Role, readonly InterfaceEndpointService[]>>)[role];

const GROUP_DESCRIPTIONS: Record<Role, string> = {
    zookeeper: "ZooKeeper servers of Pulsar",
    bookkeeper: "BookKeeper servers of Pulsar",
    broker: "Brokers of Pulsar",
    proxy: "Proxies of Pulsar",
    client: "Clients of Pulsar, Neptune and OpenSearch",
    neptune: "Neptune cluster",
    opensearch: "OpenSearch domain",
    sagemaker: "SageMaker Studio applications",
    monitoring: "Prometheus that scrapes Pulsar",
    endpoints: "Interfaces of the VPC endpoints",
};

/**
 * Plans groups, flows and endpoints for the roles of a lab. What is not declared is closed: there is no rule by address inside the
 * VPC, and none towards the internet but HTTPS for the roles of `httpsEgress`.
 *
 * A service gets an interface endpoint where some role needs it that has no way through NAT, and where it is asked for.
 */
export function planFlows(args: FlowPlanArgs): FlowPlan {
    const egress = new Set<Role>(args.nat === false ? [] : (args.httpsEgress ?? []));
    const present = new Set<Role>(args.roles);
    const adopted = new Set<Role>(args.adopted ?? []);
    const calls = (role: Role) => (adopted.has(role) ? undefined : servicesOf(role));
    const needed = new Set<InterfaceEndpointService>(args.interfaceEndpoints ?? []);
    for (const role of present) {
        if (!egress.has(role)) for (const service of calls(role) ?? []) needed.add(service);
    }
    if (needed.size > 0) present.add("endpoints");

    const groups = ROLES.filter((role) => present.has(role)).flatMap((role) =>
        groupsOf(role, args.userProfiles ?? []),
    );
    const withRole = (role: Role) => groups.filter((group) => group.role === role);
    const flows: PlannedFlow[] = [];
    for (const flow of ROLE_FLOWS) {
        if (flow.unless !== undefined && present.has(flow.unless)) continue;
        if (adopted.has(flow.from) && adopted.has(flow.to)) continue;
        for (const from of withRole(flow.from)) {
            const destinations = flow.withinGroup ? [from] : withRole(flow.to);
            for (const to of destinations)
                flows.push(plannedFlow(from.key, { group: to.key }, flow.ports, flow.why));
        }
    }
    for (const { key, role } of groups) {
        if (calls(role) !== undefined) {
            if (needed.size > 0)
                flows.push(plannedFlow(key, { group: "endpoints" }, HTTPS, ENDPOINT_RULE_DESCRIPTION));
            flows.push(plannedFlow(key, { service: "s3" }, HTTPS, gatewayRuleDescription("s3")));
        }
        if (egress.has(role) && !adopted.has(role))
            flows.push(plannedFlow(key, { service: "internet" }, HTTPS, "HTTPS to the internet through NAT"));
    }
    if (present.has("neptune") && args.bulkLoad)
        flows.push(plannedFlow("neptune", { service: "s3" }, HTTPS, "Bulk load from S3"));
    return {
        groups,
        flows,
        interfaceEndpoints: INTERFACE_ENDPOINT_SERVICES.filter((service) => needed.has(service)),
    };
}

/** Roles that may be given a way to the internet: those that open connections. */
export const HTTPS_EGRESS_ROLES = Object.keys(AWS_SERVICES) as (keyof typeof AWS_SERVICES)[];

/** A list of roles that may reach the internet. */
export const httpsEgressRoles = () =>
    listOf(
        oneOf(
            HTTPS_EGRESS_ROLES,
            () => `one of ${HTTPS_EGRESS_ROLES.join(", ")}; the data stores open no connections`,
        ),
        `a list of roles: ${HTTPS_EGRESS_ROLES.join(", ")}`,
        { once: "each role once" },
    );

/** The problems of roles that may reach the internet where nothing leads there; `reason` says why: "natGateways is none". */
export function noEgressProblems(httpsEgress: readonly Role[], reason: string): Problem[] {
    const allowed = `none: ${reason}, so that nothing leads to the internet`;
    return httpsEgress.map((role, index) => ({ key: `httpsEgress[${index}]`, value: role, allowed }));
}

function groupsOf(role: Role, userProfiles: readonly string[]): PlannedGroup[] {
    const group: PlannedGroup = { key: role, role, description: GROUP_DESCRIPTIONS[role] };
    if (role !== "sagemaker") return [group];
    const profiles = userProfiles.map((profile): PlannedGroup => ({
        key: `sagemaker-${profile}`,
        role,
        description: `SageMaker Studio applications of ${profile}`,
    }));
    return [group, ...profiles];
}

function plannedFlow(from: string, to: PlannedDestination, ports: PortRange, why: string): PlannedFlow {
    const destination = "group" in to ? to.group : to.service;
    const range = ports.from === ports.to ? String(ports.from) : `${ports.from}-${ports.to}`;
    return { id: `${from} to ${destination} tcp ${range}`, from, to, protocol: "tcp", ports, why };
}

function port(number: number): PortRange {
    return { from: number, to: number };
}
