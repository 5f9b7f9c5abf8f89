import type { Flow, FlowEnd } from "../flow";
import type { Verdict } from "../matrix";
import type { Explanation } from "../messages";
import { type End, nameOf, resolveEnd } from "./ends";
import { Classes, pairsOf } from "./classes";
import { explanationKey } from "./explanations";
import { Model } from "./model";
import { PairEvaluator, type Use } from "./pairs";
import type { Snapshot } from "../snapshot/types";
import type { AnalyzerOptions } from "./semantics";
import { Trace } from "./trace";
import type { FlowVerdict } from "./types";

/** Judges flows against one snapshot. Pure: no I/O, and the snapshot is not changed. */
export interface Analyzer {
    analyze(flow: Flow): FlowVerdict;
}

/** Indexes a snapshot once, for many flows. */
export function createAnalyzer(snapshot: Snapshot, options: AnalyzerOptions = {}): Analyzer {
    const evaluator = createEvaluator(snapshot, options);
    return { analyze: (flow) => analyzeFlow(evaluator, flow) };
}

/** What {@link Analyzer} is made of, for whoever asks for more than flows. */
export function createEvaluator(snapshot: Snapshot, options: AnalyzerOptions = {}): Evaluator {
    const model = new Model(snapshot, options.disabledRules ?? new Set());
    return { model, pairs: new PairEvaluator(model), classes: new Classes(model) };
}

/** Judges one flow; for many flows over one snapshot see {@link createAnalyzer}. */
export function analyze(snapshot: Snapshot, flow: Flow, options: AnalyzerOptions = {}): FlowVerdict {
    return createAnalyzer(snapshot, options).analyze(flow);
}

/** What the flows over one snapshot share. */
export interface Evaluator {
    readonly model: Model;
    readonly pairs: PairEvaluator;
    readonly classes: Classes;
}

/** What one pair was found to be, and how many pairs it stands for. */
export interface EvaluatedPair {
    readonly trace: Trace;
    readonly count: number;
}

export function analyzeFlow({ model, pairs, classes }: Evaluator, flow: Flow): FlowVerdict {
    const trace = new Trace();
    const { port } = flow;
    const ports =
        port === undefined
            ? { from: 0, to: 65_535 }
            : typeof port === "number"
              ? { from: port, to: port }
              : port;
    const use: Use = { protocol: flow.protocol, ports };
    const { source, destination } = endsOf(model, trace, flow);
    if (source === undefined || destination === undefined) return conclude(flow.id, [{ trace, count: 1 }]);
    if ("interfaces" in source) {
        const sources = classes.of(source.interfaces);
        if ("interfaces" in destination)
            return conclude(
                flow.id,
                pairsOf(sources, classes.of(destination.interfaces)).map((pair) => ({
                    trace: joined(pairs.inside(pair.source, pair.destination, use), trace),
                    count: pair.count,
                })),
            );
        return conclude(
            flow.id,
            sources.map(({ first, members }) => ({
                trace: joined(
                    "service" in destination
                        ? pairs.toService(first, destination.service, use)
                        : pairs.toAddress(first, destination.address, destination.text, use),
                    trace,
                ),
                count: members.length,
            })),
        );
    }
    if ("interfaces" in destination)
        return conclude(
            flow.id,
            classes.of(destination.interfaces).map(({ first, members }) => {
                const from = pairs.outsideOf(source, first);
                if (from !== undefined)
                    return {
                        trace: joined(pairs.fromOutside(from, first, use, destination.asked), trace),
                        count: members.length,
                    };
                const refused = new Trace();
                refused.add("VPCE_INTRA_VPC_TRAFFIC", nameOf(flow.source));
                return { trace: refused, count: members.length };
            }),
        );
    trace.add("NO_END_IN_SNAPSHOT", nameOf(flow.source), { args: { other: nameOf(flow.destination) } });
    return conclude(flow.id, [{ trace, count: 1 }]);
}

/** Both ends; a private address is looked for first where the other end is. */
function endsOf(model: Model, trace: Trace, flow: Flow): { source?: End; destination?: End } {
    const vpcOf = (end: End | undefined) =>
        end !== undefined && "interfaces" in end ? end.interfaces[0]?.vpcId : undefined;
    const resolve = (end: FlowEnd, isSource: boolean, near?: string) =>
        resolveEnd(model, trace, end, isSource, near);
    const isBySource = "ip" in flow.destination || !("ip" in flow.source);
    const first = isBySource ? resolve(flow.source, true) : resolve(flow.destination, false);
    const second = isBySource
        ? resolve(flow.destination, false, vpcOf(first))
        : resolve(flow.source, true, vpcOf(first));
    const [source, destination] = isBySource ? [first, second] : [second, first];
    const own = source && ownerOf(model, source);
    const isOutside = own === undefined || !("interfaces" in own);
    const other = destination && isOutside ? ownerOf(model, destination) : destination;
    return {
        ...(own === undefined ? {} : { source: own }),
        ...(other === undefined ? {} : { destination: other }),
    };
}

/** A public address that an interface of the snapshot has is that interface, by the private address that it belongs to. */
function ownerOf(model: Model, end: End): End {
    if (!("address" in end) || end.address.family === 6) return end;
    const owner = model.interfaceWithPublicAddress(end.text);
    return owner === undefined || owner.kind === "nat-gateway" ? end : { interfaces: [owner] };
}

/** The answer of one trace. */
export function concludeOne(id: string, trace: Trace): FlowVerdict {
    return conclude(id, [{ trace, count: 1 }]);
}

/** What stops the flow for certain decides, whatever else is not known. */
export function verdictOf(trace: Trace): Verdict {
    if (trace.of("error").length > 0) return "UNREACHABLE";
    return trace.isBlocked ? "UNKNOWN" : "REACHABLE";
}

/** What was found out about the ends belongs to each of their pairs. */
function joined(pair: Trace, ends: Trace): Trace {
    pair.append(ends);
    return pair;
}

/** All pairs must be reachable. One that is certainly not decides, before one that is not known. */
export function conclude(id: string, traces: readonly EvaluatedPair[]): FlowVerdict {
    const judged = traces.map((one) => ({ ...one, verdict: verdictOf(one.trace) }));
    const order: Verdict[] = ["UNREACHABLE", "UNKNOWN", "REACHABLE"];
    const verdict = order.find((one) => judged.some((pair) => pair.verdict === one)) ?? "REACHABLE";
    const same = judged.filter((pair) => pair.verdict === verdict);
    const failing = judged.filter((pair) => pair.verdict !== "REACHABLE");
    const blocking = distinct(failing.flatMap(({ trace }) => trace.of("error")));
    const unknown = distinct(failing.flatMap(({ trace }) => trace.of("unknown")));
    const possible = distinct(failing.flatMap(({ trace }) => trace.of("possible")));
    const pairs = countOf(judged);
    return {
        id,
        verdict,
        path: same[0]?.trace.hops ?? [],
        explanations: verdict === "UNREACHABLE" ? [...blocking, ...unknown] : [...unknown, ...possible],
        warnings: distinct(judged.flatMap(({ trace }) => trace.of("warning"))),
        ...(verdict === "UNREACHABLE" && pairs > 1
            ? { pairs: { unreachable: countOf(same), all: pairs } }
            : {}),
    };
}

function countOf(judged: readonly EvaluatedPair[]): number {
    return judged.reduce((sum, { count }) => sum + count, 0);
}

function distinct(explanations: readonly Explanation[]): Explanation[] {
    return [...new Map(explanations.map((one) => [explanationKey(one), one])).values()];
}
