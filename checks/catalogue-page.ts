import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Message, MESSAGES, type Repairer, STAGES } from "./messages";

/** The generated part of `docs/checks.md`: a section for each message of the catalogue. */

export const PAGE = join(__dirname, "..", "docs", "checks.md");

const BEGIN = "<!-- catalogue: made from checks/messages.ts by `npx ts-node checks/catalogue-page.ts` -->";
const END = "<!-- end of the catalogue -->";

const REPAIRED_BY: Record<Repairer, string> = {
    automatic: "by the check in mode fix (class A)",
    pulumi: "by Pulumi, which makes the resource anew (class A)",
    proposed: "not by itself; the remedy is proposed (class P)",
    person: "by a person only (class N)",
};

export function renderCatalogue(): string {
    const groups: [string, Message["stage"]][] = [
        ...STAGES.map((stage): [string, Message["stage"]] => [`Stage ${stage}`, stage]),
        ["Any stage", "any"],
    ];
    return groups
        .flatMap(([title, stage]) => [
            `### ${title}`,
            ...Object.entries(MESSAGES)
                .filter(([, message]) => message.stage === stage)
                .map(([id, message]) => renderMessage(id, message)),
        ])
        .join("\n\n");
}

function renderMessage(id: string, message: Message): string {
    const row = message.row === undefined ? "" : `, row ${message.row}`;
    const transient = message.transient ? " The check waits for it." : "";
    return [
        `#### ${id}`,
        "",
        `\`${message.code}\`${row}, ${message.severity}. Repaired ${REPAIRED_BY[message.repairer]}.${transient}`,
        "",
        `- Says: ${code(message.template)}`,
        `- Seen by: ${message.seenBy}`,
        `- Remedy: ${code(message.remedy)}`,
    ].join("\n");
}

// Arguments stand in braces; angle brackets would be taken for HTML.
function code(text: string): string {
    return text.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The page with its generated part made anew. @throws when the page has lost the marks around it. */
export function withCatalogue(page: string): string {
    const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
    if (begin < 0 || end < begin)
        throw new Error(`${PAGE} has no place for the catalogue: it stands between ${BEGIN} and ${END}`);
    return `${page.slice(0, begin)}${BEGIN}\n\n${renderCatalogue()}\n\n${page.slice(end)}`;
}

if (require.main === module) writeFileSync(PAGE, withCatalogue(readFileSync(PAGE, "utf8")));
