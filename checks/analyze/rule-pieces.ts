import type { PortRange } from "../flow";
import type { CompiledRule } from "./security-groups";

export function rulesFor(rules: readonly CompiledRule[], protocol: "tcp" | "udp"): CompiledRule[] {
    const number = protocol === "tcp" ? 6 : 17;
    return rules.filter((rule) => rule.protocol === -1 || rule.protocol === number);
}

/** Cuts the ports where any range begins or ends; within a piece all are alike. `within` leaves out what lies outside. */
export function portPieces(ranges: readonly PortRange[], within?: PortRange): PortRange[] {
    const starts = new Set<number>();
    for (const { from, to } of ranges)
        for (const start of [from, to + 1])
            if (within === undefined || (within.from <= start && start <= within.to + 1)) starts.add(start);
    const sorted = [...starts].sort((a, b) => a - b);
    return sorted.flatMap((from, index) => {
        const next = sorted[index + 1];
        return next === undefined ? [] : [{ from, to: next - 1 }];
    });
}
