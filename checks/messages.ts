import type { Traffic } from "./analyze/traffic";
import { CHECKS } from "./catalogue/checks";
import type { Code } from "./catalogue/codes";
import { DNS } from "./catalogue/dns";
import { ENDPOINTS } from "./catalogue/endpoints";
import { GATEWAYS } from "./catalogue/gateways";
import type { AnalysisMessage, ArgumentKind, CheckMessage, Message } from "./catalogue/message";
import { NETWORK_ACLS } from "./catalogue/network-acls";
import { ROUTES } from "./catalogue/routes";
import { SECURITY_GROUPS } from "./catalogue/security-groups";
import { SERVICES } from "./catalogue/services";
import type { Direction, PortRange } from "./flow";
import type { GroupRule } from "./rule";

/**
 * Findings of the checks and explanations of the analysis: which message of the catalogue, about which component, with which values.
 * Data only: `render.ts` makes texts of them.
 */

export type { Code } from "./catalogue/codes";
export { type Message, type Repairer, type Severity, type Stage, STAGES } from "./catalogue/message";

/** The catalogue by topic, in the order of its page. */
export const TOPICS: Readonly<Record<string, Readonly<Record<string, Message>>>> = {
    Gateways: GATEWAYS,
    Routes: ROUTES,
    "Network ACLs": NETWORK_ACLS,
    "Security groups": SECURITY_GROUPS,
    DNS,
    Endpoints: ENDPOINTS,
    Services: SERVICES,
    "The checks themselves": CHECKS,
};

const CATALOGUE = {
    ...GATEWAYS,
    ...ROUTES,
    ...NETWORK_ACLS,
    ...SECURITY_GROUPS,
    ...DNS,
    ...ENDPOINTS,
    ...SERVICES,
    ...CHECKS,
};
type Catalogue = typeof CATALOGUE;

export type MessageId = keyof Catalogue;

/** What a check can find. */
export type FindingId = {
    [Id in MessageId]: Catalogue[Id] extends { seenBy: string } ? Id : never;
}[MessageId];

/** What the analysis of a flow can say. */
export type ExplanationId = {
    [Id in MessageId]: Catalogue[Id] extends { analysis: true } ? Id : never;
}[MessageId];

/** The messages whose repair a check makes when `allowedRepairs` names them. */
export type ProposedRepair = {
    [Id in FindingId]: Catalogue[Id] extends { repairer: "proposed" } ? Id : never;
}[FindingId];

export const MESSAGES: {
    readonly [Id in MessageId]: Id extends FindingId ? CheckMessage : AnalysisMessage;
} = CATALOGUE;

const IDS = Object.keys(CATALOGUE) as MessageId[];

export const FINDING_IDS = IDS.filter((id) => "seenBy" in CATALOGUE[id]) as FindingId[];

/** See {@link ProposedRepair}. */
export const PROPOSED_REPAIRS = FINDING_IDS.filter(
    (id) => MESSAGES[id].repairer === "proposed",
) as ProposedRepair[];

/** Every code that the analysis can give. */
export const EXPLANATION_CODES: readonly Code[] = [
    ...new Set(IDS.filter((id) => "analysis" in CATALOGUE[id]).map((id) => CATALOGUE[id].code)),
];

/** What the snapshot lacks, and why the analysis needs it. */
export interface Absence {
    /**
     * The part of the resource; "entries" are those of a prefix list.
     * @default the whole resource
     */
    readonly part?:
        | "CIDR blocks"
        | "entries"
        | "network ACL"
        | "route table"
        | "security groups"
        | "subnet and private address";
    /** The service whose addresses the entries are. */
    readonly service?: string;
    readonly need?:
        /** A route, or any route of the table, leads to it. */
        | { readonly of: "route"; readonly table?: string; readonly route?: string }
        /** A rule of the interface's groups names it. */
        | { readonly of: "rule"; readonly direction: Direction; readonly eni: string }
        | { readonly of: "member"; readonly id: string }
        /** The destination has to be behind it. */
        | { readonly of: "destination"; readonly destination: string };
}

/** What stays open for lack of a permission. */
export type Consequence =
    | { readonly of: "kind"; readonly kind: string }
    | { readonly of: "observation" }
    | { readonly of: "check" }
    | { readonly of: "repair"; readonly edit: string };

/** What a target of a route cannot carry. */
export type Payload =
    | { readonly of: "IPv4" | "IPv6" }
    /** Packets that come back to where they were. */
    | { readonly of: "loop" }
    /** To packets that came in through a gateway, or from an address outside. */
    | { readonly of: "replies"; readonly gateway?: string; readonly to?: string }
    /** What a NAT gateway sends to the internet. */
    | { readonly of: "nat"; readonly natGatewayId?: string };

