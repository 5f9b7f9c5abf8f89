import type { FlowVerdict } from "./analyze/types";
import { CODES } from "./catalogue/codes";
import type { ArgumentKind, CheckMessage } from "./catalogue/message";
import { rangeText } from "./flow";
import {
    type Absence,
    type ArgumentTypes,
    type Consequence,
    type Explanation,
    type Finding,
    isError,
    type MessageId,
    MESSAGES,
    type Payload,
} from "./messages";
import { peerText, permissionText, portsText } from "./rule";

/** The only place where findings and explanations become text. */

/** The present, and the past for what has been fixed. */
type Tense = "present" | "past";

type Format<T> = (value: T, tense: Tense) => string;

/** The text of a value; `forms` are the others, as in `{rule:permission}`. */
interface Texts<T> {
    readonly text: Format<T>;
    readonly forms?: Readonly<Record<string, Format<T>>>;
}

const asIs: Texts<string> = { text: (value) => value };
const list: Texts<readonly string[]> = {
    text: (values) => (values.length === 0 ? "(none)" : values.join(", ")),
    forms: { words: (values) => (values.length === 0 ? "..." : values.join(" ")) },
};

/** So many names are shown. */
const MOST_NAMES = 3;

const TEXTS: { readonly [Kind in ArgumentKind]: Texts<ArgumentTypes[Kind]> } = {
    absence: { text: absenceText },
    aclRule: { text: String },
    aclTraffic: {
        text: ({ egress, protocol, ports, cidr }) => {
            const what = portsText({ protocol, ...(ports === undefined ? {} : { ports }) });
            return egress ? `outbound ${what} to ${cidr}` : `inbound ${what} from ${cidr}`;
        },
    },
    consequence: { text: consequenceText },
    explanation: {
        text: (one, tense) => explanationText(one, tense),
        forms: { remedy: explanationRemedy },
    },
    failure: {
        text: ({ code, message }) => {
            const parts = [code, message].filter((part) => part !== undefined && part !== "");
            return parts.length === 0 ? "" : ` (${parts.join(": ")})`;
        },
    },
    gateways: {
        text: (which) =>
            ({
                direct: "internet gateways",
                nat: "internet and NAT gateways",
                "egress-only": "egress-only internet gateways",
            })[which],
    },
    id: asIs,
    ids: list,
    names: {
        text: (names) => {
            const more = names.length - MOST_NAMES;
            return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
        },
    },
    number: { text: String },
    payload: { text: payloadText },
    policyProblem: {
        text: (problem, tense) => {
            const present = {
                unreadable: "cannot be read",
                denies: "denies everyone",
                empty: "allows nothing",
            };
            const past = {
                unreadable: "could not be read",
                denies: "denied everyone",
                empty: "allowed nothing",
            };
            return (tense === "present" ? present : past)[problem];
        },
    },
    ports: { text: rangeText },
    rule: {
        text: (rule) =>
            `${portsText(rule)} ${rule.direction === "ingress" ? "from" : "to"} ${peerText(rule.peer)}`,
        forms: {
            adjective: ({ direction }) => DIRECTIONS[direction],
            direction: ({ direction }) => direction,
            permission: permissionText,
        },
    },
    target: { text: (id) => (id === "nothing" ? "a deleted resource" : id) },
    text: asIs,
    traffic: {
        text: ({ protocol, from, to }) => {
            if (protocol === -1) return "all traffic";
            const name = PROTOCOLS[protocol] ?? `protocol ${protocol}`;
            return name.startsWith("ICMP") ? `${name} type ${from}` : `${name} ${rangeText({ from, to })}`;
        },
    },
    vpcId: asIs,
};

const DIRECTIONS = { ingress: "inbound", egress: "outbound" } as const;
const PROTOCOLS: Readonly<Record<number, string>> = { 1: "ICMP", 6: "TCP", 17: "UDP", 58: "ICMPv6" };

function absenceText({ part, need }: Absence): string {
    const lacking = part === "entries" ? " as a prefix list with entries" : ` with its ${part}`;
    return `${part === undefined ? "" : lacking}${need === undefined ? "" : needText(need)}`;
}

function needText(need: NonNullable<Absence["need"]>): string {
    switch (need.of) {
        case "route":
            if (need.table === undefined) return ", but a route leads to it";
            return need.route === undefined
                ? `, but ${need.table} has a route to it`
                : `, but route ${need.route} of ${need.table} leads to it`;
        case "rule":
            return `, but ${DIRECTIONS[need.direction]} traffic of ${need.eni} depends on it`;
        case "member":
            return `, but ${need.id} is in it`;
        case "destination":
            return `, but ${need.destination} has to be behind it`;
    }
}

function consequenceText(consequence: Consequence): string {
    switch (consequence.of) {
        case "kind":
            return `${consequence.kind} could not be read, and everything that depends on them is UNKNOWN`;
        case "observation":
            return "what it would show is UNKNOWN";
        case "check":
            return "the check could not continue";
        case "repair":
            return `the repair "${consequence.edit}" could not be made`;
    }
}

function payloadText(payload: Payload): string {
    switch (payload.of) {
        case "IPv4":
            return "IPv4";
        case "IPv6":
            return "IPv6, except to 64:ff9b::/96";
        case "loop":
            return "packets that it has already forwarded: they would loop";
        case "replies":
            return payload.to === undefined
                ? `replies to packets that came in through ${payload.gateway ?? "an internet gateway"}`
                : `replies to ${payload.to}`;
        case "nat":
            return payload.natGatewayId === undefined
                ? "traffic of another NAT gateway"
                : `traffic of NAT gateway ${payload.natGatewayId} to the internet`;
    }
}

