import { type ExplanationCode, explanationKey, EXPLANATIONS } from "../analyze/explanations";
import type { Explanation } from "../analyze/types";
import { distinct, type Finding, finding, isError, type MessageId } from "../messages";
import type { FlowResult } from "./view";

/**
 * Holds what the analysis says stands in the way of the flows against the findings. What no finding explains becomes one of its own,
 * so that a fault that no row of the catalogue knows is never passed.
 */

/** A flow as a stage judged it, and everything that stands in its way by the analysis. */
export interface EvaluatedFlow {
    result: FlowResult;
    /** How findings name it. */
    name: string;
    blockers: readonly Explanation[];
}

/** Who can stop a flow: security groups, network ACLs, or everything on its way. */
type Layer = "groups" | "acl" | "way";

/** What each message can explain; those that are absent stop no packet. */
const LAYERS: Partial<Record<MessageId, readonly Layer[]>> = {
    ...layer("groups", [
        "FLOW_LACKS_INGRESS",
        "FLOW_LACKS_EGRESS",
        "SERVICE_LACKS_EGRESS",
        "STUDIO_KERNELS_BLOCKED",
        "FILE_SYSTEM_BLOCKED",
        "PULSAR_PORT_BLOCKED",
        "ENDPOINT_LACKS_INGRESS",
        "ENDPOINT_WRONG_GROUPS",
        "INTERFACE_WRONG_GROUPS",
    ]),
    ...layer("acl", [
        "NACL_REPLACED",
        "NACL_DENIES",
        "NACL_DENIES_RETURN",
        "NACL_EPHEMERAL_PARTIAL",
        "NACL_DENY_SHADOWS_ALLOW",
        "NACL_LACKS_SERVICE",
    ]),
    ...layer("way", [
        "PERMISSION_MISSING",
        "BLOCK_PUBLIC_ACCESS",
        "IGW_DETACHED",
        "IGW_ELSEWHERE",
        "IGW_NOT_FOUND",
        "NAT_BAD_STATE",
        "NAT_PENDING",
        "NAT_NOT_PUBLIC",
        "SUBNET_NOT_FOUND",
        "ROUTE_TABLE_NOT_FOUND",
        "SUBNET_ON_MAIN_TABLE",
        "SUBNET_ON_WRONG_TABLE",
        "PRIVATE_NO_DEFAULT_ROUTE",
        "PUBLIC_NO_DEFAULT_ROUTE",
        "PUBLIC_WRONG_DEFAULT_ROUTE",
        "PRIVATE_TO_IGW",
        "PRIVATE_WRONG_NEXT_HOP",
        "DEFAULT_ROUTE_BLACKHOLE",
        "MORE_SPECIFIC_BLACKHOLE",
        "MORE_SPECIFIC_ROUTE",
        "NAT_SELF_LOOP",
        "ROUTES_AMBIGUOUS",
        "GATEWAY_ENDPOINT_NOT_ROUTED",
        "GATEWAY_ENDPOINT_OVERRIDDEN",
        "PREFIX_LIST_UNKNOWN",
        "DNS_SUPPORT_OFF",
        "DNS_HOSTNAMES_OFF",
        "DNS_CUSTOM",
        "ENDPOINT_MISSING",
        "ENDPOINT_BAD_STATE",
        "ENDPOINT_PENDING",
        "ENDPOINT_PRIVATE_DNS_OFF",
        "ENDPOINT_DUPLICATE",
        "ENDPOINT_NOT_IN_ZONE",
    ]),
    SECURITY_GROUP_NOT_FOUND: ["groups", "way"],
    // Behind an appliance the groups' rules say something else.
    MIDDLEBOX_BREAKS_REFERENCES: ["groups", "way"],
};

function layer(one: Layer, ids: readonly MessageId[]): Partial<Record<MessageId, readonly Layer[]>> {
    return Object.fromEntries(ids.map((id) => [id, [one]]));
}

const LAYER_OF: Partial<Record<ExplanationCode, Layer>> = {
    ENI_SG_RULES_MISMATCH: "groups",
    SG_HAS_NO_RULES: "groups",
    SG_REFERENCES_NOT_PRESERVED: "groups",
    SUBNET_ACL_RESTRICTION: "acl",
    X_NACL_EPHEMERAL_PARTIAL: "acl",
};

/** What one message alone can explain: that a resource is named by both says too little there. */
const ONLY: Partial<Record<ExplanationCode, readonly MessageId[]>> = {
    SG_REFERENCES_NOT_PRESERVED: ["MIDDLEBOX_BREAKS_REFERENCES"],
    VPC_BLOCK_PUBLIC_ACCESS_ENABLED: ["BLOCK_PUBLIC_ACCESS"],
    X_NAT_NOT_PUBLIC: ["NAT_NOT_PUBLIC"],
    X_ENDPOINT_PRIVATE_DNS_OFF: ["ENDPOINT_PRIVATE_DNS_OFF", "ENDPOINT_DUPLICATE"],
    X_DNS_SUPPORT_OFF: ["DNS_SUPPORT_OFF"],
    X_DNS_HOSTNAMES_OFF: ["DNS_HOSTNAMES_OFF"],
    X_DNS_CUSTOM: ["DNS_CUSTOM"],
    X_PERMISSION_MISSING: ["PERMISSION_MISSING"],
    X_NO_COMMON_ADDRESS_FAMILY: [],
    NGW_REQUIRES_SOURCE_IN_VPC: [],
};

