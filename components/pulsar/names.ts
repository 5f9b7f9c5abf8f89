import { PULSAR_PORTS, type PulsarRole } from "./ports";

/** So many instances a role may have; certificates name each of them, so that one more needs no new certificate. */
export const MOST_INSTANCES = 32;

/** The name of a role's instance within its cluster: "bookkeeper-1". Counted from 1, so that a new one changes no other. */
export function nodeName(role: PulsarRole, ordinal: number): string {
    return `${role}-${ordinal}`;
}

/** Where an instance is reached; the name outlives the instance and its address. */
export function nodeHostname(role: PulsarRole, ordinal: number, zoneName: string): string {
    return `${nodeName(role, ordinal)}.${zoneName}`;
}

/** Where all instances of a role are reached: a name with every address. */
export function roleHostname(role: PulsarRole, zoneName: string): string {
    return `${role}.${zoneName}`;
}

/** Every name under which a role's instances answer, now and when there are more. */
export function roleHostnames(role: PulsarRole, zoneName: string): string[] {
    const nodes = Array.from({ length: MOST_INSTANCES }, (_, index) =>
        nodeHostname(role, index + 1, zoneName),
    );
    return [roleHostname(role, zoneName), ...nodes];
}

/** Where producers and consumers connect. */
export function serviceUrl(hostname: string): string {
    return `pulsar+ssl://${hostname}:${PULSAR_PORTS.brokerTls}`;
}

/** Where the admin API answers. */
export function adminUrl(hostname: string): string {
    return `https://${hostname}:${PULSAR_PORTS.webTls}`;
}

/** The CloudWatch namespace of a cluster's metrics. */
export function metricNamespace(cluster: string): string {
    return `PulsarLab/${cluster}`;
}
