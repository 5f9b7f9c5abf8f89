import { explanationKey } from "../analyze/explanations";
import {
    argumentIds,
    type Code,
    distinct,
    type Explanation,
    type Finding,
    finding,
    type FindingId,
    isError,
    MESSAGES,
} from "../messages";
import type { Diagnosis } from "./diagnosis";
import type { FlowResult } from "./view";

/**
 * Compares what the analysis says about the flows with the findings. What no finding explains becomes a finding of its own, so a fault
 * that no row of the catalogue knows never passes.
 */

/** A flow as a stage judged it, and everything that stops it by the analysis. */
export interface EvaluatedFlow {
    result: FlowResult;
    /** How findings name it. */
    name: string;
    blockers: readonly Explanation[];
}

/** What only these messages can explain: that both name one resource shows too little there. */
const ONLY: Partial<Record<Code, readonly FindingId[]>> = {
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

/** The flows with everything that explains their verdicts, and the findings of earlier stages that were needed for it. */
export interface Explained {
    flows: FlowResult[];
    borrowed: Diagnosis[];
}

/**
 * @param here what the stage found.
 * @param earlier what the stages before it found in the same run.
 */
export function explainAll(
    evaluated: readonly EvaluatedFlow[],
    here: readonly Diagnosis[],
    earlier: readonly Diagnosis[],
): Explained {
    const parts = evaluated.map((flow) => ({ flow, ...attribute(flow, here, earlier) }));
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
    /** Findings that explain a blocker of the flow. */
    found: Diagnosis[];
    /** Those of them that belong to earlier stages. */
    borrowed: Diagnosis[];
    unexplained: Explanation[];
}

function attribute(
    { result, name, blockers }: EvaluatedFlow,
    here: readonly Diagnosis[],
    earlier: readonly Diagnosis[],
): Attribution {
    const attribution: Attribution = { found: [], borrowed: [], unexplained: [] };
    if (result.verdict === result.expected) return attribution;
    const isOfFlow = ({ args }: Finding) => !("flow" in args) || args.flow === name;
    for (const blocker of blockers) {
        if (result.explanations.some((one) => explains(one, blocker) || isByGroups(one, blocker))) continue;
        const of = (findings: readonly Diagnosis[]) =>
            findings.filter((one) => isOfFlow(one) && explains(one, blocker));
        const [mine, others] = [of(here), of(earlier)];
        attribution.found.push(...mine, ...others);
        if (mine.length === 0) attribution.borrowed.push(...others);
        if (mine.length + others.length === 0) attribution.unexplained.push(blocker);
    }
    return attribution;
}

/** An interface whose groups are not the declared ones stops its own flows by them, at both ends. */
function isByGroups({ id }: Finding, blocker: Explanation): boolean {
    const isWrong = id === "ENDPOINT_WRONG_GROUPS" || id === "INTERFACE_WRONG_GROUPS";
    return isWrong && layerOf(blocker) === "groups";
}

function layerOf({ id }: Explanation) {
    return MESSAGES[id].stops?.[0] ?? "path";
}

function explains(one: Finding, blocker: Explanation): boolean {
    if (!isError(one) || MESSAGES[one.id].stops?.includes(layerOf(blocker)) !== true) return false;
    const { args } = one;
    // A route to a wrong target is cured by another target, whatever is wrong with this one.
    if ("actualTarget" in args && args.actualTarget === blocker.component) return true;
    if (ONLY[blocker.code]?.includes(one.id) === false) return false;
    if (blocker.code === "SG_REFERENCES_NOT_PRESERVED") return true;
    if (blocker.id === "UNKNOWN_RESOURCE") {
        const { absence } = blocker.args;
        if (absence.part === "entries" && "service" in args && args.service === absence.service) return true;
    }
    // What leads to a missing resource has no part in that it is missing.
    const related = blocker.code === "UNKNOWN_RESOURCE" ? [] : blocker.related;
    const involved = new Set([blocker.component, ...related]);
    return involved.has(one.component) || argumentIds(one.id, args).some((id) => involved.has(id));
}

function findingOf(by: Explanation, flows: readonly string[]): Finding {
    if (by.id === "PERMISSION_MISSING")
        return finding("PERMISSION_MISSING", by.component, { consequence: { of: "observation" } });
    const id = MESSAGES[by.id].severity === "unknown" ? "FLOW_UNKNOWN" : "FLOW_BLOCKED";
    return { ...finding(id, by.component, { flows, by }), code: by.code };
}

/** A verdict that is not the expected one always has an explanation. */
function withReason({ from, to, verdict, expected, path, explanations }: FlowResult): Diagnosis[] {
    if (verdict === expected || explanations.some(isError)) return explanations;
    return [...explanations, finding("UNEXPLAINED", path.join(" > "), { from, to, verdict, expected })];
}