/** The flows with all that explains their verdicts, and the findings of earlier stages that were needed for it. */
export interface Explained {
    flows: FlowResult[];
    borrowed: Finding[];
}

/**
 * @param here what the stage found.
 * @param earlier what the stages before it found in the same run.
 */
export function explainAll(
    judged: readonly EvaluatedFlow[],
    here: readonly Finding[],
    earlier: readonly Finding[],
): Explained {
    const parts = judged.map((flow) => ({ flow, ...attribute(flow, here, earlier) }));
    const own = new Map<string, { blocker: Explanation; names: string[] }>();
    for (const { flow, unexplained } of parts)
        for (const blocker of unexplained) {
            const known = own.get(explanationKey(blocker));
            if (known === undefined) own.set(explanationKey(blocker), { blocker, names: [flow.name] });
            else known.names.push(flow.name);
        }
    const findings = new Map(
        [...own].map(([key, { blocker, names }]) => [key, findingOf(blocker, [...new Set(names)])]),
    );
    const flows = parts.map(({ flow: { result }, found, unexplained }) => {
        const added = unexplained.flatMap((blocker) => findings.get(explanationKey(blocker)) ?? []);
        const explanations = distinct([...result.explanations, ...found, ...added]);
        return { ...result, explanations: withReason({ ...result, explanations }) };
    });
    return { flows, borrowed: distinct(parts.flatMap(({ borrowed }) => borrowed)) };
}

interface Attribution {
    /** Findings that explain something that stands in the flow's way. */
    found: Finding[];
    /** Those of them that are of earlier stages. */
    borrowed: Finding[];
    unexplained: Explanation[];
}

function attribute(
    { result, name, blockers }: EvaluatedFlow,
    here: readonly Finding[],
    earlier: readonly Finding[],
): Attribution {
    const attribution: Attribution = { found: [], borrowed: [], unexplained: [] };
    if (result.verdict === result.expected) return attribution;
    for (const blocker of blockers) {
        if (result.explanations.some((one) => explains(one, blocker) || isByGroups(one, blocker))) continue;
        const isOfFlow = ({ args }: Finding) => args.flow === undefined || args.flow === name;
        const of = (findings: readonly Finding[]) =>
            findings.filter((one) => isOfFlow(one) && explains(one, blocker));
        const [mine, others] = [of(here), of(earlier)];
        attribution.found.push(...mine, ...others);
        if (mine.length === 0) attribution.borrowed.push(...others);
        if (mine.length + others.length === 0) attribution.unexplained.push(blocker);
    }
    return attribution;
}

/** Who carries groups that are not the declared ones is in the way of its own flows by them, at both ends. */
function isByGroups({ id }: Finding, { code }: Explanation): boolean {
    const isWrong = id === "ENDPOINT_WRONG_GROUPS" || id === "INTERFACE_WRONG_GROUPS";
    return isWrong && LAYER_OF[code] === "groups";
}

function explains(one: Finding, blocker: Explanation): boolean {
    if (!isError(one) || !LAYERS[one.id]?.includes(LAYER_OF[blocker.code] ?? "way")) return false;
    // What leads to a wrong target is mended by leading elsewhere, whatever is the matter with the target.
    if (one.args.actualTarget === blocker.component) return true;
    const only = ONLY[blocker.code];
    if (only?.includes(one.id) === false) return false;
    if (blocker.code === "SG_REFERENCES_NOT_PRESERVED") return true;
    // Of a resource that is not there, others are named as those that lead to it.
    const words = blocker.code === "UNKNOWN_RESOURCE" ? [] : blocker.message.split(/[\s,:;()]+/);
    const involved = new Set([blocker.component, ...(blocker.related ?? []), ...words]);
    if (involved.has(one.component)) return true;
    if (one.args.service !== undefined && blocker.component.endsWith(one.args.service)) return true;
    // Of a VPC there is but one: that both name it says nothing.
    return Object.values(one.args)
        .flatMap((text) => text.split(/[\s,]+/))
        .some((text) => RESOURCE_ID.test(text) && !text.startsWith("vpc-") && involved.has(text));
}

const RESOURCE_ID = /^[a-z]+-[a-z0-9]+$/;

/** So many flows are named; what stops them is one thing. */
const MOST_NAMES = 3;

function findingOf(
    { code, component, direction, leg, rule, message }: Explanation,
    names: string[],
): Finding {
    if (code === "X_PERMISSION_MISSING")
        return finding("PERMISSION_MISSING", component, { consequence: "what it tells is UNKNOWN" });
    const more = names.length - MOST_NAMES;
    const flows = names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
    const id = EXPLANATIONS[code].severity === "unknown" ? "FLOW_UNKNOWN" : "FLOW_BLOCKED";
    const about = finding(id, component, {
        flows,
        sentence: message,
        ...(direction === undefined ? {} : { direction }),
        ...(leg === undefined ? {} : { leg }),
        ...(rule === undefined ? {} : { rule: String(rule) }),
        remedy: EXPLANATIONS[code].remedy,
    });
    return { ...about, code };
}

/** A verdict that is not the expected one is never left without an explanation. */
function withReason({ from, to, verdict, expected, path, explanations }: FlowResult): Finding[] {
    if (verdict === expected || explanations.some(isError)) return explanations;
    return [...explanations, finding("UNEXPLAINED", path.join(" > "), { from, to, verdict, expected })];
}
