import { contains, cut, type IpRange } from "../../lib/addresses/ip";
import type { Table } from "./model";
import type { RouteEntry, RouteOrigin } from "./routes";
import type { SemanticRule } from "./semantics";

/** The route that wins, or the routes that AWS does not rank. */
export type Match =
    { readonly entry: RouteEntry } | { readonly ambiguous: readonly RouteEntry[] } | undefined;

type Follows = (rule: SemanticRule) => boolean;

/**
 * The route that carries packets to an address: the longest prefix; on equal prefixes static before prefix list before
 * propagated. Local goes before a propagated route even when that is more specific.
 *
 * @param except routes that are to be passed over, to see what would carry the packets without them.
 */
export function matchRoute(
    { entries }: Table,
    address: IpRange,
    follows: Follows,
    except?: ReadonlySet<RouteEntry>,
): Match {
    let matching = entries.filter((entry) => contains(entry.block, address) && except?.has(entry) !== true);
    if (!follows("blackhole-drops")) matching = matching.filter((entry) => !entry.blackhole);
    if (!follows("gateway-endpoint-is-a-route"))
        matching = matching.filter((entry) => entry.target.kind !== "vpc-endpoint");
    if (follows("local-before-propagated") && matching.some((entry) => entry.origin === "local"))
        matching = matching.filter((entry) => entry.origin !== "propagated");
    let best: RouteEntry | undefined;
    for (const entry of matching) if (best === undefined || prefers(entry, best, follows)) best = entry;
    if (best === undefined) return undefined;
    const winner = best;
    const equals = matching.filter(
        (entry) => !prefers(winner, entry, follows) && entry.target.id !== winner.target.id,
    );
    return equals.length > 0 && follows("ambiguous-prefix-lists-are-unknown")
        ? { ambiguous: [winner, ...equals] }
        : { entry: winner };
}

function prefers(a: RouteEntry, b: RouteEntry, follows: Follows): boolean {
    const byLength = a.block.length - b.block.length;
    if (byLength !== 0) return follows("longest-prefix-wins") ? byLength > 0 : byLength < 0;
    return rank(a.origin, follows) < rank(b.origin, follows);
}

function rank(origin: RouteOrigin, follows: Follows): number {
    switch (origin) {
        case "local":
        case "static":
            return 0;
        case "prefix-list":
            return follows("static-before-prefix-list") ? 1 : -1;
        case "propagated":
            return follows("prefix-list-before-propagated") ? 2 : 0.5;
    }
}

/** Addresses that take the same route. */
export interface Part {
    readonly match: Match;
    readonly ranges: readonly IpRange[];
}

/** Cuts the ranges where any route begins or ends, and puts together what takes the same route. */
export function routeParts(table: Table, ranges: readonly IpRange[], follows: Follows): Part[] {
    const blocks = table.entries.map((entry) => entry.block);
    const parts = new Map<string, { match: Match; ranges: IpRange[] }>();
    for (const range of ranges)
        for (const piece of cut(range, blocks)) {
            const match = matchRoute(table, { ...piece, last: piece.first }, follows);
            const key = keyOf(match);
            const part = parts.get(key);
            if (part === undefined) parts.set(key, { match, ranges: [piece] });
            else part.ranges.push(piece);
        }
    return [...parts.values()];
}

function keyOf(match: Match): string {
    if (match === undefined) return "none";
    const entries = "entry" in match ? [match.entry] : match.ambiguous;
    return entries
        .map(({ destination, target, origin }) => `${destination} ${target.id} ${origin}`)
        .join(" | ");
}
