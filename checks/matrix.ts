/** The matrix of the connectivity: which part of the network reaches what, and whether that is as intended. */

import type { FlowIntent } from "./flow";

/** UNKNOWN is no pass: something could not be read or is not modelled. */
export type Verdict = "REACHABLE" | "UNREACHABLE" | "UNKNOWN";

export interface MatrixEntry {
    /** Where the connection begins: "private us-east-1a". */
    from: string;
    /** Where it goes: "internet", "s3", "ssm". */
    to: string;
    expected: Verdict;
    verdict: Verdict;
    /** The gateway or endpoint that carries it; empty when nothing does. */
    via: string;
    /** Between security groups, judged by their rules; absent for what begins in a subnet. */
    between?: "groups";
}

export function isHealthy(entries: readonly MatrixEntry[]): boolean {
    return entries.every((entry) => entry.verdict === entry.expected);
}

/** A cell tells intended from unintended by its words and marks, so that it can be read without colour. */
function cellText({ expected, verdict }: MatrixEntry): string {
    if (verdict === "UNKNOWN") return "?? UNKNOWN";
    if (verdict === expected) return verdict === "REACHABLE" ? "reachable" : "closed";
    return verdict === "REACHABLE" ? "!! OPEN" : "!! UNREACHABLE";
}

const LEGEND: Record<string, string> = {
    reachable: "reachable, as intended",
    closed: "unreachable, as intended",
    "!! UNREACHABLE": "unreachable, but meant to be reachable",
    "!! OPEN": "reachable, but not meant to be",
    "?? UNKNOWN": "not known: something could not be read",
};

/**
 * Tables for a terminal, one for what begins in subnets and one for what is between security groups: a row for each origin, a
 * column for each destination, and what the words mean.
 */
export function renderMatrix(entries: readonly MatrixEntry[]): string {
    if (entries.length === 0) return "No connection was checked.";
    const groups = entries.filter(({ between }) => between === "groups");
    const subnets = entries.filter(({ between }) => between === undefined);
    const texts = new Set(entries.map(cellText));
    const used = Object.entries(LEGEND).filter(([text]) => texts.has(text));
    return [
        ...(subnets.length === 0 ? [] : [...table("from \\ to", subnets), ""]),
        ...(groups.length === 0 ? [] : [...table("group \\ to", groups), ""]),
        ...used.map(([text, meaning]) => `${text}: ${meaning}`),
    ].join("\n");
}

function table(corner: string, entries: readonly MatrixEntry[]): string[] {
    const columns = [...new Set(entries.map((entry) => entry.to))];
    const rows = [...new Set(entries.map((entry) => entry.from))];
    const texts = new Map(entries.map((entry) => [JSON.stringify([entry.from, entry.to]), cellText(entry)]));
    const lines = [
        [corner, ...columns],
        ...rows.map((from) => [from, ...columns.map((to) => texts.get(JSON.stringify([from, to])) ?? "-")]),
    ];
    const widths = ["", ...columns].map((_, column) =>
        Math.max(...lines.map((row) => row[column]?.length ?? 0)),
    );
    const line = (row: readonly string[]) =>
        row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join("  ")
            .trimEnd();
    return [
        line(lines[0] ?? []),
        line(widths.map((width) => "-".repeat(width))),
        ...lines.slice(1).map(line),
    ];
}

/** A matrix as it is kept in Pulumi's state, where every check pays for its bytes: each text once, a cell as two letters. */
export interface PackedMatrix {
    to: string[];
    via: string[];
    /**
     * The origin, then for each destination expected and actual verdict (R, U, ?) and the index in `via` where that is not the
     * destination's own; "-" for none, and one cell with "*" when all are alike. A list of pairs, because the engine sorts the
     * keys of objects.
     */
    rows: [string, string][];
    /** A letter for each flow between groups, in the order of the intent's; absent when the stage judged none. */
    flows?: string;
}

const LETTERS: Record<Verdict, string> = { REACHABLE: "R", UNREACHABLE: "U", UNKNOWN: "?" };

export function packMatrix(all: readonly MatrixEntry[]): PackedMatrix {
    const entries = all.filter(({ between }) => between === undefined);
    const groups = all.filter(({ between }) => between === "groups");
    const to = [...new Set(entries.map((entry) => entry.to))];
    const via = [...new Set(entries.map((entry) => entry.via))];
    const cell = (entry: MatrixEntry | undefined, column: number) => {
        if (entry === undefined) return "-";
        const index = via[column] === entry.via ? "" : via.indexOf(entry.via);
        return `${LETTERS[entry.expected]}${LETTERS[entry.verdict]}${index}`;
    };
    const rows = [...new Set(entries.map((entry) => entry.from))].map((from): [string, string] => {
        const cells = to.map((name, column) =>
            cell(
                entries.find((entry) => entry.from === from && entry.to === name),
                column,
            ),
        );
        const [first = "-"] = cells;
        return [from, cells.every((text) => text === first) ? `${first}*` : cells.join(" ")];
    });
    const flows = groups.map(({ verdict }) => LETTERS[verdict]).join("");
    return { to, via, rows, ...(flows === "" ? {} : { flows }) };
}

/**
 * @param flows The flows between groups that the stage judged; those between the same two become one entry, the worst of them.
 * @throws when a cell is none that {@link packMatrix} writes.
 */
export function unpackMatrix(packed: PackedMatrix, flows: readonly FlowIntent[] = []): MatrixEntry[] {
    return [...unpackRows(packed), ...unpackFlows(packed.flows ?? "", flows)];
}

function unpackFlows(letters: string, flows: readonly FlowIntent[]): MatrixEntry[] {
    const order: Verdict[] = ["REACHABLE", "UNKNOWN", "UNREACHABLE"];
    const entries = new Map<string, MatrixEntry>();
    flows.slice(0, letters.length).forEach(({ from, to }, index) => {
        const key = JSON.stringify([from, to]);
        const verdict = verdictOf(letters[index]);
        const worst = Math.max(
            order.indexOf(verdict),
            order.indexOf(entries.get(key)?.verdict ?? "REACHABLE"),
        );
        entries.set(key, {
            from,
            to,
            expected: "REACHABLE",
            verdict: order[worst] ?? verdict,
            via: "",
            between: "groups",
        });
    });
    return [...entries.values()];
}

function unpackRows(packed: PackedMatrix): MatrixEntry[] {
    return packed.rows.flatMap(([from, row]) => {
        const cells = row.endsWith("*") ? packed.to.map(() => row.slice(0, -1)) : row.split(" ");
        return cells.flatMap((cell, column) => {
            const to = packed.to[column];
            if (cell === "-" || to === undefined) return [];
            const index = cell.slice(2);
            const via = packed.via[index === "" ? column : Number(index)] ?? "";
            return [{ from, to, expected: verdictOf(cell[0]), verdict: verdictOf(cell[1]), via }];
        });
    });
}

function verdictOf(letter: string | undefined): Verdict {
    const found = (Object.keys(LETTERS) as Verdict[]).find((verdict) => LETTERS[verdict] === letter);
    if (found === undefined)
        throw new Error(`${JSON.stringify(letter)} is not a verdict of a packed matrix: R, U or ?`);
    return found;
}
