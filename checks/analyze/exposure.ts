import type { FlowProtocol, NamedGroupFlow, PortRange } from "../flow";
import type { Verdict } from "../matrix";
import type { Explanation } from "../messages";
import { contains } from "../../lib/addresses/ip";
import type { Snapshot } from "../snapshot/types";
import { conclude, verdictOf } from "./analyze";
import { Classes, type InterfaceClass, pairsOf } from "./classes";
import { explanation } from "./explanations";
import { type Interface, opensConnections } from "./interfaces";
import { InternetSurvey } from "./internet-survey";
import { Model } from "./model";
import { PairEvaluator, type Use } from "./pairs";
import { portPieces, rulesFor } from "./rule-pieces";
import type { CompiledRule } from "./security-groups";
import type { AnalyzerOptions } from "./semantics";
import type { FlowVerdict } from "./types";

/** Something that is reachable and that no intent asks for. */
export interface Exposure {
    /** The groups of the interfaces that can connect, or "internet", or a block of its addresses, or a part of these. */
    readonly source: string;
    /** The groups of the interfaces that they reach, or the internet as above. */
    readonly destination: string;
    readonly protocol: FlowProtocol;
    readonly ports: PortRange;
    /** How many pairs of interfaces; from and to the internet, how many interfaces. */
    readonly pairs: number;
    /** One of them. */
    readonly example: { readonly source: string; readonly destination: string };
}

export interface ExposureReport {
    /** What is reachable and not intended, the internet's first. */
    readonly unintended: readonly Exposure[];
    /** Rules that admit every address of a family, whether anything public carries them now or not. */
    readonly worldOpen: readonly Explanation[];
    /** The verdict of each intent. One whose groups nobody carries yet is UNKNOWN. */
    readonly intents: readonly FlowVerdict[];
    /**
     * How many interfaces there are, how many of them differ, how many pairs were really judged, and how many of these could not
     * be decided: whether they are exposed is not known.
     */
    readonly counts: {
        readonly interfaces: number;
        readonly classes: number;
        readonly judged: number;
        readonly undecided: number;
    };
}

/**
 * Who can reach whom, held against who is meant to. TCP and UDP; ports are cut where any rule of the destination's groups
 * begins or ends, on the way to the internet where any of the source's does, and interfaces that no rule tells apart are judged
 * once.
 */
export function exposure(
    snapshot: Snapshot,
    intents: readonly NamedGroupFlow[],
    options: AnalyzerOptions = {},
): ExposureReport {
    return new Survey(snapshot, intents, options).report();
}

class Survey {
    private readonly model: Model;
    private readonly pairs: PairEvaluator;
    private readonly classes: readonly InterfaceClass[];
    private readonly sources: readonly InterfaceClass[];
    private readonly grouping: Classes;
    private readonly found = new Map<string, Exposure>();
    private readonly internet: InternetSurvey;
    private judged = 0;
    private undecided = 0;

    constructor(
        snapshot: Snapshot,
        private readonly intents: readonly NamedGroupFlow[],
        options: AnalyzerOptions,
    ) {
        this.model = new Model(snapshot, options.disabledRules ?? new Set());
        this.pairs = new PairEvaluator(this.model);
        this.grouping = new Classes(this.model);
        this.internet = new InternetSurvey(this.model, this.pairs, intents);
        const interfaces = [...this.model.interfaces.values()].filter(({ kind }) => kind !== "nat-gateway");
        this.classes = this.grouping.of(interfaces);
        this.sources = this.classes.filter(({ first }) => opensConnections(first));
    }

    report(): ExposureReport {
        for (const destination of this.classes) this.surveyDestination(destination);
        for (const source of this.sources) this.surveyEgress(source);
        const isWorld = ({ source }: Exposure) => (source.startsWith("sg-") ? 1 : 0);
        return {
            unintended: [...this.found.values()].sort((a, b) => isWorld(a) - isWorld(b)),
            worldOpen: this.worldOpen(),
            intents: this.intents.map((intent) => this.verdictOfIntent(intent)),
            counts: {
                interfaces: this.model.interfaces.size,
                classes: this.classes.length,
                judged: this.judged + this.internet.judged,
                undecided: this.undecided + this.internet.undecided,
            },
        };
    }