/** The sentence of a finding, without its full stop. */
export function findingText({ id, component, args }: Finding, tense: Tense = "present"): string {
    return fill(id, MESSAGES[id].template, { component, args }, tense);
}

/** The sentence of an explanation, without its full stop. */
export function explanationText(one: Explanation, tense: Tense = "present"): string {
    return fill(one.id, MESSAGES[one.id].template, one, tense);
}

export function explanationRemedy(one: Explanation): string {
    return fill(one.id, capitalised(MESSAGES[one.id].remedy), one, "present");
}

interface Values {
    readonly component: string;
    readonly args: object;
    readonly direction?: keyof typeof DIRECTIONS;
    readonly leg?: "return";
    readonly rule?: string | number;
}

/** The text in the present, with plain names in braces: "{rule:permission}" becomes "{rule}". */
export function withoutForms(text: string): string {
    return text.replace(/\{([^{}|:]+)(\|[^{}]*|:\w+)?\}/g, (_, name: string, rest?: string) =>
        rest?.startsWith("|") === true ? name : `{${name}}`,
    );
}

/** @throws when the text names a value that the message does not have. */
function fill(id: MessageId, text: string, values: Values, tense: Tense): string {
    return text.replace(/\{([^{}]+)\}/g, (_, inner: string) => {
        const [present = "", past] = inner.split("|");
        if (past !== undefined) return tense === "present" ? present : past;
        const [name = "", form] = inner.split(":");
        return valueText(id, name, form, values, tense);
    });
}

function valueText(
    id: MessageId,
    name: string,
    form: string | undefined,
    { component, args, direction, leg, rule }: Values,
    tense: Tense,
): string {
    const kinds: Readonly<Record<string, ArgumentKind>> = MESSAGES[id].args ?? {};
    const kind = kinds[name];
    if (kind !== undefined) {
        const { text, forms = {} } = TEXTS[kind] as Texts<unknown>;
        const format = form === undefined ? text : forms[form];
        const value = (args as Readonly<Record<string, unknown>>)[name];
        if (format !== undefined && value !== undefined) return format(value, tense);
    } else if (name === "component") return component;
    else if (name === "leg") return leg === undefined ? "" : "reply traffic ";
    else if (name === "direction" && direction !== undefined) return DIRECTIONS[direction];
    else if (name === "rule" && rule !== undefined) return String(rule);
    throw new Error(`message ${id} has no value for {${name}${form === undefined ? "" : `:${form}`}}`);
}

function capitalised(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The page that has a section for each message, made from the catalogue. */
const DOCS = "docs/explanations.md";

/** A finding for people: what is wrong and where, how it was seen, and what to do. */
export function renderFinding(one: Finding): string {
    return [
        `${isError(one) ? "Error" : "Warning"} ${headline(one, "present")}`,
        `    what to do: ${remedyText(one)}`,
        `    more: ${DOCS}#${one.id.toLowerCase()}`,
    ].join("\n");
}

/** A finding that is repaired: what was wrong, and how it was seen. There is nothing left to do. */
export function renderFixed(one: Finding): string {
    return `Fixed ${headline(one, "past")}`;
}

function headline(one: Finding, tense: Tense): string {
    return `[${one.code}] ${findingText(one, tense)}.\n    seen by: ${MESSAGES[one.id].seenBy}`;
}

/** What to do about a finding: first how the check does it, where it can. */
export function remedyText({ id, component, args }: Finding): string {
    return fill(id, remedyTemplate(id, MESSAGES[id]), { component, args }, "present");
}

/** The remedy of a finding, with the names of its values in braces. */
export function remedyTemplate(id: string, { repairer, remedy }: CheckMessage): string {
    switch (repairer) {
        case "automatic":
            return `Run \`pulumi up\` with checks.mode fix, or ${remedy}`;
        case "proposed":
            return `${withFullStop(remedy)} To let the check do it, set checks.mode to fix-proposed and name ${id} in checks.allowedRepairs.`;
        default:
            return remedy;
    }
}

function withFullStop(text: string): string {
    return text.endsWith(".") ? text : `${text}.`;
}

/** The page of the AWS documentation that says more about an explanation. */
export function explanationLink({ code }: Explanation): string | undefined {
    return CODES[code];
}

/** Why a flow is UNKNOWN, or how many pairs of its ends cannot connect; nothing when there is nothing to add to the explanations. */
export function reasonText({ verdict, explanations, pairs, path }: FlowVerdict): string | undefined {
    if (verdict === "UNKNOWN")
        return explanations
            .filter(({ id }) => MESSAGES[id].severity === "unknown")
            .map((one) => explanationText(one))
            .join("; ");
    if (pairs === undefined) return undefined;
    const example = path.map(({ component }) => component).join(" > ");
    return `${pairs.unreachable} of ${pairs.all} pairs cannot connect, for example ${example}`;
}

/** The verdict with its texts, for output as JSON. */
export function withTexts(verdict: FlowVerdict) {
    const reason = reasonText(verdict);
    return {
        ...verdict,
        explanations: verdict.explanations.map(withMessage),
        warnings: verdict.warnings.map(withMessage),
        ...(reason === undefined ? {} : { reason }),
    };
}

/** The explanation with its sentence, for output as JSON. */
export function withMessage(one: Explanation): Explanation & { readonly message: string } {
    return { ...one, message: explanationText(one) };
}
