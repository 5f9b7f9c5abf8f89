import type { FlowVerdict } from "../../checks/analyze";
import type { Flow } from "../../checks/flow";
import type { Explanation } from "../../checks/messages";
import { explanationLink, explanationRemedy, explanationText, reasonText } from "../../checks/render";

/** A verdict as text: the flow, the verdict, the path, and a sentence and a remedy for each cause. */
export function renderVerdict(flow: Flow | undefined, answer: FlowVerdict): string {
    const { verdict, path, explanations, warnings, id } = answer;
    const reason = reasonText(answer);
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

function renderExplanation(one: Explanation, what: string): string {
    const link = explanationLink(one);
    return [
        `  ${what} [${one.code}]${one.leg === undefined ? "" : " on the return path"}: ${explanationText(one)}.`,
        `    remedy: ${explanationRemedy(one)}`,
        ...(link === undefined ? [] : [`    see: ${link}`]),
    ].join("\n");
}