    /** Every rule that lets something in may let in what nobody meant. */
    private surveyDestination(destination: InterfaceClass): void {
        const rules = destination.first.groups.flatMap((id) => this.model.groups.get(id)?.ingress ?? []);
        for (const protocol of ["tcp", "udp"] as const) {
            const own = rulesFor(rules, protocol);
            for (const { from, to } of portPieces(own)) {
                const here = own.filter((rule) => rule.from <= from && to <= rule.to);
                const use: Use = { protocol, ports: { from, to } };
                for (const source of this.sources)
                    if (this.mayEnter(here, source.first)) this.surveyPair(source, destination, use);
            }
        }
        const { first, members } = destination;
        for (const { label, ...use } of this.internet.inbound(first))
            this.add(label, first.groups.join(", "), use, members.length, label, first.id);
    }

    /** Every rule that lets something out to the internet may let out what nobody meant. */
    private surveyEgress({ first, members }: InterfaceClass): void {
        for (const { label, ...use } of this.internet.outbound(first))
            this.add(first.groups.join(", "), label, use, members.length, first.id, label);
    }

    private mayEnter(rules: readonly CompiledRule[], source: Interface): boolean {
        return rules.some(
            ({ reference, blocks, unreadPrefixList }) =>
                unreadPrefixList !== undefined ||
                (reference !== undefined && source.groups.includes(reference)) ||
                blocks.some((block) => source.addresses.some((address) => contains(block, address))),
        );
    }

    private surveyPair(from: InterfaceClass, to: InterfaceClass, use: Use): void {
        if (this.isIntended(from.first.groups, to.first.groups, use)) return;
        for (const { source, destination, count } of pairsOf([from], [to])) {
            if (source.id === destination.id) continue;
            this.judged += 1;
            const verdict = verdictOf(this.pairs.inside(source, destination, use));
            if (verdict === "UNKNOWN") this.undecided += 1;
            if (verdict !== "REACHABLE") continue;
            this.add(
                source.groups.join(", "),
                destination.groups.join(", "),
                use,
                count,
                source.id,
                destination.id,
            );
        }
    }

    private isIntended(from: readonly string[], to: readonly string[], { protocol, ports }: Use): boolean {
        return this.intents.some(
            (intent) =>
                intent.protocol === protocol &&
                intent.ports.from <= ports.from &&
                ports.to <= intent.ports.to &&
                from.includes(intent.sourceGroupId) &&
                "securityGroupId" in intent.destination &&
                to.includes(intent.destination.securityGroupId),
        );
    }

    private worldOpen(): Explanation[] {
        return [...this.model.groups.values()].flatMap(({ id, ingress }) =>
            ingress
                .filter(({ blocks }) => blocks.some(({ length }) => length === 0))
                .map(({ id: rule, protocol, from, to }) =>
                    explanation("X_WORLD_OPEN", id, {
                        direction: "ingress",
                        rule,
                        args: { traffic: { protocol, from, to } },
                    }),
                ),
        );
    }

    private add(
        source: string,
        destination: string,
        use: Use,
        pairs: number,
        from: string,
        to: string,
    ): void {
        const { protocol, ports } = use;
        const key = `${source} ${destination} ${protocol} ${ports.from}-${ports.to}`;
        const known = this.found.get(key);
        const example = known?.example ?? { source: from, destination: to };
        this.found.set(key, {
            source,
            destination,
            protocol,
            ports,
            pairs: (known?.pairs ?? 0) + pairs,
            example,
        });
    }

    private verdictOfIntent({
        id,
        sourceGroupId,
        destination,
        protocol,
        ports,
    }: NamedGroupFlow): FlowVerdict {
        const use: Use = { protocol, ports };
        const sources = this.membersOf(sourceGroupId).filter(({ first }) => opensConnections(first));
        if ("service" in destination) {
            this.judged += sources.length;
            const traces = sources.map(({ first, members }) => ({
                trace: this.pairs.toService(first, destination.service, use),
                count: members.length,
            }));
            return traces.length === 0 ? nobody(id, sourceGroupId) : conclude(id, traces);
        }
        const destinations = this.membersOf(destination.securityGroupId);
        const pairs = pairsOf(sources, destinations);
        this.judged += pairs.length;
        if (pairs.length === 0)
            return nobody(id, sources.length === 0 ? sourceGroupId : destination.securityGroupId);
        const traces = pairs.map((pair) => ({
            trace: this.pairs.inside(pair.source, pair.destination, use),
            count: pair.count,
        }));
        return conclude(id, traces);
    }

    private membersOf(groupId: string): readonly InterfaceClass[] {
        return this.grouping.of(this.model.membersOf.get(groupId) ?? []);
    }
}

function nobody(id: string, groupId: string): FlowVerdict {
    const verdict: Verdict = "UNKNOWN";
    return { id, verdict, path: [], explanations: [explanation("X_NO_MEMBERS", groupId)], warnings: [] };
}
