import type { Flow, FlowEnd, FlowProtocol, NamedGroupFlow, PortRange } from "../flow";
import { parseIp } from "../../lib/addresses/ip";
import { InputError, kindOf, parseJson } from "./input-error";

/** Reads flows and intents from the files of the command line. Each mistake is one error that says where and what is allowed. */

/** @throws {InputError} when the text is not an array of flows. */
export function parseFlows(text: string): Flow[] {
    const value = parseJson(text);
    if (!Array.isArray(value)) throw new InputError(`flows are a JSON array, not ${kindOf(value)}`);
    const flows = value.map((item, index) => parseFlow(item, `flows[${index}]`));
    const seen = new Set<string>();
    for (const [index, { id }] of flows.entries()) {
        if (seen.has(id)) throw new InputError(`flows[${index}].id ${JSON.stringify(id)} is there twice`);
        seen.add(id);
    }
    return flows;
}

function parseFlow(value: unknown, where: string): Flow {
    if (!isObject(value)) throw new InputError(`${where} must be an object, not ${kindOf(value)}`);
    const { id, source, destination, protocol, port } = value;
    if (typeof id !== "string" && typeof id !== "number")
        throw new InputError(`${where}.id must be a text, not ${kindOf(id)}`);
    if (protocol !== "tcp" && protocol !== "udp" && protocol !== "icmp")
        throw new InputError(`${where}.protocol must be tcp, udp or icmp, not ${JSON.stringify(protocol)}`);
    return {
        id: String(id),
        source: parseEnd(source, `${where}.source`),
        destination: parseEnd(destination, `${where}.destination`),
        protocol,
        ...parsePort(port, protocol, `${where}.port`),
    };
}

/** @throws {InputError} when the text is not an array of intents. */
export function parseIntents(text: string): NamedGroupFlow[] {
    const value = parseJson(text);
    if (!Array.isArray(value)) throw new InputError(`intents are a JSON array, not ${kindOf(value)}`);
    return value.map((item, index) => parseIntent(item, `intents[${index}]`));
}

function parseIntent(value: unknown, where: string): NamedGroupFlow {
    if (!isObject(value)) throw new InputError(`${where} must be an object, not ${kindOf(value)}`);
    const { id, sourceGroupId, destination, protocol, ports } = value;
    if (typeof id !== "string") throw new InputError(`${where}.id must be a text, not ${kindOf(id)}`);
    const source = parseEnd({ securityGroup: sourceGroupId }, `${where}.sourceGroupId`);
    if (protocol !== "tcp" && protocol !== "udp")
        throw new InputError(`${where}.protocol must be tcp or udp, not ${JSON.stringify(protocol)}`);
    const target = isObject(destination) ? destination : {};
    const isGroup = "securityGroupId" in target;
    const end = isGroup ? { securityGroup: target.securityGroupId } : { service: target.service };
    const { port } = parsePort(ports, protocol, `${where}.ports`);
    const parsed = parseEnd(end, `${where}.destination`);
    return {
        id,
        sourceGroupId: "securityGroup" in source ? source.securityGroup : "",
        destination:
            "securityGroup" in parsed
                ? { securityGroupId: parsed.securityGroup }
                : { service: "service" in parsed ? parsed.service : "" },
        protocol,
        ports: typeof port === "object" ? port : { from: port ?? 0, to: port ?? 65_535 },
    };
}

function parsePort(value: unknown, protocol: FlowProtocol, where: string): { port?: number | PortRange } {
    if (protocol === "icmp") return {};
    if (isPort(value)) return { port: value };
    if (isObject(value) && isPort(value.from) && isPort(value.to) && value.from <= value.to)
        return { port: { from: value.from, to: value.to } };
    throw new InputError(
        `${where} must be a whole number from 0 to 65535, or {"from": ..., "to": ...}, not ${JSON.stringify(value)}`,
    );
}

function isPort(value: unknown): value is number {
    return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 65_535;
}

const PREFIXES: Readonly<Record<string, string>> = {
    eni: "eni-",
    instance: "i-",
    subnet: "subnet-",
    securityGroup: "sg-",
};
const ENDS = [...Object.keys(PREFIXES), "ip", "service"];

function parseEnd(value: unknown, where: string): FlowEnd {
    const expected = `one of ${ENDS.map((end) => `{"${end}": ...}`).join(", ")}`;
    if (!isObject(value)) throw new InputError(`${where} must be ${expected}, not ${kindOf(value)}`);
    const [key = "", ...more] = Object.keys(value);
    const name = value[key];
    if (more.length > 0 || !ENDS.includes(key))
        throw new InputError(`${where} must be ${expected}, not ${JSON.stringify(value)}`);
    if (typeof name !== "string" || name === "")
        throw new InputError(`${where}.${key} must be a text, not ${kindOf(name)}`);
    checkName(key, name, `${where}.${key}`);
    return { [key]: name } as FlowEnd;
}

function checkName(key: string, name: string, where: string): void {
    const prefix = PREFIXES[key];
    if (prefix !== undefined && !name.startsWith(prefix))
        throw new InputError(
            `${where} must be an id that begins with ${prefix}, not ${JSON.stringify(name)}`,
        );
    if (key === "service" && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
        throw new InputError(
            `${where} must be "internet" or a service's name such as "ssm", not ${JSON.stringify(name)}`,
        );
    if (key !== "ip") return;
    try {
        parseIp(name);
    } catch (error) {
        throw new InputError(`${where}: ${(error as Error).message}`);
    }
}

/** What people write on the command line for an end: an id, an address, "internet" or a service's name. */
export function parseEndText(text: string, option: string): FlowEnd {
    const [key] = Object.entries(PREFIXES).find(([, prefix]) => text.startsWith(prefix)) ?? [];
    if (key !== undefined) return parseEnd({ [key]: text }, option);
    const isAddress = /^[0-9.]+$/.test(text) || text.includes(":");
    return parseEnd(isAddress ? { ip: text } : { service: text }, option);
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
