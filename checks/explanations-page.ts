import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { EXPLANATION_CODES, type ExplanationCode, EXPLANATIONS, SEMANTIC_RULES } from "./analyze";
import type { Severity } from "./analyze/explanations";

/** `docs/explanations.md`: everything that the analysis says of a flow, made from the catalogue. */

export const EXPLANATIONS_PAGE = join(__dirname, "..", "docs", "explanations.md");

const SEVERITIES: Record<Severity, string> = {
    blocking: "Stops the flow until it is changed.",
    unknown: "Keeps the flow from being decided.",
    warning: "Does not stop the flow.",
};

export function renderExplanationsPage(): string {
    const sections = (Object.keys(SEVERITIES) as Severity[]).map((severity) => {
        const codes = EXPLANATION_CODES.filter((code) => EXPLANATIONS[code].severity === severity);
        return [`## ${severity}`, "", SEVERITIES[severity], "", ...codes.map(renderCode)].join("\n");
    });
    return `${[
        "# Explanations",
        "",
        "<!-- made from checks/analyze/explanations.ts by `npx ts-node checks/explanations-page.ts` -->",
        "",
        "What `npm run lab -- diagnose` says of a flow. Codes are those of AWS VPC Reachability Analyzer where AWS has one; ours begin with",
        "`X_`. How a flow is judged is in [analysis.md](analysis.md).",
        "",
        sections.join("\n").trimEnd(),
        "",
        "## Rules of the analysis",
        "",
        "Each is switched off by `test/checks/analyze/mutation.test.ts`, which shows a network that is judged otherwise without it.",
        "",
        ...Object.entries(SEMANTIC_RULES).map(([rule, meaning]) => `- \`${rule}\`: ${meaning}`),
    ].join("\n")}\n`;
}

function renderCode(code: ExplanationCode): string {
    const { template, remedy, link } = EXPLANATIONS[code];
    return [
        `### ${code}`,
        "",
        `- Says: ${template}`,
        `- Remedy: ${remedy}`,
        `- More: [AWS documentation](${link})`,
        "",
    ].join("\n");
}

if (require.main === module) writeFileSync(EXPLANATIONS_PAGE, renderExplanationsPage());
