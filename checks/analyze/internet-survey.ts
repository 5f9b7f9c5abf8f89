import type { Direction, GroupFlow, PortRange } from "../flow";
import {
    type Block,
    contains,
    cut,
    formatRange,
    type IpRange,
    overlaps,
    subtract,
} from "../../lib/addresses/ip";
import { verdictOf } from "./analyze";
import { addressOf, type Interface, publicAddressOf } from "./interfaces";
import type { Model } from "./model";
import type { PairEvaluator, Use } from "./pairs";
import { internetRanges } from "./public-addresses";
import { portPieces, rulesFor } from "./rule-pieces";
import type { CompiledRule } from "./security-groups";
import type { Trace } from "./trace";

/** A part of the internet that reaches an interface, or that it reaches. */
export interface InternetReach {
    /** "internet", "internet over IPv6", a block of it, or "part of" one of these. */
    readonly label: string;
    readonly protocol: "tcp" | "udp";
    readonly ports: PortRange;
}

interface Piece {
    readonly ranges: readonly IpRange[];
    readonly ports: PortRange;
}

/**
 * What of the internet reaches an interface, and what of it an interface reaches: by TCP and UDP, on all ports that a rule of
 * its groups opens. Where a network ACL or a route stops a part, the rest is looked for.
 */
export class InternetSurvey {
    judged = 0;
    undecided = 0;
    /** Where network ACLs and routes may treat ports and addresses differently. */
    private readonly aclPorts: readonly PortRange[];
    private readonly blocks: readonly Block[];

    constructor(
        private readonly model: Model,
        private readonly pairs: PairEvaluator,
        private readonly intents: readonly GroupFlow[],
    ) {
        const entries = [...model.aclEntries()];
        this.aclPorts = entries.map(({ from, to }) => ({ from, to }));
        this.blocks = [...entries.map(({ block }) => block), ...model.blocksInRoutes()];
    }

    inbound(one: Interface): InternetReach[] {
        return this.survey(one, "ingress", (ranges, use, label) =>
            this.pairs.fromOutside({ label, ranges, skipGatewayEndpoints: true }, one, use),
        );
    }

    outbound(one: Interface): InternetReach[] {
        return this.survey(one, "egress", (ranges, use, label) =>
            this.pairs.toOutside(one, { label, ranges, skipGatewayEndpoints: true }, use),
        );
    }

    private survey(
        one: Interface,
        direction: Direction,
        judge: (ranges: readonly IpRange[], use: Use, label: string) => Trace | undefined,
    ): InternetReach[] {
        const rules = one.groups.flatMap((id) => this.model.groups.get(id)?.[direction] ?? []);
        return (["tcp", "udp"] as const).flatMap((protocol) => {
            const own = rulesFor(rules, protocol);
            const intended = direction === "egress" ? this.intendedOf(one, protocol) : [];
            const cuts = [...own, ...intended.map(({ ports }) => ports)];
            const found = portPieces(cuts).flatMap((ports): InternetReach[] => {
                const here = own.filter((rule) => rule.from <= ports.from && ports.to <= rule.to);
                return this.blocksOutside(here, one, direction).flatMap((block) => {
                    const ranges = this.publicPart(block, one.vpcId);
                    if (intended.some((intent) => this.means(intent, ranges, ports))) return [];
                    const whole = this.labelOf(block, ranges, one.vpcId);
                    const pieces = this.reachable(ranges, ports, (some, range) =>
                        judge(some, { protocol, ports: range }, formatAll(some)),
                    );
                    return pieces.map((piece) => ({
                        label: covers(piece.ranges, ranges) ? whole : `part of ${whole}`,
                        protocol,
                        ports: piece.ports,
                    }));
                });
            });
            return coalesced(found);
        });
    }

