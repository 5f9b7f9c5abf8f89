import type { Flow, FlowEnd, FlowProtocol, NamedGroupFlow, PortRange } from "../flow";
import { parseIp } from "../../lib/addresses/ip";
import type { Snapshot, SnapshotKind } from "../snapshot/types";

/** Reads the files of the command line: a snapshot, and flows. Each mistake is one error that says where and what is allowed. */

/** What stands in a file is not what is expected there. */
export class InputError extends Error {}

const KINDS: Record<Exclude<SnapshotKind, "VpcAttributes">, true> = {
    Vpcs: true,
    Subnets: true,
    RouteTables: true,
    NetworkAcls: true,
    SecurityGroups: true,
    SecurityGroupRules: true,
    NetworkInterfaces: true,
    InternetGateways: true,
    NatGateways: true,
    VpcEndpoints: true,
    ManagedPrefixLists: true,
    VpcPeeringConnections: true,
    DhcpOptions: true,
    Instances: true,
};

/** @throws {InputError} when the text is not a snapshot. What no part of the analysis looks at is not looked at here either. */
export function parseSnapshot(text: string): Snapshot {
    const value = parseJson(text);
    if (!isObject(value)) throw new InputError(`a snapshot is a JSON object, not ${kindOf(value)}`);
    if (typeof value.region !== "string" || value.region === "")
        throw new InputError(`region must be a text such as "us-east-1", not ${kindOf(value.region)}`);
    for (const kind of [...Object.keys(KINDS), "MissingPermissions"]) {
        const items = value[kind];
        if (items === undefined) continue;
        if (!Array.isArray(items)) throw new InputError(`${kind} must be an array, not ${kindOf(items)}`);
        const wrong = items.findIndex((item) => !isObject(item));
        if (wrong >= 0)
            throw new InputError(`${kind}[${wrong}] must be an object, not ${kindOf(items[wrong])}`);
    }
    checkAttributes(value.VpcAttributes);
    for (const [index, list] of ((value.ManagedPrefixLists ?? []) as Record<string, unknown>[]).entries())
        if (list.Entries !== undefined && !Array.isArray(list.Entries))
            throw new InputError(`ManagedPrefixLists[${index}].Entries must be an array`);
    return value as unknown as Snapshot;
}

function checkAttributes(value: unknown): void {
    if (value === undefined) return;
    if (!isObject(value)) throw new InputError(`VpcAttributes must be an object, not ${kindOf(value)}`);
    for (const [vpcId, attributes] of Object.entries(value))
        for (const name of ["enableDnsSupport", "enableDnsHostnames"])
            if (!isObject(attributes) || typeof attributes[name] !== "boolean")
                throw new InputError(`VpcAttributes.${vpcId}.${name} must be true or false`);
}

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

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text) as unknown;
    } catch (error) {
        throw new InputError(`is not JSON: ${(error as Error).message}`);
    }
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
    if (value === undefined) return "nothing";
    if (value === null) return "null";
    if (Array.isArray(value)) return "an array";
    return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
