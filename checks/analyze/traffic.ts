import type { Family } from "../../lib/addresses/ip";
import type { Interface } from "./interfaces";

/** What the packets of one direction of a flow look like, as far as groups and ACLs look at them. */
export interface Traffic {
    /** IANA's number: 6 is TCP, 17 is UDP, 1 is ICMP, 58 is ICMPv6. */
    readonly protocol: number;
    /** The destination ports; for ICMP the type, twice. */
    readonly from: number;
    readonly to: number;
}

/** Linux's default of net.ipv4.ip_local_port_range. */
export const CLIENT_PORTS = { from: 32_768, to: 60_999 };
/** What a NAT gateway uses, and what is assumed of a client in the internet, which is often behind a NAT of its own. */
export const NAT_PORTS = { from: 1024, to: 65_535 };

const ICMP = 1;
const ICMPV6 = 58;
/** Echo request and its reply, the types that "is it reachable by ICMP" means; the code is 0. */
const ECHO = { [ICMP]: { request: 8, reply: 0 }, [ICMPV6]: { request: 128, reply: 129 } };

/** From which ports an interface opens connections: a NAT gateway, a load balancer and a Lambda function use a range of their own. */
export function clientPortsOf({ kind }: Pick<Interface, "kind">): { from: number; to: number } {
    return kind === "load-balancer" || kind === "function" || kind === "nat-gateway"
        ? NAT_PORTS
        : CLIENT_PORTS;
}

export function requestOf(
    protocol: "tcp" | "udp" | "icmp",
    ports: { from: number; to: number },
    family: Family,
): Traffic {
    if (protocol !== "icmp") return { protocol: protocol === "tcp" ? 6 : 17, ...ports };
    const number = family === 4 ? ICMP : ICMPV6;
    const type = ECHO[number].request;
    return { protocol: number, from: type, to: type };
}

/** The packets that come back, to any of the client's ephemeral ports. */
export function answerTo({ protocol }: Traffic, clientPorts: { from: number; to: number }): Traffic {
    if (protocol !== ICMP && protocol !== ICMPV6) return { protocol, ...clientPorts };
    const type = ECHO[protocol].reply;
    return { protocol, from: type, to: type };
}

export function isIcmp(protocol: number): boolean {
    return protocol === ICMP || protocol === ICMPV6;
}

/** "-1" is every protocol. The API writes the names of four of them and the numbers of all others. */
const NUMBERS: Readonly<Record<string, number>> = { all: -1, tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };

export function protocolNumber(text: string | undefined): number {
    if (text === undefined) return -1;
    return NUMBERS[text.toLowerCase()] ?? Number(text);
}