    /** The parts that pass. What could not be decided is counted, and is none. */
    private reachable(
        ranges: readonly IpRange[],
        ports: PortRange,
        judge: (ranges: readonly IpRange[], ports: PortRange) => Trace | undefined,
    ): Piece[] {
        const trace = judge(ranges, ports);
        if (trace === undefined) return [];
        this.judged += 1;
        if (passesForSome(trace)) return [{ ranges, ports }];
        if (verdictOf(trace) === "UNKNOWN") {
            this.undecided += 1;
            return [];
        }
        const isByAcl = trace.of("error").some(({ code }) => code === "SUBNET_ACL_RESTRICTION");
        const portParts = isByAcl ? portPieces([ports, ...this.aclPorts], ports) : [];
        if (portParts.length > 1) return portParts.flatMap((part) => this.reachable(ranges, part, judge));
        const parts = ranges.flatMap((range) => cut(range, this.blocks));
        if (parts.length <= ranges.length && ranges.length === 1) return [];
        const passing = parts.filter((part) => {
            const own = judge([part], ports);
            if (own === undefined) return false;
            this.judged += 1;
            return passesForSome(own);
        });
        return passing.length === 0 ? [] : [{ ranges: passing, ports }];
    }

    /** Those of the rules' blocks that hold addresses of the internet, the widest of each. */
    private blocksOutside(rules: readonly CompiledRule[], one: Interface, direction: Direction): Block[] {
        const blocks = rules
            .flatMap((rule) => rule.blocks)
            .filter(({ family }) =>
                // Nobody in the internet asks for a private address.
                family === 4 && direction === "ingress"
                    ? publicAddressOf(one) !== undefined
                    : addressOf(one, family) !== undefined,
            );
        const widest = blocks.filter(
            (block, index) =>
                !blocks.some(
                    (other, at) =>
                        contains(other, block) && (!contains(block, other) || at < index) && other !== block,
                ),
        );
        return widest.filter((block) =>
            internetRanges(this.model, one.vpcId, block.family).some((range) => overlaps(range, block)),
        );
    }

    private publicPart(block: Block, vpcId: string): IpRange[] {
        return internetRanges(this.model, vpcId, block.family).flatMap((range) =>
            cut(range, [block]).filter((piece) => contains(block, piece)),
        );
    }

    private labelOf(block: Block, ranges: readonly IpRange[], vpcId: string): string {
        if (!covers(ranges, internetRanges(this.model, vpcId, block.family))) return formatRange(block);
        return block.family === 4 ? "internet" : "internet over IPv6";
    }

    private intendedOf(one: Interface, protocol: "tcp" | "udp"): GroupFlow[] {
        return this.intents.filter(
            (intent) =>
                intent.protocol === protocol &&
                "service" in intent.destination &&
                one.groups.includes(intent.sourceGroupId),
        );
    }

    /** Whether the intent is about all of these addresses: the internet's, or those of a service. */
    private means(intent: GroupFlow, ranges: readonly IpRange[], { from, to }: PortRange): boolean {
        if (!("service" in intent.destination) || intent.ports.from > from || to > intent.ports.to)
            return false;
        const { service } = intent.destination;
        if (service === "internet") return true;
        const blocks =
            this.model.prefixListNamed(`com.amazonaws.${this.model.snapshot.region}.${service}`) ?? [];
        return covers(blocks, ranges);
    }
}

/** Answers that reach only some of the ephemeral ports are a fault for those who mean it, and still a way in or out. */
function passesForSome(trace: Trace): boolean {
    return (
        trace.of("unknown").length === 0 &&
        trace.of("error").every(({ code }) => code === "X_NACL_EPHEMERAL_PARTIAL")
    );
}

function covers(outer: readonly IpRange[], inner: readonly IpRange[]): boolean {
    return inner.every(
        (range) =>
            subtract(
                range,
                outer.filter(({ family }) => family === range.family),
            ).length === 0,
    );
}

function formatAll(ranges: readonly IpRange[]): string {
    return ranges.map(formatRange).join(", ");
}

/** Ports that follow one another, to and from the same addresses, are one find. */
function coalesced(found: readonly InternetReach[]): InternetReach[] {
    const sorted = [...found].sort(
        (a, b) => a.label.localeCompare(b.label) || a.ports.from - b.ports.from || a.ports.to - b.ports.to,
    );
    const result: InternetReach[] = [];
    for (const one of sorted) {
        const last = result.at(-1);
        if (last?.label === one.label && one.ports.from <= last.ports.to + 1)
            result[result.length - 1] = {
                ...last,
                ports: { from: last.ports.from, to: Math.max(last.ports.to, one.ports.to) },
            };
        else result.push(one);
    }
    return result;
}
