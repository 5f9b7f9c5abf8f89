import type { Flow } from "../flow";
import type { Verdict } from "../matrix";
import { nameOf, resolveEnd } from "./ends";
import { explanationKey } from "./explanations";
import type { Interface } from "./interfaces";
import { Model } from "./model";
import { PairJudge, type Use } from "./pairs";
import type { Snapshot } from "../snapshot/types";
import type { AnalyzerOptions } from "./semantics";
import { Trace } from "./trace";
import type { Explanation, FlowVerdict } from "./types";

/** Judges flows against one snapshot. Pure: no I/O, and the snapshot is not changed. */
export interface Analyzer {
    analyze(flow: Flow): FlowVerdict;
}

/** Indexes a snapshot once, for many flows. */
export function createAnalyzer(snapshot: Snapshot, options: AnalyzerOptions = {}): Analyzer {
    const model = new Model(snapshot, options.disabledRules ?? new Set());
    const judge = new PairJudge(model);
    return { analyze: (flow) => analyzeFlow(model, judge, flow) };
}

/** Judges one flow; for many flows over one snapshot see {@link createAnalyzer}. */
export function analyze(snapshot: Snapshot, flow: Flow, options: AnalyzerOptions = {}): FlowVerdict {
    return createAnalyzer(snapshot, options).analyze(flow);
}

function analyzeFlow(model: Model, judge: PairJudge, flow: Flow): FlowVerdict {
    const trace = new Trace();
    const { port } = flow;
    const ports =
        port === undefined
            ? { from: 0, to: 65_535 }
            : typeof port === "number"
              ? { from: port, to: port }
              : port;
    const use: Use = { protocol: flow.protocol, ports };
    const source = resolveEnd(model, trace, flow.source, true);
    const near = source !== undefined && "interfaces" in source ? source.interfaces[0]?.vpcId : undefined;
    const destination = resolveEnd(model, trace, flow.destination, false, near);
    if (source === undefined || destination === undefined) return conclude(flow, [trace]);
    if ("interfaces" in source) {
        if ("interfaces" in destination)
            return conclude(
                flow,
                pairsOf(source.interfaces, destination.interfaces).map(([from, to]) => {
                    const one = judge.inside(from, to, use);
                    one.append(trace);
                    return one;
                }),
            );
        return conclude(
            flow,
            source.interfaces.map((from) => {
                const one =
                    "service" in destination
                        ? judge.toService(from, destination.service, use)
                        : judge.toAddress(from, destination.address, destination.text, use);
                one.append(trace);
                return one;
            }),
        );
    }
    if ("interfaces" in destination)
        return conclude(
            flow,
            destination.interfaces.map((to) => {
                const from = judge.outsideOf(source, to);
                if (from === undefined) {
                    const refused = new Trace();
                    refused.add("VPCE_INTRA_VPC_TRAFFIC", nameOf(flow.source));
                    return refused;
                }
                const one = judge.fromOutside(from, to, use);
                one.append(trace);
                return one;
            }),
        );
    const detail = `: of a flow, at least one end must be in it, and neither ${nameOf(flow.source)} nor ${nameOf(flow.destination)} is`;
    trace.add("UNKNOWN_RESOURCE", nameOf(flow.source), { args: { detail } });
    return conclude(flow, [trace]);
}

/** A group as both ends means each member to each other member; a member needs no network to reach itself. */
function pairsOf(
    sources: readonly Interface[],
    destinations: readonly Interface[],
): [Interface, Interface][] {
    const pairs = sources.flatMap((from) =>
        destinations.filter((to) => to.id !== from.id).map((to): [Interface, Interface] => [from, to]),
    );
    const [from] = sources;
    const [to] = destinations;
    return pairs.length > 0 || from === undefined || to === undefined ? pairs : [[from, to]];
}

function verdictOf(trace: Trace): Verdict {
    if (trace.of("unknown").length > 0) return "UNKNOWN";
    return trace.isBlocked ? "UNREACHABLE" : "REACHABLE";
}

/** All pairs must be reachable. One that is certainly not decides, before one that is not known. */
function conclude({ id }: Flow, traces: readonly Trace[]): FlowVerdict {
    const judged = traces.map((trace) => ({ trace, verdict: verdictOf(trace) }));
    const order: Verdict[] = ["UNREACHABLE", "UNKNOWN", "REACHABLE"];
    const verdict = order.find((one) => judged.some((pair) => pair.verdict === one)) ?? "REACHABLE";
    const same = judged.filter((pair) => pair.verdict === verdict);
    const failing = judged.filter((pair) => pair.verdict !== "REACHABLE");
    const blocking = distinct(failing.flatMap(({ trace }) => trace.of("blocking")));
    const unknown = distinct(failing.flatMap(({ trace }) => trace.of("unknown")));
    const path = same[0]?.trace.hops ?? [];
    const reason = reasonFor(verdict, unknown, judged.length, same);
    return {
        id,
        verdict,
        path,
        explanations: verdict === "UNREACHABLE" ? blocking : [...unknown, ...blocking],
        warnings: distinct(judged.flatMap(({ trace }) => trace.of("warning"))),
        ...(reason === undefined ? {} : { reason }),
    };
}

function reasonFor(
    verdict: Verdict,
    unknown: readonly Explanation[],
    pairs: number,
    same: readonly { trace: Trace }[],
): string | undefined {
    if (verdict === "UNKNOWN") return unknown.map(({ message }) => message).join("; ");
    if (verdict !== "UNREACHABLE" || pairs === 1) return undefined;
    const ends = same[0]?.trace.hops ?? [];
    const way = ends.map(({ component }) => component).join(" > ");
    return `${same.length} of ${pairs} pairs cannot connect, among them ${way}`;
}

function distinct(explanations: readonly Explanation[]): Explanation[] {
    return [...new Map(explanations.map((one) => [explanationKey(one), one])).values()];
}
