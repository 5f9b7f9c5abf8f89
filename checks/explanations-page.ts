import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { SEMANTIC_RULES } from "./analyze";
import { CODES } from "./catalogue/codes";
import type { AnalysisMessage, CheckMessage, Message, Repairer, Severity } from "./catalogue/message";
import { TOPICS } from "./messages";
import { remedyTemplate, withoutForms } from "./render";

/** `docs/explanations.md`: everything that the checks and the analysis can say, made from the catalogue. */

export const EXPLANATIONS_PAGE = join(__dirname, "..", "docs", "explanations.md");

const SEVERITIES: Readonly<Record<Severity, string>> = {
    error: "error: stops a flow, or differs from the declaration; a check that finds it fails",
    unknown: "unknown: keeps a flow from being decided; a check that finds it fails as well",
    warning: "warning: is only reported",
};

const REPAIRED_BY: Readonly<Record<Repairer, string>> = {
    automatic: "the check, in mode `fix` (class A)",
    pulumi: "Pulumi, which creates the resource again (class A)",
    proposed: "the check, in mode `fix-proposed` with its name in `allowedRepairs` (class P)",
    program: "a change of the program or its configuration (class P, no edit)",
    person: "a person (class N)",
};

export function renderExplanationsPage(): string {
    return `${[
        "# Explanations",
        "",
        "<!-- made from checks/catalogue by `npx ts-node checks/explanations-page.ts` -->",
        "",
        "Everything that the checks of a deployment ([checks.md](checks.md)) and `npm run lab -- diagnose` ([analysis.md](analysis.md)) can say.",
        "A message has a name, which heads its section, and a code, which the output shows. The code is that of AWS VPC Reachability",
        "Analyzer, or of an EC2 error, where AWS has one. Our own codes begin with `X_`.",
        "",
        "Severity:",
        "",
        ...Object.values(SEVERITIES).map((text) => `- ${text}`),
        "",
        "Names in braces are values of the message. A row is that of the fault catalogue; each row has a test that breaks a network in that",
        "way ([fault-campaign.md](fault-campaign.md)).",
        "",
        ...Object.entries(TOPICS).flatMap(([topic, messages]) => [
            `## ${topic}`,
            "",
            ...Object.entries(messages).flatMap(([id, message]) => [...renderMessage(id, message), ""]),
        ]),
        "## Rules of the analysis",
        "",
        "`test/checks/analyze/mutation.test.ts` switches off each of them, and shows a network with another verdict without it.",
        "",
        ...Object.entries(SEMANTIC_RULES).map(([rule, meaning]) => `- \`${rule}\`: ${meaning}`),
    ].join("\n")}\n`;
}

function renderMessage(id: string, message: Message): string[] {
    const { code, severity, template, remedy } = message;
    const link = CODES[code];
    const documented = link === undefined ? "" : ` ([AWS documentation](${link}))`;
    const check = isCheckMessage(message) ? message : undefined;
    const row = check?.row === undefined ? "" : ` Row ${check.row}.`;
    const waits = check?.transient === true ? " The check waits for it." : "";
    return [
        `### ${id}`,
        "",
        `\`${code}\`${documented}, ${severity}, from ${sourceOf(message)}.${row}${waits}`,
        "",
        `- Says: ${escaped(template)}`,
        ...(check === undefined
            ? []
            : [`- Seen by: ${check.seenBy}`, `- Repaired by: ${REPAIRED_BY[check.repairer]}`]),
        `- Remedy: ${escaped(check === undefined ? capitalised(remedy) : remedyTemplate(id, check))}`,
    ];
}

function isCheckMessage(message: CheckMessage | AnalysisMessage): message is CheckMessage {
    return "seenBy" in message;
}

function sourceOf(message: Message): string {
    if (!isCheckMessage(message)) return "the analysis";
    return message.analysis === true ? "the checks and the analysis" : "the checks";
}

function capitalised(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Markdown takes angle brackets for HTML. */
function escaped(text: string): string {
    return withoutForms(text).replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

if (require.main === module) writeFileSync(EXPLANATIONS_PAGE, renderExplanationsPage());
