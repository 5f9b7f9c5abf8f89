import type { Problem } from "../validation";

/** How many bookies a ledger is spread over, how many get each entry, and how many must have it before it counts. */
export interface Quorum {
    /** Bookies over which the entries of a ledger are striped (E). */
    readonly ensemble: number;
    /** Copies of each entry (Qw). */
    readonly write: number;
    /** Copies that must be on disk before the producer hears of it (Qa). */
    readonly ack: number;
}

/**
 * For three bookies. Two copies, both on disk before a message counts: one bookie, or one zone, can be lost without a message.
 * Three copies (3/3/2) on three bookies would tolerate no more: without a third bookie no new ledger can be made, so the
 * loss of one would stop every topic that rolls over. With two copies a ledger falls back to the two bookies that are
 * left (opportunistic striping, which the image turns on). A constant, not derived from the number of bookies: a bookie
 * more must not change the brokers.
 */
export const DEFAULT_QUORUM: Quorum = { ensemble: 3, write: 2, ack: 2 };

/** What does not go together in a quorum on so many bookies: Qa <= Qw <= E <= bookies. */
export function quorumProblems({ ensemble, write, ack }: Quorum, bookies: number): Problem[] {
    const problems: Problem[] = [];
    if (ack > write)
        problems.push({
            key: "quorum.ack",
            value: ack,
            allowed: `at most quorum.write, which is ${write}: no more copies can be awaited than are made`,
        });
    if (write > ensemble)
        problems.push({
            key: "quorum.write",
            value: write,
            allowed: `at most quorum.ensemble, which is ${ensemble}: the copies of an entry go to different bookies of the ensemble`,
        });
    if (ensemble > bookies)
        problems.push({
            key: "quorum.ensemble",
            value: ensemble,
            allowed: `at most bookkeeper.count, which is ${bookies}: lower the quorum (1/1/1 for one bookie) or add bookies`,
        });
    return problems;
}

/** What a quorum gives up though it works; undefined when it gives nothing up. */
export function quorumWarning({ write, ack }: Quorum, bookies: number): string | undefined {
    if (ack < 2)
        return (
            `quorum.ack is ${ack}: a message counts when one bookie has it, and is lost with that bookie's volume. ` +
            `Set write and ack to 2 for anything that must not be lost.`
        );
    if (write === bookies)
        return (
            `quorum.write equals the number of bookies, ${bookies}: when one fails, no topic can begin a new ledger until it is back. ` +
            `Set write below bookkeeper.count for anything that must stay up.`
        );
    return undefined;
}