/** The traffic that an entry of a network ACL is about. */
export interface AclTraffic {
    readonly egress: boolean;
    readonly protocol: "tcp" | "udp";
    /** Absent for all ports. */
    readonly ports?: PortRange;
    readonly cidr: string;
}

/** The type of each kind of argument. */
export interface ArgumentTypes {
    absence: Absence;
    /** The number of an entry; "*" is the last one, which denies everything. */
    aclRule: number | "*";
    aclTraffic: AclTraffic;
    consequence: Consequence;
    explanation: Explanation;
    /** Why AWS failed to create something. */
    failure: { readonly code?: string; readonly message?: string };
    /** Which gateways Block Public Access stops. */
    gateways: "direct" | "nat" | "egress-only";
    /** The id of a resource, or a name that stands for one: "the internet". */
    id: string;
    ids: readonly string[];
    names: readonly string[];
    number: number;
    payload: Payload;
    policyProblem: "unreadable" | "denies" | "empty";
    ports: PortRange;
    rule: GroupRule;
    /** The target of a route: an id, "local", or "nothing" when it was deleted. */
    target: string;
    text: string;
    traffic: Traffic;
    vpcId: string;
}

/** The values that a message takes. */
export type ArgumentsOf<Id extends MessageId> = Id extends MessageId
    ? Catalogue[Id] extends { args: infer Kinds }
        ? { readonly [Name in keyof Kinds]: ArgumentTypes[Kinds[Name] & ArgumentKind] }
        : Readonly<Record<never, never>>
    : never;

/** One thing that a check found. */
export type Finding<Id extends FindingId = FindingId> = Id extends FindingId
    ? {
          readonly id: Id;
          /** The message's code, or that of the explanation it hands on. */
          readonly code: Code;
          /** The id of the resource, or the name of the IAM action, that the finding is about. */
          readonly component: string;
          readonly args: ArgumentsOf<Id>;
      }
    : never;

/** One setting that stops a flow, keeps it from being decided, or deserves a warning. */
export type Explanation<Id extends ExplanationId = ExplanationId> = Id extends ExplanationId
    ? {
          readonly id: Id;
          readonly code: Code;
          /** The id of the resource whose setting it is. */
          readonly component: string;
          readonly direction?: Direction;
          /** "return" when it stops the reply; `direction` is then the reply's. Absent for the request. */
          readonly leg?: "return";
          /** The number of the network ACL's entry, the id of the security group rule, or the destination of the route. */
          readonly rule?: string | number;
          /** The ids of the other resources involved, such as the interface that has the security group. */
          readonly related: readonly string[];
          readonly args: ArgumentsOf<Id>;
      }
    : never;

/** The values, only for messages that have any. */
type Values<Id extends MessageId> = Id extends MessageId
    ? keyof ArgumentsOf<Id> extends never
        ? []
        : [args: ArgumentsOf<Id>]
    : never;

export function finding<Id extends FindingId>(id: Id, component: string, ...[args]: Values<Id>): Finding<Id> {
    return { id, code: MESSAGES[id].code, component, args: args ?? {} } as unknown as Finding<Id>;
}

/** Equal for two findings about the same thing. */
export function findingKey({ id, component, args }: Finding): string {
    return JSON.stringify([id, component, sorted(args)]);
}

function sorted(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return entries.map(([name, item]) => [name, sorted(item)]);
}

export function distinct<T extends Finding>(findings: readonly T[]): T[] {
    return [...new Map(findings.map((one) => [findingKey(one), one])).values()];
}

export function isError({ id }: Finding): boolean {
    return MESSAGES[id].severity !== "warning";
}

type Ids = { readonly [Kind in ArgumentKind]?: (value: ArgumentTypes[Kind]) => readonly string[] };

/** The kinds of arguments that name resources. Of a VPC there is only one: that two messages name it shows no relation. */
const IDS_OF: Ids = {
    id: (id) => [id],
    ids: (ids) => ids,
    target: (id) => [id],
    rule: ({ groupId, peer }) => [
        groupId,
        ...("securityGroupId" in peer ? [peer.securityGroupId] : []),
        ...("prefixListId" in peer ? [peer.prefixListId] : []),
    ],
    explanation: ({ component, related }) => [component, ...related],
};

/** The ids that the arguments of a message name. */
export function argumentIds(id: MessageId, args: object): string[] {
    const kinds: Readonly<Record<string, ArgumentKind>> = MESSAGES[id].args ?? {};
    return Object.entries(args).flatMap(([name, value]) => {
        const kind = kinds[name];
        const idsOf =
            kind === undefined
                ? undefined
                : (IDS_OF[kind] as ((value: unknown) => readonly string[]) | undefined);
        return idsOf?.(value) ?? [];
    });
}
