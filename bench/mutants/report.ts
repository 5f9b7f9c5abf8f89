import { describeMutant, type Result } from "./run";

/** Every mutant that no test noticed, a line each. */
export function renderSurvivors(results: readonly Result[]): string {
    return results
        .flatMap(({ verdicts }) => verdicts)
        .filter(({ outcome }) => outcome === "survived" || outcome === "uncovered")
        .map(({ mutant, outcome }) => `${outcome.padEnd(9)} ${describeMutant(mutant)}`)
        .join("\n");
}

/** The figures as a table for the documentation. */
export function renderTable(results: readonly Result[]): string {
    const rows = results.map(({ selection, verdicts }) => {
        const count = (...outcomes: string[]) =>
            verdicts.filter(({ outcome }) => outcomes.includes(outcome)).length;
        const noticed = count("killed", "timeout");
        const share = verdicts.length === 0 ? "" : `${Math.round((100 * noticed) / verdicts.length)} %`;
        return [
            selection.name,
            selection.total,
            verdicts.length,
            noticed,
            count("survived"),
            count("uncovered"),
            share,
        ];
    });
    const head = ["folder", "mutants", "tried", "noticed", "survived", "not run by any test", "noticed"];
    return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
