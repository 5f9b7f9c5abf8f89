import { type Explanation, EXPLANATIONS, type FlowVerdict } from "../../checks/analyze";
import type { Flow } from "../../checks/flow";

/** A verdict as text: the flow, the verdict, the path, and a sentence and a remedy for each cause. */
export function renderVerdict(
    flow: Flow | undefined,
    { verdict, path, explanations, warnings, reason, id }: FlowVerdict,
): string {
    const way = path.map(({ component, rule }) =>
        rule === undefined ? component : `${component} (${rule})`,
    );
    return [
        `${verdict}  ${id}${flow === undefined ? "" : `, ${describe(flow)}`}`,
        ...(way.length === 0 ? [] : [`  path: ${way.join(" > ")}`]),
        ...(reason === undefined || verdict === "UNKNOWN" ? [] : [`  ${reason}`]),
        ...explanations.map((one) =>
            renderExplanation(one, verdict === "UNREACHABLE" ? "blocked by" : "unknown"),
        ),
        ...warnings.map((one) => renderExplanation(one, "warning")),
    ].join("\n");
}

function describe({ protocol, port }: Flow): string {
    if (port === undefined) return protocol;
    return typeof port === "number" ? `${protocol} ${port}` : `${protocol} ${port.from}-${port.to}`;
}

function renderExplanation({ code, message, leg }: Explanation, what: string): string {
    const { remedy, link } = EXPLANATIONS[code];
    return [
        `  ${what} [${code}]${leg === undefined ? "" : " on the return path"}: ${message}.`,
        `    remedy: ${remedy}`,
        `    see: ${link}`,
    ].join("\n");
}
