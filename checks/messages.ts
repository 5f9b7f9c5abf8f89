import { ANY_STAGE_MESSAGES } from "./catalogue/any-stage";
import { DNS_MESSAGES } from "./catalogue/dns";
import { ENDPOINTS_MESSAGES } from "./catalogue/endpoints";
import type { Message } from "./catalogue/message";
import { ROUTES_MESSAGES } from "./catalogue/routes";
import { SECURITY_GROUPS_MESSAGES } from "./catalogue/security-groups";
import { SERVICES_MESSAGES } from "./catalogue/services";
import { VPC_MESSAGES } from "./catalogue/vpc";

/**
 * The catalogue of everything that a check can say: code, severity, what may be done about it, template, how it is seen,
 * remedy and documentation. Data only; `docs/checks.md` is held against it by a test.
 */

export { type Message, type Repairer, type Stage, STAGES } from "./catalogue/message";

const CATALOGUE = {
    ...VPC_MESSAGES,
    ...ROUTES_MESSAGES,
    ...DNS_MESSAGES,
    ...SECURITY_GROUPS_MESSAGES,
    ...ENDPOINTS_MESSAGES,
    ...SERVICES_MESSAGES,
    ...ANY_STAGE_MESSAGES,
} satisfies Record<string, Message>;

export type MessageId = keyof typeof CATALOGUE;

export const MESSAGES: Readonly<Record<MessageId, Message>> = CATALOGUE;

/** One thing that a check found: which message, about which component, with which arguments. */
export interface Finding {
    id: MessageId;
    /** The message's, or that of what the analysis explains. */
    code: string;
    /** Id of the resource, or name of the IAM action, that the message is about. */
    component: string;
    args: Record<string, string>;
}

export function finding(id: MessageId, component: string, args: Record<string, string> = {}): Finding {
    return { id, code: MESSAGES[id].code, component, args };
}

/** Equal for two findings about the same thing. */
export function findingKey({ id, component, args }: Finding): string {
    return JSON.stringify([id, component, Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

export function distinct(findings: readonly Finding[]): Finding[] {
    return [...new Map(findings.map((one) => [findingKey(one), one])).values()];
}

export function isError({ id }: Finding): boolean {
    return MESSAGES[id].severity === "error";
}

/** The page that has a section for each message, made from this catalogue. */
const DOCS = "docs/checks.md";

/** The message for people: what is broken and where, how it was seen, what to do. */
export function renderFinding(one: Finding): string {
    const message = MESSAGES[one.id];
    return [
        `${message.severity === "error" ? "Error" : "Warning"} ${headline(one)}`,
        `    what to do: ${fill(message.remedy, one)}`,
        `    more: ${DOCS}#${one.id.toLowerCase()}`,
    ].join("\n");
}

/** A finding that is no more: what it was and how it was seen; there is nothing left to do. */
export function renderMended(one: Finding): string {
    return `Was broken ${headline(one)}`;
}

function headline(one: Finding): string {
    const { template, seenBy } = MESSAGES[one.id];
    return `[${one.code}] ${fill(template, one)}.\n    seen by: ${seenBy}`;
}

function fill(text: string, { component, args }: Finding): string {
    return text.replace(/\{(\w+)\}/g, (_, name: string) =>
        name === "component" ? component : (args[name] ?? "?"),
    );
}
