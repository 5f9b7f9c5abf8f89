/** The matrix of the connectivity: which part of the network reaches what, and whether that is as intended. */

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

/** A table for a terminal: a row for each origin, a column for each destination, and what the words mean. */
export function renderMatrix(entries: readonly MatrixEntry[]): string {
    if (entries.length === 0) return "No connection was checked.";
    const columns = [...new Set(entries.map((entry) => entry.to))];
    const rows = [...new Set(entries.map((entry) => entry.from))];
    const texts = new Map(entries.map((entry) => [JSON.stringify([entry.from, entry.to]), cellText(entry)]));
    const table = [
        ["from \\ to", ...columns],
        ...rows.map((from) => [from, ...columns.map((to) => texts.get(JSON.stringify([from, to])) ?? "-")]),
    ];
    const widths = ["", ...columns].map((_, column) =>
        Math.max(...table.map((row) => row[column]?.length ?? 0)),
    );
    const line = (row: readonly string[]) =>
        row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join("  ")
            .trimEnd();
    const used = Object.entries(LEGEND).filter(([text]) => [...texts.values()].includes(text));
    return [
        line(table[0] ?? []),
        line(widths.map((width) => "-".repeat(width))),
        ...table.slice(1).map(line),
        "",
        ...used.map(([text, meaning]) => `${text}: ${meaning}`),
    ].join("\n");
}

/** A matrix as it is kept in Pulumi's state, where every check pays for its bytes: each text once, a cell as two letters. */
export interface PackedMatrix {
    to: string[];
    via: string[];
    /**
     * The origin, then for each destination expected and actual verdict (R, U, ?) and the index in `via`; "-" for none. A list
     * of pairs, because the engine sorts the keys of objects.
     */
    rows: [string, string][];
}

const LETTERS: Record<Verdict, string> = { REACHABLE: "R", UNREACHABLE: "U", UNKNOWN: "?" };

export function packMatrix(entries: readonly MatrixEntry[]): PackedMatrix {
    const to = [...new Set(entries.map((entry) => entry.to))];
    const via = [...new Set(entries.map((entry) => entry.via))];
    const cell = (entry: MatrixEntry | undefined) =>
        entry === undefined
            ? "-"
            : `${LETTERS[entry.expected]}${LETTERS[entry.verdict]}${via.indexOf(entry.via)}`;
    const rows = [...new Set(entries.map((entry) => entry.from))].map((from): [string, string] => [
        from,
        to.map((name) => cell(entries.find((entry) => entry.from === from && entry.to === name))).join(" "),
    ]);
    return { to, via, rows };
}

/** @throws when a cell is none that {@link packMatrix} writes. */
export function unpackMatrix(packed: PackedMatrix): MatrixEntry[] {
    return packed.rows.flatMap(([from, row]) =>
        row.split(" ").flatMap((cell, column) => {
            const to = packed.to[column];
            if (cell === "-" || to === undefined) return [];
            const via = packed.via[Number(cell.slice(2))] ?? "";
            return [{ from, to, expected: verdictOf(cell[0]), verdict: verdictOf(cell[1]), via }];
        }),
    );
}

function verdictOf(letter: string | undefined): Verdict {
    const found = (Object.keys(LETTERS) as Verdict[]).find((verdict) => LETTERS[verdict] === letter);
    if (found === undefined)
        throw new Error(`${JSON.stringify(letter)} is not a verdict of a packed matrix: R, U or ?`);
    return found;
}
